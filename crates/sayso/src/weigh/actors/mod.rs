//! One actor over all reports: spellings, transliterations, acronyms, forms in another order.
//!
//! Never on a surname alone; every merge says why; a person's decision goes before every rule.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::decision::{Decision, Journal};
use super::symbols::{Symbol, Symbols};
use super::{Entry, names};
use crate::reading::{ActorKind, Kind};
use crate::weighing::CaseActor;

mod above;
mod forms;
mod phrases;
mod same_name;
mod same_role;

use forms::{Form, Groups, Traits};

// Hash maps are only looked up in, never gone through: their order shows nowhere.

/// Every actor of a case, and which actor of which reading is which; or those alone that some of its reports know.
#[derive(Debug, Default, PartialEq)]
pub struct Actors {
    list: Vec<CaseActor>,
    /// By report, then by the id in its reading, in the reading's order.
    of: HashMap<String, Vec<(String, usize)>>,
    /// Whether several reports of the case know it.
    several: Vec<bool>,
    parent: Vec<Option<usize>>,
    organ: Vec<Option<String>>,
    keys: Vec<BTreeSet<Arc<str>>>,
    by_key: HashMap<Arc<str>, Option<usize>>,
}

impl Actors {
    /// The index of an actor of a reading.
    #[must_use]
    pub fn find(&self, report: &str, actor: &str) -> Option<usize> {
        self.of.get(report)?.iter().find(|(id, _)| id == actor).map(|(_, k)| *k)
    }

    /// The actor at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> &CaseActor {
        &self.list[index]
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The organisation at the top of the actor's line, itself when nothing is above it.
    #[must_use]
    pub fn root(&self, mut index: usize) -> usize {
        for _ in 0..8 {
            match self.parent[index] {
                Some(above) => index = above,
                None => break,
            }
        }
        index
    }

    /// The state whose organ or official the actor is: its code, empty for the state in which the reports are at home.
    #[must_use]
    pub fn organ(&self, index: usize) -> Option<&str> {
        self.organ[index].as_deref()
    }

    /// Whether an actor bears a name, given as its [`names::key`].
    #[must_use]
    pub fn bears(&self, index: usize, key: &str) -> bool {
        self.keys[index].contains(key)
    }

    /// The actor whose name or alias this is, if just one.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        self.by_key.get(names::key(name).as_str()).copied().flatten()
    }

    /// Notes who bears which name.
    fn index(&mut self) {
        for (k, keys) in self.keys.iter().enumerate() {
            for key in keys {
                self.by_key.entry(Arc::clone(key)).and_modify(|only| *only = None).or_insert(Some(k));
            }
        }
    }

    /// Whether two actors are one origin: of one organisation, or organs of one government.
    #[must_use]
    pub fn one_origin(&self, a: usize, b: usize) -> bool {
        self.root(a) == self.root(b) || self.organ(a).is_some_and(|organ| self.organ(b) == Some(organ))
    }

    /// Whether several reports of the case know an actor.
    #[must_use]
    pub fn in_several_reports(&self, index: usize) -> bool {
        self.several[index]
    }

    /// The actors that some of the reports know, in the same order: those of their readings, those that bear one of `names`,
    /// and the organisations above them. All that is said of them is what concerns these reports: neither other members nor
    /// other names, nor the reasons of merges. So it stays the same when another report of the case changes nothing of it.
    #[must_use]
    pub(super) fn among(&self, entries: &[&Entry], names: &BTreeSet<Arc<str>>) -> Self {
        let of_entries = || entries.iter().filter_map(|e| self.of.get_key_value(&e.report.id));
        let mut kept: Vec<usize> = of_entries().flat_map(|(_, actors)| actors.iter().map(|(_, k)| *k)).collect();
        kept.extend(names.iter().filter_map(|name| self.by_key.get(name).copied().flatten()));
        let above: Vec<usize> =
            kept.iter().flat_map(|&k| std::iter::successors(self.parent[k], |&above| self.parent[above])).collect();
        kept.extend(above);
        kept.sort_unstable();
        kept.dedup();
        let here = |k: usize| kept.binary_search(&k).ok();
        let local = |(report, actors): (&String, &Vec<(String, usize)>)| {
            let actors = actors.iter().filter_map(|(id, k)| Some((id.clone(), here(*k)?)));
            (report.clone(), actors.collect())
        };
        Self {
            list: kept.iter().map(|&k| in_short(&self.list[k])).collect(),
            of: of_entries().map(local).collect(),
            several: kept.iter().map(|&k| self.several[k]).collect(),
            parent: kept.iter().map(|&k| self.parent[k].and_then(here)).collect(),
            organ: kept.iter().map(|&k| self.organ[k].clone()).collect(),
            keys: kept.iter().map(|&k| self.keys[k].intersection(names).cloned().collect()).collect(),
            by_key: names.iter().filter_map(|n| Some((Arc::clone(n), self.by_key.get(n)?.and_then(here)))).collect(),
        }
    }

    /// All of them, each at its index.
    #[must_use]
    pub fn list(&self) -> &[CaseActor] {
        &self.list
    }
}

