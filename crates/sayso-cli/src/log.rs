//! `sayso log`: who decided what, when and why.

use std::collections::{BTreeMap, BTreeSet};

use sayso::span::CodePoints;
use sayso::weigh::Entry;
use sayso::weigh::conflict::{Conflict, conflicts};
use sayso::weigh::decision::{Decision, Entry as Line};
use serde_json::Value;

use crate::columns::{self, Column, Row};
use crate::ledger::{Place, View};
use crate::review::Names;
use crate::terminal::{Style, Terminal};
use crate::text::clean;
use crate::{Outcome, output, time};

/// Show the journal of a case: every decision, by whom, when and why. Nothing is ever taken out of it.
///
/// Where two people decided differently about one thing, each line names the other: the later holds until one of them is undone.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso log --case raid
  sayso log --case raid --as-of 2025-05-12
  sayso review undo 4 --case raid    takes decision 4 back; that is a decision too")]
pub(crate) struct Args {
    #[command(flatten)]
    view: View,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let store = place.open_existing()?;
    let mut journal = store.journal(&place.case)?;
    if let Some(limit) = &args.view.moment.as_of {
        journal.retain(|line| line.at <= *limit);
    }
    let entries = store.entries(&place.case)?;
    if args.view.form.is_json() {
        output::json(&as_json(&journal, &entries))?;
        return Ok(Outcome::Done);
    }
    if journal.is_empty() {
        output::text("Nothing has been decided yet.\n")?;
        return Ok(Outcome::Done);
    }
    let (names, conflicts) = (Names::new(&entries), conflicts(&journal));
    let row = |line: &Line| -> Row {
        let mut what = vec![(Style::Plain, clean(&names.sentence(&line.decision)))];
        what.extend((!line.why.is_empty()).then(|| (Style::Quiet, clean(&line.why))));
        let against = against(&conflicts, &journal, line.id);
        what.extend(against.iter().map(|other| (Style::Strong, clean(&stands_against(other)))));
        vec![
            vec![(Style::Quiet, line.id.to_string())],
            vec![(Style::Plain, time::shown(&line.at))],
            vec![(Style::Strong, clean(&line.by))],
            what,
        ]
    };
    let columns =
        [Column::fixed("#", 4), Column::fixed("WHEN", 24), Column::fixed("WHO", 14), Column::share("WHAT", 0)];
    output::text(&columns::render(&columns, &journal.iter().map(row).collect::<Vec<_>>(), Terminal::stdout()))?;
    Ok(Outcome::Done)
}

/// The lines by others that a line stands against.
pub(crate) fn against<'a>(conflicts: &[Conflict], journal: &'a [Line], line: u64) -> Vec<&'a Line> {
    let other = |conflict: &Conflict| match (conflict.earlier, conflict.later) {
        (earlier, later) if later == line => Some(earlier),
        (earlier, later) if earlier == line => Some(later),
        _ => None,
    };
    let others: BTreeSet<u64> = conflicts.iter().filter_map(other).collect();
    journal.iter().filter(|line| others.contains(&line.id)).collect()
}

/// `against line 3 by olga`
pub(crate) fn stands_against(other: &Line) -> String {
    format!("against line {} by {}", other.id, other.by)
}

/// A journal as JSON has it: offsets in code points, `against` where two people decided differently.
pub(crate) fn as_json(journal: &[Line], entries: &[Entry]) -> Vec<Value> {
    let conflicts = conflicts(journal);
    let line = |line: Line| {
        let against: Vec<u64> = against(&conflicts, journal, line.id).iter().map(|other| other.id).collect();
        let mut json = serde_json::to_value(line).unwrap_or_default();
        if let Some(fields) = json.as_object_mut().filter(|_| !against.is_empty()) {
            fields.insert("against".to_owned(), against.into());
        }
        json
    };
    in_code_points(journal, entries).into_iter().map(line).collect()
}

fn in_code_points(journal: &[Line], entries: &[Entry]) -> Vec<Line> {
    let mut points: BTreeMap<&str, CodePoints> = BTreeMap::new();
    let redacted = |line: &Line| match &line.decision {
        Decision::Redact { report, .. } => Some(report.clone()),
        _ => None,
    };
    let named: BTreeSet<String> = (journal.iter().flat_map(|line| line.decision.mentions()))
        .map(|key| key.report.clone())
        .chain(journal.iter().filter_map(redacted))
        .collect();
    for entry in entries.iter().filter(|entry| named.contains(&entry.report.id)) {
        points.insert(&entry.report.id, CodePoints::new(&entry.report.text));
    }
    journal.iter().map(|line| line.to_code_points(|report| points.get(report))).collect()
}
