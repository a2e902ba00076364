//! Rows of head outputs to what they say: parts of speech, dependency trees, names; and the scores from which
//! `read::attribution` decodes.

use std::ops::Range;

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

use super::spec::{PairSpec, Spec};
use super::tree::tree;

/// Number of tags: O, and begin and inside of source, cue and content.
pub(crate) const TAGS: usize = 7;

/// What the heads say of a run of tokens, each from the window that knows it best: one row a token in every field.
#[derive(Default)]
pub(crate) struct Scores {
    /// Log-probabilities of the tags.
    pub(crate) tag: Vec<[f32; TAGS]>,
    /// Place of the token's first piece among all pieces of the run.
    pub(crate) piece: Vec<usize>,
    /// Vectors of the tokens' own ends of links, rows side by side.
    link_dep: Vec<f32>,
    /// And of arcs.
    arc_dep: Vec<f32>,
    /// The other ends: of every token of every window, since only vectors of one window fit each other.
    windows: Vec<Window>,
    /// The window each token was taken from, as an index into `windows`.
    window: Vec<usize>,
    /// Score of being the root of its sentence.
    root: Vec<f32>,
    /// Label of the part of speech.
    pub(crate) upos: Vec<u8>,
    /// The likeliest relation other than `root`.
    pub(crate) deprel: Vec<u8>,
    /// Log-probabilities of the name tags, rows side by side.
    pub(crate) entity: Vec<f32>,
}

/// One window: where links and arcs may end.
struct Window {
    tokens: Range<usize>,
    link: Ends,
    arc: Ends,
}

/// A vector for each token of a window, rows side by side, and a bias.
struct Ends {
    head: Vec<f32>,
    bias: Vec<f32>,
}

/// The output of one window: rows of `columns` values, for `[CLS]` and then for each token.
pub(crate) struct Output<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) columns: usize,
}

impl Output<'_> {
    fn at(&self, row: usize, slice: Range<usize>) -> &[f32] {
        &self.values[row * self.columns..][slice]
    }

    /// The columns `slice` of the tokens `tokens`, counted from the window's start.
    fn of(&self, tokens: Range<usize>, slice: Range<usize>) -> impl Iterator<Item = &[f32]> {
        tokens.map(move |token| self.at(token + 1, slice.clone()))
    }
}

impl Scores {
    /// What a window over the tokens `window` says of those it owns. `places` are the first pieces of all its
    /// tokens, counted from the window's start; the first is that of `[CLS]`.
    pub(crate) fn of_window(
        out: &Output<'_>,
        places: &[usize],
        window: &Range<usize>,
        owned: &Range<usize>,
        spec: &Spec<'_>,
    ) -> Self {
        let all = |name: &str| out.of(0..window.len(), spec.columns(name)).flatten().copied().collect();
        let ends = |name: &str| Ends { head: all(&format!("{name}_head")), bias: all(&format!("{name}_bias")) };
        let ends = Window { tokens: window.clone(), link: ends("link"), arc: ends("arc") };
        let own = owned.start - window.start..owned.end - window.start;
        let places = &places[1..][own.clone()];
        let rows = |name: &str| out.of(own.clone(), spec.columns(name));
        let tag = |row: &[f32]| {
            let mut tags = [0.0; TAGS];
            tags.copy_from_slice(&log_softmax(row));
            tags
        };
        let cls = out.at(0, spec.columns("arc_head"));
        let cls_bias = out.at(0, spec.columns("arc_bias")).first().copied().unwrap_or(0.0);
        let root = |(dep, &place): (&[f32], &usize)| spec.arc.of_product(dot(dep, cls), cls_bias, place, 0);
        Self {
            tag: rows("tag").map(tag).collect(),
            piece: places.to_vec(),
            link_dep: rows("link_dep").flatten().copied().collect(),
            arc_dep: rows("arc_dep").flatten().copied().collect(),
            windows: vec![ends],
            window: vec![0; places.len()],
            root: rows("arc_dep").zip(places).map(root).collect(),
            upos: rows("upos").map(best).collect(),
            // `root` is label 0: whether a token is one is said by the arcs.
            deprel: rows("deprel").map(|row| row.get(1..).map_or(0, |rest| best(rest) + 1)).collect(),
            entity: rows("entity").flat_map(log_softmax).collect(),
        }
    }

    /// Adds the rows of the tokens that follow; `pieces` stand before their window.
    pub(crate) fn append(&mut self, mut next: Self, pieces: usize) {
        self.tag.append(&mut next.tag);
        self.piece.extend(next.piece.iter().map(|p| p + pieces));
        self.link_dep.append(&mut next.link_dep);
        self.arc_dep.append(&mut next.arc_dep);
        self.window.extend(next.window.iter().map(|w| w + self.windows.len()));
        self.windows.append(&mut next.windows);
        self.root.append(&mut next.root);
        self.upos.append(&mut next.upos);
        self.deprel.append(&mut next.deprel);
        self.entity.append(&mut next.entity);
    }

    /// How well `token` belongs to the attribution whose cue starts at `cue`, which it must [reach](Self::reaches).
    pub(crate) fn link(&self, spec: &PairSpec, token: usize, cue: usize) -> f32 {
        let Window { tokens, link, .. } = &self.windows[self.window[token]];
        let (width, at) = (self.link_dep.len() / self.window.len(), cue - tokens.start);
        let product = dot(&self.link_dep[token * width..][..width], &link.head[at * width..][..width]);
        spec.of_product(product, link.bias[at], self.piece[token], self.piece[cue])
    }

