//! `sayso verify`: whether the ledger is as it was written.

use serde_json::json;

use crate::ledger::{Place, Shape};
use crate::text::clean;
use crate::{Outcome, output};

/// Check that every capture, report, reading and decision in the ledger is as it was written. Exit code 1 when one is not.
///
/// Captures, reports and readings have hashes; every line of a journal holds the hash of the line before it. What was changed, taken
/// out or put in since is named, for all cases of the ledger.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso verify
  sayso verify --ledger desk.db --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    form: Shape,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let damage = place.open_existing()?.verify()?;
    if args.form.is_json() {
        let list: Vec<_> = damage.iter().map(|d| json!({"what": d.what, "message": d.message})).collect();
        output::json(&list)?;
    } else if damage.is_empty() {
        output::text("All captures, reports, readings and decisions are as they were written.\n")?;
    } else {
        let lines: String = damage.iter().map(|d| clean(&format!("{}: {}", d.what, d.message)) + "\n").collect();
        output::text(&lines)?;
    }
    Ok(if damage.is_empty() { Outcome::Done } else { Outcome::SomeUnread })
}
