//! `sayso timeline`: when each claim came up and how its standing changed.

use sayso::weighing::Change;
use serde::Serialize;

use crate::claims::status_style;
use crate::columns::{self, Column, Row};
use crate::ledger::{Place, View};
use crate::terminal::{Style, Terminal};
use crate::text::clean;
use crate::{Outcome, output, time};

/// Show, in the order of time, when each claim came up and how its standing changed, and by which report.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso timeline --case raid
  sayso timeline --case raid --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    view: View,
}

/// One change of one claim.
#[derive(Serialize)]
struct Step<'a> {
    claim: &'a str,
    number: usize,
    statement: &'a str,
    #[serde(flatten)]
    change: &'a Change,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.view.moment)?;
    let claims = case.weighing.claims().enumerate();
    let mut steps: Vec<Step<'_>> = claims
        .flat_map(|(k, claim)| {
            claim.history.iter().map(move |change| Step {
                claim: &claim.id,
                number: k + 1,
                statement: &claim.statement,
                change,
            })
        })
        .collect();
    steps.sort_by(|a, b| (&a.change.at, a.number).cmp(&(&b.change.at, b.number)));
    if args.view.form.is_json() {
        output::json(&steps)?;
        return Ok(Outcome::Done);
    }
    let row = |step: &Step<'_>| -> Row {
        let date = step.change.at.as_deref().map_or_else(|| "no date".to_owned(), time::shown);
        let from = step.change.from.as_deref().map(|from| (Style::Quiet, format!("was {from}")));
        let standing = [(status_style(&step.change.to), step.change.to.clone())].into_iter().chain(from).collect();
        vec![
            vec![(Style::Quiet, step.number.to_string())],
            vec![(Style::Plain, date), (Style::Quiet, clean(&case.outlet(&step.change.report)))],
            standing,
            vec![(Style::Plain, clean(step.statement))],
        ]
    };
    let columns =
        [Column::fixed("#", 4), Column::fixed("WHEN", 20), Column::fixed("STANDING", 14), Column::share("CLAIM", 0)];
    output::text(&columns::render(&columns, &steps.iter().map(row).collect::<Vec<_>>(), Terminal::stdout()))?;
    Ok(Outcome::Done)
}
