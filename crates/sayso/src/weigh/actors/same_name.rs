//! Forms that are one actor by their names: equal, an acronym, another spelling or order, a part of the name.

use std::collections::{HashMap, HashSet};

use super::forms::{Form, Groups};
use crate::reading::ActorKind;
use crate::weigh::names;
use crate::weigh::symbols::{Lists, Symbol, is_subset};

// Hash maps are only looked up in, never gone through: their order shows nowhere.

/// What more names than this have in common finds no candidates.
const COMMON: usize = 200;

/// Joins all that the names join. `places` are those of each incident; symbols are less than `symbols`.
pub(super) fn join(forms: &[Form<'_>], places: &[HashSet<Symbol>], symbols: usize, groups: &mut Groups) {
    by_key(forms, symbols, groups);
    by_acronym(forms, groups);
    by_shape(forms, symbols, groups);
    by_part(forms, places, groups);
    by_surname(forms, groups);
}

/// Equal full names. One word of a person's name is a surname or a first name, and no proof, unless the same word is the
/// whole name of a body: then the reading took the body for a person.
fn by_key(forms: &[Form<'_>], symbols: usize, groups: &mut Groups) {
    // By name: the first person, the first other.
    let mut first = vec![[None; 2]; symbols];
    let mut bodies: Vec<Option<usize>> = vec![None; symbols];
    for (k, form) in forms.iter().enumerate() {
        let person = form.is_person();
        if form.is_named() && !person {
            bodies[form.key].get_or_insert(k);
        }
        for (key, _) in form.keys.iter().filter(|(_, several)| !person || *several) {
            let at = *first[*key][usize::from(person)].get_or_insert(k);
            if at != k {
                groups.join_of_one_name(at, k);
            }
        }
    }
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.is_person() && f.is_named()) {
        let untitled = form.actor.roles.is_empty() && form.actor.aliases.is_empty();
        if let Some(body) = bodies[form.key].filter(|_| untitled || form.words.len() > 1) {
            groups.join(body, k, || format!("“{}” is a body in another report", form.actor.name));
        }
    }
}

/// An acronym of one report is the name of another, if only one name fits: one that another report gives it for, or, among
/// reports of one incident, one whose initials it is.
fn by_acronym(forms: &[Form<'_>], groups: &mut Groups) {
    let mut owners: HashMap<Symbol, Vec<usize>> = HashMap::new();
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.words.len() > 1) {
        form.acronyms.iter().for_each(|(acronym, _)| owners.entry(*acronym).or_default().push(k));
    }
    let spelled_out = |(k, form): (usize, &Form<'_>)| {
        let full = form.words.len() > 2 && form.is_named() && !form.is_person();
        full.then_some((form.incident, form.initials, k))
    };
    let initials = Lists::new(forms.iter().enumerate().filter_map(spelled_out));
    for (k, form) in forms.iter().enumerate() {
        for (acronym, written) in &form.acronyms {
            let given = owners.get(acronym).into_iter().flatten().copied();
            if let Some(other) = groups.only(given.chain(initials.get(form.incident, *acronym))) {
                groups.join(other, k, || format!("“{written}” is short for “{}”", forms[other].actor.name));
            }
        }
    }
}

/// How two names may be alike, and what such names share: spellings of one name agree in how many words there are, how each
/// ends, and how one of them begins; names of one body in another order, in how many words there are and how two begin; a
/// short name of an outlet begins the long one.
pub(super) fn likenesses(kind: ActorKind, words: &[String], sounds: &[String]) -> [Vec<String>; 3] {
    let person = kind == ActorKind::Person;
    let ends: String = sounds.iter().map(|s| s.chars().next_back().unwrap_or(' ')).collect();
    let begin = |sound: &String| sound.chars().take(4).collect::<String>();
    let mut begins: Vec<String> = sounds.iter().map(begin).collect();
    let spelling = begins.iter().enumerate().filter(|_| words.len() > 1 || !person);
    let spelling = spelling.map(|(n, begin)| format!("{person} {ends} {n} {begin}")).collect();
    begins.sort();
    begins.truncate(if person || words.len() < 3 { 0 } else { LONGEST });
    let two = begins.iter().enumerate().flat_map(|(n, a)| begins[n + 1..].iter().map(move |b| (a, b)));
    let order = two.map(|(a, b)| format!("{} {a} {b}", words.len())).collect();
    [spelling, order, words.first().filter(|_| kind == ActorKind::Outlet).into_iter().cloned().collect()]
}

/// Words of a name that are looked at for another order, at most.
const LONGEST: usize = 8;

/// Names that differ in spelling, order, or by a leading part.
fn by_shape(forms: &[Form<'_>], symbols: usize, groups: &mut Groups) {
    let mut seen = vec![false; forms.len()];
    let mut first = |k: usize| !std::mem::replace(&mut seen[groups.find(k)], true);
    let heads: Vec<usize> = (0..forms.len()).filter(|&k| first(k) && forms[k].is_named()).collect();
    let alike: [fn(&Form<'_>, &Form<'_>) -> Option<String>; 3] = [spelled_otherwise, in_other_order, short_outlet];
    for (way, alike) in alike.into_iter().enumerate() {
        for near in with_one_key(&heads, forms, way, symbols) {
            for (i, &a) in near.iter().enumerate() {
                for &b in &near[i + 1..] {
                    if let Some(why) = alike(&forms[a], &forms[b]) {
                        groups.join(a, b, || why);
                    }
                }
            }
        }
    }
}

/// The forms that share something, in order.
fn with_one_key(heads: &[usize], forms: &[Form<'_>], way: usize, symbols: usize) -> Vec<Vec<usize>> {
    let mut count = vec![0_u32; symbols];
    heads.iter().flat_map(|&k| &forms[k].like[way]).for_each(|&key| count[key] += 1);
    let mut place = vec![None; symbols];
    let mut out: Vec<Vec<usize>> = Vec::new();
    for &k in heads {
        for &key in forms[k].like[way].iter().filter(|key| (2..COMMON).contains(&(count[**key] as usize))) {
            let at = *place[key].get_or_insert(out.len());
            out.resize_with(out.len().max(at + 1), Vec::new);
            out[at].push(k);
        }
    }
    // Symbols tell when a word was first met: their order must not show.
    out.sort_unstable();
    out
}

fn spelled_otherwise(a: &Form<'_>, b: &Form<'_>) -> Option<String> {
    let same = |x: usize| names::same_word_by_sound(&a.words[x], &b.words[x], &a.sounds[x], &b.sounds[x]);
    let spelled = a.is_person() == b.is_person() && a.words.len() == b.words.len() && (0..a.words.len()).all(same);
    spelled.then(|| format!("“{}” and “{}” are spellings of one name", a.actor.name, b.actor.name))
}

fn in_other_order(a: &Form<'_>, b: &Form<'_>) -> Option<String> {
    let same = names::same_in_other_order((&a.words, &a.sounds), (&b.words, &b.sounds));
    same.then(|| format!("“{}” and “{}” have the same words in another order", a.actor.name, b.actor.name))
}

fn short_outlet(a: &Form<'_>, b: &Form<'_>) -> Option<String> {
    let (short, long) = if a.words.len() < b.words.len() { (a, b) } else { (b, a) };
    let begins = long.words.starts_with(&short.words);
    begins.then(|| format!("“{}” is short for the outlet “{}”", short.actor.name, long.actor.name))
}

/// A body's short name: all its words stand in the name of one other body of the incident, and it is no place.
fn by_part(forms: &[Form<'_>], places: &[HashSet<Symbol>], groups: &mut Groups) {
    let bodies = || forms.iter().enumerate().filter(|(_, f)| f.is_named() && !f.is_person());
    let rows =
        |(k, form): (usize, &Form<'_>)| form.singular.iter().map(move |&w| (form.incident, w, k)).collect::<Vec<_>>();
    let index = Lists::new(bodies().flat_map(rows));
    for (k, form) in bodies().filter(|(_, f)| !f.own && !places[f.incident].contains(&f.key)) {
        let longer =
            |o: &usize| forms[*o].words.len() > form.words.len() && is_subset(&form.singular, &forms[*o].singular);
        let found = index.rarest(form.incident, form.singular.iter()).filter(longer);
        if let Some(long) = groups.only(found) {
            groups.join(long, k, || format!("“{}” is short for “{}”", form.actor.name, forms[long].actor.name));
        }
    }
}

/// A surname with a title or role that one full name of the incident bears as well.
fn by_surname(forms: &[Form<'_>], groups: &mut Groups) {
    let people = || forms.iter().enumerate().filter(|(_, f)| f.is_person());
    let full = people().filter(|(_, f)| f.words.len() > 1).map(|(k, f)| (f.incident, f.surname, k));
    let full = Lists::new(full);
    for (k, form) in people().filter(|(_, f)| f.words.len() == 1) {
        let bearers = || full.get(form.incident, form.surname);
        if groups.only(bearers()).is_none() {
            continue;
        }
        let shared = bearers().find_map(|b| Some((b, forms[b].heads.intersection(&form.heads).next()?)));
        if let Some((other, role)) = shared {
            let why = || format!("both are called {role}, and nobody else bears the surname “{}”", form.actor.name);
            groups.join(other, k, why);
        }
    }
}
