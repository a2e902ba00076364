//! How each mention of a claim stands to it: what its act says, turned round where its words say the opposite of the claim.
//!
//! May not happen: a demand or a promise that denies something; a denial made of a figure ("no dead").

use std::collections::{BTreeMap, BTreeSet};

use super::actors::Actors;
use super::features::Features;
use super::mentions::Item;
use crate::reading::{Act, ActorKind};
use crate::weighing::Stance;

/// Findings from which somebody is one who checks.
const CHECKS: usize = 2;

/// Who checks things in these reports: outlets and bodies with several findings of their own.
pub(super) fn checkers(items: &[Item], actors: &Actors) -> BTreeSet<usize> {
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    roots_of(items, actors).for_each(|k| *found.entry(k).or_default() += 1);
    found.into_iter().filter(|&(_, n)| n >= CHECKS).map(|(k, _)| k).collect()
}

/// The outlets and bodies that found something so or not so, once a mention.
fn roots_of<'a>(items: &'a [Item], actors: &'a Actors) -> impl Iterator<Item = usize> + 'a {
    let found = items.iter().filter(|i| matches!(i.act, Act::Verifies | Act::Refutes));
    let roots = found.filter_map(|i| i.speaker).map(|s| actors.root(s));
    roots.filter(|&k| matches!(actors.get(k).kind, ActorKind::Organisation | ActorKind::Outlet))
}

/// Sets the stance of the mentions of one claim of several mentions, given whether the claim itself is negated.
pub(super) fn settle(items: &mut [Item], negated: bool, actors: &Actors, checkers: &BTreeSet<usize>) {
    let sides = sides(items, negated);
    let root = |i: &Item| i.speaker.map(|s| actors.root(s));
    // What somebody found is a finding however it is retold; what a checker says of others' claim is one, too.
    let mut finders: BTreeSet<usize> = roots_of(items, actors).collect();
    let others = |i: &Item| i.mention.stance == Stance::Asserts && root(i).is_some_and(|r| !checkers.contains(&r));
    if items.iter().any(others) {
        finders.extend(checkers);
    }
    for item in items.iter_mut() {
        let checks = root(item).is_some_and(|r| finders.contains(&r));
        let may_turn = !matches!(item.act, Act::Demands | Act::Promises);
        let turned = may_turn && turned(item, negated, &sides);
        let stance = &mut item.mention.stance;
        *stance = match *stance {
            // "Not checked by us" refutes nothing: a negation alone is no finding.
            Stance::Asserts if checks && item.act == Act::Asserts && turned && opposes(&item.features, &sides) => {
                Stance::Refutes
            }
            Stance::Asserts if turned => Stance::Denies,
            Stance::Verifies if turned => Stance::Refutes,
            Stance::Denies if item.features.negated && negated => Stance::Asserts,
            Stance::Denies if checks && item.act == Act::Denies => Stance::Refutes,
            Stance::Asserts if checks && item.act == Act::Asserts => Stance::Verifies,
            stance => stance,
        };
    }
    keep_sides(items, actors);
}

/// Whether a mention says the opposite of its claim: by an opposite word, else by a negation.
fn turned(item: &Item, negated: bool, sides: &BTreeMap<usize, i8>) -> bool {
    let known = item.features.sides.iter().any(|(axis, _)| sides.contains_key(axis));
    if known { opposes(&item.features, sides) } else { item.features.negated != negated }
}

/// Whether a mention has a word opposite to the claim's.
fn opposes(features: &Features, sides: &BTreeMap<usize, i8>) -> bool {
    features.sides.iter().any(|(axis, side)| sides.get(axis).is_some_and(|s| s * side < 0))
}

/// Nobody asserts what they deny: who denies a claim in so many words at least as often as asserting it denies it
/// throughout.
fn keep_sides(items: &mut [Item], actors: &Actors) {
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for item in items.iter().filter(|i| !i.voice) {
        let Some(speaker) = item.speaker else { continue };
        let (asserts, denies) = counts.entry(actors.root(speaker)).or_default();
        *asserts += usize::from(item.mention.stance == Stance::Asserts);
        *denies += usize::from(item.mention.stance == Stance::Denies && item.act == Act::Denies);
    }
    for item in items.iter_mut().filter(|i| i.mention.stance == Stance::Asserts && !i.voice) {
        let counts = item.speaker.and_then(|s| counts.get(&actors.root(s)));
        if counts.is_some_and(|(asserts, denies)| *denies > 0 && denies >= asserts) {
            item.mention.stance = Stance::Denies;
        }
    }
}

/// The side of each pair of opposites that the claim is on: that of whoever first states it.
fn sides(items: &[Item], negated: bool) -> BTreeMap<usize, i8> {
    let mut out = BTreeMap::new();
    let states =
        |i: &&Item| matches!(i.mention.stance, Stance::Asserts | Stance::Verifies) && i.features.negated == negated;
    for &(axis, side) in items.iter().filter(states).flat_map(|i| &i.features.sides) {
        out.entry(axis).or_insert(side);
    }
    out
}
