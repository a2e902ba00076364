//! Every ledger behaves the same: one contract, run on each implementation.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use sayso::reading::{Act, Attribution, Kind, Reading};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::Entry;
use sayso::weigh::decision::Decision;
use sayso::weighing::MentionKey;
use sayso_ledger::{Added, Capture, Error, Ledger, Sqlite, Stamp, Store, Thing, User};

mod cluster;

/// A place for a ledger.
enum Place {
    File(tempfile::TempDir),
    Database(cluster::Database),
}

/// An empty place of each kind.
fn places() -> Vec<Place> {
    let file = Place::File(tempfile::tempdir().unwrap());
    std::iter::once(file).chain(cluster::database().map(Place::Database)).collect()
}

impl Place {
    fn address(&self) -> String {
        match self {
            Self::File(folder) => folder.path().join("a.db").to_str().unwrap().to_owned(),
            Self::Database(database) => database.address.clone(),
        }
    }

    fn open(&self) -> Ledger {
        sayso_ledger::open(&self.address()).unwrap()
    }

    /// Does something behind the ledger's back. Out: whether the database let it.
    fn try_sql(&self, sql: &str) -> bool {
        match self {
            Self::File(_) => rusqlite::Connection::open(self.address()).unwrap().execute_batch(sql).is_ok(),
            Self::Database(database) => database.try_sql(sql),
        }
    }
}

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
fn with_capture(ledger: &mut dyn Store, entry: &mut Entry, bytes: &[u8]) {
    use sha2::{Digest, Sha256};
    ledger.keep(&capture(bytes)).unwrap();
    entry.report.sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
}

fn all_or_nothing(ledger: &mut dyn Store, capture: &str) {
    let (good, bad) = (entry("g1", "Good."), entry("b1", "Bad."));
    assert!(ledger.put("half", "v1", &[(capture, &good), ("no such capture", &bad)]).is_err());
    assert!(ledger.entries("half").unwrap().is_empty(), "a batch is kept whole or not at all");
}

