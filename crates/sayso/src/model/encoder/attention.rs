//! Every piece looks at every piece of its window: softmax(q · k / √size) · v, head by head.
//!
//! The factors of all products are rounded to bfloat16, the upper half of a float, two and two in one number; products and sums are
//! floats. Processors that multiply such pairs ([`Pairs`]) do it at half the cost; others find the same sums, as a product of two
//! halves is exact in a float and all add in one order: of each pair the second product first.

use rten_simd::ops::{BitOps, IntOps, NumOps};
use rten_simd::{Isa, Simd, SimdOp};

use super::kernel::Pairs;

/// Numbers of a head.
const SIZE: usize = Pairs::SIZE;
/// Pieces that look at once: as many sums as vector registers hold.
const ROWS: usize = Pairs::ROWS;
/// Numbers found at once, in vectors.
const VECTORS: usize = 2;

/// What a head needs while it works; kept from window to window.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Keys turned on their side: the first pair of every key, then the second; rows of the padded length.
    keys: Vec<i32>,
    /// Values, those of two pieces paired: `SIZE` pairs for every two.
    values: Vec<i32>,
    /// Scores of up to [`ROWS`] pieces, rows of the padded length.
    scores: Vec<f32>,
    /// The same in pairs of halves.
    halves: Vec<i32>,
}

/// The upper half of a float, rounded to the nearest.
#[inline(always)]
fn half(x: f32) -> u16 {
    let bits = x.to_bits();
    (bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16) as u16
}

/// Two halves in one number, the first in the lower bits.
#[inline(always)]
fn both([first, second]: [u16; 2]) -> i32 {
    (u32::from(first) | u32::from(second) << 16).cast_signed()
}

/// Two floats as halves in one number.
#[inline(always)]
fn pair(first: f32, second: f32) -> i32 {
    both([half(first), half(second)])
}

/// `out` (rows of `width`) becomes what attention makes of `qkv` (rows of query, key, value: `3 * width`).
pub(super) fn attend(pairs: Option<Pairs>, qkv: &[f32], width: usize, scratch: &mut Scratch, out: &mut [f32]) {
    let length = qkv.len() / (3 * width);
    scratch.make_room(length);
    for first in (0..width).step_by(SIZE) {
        let head = Head { qkv, width, first };
        LayOut { head, length, keys: &mut scratch.keys, values: &mut scratch.values }.dispatch();
        for start in (0..length).step_by(ROWS) {
            // Fewer rows at the end of the window: the last ones are found again rather than in a way of their own.
            let rows = ROWS.min(length);
            let start = start.min(length - rows);
            let mut queries = [[0; SIZE / 2]; ROWS];
            Ask { head, start, queries: &mut queries[..rows] }.dispatch();
            let mut mixed = [[0.0; SIZE]; ROWS];
            scratch.look_and_mix(pairs, length, &queries, &mut mixed);
            for (r, mixed) in mixed.iter().enumerate().take(rows) {
                out[(start + r) * width + first..][..SIZE].copy_from_slice(mixed);
            }
        }
    }
}

/// The columns from `first` of queries, keys and values: those of one head.
#[derive(Clone, Copy)]
struct Head<'a> {
    qkv: &'a [f32],
    width: usize,
    first: usize,
}

impl<'a> Head<'a> {
    /// The numbers of the query, key or value (`part` 0, 1, 2) of a piece.
    #[inline(always)]
    fn numbers(self, place: usize, part: usize) -> &'a [f32] {
        &self.qkv[(place * 3 + part) * self.width + self.first..][..SIZE]
    }
}

/// The queries of some pieces in pairs, scaled.
struct Ask<'a> {
    head: Head<'a>,
    start: usize,
    queries: &'a mut [[i32; SIZE / 2]],
}

impl SimdOp for Ask<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let scale = (SIZE as f32).sqrt().recip();
        for (r, query) in self.queries.iter_mut().enumerate() {
            for (to, from) in query.iter_mut().zip(self.head.numbers(self.start + r, 0).as_chunks::<2>().0) {
                *to = pair(from[0] * scale, from[1] * scale);
            }
        }
    }
}

