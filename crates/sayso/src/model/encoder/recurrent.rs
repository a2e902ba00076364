//! The fast network: bidirectional LSTM layers (Hochreiter and Schmidhuber 1997; Graves and Schmidhuber 2005) over the tokens of a
//! window, with all heads in one map. Each token is one step: the sum of its pieces' embeddings and that of its features.
//!
//! `training/fast.py` makes it and says the same in Python. Weights and states are 8-bit whole numbers, gates and cells floats.

use rten_simd::ops::{BitOps, FloatOps, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp, SimdUnaryOp};
use rten_vecmath::{Sigmoid, Tanh};

use super::kernel::{Kernel, STRIPE};
use super::linear::{AT_ONCE, Linear, Quantised, ZERO, unsigned};
use super::weights::{Constants, Table, WeightsError};
use super::{Encoder, Idle, Window};

/// States lie within -1..=1: as 8-bit numbers they all have this scale.
const STATE: f32 = 1.0 / 127.0;

/// The weights, packed for the kernels.
pub(crate) struct Recurrent {
    kernel: Kernel,
    pieces: Table,
    features: Vec<f32>,
    layers: Vec<Layer>,
    heads: Linear,
    idle: Idle<Scratch>,
}

/// One layer: gates from its input for both directions side by side, and from the state before for each.
struct Layer {
    input: Linear,
    states: [Linear; 2],
}

/// Buffers of one window on its way.
#[derive(Default)]
struct Scratch {
    tokens: Vec<f32>,
    rows: Quantised,
    gates: Vec<f32>,
    sums: Vec<[i32; STRIPE]>,
    cells: Vec<f32>,
}

impl Recurrent {
    /// Packs the weights of a safetensors file; the table of word pieces stays where it is.
    ///
    /// # Errors
    /// When the file is none or holds another network.
    pub(crate) fn load(file: &'static [u8]) -> Result<Self, WeightsError> {
        let constants = Constants::of_safetensors(file)?;
        let pieces = Table::load(&constants, "piece.weight", "piece.scale")?;
        let map = |name: &str, biased: bool| -> Result<Linear, WeightsError> {
            let (weights, [inputs, outputs]) = constants.bytes(&format!("{name}.weight"))?;
            let part = |part| constants.floats(&format!("{name}.{part}"), outputs);
            let bias = if biased { part("bias")? } else { vec![0.0; outputs] };
            Ok(Linear::pack(weights, inputs, part("scale")?, bias))
        };
        let layer = |n: usize| -> Result<Layer, WeightsError> {
            let state = |side| map(&format!("layers.{n}.{side}"), false);
            Ok(Layer {
                input: map(&format!("layers.{n}.input"), true)?,
                states: [state("forward")?, state("backward")?],
            })
        };
        Ok(Self {
            kernel: Kernel::best(),
            features: constants.rows("feature.weight", pieces.width)?,
            pieces,
            layers: vec![layer(0)?, layer(1)?],
            heads: map("heads", true)?,
            idle: Idle::default(),
        })
    }

    /// The vectors of `[CLS]` and of each token, side by side. `[SEP]` has none.
    fn embed(&self, window: &Window, tokens: &mut Vec<f32>) {
        let index = |n: i32| usize::try_from(n).unwrap_or(0);
        let width = self.pieces.width;
        tokens.clear();
        let ends = window.places.iter().skip(1).copied().chain([window.ids.len() - 1]);
        for (&start, end) in window.places.iter().zip(ends) {
            let at = tokens.len();
            tokens.extend_from_slice(&self.features[index(window.feat[start]) * width..][..width]);
            for &id in &window.ids[start..end] {
                for (x, piece) in tokens[at..].iter_mut().zip(self.pieces.row(index(id))) {
                    *x += piece;
                }
            }
        }
    }

    /// `buffers.rows` becomes the states of both directions, side by side.
    fn layer(&self, layer: &Layer, buffers: &mut Scratch) {
        let Scratch { rows, gates, sums, cells, .. } = buffers;
        let steps = rows.scales.len();
        gates.resize(steps * layer.input.outputs, 0.0);
        layer.input.apply(self.kernel, rows, gates);
        let hidden = layer.states[0].inputs;
        rows.values.resize(steps * 2 * hidden, ZERO);
        rows.scales.fill(STATE);
        for (side, map) in layer.states.iter().enumerate() {
            cells.clear();
            cells.resize(hidden, 0.0);
            let mut state = vec![ZERO; hidden];
            for k in 0..steps {
                let step = if side == 0 { k } else { steps - 1 - k };
                map.sums(self.kernel, &state, sums);
                let from = step * layer.input.outputs + side * 4 * hidden;
                Step { sums: sums.as_flattened(), map, gates: &gates[from..][..4 * hidden], cells, state: &mut state }
                    .dispatch();
                rows.values[step * 2 * hidden + side * hidden..][..hidden].copy_from_slice(&state);
            }
        }
    }
}

impl Encoder for Recurrent {
    fn encode(&self, window: &Window) -> Vec<f32> {
        self.idle.lend(Scratch::default, |buffers| {
            self.embed(window, &mut buffers.tokens);
            buffers.rows.fill(&buffers.tokens, self.pieces.width);
            for layer in &self.layers {
                self.layer(layer, buffers);
            }
            let mut out = vec![0.0; window.places.len() * self.heads.outputs];
            self.heads.apply(self.kernel, &buffers.rows, &mut out);
            out
        })
    }
}

/// One step of one direction: gates (input, forget, new, output, each as wide as the state) to the next cells and state.
struct Step<'a> {
    /// What the state before gives to the gates, in whole numbers.
    sums: &'a [i32],
    /// Whose shift and scale make floats of them.
    map: &'a Linear,
    /// What the input gives.
    gates: &'a [f32],
    cells: &'a mut [f32],
    state: &'a mut [u8],
}

impl SimdOp for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let (f32s, i32s) = (isa.f32(), isa.i32());
        let (lanes, hidden) = (f32s.len(), self.cells.len());
        let by = f32s.splat(STATE);
        // No closure: one would not be compiled for the vector instructions.
        macro_rules! gate {
            ($at:expr) => {{
                let sum = i32s.to_float(i32s.sub(i32s.load(&self.sums[$at..]), i32s.load(&self.map.shift[$at..])));
                f32s.mul_add(sum, f32s.mul(by, f32s.load(&self.map.scale[$at..])), f32s.load(&self.gates[$at..]))
            }};
        }
        for (from, out) in (0..hidden).step_by(AT_ONCE).zip(self.state.chunks_mut(AT_ONCE)) {
            let mut whole = [0; AT_ONCE];
            for (at, whole) in (from..hidden).step_by(lanes).zip(whole.chunks_exact_mut(lanes)) {
                let keep = f32s.mul(Sigmoid {}.eval(isa, gate!(hidden + at)), f32s.load(&self.cells[at..]));
                let take = Sigmoid {}.eval(isa, gate!(at));
                let cell = f32s.mul_add(take, Tanh {}.eval(isa, gate!(2 * hidden + at)), keep);
                f32s.store(cell, &mut self.cells[at..]);
                let state = f32s.mul(Sigmoid {}.eval(isa, gate!(3 * hidden + at)), Tanh {}.eval(isa, cell));
                i32s.store(f32s.to_int_round(f32s.mul(state, f32s.splat(127.0))), whole);
            }
            unsigned(&whole, out);
        }
    }
}