/// An actor without what other reports say of it.
fn in_short(actor: &CaseActor) -> CaseActor {
    CaseActor {
        id: actor.id.clone(),
        name: actor.name.clone(),
        kind: actor.kind,
        aliases: Vec::new(),
        belongs_to: actor.belongs_to.clone(),
        side: actor.side.clone(),
        reliability: actor.reliability,
        why: Vec::new(),
        members: Vec::new(),
    }
}

/// Merges the actors of all readings. `incidents` gives the number of each entry's incident.
#[must_use]
pub(super) fn merge(
    entries: &[&Entry],
    named: &[&Named],
    symbols: &Symbols,
    incidents: &[usize],
    journal: &Journal<'_>,
) -> Actors {
    let mut forms: Vec<Form<'_>> = Vec::with_capacity(named.iter().map(|n| n.actors.len()).sum());
    for ((entry, named), &incident) in entries.iter().zip(named).zip(incidents) {
        let first = forms.len();
        let actors = entry.reading.actors.iter().zip(&named.actors);
        forms.extend(actors.map(|actor| Form::new(entry, actor, incident, first)));
    }
    let mut groups = Groups::new(forms.len());
    decide(&forms, journal, &mut groups);
    let places = places(named, incidents);
    same_name::join(&forms, &places, symbols.len(), &mut groups);
    same_role::join_beside(&forms, &mut groups);
    let known = same_role::Known::new(&forms);
    same_role::join(&forms, &known, &mut groups);
    let publishers = named.iter().flat_map(|n| &n.publishers).copied().collect();
    let (mut out, of) = gather(&forms, &mut groups, &publishers);
    out.parent = above::parents((&forms, &of), &groups, &known, &places, symbols, &out);
    out.organ = above::organs((&forms, &of), entries, incidents, &out);
    for k in 0..out.list.len() {
        out.list[k].belongs_to = out.parent[k].map(|p| out.list[p].id.clone());
    }
    apply(&mut out, journal);
    out.index();
    out
}

/// The names of a report, whatever the rest of the case.
#[derive(Debug)]
pub(super) struct Named {
    /// Its actors, in the order of its reading.
    actors: Vec<Traits>,
    /// The keys of the places it names.
    places: Vec<Symbol>,
    /// The keys of the outlets that pass on what others say: in their own reports, or as a link of a chain.
    publishers: Vec<Symbol>,
}

impl Named {
    pub(super) fn new(entry: &Entry, symbols: &mut Symbols) -> Self {
        let actors = &entry.reading.actors;
        Self {
            places: symbols.all(places_of(entry)),
            publishers: symbols.all(publishers(entry)),
            actors: actors.iter().map(|actor| Traits::new(&entry.report, actor, actors, symbols)).collect(),
        }
    }
}

