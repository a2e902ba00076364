//! How each mention of a claim stands to it: what its act says, turned round where its words say the opposite of the claim.
//!
//! May not happen: a demand or a promise that denies something; a denial made of a figure ("no dead").

use std::collections::{BTreeMap, BTreeSet};

use super::actors::Actors;
use super::mentions::Item;
use crate::reading::{Act, ActorKind};
use crate::weighing::Stance;

/// Sets the stance of the mentions of one claim of several mentions, given whether the claim itself is negated.
pub(super) fn settle(items: &mut [Item], negated: bool, actors: &Actors) {
    let sides = sides(items);
    let found = finders(items, actors);
    for item in items {
        let may_turn = !matches!(item.act, Act::Demands | Act::Promises);
        let turned = item.features.negated != negated;
        let against = |(axis, side): &(usize, i8)| sides.get(axis).is_some_and(|s| s * side < 0);
        let opposite = item.features.sides.iter().any(against);
        let checks = item.speaker.is_some_and(|s| found.contains(&actors.root(s)));
        let stance = &mut item.mention.stance;
        *stance = match *stance {
            Stance::Asserts if may_turn && (turned || opposite) => {
                if checks {
                    Stance::Refutes
                } else {
                    Stance::Denies
                }
            }
            Stance::Verifies if opposite => Stance::Refutes,
            Stance::Denies if item.features.negated && negated => Stance::Asserts,
            Stance::Denies if checks && item.act == Act::Denies => Stance::Refutes,
            Stance::Asserts if checks => Stance::Verifies,
            stance => stance,
        };
    }
}

/// Those who checked: what they found is their finding however it is retold.
fn finders(items: &[Item], actors: &Actors) -> BTreeSet<usize> {
    let found = items.iter().filter(|i| matches!(i.mention.stance, Stance::Verifies | Stance::Refutes));
    let roots = found.filter_map(|i| i.speaker).map(|s| actors.root(s));
    roots.filter(|&k| matches!(actors.get(k).kind, ActorKind::Organisation | ActorKind::Outlet)).collect()
}

/// The side of each pair of opposites that the claim is on: that of whoever first states it.
fn sides(items: &[Item]) -> BTreeMap<usize, i8> {
    let mut out = BTreeMap::new();
    let asserting = items.iter().filter(|i| matches!(i.mention.stance, Stance::Asserts | Stance::Verifies));
    for &(axis, side) in asserting.flat_map(|i| &i.features.sides) {
        out.entry(axis).or_insert(side);
    }
    out
}
