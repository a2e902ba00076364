//! The organisation above each actor, and the state whose organ it is.

use std::collections::{BTreeMap, HashSet};

use super::Actors;
use super::forms::{Form, Groups};
use super::same_role::Known;
use crate::read::r#where::States;
use crate::reading::ActorKind;
use crate::weigh::symbols::{Symbol, Symbols};
use crate::weigh::{Entry, names};

/// The organisation above each actor: the one most reports name, else the one that its role speaks of; never a loop. `of` is the
/// actor of each form.
pub(super) fn parents(
    (forms, of): (&[Form<'_>], &[usize]),
    groups: &Groups,
    known: &Known,
    places: &[HashSet<Symbol>],
    symbols: &Symbols,
    actors: &Actors,
) -> Vec<Option<usize>> {
    let mut votes: Vec<Vec<usize>> = vec![Vec::new(); actors.len()];
    let kind = |actor: usize| actors.get(actor).kind;
    for (form, &me) in forms.iter().zip(of) {
        let Some(above) = form.above.map(|place| of[form.first + place]).filter(|&above| above != me) else { continue };
        let in_place = || {
            let key = symbols.get(&names::key(&actors.get(above).name));
            key.is_some_and(|key| places[form.incident].contains(&key))
        };
        let body = !matches!(kind(above), ActorKind::Person | ActorKind::Anonymous);
        if body && (!only_there(form) || !in_place()) {
            votes[me].push(above);
        }
    }
    let mut parent: Vec<Option<usize>> = votes.iter_mut().map(|votes| most(votes)).collect();
    let mut own: Vec<Option<usize>> = vec![None; forms.len()];
    forms.iter().zip(of).filter(|(f, _)| f.own).for_each(|(form, &k)| own[form.first] = Some(k));
    for (k, form) in forms.iter().enumerate() {
        let me = of[k];
        if parent[me].is_some() || !matches!(kind(me), ActorKind::Person | ActorKind::Anonymous) {
            continue;
        }
        let of_role = |belongs| known.body_of(forms, belongs, &places[form.incident], groups, k);
        // Who holds an office and speaks on a body's own page speaks for that body.
        let on_page = || own[form.first].filter(|&b| form.one_of_body && kind(b) != ActorKind::Outlet);
        let body = form.bodies_above.iter().find_map(of_role).map(|b| of[b]).or_else(on_page);
        parent[me] = body.filter(|&b| b != me && kind(b) != ActorKind::Person);
    }
    without_loops(parent)
}

/// The most frequent; at a draw the first.
fn most(votes: &mut [usize]) -> Option<usize> {
    votes.sort_unstable();
    let runs = votes.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| (run.len(), std::cmp::Reverse(run[0]))).map(|run| run[0])
}

/// Whether somebody unnamed is no official: whoever is in a place does not speak for it.
fn only_there(form: &Form<'_>) -> bool {
    form.actor.kind == ActorKind::Anonymous && !form.official
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
    (forms, of): (&[Form<'_>], &[usize]),
    entries: &[&Entry],
    incidents: &[usize],
    actors: &Actors,
) -> Vec<Option<String>> {
    let home = homes(entries, incidents);
    let mut named: Vec<Option<&str>> = vec![None; actors.len()];
    let mut of_state = vec![false; actors.len()];
    for (form, &me) in forms.iter().zip(of) {
        for code in form.states.iter().filter(|code| home.get(&form.incident) != Some(*code)) {
            named[me] = Some(named[me].map_or(code.as_str(), |first| first.min(code)));
        }
        of_state[me] |= form.of_state && matches!(form.actor.kind, ActorKind::Person | ActorKind::Anonymous);
    }
    (0..actors.len())
        .map(|k| {
            let root = actors.root(k);
            let organ = actors.get(root).kind == ActorKind::Government || root == k && of_state[k];
            organ.then(|| named[root].unwrap_or_default().to_owned())
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
