//! What a ledger can do, whatever database is behind it.

use std::collections::BTreeMap;

use sayso::intake::redact::Words;
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, Entry as Line, Redacted};
use sayso::weighing::MentionKey;

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

/// What is known about a capture that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// When it was fetched, RFC 3339 UTC.
    pub fetched: Option<String>,
    /// The response's headers, a line each.
    pub headers: Option<String>,
}

/// What became of an addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// It is new, and another report has the id that it came with: it is kept under this one.
    NewAs(String),
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

/// Somebody who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name under which decisions are kept.
    pub name: String,
    /// `reader`, `reviewer` or `owner`.
    pub role: String,
    /// The password's hash in PHC form.
    pub hash: String,
    /// Since when, RFC 3339 UTC.
    pub since: String,
}

/// One thing that a ledger keeps, as it is kept: what a copy is made of.
#[expect(missing_docs, reason = "the fields are what the tables say")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// Bytes as received.
    Blob { sha256: String, bytes: Vec<u8> },
    /// Where and when they came from.
    Capture { source: String, kept: Kept, checksum: Option<String> },
    /// A case.
    Case { case: String },
    /// A report; `meta` is JSON.
    Report { case: String, id: String, sha256: String, meta: String, text: String, checksum: Option<String> },
    /// A reading, as JSON.
    Reading { case: String, report: String, reader: String, reading: String, sha256: String },
    /// A capture whose reports are all in a case.
    Finished { case: String, sha256: String, source: String, reader: String },
    /// A line of a journal, as JSON, with the hash of the one before.
    Decision { case: String, number: u64, line: String, before: String, hash: String },
    /// The last line of a journal.
    Head { case: String, number: u64, hash: String },
    /// A list of all that a case rests on.
    Listed { case: String, listed: Listed },
    /// Somebody who may log in.
    User(User),
}

/// A list of all that a case rests on (see [`crate::custody`]), and what an authority answered to its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The list.
    pub list: String,
    /// The answer; empty while none has come.
    pub answer: Vec<u8>,
}

/// How far a case has come. Readings and decisions are only ever added: equal stamps are equal cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stamp {
    /// How many readings it has, of every version of the reader.
    pub readings: u64,
    /// How many lines its journal has.
    pub decisions: u64,
}

impl Stamp {
    /// One number that grows with every change of the case.
    #[must_use]
    pub fn version(self) -> u64 {
        self.readings + self.decisions
    }

    /// Whether what was made at this stamp holds all that was there at another: neither readings nor decisions ever grow fewer.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.readings >= other.readings && self.decisions >= other.decisions
    }
}

/// Words to be taken out of a ledger for ever: what is kept from now on.
#[derive(Debug, Clone, Copy)]
pub struct Redaction<'a> {
    /// The words: addresses lose them, too.
    pub words: &'a [Words],
    /// Captures that held them, and their bytes without.
    pub captures: &'a [(Redacted, Vec<u8>)],
    /// The web archives inside of captures (WACZ) that are others now.
    pub inside: &'a [Redacted],
    /// Reports that held them.
    pub reports: &'a [RedactedReport],
    /// Who read those anew.
    pub reader: &'a str,
    /// When, RFC 3339 UTC.
    pub at: &'a str,
    /// Who.
    pub by: &'a str,
    /// Why, without the words.
    pub why: &'a str,
}

/// A report out of which words are taken.
#[derive(Debug, Clone, PartialEq)]
pub struct RedactedReport {
    /// Its case.
    pub case: String,
    /// It, and its reading, without the words.
    pub entry: Entry,
    /// Where they stood.
    pub spans: Vec<Span>,
}

