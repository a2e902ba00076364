//! Support, dispute, verification, status and history of a claim: design.md's three axes, and one word for lists.

use std::collections::BTreeMap;

use super::Entry;
use super::actors::Actors;
use super::claim::Draft;
use super::mentions::Item;
use super::origin::{self, Origins, states};
use crate::reading::{Act, ActorKind};
use crate::weighing::{Change, Check, Claim, Contradiction, Stance};

/// A claim's history follows at most this many reports.
const LONGEST_HISTORY: usize = 200;

/// The finished claim. `rivals` gives the origins of each contradicting claim that is not retracted.
pub(super) fn finish(
    mut draft: Draft,
    entries: &[&Entry],
    actors: &Actors,
    rivals: &BTreeMap<String, Vec<usize>>,
) -> Claim {
    let all: Vec<usize> = (0..draft.items.len()).collect();
    let origins = origin::of(entries, actors, &draft, &all);
    let (status, _) = status(&draft, actors, &all, &origins, rivals);
    let history = history(&draft, entries, actors, rivals);
    let claim = &mut draft.claim;
    claim.status = status.to_owned();
    claim.independent_min = origins.least();
    claim.independent_max = origins.most().max(origins.least());
    claim.origins = origins.names();
    claim.circular = !origins.circle.is_empty();
    claim.circle = origins.circle.clone();
    claim.history = history;
    claim.support = support(&draft.items, actors, &origins, claim.outlets).to_owned();
    draft.claim.dispute = dispute(&draft.items, &draft.claim.contradictions, &draft.claim.status).to_owned();
    draft.claim.verification = checks(&draft.items);
    draft.claim.credibility = credibility(&draft.claim);
    draft.claim.dependences = origins.dependences;
    draft.claim
}

/// The origins of every claim that was not retracted, by its id: what rivals are judged by.
pub(super) fn standing(drafts: &[Draft], entries: &[&Entry], actors: &Actors) -> BTreeMap<String, Vec<usize>> {
    drafts
        .iter()
        .filter_map(|draft| {
            let all: Vec<usize> = (0..draft.items.len()).collect();
            let origins = origin::of(entries, actors, draft, &all);
            let stands = !retracted(draft, actors, &all, &origins);
            stands.then(|| (draft.claim.id.clone(), origins.components.iter().filter_map(|c| c.actor).collect()))
        })
        .collect()
}

/// The one word, and the rule that gives it.
pub(super) fn status(
    draft: &Draft,
    actors: &Actors,
    among: &[usize],
    origins: &Origins,
    rivals: &BTreeMap<String, Vec<usize>>,
) -> (&'static str, &'static str) {
    let has = |stance: Stance| among.iter().any(|&k| draft.items[k].mention.stance == stance);
    if retracted(draft, actors, among, origins) {
        return ("retracted", "every origin took it back");
    }
    if has(Stance::Refutes) && !has(Stance::Verifies) {
        return ("refuted", "a verifier found it false, and none true");
    }
    if has(Stance::Verifies) && !has(Stance::Refutes) {
        return ("verified", "a verifier established it, and none refutes it");
    }
    if has(Stance::Denies) || has(Stance::Refutes) {
        return ("contested", "somebody denies it");
    }
    let mine: Vec<usize> = origins.components.iter().filter_map(|c| c.actor).collect();
    let rival =
        draft.claim.contradicts.iter().filter_map(|id| rivals.get(id)).any(|o| o.iter().any(|k| !mine.contains(k)));
    if rival {
        return ("contested", "a rival claim is asserted by another origin");
    }
    if origins.least() >= 2 {
        return ("corroborated", "two independent origins or more");
    }
    ("single-origin", "one origin")
}

