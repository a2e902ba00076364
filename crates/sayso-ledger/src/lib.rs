//! Captures, readings and decisions of a case, kept for ever: SQLite by default.
//!
//! Three things are kept, the rest is derived: *captures* (bytes as received, under their hash), *readings* (what one version of
//! the reader found in one report) and *decisions* (an append-only journal). Nothing derived is stored. In: captures with the
//! reports cut out of them and their readings. Out: the entries of a case, ready for [`sayso::weigh::weigh`]. May not happen: a
//! half report; a change of what was acknowledged.

mod migrate;
mod sqlite;
mod store;

pub mod export;
pub mod timestamp;

pub use sqlite::Sqlite;
pub use store::{Added, Capture, Damage, Error, Kept, Stamp, Store, User};
