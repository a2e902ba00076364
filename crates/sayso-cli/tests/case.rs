//! The verbs that work on a case, from `add` to `undo`, on the shipped program.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod desk;

use std::fs;
use std::io::Write;
use std::process::Stdio;

use desk::Desk;
use serde_json::Value;

#[test]
fn adding_twice_changes_nothing() {
    let desk = Desk::new();
    let (exit, out, err) = desk.run(&["add", "--case", "dam", "in"]);
    assert_eq!((exit, out.as_str(), err.as_str()), (0, "3 reports added to case dam.\n", ""));
    let before = desk.json(&["claims"]);
    let (exit, out, _) = desk.run(&["add", "in", "--case", "dam", "--threads", "1"]);
    assert_eq!((exit, out.as_str()), (0, "0 reports added to case dam; 3 inputs not changed since.\n"));
    assert_eq!(desk.json(&["claims"]), before);
    let counted = serde_json::json!({"case": "dam", "added": 0, "known": 0, "inputs_unchanged": 3});
    assert_eq!(desk.json(&["add", "in"]), counted);
}

#[test]
fn a_bad_input_keeps_no_other_out() {
    let desk = Desk::new();
    fs::write(desk.path("in/empty.txt"), "").unwrap();
    let (exit, out, err) = desk.run(&["add", "--case", "dam", "gone.txt", "in"]);
    assert_eq!((exit, out.as_str()), (1, "3 reports added to case dam.\n"));
    assert!(err.contains("error[S0104] gone.txt") && err.contains("error[S0101]"), "{err}");
}

#[test]
fn every_list_is_there_for_people_and_for_programs() {
    let desk = Desk::added();
    for verb in ["claims", "timeline", "actors", "incidents", "log"] {
        assert!(desk.json(&[verb]).is_array(), "{verb}");
        assert!(desk.json(&[verb, "--as-of", "2025-04-03"]).is_array(), "{verb}");
        let (exit, out, err) = desk.run(&["--case", "dam", verb]);
        assert_eq!((exit, err.as_str()), (0, ""), "{verb}");
        assert!(!out.is_empty() && out.lines().all(|line| line.chars().count() <= 100), "{verb}: {out}");
    }
    for verb in ["show", "origins"] {
        let claim = desk.json(&[verb, "1"]);
        assert!(claim["independent_origins"].is_u64() && claim["dependences"].is_array(), "{claim}");
        let (exit, out, err) = desk.run(&[verb, claim["id"].as_str().unwrap(), "--case", "dam"]);
        assert_eq!((exit, err.as_str()), (0, ""), "{verb}");
        assert!(out.starts_with(&claim["statement"].as_str().unwrap()[..20]), "{out}");
    }
}

#[test]
fn the_export_is_one_object_with_the_case() {
    let desk = Desk::added();
    let case = desk.json(&["export"]);
    assert_eq!(case["case"], "dam");
    assert_eq!(case["reports"].as_array().unwrap().len(), 3);
    for list in ["actors", "claims", "incidents", "decisions"] {
        assert!(case[list].is_array(), "{list}");
    }
    let (exit, out, _) = desk.run(&["export", "--case", "dam", "-o", "out.json"]);
    assert_eq!((exit, out.as_str()), (0, ""));
    let written: Value = serde_json::from_slice(&fs::read(desk.path("out.json")).unwrap()).unwrap();
    assert_eq!(written, case);
    let then = desk.json(&["export", "--as-of", "2025-04-02"]);
    assert_eq!(then["reports"].as_array().unwrap().len(), 2, "the third came later");
}

