//! Each target of `targets/` feeds one of these.

mod holds;
#[cfg(feature = "ledger")]
pub mod ledger;

pub use holds::*;