/// Two reports with one id are both kept; the same one twice is not.
fn one_id_for_two(ledger: &mut dyn Store, capture: &str) {
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

fn contract(ledger: &mut dyn Store) {
    assert_eq!(ledger.keep(&capture(b"bytes")).unwrap(), Added::New);
    assert_eq!(ledger.keep(&capture(b"bytes")).unwrap(), Added::Known, "the same capture twice changes nothing");

    let mut one = entry("r1", "Флот said “no”.");
    one.reading.attributions = vec![statement(0, 8)];
    assert!(ledger.put("case", "v1", &[("aa", &one)]).is_err(), "no report without its capture");
    assert!(ledger.entries("case").unwrap().is_empty(), "and nothing of it is left");
    with_capture(ledger, &mut one, b"bytes");
    let capture_of = one.report.sha256.clone();
    let put = |ledger: &mut dyn Store, reader: &str, entry: &Entry| {
        ledger.put("case", reader, &[(&capture_of, entry)]).unwrap()
    };
    assert!(!ledger.knows("case", "v1", &capture_of, &one.report).unwrap());
    assert_eq!(put(ledger, "v1", &one), [Added::New]);
    assert_eq!(put(ledger, "v1", &one), [Added::Known]);
    assert!(ledger.knows("case", "v1", &capture_of, &one.report).unwrap());
    assert!(!ledger.knows("case", "v2", &capture_of, &one.report).unwrap());
    let mut newer = one.clone();
    newer.reading.attributions = vec![statement(9, one.report.text.len())];
    newer.reading.notices = vec![sayso::notice::Notice::new(sayso::notice::Code::NoDate, "no date")];
    assert_eq!(put(ledger, "v2", &newer), [Added::New]);
    let back = ledger.entries("case").unwrap();
    assert_eq!((back.len(), back[0].report.text.as_str(), &back[0].reading), (1, "Флот said “no”.", &newer.reading));
    assert_eq!(ledger.entries("another").unwrap().len(), 0);
    all_or_nothing(ledger, &capture_of);
    one_id_for_two(ledger, &capture_of);
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
    contract(&mut Sqlite::in_memory().unwrap());
}

#[test]
fn every_ledger_keeps_the_contract() {
    for place in places() {
        contract(place.open().as_mut());
        assert_eq!(place.open().journal("case").unwrap().len(), 2, "what was acknowledged stays");
    }
}

/// A case `words` of reports with these texts and statements, under their numbers.
fn said(ledger: &mut dyn Store, texts: &[&str]) {
    for (k, text) in texts.iter().enumerate() {
        let mut one = entry(&format!("w{k}"), text);
        one.report.source = format!("{k}");
        one.reading.attributions = vec![statement(0, text.len())];
        with_capture(ledger, &mut one, b"words");
        let capture = one.report.sha256.clone();
        assert_eq!(ledger.put("words", "v1", &[(&capture, &one)]).unwrap(), [Added::New]);
    }
}

#[test]
fn words_find_the_same_everywhere() {
    let long = (0..20_000).map(|k| format!("word{k}")).collect::<Vec<_>>().join(" ") + " the.end";
    let texts = [
        "The U.S. consul said no; Çağrı's café stays open.",
        "The s u of consulates — Флоту и Ёлке.",
        "Nul \0 and ' \\ \" & | ! : * ( ) are words' neighbours, as 75-year-olds know.",
        "no no no no",
        &long,
    ];
    for place in places() {
        let mut ledger = place.open();
        said(ledger.as_mut(), &texts);
        let search = |words: &str| {
            let mut found = ledger.search("words", words).unwrap();
            found.sort();
            found.join(" ")
        };
        let begun = |words: &str| {
            let mut found: Vec<_> = ledger.said("words", words).unwrap().into_iter().map(|key| key.report).collect();
            found.sort();
            found.join(" ")
        };
        let expected = [
            ("consul", "w0", "w0 w1"),
            ("U.S.", "w0", "w0"),
            ("u s", "w0 w1", "w0 w1"),
            ("cafe CAGRI", "", ""),
            ("cafe cağrı's", "w0", "w0"),
            ("флоту —", "w1", "w1"),
            ("ёлке", "w1", "w1"),
            ("фло ёл", "", "w1"),
            ("nul", "w2", "w2"),
            ("75-year", "w2", "w2"),
            ("75 olds", "w2", "w2"),
            ("year-75", "", ""),
            ("no", "w0 w3", "w0 w3"),
            ("'", "", ""),
            ("& | ! :*", "", ""),
            ("no & nul", "", ""),
            ("word19999 the.end", "w4", "w4"),
            ("a\0b", "", ""),
            ("", "", ""),
        ];
        for (words, whole, begin) in expected {
            assert_eq!(
                (search(words).as_str(), begun(words).as_str()),
                (whole, begin),
                "{words:?} at {}",
                place.address()
            );
        }
        assert_eq!(ledger.search("words", "no").unwrap()[0], "w3", "best first");
        assert_eq!(ledger.verify().unwrap(), []);
    }
}

#[test]
fn any_words_are_kept_as_they_are() {
    for place in places() {
        let mut ledger = place.open();
        let odd = format!("nul\0 “ж” {}", "x".repeat(9_000));
        let mut one = entry(&odd, &format!("{odd} and more"));
        one.report.source = odd.clone();
        one.report.outlet = Some(odd.clone());
        let headers = Some(odd.as_str());
        let kept = Capture { bytes: b"odd", source: &odd, fetched: None, headers };
        assert_eq!(ledger.keep(&kept).unwrap(), Added::New);
        assert_eq!(ledger.keep(&kept).unwrap(), Added::Known);
        with_capture(ledger.as_mut(), &mut one, b"odd");
        let capture = one.report.sha256.clone();
        assert_eq!(ledger.captures(&odd).unwrap()[0].headers.as_deref(), headers);
        for added in [Added::New, Added::Known] {
            assert_eq!(ledger.put(&odd, "v1", &[(&capture, &one)]).unwrap(), [added]);
        }
        let ids = ["b", "B", "ä", "Z", "a"];
        ids.iter().for_each(|id| drop(ledger.put(&odd, "v1", &[(&capture, &entry(id, id))]).unwrap()));
        let back = ledger.entries(&odd).unwrap();
        let sorted: Vec<&str> = back.iter().map(|entry| entry.report.id.as_str()).collect();
        assert_eq!(sorted, ["B", "Z", "a", "b", odd.as_str(), "ä"], "by their bytes");
        assert_eq!((&back[4].report.text, &back[4].report.outlet), (&one.report.text, &one.report.outlet));
        ledger.done(&odd, &capture, &odd, "v1").unwrap();
        assert!(ledger.has(&odd, &capture, &odd, "v1").unwrap());
        assert_eq!(ledger.original(&odd, &odd).unwrap().as_deref(), Some(&b"odd"[..]));
        ledger.decide(&odd, "2026-01-01T00:00:00Z", &odd, &odd, Decision::Undo { line: 9 }).unwrap_err();
        let grade = Decision::Grade { actor: (odd.clone(), odd.clone()), reliability: 'B' };
        ledger.decide(&odd, "2026-01-01T00:00:00Z", &odd, &odd, grade.clone()).unwrap();
        assert_eq!(ledger.journal(&odd).unwrap()[0].decision, grade);
        assert_eq!(ledger.cases().unwrap(), [odd.as_str()]);
        assert_eq!(ledger.stamp(&odd).unwrap(), Stamp { readings: 6, decisions: 1 });
        assert_eq!(ledger.stamp("a\0b").unwrap(), Stamp::default());
        assert_eq!(ledger.verify().unwrap(), []);
    }
}

#[test]
fn who_may_log_in_is_kept() {
    for place in places() {
        let mut ledger = place.open();
        let user = |name: &str, role: &str| User {
            name: name.into(),
            role: role.into(),
            hash: "h".into(),
            since: "2026-01-01T00:00:00Z".into(),
        };
        ["olga", "Ines"].iter().for_each(|name| ledger.put_user(&user(name, "reader")).unwrap());
        ledger.put_user(&user("olga", "owner")).unwrap();
        assert!(ledger.put_user(&user("eve", "god")).is_err(), "no such role");
        assert_eq!(ledger.users().unwrap(), [user("Ines", "reader"), user("olga", "owner")]);
        assert!(ledger.remove_user("Ines").unwrap());
        assert!(!ledger.remove_user("Ines").unwrap());
    }
}

#[test]
fn what_came_since_is_asked_for_alone() {
    for place in places() {
        let (mut ledger, other) = (place.open(), place.open());
        said(ledger.as_mut(), &["One."]);
        let (first, mark) = other.entries_since("words", 0).unwrap();
        assert_eq!(first.len(), 1);
        assert!(other.entries_since("words", mark).unwrap().0.is_empty());
        let before = other.touched().unwrap();
        let mut again = first[0].clone();
        again.report.text = "One more.".into();
        let capture = again.report.sha256.clone();
        assert_eq!(ledger.put("words", "v2", &[(&capture, &again)]).unwrap(), [Added::New]);
        other.wait().unwrap();
        assert_ne!(other.touched().unwrap(), before, "what another connection wrote is told");
        let (newer, _) = other.entries_since("words", mark).unwrap();
        assert_eq!(newer.iter().map(|entry| entry.report.text.as_str()).collect::<Vec<_>>(), ["One more."]);
        assert_eq!(other.search("words", "more").unwrap(), ["w0"]);
        assert_eq!(other.stamp("words").unwrap(), Stamp { readings: 2, decisions: 0 });
    }
}

/// Many at once: every line of the journal follows the one before, and nothing is there twice.
#[test]
fn several_write_at_once() {
    const PEOPLE: usize = 6;
    const LINES: usize = 15;
    for place in places() {
        let mut first = entry("r0", "Zero.");
        with_capture(place.open().as_mut(), &mut first, b"at once");
        let capture = first.report.sha256.clone();
        std::thread::scope(|scope| {
            for person in 0..PEOPLE {
                let (place, capture) = (&place, capture.as_str());
                scope.spawn(move || {
                    let mut ledger = place.open();
                    for k in 0..LINES {
                        let report = entry(&format!("r{k}"), &format!("Report {k}."));
                        ledger.put("case", "v1", &[(capture, &report)]).unwrap();
                        let reject = Decision::Reject { mention: MentionKey { report: "r0".into(), start: 0 } };
                        ledger.decide("case", "2026-01-01T00:00:00Z", &format!("p{person}"), "", reject).unwrap();
                    }
                });
            }
        });
        let ledger = place.open();
        let numbers: Vec<u64> = ledger.journal("case").unwrap().iter().map(|line| line.id).collect();
        assert_eq!(numbers, (1..=(PEOPLE * LINES) as u64).collect::<Vec<_>>());
        assert_eq!(ledger.entries("case").unwrap().len(), LINES);
        assert_eq!(ledger.stamp("case").unwrap().readings, LINES as u64);
        assert_eq!(ledger.verify().unwrap(), []);
    }
}

/// What `verify` names after something was done to the ledger behind its back: in the words of SQLite, or else of PostgreSQL.
fn found_after(sqlite: &str, postgres: &str) -> Vec<String> {
    let named = |place: Place| {
        contract(place.open().as_mut());
        let done = match place {
            Place::File(_) => place.try_sql(&format!(
                "PRAGMA foreign_keys = OFF; DROP TRIGGER decisions_stay; DROP TRIGGER decisions_remain; {sqlite}"
            )),
            Place::Database(_) => place.try_sql(&format!("SET session_replication_role = replica; {postgres}")),
        };
        assert!(done, "{sqlite}");
        place.open().verify().unwrap().into_iter().map(|damage| damage.what).collect::<Vec<_>>()
    };
    let mut all = places().into_iter().map(named).collect::<Vec<_>>();
    all.dedup();
    assert_eq!(all.len(), 1, "all ledgers name the same: {all:?}");
    all.remove(0)
}

#[test]
fn every_change_is_named() {
    let bytes = "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9";
    let capture = format!("capture {bytes}");
    let both = |sql: &str| found_after(sql, sql);
    let zero = |literal: &str| format!("UPDATE blobs SET bytes = {literal} WHERE sha256 = '{bytes}'");
    assert_eq!(found_after(&zero("x'00'"), &zero("'\\x00'")), [capture.as_str()]);
    assert_eq!(both(&format!("DELETE FROM blobs WHERE sha256 = '{bytes}'")), [capture.as_str()]);
    let readings = "UPDATE readings SET reading = replace(reading, '[', '[ ') WHERE report = (SELECT min(row) FROM reports) AND reader = 'v2'";
    assert_eq!(both(readings), ["reading r1"]);
    assert_eq!(both("DELETE FROM readings WHERE report = (SELECT min(row) FROM reports)"), ["report r1"]);
    assert_eq!(both("UPDATE reports SET text = 'No.' WHERE row = (SELECT min(row) FROM reports)"), ["report r1"]);
    let source = "UPDATE captures SET fetched = '1999-01-01T00:00:00Z' WHERE sha256 = (SELECT sha256 FROM reports WHERE row = (SELECT min(row) FROM reports)) AND fetched IS NULL";
    assert_eq!(both(source), [capture.as_str()]);
    let words = "UPDATE decisions SET line = replace(line, 'ed', 'me') WHERE number = 1";
    assert_eq!(both(words), ["decision 1 of case case"]);
    assert_eq!(both("DELETE FROM decisions WHERE number = 1"), ["decision 2 of case case"]);
    assert_eq!(both("DELETE FROM decisions WHERE number = 2"), ["the journal of case case"]);
    assert_eq!(both("DELETE FROM decisions"), ["the journal of case case"]);
}

#[test]
fn the_journal_is_append_only() {
    for place in places() {
        contract(place.open().as_mut());
        for sql in ["UPDATE decisions SET line = '{}'", "DELETE FROM decisions"] {
            assert!(!place.try_sql(sql), "{sql}");
        }
        assert_eq!(place.open().verify().unwrap(), []);
    }
}

#[test]
fn a_broken_page_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    contract(&mut Sqlite::open(&path).unwrap());
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
    old.execute_batch(include_str!("../src/sqlite/schema/1.sql")).unwrap();
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
    assert_eq!(ledger.stamp("old").unwrap(), Stamp { readings: 1, decisions: 1 });
    let named: Vec<String> = ledger.verify().unwrap().into_iter().map(|damage| damage.what).collect();
    assert!(!named.contains(&"the journal of case old".to_owned()), "the last line was noted: {named:?}");
}

