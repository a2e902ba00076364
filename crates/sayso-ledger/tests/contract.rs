//! Every ledger behaves the same: one contract, run on each implementation.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sayso::reading::Reading;
use sayso::report::Report;
use sayso::weigh::Entry;
use sayso::weigh::decision::Decision;
use sayso::weighing::MentionKey;
use sayso_ledger::{Added, Capture, Error, Sqlite, Store};

fn entry(id: &str, text: &str) -> Entry {
    let report = Report { id: id.into(), sha256: "aa".into(), text: text.into(), ..Report::default() };
    Entry { report, reading: Reading::default() }
}

fn capture(bytes: &[u8]) -> Capture<'_> {
    Capture { bytes, source: "page.html", fetched: None, headers: None }
}

/// A capture under the hash that the entries name.
fn with_capture(ledger: &mut impl Store, entry: &mut Entry, bytes: &[u8]) {
    use sha2::{Digest, Sha256};
    ledger.keep(&capture(bytes)).unwrap();
    entry.report.sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
}

fn contract(mut ledger: impl Store) {
    assert_eq!(ledger.keep(&capture(b"bytes")).unwrap(), Added::New);
    assert_eq!(ledger.keep(&capture(b"bytes")).unwrap(), Added::Known, "the same capture twice changes nothing");

    let mut one = entry("r1", "Флот said “no”.");
    assert!(ledger.put("case", &one, "v1").is_err(), "no report without its capture");
    assert!(ledger.entries("case").unwrap().is_empty(), "and nothing of it is left");
    with_capture(&mut ledger, &mut one, b"bytes");
    assert_eq!(ledger.put("case", &one, "v1").unwrap(), Added::New);
    assert_eq!(ledger.put("case", &one, "v1").unwrap(), Added::Known);
    let mut newer = one.clone();
    newer.reading.notices = vec![sayso::notice::Notice::new(sayso::notice::Code::NoDate, "no date")];
    assert_eq!(ledger.put("case", &newer, "v2").unwrap(), Added::New);
    let back = ledger.entries("case").unwrap();
    assert_eq!((back.len(), back[0].report.text.as_str(), &back[0].reading), (1, "Флот said “no”.", &newer.reading));
    assert_eq!(ledger.entries("another").unwrap().len(), 0);
    assert_eq!(ledger.cases().unwrap(), ["case"]);

    assert!(!ledger.has("case", "aa", "page.html", "v1").unwrap());
    ledger.done("case", "aa", "page.html", "v1").unwrap();
    ledger.done("case", "aa", "page.html", "v1").unwrap();
    assert!(ledger.has("case", "aa", "page.html", "v1").unwrap());
    assert!(!ledger.has("case", "aa", "page.html", "v2").unwrap(), "a new reader reads again");

    let reject = Decision::Reject { mention: MentionKey { report: "r1".into(), start: 0 } };
    assert_eq!(ledger.decide("case", "2026-01-01T00:00:00Z", "ed", "not said", reject.clone()).unwrap(), 1);
    assert_eq!(ledger.decide("case", "2026-01-01T00:01:00Z", "ed", "", Decision::Undo { line: 1 }).unwrap(), 2);
    let undo = ledger.decide("case", "2026-01-01T00:02:00Z", "ed", "", Decision::Undo { line: 9 });
    assert!(matches!(undo, Err(Error::NoDecision(9))));
    let journal = ledger.journal("case").unwrap();
    assert_eq!((journal.len(), &journal[0].decision, journal[0].by.as_str()), (2, &reject, "ed"));

    assert_eq!(ledger.search("case", "флот").unwrap(), ["r1"]);
    assert_eq!(ledger.search("case", "\" OR *").unwrap(), Vec::<String>::new(), "words are never query syntax");
    assert_eq!(ledger.verify().unwrap(), []);
}

#[test]
fn sqlite_in_memory() {
    contract(Sqlite::in_memory().unwrap());
}

#[test]
fn sqlite_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    contract(Sqlite::open(&folder.path().join("a.db")).unwrap());
    let again = Sqlite::open(&folder.path().join("a.db")).unwrap();
    assert_eq!(again.journal("case").unwrap().len(), 2, "what was acknowledged stays");
}

#[test]
fn every_change_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    contract(Sqlite::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute("UPDATE blobs SET bytes = x'00'", []).unwrap();
    assert!(raw.execute("UPDATE decisions SET line = '{}'", []).is_err(), "the journal is append-only");
    raw.execute("DROP TRIGGER decisions_stay", []).unwrap();
    raw.execute("UPDATE decisions SET line = replace(line, 'ed', 'me') WHERE number = 1", []).unwrap();
    let named: Vec<String> = Sqlite::open(&path).unwrap().verify().unwrap().into_iter().map(|d| d.what).collect();
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(named[0].starts_with("capture ") && named[1] == "decision 1 of case case", "{named:?}");
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::Newer { found: 99, .. })));
}