fn publishers(entry: &Entry) -> HashSet<String> {
    let name = |id: &String| entry.reading.actors.iter().find(|a| a.id == *id).map(|a| names::key(&a.name));
    let links = entry.reading.attributions.iter().flat_map(|a| &a.chain).filter_map(|l| l.actor.as_ref());
    let mut out: HashSet<String> = links.filter_map(name).collect();
    let Some(outlet) = entry.report.outlet.as_deref().map(names::key) else { return out };
    let own = entry.reading.actors.iter().find(|a| names::key(&a.name) == outlet);
    let outsider = |id: &String| {
        let speaker = entry.reading.actors.iter().find(|a| a.id == *id);
        speaker.is_some_and(|a| own.is_none_or(|o| o.id != a.id && a.belongs_to.as_ref() != Some(&o.id)))
    };
    let quotes = |a: &crate::reading::Attribution| a.kind != Kind::Voice && a.speaker.as_ref().is_some_and(outsider);
    if entry.reading.attributions.iter().any(quotes) {
        out.insert(outlet);
    }
    out
}

fn places_of(entry: &Entry) -> HashSet<String> {
    let mut out = HashSet::new();
    for place in &entry.reading.places {
        let written = names::key(place.span.of(&entry.report.text));
        out.extend(written.split(' ').map(ToOwned::to_owned));
        out.extend([names::key(&place.name), written]);
    }
    out
}

/// The keys of the places named in the reports of each incident.
fn places(named: &[&Named], incidents: &[usize]) -> Vec<HashSet<Symbol>> {
    let mut out = vec![HashSet::new(); incidents.iter().max().map_or(0, |k| k + 1)];
    for (named, &incident) in named.iter().zip(incidents) {
        out[incident].extend(&named.places);
    }
    out
}

