//! Phrases that name nobody, and whom they mean among the actors of one incident: "the police" where one police force is
//! named, "the colonel" where one colonel is, "a lawyers' collective" where one name has those words.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::{Form, Groups};
use super::phrases::{self, Article, Phrase};

/// What the forms of one incident are known by.
#[derive(Default)]
pub(super) struct Known {
    /// Bodies, by each telling word of their names.
    words: BTreeMap<String, BTreeSet<usize>>,
    /// The telling words and the heads of the names of each of these bodies.
    names: BTreeMap<usize, Vec<(BTreeSet<String>, String)>>,
    /// Everybody, by the words of a phrase used for them.
    phrases: BTreeMap<Vec<String>, BTreeSet<usize>>,
    /// People, by an office they hold.
    offices: BTreeMap<String, BTreeSet<usize>>,
}

impl Known {
    fn add(&mut self, k: usize, form: &Form<'_>) {
        for (words, head) in &form.bodies {
            self.add_words(k, words, head);
        }
        for phrase in &form.phrases {
            let unnamed_person = !form.is_named() && !phrase.is_body() && phrase.office().is_none();
            if matches!(phrase.article, Article::Definite | Article::Bare) && !unnamed_person {
                self.phrases.entry(phrase.words.clone()).or_default().insert(k);
            }
            for word in phrase.words.iter().filter(|w| !form.is_body() && phrases::office(w).is_some()) {
                self.offices.entry(word.clone()).or_default().insert(k);
            }
        }
    }

    fn add_words(&mut self, k: usize, words: &BTreeSet<String>, head: &str) {
        for word in words {
            self.words.entry(word.clone()).or_default().insert(k);
        }
        self.names.entry(k).or_default().push((words.clone(), head.to_owned()));
    }

    /// The bodies one of whose names has all these words, and this head if one is asked for.
    fn bodies(&self, words: &BTreeSet<String>, head: Option<&str>) -> Vec<usize> {
        let first = words.first().and_then(|w| self.words.get(w));
        let fits = |k: &usize| {
            self.names[k].iter().any(|(name, of)| words.is_subset(name) && head.is_none_or(|head| head == of))
        };
        first.into_iter().flatten().copied().filter(fits).collect()
    }

    /// The one body, apart from `but`, that a phrase's owner or office belongs to.
    pub(super) fn body_of(
        &self,
        phrase: &Phrase,
        places: &BTreeSet<&str>,
        groups: &Groups,
        but: usize,
    ) -> Option<usize> {
        let one = |words: &BTreeSet<String>| {
            only(self.bodies(words, None).into_iter().filter(|&k| groups.find(k) != but), groups)
        };
        phrase.bodies(places).iter().find_map(one)
    }
}

/// A member of the only set that the forms are in.
fn only(found: impl Iterator<Item = usize>, groups: &Groups) -> Option<usize> {
    let mut first = None;
    for k in found {
        match first {
            Some(other) if groups.find(other) != groups.find(k) => return None,
            Some(_) => {}
            None => first = Some(k),
        }
    }
    first
}

/// What is known, by incident.
pub(super) fn known(forms: &[Form<'_>]) -> BTreeMap<usize, Known> {
    let mut out: BTreeMap<usize, Known> = BTreeMap::new();
    for (k, form) in forms.iter().enumerate() {
        out.entry(form.incident).or_default().add(k, form);
    }
    out
}

/// Joins each nameless form to the one actor of its incident that its phrase means.
pub(super) fn join(forms: &[Form<'_>], known: &BTreeMap<usize, Known>, groups: &mut Groups) {
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| !f.is_named()) {
        let Some(known) = known.get(&form.incident) else { continue };
        let found = form.called.iter().find_map(|phrase| meant(phrase, k, forms, known, groups));
        if let Some((other, why)) = found {
            groups.join(other, k, why);
        }
    }
}

/// Joins a phrase to the body's name it stands beside: "Norrail, the state railway, said".
pub(super) fn join_beside(forms: &[Form<'_>], groups: &mut Groups) {
    let mut start = 0;
    for run in forms.chunk_by(|a, b| a.report == b.report) {
        for (i, phrase) in run.iter().enumerate().filter(|(_, f)| !f.is_named() && f.is_body()) {
            let beside = |named: &Form<'_>| {
                named.is_named()
                    && named.actor.mentions.iter().any(|n| {
                        phrase.actor.mentions.iter().any(|p| {
                            let after = phrase.text[p.end..].chars().next().unwrap_or('.');
                            phrase.text.get(n.end..p.start) == Some(", ") && !after.is_alphanumeric() && after != ' '
                        })
                    })
            };
            let untitled = |f: &Form<'_>| !f.is_person() || f.words.len() == 1 && f.actor.roles.is_empty();
            if let Some(k) = run.iter().position(|f| untitled(f) && beside(f)) {
                let why = format!("“{}” stands beside the name “{}”", phrase.actor.name, run[k].actor.name);
                groups.join(start + k, start + i, why);
            }
        }
        start += run.len();
    }
}

/// Whom a phrase means, and why.
fn meant(phrase: &Phrase, me: usize, forms: &[Form<'_>], known: &Known, groups: &Groups) -> Option<(usize, String)> {
    if phrase.article == Article::Possessive {
        return None;
    }
    let name = |k: usize| forms[k].actor.name.as_str();
    let mine = name(me);
    let others = |k: &usize| groups.find(*k) != groups.find(me);
    let kind_fits = |k: &usize| forms[*k].is_named() || forms[*k].is_body() == forms[me].is_body();
    let definite = matches!(phrase.article, Article::Definite | Article::Bare);
    let listed = phrase.is_body() || phrase.office().is_some() || phrase.words.len() > 2;
    if definite && listed {
        let same = known.phrases.get(&phrase.words).into_iter().flatten().copied();
        if let Some(k) = only(same.filter(others).filter(kind_fits), groups) {
            return Some((k, format!("only “{}” is called “{mine}” in reports of this", name(k))));
        }
    }
    let telling = phrase.telling();
    if phrase.may_be_a_body() && !telling.is_empty() {
        // "the railway" is not the Railway Drivers' Union; "the lawyers" may be the Collective of Lawyers.
        let head = Some(phrase.head.as_str()).filter(|head| phrase.is_body() && !phrases::is_common(head));
        let bodies = known.bodies(&telling, head).into_iter().filter(others).filter(|&k| forms[k].is_named());
        if let Some(k) = only(bodies, groups) {
            return Some((k, format!("“{mine}” fits the name “{}” alone in reports of this", name(k))));
        }
    }
    if definite && phrase.office().is_some() {
        let holders = known.offices.get(&phrase.head).into_iter().flatten().copied();
        if let Some(k) = only(holders.filter(others), groups) {
            return Some((k, format!("“{}” is the only {} in reports of this", name(k), phrase.head)));
        }
    }
    None
}
