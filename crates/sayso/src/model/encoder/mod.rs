//! One window of word pieces to rows of head outputs. Behind a trait: how is nobody else's matter.
//!
//! The accurate network is run by two engines from the same file of weights: [`Native`], our own for this one network, and
//! [`Rten`], a general runtime, slower, the reference that the own one is tested against. The fast network is [`Recurrent`].

mod attention;
mod kernel;
mod linear;
mod native;
mod recurrent;
mod rows;
mod rten;
mod weights;

pub(crate) use native::Native;
pub(crate) use recurrent::Recurrent;
pub(crate) use rten::Rten;

/// What a network reads at once.
#[derive(Debug, Default)]
pub(crate) struct Window {
    /// Word pieces, `[CLS]` first and `[SEP]` last.
    pub(crate) ids: Vec<i32>,
    /// The features of each: those of its token.
    pub(crate) feat: Vec<i32>,
    /// The pieces whose rows are asked for, in order: 0 for `[CLS]`, then the first of each token.
    pub(crate) places: Vec<usize>,
}

/// A network. One call reads one window on one thread; calls may come from many threads at once.
pub(crate) trait Encoder: Send + Sync {
    /// Rows of all heads' columns, one for each of the window's places.
    fn encode(&self, window: &Window) -> Vec<f32>;
}
