//! `sayso export`: a case in the formats that other programs read.

use std::io::{Cursor, IsTerminal};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use sayso_ledger::{Ledger, export};

use crate::ledger::{Case, Moment, Place};
use crate::{Outcome, output, time};

/// Write a case for other programs: its reports, actors, claims with their origins, incidents and decisions.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso export --case raid --format json -o raid.json
  sayso export --case raid --format csv -o raid.csv          a row a mention, for spreadsheets
  sayso export --case raid --format html -o raid.html        a dossier: open it in a browser, print it
  sayso export --case raid --format parquet -o raid.parquet
  sayso export --case raid --format wacz -o raid.wacz        with every capture: to hand over, to keep
  sayso export --case raid --as-of 2025-05-12 > then.json    what was known that day

docs/formats.md explains every field.")]
pub(crate) struct Args {
    /// In which format
    #[arg(long, short, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Where to write it; standard output when left out
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    moment: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The whole case as one object
    Json,
    /// A row a mention, for spreadsheets
    Csv,
    /// The same rows with their types, for data frames and databases
    Parquet,
    /// Incidents that have a place, as GeoJSON
    Geojson,
    /// Claims and their reviews in the words of schema.org
    Jsonld,
    /// Every mention as a W3C Web Annotation
    Annotations,
    /// Rows shaped as ACLED's, with the original source
    Acled,
    /// FollowTheMoney entities, a line each, for Aleph
    Ftm,
    /// One page to read, print or send: every claim with who said it, in which words, and what became of it
    Html,
    /// A web archive (WACZ) of the captures, with the case, its annotations and its journal, and the hash of each file
    Wacz,
}

impl Format {
    /// Whether it is for programs alone.
    fn is_binary(self) -> bool {
        matches!(self, Self::Parquet | Self::Wacz)
    }
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.moment)?;
    let bytes = bytes(args.format, &of(&case), || place.open_existing())?;
    match &args.output {
        None if args.format.is_binary() && std::io::stdout().is_terminal() => {
            bail!("such a file is not for the eye: name one with -o OUT")
        }
        None => output::bytes(&bytes)?,
        Some(path) => {
            std::fs::write(path, bytes).with_context(|| format!("{} could not be written", path.display()))?
        }
    }
    Ok(Outcome::Done)
}

/// A case as the exports take it.
pub(crate) fn of(case: &Case) -> export::Case<'_> {
    export::Case {
        name: &case.name,
        as_of: case.as_of.as_deref(),
        entries: &case.entries,
        journal: &case.journal,
        weighing: &case.weighing,
    }
}

/// A case in a format; `ledger` opens the one that has its captures.
pub(crate) fn bytes(
    format: Format,
    all: &export::Case<'_>,
    ledger: impl FnOnce() -> anyhow::Result<Ledger>,
) -> anyhow::Result<Vec<u8>> {
    let text = match format {
        Format::Json => indented(&export::json::export(all))?,
        Format::Csv => export::csv::export(all)?,
        Format::Geojson => indented(&export::geojson::export(all))?,
        Format::Jsonld => indented(&export::jsonld::export(all))?,
        Format::Annotations => indented(&export::annotations::export(all))?,
        Format::Acled => export::acled::export(all)?,
        Format::Ftm => export::ftm::export(all),
        Format::Html => export::html::export(all),
        Format::Parquet => return Ok(export::parquet::export(all)?),
        Format::Wacz => {
            let mut out = Cursor::new(Vec::new());
            export::wacz::export(all, ledger()?.as_ref(), &time::now(), &mut out)?;
            return Ok(out.into_inner());
        }
    };
    Ok(text.into_bytes())
}

fn indented(value: &serde_json::Value) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