    /// Whether `cue` (or any token) stands in the window that `token` was taken from.
    pub(crate) fn reaches(&self, token: usize, cue: usize) -> bool {
        self.windows[self.window[token]].tokens.contains(&cue)
    }

    /// For each token of a sentence its head in the sentence; none for the root.
    pub(crate) fn tree(&self, spec: &PairSpec, sentence: Range<usize>) -> Vec<Option<usize>> {
        if self.arc_dep.is_empty() {
            return vec![None; sentence.len()];
        }
        let tree = tree(&sentence.clone().map(|token| self.arcs(spec, token, &sentence)).collect::<Vec<_>>());
        tree.into_iter().map(|head| head.map(|h| h + sentence.start)).collect()
    }

    /// The heads, counted from the start of the sentence, that `token` may have, with their scores.
    fn arcs(&self, spec: &PairSpec, token: usize, sentence: &Range<usize>) -> Vec<(f32, Option<usize>)> {
        let width = self.arc_dep.len() / self.window.len();
        let Window { tokens, arc, .. } = &self.windows[self.window[token]];
        let near = sentence.start.max(tokens.start)..sentence.end.min(tokens.end);
        let (from, to) = (near.start - tokens.start, near.end - tokens.start);
        let mut products = Vec::with_capacity(near.len());
        let others = &arc.head[from * width..to * width];
        Products { row: &self.arc_dep[token * width..][..width], others, out: &mut products }.dispatch();
        let places = (self.piece[token], &self.piece[near.clone()]);
        let scored = near
            .zip(products)
            .zip(&arc.bias[from..to])
            .zip(places.1)
            .map(|(((head, product), bias), &place)| (head, spec.of_product(product, *bias, places.0, place)));
        let heads = scored.filter(|(head, _)| *head != token).map(|(head, score)| (score, Some(head - sentence.start)));
        heads.chain([(self.root[token], None)]).collect()
    }
}

/// The product of a row with each of `others`.
struct Products<'a> {
    row: &'a [f32],
    others: &'a [f32],
    out: &'a mut Vec<f32>,
}

impl SimdOp for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        for other in self.others.chunks_exact(self.row.len()) {
            let mut sum = ops.zero();
            for (a, b) in self.row.chunks_exact(ops.len()).zip(other.chunks_exact(ops.len())) {
                sum = ops.mul_add(ops.load(a), ops.load(b), sum);
            }
            self.out.push(ops.sum(sum));
        }
    }
}

impl PairSpec {
    /// The score from a vector at piece `from` to one at piece `to`, whose product is known.
    fn of_product(&self, product: f32, bias: f32, from: usize, to: usize) -> f32 {
        let most = self.max_distance;
        let apart = if to >= from { most + (to - from).min(most) } else { most - (from - to).min(most) };
        product * self.scale + bias + self.distance_bias[apart]
    }
}

/// Eight sums side by side: the compiler makes one vector of them, and the order of the additions is fixed.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for k in 0..8 {
            sums[k] += x[k] * y[k];
        }
    }
    sums.iter().sum()
}

/// Logarithms of the probabilities that scores stand for.
pub(crate) fn log_softmax(row: &[f32]) -> Vec<f32> {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = row.iter().map(|x| (x - most).exp()).sum();
    row.iter().map(|x| x - most - sum.ln()).collect()
}

/// The first place of the highest value.
fn best(row: &[f32]) -> u8 {
    let mut best = 0;
    for (k, &x) in row.iter().enumerate() {
        if x > row[best] {
            best = k;
        }
    }
    u8::try_from(best).unwrap_or(0)
}

/// The likeliest sequence of labels, of which 0 is outside and each pair `2k - 1`, `2k` begins and continues: a label
/// that continues only follows its own kind. `rows` are the log-probabilities of `labels` labels, side by side.
pub(crate) fn viterbi(rows: &[f32], labels: usize) -> Vec<usize> {
    let continues = |y: usize| y > 0 && y.is_multiple_of(2);
    let mut rows = rows.chunks_exact(labels.max(1));
    let Some(first) = rows.next() else { return Vec::new() };
    let mut sums: Vec<f32> =
        first.iter().enumerate().map(|(y, x)| x + if continues(y) { IMPOSSIBLE } else { 0.0 }).collect();
    let mut back: Vec<Vec<u8>> = Vec::with_capacity(rows.len());
    for row in rows {
        let before = best(&sums);
        let from = |y: usize| match u8::try_from(y) {
            Ok(y) if continues(usize::from(y)) => y - u8::from(sums[usize::from(y)] <= sums[usize::from(y) - 1]),
            _ => before,
        };
        let step: Vec<u8> = (0..labels).map(from).collect();
        sums = step.iter().zip(row).map(|(&x, score)| sums[usize::from(x)] + score).collect();
        back.push(step);
    }
    let mut out = vec![usize::from(best(&sums))];
    for step in back.iter().rev() {
        out.push(usize::from(step[out[out.len() - 1]]));
    }
    out.reverse();
    out
}

/// Stands for the logarithm of 0.
const IMPOSSIBLE: f32 = -1e9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_continues_follows_its_own_kind() {
        let rows = [[-3.0, -2.0, 0.0, -9.0, -9.0_f32], [-2.0, -3.0, 0.0, -9.0, -1.0], [-0.5, -9.0, -9.0, -9.0, 0.0]];
        assert_eq!(viterbi(rows.as_flattened(), 5), [1, 2, 0]);
        assert_eq!(viterbi(&[], 5), Vec::<usize>::new());
    }

    #[test]
    fn probabilities_sum_to_one() {
        let sum: f32 = log_softmax(&[1.0, 700.0, -3.0, 701.0]).iter().map(|x| x.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }
}
