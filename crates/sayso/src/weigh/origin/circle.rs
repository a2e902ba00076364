//! Loops of citation: an outlet that is cited for a claim itself cites, directly or through others, the one citing it.

use std::collections::{BTreeMap, BTreeSet};

use crate::reading::ActorKind;
use crate::weigh::actors::Actors;
use crate::weigh::mentions::{Item, is_outlet_itself};
use crate::weigh::{Entry, names};

/// A loop is followed at most this far.
const LONGEST: usize = 16;

type Citations = BTreeMap<String, BTreeSet<String>>;

/// The first loop among the mentions that state a claim, as names from an outlet back to itself; empty when there is none.
pub(super) fn find(entries: &[&Entry], actors: &Actors, items: &[Item], stating: &[usize]) -> Vec<String> {
    let mut cites = Citations::new();
    for &k in stating {
        let item = &items[k];
        let Some(outlet) = item.outlet.as_deref() else { continue };
        let report = &entries[item.entry].report;
        let speaker = item.speaker.filter(|&s| !item.voice && !is_outlet_itself(actors, s, Some(outlet)));
        let cited = item.via.iter().copied().chain(speaker).filter(|&v| actors.get(v).kind == ActorKind::Outlet);
        let named = cited.map(|v| names::key(&actors.get(v).name));
        let forwarded = report.forwarded_from.iter().map(|f| names::key(f));
        let me = names::key(outlet);
        let others: Vec<String> = named.chain(forwarded).filter(|key| !key.is_empty() && *key != me).collect();
        if !others.is_empty() {
            cites.entry(me).or_default().extend(others);
        }
    }
    for start in cites.keys() {
        let mut path = vec![start.clone()];
        if walk(&cites, start, start, &mut path, &mut BTreeSet::new()) {
            return path;
        }
    }
    Vec::new()
}

/// Depth-first search for a way back to `start`; what was seen once without finding it is not walked again.
fn walk(cites: &Citations, at: &str, start: &str, path: &mut Vec<String>, seen: &mut BTreeSet<String>) -> bool {
    for next in cites.get(at).into_iter().flatten() {
        if next == start {
            path.push(next.clone());
            return true;
        }
        if path.len() < LONGEST && seen.insert(next.clone()) {
            path.push(next.clone());
            if walk(cites, next, start, path, seen) {
                return true;
            }
            path.pop();
        }
    }
    false
}
