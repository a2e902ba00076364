//! What a ledger can do, whatever database is behind it.

use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, Entry as Line};

/// Bytes as received, and where and when they came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capture<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Path or URL.
    pub source: &'a str,
    /// When it was fetched, RFC 3339 UTC, if it was.
    pub fetched: Option<&'a str>,
    /// The response's headers, a line each.
    pub headers: Option<&'a str>,
}

/// What became of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// The same thing was there already; nothing changed.
    Known,
}

/// Something in the ledger that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// What: `capture`, `reading` or `decision`, with its key.
    pub what: String,
    /// A plain sentence.
    pub message: String,
}

/// Why the ledger could not do it. Every message tells what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database answered with an error.
    #[error(
        "the ledger could not be used: {0}. Check that the file is a Sayso ledger, that the disk has room and that you may write there"
    )]
    Database(#[from] rusqlite::Error),
    /// A newer program wrote it.
    #[error("this ledger is of version {found}, this program knows versions up to {known}: use a newer sayso")]
    Newer {
        /// The ledger's version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// What was stored does not parse.
    #[error("{what} in the ledger cannot be read back ({source}): run `sayso verify`")]
    Corrupt {
        /// What.
        what: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A decision names something that is not there.
    #[error("there is no decision {0} in the journal: `sayso log` lists them")]
    NoDecision(u64),
}

/// A ledger. One contract test (`tests/contract.rs`) holds every implementation to the same behaviour.
pub trait Store {
    /// Keeps a capture. The same bytes from the same source change nothing.
    ///
    /// # Errors
    /// When the database refuses.
    fn keep(&mut self, capture: &Capture<'_>) -> Result<Added, Error>;

    /// Puts a report of a capture and its reading into a case, whole or not at all. The same report read by the same reader
    /// changes nothing; read by a newer one, the reading is added and the newest counts.
    ///
    /// # Errors
    /// When the database refuses.
    fn put(&mut self, case: &str, entry: &Entry, reader: &str) -> Result<Added, Error>;

    /// Whether every report of a capture stands in the case as read by this reader: then an interrupted run may skip it.
    ///
    /// # Errors
    /// When the database refuses.
    fn has(&self, case: &str, sha256: &str, source: &str, reader: &str) -> Result<bool, Error>;

    /// Notes that every report of a capture is in the case.
    ///
    /// # Errors
    /// When the database refuses.
    fn done(&mut self, case: &str, sha256: &str, source: &str, reader: &str) -> Result<(), Error>;

    /// The entries of a case, by id.
    ///
    /// # Errors
    /// When the database refuses or what it holds does not parse.
    fn entries(&self, case: &str) -> Result<Vec<Entry>, Error>;

    /// The names of all cases, sorted.
    ///
    /// # Errors
    /// When the database refuses.
    fn cases(&self) -> Result<Vec<String>, Error>;

    /// Appends a decision to the case's journal and returns its number.
    ///
    /// # Errors
    /// When the database refuses, or the decision undoes one that is not there.
    fn decide(&mut self, case: &str, at: &str, by: &str, why: &str, decision: Decision) -> Result<u64, Error>;

    /// The case's journal, oldest first.
    ///
    /// # Errors
    /// When the database refuses or what it holds does not parse.
    fn journal(&self, case: &str) -> Result<Vec<Line>, Error>;

    /// Ids of the reports whose text holds the words, best first.
    ///
    /// # Errors
    /// When the database refuses.
    fn search(&self, case: &str, words: &str) -> Result<Vec<String>, Error>;

    /// Everything that is not as it was written.
    ///
    /// # Errors
    /// When the database refuses.
    fn verify(&self) -> Result<Vec<Damage>, Error>;
}
