//! One statement in the words that a person reads: what the table and the page have in common.

use sayso::reading::{Act, ActorId, Attribution, HedgeOwner, Kind, Reading};
use sayso::report::{BlockKind, Report};
use sayso::span::Span;

use crate::text::count;
use crate::time;

/// A report and its reading, with the few questions that every rendering asks.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) report: &'a Report,
    pub(crate) reading: &'a Reading,
}

impl<'a> Page<'a> {
    /// The words of `span`; nothing when it lies outside the text.
    pub(crate) fn words(self, span: Span) -> &'a str {
        self.report.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The words of several spans, with `…` where something was left out between them.
    pub(crate) fn joined(self, spans: &[Span]) -> String {
        spans.iter().map(|&span| self.words(span).trim()).collect::<Vec<_>>().join(" … ")
    }

    /// An actor's name.
    pub(crate) fn name(self, id: &ActorId) -> &'a str {
        self.reading.actors.iter().find(|actor| actor.id == *id).map_or("", |actor| actor.name.as_str())
    }

    /// Who says it: the speaker, else the report's own words for the source, else nothing.
    pub(crate) fn speaker(self, statement: &Attribution) -> Option<String> {
        if statement.kind == Kind::Voice {
            return Some(self.report.outlet.clone().unwrap_or_else(|| "the outlet".to_owned()));
        }
        let name = statement.speaker.as_ref().map(|id| self.name(id)).filter(|name| !name.is_empty());
        let words = || Some(self.joined(&statement.source)).filter(|words| !words.is_empty());
        name.map(str::to_owned).or_else(words)
    }

    /// The way from the outlet back to the speaker: `Meridian ← Telegram`.
    pub(crate) fn chain(self, statement: &Attribution) -> Option<String> {
        let links = statement.chain.iter().filter_map(|link| {
            let actor = link.actor.as_ref().map(|id| self.name(id)).filter(|name| !name.is_empty());
            match (actor, link.channel.as_deref()) {
                (Some(actor), Some(channel)) => Some(format!("{actor} ({channel})")),
                (Some(words), None) | (None, Some(words)) => Some(words.to_owned()),
                (None, None) => None,
            }
        });
        Some(links.collect::<Vec<_>>().join(" ← ")).filter(|chain| !chain.is_empty())
    }

    /// The hedges: the words and whose they are.
    pub(crate) fn hedges(self, statement: &'a Attribution) -> impl Iterator<Item = (&'a str, &'static str)> {
        statement.hedges.iter().map(move |hedge| {
            let owner = match hedge.by {
                HedgeOwner::Outlet => "outlet",
                HedgeOwner::Speaker => "speaker",
            };
            (self.words(hedge.span), owner)
        })
    }

    /// The number of the paragraph that a statement starts in, `H` in a heading.
    pub(crate) fn paragraph(self, statement: &Attribution) -> String {
        let spans = || statement.content.iter().chain(&statement.cue).chain(&statement.source);
        let Some(start) = spans().map(|span| span.start).min() else { return String::new() };
        let before = self.report.blocks.partition_point(|block| block.span.start <= start);
        match self.report.blocks[..before].last() {
            Some(block) if block.kind == BlockKind::Heading => "H".to_owned(),
            _ => {
                self.report.blocks[..before].iter().filter(|b| b.kind != BlockKind::Heading).count().max(1).to_string()
            }
        }
    }

    /// What the report is known by: outlet, date, where it lies; whatever of them is known.
    pub(crate) fn origin(self) -> Vec<String> {
        let Report { outlet, published, source, .. } = self.report;
        let place = if source == "-" { "standard input" } else { source };
        [outlet.clone(), published.as_deref().map(time::shown), Some(place.to_owned())].into_iter().flatten().collect()
    }

    /// How much was found, in a sentence.
    pub(crate) fn summary(self) -> String {
        let (voice, said): (Vec<_>, Vec<_>) = self.reading.attributions.iter().partition(|a| a.kind == Kind::Voice);
        let mut speakers: Vec<_> = said.iter().filter_map(|a| self.speaker(a)).collect();
        speakers.sort();
        speakers.dedup();
        let hedged = self.reading.attributions.iter().filter(|a| !a.hedges.is_empty()).count();
        let mut parts = vec![format!("{} by {}", count(said.len(), "statement"), count(speakers.len(), "speaker"))];
        if !voice.is_empty() {
            parts.push(format!("{} in the outlet's own voice", voice.len()));
        }
        if hedged > 0 {
            parts.push(format!("{hedged} hedged"));
        }
        parts.join(" · ")
    }
}

/// The word for an act, as in the JSON.
pub(crate) fn act_word(act: Act) -> &'static str {
    match act {
        Act::Asserts => "asserts",
        Act::Confirms => "confirms",
        Act::Admits => "admits",
        Act::Denies => "denies",
        Act::Doubts => "doubts",
        Act::Accuses => "accuses",
        Act::Declines => "declines to comment",
        Act::Demands => "demands",
        Act::Promises => "promises",
        Act::Verifies => "verifies",
        Act::Refutes => "refutes",
        Act::Retracts => "retracts",
        Act::Corrects => "corrects",
    }
}

/// Acts that speak against a statement.
pub(crate) fn is_against(act: Act) -> bool {
    matches!(act, Act::Denies | Act::Doubts | Act::Refutes | Act::Retracts | Act::Corrects)
}
