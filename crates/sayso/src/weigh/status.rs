//! Support, dispute, verification, status and history of a claim: design.md's three axes, and one word for lists.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Entry;
use super::actors::Actors;
use super::claim::Draft;
use super::mentions::Item;
use super::origin::{Component, Graph, Origins, states, surely_same};
use crate::reading::{Act, ActorKind, Verification};
use crate::weighing::{Change, Check, Claim, Contradiction, Stance};

/// A claim's history follows at most this many reports.
const LONGEST_HISTORY: usize = 200;

/// An origin of a claim, and since when it is known: what claims that contradict it are judged by.
#[derive(Debug, Clone)]
pub(super) struct Rival {
    actor: usize,
    since: Option<String>,
    report: String,
}

/// The counted origins of every claim that is not retracted, by its id.
pub(super) type Rivals = BTreeMap<String, Vec<Rival>>;

/// The finished claim.
pub(super) fn finish(mut draft: Draft, entries: &[&Entry], actors: &Actors, rivals: &Rivals) -> Claim {
    let graph = Graph::new(entries, actors, &draft.items);
    let all = draft.items.len();
    let origins = graph.origins(actors, &draft, all);
    let against = against(&draft, rivals);
    let (status, _) = status(&draft, actors, all, &origins, &against);
    let history = history(&draft, actors, &graph, &against);
    let claim = &mut draft.claim;
    claim.status = status.to_owned();
    claim.independent_min = origins.least();
    claim.independent_max = origins.most().max(origins.least());
    claim.origins = origins.names();
    claim.components = origins.described(actors);
    claim.circular = !origins.circle.is_empty();
    claim.circle = origins.circle.clone();
    claim.history = history;
    claim.support = support(&draft.items, actors, &origins, claim.outlets).to_owned();
    draft.claim.dispute = dispute(&draft.items, &draft.claim.contradictions, &draft.claim.status).to_owned();
    draft.claim.verification = checks(&draft.items, entries);
    draft.claim.credibility = credibility(&draft.claim);
    draft.claim.dependences = origins.dependences;
    draft.claim
}

/// The origins that rivals are judged by.
pub(super) fn standing(drafts: &[Draft], entries: &[&Entry], actors: &Actors) -> Rivals {
    let contradicted: BTreeSet<&String> = drafts.iter().flat_map(|d| &d.claim.contradicts).collect();
    let of_draft = |draft: &Draft| {
        let origins = Graph::new(entries, actors, &draft.items).origins(actors, draft, draft.items.len());
        if retracted(draft, actors, draft.items.len(), &origins) {
            return None;
        }
        let rival = |c: &Component| {
            let first = &draft.items[*c.mentions.first()?].mention;
            Some(Rival { actor: c.actor?, since: first.published.clone(), report: first.report.clone() })
        };
        Some((draft.claim.id.clone(), origins.counted().into_iter().filter_map(rival).collect()))
    };
    let standing: Vec<&Draft> = drafts.iter().filter(|d| contradicted.contains(&d.claim.id)).collect();
    standing.into_par_iter().filter_map(of_draft).collect()
}

/// The rivals of a claim.
fn against<'r>(draft: &Draft, rivals: &'r Rivals) -> Vec<&'r Rival> {
    draft.claim.contradicts.iter().filter_map(|id| rivals.get(id)).flatten().collect()
}

/// The one word as of the first `among` mentions, and the rule that gives it.
fn status(
    draft: &Draft,
    actors: &Actors,
    among: usize,
    origins: &Origins,
    against: &[&Rival],
) -> (&'static str, &'static str) {
    let items = &draft.items[..among];
    // A check that found something so counts for the claim only when it surely says the same as somebody else.
    let alone = items.iter().filter(|i| states(i)).count() < 2;
    let others = |i: &Item| items.iter().any(|s| states(s) && s.mention.key() != i.mention.key() && surely_same(i, s));
    let has = |stance: Stance| {
        items.iter().any(|i| i.mention.stance == stance && (stance != Stance::Verifies || alone || others(i)))
    };
    if retracted(draft, actors, among, origins) {
        return ("retracted", "every origin took it back");
    }
    if has(Stance::Refutes) && !has(Stance::Verifies) {
        return ("refuted", "a verifier found it false, and none true");
    }
    if has(Stance::Verifies) && !has(Stance::Refutes) {
        return ("verified", "a verifier established it, and none refutes it");
    }
    // An outlet's own "not" is no denial by a party.
    let denied = items.iter().any(|i| i.mention.stance == Stance::Denies && (!i.voice || i.act == Act::Denies));
    if denied || has(Stance::Refutes) {
        return ("contested", "somebody denies it");
    }
    let counted = origins.counted();
    let mine = |r: &Rival| counted.iter().filter_map(|c| c.actor).any(|a| actors.one_origin(a, r.actor));
    if against.iter().any(|r| !mine(r)) {
        return ("contested", "a rival claim is asserted by another origin");
    }
    if counted.len() >= 2 {
        return ("corroborated", "two independent origins or more");
    }
    ("single-origin", "one origin")
}

