//! Claims that may be the same as this one, to be merged by a person.

use std::collections::BTreeSet;

use sayso::weighing::Claim;

use crate::web::decide::mention_key;
use crate::web::layout::Page;
use crate::web::state::CaseView;

/// Offered at once.
const SHOWN: usize = 5;

/// Another claim.
pub(super) struct Other {
    pub(super) number: usize,
    pub(super) href: String,
    pub(super) statement: String,
    pub(super) key: String,
}

/// The claim that was asked for, else those of the same incident with the most words in common.
pub(super) fn others(view: &CaseView, page: &Page, claim: &Claim, asked: &str) -> Vec<Other> {
    let one = |number: usize, other: &Claim| {
        let key = other.mentions.first().map(mention_key)?;
        Some(Other { number, href: page.claim(&other.id), statement: other.statement.clone(), key })
    };
    if !asked.trim().is_empty() {
        let found = view.claim(asked.trim()).ok().filter(|(_, other)| other.id != claim.id);
        return found.and_then(|(number, other)| one(number, other)).into_iter().collect();
    }
    if claim.incident.is_none() {
        return Vec::new();
    }
    let mine = words(&claim.statement);
    let all = view
        .weighing
        .claims()
        .enumerate()
        .filter(|(_, other)| other.id != claim.id && other.incident == claim.incident);
    let mut near: Vec<(usize, usize, &Claim)> = all
        .map(|(k, other)| {
            let theirs = words(&other.statement);
            (mine.intersection(&theirs).count() * 100 / mine.union(&theirs).count().max(1), k + 1, other)
        })
        .filter(|(common, ..)| *common >= 15)
        .collect();
    near.sort_by_key(|(common, number, _)| (std::cmp::Reverse(*common), *number));
    near.into_iter().take(SHOWN).filter_map(|(_, number, other)| one(number, other)).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    words.map(str::to_lowercase).collect()
}