/// Whether every origin, or a member of it, took the claim back.
fn retracted(draft: &Draft, actors: &Actors, among: &[usize], origins: &Origins) -> bool {
    let back: Vec<usize> = among
        .iter()
        .filter(|&&k| draft.items[k].mention.stance == Stance::Retracts)
        .filter_map(|&k| draft.items[k].speaker)
        .map(|s| actors.root(s))
        .collect();
    let known: Vec<_> = origins.components.iter().filter(|c| c.known).collect();
    let counted: Vec<_> = if known.is_empty() { origins.components.iter().take(1).collect() } else { known };
    !back.is_empty() && counted.iter().all(|c| c.actor.is_some_and(|a| back.contains(&actors.root(a))))
}

fn support(items: &[Item], actors: &Actors, origins: &Origins, outlets: usize) -> &'static str {
    let (least, most) = (origins.least(), origins.most());
    let party = |k: usize| actors.get(k).side.is_some() || actors.get(k).kind == ActorKind::ArmedGroup;
    let known: Vec<usize> = origins.components.iter().filter(|c| c.known).filter_map(|c| c.actor).collect();
    let speaker = items.iter().filter(|i| states(i)).find_map(|i| i.speaker).map(|s| actors.get(s).kind);
    if items.iter().any(|i| i.act == Act::Admits && states(i)) {
        "admitted"
    } else if least >= 2 && known.iter().any(|&k| !party(k)) {
        "corroborated"
    } else if least >= 2 {
        "corroborated, parties only"
    } else if outlets >= 2 && most == 1 {
        "repeated, one origin"
    } else if least <= 1 && most > 1 {
        "independence unknown"
    } else if known.first().is_some_and(|&k| party(k)) {
        "claimed by a party"
    } else {
        match speaker {
            Some(ActorKind::Anonymous) => "claimed, anonymous",
            Some(ActorKind::Outlet) | None => "unattributed",
            Some(_) => "claimed",
        }
    }
}

fn dispute(items: &[Item], contradictions: &[Contradiction], status: &str) -> &'static str {
    let denied = items.iter().any(|i| i.mention.stance == Stance::Denies);
    if status == "retracted" {
        "retracted"
    } else if !contradictions.is_empty() {
        "contested"
    } else if denied {
        "denied"
    } else {
        "none"
    }
}

/// What each verifier said last, by name.
fn checks(items: &[Item]) -> Vec<Check> {
    let mut latest: BTreeMap<String, Check> = BTreeMap::new();
    for item in items {
        let outcome = match item.mention.stance {
            Stance::Verifies => "verified",
            Stance::Refutes => "refuted",
            Stance::Doubts => "tried, could not",
            _ => continue,
        };
        let by = item.mention.speaker.clone().or_else(|| item.outlet.clone()).unwrap_or_else(|| "unknown".into());
        let check = Check {
            by: by.clone(),
            outcome: outcome.into(),
            method: None,
            date: item.mention.published.clone(),
            report: item.mention.report.clone(),
            span: item.mention.spans[0],
        };
        latest.insert(by, check);
    }
    latest.into_values().collect()
}

/// Admiralty information credibility: suggested, never given.
fn credibility(claim: &Claim) -> u8 {
    match claim.status.as_str() {
        "verified" => 1,
        "corroborated" => 2,
        "refuted" | "retracted" => 5,
        "contested" => 4,
        _ if claim.independent_max > 1 => 3,
        _ => 6,
    }
}

/// How the status came about: weighed again after each report in which the claim stands.
fn history(draft: &Draft, entries: &[&Entry], actors: &Actors, rivals: &BTreeMap<String, Vec<usize>>) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    let mut among: Vec<usize> = Vec::new();
    for run in draft.items.chunk_by(|a, b| a.entry == b.entry).take(LONGEST_HISTORY) {
        among.extend(among.len()..among.len() + run.len());
        let origins = origin::of(entries, actors, draft, &among);
        let (to, rule) = status(draft, actors, &among, &origins, rivals);
        let from = out.last().map(|c| c.to.clone());
        if from.as_deref() != Some(to) {
            let mention = &run[0].mention;
            out.push(Change {
                at: mention.published.clone(),
                report: mention.report.clone(),
                from,
                to: to.into(),
                rule: rule.into(),
            });
        }
    }
    out
}
