//! Forms that are one actor by their names: equal, an acronym, another spelling or order, a part of the name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::forms::{Form, Groups};
use super::phrases;
use crate::reading::ActorKind;
use crate::weigh::names;

// Hash maps are only looked up in, never gone through: their order shows nowhere.

/// A sound that begins words of more forms than this finds no candidates.
const COMMON: usize = 200;

/// Joins all that the names join.
pub(super) fn join(forms: &[Form<'_>], places: &[BTreeSet<&str>], groups: &mut Groups) {
    by_key(forms, groups);
    by_acronym(forms, groups);
    by_shape(forms, groups);
    by_part(forms, places, groups);
    by_surname(forms, groups);
}

/// Equal full names. One word of a person's name is a surname or a first name, and no proof, unless the same word is the
/// whole name of a body: then the reading took the body for a person.
fn by_key(forms: &[Form<'_>], groups: &mut Groups) {
    let mut first: HashMap<(&str, bool), usize> = HashMap::new();
    let mut bodies: HashMap<&str, usize> = HashMap::new();
    for (k, form) in forms.iter().enumerate() {
        if form.is_named() && !form.is_person() {
            bodies.entry(&form.key).or_insert(k);
        }
        for key in form.keys.iter().filter(|key| !form.is_person() || key.contains(' ')) {
            let at = *first.entry((key, form.is_person())).or_insert(k);
            if at != k {
                groups.join(at, k, format!("both reports call it “{}”", form.actor.name));
            }
        }
    }
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.is_person() && f.is_named()) {
        let untitled = form.actor.roles.is_empty() && form.actor.aliases.is_empty();
        if let Some(&body) = bodies.get(form.key.as_str()).filter(|_| untitled || form.words.len() > 1) {
            groups.join(body, k, format!("“{}” is a body in another report", form.actor.name));
        }
    }
}

/// An acronym of one report is the name of another, if only one name fits: one that another report gives it for, or, among
/// reports of one incident, one whose initials it is.
fn by_acronym(forms: &[Form<'_>], groups: &mut Groups) {
    let mut owners: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    let mut initials: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.words.len() > 1) {
        for acronym in &form.acronyms {
            owners.entry(acronym).or_default().insert(k);
        }
        if form.words.len() > 2 && form.is_named() && !form.is_person() {
            initials.entry((form.incident, &form.initials)).or_default().push(k);
        }
    }
    for (k, form) in forms.iter().enumerate() {
        for acronym in &form.acronyms {
            let given = owners.get(acronym.as_str()).into_iter().flatten();
            let short = initials.get(&(form.incident, acronym.as_str())).into_iter().flatten();
            let full: Vec<usize> = given.chain(short).copied().collect();
            let sets: BTreeSet<usize> = full.iter().map(|&f| groups.find(f)).collect();
            if let (1, Some(&other)) = (sets.len(), full.first()) {
                groups.join(other, k, format!("“{acronym}” is short for “{}”", forms[other].actor.name));
            }
        }
    }
}

/// Names that differ in spelling, order, or by a leading part.
fn by_shape(forms: &[Form<'_>], groups: &mut Groups) {
    let mut heads: BTreeMap<usize, usize> = BTreeMap::new();
    for k in 0..forms.len() {
        heads.entry(groups.find(k)).or_insert(k);
    }
    let mut by_sound: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for k in heads.into_values().filter(|&k| forms[k].is_named()) {
        for sound in &forms[k].sounds {
            by_sound.entry(sound.chars().take(4).collect()).or_default().push(k);
        }
    }
    for near in by_sound.values().filter(|near| near.len() < COMMON) {
        for (i, &a) in near.iter().enumerate() {
            for &b in &near[i + 1..] {
                if let Some(why) = alike(&forms[a], &forms[b]) {
                    groups.join(a, b, why);
                }
            }
        }
    }
}

/// Why two forms are one name, if they are.
fn alike(a: &Form<'_>, b: &Form<'_>) -> Option<String> {
    if a.is_person() != b.is_person() {
        return None;
    }
    let quoted = || format!("“{}” and “{}”", a.actor.name, b.actor.name);
    let same = |x: usize| names::same_word_by_sound(&a.words[x], &b.words[x], &a.sounds[x], &b.sounds[x]);
    let spelled =
        a.words.len() == b.words.len() && (a.words.len() >= 2 || !a.is_person()) && (0..a.words.len()).all(same);
    if spelled {
        return Some(format!("{} are spellings of one name", quoted()));
    }
    if a.is_person() {
        return None;
    }
    if a.words.len() == b.words.len() && names::same_in_other_order(&a.words, &b.words) {
        return Some(format!("{} have the same words in another order", quoted()));
    }
    let outlet = a.actor.kind == ActorKind::Outlet && b.actor.kind == ActorKind::Outlet;
    let (short, long) = if a.words.len() < b.words.len() { (a, b) } else { (b, a) };
    if outlet && !short.words.is_empty() && long.words.starts_with(&short.words) {
        return Some(format!("“{}” is short for the outlet “{}”", short.actor.name, long.actor.name));
    }
    None
}

/// A body's short name: all its words stand in the name of one other body of the incident, and it is no place.
fn by_part(forms: &[Form<'_>], places: &[BTreeSet<&str>], groups: &mut Groups) {
    let mut index: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.is_named() && !f.is_person()) {
        for word in &form.singular {
            index.entry((form.incident, word)).or_default().push(k);
        }
    }
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.is_named() && !f.is_person() && !f.own) {
        let mine = &form.singular;
        let place = places.get(form.incident).is_some_and(|p| p.contains(form.key.as_str()));
        let Some(first) = mine.first().filter(|_| !place) else { continue };
        let near = index.get(&(form.incident, first.as_str())).into_iter().flatten();
        let longer: Vec<usize> = near
            .copied()
            .filter(|&o| forms[o].words.len() > form.words.len() && mine.is_subset(&forms[o].singular))
            .collect();
        let sets: BTreeSet<usize> = longer.iter().map(|&o| groups.find(o)).collect();
        if let (1, Some(&long)) = (sets.len(), longer.first()) {
            groups.join(long, k, format!("“{}” is short for “{}”", form.actor.name, forms[long].actor.name));
        }
    }
}

/// A surname with a title or role that one full name of the incident bears as well.
fn by_surname(forms: &[Form<'_>], groups: &mut Groups) {
    let roles = |form: &Form<'_>| -> BTreeSet<String> {
        form.phrases.iter().map(|p| &p.head).filter(|h| !phrases::is_common(h)).cloned().collect()
    };
    let mut full: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.is_person() && f.words.len() > 1) {
        full.entry((form.incident, form.words.last().map_or("", String::as_str))).or_default().push(k);
    }
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.is_person() && f.words.len() == 1) {
        let Some(bearers) = full.get(&(form.incident, form.words[0].as_str())) else { continue };
        let sets: BTreeSet<usize> = bearers.iter().map(|&b| groups.find(b)).collect();
        let mine = roles(form);
        let shared = bearers.iter().find_map(|&b| Some((b, roles(&forms[b]).intersection(&mine).next()?.clone())));
        if let (1, Some((other, role))) = (sets.len(), shared) {
            let why = format!("both are called {role}, and nobody else bears the surname “{}”", form.actor.name);
            groups.join(other, k, why);
        }
    }
}
