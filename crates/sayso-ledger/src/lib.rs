//! Captures, readings and decisions of a case, kept for ever: in one SQLite file, or in a PostgreSQL database that several share.
//!
//! Three things are kept, the rest is derived: *captures* (bytes as received, under their hash), *readings* (what one version of
//! the reader found in one report) and *decisions* (an append-only journal). Nothing derived is stored. In: captures with the
//! reports cut out of them and their readings. Out: the entries of a case, ready for [`sayso::weigh::weigh`]. May not happen: a
//! half report; a change of what was acknowledged.

mod kept;
mod postgres;
mod sqlite;
mod store;

pub mod custody;
pub mod export;
pub mod timestamp;

use std::path::Path;

pub use postgres::Postgres;
pub use sqlite::Sqlite;
pub use store::{Added, Capture, Damage, Error, Kept, Listed, RedactedReport, Redaction, Stamp, Store, Thing, User};

/// A ledger, whatever database is behind it.
pub type Ledger = Box<dyn Store + Send>;

/// Opens the ledger at a path or at `postgres://…`, making or migrating it as needed.
///
/// # Errors
/// When it cannot be opened, is no ledger, or is of a newer version.
pub fn open(place: &str) -> Result<Ledger, Error> {
    if is_address(place) { Ok(Box::new(Postgres::open(place)?)) } else { Ok(Box::new(Sqlite::open(Path::new(place))?)) }
}

/// Whether a place is a database's address, and no path.
#[must_use]
pub fn is_address(place: &str) -> bool {
    postgres::address::is_address(place)
}

/// A place as it may be shown: an address without its password.
#[must_use]
pub fn shown(place: &str) -> String {
    if is_address(place) { postgres::address::shown(place) } else { place.to_owned() }
}