/// Whether every counted origin, or a member of it, took the claim back. Where no origin is known, whoever stated it and
/// takes it back was one.
fn retracted(draft: &Draft, actors: &Actors, among: usize, origins: &Origins) -> bool {
    let back: Vec<usize> = draft.items[..among]
        .iter()
        .filter(|i| i.mention.stance == Stance::Retracts)
        .filter_map(|i| i.speaker)
        .map(|s| actors.root(s))
        .collect();
    let by = |c: &Component| {
        if c.known {
            return c.actor.is_some_and(|a| back.contains(&actors.root(a)));
        }
        let stated = c.mentions.iter().filter_map(|&k| draft.items[k].speaker);
        let printed = c.mentions.iter().filter_map(|&k| actors.named(draft.items[k].outlet.as_deref()?));
        stated.chain(c.actor).chain(printed).any(|a| back.contains(&actors.root(a)))
    };
    if back.is_empty() || origins.components.is_empty() {
        return false;
    }
    let known: Vec<&Component> = origins.components.iter().filter(|c| c.known).collect();
    if known.is_empty() { origins.components.iter().any(by) } else { known.into_iter().all(by) }
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

/// What each verifier said last, by name: the mentions that verify, refute or doubt, and the sentences about checking
/// that bear on any mention.
fn checks(items: &[Item], entries: &[&Entry]) -> Vec<Check> {
    let mut latest: BTreeMap<String, Check> = BTreeMap::new();
    for item in items {
        let entry = entries[item.entry];
        let span = item.mention.spans[0];
        let said = entry.reading.verification.iter().find(|v| v.span.overlaps(span));
        let of_stance = match item.mention.stance {
            Stance::Verifies if said.is_some_and(|v| v.outcome == "partly") => Some("partly"),
            Stance::Verifies => Some("verified"),
            Stance::Refutes => Some("refuted"),
            Stance::Doubts => Some("tried, could not"),
            _ => None,
        };
        let about = entry.reading.verification.iter().find(|v| v.about.iter().any(|a| a.overlaps(span)));
        let by_actor = |v: &Verification| {
            let id = v.by.as_ref()?;
            entry.reading.actors.iter().find(|a| a.id == *id).map(|a| a.name.clone())
        };
        let (by, outcome, check) = match (of_stance, about) {
            (Some(outcome), _) => (item.mention.speaker.clone(), outcome, said),
            (None, Some(v)) => (by_actor(v), v.outcome.as_str(), Some(v)),
            (None, None) => continue,
        };
        let by = by.or_else(|| item.outlet.clone()).unwrap_or_else(|| "unknown".into());
        let check = Check {
            by: by.clone(),
            outcome: outcome.into(),
            method: check.and_then(|v| v.method.clone()),
            date: item.mention.published.clone(),
            report: item.mention.report.clone(),
            span: check.map_or(span, |v| v.span),
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

/// How the status came about: weighed again at each report in which the claim or a rival of it stands.
fn history(draft: &Draft, actors: &Actors, graph: &Graph<'_>, against: &[&Rival]) -> Vec<Change> {
    let own = draft.items.iter().map(|i| (i.mention.published.as_deref(), i.mention.report.as_str()));
    let first = own.clone().next();
    let rivals =
        against.iter().map(|r| (r.since.as_deref(), r.report.as_str())).filter(|at| first.is_some_and(|f| *at > f));
    let steps: BTreeSet<(Option<&str>, &str)> = own.chain(rivals).collect();
    let mut out: Vec<Change> = Vec::new();
    for (at, report) in steps.into_iter().take(LONGEST_HISTORY) {
        let among = draft
            .items
            .partition_point(|i| (i.mention.published.as_deref(), i.mention.report.as_str()) <= (at, report));
        let standing: Vec<&Rival> =
            against.iter().copied().filter(|r| (r.since.as_deref(), r.report.as_str()) <= (at, report)).collect();
        let origins = graph.origins(actors, draft, among);
        let (to, rule) = status(draft, actors, among, &origins, &standing);
        let from = out.last().map(|c| c.to.clone());
        if from.as_deref() != Some(to) {
            out.push(Change {
                at: at.map(ToOwned::to_owned),
                report: report.to_owned(),
                from,
                to: to.into(),
                rule: rule.into(),
            });
        }
    }
    out
}
