//! What people decided: the journal that weighing respects. Append-only; undo is a decision too.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::span::{CodePoints, Span};
use crate::weighing::{MentionKey, Stance};

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number in the journal, from 1.
    pub id: u64,
    /// When, RFC 3339 UTC.
    pub at: String,
    /// Who.
    pub by: String,
    /// Why, in the person's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What.
    #[serde(flatten)]
    pub decision: Decision,
}

impl Entry {
    /// The same with mentions named by code points, as JSON has it; `points` gives each report's index.
    #[must_use]
    pub fn to_code_points<'a>(&self, points: impl Fn(&str) -> Option<&'a CodePoints>) -> Self {
        let mut out = self.clone();
        for key in out.decision.mentions_mut() {
            key.start = points(&key.report).map_or(key.start, |index| index.point(key.start));
        }
        if let Decision::Redact { report, spans, .. } = &mut out.decision
            && let Some(index) = points(report)
        {
            spans.iter_mut().for_each(|span| *span = index.span(*span));
        }
        out
    }
}

/// An actor as one report has it: the report's id and the actor's id in its reading.
pub type ActorKey = (String, String);

/// What a person decided. Mentions and actors are named by their place in a report, never by derived ids.
#[expect(missing_docs, reason = "the fields are what their variant says")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Decision {
    /// The extraction is right.
    Accept { mention: MentionKey },
    /// The extraction is wrong: the mention is left out.
    Reject { mention: MentionKey },
    /// Another speaker or stance for a mention.
    Edit { mention: MentionKey, speaker: Option<String>, stance: Option<Stance> },
    /// Another sentence for the claim that holds the mention.
    State { mention: MentionKey, statement: String },
    /// The claims that hold these two mentions are one.
    Merge { a: MentionKey, b: MentionKey },
    /// These two mentions are not of one claim.
    Split { a: MentionKey, b: MentionKey },
    /// The dependence between these mentions does not hold.
    Cut { a: MentionKey, b: MentionKey },
    /// These mentions depend on each other.
    Join { a: MentionKey, b: MentionKey },
    /// These actors are one.
    MergeActors { a: ActorKey, b: ActorKey },
    /// These actors are two.
    SplitActors { a: ActorKey, b: ActorKey },
    /// The actor's name.
    NameActor { actor: ActorKey, name: String },
    /// The side the actor is on.
    SetSide { actor: ActorKey, side: String },
    /// Source reliability A–F on the Admiralty scale.
    Grade { actor: ActorKey, reliability: char },
    /// The journal line of this number no longer holds.
    Undo { line: u64 },
    /// Words were taken out of a report and of the captures that held them, for ever: `spans` are where they stood in its text.
    Redact { report: String, spans: Vec<Span>, captures: Vec<Redacted> },
}

/// A capture out of which words were taken; each other byte stands where it stood, but in a package (WACZ), which is packed anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    /// SHA-256 of the bytes as received, which nobody has any more.
    pub before: String,
    /// SHA-256 of what is kept instead.
    pub after: String,
    /// Where it differs, in bytes.
    pub places: Vec<Span>,
    /// Whether words were taken out of where it came from, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub address: bool,
}

/// The lines of a journal that no later line undid, oldest first.
pub fn in_force<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<&'a Entry> {
    let mut entries: Vec<&Entry> = entries.collect();
    entries.sort_by_key(|e| e.id);
    let mut undone = BTreeSet::new();
    for entry in entries.iter().rev() {
        if let Decision::Undo { line } = entry.decision
            && !undone.contains(&entry.id)
        {
            undone.insert(line);
        }
    }
    entries.retain(|entry| !undone.contains(&entry.id));
    entries
}

