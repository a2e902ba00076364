//! One window of word pieces to one row of head outputs a piece. Behind a trait: how is nobody else's matter.
//!
//! Two engines read the same file of weights: [`Native`], our own for this one network, and [`Rten`], a general runtime,
//! slower, the reference that the own one is tested against.

mod attention;
mod kernel;
mod linear;
mod native;
mod rows;
mod rten;
mod weights;

pub(crate) use native::Native;
pub(crate) use rten::Rten;

/// The network. One call reads one window on one thread; calls may come from many threads at once.
pub(crate) trait Encoder: Send + Sync {
    /// `ids` and `feat` of one window, `[CLS]` and `[SEP]` included, to rows of all heads' columns, one a piece.
    fn encode(&self, ids: &[i32], feat: &[i32]) -> Vec<f32>;
}
