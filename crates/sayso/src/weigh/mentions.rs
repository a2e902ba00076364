//! Readings to mentions: every proposition of every statement, with its speaker and stance.

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
    pub(super) features: Features,
}

/// A proposition with fewer telling words and figures than this states nothing by itself.
const SHORTEST: usize = 2;

/// The mentions of all entries, in the order of the entries and of the text.
#[must_use]
pub fn collect(entries: &[&Entry], actors: &Actors, journal: &Journal<'_>) -> Vec<Item> {
    let mut out = Vec::new();
    for (k, entry) in entries.iter().enumerate() {
        let source = Source::new(&entry.report, &entry.reading);
        for (a, attribution) in entry.reading.attributions.iter().enumerate() {
            if in_heading(entry, attribution) {
                continue;
            }
            let propositions =
                if attribution.propositions.is_empty() { &attribution.content } else { &attribution.propositions };
            for &span in propositions {
                out.extend(item(&source, entry, (k, a, span), actors, journal));
            }
        }
    }
    out
}

/// A headline repeats what the text says with more care.
fn in_heading(entry: &Entry, attribution: &Attribution) -> bool {
    let Some(first) = attribution.content.first() else { return true };
    entry.report.blocks.iter().any(|b| b.kind == BlockKind::Heading && b.span.overlaps(*first))
}

fn item(
    source: &Source<'_>,
    entry: &Entry,
    (k, a, span): (usize, usize, Span),
    actors: &Actors,
    journal: &Journal<'_>,
) -> Option<Item> {
    let (report, attribution) = (&entry.report, &entry.reading.attributions[a]);
    let text = span.of(&report.text);
    let act = source.act(attribution, span);
    let features = source.features(span);
    let bounded = features.figures.iter().any(|c| c.of.is_some() || c.figure.low != c.figure.high);
    let says_little = features.stems.len() + features.figures.len() < SHORTEST && !bounded;
    if act == Act::Declines || says_little || text.trim_end().ends_with('?') {
        return None;
    }
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
            stance: edited_stance.unwrap_or_else(|| if is_echo(text) { Stance::Denies } else { stance(act) }),
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
        features,
    })
}

/// Whether an actor is the outlet of the report.
pub(super) fn is_outlet_itself(actors: &Actors, actor: usize, outlet: Option<&str>) -> bool {
    outlet.is_some_and(|outlet| actors.bears(actor, &names::key(outlet)))
}

/// "Ninety dead? Then I am writing this from the grave": somebody's words asked back are denied.
fn is_echo(text: &str) -> bool {
    text.split_once("? ").is_some_and(|(echo, rest)| echo.split_whitespace().count() <= LONGEST_ECHO && rest.len() > 3)
}

/// Words asked back, at most.
const LONGEST_ECHO: usize = 8;

/// The stance that an act takes by itself; a negation against the claim turns an assertion into a denial later.
fn stance(act: Act) -> Stance {
    match act {
        Act::Denies => Stance::Denies,
        Act::Doubts => Stance::Doubts,
        Act::Verifies => Stance::Verifies,
        Act::Refutes => Stance::Refutes,
        Act::Retracts => Stance::Retracts,
        _ => Stance::Asserts,
    }
}
