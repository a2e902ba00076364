//! One group of mentions as a claim: its sentence, and how each mention stands to it.

use std::collections::BTreeSet;

use super::actors::Actors;
use super::decision::{Decision, Journal};
use super::mentions::Item;
use super::{stance, statement};
use crate::weighing::{Claim, MentionKey, Stance};

/// A claim on its way, with the items behind its mentions.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) claim: Claim,
    /// One item a mention, in the same order, by time.
    pub(super) items: Vec<Item>,
    /// Whether the claim itself says that something is not so.
    pub(super) negated: bool,
    /// Decisions on dependence, as pairs of mention indices.
    pub(super) cuts: Vec<(usize, usize)>,
    pub(super) joins: Vec<(usize, usize)>,
}

/// The claim of the items numbered in `group`.
pub(super) fn build(
    actors: &Actors,
    checkers: &BTreeSet<usize>,
    items: &[Item],
    group: &[usize],
    journal: &Journal<'_>,
) -> Draft {
    let mut items: Vec<Item> = group.iter().map(|&k| items[k].clone()).collect();
    items.sort_by(|a, b| (a.entry, a.mention.spans[0]).cmp(&(b.entry, b.mention.spans[0])));
    let negated = is_negated(&items);
    if group.len() > 1 {
        stance::settle(&mut items, negated, actors, checkers);
        for item in &mut items {
            if let Some((_, Some(stance))) = journal.edit(&item.mention.key()) {
                item.mention.stance = stance;
            }
        }
    }
    let pair = |a: &MentionKey, b: &MentionKey| {
        let at = |key: &MentionKey| items.iter().position(|i| i.mention.key() == *key);
        at(a).zip(at(b))
    };
    let cuts = journal.iter().filter_map(|d| if let Decision::Cut { a, b } = d { pair(a, b) } else { None }).collect();
    let joins =
        journal.iter().filter_map(|d| if let Decision::Join { a, b } = d { pair(a, b) } else { None }).collect();
    let mut draft = Draft { claim: Claim::default(), items, negated, cuts, joins };
    describe(&mut draft, journal, actors);
    draft
}

/// A claim is negated when most of those who state it say "not"; at a draw it is not.
fn is_negated(items: &[Item]) -> bool {
    let asserting = || items.iter().filter(|i| i.mention.stance == Stance::Asserts);
    asserting().filter(|i| i.features.negated).count() * 2 > asserting().count()
}

fn describe(draft: &mut Draft, journal: &Journal<'_>, actors: &Actors) {
    let items = &draft.items;
    let first = &items[0].mention;
    draft.claim.id = format!("c-{}-{}", first.report, first.spans[0].start);
    let decided = journal.iter().rev().find_map(|d| match d {
        Decision::State { mention, statement } if items.iter().any(|i| i.mention.key() == *mention) => {
            Some(statement.clone())
        }
        _ => None,
    });
    draft.claim.statement = decided.unwrap_or_else(|| statement::clearest(items, draft.negated, actors));
    draft.claim.mentions = items.iter().map(|i| i.mention.clone()).collect();
    let mut outlets: Vec<&str> = items.iter().map(|i| i.outlet.as_deref().unwrap_or(&i.mention.report)).collect();
    outlets.sort_unstable();
    outlets.dedup();
    draft.claim.outlets = outlets.len();
    let figures = items
        .iter()
        .filter(|i| i.mention.stance == Stance::Asserts)
        .flat_map(|i| i.features.figures.iter().map(|c| c.figure.value));
    let (low, high) = figures.fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(x), h.max(x)));
    draft.claim.figure = (low <= high).then_some((low, high));
}
