//! Readings to mentions: every proposition of every statement, with its speaker and stance.

use std::sync::Arc;

use rayon::prelude::*;

use super::actors::Actors;
use super::decision::Journal;
use super::features::{Features, Source};
use super::{Entry, names};
use crate::reading::{Act, ActorKind, Attribution, Kind};
use crate::report::BlockKind;
use crate::span::Span;
use crate::weighing::{Mention, MentionKey, Stance};

/// A mention with what weighing needs of it.
#[derive(Debug, Clone)]
pub struct Item {
    /// What is shown.
    pub mention: Mention,
    /// Index of its entry.
    pub entry: usize,
    /// Index of its speaker among the case's actors.
    pub speaker: Option<usize>,
    /// Indices of the actors that passed it on, the nearest to the outlet first.
    pub via: Vec<usize>,
    /// The outlet's own name.
    pub outlet: Option<String>,
    /// Whether the outlet says it in its own voice.
    pub voice: bool,
    /// What the speaker does.
    pub act: Act,
    /// What it is compared by.
    pub(super) features: Arc<Features>,
}

/// A proposition of a report with what it is compared by: what its report and reading say of it, whatever the rest of the case.
#[derive(Debug)]
pub(super) struct Proposition {
    attribution: usize,
    span: Span,
    /// What the speaker does in saying it.
    act: Act,
    features: Arc<Features>,
}

/// A proposition with fewer telling words and figures than this states nothing by itself.
const SHORTEST: usize = 2;

/// The propositions of a report that state something, in the order of its attributions.
pub(super) fn propositions(entry: &Entry) -> Vec<Proposition> {
    let source = Source::new(&entry.report, &entry.reading);
    let mut out = Vec::new();
    for (attribution, said) in entry.reading.attributions.iter().enumerate() {
        if in_heading(entry, said) {
            continue;
        }
        let spans = if said.propositions.is_empty() { &said.content } else { &said.propositions };
        for &span in spans {
            let (act, features) = (source.act(said, span), source.features(span));
            let bounded = features.figures.iter().any(|c| c.of.is_some() || c.figure.low != c.figure.high);
            let says_little = features.stems.len() + features.figures.len() < SHORTEST && !bounded;
            let text = span.of(&entry.report.text);
            if act != Act::Declines && !says_little && !is_label(text) && !text.trim_end().ends_with('?') {
                out.push(Proposition { attribution, span, act, features: Arc::new(features) });
            }
        }
    }
    out
}

/// The mentions of all entries, each with its propositions, in the order of the entries and of the text.
#[must_use]
pub(super) fn collect(
    entries: &[&Entry],
    propositions: &[&[Proposition]],
    actors: &Actors,
    journal: &Journal<'_>,
) -> Vec<Item> {
    let of_entry = |(k, (entry, said)): (usize, (&&Entry, &&[Proposition]))| {
        said.iter().filter_map(|p| item(entry, k, p, actors, journal)).collect::<Vec<_>>()
    };
    entries.par_iter().zip(propositions).enumerate().flat_map_iter(of_entry).collect()
}

/// A headline repeats what the text says with more care.
fn in_heading(entry: &Entry, attribution: &Attribution) -> bool {
    let Some(first) = attribution.content.first() else { return true };
    entry.report.blocks.iter().any(|b| b.kind == BlockKind::Heading && b.span.overlaps(*first))
}

fn item(entry: &Entry, k: usize, said: &Proposition, actors: &Actors, journal: &Journal<'_>) -> Option<Item> {
    let &Proposition { attribution: a, span, act, ref features } = said;
    let (report, attribution) = (&entry.report, &entry.reading.attributions[a]);
    let text = span.of(&report.text);
    let key = MentionKey { report: report.id.clone(), start: span.start };
    if journal.rejects(&key) {
        return None;
    }
    let (edited_speaker, edited_stance) = journal.edit(&key).unwrap_or_default();
    let speaker = match edited_speaker {
        Some(name) => actors.named(name),
        None => attribution.speaker.as_ref().and_then(|id| actors.find(&report.id, id)),
    };
    let via: Vec<usize> = attribution
        .chain
        .iter()
        .filter_map(|link| link.actor.as_ref().and_then(|id| actors.find(&report.id, id)))
        .filter(|&actor| Some(actor) != speaker && !is_outlet_itself(actors, actor, report.outlet.as_deref()))
        .collect();
    let near = |hedge: Span| span.overlaps(hedge) || attribution.propositions.len() <= 1;
    let mut hedges: Vec<String> = attribution
        .hedges
        .iter()
        .filter(|h| h.scope.map_or_else(|| near(h.span), |scope| scope.overlaps(span)))
        .map(|h| h.span.of(&report.text).to_owned())
        .collect();
    hedges.dedup();
    Some(Item {
        mention: Mention {
            report: report.id.clone(),
            text: text.to_owned(),
            spans: vec![span],
            stance: edited_stance.unwrap_or_else(|| if is_echo(text) { Stance::Denies } else { stance(act, text) }),
            speaker: edited_speaker.map(ToOwned::to_owned).or_else(|| speaker.map(|s| actors.get(s).name.clone())),
            actor: speaker.map(|s| actors.get(s).id.clone()),
            chain: via.iter().map(|&v| actors.get(v).name.clone()).collect(),
            hedges,
            published: report.published.clone(),
            attribution: a,
            confidence: attribution.confidence,
        },
        entry: k,
        speaker,
        via,
        outlet: report.outlet.clone(),
        voice: attribution.kind == Kind::Voice
            && speaker.is_none_or(|s| {
                actors.get(s).kind == ActorKind::Outlet || is_outlet_itself(actors, s, report.outlet.as_deref())
            }),
        act,
        features: Arc::clone(features),
    })
}

/// Whether an actor is the outlet of the report.
pub(super) fn is_outlet_itself(actors: &Actors, actor: usize, outlet: Option<&str>) -> bool {
    outlet.is_some_and(|outlet| actors.bears(actor, &names::key(outlet)))
}

/// A dateline, a count of views: a number, and no word but names.
fn is_label(text: &str) -> bool {
    let word = |w: &str| w.starts_with(|c: char| c.is_lowercase());
    text.contains(|c: char| c.is_ascii_digit()) && !text.split(|c: char| !c.is_alphanumeric()).any(word)
}

/// "Ninety dead? Then I am writing this from the grave": somebody's words asked back are denied.
fn is_echo(text: &str) -> bool {
    text.split_once("? ").is_some_and(|(echo, rest)| echo.split_whitespace().count() <= LONGEST_ECHO && rest.len() > 3)
}

/// Words asked back, at most.
const LONGEST_ECHO: usize = 8;

/// The stance that an act takes by itself; a negation against the claim turns an assertion into a denial later.
fn stance(act: Act, text: &str) -> Stance {
    match act {
        // "Corrected the toll" takes it back; "corrected the toll to nine" states nine.
        Act::Corrects if !text.contains(" to ") => Stance::Retracts,
        Act::Denies => Stance::Denies,
        Act::Doubts => Stance::Doubts,
        Act::Verifies => Stance::Verifies,
        Act::Refutes => Stance::Refutes,
        Act::Retracts => Stance::Retracts,
        _ => Stance::Asserts,
    }
}