/// What people decided about actors.
fn decide(forms: &[Form<'_>], journal: &Journal<'_>, groups: &mut Groups) {
    let at = |key: &(String, String)| forms.iter().position(|f| f.report == key.0 && f.actor.id == key.1);
    for decision in journal.iter() {
        match decision {
            Decision::SplitActors { a, b } => {
                if let Some((a, b)) = at(a).zip(at(b)) {
                    groups.keep_apart(a, b);
                }
            }
            Decision::MergeActors { a, b } => {
                if let Some((a, b)) = at(a).zip(at(b)) {
                    groups.join_decided(a, b);
                }
            }
            _ => {}
        }
    }
}

/// The sets as actors of the case, and the actor of each form.
fn gather(forms: &[Form<'_>], groups: &mut Groups, publishers: &HashSet<Symbol>) -> (Actors, Vec<usize>) {
    let sets: Vec<(Vec<usize>, Vec<String>)> = {
        let sets = groups.sets().into_iter();
        sets.map(|(root, members)| (members, groups.reasons(root, forms))).collect()
    };
    let mut of_form = vec![0; forms.len()];
    for (actor, (members, _)) in sets.iter().enumerate() {
        members.iter().for_each(|&k| of_form[k] = actor);
    }
    let described = |(members, why): (Vec<usize>, Vec<String>)| {
        let keys = once_each(members.iter().flat_map(|&k| &forms[k].every_key)).into_iter().cloned().collect();
        let several = members.iter().any(|&k| forms[k].first != forms[members[0]].first);
        (case_actor(forms, &members, why, publishers), (keys, several))
    };
    let (list, of_list): (Vec<_>, Vec<_>) = sets.into_par_iter().map(described).unzip();
    let (keys, several) = of_list.into_iter().unzip();
    let mut out = Actors { list, keys, several, ..Actors::default() };
    let mut index = 0;
    for of_report in forms.chunk_by(|a, b| a.first == b.first) {
        let ids = of_report.iter().zip(&of_form[index..]).map(|(form, &k)| (form.actor.id.clone(), k));
        out.of.entry(of_report[0].report.to_owned()).or_default().extend(ids);
        index += of_report.len();
    }
    (out, of_form)
}

/// The members of a set by whom it is named: by name if any is, and not by phrases.
fn case_actor(forms: &[Form<'_>], members: &[usize], why: Vec<String>, publishers: &HashSet<Symbol>) -> CaseActor {
    let named: Vec<usize> = members.iter().copied().filter(|&k| forms[k].is_named()).collect();
    let telling = if named.is_empty() { members } else { &named };
    let name = fullest(forms, telling);
    let all = members.iter().flat_map(|&k| std::iter::once(&forms[k].actor.name).chain(&forms[k].actor.aliases));
    let aliases = once_each(all.filter(|f| **f != name));
    let id = members.first().map_or(String::new(), |&k| format!("{}.{}", forms[k].report, forms[k].actor.id));
    CaseActor {
        id,
        name,
        kind: kind(forms, telling, publishers),
        aliases: aliases.into_iter().cloned().collect(),
        belongs_to: None,
        side: None,
        reliability: 'F',
        why,
        members: members.iter().map(|&k| (forms[k].report.to_owned(), forms[k].actor.id.clone())).collect(),
    }
}

/// Each of them once. One after the other: most of those that are collected here are equal.
fn once_each<T: Ord>(all: impl Iterator<Item = T>) -> BTreeSet<T> {
    let mut out = BTreeSet::new();
    out.extend(all);
    out
}

/// The fullest name is the one most reports use among the longest; ties by the alphabet.
fn fullest(forms: &[Form<'_>], members: &[usize]) -> String {
    let mut count: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for &k in members {
        count.entry(&forms[k].actor.name).or_insert((forms[k].words.len().min(3), 0)).1 += 1;
    }
    let rank = |name: &str, n: (usize, usize)| (names::is_acronym(name), std::cmp::Reverse(n));
    let named = count.iter().filter(|(name, _)| !name.trim().is_empty());
    named.min_by_key(|&(name, &n)| (rank(name, n), *name)).map_or("unnamed", |(name, _)| name).to_owned()
}

/// The kind most reports take it for; whom one report takes for a person and another for a body is a body. A publisher of
/// reports is an outlet, unless it passes on nobody else's words or its name says that it is another body.
fn kind(forms: &[Form<'_>], members: &[usize], publishers: &HashSet<Symbol>) -> ActorKind {
    let mut votes: BTreeMap<ActorKind, usize> = BTreeMap::new();
    members.iter().for_each(|&k| *votes.entry(forms[k].actor.kind).or_default() += 1);
    let own = members.iter().find(|&&k| forms[k].own);
    let bodies = votes.keys().any(|k| !matches!(k, ActorKind::Person | ActorKind::Anonymous));
    let single = members.iter().all(|&k| forms[k].words.len() == 1);
    if let Some(people) = votes.get(&ActorKind::Person).copied().filter(|_| own.is_some() || bodies && single) {
        votes.remove(&ActorKind::Person);
        *votes.entry(ActorKind::Organisation).or_default() += people;
    }
    if let Some(&own) = own.filter(|_| votes.contains_key(&ActorKind::Outlet)) {
        let body = phrases::parse(&forms[own].actor.name).is_some_and(|p| p.is_body() && !p.is_outlet());
        if !body && members.iter().any(|&k| forms[k].keys.iter().any(|(key, _)| publishers.contains(key))) {
            return ActorKind::Outlet;
        }
        if body || votes.len() > 1 {
            votes.remove(&ActorKind::Outlet);
        }
    }
    let plain = |k: ActorKind| k == ActorKind::Organisation;
    let most = votes.iter().max_by_key(|&(k, &n)| (n, !plain(*k))).map(|(k, _)| *k);
    most.unwrap_or(ActorKind::Organisation)
}

/// Names, sides and grades that people gave.
fn apply(actors: &mut Actors, journal: &Journal<'_>) {
    for decision in journal.iter() {
        let (Decision::NameActor { actor, .. } | Decision::SetSide { actor, .. } | Decision::Grade { actor, .. }) =
            decision
        else {
            continue;
        };
        let Some(k) = actors.find(&actor.0, &actor.1) else { continue };
        match decision {
            Decision::NameActor { name, .. } => {
                let old = std::mem::replace(&mut actors.list[k].name, name.clone());
                actors.list[k].aliases.push(old);
                actors.keys[k].insert(names::key(name).into());
                actors.list[k].aliases.sort();
            }
            Decision::SetSide { side, .. } => actors.list[k].side = Some(side.clone()),
            Decision::Grade { reliability, .. } => actors.list[k].reliability = *reliability,
            _ => {}
        }
    }
}
