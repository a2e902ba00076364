//! `sayso restore`: what `sayso backup` kept, into an empty ledger.

use std::path::PathBuf;

use anyhow::{Context, bail};
use sayso_ledger::Sqlite;

use crate::ledger::Place;
use crate::text::{clean, count};
use crate::{Outcome, output};

/// Put what `sayso backup` kept into a ledger that is empty or not there yet: all of it, checked by its hashes, or nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso restore monday.db                                   into sayso.db here
  sayso restore monday.db --ledger postgres:///desk         into a database")]
pub(crate) struct Args {
    /// A file that `sayso backup` made
    file: PathBuf,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let file = &args.file;
    if !file.is_file() {
        bail!("there is no file {}", file.display());
    }
    let from = Sqlite::open(file).with_context(|| format!("{} is no backup", file.display()))?;
    let mut ledger = place.open()?;
    ledger.take_all(&from).with_context(|| format!("{} was not restored", file.display()))?;
    let cases = ledger.cases()?;
    let named = if cases.is_empty() { String::new() } else { format!(" ({})", cases.join(", ")) };
    output::text(&clean(&format!("Restored: {}{named}, all as it was written.", count(cases.len(), "case"))))?;
    output::text("\n")?;
    Ok(Outcome::Done)
}
