//! A part of a case: incidents whose claims depend on nothing outside.
//!
//! In: the part's reports, and of the case's actors and decisions what concerns them. Out: its claims. [`weigh`] is given
//! nothing else, so a part with equal inputs has equal claims, whatever the rules do with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::actors::{Actors, Named};
use super::decision::{Decision, Journal};
use super::mentions::{self, Item, Proposition};
use super::symbols::Symbols;
use super::{Entry, claim, dispute, incident, names, same, stance, status};
use crate::weighing::Claim;

/// What a report comes to by itself, whatever the rest of the case.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) words: incident::Words,
    pub(super) propositions: Vec<Proposition>,
    pub(super) named: Named,
    /// Keys of the names that the report bears on itself: its outlet, its credits, where it was forwarded from.
    pub(super) names: BTreeSet<Arc<str>>,
}

impl Prepared {
    pub(super) fn new(entry: &Entry, symbols: &mut Symbols) -> Self {
        let report = &entry.report;
        let borne =
            report.outlet.as_deref().into_iter().chain(report.forwarded_from.as_deref()).chain(report.credits());
        Self {
            words: incident::words(&report.text, symbols),
            propositions: mentions::propositions(entry),
            named: Named::new(entry, symbols),
            names: borne.map(|name| names::key(name).into()).collect(),
        }
    }
}

/// What a part's claims depend on, its reports apart.
#[derive(Debug, PartialEq)]
pub(super) struct Inputs {
    /// The number of each report's incident within the part.
    pub(super) incidents: Vec<usize>,
    /// The actors that its reports know.
    pub(super) actors: Actors,
    /// The decisions in force about its mentions, oldest first.
    pub(super) decisions: Vec<Decision>,
}

impl Inputs {
    /// Of the reports with these numbers among `entries`.
    pub(super) fn new(
        members: &[usize],
        (entries, prepared): (&[&Entry], &[&Prepared]),
        incidents: &[usize],
        actors: &Actors,
        decisions: &[&Decision],
    ) -> Self {
        let mut names: BTreeSet<Arc<str>> = members.iter().flat_map(|&k| &prepared[k].names).cloned().collect();
        names.extend(decisions.iter().filter_map(|d| match d {
            Decision::Edit { speaker: Some(speaker), .. } => Some(names::key(speaker).into()),
            _ => None,
        }));
        let ranks: BTreeSet<usize> = members.iter().map(|&k| incidents[k]).collect();
        let ranks: BTreeMap<usize, usize> = ranks.into_iter().zip(0..).collect();
        let entries: Vec<&Entry> = members.iter().map(|&k| entries[k]).collect();
        Self {
            incidents: members.iter().map(|&k| ranks[&incidents[k]]).collect(),
            actors: actors.among(&entries, &names),
            decisions: decisions.iter().copied().cloned().collect(),
        }
    }
}

/// What came of a part: its claims, and what takes longest on the way to them.
#[derive(Debug)]
pub(super) struct Weighed {
    inputs: Inputs,
    kin: Vec<Kin>,
    groups: Vec<Vec<usize>>,
    pub(super) claims: Vec<Arc<Claim>>,
}

/// All that grouping knows of whose words a mention is: actors are numbered as they come, whatever they are called.
#[derive(Debug, PartialEq)]
struct Kin {
    speaker: Option<usize>,
    root: Option<usize>,
    voice: bool,
}

impl Kin {
    fn of(items: &[Item], actors: &Actors) -> Vec<Self> {
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let mut number = |actor: usize| {
            let next = numbers.len();
            *numbers.entry(actor).or_insert(next)
        };
        let kin = |item: &Item| Self {
            speaker: item.speaker.map(&mut number),
            root: item.speaker.map(|speaker| number(actors.root(speaker))),
            voice: item.voice,
        };
        items.iter().map(kin).collect()
    }
}

/// The claims of a part. `old` is what came of it before: it holds for equal inputs, and its groups for inputs that differ only in
/// what its actors are called and are.
pub(super) fn weigh(entries: &[&Entry], prepared: &[&Prepared], inputs: Inputs, old: Option<Weighed>) -> Weighed {
    let old = match old {
        Some(old) if old.inputs == inputs => return old,
        old => old.filter(|old| old.inputs.incidents == inputs.incidents && old.inputs.decisions == inputs.decisions),
    };
    let Inputs { incidents, actors, decisions } = &inputs;
    let journal = Journal::of(decisions.iter().collect());
    let propositions: Vec<&[Proposition]> = prepared.iter().map(|p| p.propositions.as_slice()).collect();
    let mentions = mentions::collect(entries, &propositions, actors, &journal);
    let kin = Kin::of(&mentions, actors);
    let groups = match old.filter(|old| old.kin == kin) {
        Some(old) => old.groups,
        None => same::group(&mentions, incidents, actors, &journal),
    };
    let checkers = stance::checkers(&mentions, actors);
    let build = |group: &Vec<usize>| claim::build(actors, &checkers, &mentions, group, &journal);
    let mut drafts: Vec<_> = groups.par_iter().map(build).collect();
    dispute::find(&mut drafts, actors, incidents);
    let rivals = status::standing(&drafts, entries, actors);
    let mut claims: Vec<Claim> =
        drafts.into_par_iter().map(|draft| status::finish(draft, entries, actors, &rivals)).collect();
    incident::assign(entries, incidents, &mut claims);
    Weighed { inputs, kin, groups, claims: claims.into_iter().map(Arc::new).collect() }
}

/// Whether a part can come out otherwise for a decision: not for one that a mention was read right.
fn bears(decision: &Decision, journal: &Journal<'_>) -> bool {
    match decision {
        Decision::Accept { .. } => false,
        Decision::Reject { mention } => journal.rejects(mention),
        _ => true,
    }
}

/// A part of a case: its reports' numbers, in order, and the decisions about its mentions.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    pub(super) members: Vec<usize>,
    pub(super) decisions: Vec<&'a Decision>,
}

/// The parts of a case: an incident each, or several that a person's merging of claims ties together.
pub(super) fn parts<'a>(entries: &[&Entry], incidents: &[usize], journal: &Journal<'a>) -> Vec<Part<'a>> {
    let count = incidents.iter().max().map_or(0, |k| k + 1);
    let incident_of: BTreeMap<&str, usize> =
        entries.iter().zip(incidents).map(|(e, &k)| (e.report.id.as_str(), k)).collect();
    let of = |decision: &'a Decision| {
        decision.mentions().into_iter().filter_map(|key| incident_of.get(key.report.as_str()).copied())
    };
    let mut part_of: Vec<usize> = (0..count).collect();
    for decision in journal.iter().filter(|d| matches!(d, Decision::Merge { .. })) {
        let tied: Vec<usize> = of(decision).map(|k| part_of[k]).collect();
        if let [a, b] = tied[..] {
            part_of.iter_mut().filter(|k| **k == a.max(b)).for_each(|k| *k = a.min(b));
        }
    }
    let mut out: Vec<Part<'a>> = (0..count).map(|_| Part::default()).collect();
    for (k, &incident) in incidents.iter().enumerate() {
        out[part_of[incident]].members.push(k);
    }
    for decision in journal.iter().filter(|decision| bears(decision, journal)) {
        let about: BTreeSet<usize> = of(decision).map(|k| part_of[k]).collect();
        about.into_iter().for_each(|part| out[part].decisions.push(decision));
    }
    out.retain(|part| !part.members.is_empty());
    out
}
