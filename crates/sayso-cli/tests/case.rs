//! The verbs that work on a case, from `add` to `undo`, on the shipped program.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use assert_cmd::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a ledger and a few reports on one event.
struct Desk(TempDir);

const REPORTS: [(&str, &str); 3] = [
    (
        "a.txt",
        "Title: Dam holds, says engineer\nOutlet: Valley Wire\nPublished: 2025-04-02T08:00:00Z\n\n\
         The water board's engineer Ines Okafor said on Wednesday that the Lower Dam had been opened at night.\n\n\
         Mayor Tomas Rehn denied that the Lower Dam had been opened at night.\n",
    ),
    (
        "b.txt",
        "Title: Dam opened\nOutlet: Hill Post\nPublished: 2025-04-02T11:00:00Z\n\n\
         The Lower Dam had been opened at night, engineer Ines Okafor told Valley Wire.\n",
    ),
    (
        "c.txt",
        "Title: Bakers strike\nOutlet: Hill Post\nPublished: 2025-04-05\n\n\
         The bakers' union said on Saturday that its members would strike for a week.\n",
    ),
];

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        fs::create_dir(desk.0.path().join("in")).unwrap();
        for (name, text) in REPORTS {
            fs::write(desk.0.path().join("in").join(name), text).unwrap();
        }
        desk
    }

    fn added() -> Self {
        let desk = Self::new();
        assert_eq!(desk.run(&["add", "--case", "dam", "in"]).0, 0);
        desk
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("sayso").unwrap();
        command.current_dir(self.0.path()).args(args).stdin(Stdio::null());
        command.env_remove("SAYSO_LOG").env_remove("SAYSO_LEDGER").env_remove("COLUMNS").env("USER", "ed");
        command
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let out = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    fn json(&self, args: &[&str]) -> Value {
        let (exit, out, err) = self.run(&[args, &["--case", "dam", "--format", "json"]].concat());
        assert_eq!(exit, 0, "{args:?}: {err}");
        serde_json::from_str(&out).unwrap()
    }
}

#[test]
fn adding_twice_changes_nothing() {
    let desk = Desk::new();
    let (exit, out, err) = desk.run(&["add", "--case", "dam", "in"]);
    assert_eq!((exit, out.as_str(), err.as_str()), (0, "3 reports added to case dam.\n", ""));
    let before = desk.json(&["claims"]);
    let (exit, out, _) = desk.run(&["add", "in", "--case", "dam", "--threads", "1"]);
    assert_eq!((exit, out.as_str()), (0, "0 reports added to case dam; 3 inputs not changed since.\n"));
    assert_eq!(desk.json(&["claims"]), before);
}

#[test]
fn a_bad_input_keeps_no_other_out() {
    let desk = Desk::new();
    fs::write(desk.0.path().join("in/empty.txt"), "").unwrap();
    let (exit, out, err) = desk.run(&["add", "--case", "dam", "gone.txt", "in"]);
    assert_eq!((exit, out.as_str()), (1, "3 reports added to case dam.\n"));
    assert!(err.contains("error[S0104] gone.txt") && err.contains("error[S0101]"), "{err}");
}

#[test]
fn every_list_is_there_for_people_and_for_programs() {
    let desk = Desk::added();
    for verb in ["claims", "timeline", "actors", "incidents", "log"] {
        assert!(desk.json(&[verb]).is_array(), "{verb}");
        let (exit, out, err) = desk.run(&[verb, "--case", "dam"]);
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
    let written: Value = serde_json::from_slice(&fs::read(desk.0.path().join("out.json")).unwrap()).unwrap();
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
    let mut child =
        desk.command(&["review", "--case", "dam"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"a\nr\nu\nq\n").unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(out.contains("1 of ") && out.contains("1 decision made"), "{out}");
    let log = desk.json(&["log"]);
    let made: Vec<&str> = log.as_array().unwrap().iter().map(|line| line["decision"].as_str().unwrap()).collect();
    assert_eq!(made, ["accept", "reject", "undo"]);
}

#[test]
fn a_changed_ledger_is_found_out() {
    let desk = Desk::added();
    let (exit, out, _) = desk.run(&["verify"]);
    assert_eq!((exit, out.as_str()), (0, "All captures, readings and decisions are as they were written.\n"));
}

#[test]
fn what_is_not_there_is_said() {
    let desk = Desk::new();
    let (exit, _, err) = desk.run(&["claims"]);
    assert_eq!(exit, 2);
    assert!(err.contains("no ledger at sayso.db"), "{err}");
    assert!(!desk.0.path().join("sayso.db").exists(), "looking makes no files");
    assert_eq!(desk.run(&["add", "in", "--ledger", "desk.db"]).0, 0);
    let (exit, _, err) = desk.run(&["--ledger", "desk.db", "--case", "flood", "claims"]);
    assert_eq!(exit, 2);
    assert!(err.contains("flood") && err.contains("default"), "{err}");
    let (exit, _, err) = desk.run(&["show", "999", "--ledger", "desk.db"]);
    assert_eq!(exit, 2);
    assert!(err.contains("no claim 999"), "{err}");
    fs::write(desk.0.path().join("text.db"), "not a database at all, but long enough to be looked at").unwrap();
    let (exit, _, err) = desk.run(&["claims", "--ledger", "text.db"]);
    assert_eq!(exit, 2);
    assert!(err.contains("text.db") && !err.contains("panicked"), "{err}");
}
