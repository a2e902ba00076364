//! The organisation above each actor, and the state whose organ it is.

use std::collections::{BTreeMap, BTreeSet};

use super::Actors;
use super::forms::{Form, Groups};
use super::phrases;
use super::same_role::Known;
use crate::read::r#where::States;
use crate::reading::ActorKind;
use crate::weigh::{Entry, names};

/// The organisation above each actor: the one most reports name, else the one that its role speaks of; never a loop.
pub(super) fn parents(
    forms: &[Form<'_>],
    groups: &Groups,
    known: &BTreeMap<usize, Known>,
    places: &[BTreeSet<&str>],
    actors: &Actors,
) -> Vec<Option<usize>> {
    let mut votes: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); actors.len()];
    let index = |form: &Form<'_>| actors.find(form.report, &form.actor.id);
    let own: BTreeMap<&str, usize> =
        forms.iter().filter(|f| f.own).filter_map(|f| Some((f.report, index(f)?))).collect();
    for form in forms {
        let above = form.actor.belongs_to.as_ref().and_then(|id| actors.find(form.report, id));
        if let (Some(me), Some(above)) = (index(form), above)
            && me != above
            && actors.get(above).kind != ActorKind::Person
            && actors.get(above).kind != ActorKind::Anonymous
            && !(only_there(form)
                && places.get(form.incident).is_some_and(|p| p.contains(names::key(&actors.get(above).name).as_str())))
        {
            *votes[me].entry(above).or_default() += 1;
        }
    }
    let mut parent: Vec<Option<usize>> =
        votes.iter().map(|v| v.iter().max_by_key(|&(k, n)| (*n, std::cmp::Reverse(*k))).map(|(k, _)| *k)).collect();
    for (k, form) in forms.iter().enumerate() {
        let Some(me) = index(form).filter(|&me| parent[me].is_none()) else { continue };
        if !matches!(actors.get(me).kind, ActorKind::Person | ActorKind::Anonymous) {
            continue;
        }
        let body = known.get(&form.incident).zip(places.get(form.incident));
        let body = body.and_then(|(known, places)| by_role(form, known, places, groups, groups.find(k)));
        let body = body.and_then(|b| index(&forms[b])).or_else(|| on_own_page(form, &own, actors));
        parent[me] = body.filter(|&b| b != me && actors.get(b).kind != ActorKind::Person);
    }
    without_loops(parent)
}

/// Whether somebody unnamed is no official: whoever is in a place does not speak for it.
fn only_there(form: &Form<'_>) -> bool {
    let official =
        |p: &phrases::Phrase| p.office().is_some() || p.words.iter().any(|w| phrases::is_common(w)) || p.is_body();
    form.actor.kind == ActorKind::Anonymous && !form.phrases.iter().any(official)
}

/// Who holds an office and speaks on a body's own page speaks for that body.
fn on_own_page(form: &Form<'_>, own: &BTreeMap<&str, usize>, actors: &Actors) -> Option<usize> {
    let body = own.get(form.report).copied().filter(|&b| actors.get(b).kind != ActorKind::Outlet)?;
    let official = |p: &phrases::Phrase| p.office().is_some() || phrases::is_common(&p.head);
    form.phrases.iter().any(official).then_some(body)
}

/// The body that a phrase for somebody speaks of: "the hospital's director", "a senior frontier official", "Transport Minister".
fn by_role(form: &Form<'_>, known: &Known, places: &BTreeSet<&str>, groups: &Groups, me: usize) -> Option<usize> {
    form.roles
        .iter()
        .filter(|p| p.article != phrases::Article::Possessive && (!p.plural || form.is_person()))
        .find_map(|phrase| known.body_of(phrase, places, groups, me))
}

fn without_loops(mut parent: Vec<Option<usize>>) -> Vec<Option<usize>> {
    for start in 0..parent.len() {
        let (mut at, mut steps) = (start, 0);
        while let Some(above) = parent[at] {
            steps += 1;
            if above == start || steps > 8 {
                parent[start] = None;
                break;
            }
            at = above;
        }
    }
    parent
}

/// The state that each actor's government is of: its code where its name says which, an empty one for the state in which
/// the reports are at home, none for who is no organ of a state.
pub(super) fn organs(
    forms: &[Form<'_>],
    entries: &[&Entry],
    incidents: &[usize],
    actors: &Actors,
) -> Vec<Option<String>> {
    let home = homes(entries, incidents);
    let mut named: Vec<BTreeSet<String>> = vec![BTreeSet::new(); actors.len()];
    let mut of_state = vec![false; actors.len()];
    for form in forms {
        let Some(me) = actors.find(form.report, &form.actor.id) else { continue };
        named[me].extend(form.states.iter().filter(|code| home.get(&form.incident) != Some(*code)).cloned());
        let office = form.phrases.iter().any(|p| p.office().is_some_and(|o| o.of_state));
        of_state[me] |= office && matches!(form.actor.kind, ActorKind::Person | ActorKind::Anonymous);
    }
    (0..actors.len())
        .map(|k| {
            let root = actors.root(k);
            let organ = actors.get(root).kind == ActorKind::Government || root == k && of_state[k];
            organ.then(|| named[root].first().cloned().unwrap_or_default())
        })
        .collect()
}

/// The state that a name speaks of: "Uzbek Border Directorate".
pub(super) fn state_of(name: &str) -> Option<String> {
    let states = States::shipped();
    let words: Vec<&str> = name.split_whitespace().map(|w| w.trim_end_matches("'s").trim_end_matches("’s")).collect();
    let pairs = words.windows(2).map(|w| w.join(" "));
    let all: Vec<String> =
        std::iter::once(name.to_owned()).chain(pairs).chain(words.iter().map(|w| (*w).to_owned())).collect();
    all.iter()
        .find_map(|w| {
            states.country(w).or_else(|| states.demonym(w)).or_else(|| states.capital(w)).or_else(|| states.seat(w))
        })
        .map(|s| s.code.clone())
}

/// The state that the places of most reports of each incident are in.
fn homes(entries: &[&Entry], incidents: &[usize]) -> BTreeMap<usize, String> {
    let mut votes: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
    for (entry, &incident) in entries.iter().zip(incidents) {
        for country in entry.reading.places.iter().filter_map(|p| p.country.clone()) {
            *votes.entry(incident).or_default().entry(country).or_default() += 1;
        }
    }
    let most =
        |v: BTreeMap<String, usize>| v.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(c, _)| c);
    votes.into_iter().filter_map(|(k, v)| Some((k, most(v)?))).collect()
}
