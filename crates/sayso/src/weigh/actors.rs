//! One actor over all reports: spellings, transliterations, acronyms, forms in another order.
//!
//! Never on a surname alone; every merge says why; a person's decision goes before every rule.

use std::collections::{BTreeMap, BTreeSet};

use super::decision::{Decision, Journal};
use super::{Entry, names};
use crate::reading::{Actor, ActorKind};
use crate::weighing::CaseActor;

/// Every actor of a case, and which actor of which reading is which.
#[derive(Debug, Default)]
pub struct Actors {
    list: Vec<CaseActor>,
    of: BTreeMap<(String, String), usize>,
    parent: Vec<Option<usize>>,
}

impl Actors {
    /// The index of an actor of a reading.
    #[must_use]
    pub fn find(&self, report: &str, actor: &str) -> Option<usize> {
        self.of.get(&(report.to_owned(), actor.to_owned())).copied()
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

    /// The actor whose name or alias this is, if just one.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<usize> {
        let key = names::key(name);
        let mut found = self
            .list
            .iter()
            .enumerate()
            .filter(|(_, a)| names::key(&a.name) == key || a.aliases.iter().any(|alias| names::key(alias) == key));
        match (found.next(), found.next()) {
            (Some((k, _)), None) => Some(k),
            _ => None,
        }
    }

    /// The list alone.
    #[must_use]
    pub fn into_case_actors(self) -> Vec<CaseActor> {
        self.list
    }
}

/// One actor of one reading, with what it is matched by.
struct Form<'a> {
    report: &'a str,
    actor: &'a Actor,
    words: Vec<String>,
    acronyms: BTreeSet<String>,
    keys: BTreeSet<String>,
}

impl<'a> Form<'a> {
    fn new(entry: &'a Entry, actor: &'a Actor) -> Self {
        let all = || std::iter::once(&actor.name).chain(&actor.aliases);
        let acronyms = all().filter(|f| names::is_acronym(f)).cloned().collect();
        let keys = if actor.kind == ActorKind::Anonymous {
            BTreeSet::new()
        } else {
            all().filter(|f| is_name(f)).map(|f| names::key(f)).filter(|k| !k.is_empty()).collect()
        };
        Self { report: &entry.report.id, actor, words: names::words(&actor.name), acronyms, keys }
    }

    /// What kind of thing it is, coarsely: people never merge with bodies.
    fn is_person(&self) -> bool {
        self.actor.kind == ActorKind::Person
    }
}

/// Whether a form is a name and not a role: it has a capital that is not its first letter's alone, or is one capitalised word.
fn is_name(form: &str) -> bool {
    let form = form.trim_start_matches("the ").trim_start_matches("The ");
    let words: Vec<&str> = form.split_whitespace().collect();
    let capital = |w: &&str| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    match words.len() {
        0 => false,
        1 => capital(&words[0]),
        n => words.iter().filter(|w| capital(w)).count() * 2 > n.saturating_sub(1),
    }
}

/// Merges the actors of all readings.
#[must_use]
pub fn merge(entries: &[&Entry], journal: &Journal<'_>) -> Actors {
    let forms: Vec<Form<'_>> = entries.iter().flat_map(|e| e.reading.actors.iter().map(|a| Form::new(e, a))).collect();
    let mut groups = Groups::new(forms.len());
    decide(&forms, journal, &mut groups);
    by_key(&forms, &mut groups);
    by_acronym(&forms, &mut groups);
    by_shape(&forms, &mut groups);
    gather(&forms, groups, journal)
}

/// Sets of forms, with the reason of every union and the pairs that must stay apart.
struct Groups {
    parent: Vec<usize>,
    why: BTreeMap<usize, Vec<String>>,
    apart: Vec<(usize, usize)>,
}

impl Groups {
    fn new(n: usize) -> Self {
        Self { parent: (0..n).collect(), why: BTreeMap::new(), apart: Vec::new() }
    }

