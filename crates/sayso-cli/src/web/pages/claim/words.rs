//! What was said, in the exact words: a card a mention.

use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, in_force};
use sayso::weighing::{Claim, Mention, Stance};

use super::cite;
use crate::web::decide::mention_key;
use crate::web::layout::Page;
use crate::web::parts::{Stands, When};
use crate::web::place::{Part, Places, hedges};
use crate::web::state::CaseView;

/// A mention in its words.
pub(super) struct Said {
    /// As the tree numbers it, from 1.
    pub(super) number: usize,
    pub(super) key: String,
    /// Another mention of the claim, to split this one from.
    pub(super) beside: Option<String>,
    /// Whether it speaks for the claim.
    pub(super) pro: bool,
    pub(super) stands: Stands,
    pub(super) speaker: Option<String>,
    pub(super) actor: Option<String>,
    pub(super) outlet: String,
    pub(super) href: String,
    pub(super) when: When,
    pub(super) parts: Vec<Part>,
    /// The hedges, with whose they are.
    pub(super) hedges: Vec<(String, &'static str)>,
    pub(super) confidence: String,
    /// A sentence to put into an article, and the address that proves it.
    pub(super) cite: String,
    pub(super) proof: String,
    /// What people decided about it, in force.
    pub(super) decided: Vec<String>,
    /// The language of the words; empty when unknown.
    pub(super) language: String,
}

/// Whether a mention speaks for its claim.
pub(super) fn speaks_for(mention: &Mention) -> bool {
    matches!(mention.stance, Stance::Asserts | Stance::Verifies)
}

/// Some of the mentions of a claim, by their index.
pub(super) fn said(view: &CaseView, page: &Page, places: &Places<'_>, claim: &Claim, mentions: &[usize]) -> Vec<Said> {
    let lines = in_force(view.journal.iter());
    let one = |&k: &usize| {
        let mention = &claim.mentions[k];
        let entry = view.entry(&mention.report);
        let key = mention.key();
        let decided = lines.iter().filter_map(|line| match &line.decision {
            Decision::Accept { mention } if *mention == key => Some(format!("accepted by {}", line.by)),
            Decision::Edit { mention, .. } if *mention == key => Some(format!("edited by {}", line.by)),
            _ => None,
        });
        let beside = claim.mentions.iter().find(|other| other.key() != key);
        let words =
            |span: sayso::span::Span| entry.and_then(|e| e.report.text.get(span.start..span.end)).unwrap_or_default();
        let known = entry.map(|entry| hedges(entry, mention)).unwrap_or_default();
        Said {
            number: k + 1,
            key: mention_key(mention),
            beside: beside.map(mention_key),
            pro: speaks_for(mention),
            stands: Stands(mention.stance),
            speaker: mention.speaker.clone(),
            actor: mention.actor.as_ref().map(|id| page.actor(id)),
            outlet: view.outlet(&mention.report),
            href: places.of(mention),
            when: When::new(mention.published.as_deref()),
            parts: places.parts(mention),
            hedges: known.into_iter().map(|(span, whose)| (words(span).to_owned(), whose)).collect(),
            confidence: format!("{:.0} %", mention.confidence * 100.0),
            cite: cite::sentence(view, mention),
            proof: proof(entry).unwrap_or_else(|| places.of(mention)),
            decided: decided.collect(),
            language: entry.and_then(|entry| entry.report.language.clone()).unwrap_or_default(),
        }
    };
    mentions.iter().map(one).collect()
}

/// The report's own address, if it is one on the web.
fn proof(entry: Option<&Entry>) -> Option<String> {
    entry?.report.url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}