/// The mentions in a decision, borrowed as the decision is.
macro_rules! mentions {
    ($decision:expr) => {
        match $decision {
            Decision::Accept { mention }
            | Decision::Reject { mention }
            | Decision::Edit { mention, .. }
            | Decision::State { mention, .. } => vec![mention],
            Decision::Merge { a, b } | Decision::Split { a, b } | Decision::Cut { a, b } | Decision::Join { a, b } => {
                vec![a, b]
            }
            Decision::MergeActors { .. }
            | Decision::SplitActors { .. }
            | Decision::NameActor { .. }
            | Decision::SetSide { .. }
            | Decision::Grade { .. }
            | Decision::Undo { .. }
            | Decision::Redact { .. } => Vec::new(),
        }
    };
}

impl Decision {
    /// The mentions it is about; none for decisions on actors.
    #[must_use]
    pub fn mentions(&self) -> Vec<&MentionKey> {
        mentions!(self)
    }

    /// The same, to name them otherwise: JSON counts code points where the journal has bytes.
    pub fn mentions_mut(&mut self) -> Vec<&mut MentionKey> {
        mentions!(self)
    }
}

/// What an edit puts in the place of a mention's speaker and stance.
type Edit<'a> = (Option<&'a str>, Option<Stance>);

/// The decisions in force.
#[derive(Debug, Default)]
pub struct Journal<'a> {
    in_force: Vec<&'a Decision>,
    /// Whether the last word on a mention was to reject it.
    rejected: HashMap<&'a MentionKey, bool>,
    /// The last edit of each mention that has one.
    edits: HashMap<&'a MentionKey, Edit<'a>>,
}

impl<'a> Journal<'a> {
    /// The entries without those undone; an undo can itself be undone. The last word on one thing holds.
    pub fn new(entries: impl Iterator<Item = &'a Entry>) -> Self {
        Self::of(in_force(entries).into_iter().map(|entry| &entry.decision).collect())
    }

    /// These decisions, oldest first.
    pub(super) fn of(in_force: Vec<&'a Decision>) -> Self {
        let (mut rejected, mut edits) = (HashMap::new(), HashMap::new());
        for decision in &in_force {
            match decision {
                Decision::Accept { mention } => drop(rejected.insert(mention, false)),
                Decision::Reject { mention } => drop(rejected.insert(mention, true)),
                Decision::Edit { mention, speaker, stance } => {
                    edits.insert(mention, (speaker.as_deref(), *stance));
                }
                _ => {}
            }
        }
        Self { in_force, rejected, edits }
    }

    /// Every decision in force, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &'a Decision> + '_ {
        self.in_force.iter().copied()
    }

    /// Whether a mention was rejected (and not accepted later).
    #[must_use]
    pub fn rejects(&self, key: &MentionKey) -> bool {
        self.rejected.get(key).copied().unwrap_or_default()
    }

    /// The last edit of a mention.
    #[must_use]
    pub fn edit(&self, key: &MentionKey) -> Option<Edit<'a>> {
        self.edits.get(key).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u64, decision: Decision) -> Entry {
        Entry { id, at: "2026-01-01T00:00:00Z".into(), by: "ed".into(), why: String::new(), decision }
    }

    #[test]
    fn json_names_mentions_by_code_points() {
        let key = |start| MentionKey { report: "r".into(), start };
        let index = CodePoints::new("Döhl said: “Nö”.");
        let bytes = line(1, Decision::Cut { a: key(1), b: key(12) });
        let points = line(1, Decision::Cut { a: key(1), b: key(11) });
        assert_eq!(bytes.to_code_points(|report| (report == "r").then_some(&index)), points);
    }

    #[test]
    fn an_undo_can_be_undone() {
        let key = MentionKey { report: "r".into(), start: 3 };
        let mut lines = vec![line(1, Decision::Reject { mention: key.clone() })];
        assert!(Journal::new(lines.iter()).rejects(&key));
        lines.push(line(2, Decision::Undo { line: 1 }));
        assert!(!Journal::new(lines.iter()).rejects(&key));
        lines.push(line(3, Decision::Undo { line: 2 }));
        assert!(Journal::new(lines.iter()).rejects(&key));
    }
}
