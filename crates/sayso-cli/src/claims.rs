//! `sayso claims`: what is claimed in a case, on how many people's say-so.

use std::collections::HashMap;

use sayso::weighing::{Claim, MentionKey};

use crate::columns::{self, Column, Piece, Row};
use crate::ledger::{Case, Place, View};
use crate::terminal::{Style, Terminal};
use crate::text::clean;
use crate::{Outcome, output};

/// List the claims of a case: what is said, by how many outlets, from how many independent origins.
///
/// Ten outlets that repeat one interview are one origin. "1–3 origins" means that one is known to be independent, and the
/// texts leave open whether two more are. The numbers on the left are for `sayso show` and `sayso origins`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only claims with this status, such as contested or single-origin
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only claims that have all of these words, or beginnings of words, in their sentence, their mentions, or the names of
    /// speakers and outlets; the best first
    #[arg(long, value_name = "WORDS", alias = "about")]
    search: Option<String>,
    #[command(flatten)]
    view: View,
}

const EXAMPLES: &str = "\
Examples:
  sayso claims --case raid                    all of them, most outlets first
  sayso claims --case raid --status contested what somebody denies with a rival account
  sayso claims --case raid --search 'bridge ministry'
  sayso claims --case raid --as-of 2025-05-12 what was known that day
  sayso claims --case raid --format json      for programs";

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.view.moment)?;
    let all = &case.weighing.claims;
    let order = match &args.search {
        Some(words) => found(&case, words, &place.said(words)?),
        None => (0..all.len()).collect(),
    };
    let wanted = |claim: &Claim| args.status.as_ref().is_none_or(|status| *status == claim.status);
    let claims: Vec<(usize, &Claim)> =
        order.into_iter().map(|k| (k + 1, &*all[k])).filter(|(_, claim)| wanted(claim)).collect();
    if args.view.form.is_json() {
        output::json(&claims.iter().map(|(_, claim)| case.claim_json(claim)).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    output::text(&table(&claims, Terminal::stdout()))?;
    Ok(Outcome::Done)
}

/// Whether all words, in lower case, stand in a claim's sentence or its mentions.
pub(crate) fn has_words(claim: &Claim, words: &[String]) -> bool {
    let text = claim.mentions.iter().fold(claim.statement.to_lowercase(), |all, m| all + "\n" + &m.text.to_lowercase());
    words.iter().all(|word| text.contains(word))
}

/// The places of the claims that have the words: first those of which one of the mentions in `said` says them all, the best first.
fn found(case: &Case, words: &str, said: &[MentionKey]) -> Vec<usize> {
    let outlets: HashMap<&str, &str> = case
        .entries
        .iter()
        .filter_map(|entry| Some((entry.report.id.as_str(), entry.report.outlet.as_deref()?)))
        .collect();
    let rank: HashMap<&MentionKey, usize> = said.iter().enumerate().rev().map(|(rank, key)| (key, rank)).collect();
    let rank_of = |claim: &Claim| claim.mentions.iter().filter_map(|m| rank.get(&m.key()).copied()).min();
    let mut found = sayso::weigh::search::claims(&case.weighing, words, |report| outlets.get(report).copied());
    found.sort_by_key(|&k| rank_of(&case.weighing.claims[k]).unwrap_or(usize::MAX));
    found
}

fn table(claims: &[(usize, &Claim)], terminal: Terminal) -> String {
    if claims.is_empty() {
        return "No claims.\n".to_owned();
    }
    let columns =
        [Column::fixed("#", 4), Column::fixed("STATUS", 14), Column::fixed("SAID BY", 14), Column::share("CLAIM", 0)];
    let rows: Vec<Row> = claims.iter().map(|(number, claim)| row(*number, claim)).collect();
    columns::render(&columns, &rows, terminal)
}

fn row(number: usize, claim: &Claim) -> Row {
    let mut status = vec![(status_style(&claim.status), claim.status.clone())];
    if claim.dispute != "none" && claim.dispute != claim.status {
        status.push((Style::Quiet, claim.dispute.clone()));
    }
    let mut said_by: Vec<Piece> = vec![(Style::Plain, outlets(claim)), (Style::Plain, origins(claim))];
    if claim.circular {
        said_by.push((Style::Caution, "circular".to_owned()));
    }
    let mut what = vec![(Style::Plain, clean(&claim.statement))];
    what.extend(
        claim.verification.iter().map(|check| (Style::Quiet, clean(&format!("{}: {}", check.by, check.outcome)))),
    );
    vec![vec![(Style::Quiet, number.to_string())], status, said_by, what]
}

/// `9 outlets`.
pub(crate) fn outlets(claim: &Claim) -> String {
    crate::text::count(claim.outlets, "outlet")
}

/// `1–3 origins`.
pub(crate) fn origins(claim: &Claim) -> String {
    if claim.independent_min == claim.independent_max {
        crate::text::count(claim.independent_min, "origin")
    } else {
        format!("{}–{} origins", claim.independent_min, claim.independent_max)
    }
}

/// Settled one way or the other stands out; so does what is disputed.
pub(crate) fn status_style(status: &str) -> Style {
    match status {
        "verified" | "corroborated" => Style::Act,
        "retracted" | "refuted" | "contested" => Style::Caution,
        _ => Style::Plain,
    }
}
