//! Reads reports as JSONL (`id`, `text`) from standard input and writes their events as JSONL, for scoring.
//!
//! With `--model` the whole reader runs; without it only the words are looked at.

use std::io::{self, BufRead, Write};

use sayso::model::Analysis;
use sayso::read::{Document, Reader, answer};
use sayso::report::Report;
use sayso::span::CodePoints;

fn main() -> io::Result<()> {
    let reader = std::env::args().any(|a| a == "--model").then(Reader::new);
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let input: serde_json::Value = serde_json::from_str(&line?)?;
        let report = Report { text: input["text"].as_str().unwrap_or_default().to_owned(), ..Report::default() };
        let reading = match &reader {
            Some(reader) => reader.read(&report),
            None => answer(&Document { report: &report, analysis: Analysis::words(&report) }, Vec::new()),
        };
        let events = reading.to_code_points(&CodePoints::new(&report.text)).events;
        writeln!(out, "{}", serde_json::json!({"id": input["id"], "events": events}))?;
    }
    Ok(())
}
