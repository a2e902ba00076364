//! Claims against origins: who stands how to what.
//!
//! In: the claims of a page. Out: columns, one an origin, and a cell for each claim in each. May not happen: an outlet that repeats an
//! origin in a column of its own, unless the reader opens that origin.

use std::collections::{BTreeMap, BTreeSet};

use sayso::weighing::{CaseActor, Claim, Mention, Stance};

use crate::ledger::Case;
use crate::show::stance;

/// How a source stands to a claim: a part a stance, the one with most mentions first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) parts: Vec<Part>,
    /// Indices of the mentions in the claim, in order.
    pub(super) mentions: Vec<usize>,
}

/// One stance: a sign, a word, and whether the words are weakened throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    pub(super) hedged: bool,
    /// How many outlets carry it.
    pub(super) outlets: usize,
}

impl Cell {
    fn of(case: &Case, claim: &Claim, mentions: Vec<usize>) -> Option<Self> {
        let mut stances: BTreeMap<Stance, Vec<&Mention>> = BTreeMap::new();
        for mention in mentions.iter().filter_map(|&k| claim.mentions.get(k)) {
            stances.entry(mention.stance).or_default().push(mention);
        }
        let mut stances: Vec<(Stance, Vec<&Mention>)> = stances.into_iter().collect();
        stances.sort_by_key(|(stance, mentions)| (std::cmp::Reverse(mentions.len()), *stance));
        let part = |(which, mentions): (Stance, Vec<&Mention>)| Part {
            sign: sign(which),
            word: stance(which),
            hedged: mentions.iter().all(|mention| !mention.hedges.is_empty()),
            outlets: mentions.iter().map(|mention| case.outlet(&mention.report)).collect::<BTreeSet<String>>().len(),
        };
        let parts: Vec<Part> = stances.into_iter().map(part).collect();
        (!parts.is_empty()).then_some(Self { parts, mentions })
    }
}

/// A sign that is told from the others without colour.
pub(super) fn sign(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts => "+",
        Stance::Denies => "−",
        Stance::Doubts => "?",
        Stance::Verifies => "✓",
        Stance::Refutes => "✗",
        Stance::Retracts => "↶",
    }
}

/// An origin, with the outlets that carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The actor's id, or the name of whoever is no actor.
    pub(super) key: String,
    pub(super) name: String,
    /// Whether it is a publisher.
    pub(super) outlet: bool,
    /// Claims in which it has a say.
    pub(super) claims: usize,
    /// Everybody who carries its statements, sorted.
    pub(super) outlets: Vec<String>,
}

/// Claims against origins.
#[derive(Debug, Default)]
pub(super) struct Grid<'a> {
    pub(super) claims: Vec<&'a Claim>,
    /// Those with most claims first.
    pub(super) columns: Vec<Column>,
    /// By claim: the mentions in each column.
    said: Vec<BTreeMap<String, Vec<usize>>>,
}

impl<'a> Grid<'a> {
    pub(super) fn new(case: &Case, claims: Vec<&'a Claim>) -> Self {
        let actors: BTreeMap<&str, &CaseActor> = case.weighing.actors.iter().map(|a| (a.id.as_str(), a)).collect();
        let published: BTreeSet<&str> =
            case.entries.iter().filter_map(|entry| entry.report.outlet.as_deref()).collect();
        let mut columns: BTreeMap<String, (Column, BTreeSet<String>)> = BTreeMap::new();
        let mut said = Vec::new();
        for claim in &claims {
            let mut here: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (k, mention) in claim.mentions.iter().enumerate() {
                let (key, name) = origin(case, &actors, claim, k);
                let fresh = || {
                    let outlet = published.contains(name.as_str());
                    (
                        Column { key: key.clone(), name: name.clone(), outlet, claims: 0, outlets: Vec::new() },
                        BTreeSet::new(),
                    )
                };
                let (column, outlets) = columns.entry(key.clone()).or_insert_with(fresh);
                outlets.insert(case.outlet(&mention.report));
                let mentions = here.entry(key.clone()).or_default();
                column.claims += usize::from(mentions.is_empty());
                mentions.push(k);
            }
            said.push(here);
        }
        let with_outlets =
            |(column, outlets): (Column, BTreeSet<String>)| Column { outlets: outlets.into_iter().collect(), ..column };
        let mut columns: Vec<Column> = columns.into_values().map(with_outlets).collect();
        columns
            .sort_by(|a, b| b.claims.cmp(&a.claims).then_with(|| a.name.cmp(&b.name)).then_with(|| a.key.cmp(&b.key)));
        Self { claims, columns, said }
    }

    /// What an origin has to say of a claim; only through one outlet if it is named. None when it is silent.
    pub(super) fn cell(&self, case: &Case, row: usize, key: &str, outlet: Option<&str>) -> Option<Cell> {
        let claim = self.claims.get(row)?;
        let of = |k: &&usize| {
            outlet.is_none_or(|outlet| claim.mentions.get(**k).is_some_and(|m| case.outlet(&m.report) == outlet))
        };
        let mentions: Vec<usize> = self.said.get(row)?.get(key)?.iter().filter(of).copied().collect();
        Cell::of(case, claim, mentions)
    }
}

/// Whose a mention is, as key and name: the origin it comes down to; who speaks, where it does not state the claim.
fn origin(case: &Case, actors: &BTreeMap<&str, &CaseActor>, claim: &Claim, k: usize) -> (String, String) {
    let named = |actor: &CaseActor| (actor.id.clone(), actor.name.clone());
    if let Some(origin) = claim.components.iter().find(|origin| origin.mentions.contains(&k)) {
        let actor = origin.actor.as_deref().and_then(|id| actors.get(id));
        return actor.map_or_else(|| (origin.name.clone(), origin.name.clone()), |actor| named(above(actors, actor)));
    }
    let mention: &Mention = &claim.mentions[k];
    let speaker = mention.actor.as_deref().and_then(|id| actors.get(id));
    speaker.map_or_else(
        || {
            let outlet = case.outlet(&mention.report);
            (outlet.clone(), outlet)
        },
        |actor| named(above(actors, actor)),
    )
}

/// The organisation above an actor: its people are one origin.
fn above<'a>(actors: &BTreeMap<&str, &'a CaseActor>, mut actor: &'a CaseActor) -> &'a CaseActor {
    // A circle of organisations would never end.
    for _ in 0..8 {
        let Some(next) = actor.belongs_to.as_deref().and_then(|id| actors.get(id)) else { break };
        actor = next;
    }
    actor
}
