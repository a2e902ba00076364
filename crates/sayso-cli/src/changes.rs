//! What changed between two weighings of a case.
//!
//! In: a case before and after. Out: each claim that is new, gone, or stands otherwise. May not happen: a change that nobody could see.

use std::collections::BTreeMap;

use sayso::weighing::Claim;
use serde::Serialize;

use crate::ledger::Case;

/// How a claim stands, as far as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Standing {
    pub(crate) statement: String,
    pub(crate) status: String,
    pub(crate) support: String,
    pub(crate) dispute: String,
    pub(crate) outlets: usize,
    pub(crate) independent_origins: usize,
    pub(crate) independent_max: usize,
    /// Who checked, with what outcome.
    pub(crate) verification: Vec<String>,
    pub(crate) mentions: usize,
}

impl Standing {
    fn of(claim: &Claim) -> Self {
        Self {
            statement: claim.statement.clone(),
            status: claim.status.clone(),
            support: claim.support.clone(),
            dispute: claim.dispute.clone(),
            outlets: claim.outlets,
            independent_origins: claim.independent_min,
            independent_max: claim.independent_max,
            verification: claim.verification.iter().map(|check| format!("{}: {}", check.by, check.outcome)).collect(),
            mentions: claim.mentions.len(),
        }
    }
}

/// Every claim of a case by its id.
pub(crate) type Standings = BTreeMap<String, Standing>;

/// How all claims of a case stand.
pub(crate) fn standings(case: &Case) -> Standings {
    case.weighing.claims().map(|claim| (claim.id.clone(), Standing::of(claim))).collect()
}

/// One claim that stands otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Changed {
    pub(crate) claim: String,
    /// None for a new claim.
    pub(crate) before: Option<Standing>,
    /// None for one that is gone: it became part of another, or lost its mentions.
    pub(crate) after: Option<Standing>,
}

/// What differs, by id.
pub(crate) fn between(before: &Standings, after: &Standings) -> Vec<Changed> {
    let ids: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = |id: &String| {
        let (before, after) = (before.get(id), after.get(id));
        (before != after).then(|| Changed { claim: id.clone(), before: before.cloned(), after: after.cloned() })
    };
    ids.into_iter().filter_map(changed).collect()
}
