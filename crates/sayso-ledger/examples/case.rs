//! Reads files, weighs them as one case and prints it as JSON, without a ledger: for measuring.
//!
//!     cargo run --example case -- samples/maktaaral-raid/reports/* > pred.json
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example that prints")]

use sayso::intake::{Hints, Source, read_source};
use sayso::read::Reader;
use sayso::weigh::{Entry, weigh};
use sayso_ledger::export::json::{Case, export};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::new();
    let mut entries = Vec::new();
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name)?;
        let source = Source { name: &name, bytes: &bytes, hints: Hints::default() };
        for report in read_source(&source) {
            match report {
                Ok(report) => entries.push(Entry { reading: reader.read(&report), report }),
                Err(notice) => eprintln!("{name}: {}", notice.message),
            }
        }
    }
    let weighing = weigh(&entries, &[], None);
    let case = Case { name: "case", as_of: None, entries: &entries, journal: &[], weighing: &weighing };
    println!("{}", serde_json::to_string_pretty(&export(&case))?);
    Ok(())
}
