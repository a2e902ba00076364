//! One claim of a list.

use sayso::weighing::Claim;

use super::asked::last_change;
use crate::web::layout::Page;
use crate::web::parts::{Chip, Counts, When};
use crate::web::state::CaseView;

/// Names shown under a sentence.
const NAMES: usize = 4;

/// What a list shows of a claim.
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) href: String,
    pub(super) statement: String,
    pub(super) counts: Counts,
    pub(super) status: Chip,
    pub(super) standing: Vec<Chip>,
    /// Who is behind it.
    pub(super) behind: String,
    pub(super) figure: Option<String>,
    pub(super) when: When,
    pub(super) changed: bool,
}

impl Row {
    pub(super) fn new(_: &CaseView, page: &Page, number: usize, claim: &Claim, changed: bool) -> Self {
        Self {
            number,
            href: page.claim(&claim.id),
            statement: claim.statement.clone(),
            counts: Counts::of(claim),
            status: Chip::status(claim),
            standing: Chip::standing(claim),
            behind: behind(claim),
            figure: claim.figure.filter(|(low, high)| low < high).map(|(low, high)| format!("figures {low}–{high}")),
            when: When::new(last_change(claim)),
            changed,
        }
    }
}

/// The names of the origins, those that count first: `Free Steppe Legion; perhaps Karavan Wire and 2 more`.
fn behind(claim: &Claim) -> String {
    let mut names: Vec<&str> = claim.origins.iter().map(String::as_str).collect();
    let sure = names.len();
    for origin in &claim.components {
        if !names.contains(&origin.name.as_str()) {
            names.push(&origin.name);
        }
    }
    let more = names.len().saturating_sub(NAMES);
    let shown = &names[..names.len() - more];
    let (known, open) = shown.split_at(sure.min(shown.len()));
    let mut out = known.join(", ");
    if !open.is_empty() {
        out = if out.is_empty() { open.join(", ") } else { format!("{out}; perhaps also {}", open.join(", ")) };
    }
    if more > 0 { format!("{out} and {more} more") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sayso::weighing::Origin;

    #[test]
    fn who_counts_comes_first() {
        let origin = |name: &str| Origin { name: name.into(), actor: None, known: true, mentions: vec![] };
        let mut claim = Claim { origins: vec!["Legion".into()], ..Claim::default() };
        claim.components = ["Wire", "Legion"].map(origin).to_vec();
        assert_eq!(behind(&claim), "Legion; perhaps also Wire");
        claim.components.extend(["A", "B", "C"].map(origin));
        assert_eq!(behind(&claim), "Legion; perhaps also Wire, A, B and 1 more");
        assert_eq!(behind(&Claim::default()), "");
    }
}
