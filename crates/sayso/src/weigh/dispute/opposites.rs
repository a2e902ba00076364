//! Claims that exclude each other by what they say: one negates the other, one has the order of two things the other way
//! round, or each side asserts the one and denies the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Pair, Question};
use crate::weigh::actors::Actors;
use crate::weigh::claim::Draft;
use crate::weigh::features::Order;
use crate::weigh::mentions::Item;
use crate::weigh::origin::states;
use crate::weighing::Stance;

/// Likeness, figures left aside, from which a negated claim negates another.
const ONE_QUESTION: f64 = 0.0;
/// Mentions of each claim that are compared.
const SAMPLE: usize = 4;

/// The pairs of claims, out of `members`, that exclude each other so. Only claims that could are compared.
pub(super) fn pairs<'a>(
    drafts: &'a [Draft],
    members: &[usize],
    actors: &Actors,
    question: Question<'_, 'a>,
) -> Vec<Pair> {
    let mut out = Vec::new();
    let mut push = |a: usize, b: usize, rule, why: &str| out.push((a.min(b), a.max(b), rule, why.to_owned()));
    let orders = |&&k: &&usize| stating(&drafts[k]).any(|i| i.features.order.is_some());
    for (a, b) in two_of(&members.iter().filter(orders).copied().collect::<Vec<_>>()) {
        if reversed(&drafts[a], &drafts[b]) {
            push(a, b, "order", "they tell which came first the other way round");
        }
    }
    for (a, b) in negated(drafts, members) {
        if negates(&drafts[a], &drafts[b], question) {
            push(a, b, "negation", "one states what the other says is not so");
        }
    }
    let denied: Vec<usize> = members.iter().copied().filter(|&k| denying(&drafts[k]).next().is_some()).collect();
    for (a, b) in two_of(&denied) {
        let (x, y) = (&drafts[a], &drafts[b]);
        if crossed(x, y, actors)
            && crossed(y, x, actors)
            && (in_one_breath(x, y, actors) || in_one_breath(y, x, actors))
        {
            push(a, b, "rival accounts", "each side asserts the one and denies the other");
        }
    }
    out.sort();
    out.dedup_by_key(|pair| (pair.0, pair.1));
    out
}

fn two_of(members: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    members.iter().enumerate().flat_map(|(n, &b)| members[..n].iter().map(move |&a| (a, b)))
}

/// Words in more claims than this tell nothing.
const COMMON: usize = 40;
/// Words that a claim shares with its negation, at least.
const SHARED: usize = 2;

/// Each negated claim with the others that share words with it.
fn negated(drafts: &[Draft], members: &[usize]) -> Vec<(usize, usize)> {
    let stems = |k: usize| -> BTreeSet<&str> {
        stating(&drafts[k]).take(SAMPLE).flat_map(|i| &i.features.stems).map(String::as_str).collect()
    };
    let mut index: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &k in members.iter().filter(|&&k| !drafts[k].negated) {
        stems(k).into_iter().for_each(|stem| index.entry(stem).or_default().push(k));
    }
    let near = |k: usize| {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        let found = stems(k).into_iter().filter_map(|stem| index.get(stem)).filter(|with| with.len() <= COMMON);
        found.flatten().for_each(|&other| *shared.entry(other).or_default() += 1);
        shared.into_iter().filter(|&(_, n)| n >= SHARED).map(move |(other, _)| (k, other))
    };
    members.iter().copied().filter(|&k| drafts[k].negated).flat_map(near).collect()
}

fn denying(draft: &Draft) -> impl Iterator<Item = &Item> {
    draft.items.iter().filter(|i| i.mention.stance == Stance::Denies && !i.voice)
}

/// Whether somebody who asserts one claim denies the other, and does not deny the one.
fn crossed(x: &Draft, y: &Draft, actors: &Actors) -> bool {
    let root = |i: &Item| i.speaker.map(|s| actors.root(s));
    let asserts = |r| stating(x).any(|i| !i.voice && root(i) == r) && !denying(x).any(|i| root(i) == r);
    denying(y).map(root).any(|r| r.is_some() && asserts(r))
}

/// Whether somebody denies one claim and asserts the other in neighbouring sentences.
fn in_one_breath(x: &Draft, y: &Draft, actors: &Actors) -> bool {
    let root = |i: &Item| i.speaker.map(|s| actors.root(s));
    let beside = |i: &Item, j: &Item| {
        i.entry == j.entry && root(i) == root(j) && i.features.sentence.abs_diff(j.features.sentence) <= 1
    };
    stating(x).any(|i| denying(y).any(|j| beside(i, j)))
}

fn stating(draft: &Draft) -> impl Iterator<Item = &Item> {
    draft.items.iter().filter(|i| states(i))
}

/// Whether one says that something is not so, the other that it is, in words alike.
fn negates<'a>(a: &'a Draft, b: &'a Draft, question: Question<'_, 'a>) -> bool {
    let mut pairs = stating(a).take(SAMPLE).flat_map(|i| stating(b).take(SAMPLE).map(move |j| (i, j)));
    pairs.any(|(i, j)| {
        let (x, y) = (&i.features, &j.features);
        let shared = x.stems.iter().filter(|s| y.stems.binary_search(s).is_ok()).count();
        x.negated != y.negated && shared * 5 >= x.stems.len().min(y.stems.len()) * 2 && question(i, j) >= ONE_QUESTION
    })
}

/// Whether most who tell an order in one claim tell it the other way round than most in the other.
fn reversed(a: &Draft, b: &Draft) -> bool {
    let orders = |draft| stating(draft).filter_map(|i| i.features.order.as_ref()).collect::<Vec<&Order>>();
    let (a, b) = (orders(a), orders(b));
    let turned = a.iter().flat_map(|x| b.iter().map(move |y| x.is_reverse_of(y))).filter(|t| *t).count();
    turned > 0 && turned * 2 >= a.len() * b.len()
}