/// Why the ledger could not do it. Every message tells what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no room to write.
    #[error(
        "the disk is full, may not be written to or fails ({0}): what was acknowledged is kept; make room or look after the disk, then run the same again"
    )]
    NoRoom(String),
    /// Another process has held the ledger for too long.
    #[error("another process has been writing to the ledger for too long ({0}): run the same again when it is done")]
    Busy(String),
    /// It is something else.
    #[error("this is no Sayso ledger ({0}): name another with --ledger")]
    NoLedger(String),
    /// The database is broken.
    #[error("the ledger's database is damaged ({0}): `sayso verify` tells what; restore it from a copy")]
    Damaged(String),
    /// It cannot be opened or written.
    #[error("the ledger cannot be opened or written here ({0}): check that it is there and that you may write to it")]
    NoAccess(String),
    /// The database answered with another error.
    #[error("the ledger could not be used: {0}. Check that it is a Sayso ledger and that you may write to it")]
    Database(String),
    /// The database's server does not answer.
    #[error(
        "the database cannot be reached ({0}): check the address and that PostgreSQL runs there, then run the same again"
    )]
    NoServer(String),
    /// The address cannot be understood. It is not repeated: it may hold a password.
    #[error(
        "this is no address of a PostgreSQL database: {0}. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with % codes for signs in the password"
    )]
    NoAddress(String),
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
    /// A copy would overwrite something.
    #[error("the ledger has something in it already: name an empty one, or one that is not there yet, with --ledger")]
    NotEmpty,
    /// What was copied is not as it was written.
    #[error("{} of what was copied is not as it was written, first {}: {}. Nothing was kept; `sayso verify` tells all", .0.len(), .0[0].what, .0[0].message)]
    Unsound(Vec<Damage>),
    /// A decision names something that is not there.
    #[error("there is no decision {0} in the journal: `sayso log` lists them")]
    NoDecision(u64),
    /// A decision that cannot be taken back.
    #[error("decision {0} took words out for ever: there is nothing left to bring back")]
    ForEver(u64),
    /// Words were taken out of these bytes.
    #[error("words were taken out of these bytes (SHA-256 {0}): as they were received they are not kept again")]
    Redacted(String),
    /// Something was changed between looking and writing.
    #[error("{0} was changed by somebody meanwhile: look again, then run the same again")]
    Meanwhile(String),
}

