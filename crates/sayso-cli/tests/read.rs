//! `sayso read` as people run it: what it prints, what it says about bad input, how it ends.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use assert_cmd::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

const REPORT: &str = "Title: Bridge shut\nOutlet: The Weir\nPublished: 2025-03-04T09:10:00Z\n\n\
    The mayor of Überlingen said the bridge was “safe”. A caf\u{e9} owner denied that.\n";

/// A folder of inputs for one test.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs `sayso read` in the folder: exit code, standard output, standard error.
    fn read(&self, args: &[&str]) -> (i32, String, String) {
        let out = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("sayso").unwrap();
        command.current_dir(self.0.path()).arg("read").args(args).stdin(Stdio::null());
        command.env_remove("SAYSO_LOG").env_remove("COLUMNS");
        command
    }

    /// A bad input between two good ones: the good are read, the code is named, nothing else is said.
    fn spoils_only_itself(&self, bad: &str, code: &str) {
        self.file("good.txt", REPORT);
        let (exit, out, err) = self.read(&["good.txt", bad, "good.txt", "--format", "jsonl"]);
        assert_eq!(exit, 1, "{err}");
        assert_eq!(out.lines().count(), 2, "both good reports are read: {err}");
        assert!(err.starts_with(&format!("error[{code}] ")), "{err}");
        assert!(err.contains(bad), "the input is named: {err}");
        assert_eq!(err.lines().count(), 1, "one plain sentence: {err}");
    }
}

fn records(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn codes(record: &Value) -> Vec<&str> {
    record["notices"].as_array().unwrap().iter().map(|notice| notice["code"].as_str().unwrap()).collect()
}

#[test]
fn a_report_as_jsonl_has_the_fields_of_the_format() {
    let desk = Desk::new();
    desk.file("r.txt", REPORT);
    let (exit, out, err) = desk.read(&["r.txt", "--format", "jsonl"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    let record = &records(&out)[0];
    assert_eq!(record["source"], "r.txt");
    assert_eq!(record["outlet"], "The Weir");
    assert_eq!(record["published"], "2025-03-04T09:10:00Z");
    assert_eq!(record["title"], "Bridge shut");
    assert_eq!(record["language"], "en");
    assert_eq!(record["sha256"].as_str().unwrap().len(), 64);
    let lists =
        ["attributions", "voice", "actors", "places", "times", "quantities", "evidence", "verification", "events"];
    for list in lists.iter().chain(&["notices"]) {
        assert!(record[list].is_array(), "{list}");
    }
    let length = record["text"].as_str().unwrap().chars().count() as u64;
    for statement in record["attributions"].as_array().unwrap() {
        for role in ["source", "cue", "content"] {
            for span in statement[role].as_array().unwrap() {
                let (start, end) = (span[0].as_u64().unwrap(), span[1].as_u64().unwrap());
                assert!(start < end && end <= length, "{role} {span}");
            }
        }
    }
}

#[test]
fn jsonl_keeps_ids_texts_and_order() {
    let desk = Desk::new();
    let lines: Vec<String> = (0..40)
        .map(|k| serde_json::json!({"id": format!("№{k}"), "text": format!("Clerk {k} said it rained.\n\nIt did."), "other": 1}).to_string())
        .collect();
    desk.file("many.jsonl", lines.join("\n"));
    let outputs: Vec<String> = ["1", "2", "4"]
        .iter()
        .map(|threads| {
            let (exit, out, err) = desk.read(&["many.jsonl", "--format", "jsonl", "--threads", threads]);
            assert_eq!((exit, err.as_str()), (0, ""));
            out
        })
        .collect();
    assert_eq!(outputs[0], outputs[1], "one thread or two");
    assert_eq!(outputs[0], outputs[2], "one thread or four");
    for (k, record) in records(&outputs[0]).iter().enumerate() {
        assert_eq!(record["id"], format!("№{k}"));
        assert_eq!(record["text"], format!("Clerk {k} said it rained.\n\nIt did."));
    }
}

#[test]
fn flags_go_before_what_a_report_says() {
    let desk = Desk::new();
    desk.file("r.txt", REPORT);
    let args = ["r.txt", "-f", "jsonl", "--outlet", "Weir Online", "--published", "2025-03-05T01:00:00+02:00"];
    let record = &records(&desk.read(&args).1)[0];
    assert_eq!(record["outlet"], "Weir Online");
    assert_eq!(record["published"], "2025-03-04T23:00:00Z");
}

#[test]
fn standard_input_and_the_other_formats() {
    let desk = Desk::new();
    let input = desk.file("r.txt", REPORT);
    let stdin = || Stdio::from(fs::File::open(&input).unwrap());
    let table = desk.command(&["-"]).stdin(stdin()).output().unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.starts_with("Bridge shut\nThe Weir · 2025-03-04 09:10 UTC · standard input\n"), "{table}");
    assert!(!table.contains('\u{1b}'), "no colour in a pipe");
    let json = desk.command(&["-", "--format", "json"]).stdin(stdin()).output().unwrap();
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    let html = desk.command(&["-", "r.txt", "--format", "html"]).stdin(stdin()).output().unwrap();
    let html = String::from_utf8(html.stdout).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    assert_eq!(html.matches("<article").count(), 2);
}

#[test]
fn an_empty_file() {
    let desk = Desk::new();
    desk.file("empty.txt", "");
    desk.spoils_only_itself("empty.txt", "S0101");
    desk.file("blank.txt", " \n\n\t");
    desk.spoils_only_itself("blank.txt", "S0101");
}

#[test]
fn a_binary_file() {
    let desk = Desk::new();
    desk.file("photo.png", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 1, 255, 7].repeat(500)].concat());
    desk.spoils_only_itself("photo.png", "S0103");
    desk.file("program.txt", (0..4000_u32).map(|k| (k * 7 % 251) as u8).collect::<Vec<_>>());
    desk.spoils_only_itself("program.txt", "S0103");
}

