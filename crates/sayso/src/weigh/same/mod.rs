//! Which mentions state one claim: a learned likeness of pairs, then groups by average likeness.
//!
//! Pairs are compared by their words (weighted by rarity, and aligned by sense), figures, negation, actors and places
//! ([`pair`]); `training/same_claim.py` fits the weights on cases with gold answers. Only mentions of one incident are
//! compared, and in large cases only those that share a telling word: the work grows nearly linearly.

mod answers;
mod link;
pub mod pair;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::actors::Actors;
use super::decision::{Decision, Journal};
use super::mentions::Item;
use crate::model::sense::cosine;
use crate::reading::Act;
use crate::weighing::MentionKey;
pub(super) use link::{Linkage, average_link};
use pair::{Compared, Vocabulary, WEIGHTS, likeness, values};

/// The likeness, in log odds, of a pair that was not compared.
const NOT_COMPARED: f64 = -5.0;
/// Cases with at most this many mentions are compared in full.
const COMPARE_ALL: usize = 600;
/// In larger ones a word found in more mentions than this tells nothing.
const COMMON: usize = 120;
/// And a mention is compared with at most this many others.
const NEAREST: usize = 24;

/// Which of some mentions answer one question.
pub(super) struct Questions<'a>(Vocabulary<'a>);

impl<'a> Questions<'a> {
    /// Of these mentions.
    pub(super) fn of(items: &[&'a Item]) -> Self {
        Self(Vocabulary::even(items))
    }

    /// How likely two of them answer one question, their figures left aside (in log odds).
    pub(super) fn one(&self, a: &'a Item, b: &'a Item) -> f64 {
        pair::question(&values(&self.0.prepare(a), &self.0.prepare(b), &self.0))
    }
}

/// Two mentions with what they share and differ in.
pub type Edge = (usize, usize, pair::Values);

/// Groups the indices of `items` by claim. `incident` gives each entry's incident. Groups and members are in order.
#[must_use]
pub fn group(items: &[Item], incident: &[usize], actors: &Actors, journal: &Journal<'_>) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for block in blocks(items, incident) {
        let linkage = Linkage { threshold: WEIGHTS.threshold, not_compared: NOT_COMPARED };
        let edges = pairs(items, &block, |values| likeness(&values));
        let mut groups = average_link(block.len(), &edges, linkage);
        answers::attach(items, &block, &edges, &mut groups, actors);
        out.extend(groups.into_iter().map(|g| g.into_iter().map(|i| block[i]).collect()));
    }
    decide(items, &mut out, journal);
    out.iter_mut().for_each(|g| g.sort_unstable());
    out.sort();
    out
}

/// Every pair that is compared, as indices of `items`, with what it shares and differs in.
#[must_use]
pub fn comparisons(items: &[Item], incident: &[usize]) -> Vec<Edge> {
    let of_block = |block: Vec<usize>| -> Vec<_> {
        pairs(items, &block, |values| values).into_iter().map(|(a, b, values)| (block[a], block[b], values)).collect()
    };
    blocks(items, incident).flat_map(of_block).collect()
}

/// The mentions of each incident; what somebody demands is not what somebody says is so.
fn blocks(items: &[Item], incident: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let mut blocks: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
    for (k, item) in items.iter().enumerate() {
        let incident = incident.get(item.entry).copied().unwrap_or(0);
        blocks.entry((incident, item.act == Act::Demands)).or_default().push(k);
    }
    blocks.into_values()
}

/// The pairs worth comparing, as places in `block`, the first before the second, with what `of` makes of their values.
fn pairs<T: Send>(items: &[Item], block: &[usize], of: impl Fn(pair::Values) -> T + Sync) -> Vec<(usize, usize, T)> {
    let members: Vec<&Item> = block.iter().map(|&k| &items[k]).collect();
    let n = members.len();
    let all = n <= COMPARE_ALL;
    let vocabulary = if all { Vocabulary::of_all_pairs(&members) } else { Vocabulary::new(&members) };
    let prepare = |item| if all { vocabulary.prepare_for_all(item) } else { vocabulary.prepare(item) };
    let compared: Vec<Compared<'_>> = members.par_iter().map(|item| prepare(item)).collect();
    let value = |a: usize, b: usize| (a, b, of(values(&compared[a], &compared[b], &vocabulary)));
    if all {
        return (0..n).into_par_iter().flat_map_iter(|b| (0..b).map(move |a| value(a, b))).collect();
    }
    likely(&compared, &vocabulary).into_par_iter().map(|(a, b)| value(a, b)).collect()
}

/// The pairs that share telling words, each mention with those before it that share most.
fn likely(compared: &[Compared<'_>], vocabulary: &Vocabulary<'_>) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut index: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (b, item) in compared.iter().enumerate() {
        let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
        for &word in item.words.iter().filter(|&&w| !vocabulary.common(w, COMMON)) {
            let before = index.entry(word).or_default();
            before.iter().for_each(|&a| *shared.entry(a).or_default() += vocabulary.rarity(word));
            before.push(b);
        }
        let mut nearest: Vec<(usize, f64)> = shared.into_iter().collect();
        nearest.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        out.extend(nearest.iter().take(NEAREST).map(|&(a, _)| (a, b)));
    }
    out
}

/// Merges and splits that people decided.
fn decide(items: &[Item], groups: &mut Vec<Vec<usize>>, journal: &Journal<'_>) {
    let at = |groups: &[Vec<usize>], key: &MentionKey| {
        groups
            .iter()
            .enumerate()
            .find_map(|(g, members)| members.iter().find(|&&k| items[k].mention.key() == *key).map(|&k| (g, k)))
    };
    for decision in journal.iter() {
        match decision {
            Decision::Merge { a, b } => {
                if let (Some((a, _)), Some((b, _))) = (at(groups, a), at(groups, b))
                    && a != b
                {
                    let moved = std::mem::take(&mut groups[b]);
                    groups[a].extend(moved);
                    groups.remove(b);
                }
            }
            Decision::Split { a, b } => {
                if let (Some((ga, a)), Some((gb, b))) = (at(groups, a), at(groups, b))
                    && ga == gb
                    && a != b
                {
                    let (stay, go) = part(items, &groups[ga], a, b);
                    groups[ga] = stay;
                    groups.push(go);
                }
            }
            _ => {}
        }
    }
}

/// The members nearer to `a`, and those nearer to `b`, by sense.
fn part(items: &[Item], members: &[usize], a: usize, b: usize) -> (Vec<usize>, Vec<usize>) {
    let near = |k: usize, to: usize| cosine(&items[k].features.sense, &items[to].features.sense);
    members.iter().partition(|&&k| k == a || (k != b && near(k, a) >= near(k, b)))
}