/// The keys and values of a head in pairs, as [`Scratch`] has them.
struct LayOut<'a> {
    head: Head<'a>,
    length: usize,
    keys: &'a mut [i32],
    values: &'a mut [i32],
}

impl SimdOp for LayOut<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        let Self { head, length, keys, values } = self;
        let padded = keys.len() / (SIZE / 2);
        for place in 0..length {
            for (k, two) in head.numbers(place, 1).as_chunks::<2>().0.iter().enumerate() {
                keys[k * padded + place] = pair(two[0], two[1]);
            }
        }
        let (pairs, behind) = values.split_at_mut(length.div_ceil(2) * SIZE);
        // What is behind the last piece counts for nothing.
        behind.fill(0);
        for (two, out) in pairs.as_chunks_mut::<SIZE>().0.iter_mut().enumerate() {
            let (first, second) = (2 * two, 2 * two + 1);
            let last = second == length;
            let values = head.numbers(first, 2).iter().zip(head.numbers(if last { first } else { second }, 2));
            for (out, (a, b)) in out.iter_mut().zip(values) {
                *out = pair(*a, if last { 0.0 } else { *b });
            }
        }
    }
}

impl Scratch {
    /// Room for a window of so many pieces.
    fn make_room(&mut self, length: usize) {
        let padded = length.next_multiple_of(64);
        self.keys.resize(SIZE / 2 * padded, 0);
        self.values.resize(SIZE / 2 * padded, 0);
        self.scores.resize(ROWS * padded, 0.0);
        self.halves.resize(ROWS * padded / 2, 0);
    }

    /// The values mixed for each query, by how well their keys fit it.
    fn look_and_mix(
        &mut self,
        pairs: Option<Pairs>,
        length: usize,
        queries: &[[i32; SIZE / 2]; ROWS],
        out: &mut [[f32; SIZE]; ROWS],
    ) {
        let Self { keys, values, scores, halves } = self;
        let padded = scores.len() / ROWS;
        match pairs {
            Some(pairs) => pairs.look(queries, keys, scores),
            None => Look { queries, keys, scores: &mut *scores }.dispatch(),
        }
        for row in scores.chunks_exact_mut(padded) {
            rten_vecmath::Softmax::new_mut(&mut row[..length]).dispatch();
            row[length..].fill(0.0);
        }
        Halve { from: scores, to: halves }.dispatch();
        match pairs {
            Some(pairs) => pairs.mix(halves, values, out),
            None => Mix { scores: &*halves, values, out }.dispatch(),
        }
    }
}

/// Floats as pairs of halves.
struct Halve<'a> {
    from: &'a [f32],
    to: &'a mut [i32],
}

impl SimdOp for Halve<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) {
        for (to, from) in self.to.iter_mut().zip(self.from.as_chunks::<2>().0) {
            *to = both(from.map(half));
        }
    }
}

/// The halves of pairs as floats: all second ones, all first ones.
#[inline(always)]
fn apart<I: Isa>(isa: I, pairs: I::I32) -> [I::F32; 2] {
    let (f32s, i32s) = (isa.f32(), isa.i32());
    let second = i32s.and(pairs, i32s.splat(!0xffff));
    let first = i32s.shift_left::<16>(pairs);
    [second, first].map(|half| f32s.from_bits(half.to_bits()))
}

/// As [`Pairs::look`], on any processor.
struct Look<'a> {
    queries: &'a [[i32; SIZE / 2]; ROWS],
    keys: &'a [i32],
    scores: &'a mut [f32],
}

