//! Reads reports as JSONL (`id`, `text`, `published`) from standard input and writes their times as JSONL, for scoring.

use std::io::{self, BufRead, Write};

use sayso::model::Analysis;
use sayso::read::{Document, when};
use sayso::reading::Reading;
use sayso::report::Report;
use sayso::span::CodePoints;

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let input: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| input[name].as_str().map(str::to_owned);
        let report =
            Report { text: field("text").unwrap_or_default(), published: field("published"), ..Report::default() };
        let doc = Document { report: &report, analysis: Analysis::words(&report) };
        let (times, _) = when::find(&doc);
        let reading = Reading { times, ..Reading::default() }.to_code_points(&CodePoints::new(&report.text));
        writeln!(out, "{}", serde_json::json!({"id": input["id"], "times": reading.times}))?;
    }
    Ok(())
}