#[test]
fn a_database_of_version_1_is_brought_up() {
    let Some(database) = cluster::database() else { return };
    database.sql("CREATE TABLE ledger (version bigint NOT NULL); INSERT INTO ledger VALUES (1)");
    database.sql(include_str!("../src/postgres/schema/1.sql"));
    contract(sayso_ledger::open(&database.address).unwrap().as_mut());
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::Newer { found: 99, .. })));
}

#[test]
fn a_newer_database_is_left_alone() {
    let Some(database) = cluster::database() else { return };
    drop(sayso_ledger::open(&database.address).unwrap());
    database.sql("UPDATE ledger SET version = 99");
    assert!(matches!(sayso_ledger::open(&database.address), Err(Error::Newer { found: 99, .. })));
}

#[test]
fn a_server_that_went_away_is_found_again() {
    let Some(database) = cluster::database() else { return };
    let ours = format!("{}&application_name=goes", database.address);
    let mut ledger = sayso_ledger::open(&ours).unwrap();
    contract(ledger.as_mut());
    database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'goes'");
    // What is asked in the very moment may fail; what is asked after does not.
    let asked: Vec<_> = (0..3).map(|_| ledger.journal("case")).collect();
    assert_eq!(asked[2].as_ref().unwrap().len(), 2);
    assert!(asked[..2].iter().all(|asked| asked.as_ref().map_or_else(|e| matches!(e, Error::NoServer(_)), |_| true)));
}

