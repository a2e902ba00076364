//! Our own engine for our own network: MiniLM (six post-norm transformer layers, as BERT's) with all heads in one map.
//!
//! Whole-number kernels for linear maps, floats for the rest, buffers kept from window to window. Padding does not
//! arise: every window is read at its own length.

use super::attention::{self, attend};
use super::kernel::{Kernel, Pairs};
use super::linear::{Linear, Quantised};
use super::rows::{Norm, gelu};
use super::weights::{Constants, Table, WeightsError};
use super::{Encoder, Idle, Window};

/// Rows that go through the wide part of a layer together, so that what is between stays near the processor; some more where the kernel
/// likes that.
const TOGETHER: usize = 48;

/// The weights, packed for the kernels.
pub(crate) struct Native {
    kernel: Kernel,
    pairs: Option<Pairs>,
    width: usize,
    pieces: Table,
    positions: Vec<f32>,
    features: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: Linear,
    idle: Idle<Scratch>,
}

struct Layer {
    qkv: Linear,
    output: Linear,
    norm1: Norm,
    up: Linear,
    down: Linear,
    norm2: Norm,
}

/// Buffers of one window on its way.
#[derive(Default)]
struct Scratch {
    rows: Vec<f32>,
    qkv: Vec<f32>,
    more: Vec<f32>,
    wide: Vec<f32>,
    quantised: Quantised,
    /// Kept apart, so that neither is cleared to take the size of the other.
    widened: Quantised,
    attention: attention::Scratch,
}

impl Native {
    /// Packs the weights of a `.rten` file; the table of word pieces stays where it is.
    ///
    /// # Errors
    /// When the file is none or holds another network.
    pub(crate) fn load(file: &'static [u8]) -> Result<Self, WeightsError> {
        let constants = Constants::of_rten(file)?;
        let missing = |what: &str| WeightsError::Missing(what.to_owned());
        let stem = "model.encoder.piece.weight";
        let pieces = Table::load(&constants, &format!("{stem}.int8"), &format!("{stem}.scale"))?;
        let width = pieces.width;
        let table = |name: &str| constants.rows(&format!("model.encoder.{name}.weight"), width);
        let names = constants.numbered("onnx::MatMul_", "_quantized");
        let (heads, layers) = names.split_last().ok_or_else(|| missing("linear maps"))?;
        let layer = |(n, names): (usize, &[String; 4])| {
            let stem = format!("model.encoder.layers.{n}");
            let map = |k: usize, part: &str| Linear::load(&constants, &names[k], &format!("{stem}.{part}.bias"));
            let norm = |part: &str| Norm::load(&constants, &format!("{stem}.{part}"), width);
            Ok(Layer {
                qkv: map(0, "qkv")?,
                output: map(1, "o")?,
                norm1: norm("norm1")?,
                up: map(2, "up")?,
                down: map(3, "down")?,
                norm2: norm("norm2")?,
            })
        };
        Ok(Self {
            kernel: Kernel::best(),
            pairs: Pairs::here(),
            width,
            pieces,
            positions: table("position")?,
            features: table("feature")?,
            norm: Norm::load(&constants, "model.encoder.norm", width)?,
            layers: layers.as_chunks::<4>().0.iter().enumerate().map(layer).collect::<Result<_, WeightsError>>()?,
            heads: Linear::load(&constants, heads, "model.heads.bias")?,
            idle: Idle::default(),
        })
    }

    /// Piece + position + feature, normalised, into `rows`.
    fn embed(&self, ids: &[i32], feat: &[i32], buffers: &mut Scratch) {
        let width = self.width;
        let index = |n: i32| usize::try_from(n).unwrap_or(0);
        buffers.rows.resize(ids.len() * width, 0.0);
        buffers.more.resize(ids.len() * width, 0.0);
        for (place, (&id, &kind)) in ids.iter().zip(feat).enumerate() {
            let range = place * width..(place + 1) * width;
            for (x, piece) in buffers.rows[range.clone()].iter_mut().zip(self.pieces.row(index(id))) {
                *x = piece;
            }
            let added = self.positions[range.clone()].iter().zip(&self.features[index(kind) * width..]);
            for (y, (position, feature)) in buffers.more[range].iter_mut().zip(added) {
                *y = position + feature;
            }
        }
        self.norm.add_and_apply(&mut buffers.rows, &buffers.more);
    }