/// A ledger. One contract test (`tests/contract.rs`) holds every implementation to the same behaviour.
pub trait Store {
    /// Keeps a capture. The same bytes from the same source change nothing.
    ///
    /// # Errors
    /// When the database refuses.
    fn keep(&mut self, capture: &Capture<'_>) -> Result<Added, Error>;

    /// Puts reports and their readings into a case, all of them or none; each with the hash of the capture it was cut out of. The
    /// same report read by the same reader changes nothing; read by a newer one, the reading is added and the newest counts.
    ///
    /// The same report: the same record of the same capture; or the same text of the same outlet and URL, under the same id or,
    /// where the ids are made from the bytes, from the same source. Another report under a taken id is kept as
    /// [`Added::NewAs`].
    ///
    /// # Errors
    /// When the database refuses.
    fn put(&mut self, case: &str, reader: &str, reports: &[(&str, &Entry)]) -> Result<Vec<Added>, Error>;

    /// Whether the case has this report of a capture as read by this reader.
    ///
    /// # Errors
    /// When the database refuses.
    fn knows(&self, case: &str, reader: &str, capture: &str, report: &Report) -> Result<bool, Error>;

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
    fn entries(&self, case: &str) -> Result<Vec<Entry>, Error> {
        Ok(self.entries_since(case, 0)?.0)
    }

    /// The entries of a case, by id, whose newest reading came after a mark; and the mark to ask with the next time. After 0 come all.
    ///
    /// # Errors
    /// When the database refuses or what it holds does not parse.
    fn entries_since(&self, case: &str, mark: u64) -> Result<(Vec<Entry>, u64), Error>;

    /// Captures of one source, oldest first: hash, when it was fetched, headers.
    ///
    /// # Errors
    /// When the database refuses.
    fn captures(&self, source: &str) -> Result<Vec<Kept>, Error>;

    /// The bytes that a report was cut out of; none when the case has no such report.
    ///
    /// # Errors
    /// When the database refuses.
    fn original(&self, case: &str, report: &str) -> Result<Option<Vec<u8>>, Error>;

    /// The bytes of a capture, by their hash.
    ///
    /// # Errors
    /// When the database refuses.
    fn bytes(&self, sha256: &str) -> Result<Option<Vec<u8>>, Error>;

    /// When the bytes of each report of a case were first received, by the report's id; none where nobody noted it.
    ///
    /// # Errors
    /// When the database refuses.
    fn received(&self, case: &str) -> Result<BTreeMap<String, Option<String>>, Error>;

    /// The names of all cases, sorted.
    ///
    /// # Errors
    /// When the database refuses.
    fn cases(&self) -> Result<Vec<String>, Error>;

    /// How far a case has come; nothing at all when it is not there.
    ///
    /// # Errors
    /// When the database refuses.
    fn stamp(&self, case: &str) -> Result<Stamp, Error>;

    /// A number that differs from the last one when another connection has written to the ledger since; costs next to nothing to ask.
    ///
    /// # Errors
    /// When the database refuses.
    fn touched(&self) -> Result<u64, Error>;

    /// Waits until another connection has written, or for a while where that cannot be told: `touched` says whether there is something.
    ///
    /// # Errors
    /// When the database refuses.
    fn wait(&self) -> Result<(), Error>;

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

    /// Everybody who may log in, by name.
    ///
    /// # Errors
    /// When the database refuses.
    fn users(&self) -> Result<Vec<User>, Error>;

    /// Lets somebody log in; a user of the same name is replaced.
    ///
    /// # Errors
    /// When the database refuses, or the role is none.
    fn put_user(&mut self, user: &User) -> Result<(), Error>;

    /// Lets somebody log in no longer. Out: whether the name was known.
    ///
    /// # Errors
    /// When the database refuses.
    fn remove_user(&mut self, name: &str) -> Result<bool, Error>;

    /// Ids of the reports whose text holds the words, best first.
    ///
    /// # Errors
    /// When the database refuses.
    fn search(&self, case: &str, words: &str) -> Result<Vec<String>, Error>;

    /// Where the statements of the newest readings stand that hold all the words, or words that begin so, best first: a claim whose
    /// mention stands there is stated in these words.
    ///
    /// # Errors
    /// When the database refuses.
    fn said(&self, case: &str, words: &str) -> Result<Vec<MentionKey>, Error>;

    /// Everything that is not as it was written.
    ///
    /// # Errors
    /// When the database refuses.
    fn verify(&self) -> Result<Vec<Damage>, Error>;

    /// Takes words out: captures, reports and readings are replaced, all of it or nothing, with a line in the journal of each case whose
    /// report held them. Out: the numbers of those lines. What a database still holds of the words goes with [`Store::forget`].
    ///
    /// # Errors
    /// When the database refuses, or a report or a capture is no longer what it was.
    fn redact(&mut self, redaction: &Redaction<'_>) -> Result<Vec<u64>, Error>;

    /// Overwrites what the database holds of things that are no longer kept, as far as it can.
    ///
    /// # Errors
    /// When the database refuses, or others use it so that it cannot.
    fn forget(&mut self) -> Result<(), Error>;

    /// Gives everything there is as of one moment, in an order in which it can be put in again.
    ///
    /// # Errors
    /// When the database refuses, or whoever takes it.
    fn everything(&self, take: &mut dyn FnMut(Thing) -> Result<(), Error>) -> Result<(), Error>;

    /// The same without the bytes of captures.
    ///
    /// # Errors
    /// When the database refuses, or whoever takes it.
    fn things(&self, take: &mut dyn FnMut(Thing) -> Result<(), Error>) -> Result<(), Error>;

    /// Keeps a list of what a case rests on; with an authority's answer it takes the place of the same list without one. The same twice
    /// changes nothing.
    ///
    /// # Errors
    /// When the database refuses.
    fn keep_list(&mut self, case: &str, listed: &Listed) -> Result<(), Error>;

    /// The lists of a case, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    fn lists(&self, case: &str) -> Result<Vec<Listed>, Error>;

    /// Takes in everything of another ledger, checked by its hashes: all of it or nothing. This one must be empty.
    ///
    /// # Errors
    /// When this one has something in it, when something is not as it was written, or when a database refuses.
    fn take_all(&mut self, from: &dyn Store) -> Result<(), Error>;
}
