//! One window of word pieces to rows of head outputs. Behind a trait: how is nobody else's matter.
//!
//! The accurate network is run by two engines from the same file of weights: [`Native`], our own for this one network, and
//! [`Rten`], a general runtime, slower, the reference that the own one is tested against. The fast network is [`Recurrent`].

use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// What a call needs for itself and the next one can use again: those that nobody uses now.
struct Idle<T>(Mutex<Vec<T>>);

impl<T> Default for Idle<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Idle<T> {
    /// Lends an idle one to `work`, or a new one where there is none.
    fn lend<R>(&self, make: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let mut one = self.all().pop().unwrap_or_else(make);
        let out = work(&mut one);
        self.all().push(one);
        out
    }

    fn all(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
