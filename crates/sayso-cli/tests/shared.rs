//! A ledger that moves and comes back is the same to the byte, and two processes share one database.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../sayso-ledger/tests/cluster/mod.rs"]
mod cluster;
mod desk;

use desk::Desk;
use serde_json::Value;

const FORMATS: [&str; 9] = ["json", "csv", "parquet", "geojson", "jsonld", "annotations", "acled", "ftm", "html"];

/// The case in every format, its journal, and what is found by words.
fn exports(desk: &Desk, ledger: &str) -> Vec<Vec<u8>> {
    let asked = |args: &[&str]| {
        let out = desk.command(&[args, &["--case", "dam", "--ledger", ledger]].concat()).output().unwrap();
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        out.stdout
    };
    let formats = FORMATS.iter().map(|format| asked(&["export", "--format", format]));
    let lists = [asked(&["log"]), asked(&["claims", "--search", "dam opened"]), asked(&["user", "list"])];
    formats.chain(lists).collect()
}

/// A ledger with two cases, decisions, a user, and a report that was read twice.
fn worked_on() -> Desk {
    let desk = Desk::added();
    for args in [
        &["review", "reject", "1.1", "--why", "a caption \"“ж”\""][..],
        &["review", "undo", "1"],
        &["review", "grade", "1", "B"],
    ] {
        let (exit, _, err) = desk.run(&[args, &["--case", "dam"]].concat());
        assert_eq!(exit, 0, "{args:?}: {err}");
    }
    assert_eq!(desk.run(&["add", "--case", "other", "in/c.txt"]).0, 0);
    use std::io::Write;
    let mut add = desk.command(&["user", "add", "olga", "--role", "owner"]);
    let mut child = add.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"correct horse battery\n").unwrap();
    assert!(child.wait().unwrap().success());
    desk
}

#[test]
fn a_backup_restores_to_the_byte() {
    let desk = worked_on();
    let before = exports(&desk, "sayso.db");
    assert_eq!(desk.run(&["backup", "copy.db"]).0, 0);
    assert!(!desk.path("copy.db-wal").exists() && !desk.path("copy.db.part").exists(), "one file holds it all");
    assert_eq!(exports(&desk, "copy.db"), before, "a backup is a ledger");
    assert_eq!(desk.run(&["restore", "copy.db", "--ledger", "again.db"]).0, 0);
    assert_eq!(exports(&desk, "again.db"), before);
    assert_eq!(desk.run(&["verify", "--ledger", "again.db"]).0, 0);

    let (exit, _, err) = desk.run(&["backup", "copy.db"]);
    assert!(exit == 2 && err.contains("there already"), "{err}");
    let (exit, _, err) = desk.run(&["restore", "copy.db", "--ledger", "again.db"]);
    assert!(exit == 2 && err.contains("something in it"), "{err}");
    let (exit, _, err) = desk.run(&["restore", "in/a.txt", "--ledger", "new.db"]);
    assert!(exit == 2 && err.contains("no backup"), "{err}");
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let desk = worked_on();
    assert_eq!(desk.run(&["backup", "copy.db"]).0, 0);
    let raw = rusqlite::Connection::open(desk.path("copy.db")).unwrap();
    raw.execute("UPDATE reports SET text = replace(text, 'denied', 'said') WHERE text LIKE '%denied%'", []).unwrap();
    drop(raw);
    let (exit, _, err) = desk.run(&["restore", "copy.db", "--ledger", "new.db"]);
    assert!(exit == 2 && err.contains("1 of what was copied is not as it was written, first report"), "{err}");
    let (_, out, err) = desk.run(&["restore", "copy.db", "--ledger", "new.db", "--verbose"]);
    assert!(!err.contains("something in it"), "nothing of it was kept: {out}{err}");
}

#[test]
fn a_ledger_moves_into_a_database_and_back() {
    let (desk, Some(database)) = (worked_on(), cluster::database()) else { return };
    let before = exports(&desk, "sayso.db");
    assert_eq!(desk.run(&["backup", "there.db"]).0, 0);
    let (exit, out, err) = desk.run(&["restore", "there.db", "--ledger", &database.address]);
    assert_eq!(exit, 0, "{out}{err}");
    assert_eq!(exports(&desk, &database.address), before, "in the database");
    assert_eq!(desk.run(&["verify", "--ledger", &database.address]).0, 0);
    assert_eq!(desk.run(&["backup", "back.db", "--ledger", &database.address]).0, 0);
    assert_eq!(exports(&desk, "back.db"), before, "and back");
    let (exit, _, err) = desk.run(&["restore", "there.db", "--ledger", &database.address]);
    assert!(exit == 2 && err.contains("something in it"), "{err}");
    // It goes on where it was.
    let (exit, out, _) = desk.run(&["add", "--case", "dam", "in", "--ledger", &database.address]);
    assert_eq!((exit, out.contains("3 inputs not changed since")), (0, true), "{out}");
}

#[test]
fn a_case_is_made_in_a_database_as_in_a_file() {
    let (desk, Some(database)) = (Desk::added(), cluster::database()) else { return };
    assert_eq!(desk.run(&["add", "--case", "dam", "in", "--ledger", &database.address]).0, 0);
    let json = |ledger: &str| -> Value {
        let (exit, out, err) = desk.run(&["export", "--case", "dam", "--ledger", ledger]);
        assert_eq!(exit, 0, "{err}");
        serde_json::from_str(&out).unwrap()
    };
    assert_eq!(json(&database.address), json("sayso.db"));
    let place = format!("{}&password=s3cret", database.address);
    let (exit, _, err) = desk.run(&["claims", "--case", "nothing", "-vvv", "--ledger", &place]);
    assert!(exit == 2 && !err.contains("s3cret"), "{err}");
    let (exit, _, err) = desk.run(&["claims", "--ledger", "postgres://olga:s3cret@127.0.0.1:1/desk"]);
    assert!(exit == 2 && err.contains("cannot be reached") && !err.contains("s3cret"), "{err}");
}
