//! Lists of the user's own, and timings, as people run them.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

use std::fs;
use std::process::{Command, Stdio};

use assert_cmd::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

const REPORT: &str = "Title: Fire\nOutlet: The Weir\nPublished: 2025-03-04\n\n\
    A shed in Quillwortby burned down on Monday, Grelmund Pulse reported. The warden said nobody was hurt.\n";

/// A folder with the report and such files; runs `sayso` in it: exit code, standard output, standard error.
fn run(files: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("report.txt"), REPORT).unwrap();
    files.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
    let mut command = Command::cargo_bin("sayso").unwrap();
    let out = command.current_dir(folder.path()).args(args).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn read(files: &[(&str, &str)], args: &[&str]) -> Value {
    let (code, out, errors) = run(files, &[&["read", "--format", "jsonl", "report.txt"], args].concat());
    assert_eq!(code, 0, "{errors}");
    serde_json::from_str(&out).unwrap()
}

fn kind(reading: &Value, name: &str) -> Option<String> {
    let actors = reading["actors"].as_array().unwrap();
    actors.iter().find(|a| a["name"] == name).map(|a| a["kind"].as_str().unwrap().to_owned())
}

#[test]
fn an_outlet_and_a_place_of_ones_own() {
    let bare = read(&[], &[]);
    assert_ne!(kind(&bare, "Grelmund Pulse").as_deref(), Some("outlet"));
    assert_eq!(bare["places"].as_array().unwrap().len(), 0);

    let files = [
        ("mine.txt", "# mine\n[agencies]\nGrelmund Pulse | GPU\n"),
        ("places.tsv", "Quillwortby\t\tcity\t10.5\t20.25\tTD\t50000\tQuillwort Town\n"),
    ];
    let own = read(&files, &["--lists", "mine.txt", "--places", "places.tsv"]);
    assert_eq!(kind(&own, "Grelmund Pulse").as_deref(), Some("outlet"));
    assert_eq!((&own["places"][0]["name"], &own["places"][0]["lat"]), (&"Quillwortby".into(), &10.5.into()));
}

#[test]
fn broken_lines_are_named() {
    let files = [("mine.txt", "Grelmund Pulse\n[agencies]\nFine\n"), ("places.tsv", "# name\nbroken\tx\n")];
    for verb in ["read", "add"] {
        let args = [verb, "--lists", "mine.txt", "--places", "places.tsv", "report.txt"];
        let (code, out, errors) = run(&files, &args);
        assert_eq!((code, out.as_str()), (2, ""), "{errors}");
        assert!(errors.contains("mine.txt, line 1:") && errors.contains("places.tsv, line 2:"), "{errors}");
    }
    let (code, _, errors) = run(&[], &["read", "--lists", "nowhere.txt", "report.txt"]);
    assert_eq!((code, errors.contains("nowhere.txt could not be read")), (2, true), "{errors}");
}

#[test]
fn a_case_is_read_again_with_other_lists() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("report.txt"), REPORT).unwrap();
    fs::write(folder.path().join("mine.txt"), "[agencies]\nGrelmund Pulse\n").unwrap();
    let add = |args: &[&str]| {
        let mut command = Command::cargo_bin("sayso").unwrap();
        let out = command.current_dir(folder.path()).arg("add").args(args).arg("report.txt").output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    add(&[]);
    assert!(add(&[]).contains("not changed since"));
    assert!(!add(&["--lists", "mine.txt"]).contains("not changed since"));
}

#[test]
fn timings_say_where_the_time_goes() {
    let (code, out, errors) = run(&[], &["read", "--format", "jsonl", "--timings", "report.txt"]);
    assert_eq!((code, out.lines().count()), (0, 1));
    for question in ["attribution", "who", "where", "when", "how many", "event", "all"] {
        assert!(errors.lines().any(|l| l.starts_with(question) && l.ends_with('%')), "{question}: {errors}");
    }
}
