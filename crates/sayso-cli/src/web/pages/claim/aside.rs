//! What stands beside a claim: checks, figures, contradictions, history.

use std::collections::BTreeSet;

use sayso::reading::Quantity;
use sayso::weighing::{Check, Claim, Contradiction, Stance};

use crate::web::layout::{Page, encode};
use crate::web::parts::{Chip, When, outcome_class};
use crate::web::place::{Places, Quoted};
use crate::web::state::CaseView;

/// Somebody who tried to verify.
pub(super) struct Checked {
    pub(super) by: String,
    pub(super) outcome: Chip,
    pub(super) method: Option<String>,
    pub(super) when: When,
    pub(super) words: Quoted,
}

pub(super) fn checks(places: &Places<'_>, claim: &Claim) -> Vec<Checked> {
    let one = |check: &Check| Checked {
        by: check.by.clone(),
        outcome: Chip::new(outcome_class(&check.outcome), check.outcome.as_str(), "outcome"),
        method: check.method.clone(),
        when: When::new(check.date.as_deref()),
        words: places.quoted(&check.report, check.span),
    };
    claim.verification.iter().map(one).collect()
}

/// The figures of a claim.
pub(super) struct Figures {
    /// `70`, `5–7`.
    pub(super) range: String,
    /// Each origin's own.
    pub(super) rows: Vec<Figure>,
}

/// What one origin says how many.
pub(super) struct Figure {
    pub(super) origin: String,
    pub(super) range: String,
    pub(super) of: String,
    pub(super) words: Quoted,
}

/// Every figure that a mention of the claim states, by origin; none when the claim states none.
pub(super) fn figures(view: &CaseView, places: &Places<'_>, claim: &Claim) -> Option<Figures> {
    let (low, high) = claim.figure?;
    let mut rows: Vec<Figure> = Vec::new();
    for (k, mention) in claim.mentions.iter().enumerate() {
        if !matches!(mention.stance, Stance::Asserts | Stance::Verifies) {
            continue;
        }
        let origin = claim.components.iter().find(|origin| origin.mentions.contains(&k));
        let origin = origin.map_or_else(|| view.outlet(&mention.report), |origin| origin.name.clone());
        let Some(entry) = view.entry(&mention.report) else { continue };
        let here = |quantity: &&Quantity| mention.spans.iter().any(|span| span.overlaps(quantity.span));
        for quantity in entry.reading.quantities.iter().filter(here) {
            let row = Figure {
                origin: origin.clone(),
                range: range(quantity.low, quantity.high),
                of: quantity.of.clone(),
                words: places.quoted(&mention.report, quantity.span),
            };
            if !rows.iter().any(|known| (&known.origin, &known.range, &known.of) == (&row.origin, &row.range, &row.of))
            {
                rows.push(row);
            }
        }
    }
    if rows.is_empty() {
        return None;
    }
    let range = if low < high { format!("{low}–{high}") } else { low.to_string() };
    Some(Figures { range, rows })
}

fn range(low: u64, high: Option<u64>) -> String {
    match high {
        Some(high) if high == low => low.to_string(),
        Some(high) => format!("{low}–{high}"),
        None => format!("{low} or more"),
    }
}

/// Another claim that cannot be true at once.
pub(super) struct Rival {
    pub(super) number: Option<usize>,
    pub(super) href: String,
    pub(super) statement: String,
    pub(super) why: String,
    pub(super) rule: String,
    pub(super) mine: Quoted,
    pub(super) theirs: Quoted,
}

pub(super) fn rivals(view: &CaseView, page: &Page, places: &Places<'_>, claim: &Claim) -> Vec<Rival> {
    let one = |rival: &Contradiction| {
        let other = view.claim_by_id(&rival.claim);
        let [(my_report, my_span), (their_report, their_span)] = &rival.spans;
        Rival {
            number: other.map(|(number, _)| number),
            href: page.claim(&rival.claim),
            statement: other.map_or_else(|| rival.claim.clone(), |(_, other)| other.statement.clone()),
            why: rival.why.clone(),
            rule: rival.rule.clone(),
            mine: places.quoted(my_report, *my_span),
            theirs: places.quoted(their_report, *their_span),
        }
    };
    let mut out: Vec<Rival> = claim.contradictions.iter().map(one).collect();
    // The same words in several reports are one reason.
    let mut seen = BTreeSet::new();
    out.retain(|rival| seen.insert((rival.href.clone(), rival.mine.words.clone(), rival.theirs.words.clone())));
    out
}

/// A change of the claim's standing.
pub(super) struct Dated {
    pub(super) when: When,
    pub(super) from: Option<String>,
    pub(super) to: Chip,
    pub(super) outlet: String,
    pub(super) href: String,
    pub(super) rule: String,
    /// The same claim as of then.
    pub(super) as_of: Option<String>,
}

pub(super) fn history(view: &CaseView, page: &Page, claim: &Claim) -> Vec<Dated> {
    let one = |change: &sayso::weighing::Change| Dated {
        when: When::new(change.at.as_deref()),
        from: change.from.clone(),
        to: Chip::new(&format!("status {}", change.to), change.to.as_str(), "status"),
        outlet: view.outlet(&change.report),
        href: page.report(&change.report),
        rule: change.rule.clone(),
        as_of: change
            .at
            .as_ref()
            .map(|at| format!("{}?as_of={}", page.path(&format!("claims/{}", encode(&claim.id))), encode(at))),
    };
    claim.history.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn open_figures_stay_open() {
        assert_eq!(range(70, None), "70 or more");
        assert_eq!(range(5, Some(7)), "5–7");
        assert_eq!(range(5, Some(5)), "5");
    }
}
