//! How alike two mentions are: what they share and differ in, weighted by what was learned.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rayon::prelude::*;

use crate::model::sense::{DIMENSIONS, cosine, sense};
use crate::reading::Act;
use crate::weigh::features::{Counted, Features};
use crate::weigh::mentions::Item;

/// The values that a pair is judged by, in order.
pub const NAMES: [&str; 18] = [
    "shared",
    "contained",
    "aligned",
    "covered",
    "same_figure",
    "other_figure",
    "one_figure",
    "other_count",
    "negation",
    "speaker",
    "same_report",
    "telling",
    "rival",
    "near",
    "reply",
    "reply_near",
    "evidence",
    "reversed",
];

/// What a pair is judged by.
pub type Values = [f64; NAMES.len()];

/// Those that say that two mentions give one question different answers, or the same: figures, and what came first.
const FIGURES: [&str; 6] = ["same_figure", "other_figure", "one_figure", "other_count", "rival", "reversed"];

/// Learned by `training/same_claim.py`.
pub(super) struct Weights {
    bias: f64,
    values: Values,
    /// Average likeness from which groups join.
    pub(super) threshold: f64,
}

pub(super) static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let table: BTreeMap<&str, f64> = include_str!("../../../data/same_claim.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, weight)| weight.trim().parse().ok().map(|w| (name, w)))
        .collect();
    let of = |name: &str| table.get(name).copied().unwrap_or(0.0);
    Weights { bias: of("bias"), values: NAMES.map(of), threshold: of("threshold") }
});

/// The likeness of a pair in log odds.
pub(super) fn likeness(values: &Values) -> f64 {
    WEIGHTS.bias + values.iter().zip(&WEIGHTS.values).map(|(v, w)| v * w).sum::<f64>()
}

/// The likeness of a pair, its figures left aside.
pub(super) fn question(values: &Values) -> f64 {
    let mut values = *values;
    values.iter_mut().zip(NAMES).filter(|(_, name)| FIGURES.contains(name)).for_each(|(v, _)| *v = 0.0);
    likeness(&values)
}

/// Words of the largest vocabulary whose likenesses are found once for all pairs.
const FIND_ALL: usize = 4_000;

/// What the words of a block of mentions weigh.
pub(super) struct Vocabulary<'a> {
    number: BTreeMap<&'a str, usize>,
    rarity: Vec<f64>,
    /// The sense of each word in whole numbers: they add up to the same on every machine.
    senses: Vec<Sense>,
    /// For each word the others whose sense is like it, sorted; empty where that is found pair by pair.
    like: Vec<Vec<(usize, f32)>>,
    figures: BTreeMap<u64, usize>,
    mentions: f64,
}

