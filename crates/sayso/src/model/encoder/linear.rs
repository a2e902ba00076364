//! Linear maps in 8-bit whole numbers: rows of activations, each with its own scale, times packed weights.

use std::ops::Range;

use rten_simd::ops::{BitOps, FloatOps, NumOps};
use rten_simd::{Isa, SimdOp};

use super::kernel::{Block, Kernel, STRIPE};
use super::weights::{Constants, WeightsError};

/// What is added to an activation of -127..=127 to make it unsigned, as the kernels want it.
pub(super) const ZERO: u8 = 128;

/// Rows of activations as unsigned 8-bit numbers around [`ZERO`], with the scale of each row.
#[derive(Debug, Default)]
pub(super) struct Quantised {
    pub(super) values: Vec<u8>,
    pub(super) scales: Vec<f32>,
}

impl Quantised {
    /// Replaces what is held by `rows` of `width` numbers each.
    pub(super) fn fill(&mut self, rows: &[f32], width: usize) {
        self.values.resize(rows.len(), ZERO);
        self.scales.resize(rows.len() / width, 0.0);
        Quantise { rows, width, into: self }.dispatch();
    }
}

/// Activations that are made into whole numbers at once: some vectors of them.
pub(super) const AT_ONCE: usize = 64;

/// Activations of -127..=127 as the kernels want them, as many as `out` has room for.
#[inline(always)]
pub(super) fn unsigned(whole: &[i32; AT_ONCE], out: &mut [u8]) {
    // All of them whatever is wanted: a fixed number stays in vectors.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1..=255")]
    let unsigned = whole.map(|whole| (whole + i32::from(ZERO)) as u8);
    match out.as_mut_array::<AT_ONCE>() {
        Some(out) => *out = unsigned,
        None => out.copy_from_slice(&unsigned[..out.len()]),
    }
}

/// Each row to its largest magnitude = 127.
struct Quantise<'a> {
    rows: &'a [f32],
    width: usize,
    into: &'a mut Quantised,
}

impl SimdOp for Quantise<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (f32s, i32s) = (isa.f32(), isa.i32());
        let lanes = f32s.len();
        let rows = self.rows.chunks_exact(self.width).zip(self.into.values.chunks_exact_mut(self.width));
        for ((row, out), scale) in rows.zip(&mut self.into.scales) {
            let mut largest = f32s.zero();
            for part in row.chunks_exact(lanes) {
                largest = f32s.max(largest, f32s.abs(f32s.load(part)));
            }
            let largest = f32s.fold_splat(largest, 1e-9, |a, b| if a > b { a } else { b });
            let largest = {
                let mut one = [0.0_f32; 64];
                f32s.store(largest, &mut one[..lanes]);
                one[0]
            };
            *scale = largest / 127.0;
            let by = f32s.splat(127.0 / largest);
            for (row, out) in row.chunks(AT_ONCE).zip(out.chunks_mut(AT_ONCE)) {
                let mut whole = [0; AT_ONCE];
                for (part, whole) in row.chunks_exact(lanes).zip(whole.chunks_exact_mut(lanes)) {
                    i32s.store(f32s.to_int_round(f32s.mul(f32s.load(part), by)), whole);
                }
                unsigned(&whole, out);
            }
        }
    }
}

/// A linear map: 8-bit weights packed for the kernels, a scale and a bias an output.
pub(super) struct Linear {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Stripes of [`STRIPE`] outputs, each `inputs / 4` pairs of blocks.
    blocks: Vec<Block>,
    /// For each output what [`ZERO`] adds to its sum.
    pub(super) shift: Vec<i32>,
    pub(super) scale: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// The map that the exporter calls `name`: weights `[inputs, outputs]`, their scales and its bias.
    pub(super) fn load(constants: &Constants<'_>, name: &str, bias: &str) -> Result<Self, WeightsError> {
        let (weights, [inputs, outputs]) = constants.bytes(name)?;
        let stem = name.strip_suffix("_quantized").unwrap_or(name);
        let scale = constants.floats(&format!("{stem}_scale"), outputs)?;
        Ok(Self::pack(weights, inputs, scale, constants.floats(bias, outputs)?))
    }

