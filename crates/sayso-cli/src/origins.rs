//! `sayso origins`: how many independent people are behind a claim, and why not more.

use serde_json::json;

use crate::ledger::{OneClaim, Place};
use crate::show::Sheet;
use crate::terminal::Terminal;
use crate::{Outcome, output};

/// Show how many independent origins a claim has, and why the rest are not independent: a sentence each, with the words.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso origins 3 --case raid
  sayso review cut 3.2 3.1 --case raid --why \"two interviews\"    says that an edge does not hold")]
pub(crate) struct Args {
    #[command(flatten)]
    asked: OneClaim,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.asked.view.moment)?;
    let (number, claim) = case.claim(&args.asked.claim)?;
    if args.asked.view.form.is_json() {
        let claim = case.claim_json(claim);
        output::json(
            &json!({"id": claim.id, "statement": claim.statement, "origins": claim.origins, "outlets": claim.outlets,
            "independent_origins": claim.independent_min, "independent_max": claim.independent_max,
            "dependences": claim.dependences, "circular": claim.circular, "circle": claim.circle}),
        )?;
        return Ok(Outcome::Done);
    }
    let mut sheet = Sheet::new(&case, Terminal::stdout());
    sheet.head(number, claim);
    sheet.dependences(claim);
    output::text(&sheet.finish())?;
    Ok(Outcome::Done)
}