impl SimdOp for Look<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (f32s, i32s) = (isa.f32(), isa.i32());
        let (lanes, padded) = (f32s.len(), self.scores.len() / ROWS);
        for first in (0..padded).step_by(lanes * VECTORS) {
            let mut sums = [[f32s.zero(); VECTORS]; ROWS];
            for (k, keys) in self.keys.chunks_exact(padded).enumerate() {
                for (v, keys) in keys[first..].chunks_exact(lanes).take(VECTORS).enumerate() {
                    let [second, first] = apart(isa, i32s.load(keys));
                    for (sums, query) in sums.iter_mut().zip(self.queries) {
                        let query = apart(isa, i32s.splat(query[k]));
                        sums[v] = f32s.mul_add(query[0], second, sums[v]);
                        sums[v] = f32s.mul_add(query[1], first, sums[v]);
                    }
                }
            }
            for (sums, row) in sums.into_iter().zip(self.scores.chunks_exact_mut(padded)) {
                for (sum, out) in sums.into_iter().zip(row[first..].chunks_exact_mut(lanes)) {
                    f32s.store(sum, out);
                }
            }
        }
    }
}

/// As [`Pairs::mix`], on any processor.
struct Mix<'a> {
    scores: &'a [i32],
    values: &'a [i32],
    out: &'a mut [[f32; SIZE]; ROWS],
}

impl SimdOp for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (f32s, i32s) = (isa.f32(), isa.i32());
        let (lanes, padded) = (f32s.len(), self.scores.len() / ROWS);
        let scores: [&[i32]; ROWS] = std::array::from_fn(|r| &self.scores[r * padded..][..padded]);
        for first in (0..SIZE).step_by(lanes * VECTORS) {
            let mut sums = [[f32s.zero(); VECTORS]; ROWS];
            for (place, values) in self.values.as_chunks::<SIZE>().0.iter().enumerate() {
                for (v, values) in values[first..].chunks_exact(lanes).take(VECTORS).enumerate() {
                    let values = apart(isa, i32s.load(values));
                    for (sums, scores) in sums.iter_mut().zip(scores) {
                        let score = apart(isa, i32s.splat(scores[place]));
                        sums[v] = f32s.mul_add(score[0], values[0], sums[v]);
                        sums[v] = f32s.mul_add(score[1], values[1], sums[v]);
                    }
                }
            }
            for (out, sums) in self.out.iter_mut().zip(sums) {
                for (sum, out) in sums.into_iter().zip(out[first..].chunks_exact_mut(lanes)) {
                    f32s.store(sum, out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_finds_the_same_sums_at_every_length() {
        let Some(pairs) = Pairs::here() else { return };
        let (width, mut state) = (2 * SIZE, 1_u32);
        let mut scratch = Scratch::default();
        for length in [200, 1, 2, 5, 6, 7, 63, 64, 65, 130] {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f32::from((state >> 24).to_le_bytes()[0].cast_signed()) / 61.0
            };
            let qkv: Vec<f32> = (0..length * 3 * width).map(|_| next()).collect();
            let (mut a, mut b) = (vec![0.0; length * width], vec![0.0; length * width]);
            attend(Some(pairs), &qkv, width, &mut scratch, &mut a);
            attend(None, &qkv, width, &mut scratch, &mut b);
            assert_eq!(a, b, "{length} pieces");
        }
    }

    #[test]
    fn attention_is_the_mean_of_values_where_all_keys_are_alike() {
        let (length, width) = (7, SIZE);
        let value = |place: usize, k: usize| (place * k % 5) as f32;
        let row = |place: usize| {
            let parts = (0..2 * width).map(|_| 1.0);
            parts.chain((0..width).map(move |k| value(place, k))).collect::<Vec<f32>>()
        };
        let qkv: Vec<f32> = (0..length).flat_map(row).collect();
        let mut out = vec![0.0; length * width];
        attend(None, &qkv, width, &mut Scratch::default(), &mut out);
        for (k, found) in out[..width].iter().enumerate() {
            let mean = (0..length).map(|place| value(place, k)).sum::<f32>() / length as f32;
            // The shares of a seventh are rounded to eight bits.
            assert!((found - mean).abs() <= mean / 256.0, "{found} for {mean}");
        }
    }
}
