//! `sayso redact`: words out of what is kept, for ever.
//!
//! In: a report, and the words or places in its text. Out: captures, report and readings without them, and a line of the journal that says
//! so without repeating them. May not happen: anything taken out that was not shown before; a word in the journal.

mod plan;

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use sayso::span::{CodePoints, Span};
use sayso_ledger::{Redaction, Store};
use serde_json::{Value, json};

use crate::batch::{Batch, Model};
use crate::ledger::{Place, Shape};
use crate::lists::Own;
use crate::quote::around;
use crate::terminal::{Style, Terminal};
use crate::text::{clean, count};
use crate::{Outcome, output, time};
use plan::Plan;

/// Take words out of what is kept, for ever: a witness's name, an address, a number.
///
/// The words go from the bytes of the capture (of a mail from all its parts, of a web archive from all but other reports' records), from
/// the text of the report, from its readings and from the search index; an X of equal length stands for each letter, so that every other
/// place stays what it was. Other reports of the same capture stay as they are. The journal keeps who did it, when, why and where, with
/// the hash of the capture before and after, and never the words: so custody stays provable. What would go is shown first, with what
/// else in the ledger holds the same words; --yes does it.
///
/// Nobody can undo it. Backups and exports that were made before still hold the words.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso redact r-17 --case raid --words \"Ana Lind\" --why \"asked to stay unnamed\"          shows what would go
  sayso redact r-17 --case raid --words \"Ana Lind\" --words Ana --why \"…\" --yes            does it
  sayso redact r-17 --case raid --words \"Lind*\" --why \"…\"         words that begin so, too: Linda, Lindgren
  sayso redact r-17 --case raid --spans 120..128,300..304 --why \"…\"    places, in characters, as `sayso read` counts them
  sayso redact --purge       overwrites what a file still holds of earlier redactions, where another process was in the way")]
pub(crate) struct Args {
    /// The report, by its id or the beginning of it
    #[arg(value_name = "REPORT", required_unless_present = "purge")]
    report: Option<String>,
    /// Words, wherever they stand in the report; may be given again
    #[arg(long, value_name = "WORDS", required_unless_present_any = ["spans", "purge"], conflicts_with = "spans")]
    words: Vec<String>,
    /// Places in the report's text, first and one past the last character, with commas between
    #[arg(long, value_name = "A..B", value_delimiter = ',', value_parser = span)]
    spans: Vec<Span>,
    /// Why, without the words: it stays in the journal
    #[arg(long, value_name = "REASON", required_unless_present = "purge")]
    why: Option<String>,
    /// Who decides; your user name when left out
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
    /// Only overwrite what the database still holds of things that are no longer kept
    #[arg(long, conflicts_with_all = ["report", "words", "spans", "why", "by", "yes"])]
    purge: bool,
    #[command(flatten)]
    form: Shape,
    #[command(flatten)]
    own: Own,
}

fn span(typed: &str) -> Result<Span, String> {
    let parts = typed.split_once("..").and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)));
    match parts {
        Some((start, end)) if start < end => Ok(Span { start, end }),
        _ => Err("write the first character and one past the last, such as 120..128".to_owned()),
    }
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let mut store = place.open_existing()?;
    let (Some(report), Some(why)) = (&args.report, &args.why) else {
        purge(store.as_mut())?;
        output::text("What the ledger no longer keeps was overwritten.\n")?;
        return Ok(Outcome::Done);
    };
    let own = args.own.add()?;
    let plan = Plan::new(store.as_ref(), &place.case, report, &args.words, &args.spans)?;
    if plan.words.iter().any(|words| !words.find(why).is_empty()) {
        bail!("--why holds the words: it stays in the journal for ever");
    }
    if !args.form.is_json() {
        output::text(&shown(&plan))?;
    }
    if !(args.yes || agreed(args)?) {
        if args.form.is_json() {
            output::json(&as_json(&plan, &[]))?;
        } else {
            output::text("Nothing was taken out. The same with --yes does it.\n")?;
        }
        return Ok(Outcome::Done);
    }
    let by = crate::review::by(args.by.as_ref());
    let batch = Batch::new(Some(1), Model::default())?;
    let reader = format!("{}{own}", batch.version());
    let reports = plan.read_anew(batch);
    let (at, by, words) = (time::now(), by.as_str(), plan.words.as_slice());
    let (captures, inside) = (&plan.captures, &plan.inside);
    let redaction = Redaction { words, captures, inside, reports: &reports, reader: &reader, at: &at, by, why };
    let numbers = store.redact(&redaction)?;
    if args.form.is_json() {
        output::json(&as_json(&plan, &numbers))?;
    } else {
        let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
        output::text(&format!("Taken out. Decision {} says so, without the words.\n", numbers.join(", ")))?;
    }
    purge(store.as_mut())?;
    Ok(Outcome::Done)
}

