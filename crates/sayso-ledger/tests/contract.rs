//! Every ledger behaves the same: one contract, run on each implementation.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sayso::reading::{Act, Attribution, Kind, Reading};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::Entry;
use sayso::weigh::decision::Decision;
use sayso::weighing::MentionKey;
use sayso_ledger::{Added, Capture, Error, Sqlite, Store};

fn entry(id: &str, text: &str) -> Entry {
    let report = Report { id: id.into(), sha256: "aa".into(), text: text.into(), ..Report::default() };
    Entry { report, reading: Reading::default() }
}

/// A statement in an outlet's own voice.
fn statement(start: usize, end: usize) -> Attribution {
    let span = Span::new(start, end);
    Attribution {
        source: Vec::new(),
        cue: Vec::new(),
        content: vec![span],
        propositions: vec![span],
        kind: Kind::Voice,
        act: Act::Asserts,
        speaker: None,
        speaker_rule: String::new(),
        chain: Vec::new(),
        hedges: Vec::new(),
        confidence: 1.0,
        rule: "test".into(),
    }
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

fn all_or_nothing(ledger: &mut impl Store, capture: &str) {
    let (good, bad) = (entry("g1", "Good."), entry("b1", "Bad."));
    assert!(ledger.put("half", "v1", &[(capture, &good), ("no such capture", &bad)]).is_err());
    assert!(ledger.entries("half").unwrap().is_empty(), "a batch is kept whole or not at all");
}

/// Two reports with one id are both kept; the same one twice is not.
fn one_id_for_two(ledger: &mut impl Store, capture: &str) {
    let other = entry("r1", "Another text under the same id.");
    let Added::NewAs(id) = ledger
        .put("twins", "v1", &[(capture, &entry("r1", "One."))])
        .and_then(|_| {
            ledger.put(
                "twins",
                "v1",
                &[(capture, &Entry { report: Report { source: "b".into(), ..other.report.clone() }, ..other })],
            )
        })
        .unwrap()
        .remove(0)
    else {
        panic!("the second is kept under another id")
    };
    assert!(id.starts_with("r1~"), "{id}");
    let again = Entry {
        report: Report { source: "b".into(), ..entry("r1", "Another text under the same id.").report },
        reading: Reading::default(),
    };
    assert_eq!(ledger.put("twins", "v1", &[(capture, &again)]).unwrap(), [Added::Known]);
    let ids: Vec<String> = ledger.entries("twins").unwrap().into_iter().map(|e| e.report.id).collect();
    assert_eq!(ids, ["r1", id.as_str()]);
    let elsewhere = Entry {
        report: Report { url: Some("https://b".into()), ..entry("r1", "One.").report },
        reading: Reading::default(),
    };
    assert!(ledger.put("twins", "v1", &[("aa-other", &elsewhere)]).is_err(), "captures come first");
    ledger.keep(&Capture { bytes: b"x", source: "x", fetched: None, headers: None }).unwrap();
    let x = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    let added = ledger.put("twins", "v1", &[(x, &elsewhere)]).unwrap();
    assert!(matches!(added[0], Added::NewAs(_)), "the same text at two URLs is two reports");
    let page = |sha: &str| {
        let report = Report {
            id: sha[..16].into(),
            sha256: sha.into(),
            source: "https://a".into(),
            text: "A page.".into(),
            ..Report::default()
        };
        Entry { report, reading: Reading::default() }
    };
    assert_eq!(ledger.put("pages", "v1", &[(x, &page(x))]).unwrap(), [Added::New]);
    assert_eq!(
        ledger.put("pages", "v1", &[(capture, &page(capture))]).unwrap(),
        [Added::Known],
        "only the adverts changed"
    );
}

fn contract(mut ledger: impl Store) {
    assert_eq!(ledger.keep(&capture(b"bytes")).unwrap(), Added::New);
    assert_eq!(ledger.keep(&capture(b"bytes")).unwrap(), Added::Known, "the same capture twice changes nothing");

    let mut one = entry("r1", "Флот said “no”.");
    one.reading.attributions = vec![statement(0, 8)];
    assert!(ledger.put("case", "v1", &[("aa", &one)]).is_err(), "no report without its capture");
    assert!(ledger.entries("case").unwrap().is_empty(), "and nothing of it is left");
    with_capture(&mut ledger, &mut one, b"bytes");
    let capture_of = one.report.sha256.clone();
    let put = |ledger: &mut _, reader: &str, entry: &Entry| {
        Store::put(ledger, "case", reader, &[(&capture_of, entry)]).unwrap()
    };
    assert!(!ledger.knows("case", "v1", &capture_of, &one.report).unwrap());
    assert_eq!(put(&mut ledger, "v1", &one), [Added::New]);
    assert_eq!(put(&mut ledger, "v1", &one), [Added::Known]);
    assert!(ledger.knows("case", "v1", &capture_of, &one.report).unwrap());
    assert!(!ledger.knows("case", "v2", &capture_of, &one.report).unwrap());
    let mut newer = one.clone();
    newer.reading.attributions = vec![statement(9, one.report.text.len())];
    newer.reading.notices = vec![sayso::notice::Notice::new(sayso::notice::Code::NoDate, "no date")];
    assert_eq!(put(&mut ledger, "v2", &newer), [Added::New]);
    let back = ledger.entries("case").unwrap();
    assert_eq!((back.len(), back[0].report.text.as_str(), &back[0].reading), (1, "Флот said “no”.", &newer.reading));
    assert_eq!(ledger.entries("another").unwrap().len(), 0);
    all_or_nothing(&mut ledger, &capture_of);
    one_id_for_two(&mut ledger, &capture_of);
    assert_eq!(ledger.original("case", "r1").unwrap().as_deref(), Some(&b"bytes"[..]));
    assert_eq!(ledger.original("another", "r1").unwrap(), None);
    assert_eq!(ledger.received("case").unwrap().into_iter().collect::<Vec<_>>(), [("r1".to_owned(), None)]);
    let at = Some("2025-01-02T03:04:05Z");
    ledger.keep(&Capture { bytes: b"bytes", source: "again.html", fetched: at, headers: None }).unwrap();
    assert_eq!(ledger.received("case").unwrap()["r1"].as_deref(), at);
    assert_eq!(ledger.captures("page.html").unwrap().len(), 1);
    assert_eq!(ledger.cases().unwrap(), ["case", "pages", "twins"]);

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
    assert_eq!(
        ledger.said("case", "sai no").unwrap(),
        [MentionKey { report: "r1".into(), start: 9 }],
        "beginnings of words"
    );
    assert_eq!(ledger.said("case", "флот").unwrap(), [], "the newest reading alone");
    assert_eq!(ledger.said("another", "said").unwrap(), []);
    assert_eq!(ledger.said("case", "\" OR *").unwrap(), []);
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

/// What `verify` names after something was done to the file behind its back.
fn found_after(sql: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    contract(Sqlite::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "foreign_keys", false).unwrap();
    raw.execute_batch("DROP TRIGGER decisions_stay; DROP TRIGGER decisions_remain").unwrap();
    raw.execute_batch(sql).unwrap();
    drop(raw);
    Sqlite::open(&path).unwrap().verify().unwrap().into_iter().map(|damage| damage.what).collect()
}

#[test]
fn every_change_is_named() {
    let bytes = "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9";
    let capture = format!("capture {bytes}");
    assert_eq!(found_after(&format!("UPDATE blobs SET bytes = x'00' WHERE sha256 = '{bytes}'")), [capture.as_str()]);
    assert_eq!(found_after(&format!("DELETE FROM blobs WHERE sha256 = '{bytes}'")), [capture.as_str()]);
    let readings = "UPDATE readings SET reading = replace(reading, '[', '[ ') WHERE report = (SELECT min(row) FROM reports) AND reader = 'v2'";
    assert_eq!(found_after(readings), ["reading r1"]);
    assert_eq!(found_after("DELETE FROM readings WHERE report = (SELECT min(row) FROM reports)"), ["report r1"]);
    assert_eq!(found_after("UPDATE reports SET text = 'No.' WHERE row = 1"), ["report r1"]);
    let words = "UPDATE decisions SET line = replace(line, 'ed', 'me') WHERE number = 1";
    assert_eq!(found_after(words), ["decision 1 of case case"]);
    assert_eq!(found_after("DELETE FROM decisions WHERE number = 1"), ["decision 2 of case case"]);
    assert_eq!(found_after("DELETE FROM decisions WHERE number = 2"), ["the journal of case case"]);
    assert_eq!(found_after("DELETE FROM decisions"), ["the journal of case case"]);
}

#[test]
fn the_journal_is_append_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    contract(Sqlite::open(&path).unwrap());
    let raw = rusqlite::Connection::open(&path).unwrap();
    for sql in ["UPDATE decisions SET line = '{}'", "DELETE FROM decisions"] {
        assert!(raw.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn a_broken_page_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    contract(Sqlite::open(&path).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 200].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    match Sqlite::open(&path).and_then(|ledger| ledger.verify()) {
        Ok(damage) => assert!(!damage.is_empty()),
        Err(error) => assert!(matches!(error, Error::Damaged(_)), "{error}"),
    }
}

#[test]
fn a_ledger_of_version_1_is_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../src/schema/1.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.execute_batch(
        "INSERT INTO cases VALUES (1, 'old'); INSERT INTO blobs VALUES ('aa', x'00');
         INSERT INTO reports VALUES (1, 1, 'r1', 'aa', '{\"id\":\"r1\",\"sha256\":\"aa\"}', 'Old words.');
         INSERT INTO readings VALUES (1, 1, 'v0', '{\"attributions\":[{\"source\":[],\"cue\":[],\"content\":[[0,9]],\"propositions\":[],\"kind\":\"voice\",\"act\":\"asserts\",\"speaker\":null,\"chain\":[],\"hedges\":[],\"confidence\":1.0,\"rule\":\"test\"}],\"actors\":[],\"places\":[],\"times\":[],\"quantities\":[],\"evidence\":[],\"verification\":[],\"events\":[],\"notices\":[]}', 'x');
         INSERT INTO decisions VALUES (1, 1, '{}', '', 'h');",
    )
    .unwrap();
    drop(old);
    let ledger = Sqlite::open(&path).unwrap();
    assert_eq!(ledger.entries("old").unwrap()[0].report.text, "Old words.");
    assert_eq!(ledger.search("old", "words").unwrap(), ["r1"]);
    assert_eq!(ledger.said("old", "words").unwrap().len(), 1, "statements of readings that were there are found");
    let named: Vec<String> = ledger.verify().unwrap().into_iter().map(|damage| damage.what).collect();
    assert!(!named.contains(&"the journal of case old".to_owned()), "the last line was noted: {named:?}");
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::Newer { found: 99, .. })));
}
