//! `sayso actors`: who speaks and acts in a case, under which names.

use sayso::weighing::CaseActor;

use crate::columns::{self, Column, Row};
use crate::ledger::{Case, Place, View};
use crate::terminal::{Style, Terminal};
use crate::text::{clean, count};
use crate::{Outcome, output};

/// List the actors of a case: people, groups, governments and outlets, with every name they go by.
///
/// Names of several reports are one actor only for a stated reason, and a person can take that back with
/// `sayso review split-actors`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso actors --case raid
  sayso actors --case raid --why         with the reasons for which names were joined
  sayso review side 12 north --case raid")]
pub(crate) struct Args {
    /// Say why names were taken for one actor
    #[arg(long)]
    why: bool,
    #[command(flatten)]
    view: View,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.view.moment)?;
    if args.view.form.is_json() {
        output::json(&case.weighing.actors)?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<Row> =
        case.actors().iter().enumerate().map(|(k, (said, actor))| row(k + 1, *said, actor, &case, args.why)).collect();
    let columns =
        [Column::fixed("#", 4), Column::share("ACTOR", 32), Column::fixed("KIND", 14), Column::share("ALSO", 0)];
    output::text(&columns::render(&columns, &rows, Terminal::stdout()))?;
    Ok(Outcome::Done)
}

fn row(number: usize, said: usize, actor: &CaseActor, case: &Case, why: bool) -> Row {
    let mut who = vec![(Style::Strong, clean(&actor.name))];
    let above = actor.belongs_to.as_ref().and_then(|id| case.weighing.actors.iter().find(|other| other.id == *id));
    who.extend(above.map(|above| (Style::Quiet, clean(&format!("of {}", above.name)))));
    who.push((Style::Quiet, count(said, "mention")));
    let mut what = vec![(Style::Plain, kind(actor))];
    what.extend(actor.side.as_ref().map(|side| (Style::Act, clean(&format!("side: {side}")))));
    what.extend((actor.reliability != 'F').then(|| (Style::Act, format!("reliability {}", actor.reliability))));
    let mut also = vec![(Style::Plain, clean(&actor.aliases.join(" · ")))];
    if why {
        also.extend(actor.why.iter().map(|why| (Style::Quiet, clean(why))));
    }
    vec![vec![(Style::Quiet, number.to_string())], who, what, also]
}

/// What an actor is, in a word, as in the JSON.
pub(crate) fn kind(actor: &CaseActor) -> String {
    let kind = serde_json::to_value(actor.kind).ok();
    kind.and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
}