fn purge(store: &mut dyn Store) -> anyhow::Result<()> {
    store.forget().context(
        "what is no longer kept could not be overwritten, so that the database's files may still hold it: stop what else uses the ledger, then run `sayso redact --purge`",
    )
}

/// Whether somebody who sits there wants it.
fn agreed(args: &Args) -> anyhow::Result<bool> {
    if args.form.is_json() || !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    output::text("Take them out for ever? Type yes: ")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim() == "yes")
}

/// What would go, and what would stay.
fn shown(plan: &Plan) -> String {
    let terminal = Terminal::stdout();
    let text = &plan.report.text;
    let mut out = format!("Report {}, {}:\n", clean(&plan.report.id), clean(&plan.named()));
    for span in &plan.spans {
        let Some(around) = around(text, &[*span], 40) else { continue };
        let part = |span: Span| span.of(text).replace(['\n', '\r'], " ");
        let words = terminal.paint(Style::Caution, &clean(&part(around.words)));
        // The spaces at their ends stand between them.
        let (before, after) =
            (clean(&format!("|{}|", part(around.before))), clean(&format!("|{}|", part(around.after))));
        let (before, after) = (before.trim_matches('|'), after.trim_matches('|'));
        let dots = |cut: bool| if cut { "…" } else { "" };
        out.push_str(&format!("  {}{before}{words}{after}{}\n", dots(around.cut.0), dots(around.cut.1)));
    }
    let list = [
        format!(
            "{} in its text; {} in what was captured.",
            count(plan.spans.len(), "place"),
            count(plan.places(), "place")
        ),
        match plan.captures.len() {
            1 => "The capture is kept with an X for each letter.".to_owned(),
            many => format!("{many} captures of the same text are kept with an X for each letter."),
        },
    ];
    list.iter().for_each(|line| out.push_str(&format!("{line}\n")));
    if !plan.other_cases().is_empty() {
        out.push_str(&format!(
            "The same report goes with it from the cases: {}.\n",
            clean(&plan.other_cases().join(", "))
        ));
    }
    if plan.address() {
        out.push_str("Where it came from (its name, address or headers) holds them, too: they go there as well.\n");
    }
    if !plan.left.is_empty() {
        out.push_str("The same words stand elsewhere, and stay there:\n");
        plan.left.iter().for_each(|left| out.push_str(&format!("  {}\n", clean(left))));
    }
    if plan.is_from_the_web() {
        out.push_str(
            "It came from the web: asked for again (add, watch) after it has changed there, it brings them back.\n",
        );
    }
    out.push_str("Nobody can bring them back: the bytes as received are kept nowhere. Backups and exports made before still hold them.\n");
    out
}

fn as_json(plan: &Plan, decisions: &[u64]) -> Value {
    let points = CodePoints::new(&plan.report.text);
    let spans: Vec<Span> = plan.spans.iter().map(|span| points.span(*span)).collect();
    let captures: Vec<_> = plan.captures.iter().map(|(capture, _)| capture).chain(&plan.inside).collect();
    json!({"report": plan.report.id, "spans": spans, "captures": captures, "left": plan.left, "decisions": decisions})
}