#[test]
fn a_missing_file() {
    Desk::new().spoils_only_itself("gone.txt", "S0104");
}

#[test]
fn a_folder_where_a_file_was_meant() {
    let desk = Desk::new();
    fs::create_dir(desk.0.path().join("pages")).unwrap();
    desk.spoils_only_itself("pages", "S0105");
}

#[test]
fn a_jsonl_file_cut_off_in_its_last_line() {
    let desk = Desk::new();
    desk.file(
        "cut.jsonl",
        "{\"id\":\"a\",\"text\":\"Ann said no.\"}\n{\"id\":\"b\",\"text\":\"Bob said yes.\"}\n{\"id\":\"c\",\"te",
    );
    let (exit, out, err) = desk.read(&["cut.jsonl", "-f", "jsonl"]);
    assert_eq!(exit, 1);
    assert_eq!(records(&out).iter().map(|r| r["id"].as_str().unwrap()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(err.starts_with("error[S0106] ") && err.contains("cut.jsonl"), "{err}");
}

#[test]
fn lines_of_ten_million_bytes() {
    let desk = Desk::new();
    let long = "x".repeat(10_000_000);
    desk.file("long.txt", format!("Ann said no.\n\n{long}\n\nBob said yes."));
    desk.file(
        "long.jsonl",
        format!("{{\"id\":\"a\",\"text\":\"{long}\"}}\n{{\"id\":\"b\",\"text\":\"Bob said yes.\"}}\n"),
    );
    let (exit, out, err) = desk.read(&["long.txt", "long.jsonl", "-f", "jsonl"]);
    assert_eq!(exit, 0, "{err}");
    let records = records(&out);
    assert_eq!(records.len(), 3);
    assert!(codes(&records[0]).contains(&"S0107"), "{err}");
    assert!(records[1]["text"].as_str().unwrap().len() == long.len(), "the text comes back whole");
    assert!(err.contains("[S0107] long.txt"), "{err}");
}

#[test]
fn other_character_sets() {
    let desk = Desk::new();
    let text = "The mayor of Überlingen said the café was open. “No,” a neighbour said.";
    let utf16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    desk.file("le.txt", [b"\xff\xfe".to_vec(), utf16(u16::to_le_bytes)].concat());
    desk.file("be.txt", [b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat());
    desk.file("latin.txt", b"The mayor of \xdcberlingen said the caf\xe9 was open. \x93No,\x94 a neighbour said.");
    let (exit, out, err) = desk.read(&["le.txt", "be.txt", "latin.txt", "-f", "jsonl"]);
    assert_eq!(exit, 0, "{err}");
    for record in records(&out) {
        assert_eq!(record["text"], text, "{}", record["source"]);
    }
}

#[test]
fn bytes_that_fit_no_character_set() {
    let desk = Desk::new();
    desk.file(
        "mixed.txt",
        "Überlingen: „ja“, said the mayor of Überlingen. A caf§ owner in Überlingen agreed."
            .bytes()
            .map(|b| if b == 0xa7 { 0xe9 } else { b })
            .filter(|b| *b != 0xc2)
            .collect::<Vec<_>>(),
    );
    let (exit, out, err) = desk.read(&["mixed.txt", "-f", "jsonl"]);
    assert_eq!(exit, 0, "{err}");
    assert!(codes(&records(&out)[0]).contains(&"S0102"));
    assert!(err.starts_with("note[S0102] mixed.txt"), "{err}");
}

#[test]
fn a_language_the_model_does_not_know() {
    let desk = Desk::new();
    desk.file(
        "hu.txt",
        "A polgármester azt mondta, hogy a híd hétfőn megnyílik, és a forgalom estére helyreáll. \
         „Nem várunk tovább” – tette hozzá a szóvivő a sajtótájékoztatón, amelyet a városházán tartottak.",
    );
    let (exit, out, err) = desk.read(&["hu.txt", "-f", "jsonl"]);
    assert_eq!(exit, 0, "{err}");
    let record = &records(&out)[0];
    assert_eq!(record["language"], "hu");
    assert!(codes(record).contains(&"S0201") && err.starts_with("note[S0201] hu.txt"), "{err}");
}

#[test]
fn wrong_usage() {
    let desk = Desk::new();
    desk.file("r.txt", REPORT);
    for args in
        [&[] as &[&str], &["r.txt", "--format", "pdf"], &["r.txt", "--published", "soon"], &["r.txt", "--threads", "0"]]
    {
        let (exit, out, err) = desk.read(args);
        assert_eq!((exit, out.as_str()), (2, ""), "{args:?}");
        assert!(!err.is_empty());
    }
}

#[test]
fn whoever_reads_the_output_may_stop() {
    let desk = Desk::new();
    let line = serde_json::json!({"id": "a", "text": "Ann said no. ".repeat(40)}).to_string();
    desk.file("many.jsonl", vec![line; 600].join("\n"));
    let mut child =
        desk.command(&["many.jsonl", "-f", "jsonl"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(err, "", "no complaint");
}

#[test]
fn pages_cannot_break_out_of_the_html() {
    let desk = Desk::new();
    desk.file("x.jsonl", serde_json::json!({"id": "x", "title": "<img src=x onerror=1>", "text": "Ann said </p><script>alert(1)</script>."}).to_string());
    let (_, out, _) = desk.read(&["x.jsonl", "-f", "html"]);
    assert!(!out.contains("<img") && !out.contains("<script>alert"), "{out}");
}

#[test]
fn help_shows_examples() {
    let desk = Desk::new();
    let (exit, out, _) = desk.read(&["--help"]);
    assert_eq!(exit, 0);
    assert!(out.contains("Examples:") && out.contains("sayso read page.html"), "{out}");
}

#[test]
fn every_notice_is_documented() {
    let formats = include_str!("../../../docs/formats.md");
    for code in sayso::notice::Code::ALL {
        assert!(formats.contains(code.as_str()), "docs/formats.md does not explain {}", code.as_str());
    }
}

/// The README shows what the program prints: to the letter.
#[test]
fn the_readme_shows_what_is_printed() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let shown = readme.split("<!-- output -->\n```text\n").nth(1).unwrap().split("```\n").next().unwrap();
    let mut command = Command::cargo_bin("sayso").unwrap();
    command.current_dir(root).args(["read", "samples/maktaaral-raid/r02.txt"]).env_remove("COLUMNS");
    let printed = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(shown, printed);
}
