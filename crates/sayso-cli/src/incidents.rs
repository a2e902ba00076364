//! `sayso incidents`: what the reports of a case are about.

use crate::columns::{self, Column, Row};
use crate::ledger::{Place, View};
use crate::terminal::{Style, Terminal};
use crate::text::{clean, count};
use crate::{Outcome, output};

/// List the incidents of a case: what happened, or is said to, where and when, with the reports about it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso incidents --case raid
  sayso incidents --case raid --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    view: View,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.view.moment)?;
    if args.view.form.is_json() {
        output::json(&case.weighing.incidents)?;
        return Ok(Outcome::Done);
    }
    let row = |(k, incident): (usize, &sayso::weighing::Incident)| -> Row {
        let mut outlets: Vec<String> = incident.reports.iter().map(|report| case.outlet(report)).collect();
        outlets.sort();
        outlets.dedup();
        let about = format!("{} · {}", count(incident.reports.len(), "report"), count(incident.claims.len(), "claim"));
        vec![
            vec![(Style::Quiet, (k + 1).to_string())],
            vec![(Style::Plain, incident.date.clone().unwrap_or_else(|| "no date".to_owned()))],
            vec![(Style::Plain, clean(incident.place.as_deref().unwrap_or("place not known")))],
            vec![
                (Style::Strong, clean(&incident.what)),
                (Style::Plain, about),
                (Style::Quiet, clean(&outlets.join(" · "))),
            ],
        ]
    };
    let rows: Vec<Row> = case.weighing.incidents.iter().enumerate().map(row).collect();
    let columns =
        [Column::fixed("#", 4), Column::fixed("WHEN", 12), Column::fixed("WHERE", 20), Column::share("WHAT", 0)];
    output::text(&columns::render(&columns, &rows, Terminal::stdout()))?;
    Ok(Outcome::Done)
}
