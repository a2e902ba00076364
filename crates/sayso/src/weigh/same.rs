//! Which mentions state one claim: a learned likeness of pairs, then groups by average likeness.
//!
//! Pairs are compared by their words (weighted by rarity), their sense, their figures, their negation and their speaker;
//! `training/same_claim.py` fits the weights on cases with gold answers. Only mentions of one incident are compared, and in
//! large cases only those that share a telling word or figure: the work grows nearly linearly.

use std::collections::{BTreeMap, BinaryHeap};

use super::decision::{Decision, Journal};
use super::features::Features;
use super::mentions::Item;
use crate::model::sense::cosine;
use crate::weighing::MentionKey;

/// Weights of the likeness, fitted by logistic regression.
const WEIGHTS: Weights = Weights {
    bias: -3.21,
    sense: 2.32,
    shared: 0.96,
    contained: 1.65,
    same_figure: 1.63,
    // Fitted: -2.31. Rival figures of one question are never one claim, however alike the rest; it costs no F1.
    other_figure: -5.0,
    one_figure: -1.0,
    negation: 0.0,
    speaker: 0.55,
};

/// In log odds.
const LINKAGE: Linkage = Linkage { threshold: -2.0, not_compared: -5.0 };
/// Cases with at most this many mentions are compared in full.
const COMPARE_ALL: usize = 1_500;
/// In larger ones a word found in more mentions than this tells nothing.
const COMMON: usize = 120;
/// And a mention is compared with at most this many others.
const NEAREST: usize = 60;

struct Weights {
    bias: f64,
    sense: f64,
    shared: f64,
    contained: f64,
    same_figure: f64,
    other_figure: f64,
    one_figure: f64,
    negation: f64,
    speaker: f64,
}

/// The values that a pair is judged by, in the order of `training/same_claim.py`: sense, shared, contained, same figure,
/// other figure, one figure, negation, speaker.
fn pair(a: &Compared<'_>, b: &Compared<'_>) -> [f64; 8] {
    let shared: f64 = common(&a.features.stems, &b.features.stems).map(|stem| a.rarity[&stem]).sum();
    let (x, y) = (a.weight, b.weight);
    let figures = |f: &Features| !f.numbers.is_empty();
    let both = figures(a.features) && figures(b.features);
    let same = a.features.numbers.iter().any(|n| b.features.numbers.contains(n));
    let flag = |on: bool| if on { 1.0 } else { 0.0 };
    [
        cosine(&a.features.sense, &b.features.sense),
        2.0 * shared / (x + y).max(1e-6),
        shared / x.min(y).max(1e-6),
        flag(same),
        flag(both && !same),
        flag(figures(a.features) != figures(b.features)),
        flag(a.features.negated != b.features.negated),
        flag(a.speaker.is_some() && a.speaker == b.speaker),
    ]
}

fn likeness(values: &[f64; 8]) -> f64 {
    let w = &WEIGHTS;
    let weights = [w.sense, w.shared, w.contained, w.same_figure, w.other_figure, w.one_figure, w.negation, w.speaker];
    w.bias + values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>()
}

/// How likely two mentions answer one question, their figures left aside (in log odds).
pub(super) fn question(a: &Item, b: &Item) -> f64 {
    let rarity: BTreeMap<&str, f64> =
        a.features.stems.iter().chain(&b.features.stems).map(|s| (s.as_str(), 1.0)).collect();
    let compared = |item: &'_ Item| -> (f64, Option<usize>) { (item.features.stems.len() as f64, item.speaker) };
    let (x, y) = (compared(a), compared(b));
    let of = |item, (weight, speaker)| Compared { features: item, speaker, rarity: &rarity, weight };
    let mut values = pair(&of(&a.features, x), &of(&b.features, y));
    values[3..6].fill(0.0);
    likeness(&values)
}

/// A mention prepared for comparison.
struct Compared<'a> {
    features: &'a Features,
    speaker: Option<usize>,
    rarity: &'a BTreeMap<&'a str, f64>,
    weight: f64,
}

/// The items that two sorted lists share.
fn common<'a>(a: &'a [String], b: &'a [String]) -> impl Iterator<Item = &'a str> {
    let mut j = 0;
    a.iter().filter_map(move |x| {
        while j < b.len() && b[j] < *x {
            j += 1;
        }
        (j < b.len() && b[j] == *x).then_some(x.as_str())
    })
}

