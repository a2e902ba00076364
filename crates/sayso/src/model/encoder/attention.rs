//! Every piece looks at every piece of its window: softmax(q · k / √size) · v, head by head, in floats.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

/// Numbers of a head.
const SIZE: usize = 32;
/// Pieces that look at once: as many sums as vector registers hold.
const ROWS: usize = 6;
/// Pieces looked at once, in vectors.
const VECTORS: usize = 4;

/// What a head needs while it works; kept from window to window.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Keys turned on their side, `[SIZE, padded length]`.
    keys: Vec<f32>,
    /// Scores of up to [`ROWS`] pieces, `[ROWS, padded length]`.
    scores: Vec<f32>,
}

/// `out` (rows of `width`) becomes what attention makes of `qkv` (rows of query, key, value: `3 * width`).
pub(super) fn attend(qkv: &[f32], width: usize, scratch: &mut Scratch, out: &mut [f32]) {
    let length = qkv.len() / (3 * width);
    let padded = length.next_multiple_of(64);
    scratch.keys.resize(SIZE * padded, 0.0);
    scratch.scores.resize(ROWS * padded, 0.0);
    for head in (0..width).step_by(SIZE) {
        for (place, row) in qkv.chunks_exact(3 * width).enumerate() {
            for (k, key) in row[width + head..][..SIZE].iter().enumerate() {
                scratch.keys[k * padded + place] = *key;
            }
        }
        for start in (0..length).step_by(ROWS) {
            // Fewer rows at the end of the window: the last ones are found again rather than in a way of their own.
            let rows = ROWS.min(length);
            let start = start.min(length - rows);
            let look = Look { qkv, width, head, start, rows, keys: &scratch.keys, scores: &mut scratch.scores };
            look.dispatch();
            for row in scratch.scores.chunks_exact_mut(padded).take(rows) {
                rten_vecmath::Softmax::new_mut(&mut row[..length]).dispatch();
            }
            Mix { qkv, width, head, start, rows, scores: &scratch.scores, out: &mut *out }.dispatch();
        }
    }
}

/// Scores of the pieces `start..start + rows` towards all.
struct Look<'a> {
    qkv: &'a [f32],
    width: usize,
    head: usize,
    start: usize,
    rows: usize,
    keys: &'a [f32],
    scores: &'a mut [f32],
}

impl SimdOp for Look<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let (lanes, padded) = (ops.len(), self.keys.len() / SIZE);
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let scale = (SIZE as f32).sqrt().recip();
        let mut queries = [[0.0_f32; SIZE]; ROWS];
        for (r, query) in queries.iter_mut().enumerate().take(self.rows) {
            let from = &self.qkv[(self.start + r) * 3 * self.width + self.head..][..SIZE];
            for (to, from) in query.iter_mut().zip(from) {
                *to = from * scale;
            }
        }
        for first in (0..padded).step_by(lanes * VECTORS) {
            let mut sums = [[ops.zero(); VECTORS]; ROWS];
            for (k, keys) in self.keys.chunks_exact(padded).enumerate() {
                let keys = ops.load_many::<VECTORS>(&keys[first..]);
                for (sums, query) in sums.iter_mut().zip(&queries) {
                    let query = ops.splat(query[k]);
                    for (sum, key) in sums.iter_mut().zip(keys) {
                        *sum = ops.mul_add(query, key, *sum);
                    }
                }
            }
            for (sums, row) in sums.into_iter().zip(self.scores.chunks_exact_mut(padded)) {
                for (sum, out) in sums.into_iter().zip(row[first..].chunks_exact_mut(lanes)) {
                    ops.store(sum, out);
                }
            }
        }
    }
}

/// Values of all pieces, mixed by the scores of `rows` of them.
struct Mix<'a> {
    qkv: &'a [f32],
    width: usize,
    head: usize,
    start: usize,
    rows: usize,
    scores: &'a [f32],
    out: &'a mut [f32],
}

impl SimdOp for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let (lanes, padded) = (ops.len(), self.scores.len() / ROWS);
        let scores: [&[f32]; ROWS] = std::array::from_fn(|r| &self.scores[r * padded..][..padded]);
        for first in (self.head..self.head + SIZE).step_by(lanes * 2) {
            let mut sums = [[ops.zero(); 2]; ROWS];
            for (place, row) in self.qkv.chunks_exact(3 * self.width).enumerate() {
                let values = ops.load_many::<2>(&row[2 * self.width + first..]);
                for (sums, scores) in sums.iter_mut().zip(scores) {
                    let score = ops.splat(scores[place]);
                    sums[0] = ops.mul_add(score, values[0], sums[0]);
                    sums[1] = ops.mul_add(score, values[1], sums[1]);
                }
            }
            for (r, sums) in sums.into_iter().enumerate().take(self.rows) {
                let out = &mut self.out[(self.start + r) * self.width + first..][..lanes * 2];
                ops.store(sums[0], &mut out[..lanes]);
                ops.store(sums[1], &mut out[lanes..]);
            }
        }
    }
}
