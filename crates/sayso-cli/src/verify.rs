//! `sayso verify`: whether the ledger is as it was written, and as authorities stamped it.

use sayso_ledger::custody::{Held, held};
use serde_json::json;

use crate::ledger::{Place, Shape};
use crate::stamp::indented;
use crate::text::count;
use crate::{Outcome, output, time};

/// Check that every capture, report, reading and decision in the ledger is as it was written. Exit code 1 when one is not.
///
/// Captures, reports and readings have hashes, and so has where and when a capture came from; every line of a journal holds the hash of the
/// line before it. What was changed, taken out or put in since is named, for all cases of the ledger. Where an authority has stamped a case
/// (`sayso stamp`), it is held against what was stamped: that names changes, too, whose hashes were made anew.
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
    let store = place.open_existing()?;
    let mut damage = store.verify()?;
    let stamps = held(store.as_ref())?;
    damage.extend(stamps.iter().flat_map(|stamp| stamp.changed.iter().cloned()));
    damage.dedup();
    let outcome = if damage.is_empty() { Outcome::Done } else { Outcome::SomeUnread };
    if args.form.is_json() {
        let list: Vec<_> = damage.iter().map(|d| json!({"what": d.what, "message": d.message})).collect();
        output::json(&list)?;
        return Ok(outcome);
    }
    let mut lines: Vec<String> = damage.iter().map(|d| format!("{}: {}", d.what, d.message)).collect();
    if lines.is_empty() {
        lines.push("All captures, reports, readings and decisions are as they were written.".to_owned());
    }
    lines.extend(stamps.iter().flat_map(told));
    output::text(&lines.iter().map(|line| indented(line)).collect::<String>())?;
    Ok(outcome)
}

/// Added things that are named.
const NAMED: usize = 10;

/// What there is to say of a stamp besides what is not as it was stamped.
pub(crate) fn told(stamp: &Held) -> Vec<String> {
    let Some(token) = &stamp.token else { return Vec::new() };
    let head = format!(
        "Case {} was stamped by {} on {}: {}, {}.",
        stamp.case,
        token.authority,
        time::shown(&token.at),
        count(stamp.things, "thing"),
        match stamp.changed.len() {
            0 => "none changed or taken out since without a record".to_owned(),
            some => format!("{some} not as they were"),
        }
    );
    let mut lines = vec![head];
    lines.extend(stamp.accounted.iter().map(|known| format!("  since then {}: {}", known.what, known.message)));
    let mut added = stamp.added.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if stamp.added.len() > NAMED {
        added.push_str(&format!(" and {} more", stamp.added.len() - NAMED));
    }
    lines.extend((!added.is_empty()).then(|| format!("  added since then: {added}")));
    lines
}
