//! `sayso export`: a case in the formats that other programs read.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use sayso_ledger::export;

use crate::ledger::Place;
use crate::{Outcome, output};

/// Write a case for other programs: its reports, actors, claims with their origins, incidents and decisions.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso export --case raid --format json -o raid.json
  sayso export --case raid --format csv -o raid.csv          a row a mention, for spreadsheets
  sayso export --case raid --as-of 2025-05-12 > then.json    what was known that day

docs/formats.md explains every field.")]
pub(crate) struct Args {
    /// In which format
    #[arg(long, short, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Where to write it; standard output when left out
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// As of when: later reports and decisions count as not there
    #[arg(long, value_name = "TIME", value_parser = crate::time::moment)]
    as_of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The whole case as one object
    Json,
    /// A row a mention
    Csv,
    /// Incidents that have a place, as GeoJSON
    Geojson,
    /// Claims and their reviews in the words of schema.org
    Jsonld,
    /// Every mention as a W3C Web Annotation
    Annotations,
    /// Rows shaped as ACLED's, with the original source
    Acled,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(args.as_of.as_deref())?;
    let all = export::Case {
        name: &case.name,
        as_of: case.as_of.as_deref(),
        entries: &case.entries,
        journal: &case.journal,
        weighing: &case.weighing,
    };
    let text = match args.format {
        Format::Json => indented(&export::json::export(&all))?,
        Format::Csv => export::csv::export(&all)?,
        Format::Geojson => indented(&export::geojson::export(&all))?,
        Format::Jsonld => indented(&export::jsonld::export(&all))?,
        Format::Annotations => indented(&export::annotations::export(&all))?,
        Format::Acled => export::acled::export(&all)?,
    };
    match &args.output {
        None => output::text(&text)?,
        Some(path) => std::fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))?,
    }
    Ok(Outcome::Done)
}

fn indented(value: &serde_json::Value) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
