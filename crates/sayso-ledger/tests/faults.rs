//! Faults, injected: whatever happens to the process, the disk or the clock, what was acknowledged is kept, and damage has a name.
//!
//! The process that suffers is this test's own program, started again as `writer` or `migrating`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking; a child tells its parent what it did"
)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sayso::reading::Reading;
use sayso::report::Report;
use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, in_force};
use sayso::weighing::MentionKey;
use sayso_ledger::{Capture, Error, Sqlite, Store};

mod cluster;

/// Where the child finds its ledger, and what it calls its reports.
const LEDGER: &str = "SAYSO_TEST_LEDGER";
const NAME: &str = "SAYSO_TEST_NAME";

/// A sequence that is the same in every run.
fn random(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

/// This program again, as one of the tests that do nothing by themselves.
fn child(test: &str, ledger: impl AsRef<OsStr>, name: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(LEDGER, ledger).env(NAME, name);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What a child says that it has kept; what the kill cut in the middle was not said.
fn acknowledged(child: &mut Child) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut out = Vec::new();
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
        if let Some(told) = line.strip_suffix('\n').and_then(|line| line.split_once("kept ")) {
            out.push(told.1.to_owned());
        }
        line.clear();
    }
    out
}

/// Keeps captures, reports and decisions as fast as it can, and says of each when it is kept.
#[test]
fn writer() {
    let (Ok(place), Ok(name)) = (std::env::var(LEDGER), std::env::var(NAME)) else { return };
    let Ok(mut ledger) = sayso_ledger::open(&place) else { return };
    let mut out = std::io::stdout().lock();
    for k in 0..200 {
        let id = format!("{name}-{k}");
        let bytes = format!("The mayor said that bridge {id} was shut. {}", "It rained. ".repeat(200));
        let capture = Capture { bytes: bytes.as_bytes(), source: &id, fetched: None, headers: None };
        if ledger.keep(&capture).is_err() {
            return;
        }
        let sha256 = ledger.captures(&id).unwrap().remove(0).sha256;
        let report = Report { id: id.clone(), sha256: sha256.clone(), text: bytes.clone(), ..Report::default() };
        let entry = Entry { report, reading: Reading::default() };
        if ledger.put("c", "v1", &[(&sha256, &entry)]).is_err() {
            return;
        }
        writeln!(out, "kept {id}").unwrap();
        let decision = Decision::Reject { mention: MentionKey { report: id, start: 0 } };
        let Ok(number) = ledger.decide("c", "2026-01-01T00:00:00Z", &name, "", decision) else { return };
        writeln!(out, "kept decision {number} by {name}").unwrap();
    }
}

/// What a ledger holds, in the words of its writers.
fn held(path: &Path) -> BTreeSet<String> {
    held_by(&Sqlite::open(path).unwrap())
}

fn held_by(ledger: &dyn Store) -> BTreeSet<String> {
    assert_eq!(ledger.verify().unwrap(), [], "nothing is damaged");
    let reports = ledger.entries("c").unwrap().into_iter().map(|entry| entry.report.id);
    let journal = ledger.journal("c").unwrap();
    assert!(journal.iter().zip(1..).all(|(line, number)| line.id == number), "no gap, nothing twice");
    let decisions = journal.iter().map(|line| format!("decision {} by {}", line.id, line.by));
    reports.chain(decisions).collect()
}

#[test]
fn killed_at_two_hundred_moments() {
    const KILLS: u64 = 200;
    let folder = tempfile::tempdir().unwrap();
    let (mut seed, mut told, mut under_way) = (11, BTreeSet::new(), 0);
    for kill in 0..KILLS {
        // A new ledger now and then: kills while it is being made, too.
        let path = folder.path().join(format!("{}.db", kill / 20));
        if kill % 20 == 0 {
            told.clear();
        }
        let mut process = child("writer", &path, &format!("k{kill}")).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random(&mut seed, 60_000)));
        process.kill().unwrap();
        under_way += u64::from(process.wait().unwrap().code().is_none());
        told.extend(acknowledged(&mut process));
        let held = held(&path);
        let lost: Vec<_> = told.difference(&held).collect();
        assert!(lost.is_empty(), "acknowledged and gone after kill {kill}: {lost:?}");
    }
    assert!(under_way > KILLS / 2, "only {under_way} of {KILLS} were killed under way");
}

