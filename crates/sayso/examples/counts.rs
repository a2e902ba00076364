//! Reads reports as JSONL (`id`, `text`, `published`) from standard input and writes their quantities as JSONL, for scoring.

use std::io::{self, BufRead, Write};

use sayso::model::Analysis;
use sayso::read::{Document, how_many};
use sayso::reading::Reading;
use sayso::report::Report;
use sayso::span::CodePoints;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let input: serde_json::Value = serde_json::from_str(&line?)?;
        let report = Report { text: input["text"].as_str().unwrap_or_default().to_owned(), ..Report::default() };
        let doc = Document { report: &report, analysis: Analysis::words(&report) };
        let quantities = how_many::find(&doc);
        let reading = Reading { quantities, ..Reading::default() }.to_code_points(&CodePoints::new(&report.text));
        writeln!(out, "{}", serde_json::json!({"id": input["id"], "quantities": reading.quantities}))?;
    }
    Ok(())
}