#[test]
fn every_export_writes_its_format() {
    let desk = Desk::added();
    let export = |format: &str| {
        let (exit, out, err) = desk.run(&["export", "--case", "dam", "--format", format]);
        assert_eq!((exit, err.as_str()), (0, ""), "{format}");
        out
    };
    for format in ["geojson", "jsonld", "annotations"] {
        assert!(serde_json::from_str::<Value>(&export(format)).unwrap().is_object(), "{format}");
    }
    for format in ["csv", "acled"] {
        assert!(export(format).lines().next().unwrap().contains(','), "{format}");
    }
    assert!(export("ftm").lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["schema"].is_string()));
    assert!(export("html").starts_with("<!doctype html>"));
    assert_eq!(desk.run(&["export", "--case", "dam", "--format", "parquet", "-o", "dam.parquet"]).0, 0);
    let bytes = fs::read(desk.path("dam.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn a_decision_changes_the_case_and_undo_brings_it_back() {
    let desk = Desk::added();
    let before = desk.json(&["claims"]);
    let mentions = |claims: &Value| -> usize {
        claims.as_array().unwrap().iter().map(|claim| claim["mentions"].as_array().unwrap().len()).sum()
    };
    let (exit, out, err) = desk.run(&["review", "reject", "1.1", "--case", "dam", "--why", "not said"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(out.starts_with("1. rejected "), "{out}");
    assert_eq!(mentions(&desk.json(&["claims"])), mentions(&before) - 1);
    assert_eq!(desk.run(&["review", "undo", "1", "--case", "dam"]).0, 0);
    assert_eq!(desk.json(&["claims"]), before);
    let log = desk.json(&["log"]);
    assert_eq!(log.as_array().unwrap().len(), 2, "nothing leaves the journal");
    assert_eq!((&log[0]["by"], &log[0]["why"]), (&"ed".into(), &"not said".into()));
    let (exit, _, err) = desk.run(&["review", "undo", "9", "--case", "dam"]);
    assert_eq!(exit, 2);
    assert!(err.contains("no decision 9"), "{err}");
}

#[test]
fn the_queue_takes_answers() {
    let desk = Desk::added();
    let mut child = desk
        .command(&["review", "--only", "mentions", "--case", "dam"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"y\nw a caption\nn\nz\nu\nb\n?\nq\n").unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(out.contains("1 of ") && out.contains("1 decision made") && out.contains("z undo"), "{out}");
    let log = desk.json(&["log"]);
    let made: Vec<&str> = log.as_array().unwrap().iter().map(|line| line["decision"].as_str().unwrap()).collect();
    assert_eq!(made, ["accept", "reject", "undo"]);
    assert_eq!((log[1]["why"].as_str(), log[2].get("why")), (Some("a caption"), None));
}

#[test]
fn suggestions_are_there_for_programs_and_settled_ones_are_not() {
    let desk = Desk::added();
    let before = desk.json(&["review"]);
    let about = |list: &Value, what: &str| list.as_array().unwrap().iter().filter(|x| x["about"] == what).count();
    assert!(about(&before, "mentions") > 0 && about(&before, "claims") > 0, "{before}");
    let mut child =
        desk.command(&["review", "--case", "dam"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("y\n".repeat(before.as_array().unwrap().len() + 3).as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(desk.json(&["review"]), serde_json::json!([]));
    assert_eq!(desk.run(&["review", "--case", "dam"]).1, "There is nothing left to decide.\n");
}

#[test]
fn a_changed_ledger_is_found_out() {
    let found_after = |sql: &str| {
        let desk = Desk::added();
        assert_eq!(desk.run(&["review", "reject", "1.1", "--case", "dam"]).0, 0);
        assert_eq!(desk.run(&["review", "undo", "1", "--case", "dam"]).0, 0);
        let whole = "All captures, reports, readings and decisions are as they were written.\n";
        assert_eq!(desk.run(&["verify"]), (0, whole.to_owned(), String::new()));
        let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
        raw.execute_batch("DROP TRIGGER decisions_stay; DROP TRIGGER decisions_remain").unwrap();
        raw.execute_batch(sql).unwrap();
        drop(raw);
        let (exit, out, _) = desk.run(&["verify"]);
        assert_eq!(exit, 1, "{out}");
        let json = desk.run(&["verify", "--format", "json"]);
        let list: Value = serde_json::from_str(&json.1).unwrap();
        assert_eq!((json.0, list.as_array().unwrap().len()), (1, out.lines().count()));
        out
    };
    // One byte of each thing that is kept.
    let byte = "replace(CAST(bytes AS TEXT), 'Okafor', 'Okofor')";
    let out =
        found_after(&format!("UPDATE blobs SET bytes = CAST({byte} AS BLOB) WHERE CAST(bytes AS TEXT) LIKE '%Rehn%'"));
    assert!(out.starts_with("capture ") && out.lines().count() == 1, "{out}");
    let out = found_after("UPDATE readings SET reading = replace(reading, 'Okafor', 'Okofor') WHERE row = 1");
    assert!(out.starts_with("reading ") && out.lines().count() == 1, "{out}");
    let out = found_after("UPDATE decisions SET line = replace(line, 'reject', 'accept') WHERE number = 1");
    assert!(out.starts_with("decision 1 of case dam: its words"), "{out}");
    let out = found_after("DELETE FROM decisions WHERE number = 1");
    assert!(out.starts_with("decision 2 of case dam: it does not follow"), "{out}");
    let out = found_after("DELETE FROM decisions WHERE number = 2");
    assert!(out.starts_with("the journal of case dam: "), "{out}");
}

#[test]
fn what_is_not_there_is_said() {
    let desk = Desk::new();
    let (exit, _, err) = desk.run(&["claims"]);
    assert_eq!(exit, 2);
    assert!(err.contains("no ledger at sayso.db"), "{err}");
    assert!(!desk.path("sayso.db").exists(), "looking makes no files");
    assert_eq!(desk.run(&["add", "in", "--ledger", "desk.db"]).0, 0);
    let (exit, _, err) = desk.run(&["--ledger", "desk.db", "--case", "flood", "claims"]);
    assert_eq!(exit, 2);
    assert!(err.contains("flood") && err.contains("default"), "{err}");
    let (exit, _, err) = desk.run(&["show", "999", "--ledger", "desk.db"]);
    assert_eq!(exit, 2);
    assert!(err.contains("no claim 999"), "{err}");
    fs::write(desk.path("text.db"), "not a database at all, but long enough to be looked at").unwrap();
    let (exit, _, err) = desk.run(&["claims", "--ledger", "text.db"]);
    assert_eq!(exit, 2);
    assert!(err.contains("text.db") && !err.contains("panicked"), "{err}");
}

#[test]
fn every_verb_explains_itself_with_examples() {
    let desk = Desk::new();
    let verbs = [
        "read",
        "add",
        "claims",
        "show",
        "origins",
        "timeline",
        "actors",
        "incidents",
        "export",
        "review",
        "log",
        "verify",
    ];
    for verb in verbs {
        let (exit, out, _) = desk.run(&[verb, "--help"]);
        assert_eq!(exit, 0, "{verb}");
        assert!(out.contains("Examples:") && out.contains(&format!("sayso {verb}")), "{verb}: {out}");
        assert!(out.lines().all(|line| line.chars().count() <= 120), "{verb}: {out}");
    }
}