/// The same ledger through both kinds of kill: of the writer, and of a process of the server, which then starts anew from its log.
#[test]
fn postgresql_and_its_writers_killed() {
    const KILLS: usize = 60;
    const CRASHES: usize = 20;
    let Some(database) = cluster::database() else { return };
    let open = || {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            match sayso_ledger::open(&database.address) {
                Ok(ledger) => return ledger,
                Err(error) => assert!(Instant::now() < end, "the server did not come back: {error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let (mut seed, mut told, mut under_way) = (7, BTreeSet::new(), 0);
    for kill in 0..KILLS + CRASHES {
        let mut process = child("writer", &database.address, &format!("k{kill}")).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random(&mut seed, 250_000)));
        if kill < KILLS {
            process.kill().unwrap();
        } else {
            assert!(
                !database.try_sql("COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'"),
                "the server killed this very process"
            );
        }
        let new = acknowledged(&mut process);
        process.wait().unwrap();
        under_way += usize::from(!new.is_empty() && new.len() < 400);
        told.extend(new);
        let held = held_by(open().as_ref());
        let lost: Vec<_> = told.difference(&held).collect();
        assert!(lost.is_empty(), "acknowledged and gone after kill {kill}: {lost:?}");
    }
    assert!(under_way > (KILLS + CRASHES) / 2, "only {under_way} were killed under way");
}

#[test]
fn writers_at_once_and_one_of_them_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let mut all: Vec<Child> = ["a", "b", "c", "d"].map(|name| child("writer", &path, name).spawn().unwrap()).into();
    std::thread::sleep(Duration::from_millis(400));
    all[2].kill().unwrap();
    let mut told = BTreeSet::new();
    for process in &mut all {
        told.extend(acknowledged(process));
        process.wait().unwrap();
    }
    assert!(
        ["a", "b", "d"].iter().all(|name| told.contains(&format!("{name}-199"))),
        "the others went on to their end"
    );
    assert!(told.is_subset(&held(&path)));
}

#[test]
fn a_disk_that_is_full_at_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept_some = 0;
    // In KB: from a ledger that cannot be made to one that takes most of it.
    for size in [8, 40, 100, 150, 200, 300, 400, 600, 800, 1_200] {
        let path = folder.path().join(format!("{size}.db"));
        let direct = child("writer", &path, "full");
        let args: Vec<_> = direct.get_args().map(ToOwned::to_owned).collect();
        let program = direct.get_program().to_owned();
        let mut process = Command::new("bash")
            .arg("-c")
            .arg(format!("trap '' XFSZ; ulimit -f {size}; exec \"$0\" \"$@\""))
            .arg(program)
            .args(args)
            .env(LEDGER, &path)
            .env(NAME, "full")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let told: BTreeSet<String> = acknowledged(&mut process).into_iter().collect();
        assert!(process.wait().unwrap().code().is_some_and(|code| code == 0), "{size}: an error, not a crash");
        assert!(told.len() < 400, "{size}: it was full");
        kept_some += usize::from(!told.is_empty());
        assert!(told.is_subset(&held(&path)), "{size}");
    }
    assert!(kept_some > 3);
}