    /// One layer over all rows; of what it gives only the rows at `places` are kept where they are named.
    fn layer(&self, layer: &Layer, places: Option<&[usize]>, buffers: &mut Scratch) {
        let Scratch { rows, qkv, more, wide, quantised, widened, attention } = buffers;
        let (kernel, width) = (self.kernel, self.width);
        qkv.resize(rows.len() * 3, 0.0);
        quantised.fill(rows, width);
        layer.qkv.apply(kernel, quantised, qkv);
        attend(self.pairs, qkv, width, attention, more);
        if let Some(places) = places {
            keep(rows, width, places);
            keep(more, width, places);
        }
        quantised.fill(more, width);
        layer.output.apply(kernel, quantised, more);
        layer.norm1.add_and_apply(rows, more);
        let (least, most) = kernel.rows().into_inner();
        let (together, mut left) = (TOGETHER.next_multiple_of(most), &mut rows[..]);
        while !left.is_empty() {
            // The last ones are more rather than fewer than the kernel likes.
            let count = if left.len() < (together + least) * width { left.len() } else { together * width };
            let (rows, later) = std::mem::take(&mut left).split_at_mut(count);
            left = later;
            wide.resize(rows.len() / width * layer.up.outputs, 0.0);
            quantised.fill(rows, width);
            layer.up.apply(kernel, quantised, wide);
            gelu(wide);
            widened.fill(wide, layer.up.outputs);
            let more = &mut more[..rows.len()];
            layer.down.apply(kernel, widened, more);
            layer.norm2.add_and_apply(rows, more);
        }
    }
}

/// Of rows of `width` only those at `places`, which ascend, are left.
fn keep(rows: &mut Vec<f32>, width: usize, places: &[usize]) {
    for (k, place) in places.iter().enumerate() {
        rows.copy_within(place * width..(place + 1) * width, k * width);
    }
    rows.truncate(places.len() * width);
}

impl Encoder for Native {
    fn encode(&self, window: &Window) -> Vec<f32> {
        self.idle.lend(Scratch::default, |buffers| {
            self.embed(&window.ids, &window.feat, buffers);
            for (layer, left) in self.layers.iter().zip((0..self.layers.len()).rev()) {
                self.layer(layer, (left == 0).then_some(&window.places), buffers);
            }
            let Scratch { rows, quantised, .. } = buffers;
            quantised.fill(rows, self.width);
            let mut out = vec![0.0; window.places.len() * self.heads.outputs];
            self.heads.apply(self.kernel, quantised, &mut out);
            out
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_gives_the_same_numbers_of_a_whole_window() {
        let mut native =
            Native::load(include_bytes!("../../../../../models/sayso.rten")).expect("the embedded weights");
        // Fewer than fill a tile; one chunk that ends within a tile; two of which the second ends so.
        for length in [9, 70, 101] {
            let ids: Vec<i32> = (0..length).map(|k| 1000 + (k * 7919 + length) % 29_000).collect();
            let feat: Vec<i32> = (0..length).map(|k| k % 64).collect();
            let window = Window { places: (0..ids.len()).filter(|k| k % 4 != 3).collect(), ids, feat };
            let mut encode = |kernel| {
                native.kernel = kernel;
                native.encode(&window)
            };
            let expected = encode(Kernel::Portable);
            for kernel in Kernel::testable() {
                assert!(encode(kernel) == expected, "{kernel:?} at {length}");
            }
        }
    }
}