/// Groups the indices of `items` by claim. `incident` gives each entry's incident. Groups and members are in order.
#[must_use]
pub fn group(items: &[Item], incident: &[usize], journal: &Journal<'_>) -> Vec<Vec<usize>> {
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (k, item) in items.iter().enumerate() {
        blocks.entry(incident.get(item.entry).copied().unwrap_or(0)).or_default().push(k);
    }
    let mut out: Vec<Vec<usize>> = Vec::new();
    for block in blocks.into_values() {
        out.extend(group_block(items, &block));
    }
    decide(items, &mut out, journal);
    out.iter_mut().for_each(|g| g.sort_unstable());
    out.sort();
    out
}

fn group_block(items: &[Item], block: &[usize]) -> Vec<Vec<usize>> {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for &k in block {
        for stem in &items[k].features.stems {
            *found.entry(stem).or_default() += 1;
        }
    }
    let n = block.len() as f64;
    let rarity: BTreeMap<&str, f64> =
        found.iter().map(|(s, &df)| (*s, ((n + 1.0) / (df as f64 + 0.5)).ln().max(0.05))).collect();
    let compared: Vec<Compared<'_>> = block
        .iter()
        .map(|&k| {
            let features = &items[k].features;
            let weight = features.stems.iter().map(|s| rarity[s.as_str()]).sum();
            Compared { features, speaker: items[k].speaker, rarity: &rarity, weight }
        })
        .collect();
    let edges = edges(&compared, &found);
    average_link(block.len(), &edges, LINKAGE).into_iter().map(|g| g.into_iter().map(|i| block[i]).collect()).collect()
}

/// Likeness of the pairs worth comparing, `(a, b, likeness)` with a < b.
fn edges(compared: &[Compared<'_>], found: &BTreeMap<&str, usize>) -> Vec<(usize, usize, f64)> {
    let n = compared.len();
    let mut out = Vec::new();
    if n <= COMPARE_ALL {
        for a in 0..n {
            for b in a + 1..n {
                out.push((a, b, likeness(&pair(&compared[a], &compared[b]))));
            }
        }
        return out;
    }
    let mut index: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (b, item) in compared.iter().enumerate() {
        let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
        for stem in item.features.stems.iter().filter(|s| found[s.as_str()] <= COMMON) {
            let before = index.entry(stem).or_default();
            before.iter().for_each(|&a| *shared.entry(a).or_default() += item.rarity[stem.as_str()]);
            before.push(b);
        }
        let mut nearest: Vec<(usize, f64)> = shared.into_iter().collect();
        nearest.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        out.extend(nearest.iter().take(NEAREST).map(|&(a, _)| (a, b, likeness(&pair(&compared[a], item)))));
    }
    out
}

/// When groups join.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linkage {
    /// Groups whose average likeness is lower stay apart.
    pub(super) threshold: f64,
    /// The likeness of a pair that was not compared.
    pub(super) not_compared: f64,
}

/// A pair of groups that might join.
#[derive(PartialEq)]
struct Candidate {
    average: f64,
    a: usize,
    b: usize,
    sizes: (usize, usize),
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.average.total_cmp(&other.average).then((other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Agglomerative grouping by average likeness over a sparse graph: the likeliest pair of groups joins first.
pub(super) fn average_link(n: usize, edges: &[(usize, usize, f64)], linkage: Linkage) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = (0..n).map(|k| vec![k]).collect();
    // For each group its neighbours with the sum and the number of compared pairs.
    let mut sums: Vec<BTreeMap<usize, (f64, usize)>> = vec![BTreeMap::new(); n];
    let mut heap = BinaryHeap::new();
    for &(a, b, likeness) in edges {
        sums[a].insert(b, (likeness, 1));
        sums[b].insert(a, (likeness, 1));
        if likeness >= linkage.threshold {
            heap.push(Candidate { average: likeness, a, b, sizes: (1, 1) });
        }
    }
    while let Some(Candidate { a, b, sizes, .. }) = heap.pop() {
        if sizes != (members[a].len(), members[b].len()) {
            continue;
        }
        let moved = std::mem::take(&mut members[b]);
        members[a].extend(moved);
        for (c, (sum, count)) in std::mem::take(&mut sums[b]) {
            sums[c].remove(&b);
            if c != a {
                for (from, to) in [(a, c), (c, a)] {
                    let entry = sums[from].entry(to).or_insert((0.0, 0));
                    *entry = (entry.0 + sum, entry.1 + count);
                }
            }
        }
        for (&c, &(sum, count)) in &sums[a] {
            let pairs = members[a].len() * members[c].len();
            let average = (sum + (pairs - count) as f64 * linkage.not_compared) / pairs as f64;
            if average >= linkage.threshold {
                let (x, y) = (a.min(c), a.max(c));
                heap.push(Candidate { average, a: x, b: y, sizes: (members[x].len(), members[y].len()) });
            }
        }
    }
    members.into_iter().filter(|g| !g.is_empty()).collect()
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