impl<'a> Vocabulary<'a> {
    pub(super) fn new(items: &[&'a Item]) -> Self {
        Self::of(items, items.len() as f64)
    }

    /// For mentions that are all compared with each other.
    pub(super) fn of_all_pairs(items: &[&'a Item]) -> Self {
        let mut out = Self::new(items);
        // Worth it when words meet more often than there are pairs of them.
        if out.senses.len() <= FIND_ALL {
            out.like = like(&out.senses);
        }
        out
    }

    /// Where every word weighs the same, as two mentions alone tell nothing of what is rare.
    pub(super) fn even(items: &[&'a Item]) -> Self {
        let mut out = Self::of(items, 2.0);
        out.rarity.fill(1.0);
        out
    }

    fn of(items: &[&'a Item], mentions: f64) -> Self {
        let mut found: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        let mut figures: BTreeMap<u64, usize> = BTreeMap::new();
        for item in items {
            for (stem, word) in item.features.stems.iter().zip(&item.features.words) {
                found.entry(stem).or_insert((0, word)).0 += 1;
            }
            for counted in &item.features.figures {
                *figures.entry(counted.figure.value.to_bits()).or_default() += 1;
            }
        }
        let words: Vec<&str> = found.values().map(|(_, word)| *word).collect();
        Self {
            number: found.keys().enumerate().map(|(n, &stem)| (stem, n)).collect(),
            rarity: found.values().map(|&(n, _)| rarity(mentions, n)).collect(),
            like: Vec::new(),
            senses: words.into_par_iter().map(|word| whole(&sense(word))).collect(),
            figures,
            mentions,
        }
    }

    /// How alike two words are in sense: a cosine, or nothing where that is less than [`UNLIKE`].
    fn alike(&self, a: usize, b: usize) -> f32 {
        match self.like.get(a) {
            Some(like) => like.binary_search_by_key(&b, |(word, _)| *word).map_or(0.0, |k| like[k].1),
            None => cosine_of(&self.senses[a], &self.senses[b]),
        }
    }

    /// Whether a word occurs in more mentions than so many.
    pub(super) fn common(&self, word: usize, mentions: usize) -> bool {
        self.rarity[word] < rarity(self.mentions, mentions)
    }

    pub(super) fn rarity(&self, word: usize) -> f64 {
        self.rarity[word]
    }

    pub(super) fn prepare(&self, item: &'a Item) -> Compared<'a> {
        let words: Vec<usize> =
            item.features.stems.iter().filter_map(|s| self.number.get(s.as_str()).copied()).collect();
        let weight = words.iter().map(|&w| self.rarity[w]).sum();
        Compared { item, features: &item.features, words, weight, nearest: Vec::new() }
    }

    /// The same for a mention that is compared with all others: how far each word of the vocabulary is among its own is
    /// found once and not for every pair.
    pub(super) fn prepare_for_all(&self, item: &'a Item) -> Compared<'a> {
        let mut out = self.prepare(item);
        if !self.like.is_empty() {
            out.nearest = vec![0.0_f32; self.senses.len()];
            for &(word, alike) in out.words.iter().flat_map(|&word| &self.like[word]) {
                out.nearest[word] = out.nearest[word].max(alike);
            }
            out.words.iter().for_each(|&word| out.nearest[word] = 1.0);
        }
        out
    }
}

/// A sense in whole numbers.
type Sense = [i16; DIMENSIONS];

/// What stands for 1 in it.
const WHOLE: f32 = 16_384.0;

fn whole(sense: &[f32]) -> Sense {
    let mut out = [0; DIMENSIONS];
    out.iter_mut().zip(sense).for_each(|(out, x)| *out = (x * WHOLE).round() as i16);
    out
}

/// For each word the others whose sense is like it.
fn like(senses: &[Sense]) -> Vec<Vec<(usize, f32)>> {
    let before = |(b, y): (usize, &Sense)| -> Vec<(usize, f32)> {
        let alike = senses[..b].iter().map(|x| cosine_of(x, y)).enumerate();
        alike.filter(|&(_, alike)| f64::from(alike) > UNLIKE).collect()
    };
    let mut out: Vec<Vec<(usize, f32)>> = senses.par_iter().enumerate().map(before).collect();
    for b in 0..out.len() {
        for (a, alike) in out[b].clone() {
            out[a].push((b, alike));
        }
    }
    out
}

/// The cosine of two senses in whole numbers.
fn cosine_of(a: &Sense, b: &Sense) -> f32 {
    // Eight sums side by side: the compiler makes one instruction of them where one sum takes ten.
    let mut sums = [0; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for (sum, (x, y)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += i32::from(*x) * i32::from(*y);
        }
    }
    sums.iter().sum::<i32>() as f32 / (WHOLE * WHOLE)
}

fn rarity(mentions: f64, found: usize) -> f64 {
    ((mentions + 1.0) / (found as f64 + 0.5)).ln().max(0.05)
}

/// A mention prepared for comparison.
pub(super) struct Compared<'a> {
    item: &'a Item,
    features: &'a Features,
    /// Numbers of its words in the vocabulary, sorted.
    pub(super) words: Vec<usize>,
    weight: f64,
    /// For each word of the vocabulary how alike the likest of this mention's is; empty where that is found pair by pair.
    nearest: Vec<f32>,
}

/// Words whose senses are less alike than this have nothing in common.
const UNLIKE: f64 = 0.35;

/// What two mentions share and differ in.
pub(super) fn values(a: &Compared<'_>, b: &Compared<'_>, vocabulary: &Vocabulary<'_>) -> Values {
    let (fa, fb) = (a.features, b.features);
    let (mut both, mut telling) = (0.0, 0.0_f64);
    for &word in a.words.iter().filter(|w| b.words.binary_search(w).is_ok()) {
        both += vocabulary.rarity[word];
        telling = telling.max(vocabulary.rarity[word]);
    }
    let (to_b, to_a) = (covered(a, b, vocabulary), covered(b, a, vocabulary));
    let same = same_figure(&fa.figures, &fb.figures, vocabulary);
    let near = if a.item.entry == b.item.entry { 1.0 / (1.0 + fa.sentence.abs_diff(fb.sentence) as f64) } else { 0.0 };
    let reply = replies(a.item) != replies(b.item);
    let later = if replies(a.item) { fa.sentence >= fb.sentence } else { fb.sentence >= fa.sentence };
    let figures = (!fa.figures.is_empty(), !fb.figures.is_empty());
    let flag = |on: bool| if on { 1.0 } else { 0.0 };
    [
        2.0 * both / (a.weight + b.weight).max(1e-6),
        both / a.weight.min(b.weight).max(1e-6),
        (to_b + to_a) / (a.weight + b.weight).max(1e-6),
        (to_b / a.weight.max(1e-6)).max(to_a / b.weight.max(1e-6)),
        same,
        flag(figures.0 && figures.1 && same == 0.0),
        flag(figures.0 != figures.1),
        flag(other_count(&fa.figures, &fb.figures)),
        flag(fa.negated != fb.negated),
        flag(a.item.speaker.is_some() && a.item.speaker == b.item.speaker),
        flag(a.item.entry == b.item.entry),
        telling / rarity(vocabulary.mentions, 1),
        flag(rival(&fa.figures, &fb.figures)),
        near,
        flag(reply),
        if reply && later { near } else { 0.0 },
        flag(fa.evidence != fb.evidence),
        flag(fa.order.as_ref().zip(fb.order.as_ref()).is_some_and(|(x, y)| x.is_reverse_of(y))),
    ]
}

/// How much of `a`'s words `b` has, itself or in a like sense, by weight.
fn covered(a: &Compared<'_>, b: &Compared<'_>, vocabulary: &Vocabulary<'_>) -> f64 {
    let has = |word: usize| {
        if let Some(&nearest) = b.nearest.get(word) {
            return share(nearest);
        }
        if b.words.binary_search(&word).is_ok() {
            return 1.0;
        }
        share(b.words.iter().map(|&other| vocabulary.alike(word, other)).fold(0.0, f32::max))
    };
    a.words.iter().map(|&w| vocabulary.rarity[w] * has(w)).sum()
}

/// How far a word is there where the nearest in sense is so much alike.
fn share(nearest: f32) -> f64 {
    ((f64::from(nearest) - UNLIKE) / (1.0 - UNLIKE)).max(0.0)
}

/// How telling the figure is that both state: its rarity, less so the less alike the things counted are.
fn same_figure(a: &[Counted], b: &[Counted], vocabulary: &Vocabulary<'_>) -> f64 {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y))).filter(|(x, y)| agree(x, y));
    let telling = |(x, y): (&Counted, &Counted)| {
        let found = vocabulary.figures.get(&x.figure.value.to_bits()).copied().unwrap_or(1);
        rarity(vocabulary.mentions, found) / rarity(vocabulary.mentions, 1) * unit(x, y).max(0.01)
    };
    pairs.map(telling).fold(0.0, f64::max)
}

/// Whether two figures are one: the same number, and no more apart than "more than 70" and "70" are.
pub(in crate::weigh) fn agree(x: &Counted, y: &Counted) -> bool {
    let (x, y) = (&x.figure, &y.figure);
    let exact = |f: &crate::read::how_many::Figure| f.low == f.high;
    x.value == y.value && (exact(x) || exact(y) || (x.low == y.low && x.high == y.high))
}

/// How alike the things are that two figures count.
pub(in crate::weigh) fn unit(x: &Counted, y: &Counted) -> f64 {
    let open = |c: &Counted| c.unit.iter().all(|&v| v == 0.0);
    match (&x.of, &y.of) {
        (Some(x), Some(y)) if x == y => 1.0,
        _ if open(x) || open(y) => 0.5,
        _ => cosine(&x.unit, &y.unit).max(0.0),
    }
}

/// Things counted that are this much alike are of one kind.
const ONE_KIND: f64 = 0.7;

/// Whether two figures of one kind of thing differ, and none agrees.
fn rival(a: &[Counted], b: &[Counted]) -> bool {
    let mut pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    let one_kind = |x: &Counted, y: &Counted| x.of == y.of && unit(x, y) >= ONE_KIND;
    let differ = pairs.clone().any(|(x, y)| x.figure.value != y.figure.value && one_kind(x, y));
    differ && !pairs.any(|(x, y)| agree(x, y) && (x.of == y.of || x.of.is_none() || y.of.is_none()))
}

/// Whether a mention answers what somebody else stated.
fn replies(item: &Item) -> bool {
    matches!(
        item.act,
        Act::Denies | Act::Doubts | Act::Refutes | Act::Retracts | Act::Verifies | Act::Confirms | Act::Corrects
    )
}

/// Whether both count something, and nothing that both count.
fn other_count(a: &[Counted], b: &[Counted]) -> bool {
    let kinds = |f: &[Counted]| f.iter().any(|c| c.of.is_some());
    let shared = |x: &Counted| x.of.is_some() && b.iter().any(|y| x.of == y.of);
    kinds(a) && kinds(b) && !a.iter().any(shared)
}
