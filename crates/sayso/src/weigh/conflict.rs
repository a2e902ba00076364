//! Decisions that stand against each other: two people who said different things of one thing, and nobody took one back.
//!
//! In: a journal. Out: which line stands against which. May not happen: a conflict of a person with themselves, who may change their mind.

use std::collections::BTreeMap;
use std::mem::discriminant;

use super::decision::{Decision, Entry, in_force};

/// A line that says something else than an earlier one by another person. The later holds until one of them is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The number of the earlier line.
    pub earlier: u64,
    /// The number of the later line.
    pub later: u64,
}

/// The conflicts of a journal, by the number of the later line. Of each person the last line about a thing counts.
#[must_use]
pub fn conflicts(journal: &[Entry]) -> Vec<Conflict> {
    let mut things: BTreeMap<(u8, [String; 2]), BTreeMap<&str, &Entry>> = BTreeMap::new();
    for line in in_force(journal.iter()) {
        if let Some(thing) = thing(&line.decision) {
            things.entry(thing).or_default().insert(&line.by, line);
        }
    }
    let mut out = Vec::new();
    for people in things.values() {
        let lines: Vec<&Entry> = people.values().copied().collect();
        for (k, a) in lines.iter().enumerate() {
            let against = lines[k + 1..].iter().filter(|b| differ(&a.decision, &b.decision));
            out.extend(against.map(|b| Conflict { earlier: a.id.min(b.id), later: a.id.max(b.id) }));
        }
    }
    out.sort_by_key(|conflict| (conflict.later, conflict.earlier));
    out
}

/// What a decision is about: only decisions about one thing can differ.
fn thing(decision: &Decision) -> Option<(u8, [String; 2])> {
    let key = |key: &dyn std::fmt::Debug| format!("{key:?}");
    let one = |kind, a: &dyn std::fmt::Debug| Some((kind, [key(a), String::new()]));
    let two = |kind, a: &dyn std::fmt::Debug, b: &dyn std::fmt::Debug| {
        let mut both = [key(a), key(b)];
        both.sort();
        Some((kind, both))
    };
    match decision {
        Decision::Accept { mention } | Decision::Reject { mention } | Decision::Edit { mention, .. } => one(0, mention),
        Decision::State { mention, .. } => one(1, mention),
        Decision::Merge { a, b } | Decision::Split { a, b } => two(2, a, b),
        Decision::Cut { a, b } | Decision::Join { a, b } => two(3, a, b),
        Decision::MergeActors { a, b } | Decision::SplitActors { a, b } => two(4, a, b),
        Decision::NameActor { actor, .. } => one(5, actor),
        Decision::SetSide { actor, .. } => one(6, actor),
        Decision::Grade { actor, .. } => one(7, actor),
        Decision::Undo { .. } | Decision::Redact { .. } => None,
    }
}

/// Whether two decisions about one thing say different things.
fn differ(a: &Decision, b: &Decision) -> bool {
    match (a, b) {
        // An edit takes the mention for one, too.
        (Decision::Accept { .. }, Decision::Edit { .. }) | (Decision::Edit { .. }, Decision::Accept { .. }) => false,
        // Of two sides the order does not matter.
        (
            Decision::Merge { .. }
            | Decision::Split { .. }
            | Decision::Cut { .. }
            | Decision::Join { .. }
            | Decision::MergeActors { .. }
            | Decision::SplitActors { .. },
            _,
        ) => discriminant(a) != discriminant(b),
        _ => a != b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weighing::MentionKey;

    fn key(start: usize) -> MentionKey {
        MentionKey { report: "r".into(), start }
    }

    fn found(lines: &[(&str, Decision)]) -> Vec<(u64, u64)> {
        let line = |(id, (by, decision)): (u64, &(&str, Decision))| Entry {
            id,
            at: "2026-01-01T00:00:00Z".into(),
            by: (*by).into(),
            why: String::new(),
            decision: decision.clone(),
        };
        let journal: Vec<Entry> = (1..).zip(lines).map(line).collect();
        conflicts(&journal).into_iter().map(|conflict| (conflict.earlier, conflict.later)).collect()
    }

    #[test]
    fn what_two_people_say_differently_is_told() {
        let (accept, reject) = (Decision::Accept { mention: key(1) }, Decision::Reject { mention: key(1) });
        assert_eq!(found(&[("ines", accept.clone()), ("olga", reject.clone())]), [(1, 2)]);
        assert_eq!(found(&[("ines", accept.clone()), ("ines", reject.clone())]), [], "one may change one's mind");
        assert_eq!(found(&[("ines", accept.clone()), ("olga", accept.clone())]), []);
        assert_eq!(found(&[("ines", accept.clone()), ("olga", Decision::Reject { mention: key(2) })]), []);
        let settled = [("ines", accept.clone()), ("olga", reject.clone()), ("ines", reject.clone())];
        assert_eq!(found(&settled), [], "they agree now");
        let undone = [("ines", accept.clone()), ("olga", reject.clone()), ("olga", Decision::Undo { line: 1 })];
        assert_eq!(found(&undone), [], "one was taken back");
        let cut = Decision::Cut { a: key(1), b: key(2) };
        let join = Decision::Join { a: key(2), b: key(1) };
        assert_eq!(found(&[("ines", cut.clone()), ("olga", join)]), [(1, 2)], "in whatever order");
        assert_eq!(found(&[("ines", cut), ("olga", Decision::Cut { a: key(2), b: key(1) })]), []);
        let name = |name: &str| Decision::NameActor { actor: ("r".into(), "a1".into()), name: name.into() };
        let three = [("ines", name("A")), ("olga", name("B")), ("marat", name("A"))];
        assert_eq!(found(&three), [(1, 2), (2, 3)]);
        let edit = Decision::Edit { mention: key(1), speaker: Some("X".into()), stance: None };
        assert_eq!(found(&[("ines", edit.clone()), ("olga", accept)]), []);
        assert_eq!(found(&[("ines", edit), ("olga", reject)]), [(1, 2)]);
    }
}
