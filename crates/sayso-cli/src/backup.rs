//! `sayso backup`: everything of a ledger in one file.
//!
//! In: a ledger, in use or not. Out: a file that is a ledger, too. May not happen: half a file under the name; a file overwritten.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sayso_ledger::{Sqlite, Store};

use crate::ledger::Place;
use crate::text::clean;
use crate::{Outcome, output};

/// Keep a copy of a whole ledger in one file: its captures, readings, decisions and users, of all cases, as of one moment.
///
/// The ledger may be in use meanwhile. Everything is checked by its hashes as it is copied. The file is a ledger itself: `sayso verify --ledger
/// FILE` checks it, any verb can look into it, and `sayso restore FILE` puts it into an empty ledger. So both together move a ledger from a file
/// into a PostgreSQL database, or back.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso backup monday.db
  sayso backup /backups/$(date +%F).db --ledger postgres:///desk
  sayso restore monday.db --ledger postgres:///desk      from a file into a database")]
pub(crate) struct Args {
    /// The file to make; it must not be there yet
    file: PathBuf,
}

/// More cases than these are counted and not named.
const LISTED: usize = 12;

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let file = &args.file;
    let from = place.open_existing()?;
    if file.exists() {
        bail!("{} is there already: name another file", file.display());
    }
    let made = make(&part(file), from.as_ref());
    if let Err(error) = made.and_then(|()| Ok(std::fs::rename(part(file), file)?)) {
        drop(std::fs::remove_file(part(file)));
        return Err(error.context(format!("{} was not made", file.display())));
    }
    let bytes = std::fs::metadata(file).map_or(0, |known| known.len());
    let cases = from.cases()?;
    let what = match cases.len() {
        0 => "no cases yet".to_owned(),
        1..=LISTED => format!("the cases {}", cases.join(", ")),
        many => format!("{many} cases"),
    };
    output::text(&clean(&format!("{}: {what}; {:.1} MB.", file.display(), bytes as f64 / 1e6)))?;
    output::text("\n")?;
    Ok(Outcome::Done)
}

/// The name of a file that is not yet whole.
fn part(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn make(file: &Path, from: &dyn Store) -> anyhow::Result<()> {
    if file.exists() {
        // Of a run that was ended.
        std::fs::remove_file(file).with_context(|| format!("{} is in the way", file.display()))?;
    }
    let mut copy = Sqlite::open(file)?;
    copy.take_all(from)?;
    Ok(())
}