    fn find(&self, mut k: usize) -> usize {
        while self.parent[k] != k {
            k = self.parent[k];
        }
        k
    }

    /// Joins two sets, unless a decision keeps them apart.
    fn join(&mut self, a: usize, b: usize, why: String) {
        let (x, y) = (self.find(a), self.find(b));
        let barred = self.apart.iter().any(|&(p, q)| {
            let (p, q) = (self.find(p), self.find(q));
            (p, q) == (x, y) || (p, q) == (y, x)
        });
        if x == y || barred {
            return;
        }
        let (keep, gone) = (x.min(y), x.max(y));
        self.parent[gone] = keep;
        let mut reasons = self.why.remove(&gone).unwrap_or_default();
        reasons.push(why);
        self.why.entry(keep).or_default().append(&mut reasons);
    }
}

/// What people decided about actors.
fn decide(forms: &[Form<'_>], journal: &Journal<'_>, groups: &mut Groups) {
    let at = |key: &(String, String)| forms.iter().position(|f| f.report == key.0 && f.actor.id == key.1);
    for decision in journal.iter() {
        match decision {
            Decision::SplitActors { a, b } => groups.apart.extend(at(a).zip(at(b))),
            Decision::MergeActors { a, b } => {
                if let Some((a, b)) = at(a).zip(at(b)) {
                    groups.apart.retain(|&pair| pair != (a, b) && pair != (b, a));
                    groups.join(a, b, "a person decided that they are one".into());
                }
            }
            _ => {}
        }
    }
}

/// Equal full names. One word of a person's name is a surname or a first name, and no proof.
fn by_key(forms: &[Form<'_>], groups: &mut Groups) {
    let mut first: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for (k, form) in forms.iter().enumerate() {
        for key in &form.keys {
            if form.is_person() && !key.contains(' ') {
                continue;
            }
            let at = *first.entry((key.clone(), form.is_person())).or_insert(k);
            if at != k {
                groups.join(at, k, format!("both reports call it “{}”", form.actor.name));
            }
        }
    }
}

/// An acronym of one report is the name of another, if only one name fits.
fn by_acronym(forms: &[Form<'_>], groups: &mut Groups) {
    let mut owners: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| f.words.len() > 1) {
        for acronym in &form.acronyms {
            owners.entry(acronym).or_default().insert(k);
        }
    }
    for (k, form) in forms.iter().enumerate() {
        for acronym in &form.acronyms {
            let Some(full) = owners.get(acronym.as_str()) else { continue };
            let sets: BTreeSet<usize> = full.iter().map(|&f| groups.find(f)).collect();
            if let (1, Some(&other)) = (sets.len(), full.iter().next()) {
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
    let heads: Vec<usize> = heads.into_values().filter(|&k| !forms[k].keys.is_empty()).collect();
    let mut by_sound: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &k in &heads {
        for word in &forms[k].words {
            by_sound.entry(names::sound(word).chars().take(4).collect()).or_default().push(k);
        }
    }
    for near in by_sound.values().filter(|near| near.len() < 200) {
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
    let quoted = format!("“{}” and “{}”", a.actor.name, b.actor.name);
    let spelled = a.words.len() == b.words.len()
        && (a.words.len() >= 2 || !a.is_person())
        && a.words.iter().zip(&b.words).all(|(x, y)| names::same_word(x, y));
    if spelled {
        return Some(format!("{quoted} are spellings of one name"));
    }
    if a.is_person() {
        return None;
    }
    if names::same_in_other_order(&a.words, &b.words) {
        return Some(format!("{quoted} have the same words in another order"));
    }
    let outlet = a.actor.kind == ActorKind::Outlet && b.actor.kind == ActorKind::Outlet;
    let (short, long) = if a.words.len() < b.words.len() { (a, b) } else { (b, a) };
    if outlet && !short.words.is_empty() && long.words.starts_with(&short.words) {
        return Some(format!("“{}” is short for the outlet “{}”", short.actor.name, long.actor.name));
    }
    None
}

/// The sets as actors of the case.
fn gather(forms: &[Form<'_>], mut groups: Groups, journal: &Journal<'_>) -> Actors {
    let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for k in 0..forms.len() {
        sets.entry(groups.find(k)).or_default().push(k);
    }
    let mut out = Actors::default();
    for (root, members) in sets {
        let why = groups.why.remove(&root).unwrap_or_default();
        let index = out.list.len();
        for &k in &members {
            out.of.insert((forms[k].report.to_owned(), forms[k].actor.id.clone()), index);
        }
        out.list.push(case_actor(forms, &members, why));
    }
    out.parent = parents(forms, &out);
    for k in 0..out.list.len() {
        out.list[k].belongs_to = out.parent[k].map(|p| out.list[p].id.clone());
    }
    apply(&mut out, journal);
    out
}

fn case_actor(forms: &[Form<'_>], members: &[usize], mut why: Vec<String>) -> CaseActor {
    // The fullest name is the one most reports use among the longest; ties by the alphabet.
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for &k in members {
        *count.entry(&forms[k].actor.name).or_default() += 1;
    }
    let rank =
        |name: &str, n: usize| (names::is_acronym(name), std::cmp::Reverse((names::words(name).len().min(3), n)));
    let name = count.iter().min_by_key(|&(name, &n)| (rank(name, n), *name)).map_or("", |(name, _)| name).to_owned();
    let aliases: BTreeSet<String> = members
        .iter()
        .flat_map(|&k| std::iter::once(&forms[k].actor.name).chain(&forms[k].actor.aliases))
        .filter(|f| **f != name)
        .cloned()
        .collect();
    let mut kinds: BTreeMap<ActorKind, usize> = BTreeMap::new();
    for &k in members {
        *kinds.entry(forms[k].actor.kind).or_default() += 1;
    }
    // An outlet's own page makes it an outlet only when nothing better is known.
    let kind = kinds.iter().max_by_key(|&(k, &n)| (*k != ActorKind::Outlet && *k != ActorKind::Organisation, n));
    why.sort();
    why.dedup();
    let id = members.first().map_or(String::new(), |&k| format!("{}.{}", forms[k].report, forms[k].actor.id));
    CaseActor {
        id,
        name,
        kind: kind.map_or(ActorKind::Organisation, |(k, _)| *k),
        aliases: aliases.into_iter().collect(),
        belongs_to: None,
        side: None,
        reliability: 'F',
        why,
        members: members.iter().map(|&k| (forms[k].report.to_owned(), forms[k].actor.id.clone())).collect(),
    }
}

/// The organisation above each actor: the one most reports name, never a loop.
fn parents(forms: &[Form<'_>], actors: &Actors) -> Vec<Option<usize>> {
    let mut votes: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); actors.len()];
    for form in forms {
        let above = form.actor.belongs_to.as_ref().and_then(|id| actors.find(form.report, id));
        if let (Some(me), Some(above)) = (actors.find(form.report, &form.actor.id), above)
            && me != above
        {
            *votes[me].entry(above).or_default() += 1;
        }
    }
    let mut parent: Vec<Option<usize>> =
        votes.iter().map(|v| v.iter().max_by_key(|&(k, n)| (*n, std::cmp::Reverse(*k))).map(|(k, _)| *k)).collect();
    for start in 0..parent.len() {
        let (mut at, mut steps) = (start, 0);
        while let Some(above) = parent[at] {
            steps += 1;
            if above == start || steps > parent.len() {
                parent[start] = None;
                break;
            }
            at = above;
        }
    }
    parent
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
                actors.list[k].aliases.sort();
            }
            Decision::SetSide { side, .. } => actors.list[k].side = Some(side.clone()),
            Decision::Grade { reliability, .. } => actors.list[k].reliability = *reliability,
            _ => {}
        }
    }
}