#[test]
fn what_cannot_be_reached_says_so_without_the_password() {
    for address in
        ["postgres://olga:s3cret@127.0.0.1:1/desk", "postgres:///desk?host=/nowhere&user=olga&password=s3cret"]
    {
        let error = sayso_ledger::open(address).map(drop).unwrap_err();
        assert!(matches!(error, Error::NoServer(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
}

/// Everything of a ledger, as it is kept.
fn all(ledger: &dyn Store) -> Vec<Thing> {
    let mut out = Vec::new();
    ledger
        .everything(&mut |thing| {
            out.push(thing);
            Ok(())
        })
        .unwrap();
    out
}

#[test]
fn a_copy_is_the_same_wherever_it_is() {
    for place in places() {
        let mut from = place.open();
        contract(from.as_mut());
        said(from.as_mut(), &["One said no.", "nul\0 “ж”"]);
        let user = User { name: "olga".into(), role: "owner".into(), hash: "h".into(), since: "2026".into() };
        from.put_user(&user).unwrap();
        for other in places() {
            let mut copy = other.open();
            copy.take_all(from.as_ref()).unwrap();
            assert_eq!(all(copy.as_ref()), all(from.as_ref()), "{} to {}", place.address(), other.address());
            for case in from.cases().unwrap() {
                assert_eq!(copy.entries(&case).unwrap(), from.entries(&case).unwrap());
                assert_eq!(copy.stamp(&case).unwrap(), from.stamp(&case).unwrap());
                assert_eq!(copy.received(&case).unwrap(), from.received(&case).unwrap());
            }
            assert_eq!(copy.said("case", "no").unwrap(), from.said("case", "no").unwrap(), "the newest reading alone");
            assert_eq!(copy.search("words", "one").unwrap(), ["w0"]);
            assert!(matches!(copy.take_all(from.as_ref()), Err(Error::NotEmpty)));
            let grade = Decision::Grade { actor: ("r1".into(), "a".into()), reliability: 'B' };
            let number = copy.decide("case", "2026-01-01T00:03:00Z", "ed", "", grade).unwrap();
            assert_eq!((number, copy.verify().unwrap()), (3, vec![]), "the journal goes on");
        }
    }
}

#[test]
fn what_was_changed_is_not_copied() {
    for place in places() {
        contract(place.open().as_mut());
        let sql = "UPDATE reports SET text = 'No.' WHERE row = (SELECT min(row) FROM reports)";
        assert!(place.try_sql(sql));
        for other in places() {
            let mut copy = other.open();
            let refused = copy.take_all(place.open().as_ref());
            assert!(matches!(&refused, Err(Error::Unsound(damage)) if damage[0].what == "report r1"), "{refused:?}");
            assert_eq!(copy.cases().unwrap(), [""; 0], "nothing of it is kept");
        }
    }
}

/// A capture of two reports, in two cases, and what is kept of it when the word “Lind” is gone.
fn redactable(ledger: &mut dyn Store) -> (String, Vec<u8>) {
    let bytes = b"Lind said no.\nDahl said yes.";
    ledger.keep(&Capture { bytes, source: "lind.txt", fetched: Some("2026-01-01T00:00:00Z"), headers: None }).unwrap();
    let sha256 = ledger.captures("lind.txt").unwrap().remove(0).sha256;
    let report = |id: &str, text: &str| {
        let mut one = entry(id, text);
        one.report.sha256.clone_from(&sha256);
        one.report.source = format!("lind.txt#{id}");
        one.reading.attributions = vec![statement(0, text.len())];
        one
    };
    let (one, two) = (report("1", "Lind said no."), report("2", "Dahl said yes."));
    for reader in ["v0", "v1"] {
        ledger.put("words", reader, &[(&sha256, &one), (&sha256, &two)]).unwrap();
    }
    ledger.put("copy", "v1", &[(&sha256, &one)]).unwrap();
    (sha256, b"XXXX said no.\nDahl said yes.".to_vec())
}

#[test]
fn words_that_are_taken_out_are_nowhere() {
    use sayso::intake::redact::Words;
    use sayso::weigh::decision::Redacted;
    use sayso_ledger::{RedactedReport, Redaction};
    for place in places() {
        let (mut ledger, other) = (place.open(), place.open());
        let (before, bytes) = redactable(ledger.as_mut());
        let (_, mark) = other.entries_since("words", 0).unwrap();
        let stamp = ledger.stamp("words").unwrap();
        let after = {
            use sha2::{Digest, Sha256};
            Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect::<String>()
        };
        let redacted = |case: &str| {
            let mut new = entry("1", "XXXX said no.");
            new.report.sha256.clone_from(&after);
            new.report.source = "lind.txt#1".into();
            new.reading.attributions = vec![statement(0, 4)];
            RedactedReport { case: case.to_owned(), entry: new, spans: vec![Span::new(0, 4)] }
        };
        let taken =
            Redacted { before: before.clone(), after: after.clone(), places: vec![Span::new(0, 4)], address: true };
        let (words, reports) = ([Words::new("Lind").unwrap()], [redacted("words"), redacted("copy")]);
        let captures = [(taken, bytes.clone())];
        let redaction = Redaction {
            words: &words,
            captures: &captures,
            inside: &[],
            reports: &reports,
            reader: "v1",
            at: "2026-01-02T00:00:00Z",
            by: "ed",
            why: "asked",
        };
        let wrong = [(captures[0].0.clone(), b"other bytes".to_vec())];
        let refused = ledger.redact(&Redaction { captures: &wrong, ..redaction });
        assert!(matches!(refused, Err(Error::Meanwhile(_))), "{refused:?}");
        assert_eq!(ledger.redact(&redaction).unwrap(), [1, 1]);
        assert!(matches!(ledger.redact(&redaction), Err(Error::Meanwhile(_))), "once");

        // Whoever asks what came since finds it, and everything else is as it was.
        let (newer, _) = other.entries_since("words", mark).unwrap();
        assert_eq!(newer.iter().map(|entry| entry.report.text.as_str()).collect::<Vec<_>>(), ["XXXX said no."]);
        let now = ledger.stamp("words").unwrap();
        assert!(now.readings > stamp.readings && now.decisions == 1, "{now:?}");
        let texts: Vec<String> = ledger.entries("words").unwrap().into_iter().map(|entry| entry.report.text).collect();
        assert_eq!(texts, ["XXXX said no.", "Dahl said yes."]);
        for report in ["1", "2"] {
            assert_eq!(ledger.original("words", report).unwrap().as_ref(), Some(&bytes), "{report}");
        }
        assert_eq!(ledger.received("words").unwrap()["2"].as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!((ledger.captures("lind.txt").unwrap().len(), ledger.captures("XXXX.txt").unwrap().len()), (0, 1));
        for words in ["lind", "lin"] {
            assert_eq!(ledger.search("words", words).unwrap(), [""; 0]);
            assert_eq!(ledger.said("words", words).unwrap(), []);
        }
        assert_eq!(ledger.search("words", "dahl").unwrap(), ["2"]);
        assert_eq!(ledger.search("copy", "xxxx").unwrap(), ["1"]);
        ledger.forget().unwrap();
        assert!(!format!("{:?}", all(ledger.as_ref())).contains("Lind"), "nothing that is kept has the word");
        if let Place::File(folder) = &place {
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                assert!(!bytes.windows(4).any(|four| four.eq_ignore_ascii_case(b"lind")), "not in a page of the file");
            }
        }

        // It is accounted for, cannot be taken back, and does not come back.
        assert_eq!(ledger.verify().unwrap(), []);
        let undo = ledger.decide("words", "2026-01-03T00:00:00Z", "ed", "", Decision::Undo { line: 1 });
        assert!(matches!(undo, Err(Error::ForEver(1))), "{undo:?}");
        let again = ledger.keep(&capture(b"Lind said no.\nDahl said yes."));
        assert!(matches!(&again, Err(Error::Redacted(sha256)) if *sha256 == before), "{again:?}");
        for other in places() {
            let mut copy = other.open();
            copy.take_all(ledger.as_ref()).unwrap();
            assert_eq!(all(copy.as_ref()), all(ledger.as_ref()));
        }
        drop((ledger, other));
        let bytes = match &place {
            Place::File(_) => "x'00'",
            Place::Database(_) => "'\\x00'",
        };
        assert!(place.try_sql(&format!("INSERT INTO blobs (sha256, bytes) VALUES ('{before}', {bytes})")));
        let named: Vec<String> = place.open().verify().unwrap().into_iter().map(|damage| damage.message).collect();
        assert!(named.iter().any(|message| message.contains("it is there again")), "{named:?}");
    }
}