    /// Packs weights `[inputs, outputs]` (signed), with a scale and a bias an output.
    pub(super) fn pack(weights: &[u8], inputs: usize, mut scale: Vec<f32>, mut bias: Vec<f32>) -> Self {
        let outputs = scale.len();
        let stripes = outputs.div_ceil(STRIPE);
        scale.resize(stripes * STRIPE, 0.0);
        bias.resize(stripes * STRIPE, 0.0);
        let mut shift = vec![0; stripes * STRIPE];
        let mut blocks = vec![Block::default(); stripes * inputs.div_ceil(4) * 2];
        for (input, row) in weights.chunks_exact(outputs).enumerate() {
            for (output, &weight) in row.iter().enumerate() {
                let (stripe, column) = (output / STRIPE, output % STRIPE);
                let block = (stripe * inputs.div_ceil(4) + input / 4) * 2 + column / 16;
                blocks[block].0[column % 16 * 4 + input % 4] = weight.cast_signed();
                shift[output] += i32::from(ZERO) * i32::from(weight.cast_signed());
            }
        }
        Self { inputs, outputs, blocks, shift, scale, bias }
    }

    /// `out` (rows of `outputs` numbers) becomes the map of `rows`.
    pub(super) fn apply(&self, kernel: Kernel, rows: &Quantised, out: &mut [f32]) {
        let (depth, count) = (self.inputs.div_ceil(4), rows.scales.len());
        let kernel = kernel.ready(count, self.inputs);
        let mut sums = [[0_i32; STRIPE]; Kernel::ROWS];
        for (stripe, blocks) in self.blocks.chunks_exact(depth * 2).enumerate() {
            let first = stripe * STRIPE;
            let columns = first..self.outputs.min(first + STRIPE);
            for Range { start, end } in kernel.parts(count) {
                let values = &rows.values[start * self.inputs..end * self.inputs];
                kernel.multiply(values, self.inputs, blocks, &mut sums[..end - start]);
                let wide = [&self.scale[first..][..STRIPE], &self.bias[first..][..STRIPE]];
                let finish = Finish {
                    sums: &sums[..end - start],
                    scales: &rows.scales[start..end],
                    shift: &self.shift[first..][..STRIPE],
                    columns: wide,
                    out: &mut out[start * self.outputs + columns.start..],
                    stride: self.outputs,
                    width: columns.len(),
                };
                finish.dispatch();
            }
        }
    }

    /// The sums of one row as whole numbers: with what [`ZERO`] adds to them, and as many as fill whole stripes.
    pub(super) fn sums(&self, kernel: Kernel, row: &[u8], sums: &mut Vec<[i32; STRIPE]>) {
        let depth = self.inputs.div_ceil(4);
        sums.resize(self.blocks.len() / (depth * 2), [0; STRIPE]);
        for (sums, blocks) in sums.iter_mut().zip(self.blocks.chunks_exact(depth * 2)) {
            kernel.multiply(row, self.inputs, blocks, std::slice::from_mut(sums));
        }
    }
}

/// Whole-number sums to floats: shift, scales of row and output, bias.
struct Finish<'a> {
    sums: &'a [[i32; STRIPE]],
    scales: &'a [f32],
    shift: &'a [i32],
    columns: [&'a [f32]; 2],
    out: &'a mut [f32],
    stride: usize,
    width: usize,
}

impl SimdOp for Finish<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        use rten_simd::ops::ToFloat;
        let (f32s, i32s) = (isa.f32(), isa.i32());
        let lanes = f32s.len();
        let [scale, bias] = self.columns;
        for (row, (sums, &by)) in self.sums.iter().zip(self.scales).enumerate() {
            let out = &mut self.out[row * self.stride..][..self.width];
            let by = f32s.splat(by);
            let mut last = [0.0_f32; STRIPE];
            let whole = out.len() == STRIPE;
            let into: &mut [f32] = if whole { &mut *out } else { &mut last };
            for k in (0..STRIPE).step_by(lanes) {
                let sum = i32s.to_float(i32s.sub(i32s.load(&sums[k..]), i32s.load(&self.shift[k..])));
                let by = f32s.mul(by, f32s.load(&scale[k..]));
                f32s.store(f32s.mul_add(sum, by, f32s.load(&bias[k..])), &mut into[k..]);
            }
            if !whole {
                let width = out.len();
                out.copy_from_slice(&last[..width]);
            }
        }
    }
}
