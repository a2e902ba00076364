//! What happens to each row by itself: normalisation after adding, the activation function.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};

use super::weights::{Constants, WeightsError};

/// As in BERT.
const EPSILON: f32 = 1e-12;

/// Layer normalisation: weight and bias a column.
pub(super) struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Norm {
    pub(super) fn load(constants: &Constants<'_>, name: &str, width: usize) -> Result<Self, WeightsError> {
        let part = |part| constants.floats(&format!("{name}.{part}"), width);
        Ok(Self { weight: part("weight")?, bias: part("bias")? })
    }

    /// Adds `more` to `rows` and normalises each row: mean 0, variance 1, then weight and bias.
    pub(super) fn add_and_apply(&self, rows: &mut [f32], more: &[f32]) {
        AddNorm { norm: self, rows, more }.dispatch();
    }
}

struct AddNorm<'a> {
    norm: &'a Norm,
    rows: &'a mut [f32],
    more: &'a [f32],
}

impl SimdOp for AddNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let (lanes, width) = (ops.len(), self.norm.weight.len());
        #[expect(clippy::cast_precision_loss, reason = "a few hundred columns")]
        let share = 1.0 / width as f32;
        for (row, more) in self.rows.chunks_exact_mut(width).zip(self.more.chunks_exact(width)) {
            let mut sum = ops.zero();
            for (x, y) in row.chunks_exact_mut(lanes).zip(more.chunks_exact(lanes)) {
                let both = ops.add(ops.load(x), ops.load(y));
                sum = ops.add(sum, both);
                ops.store(both, x);
            }
            let mean = ops.splat(ops.sum(sum) * share);
            let mut square = ops.zero();
            for x in row.chunks_exact(lanes) {
                let apart = ops.sub(ops.load(x), mean);
                square = ops.mul_add(apart, apart, square);
            }
            let by = ops.splat((ops.sum(square) * share + EPSILON).sqrt().recip());
            let columns = self.norm.weight.chunks_exact(lanes).zip(self.norm.bias.chunks_exact(lanes));
            for (x, (weight, bias)) in row.chunks_exact_mut(lanes).zip(columns) {
                let even = ops.mul(ops.sub(ops.load(x), mean), by);
                ops.store(ops.mul_add(even, ops.load(weight), ops.load(bias)), x);
            }
        }
    }
}

/// The activation between the two halves of a layer's feed-forward part (Hendrycks and Gimpel 2016), in place.
pub(super) fn gelu(numbers: &mut [f32]) {
    rten_vecmath::Gelu {}.map_mut(numbers);
}
