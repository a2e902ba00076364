//! Sayso reads reports of contested events and says, for every statement in them, on whose say-so
//! it stands.
//!
//! The data goes one way: bytes → [`intake`] → [`Report`](report::Report) → [`read`] →
//! [`Reading`](reading::Reading) → [`weigh`]. Every step is a pure function: no network, no clock,
//! no randomness, the same answer whatever the number of threads.

pub mod intake;
pub mod json;
pub mod model;
pub mod notice;
pub mod picture;
pub mod read;
pub mod reading;
pub mod report;
pub mod span;
#[cfg(feature = "tables")]
pub mod tables;
pub mod text;
pub mod weigh;
pub mod weighing;