#[test]
fn a_file_that_was_cut_off_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (path, cut) = (folder.path().join("a.db"), folder.path().join("cut.db"));
    let mut process = child("writer", &path, "x").spawn().unwrap();
    acknowledged(&mut process);
    process.wait().unwrap();
    // Opened and closed: what is in the log goes into the file.
    drop(Sqlite::open(&path).unwrap());
    let bytes = std::fs::read(&path).unwrap();
    for part in 1..16 {
        std::fs::write(&cut, &bytes[..bytes.len() * part / 16]).unwrap();
        for rest in ["cut.db-wal", "cut.db-shm"] {
            drop(std::fs::remove_file(folder.path().join(rest)));
        }
        match Sqlite::open(&cut).and_then(|ledger| ledger.verify()) {
            Ok(damage) => assert!(!damage.is_empty(), "cut at {part}/16 and nothing was said"),
            Err(error) => assert!(matches!(error, Error::Damaged(_) | Error::NoRoom(_)), "{part}/16: {error}"),
        }
    }
}

#[test]
fn the_clock_says_nothing_about_the_order() {
    let mut ledger = Sqlite::in_memory().unwrap();
    let key = |start| MentionKey { report: "r".into(), start };
    let times = ["2030-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2026-06-01T00:00:00Z", "1970-01-01T00:00:00Z"];
    let decisions = [
        Decision::Reject { mention: key(1) },
        Decision::Undo { line: 1 },
        Decision::Undo { line: 2 },
        Decision::Accept { mention: key(1) },
    ];
    for (number, (at, decision)) in (1..).zip(times.iter().zip(decisions)) {
        assert_eq!(ledger.decide("c", at, "ed", "", decision).unwrap(), number);
    }
    let journal = ledger.journal("c").unwrap();
    assert_eq!(journal.iter().map(|line| line.at.as_str()).collect::<Vec<_>>(), times, "as it was decided");
    let holds: Vec<u64> = in_force(journal.iter()).iter().map(|line| line.id).collect();
    assert_eq!(holds, [1, 3, 4], "the undo was undone, whatever the clock said");
    assert_eq!(ledger.verify().unwrap(), []);
}

/// Opens a ledger of version 1, which brings it up.
#[test]
fn migrating() {
    let Some(path) = std::env::var_os(LEDGER) else { return };
    if Sqlite::open(Path::new(&path)).is_ok() {
        println!("kept whole");
    }
}

#[test]
fn a_migration_that_was_cut_off_goes_on() {
    const REPORTS: i64 = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../src/sqlite/schema/1.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.execute_batch("BEGIN; INSERT INTO cases VALUES (1, 'c'); INSERT INTO blobs VALUES ('aa', x'00');").unwrap();
    let said = format!("The mayor said that it rained. {}", "It rained. ".repeat(50));
    let reading = "{\"attributions\":[],\"actors\":[],\"places\":[],\"times\":[],\"quantities\":[],\"evidence\":[],\"verification\":[],\"events\":[],\"notices\":[]}";
    for k in 1..=REPORTS {
        let meta = format!("{{\"id\":\"r{k}\",\"sha256\":\"aa\"}}");
        old.execute(
            "INSERT INTO reports VALUES (?1, 1, ?2, 'aa', ?3, ?4)",
            rusqlite::params![k, format!("r{k}"), meta, said],
        )
        .unwrap();
        old.execute("INSERT INTO readings VALUES (?1, ?1, 'v0', ?2, 'x')", rusqlite::params![k, reading]).unwrap();
    }
    old.execute_batch("COMMIT").unwrap();
    drop(old);
    let (mut seed, mut cut_off) = (5, 0);
    for _ in 0..40 {
        let mut process = child("migrating", &path, "").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(random(&mut seed, 40)));
        process.kill().unwrap();
        cut_off += usize::from(acknowledged(&mut process).is_empty());
        process.wait().unwrap();
    }
    assert!(cut_off > 0, "none was cut off");
    let ledger = Sqlite::open(&path).unwrap();
    assert_eq!(ledger.entries("c").unwrap().len() as i64, REPORTS);
    assert_eq!(ledger.search("c", "rained").unwrap().len() as i64, REPORTS, "and every one is found");
}
