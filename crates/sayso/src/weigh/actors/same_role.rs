//! Phrases that name nobody, and whom they mean among the actors of one incident: "the police" where one police force is
//! named, "the colonel" where one colonel is, "a lawyers' collective" where one name has those words.

use std::collections::HashSet;

use super::forms::{Belongs, Called, Form, Groups};
use crate::weigh::symbols::{Lists, Symbol, is_subset};

/// What the forms of each incident are known by.
pub(super) struct Known {
    /// Bodies, by each telling word of their names.
    words: Lists,
    /// Everybody, by a phrase used for them.
    phrases: Lists,
    /// People, by an office they hold.
    offices: Lists,
}

impl Known {
    pub(super) fn new(forms: &[Form<'_>]) -> Self {
        let words = |(k, form): (usize, &Form<'_>)| {
            let words = form.bodies.iter().flat_map(|(words, _)| words);
            words.map(|&word| (form.incident, word, k)).collect::<Vec<_>>()
        };
        let phrases = |(k, form): (usize, &Form<'_>)| {
            let means_one = |p: &&Called| p.definite && (form.is_named() || p.is_body || p.office);
            form.phrases.iter().filter(means_one).map(|p| (form.incident, p.whole, k)).collect::<Vec<_>>()
        };
        let offices = |(k, form): (usize, &Form<'_>)| {
            let offices = form.phrases.iter().filter(|_| !form.is_body()).flat_map(|p| &p.offices);
            offices.map(|&office| (form.incident, office, k)).collect::<Vec<_>>()
        };
        let all = || forms.iter().enumerate();
        Self {
            words: Lists::new(all().flat_map(words)),
            phrases: Lists::new(all().flat_map(phrases)),
            offices: Lists::new(all().flat_map(offices)),
        }
    }

    /// The bodies of an incident one of whose names has all these words, and this head if one is asked for.
    fn bodies<'a>(
        &'a self,
        forms: &'a [Form<'_>],
        incident: usize,
        words: &'a [Symbol],
        head: Option<Symbol>,
    ) -> impl Iterator<Item = usize> + 'a {
        let fits =
            move |(name, of): &(Vec<Symbol>, Symbol)| is_subset(words, name) && head.is_none_or(|head| head == *of);
        self.words.rarest(incident, words.iter()).filter(move |&k| forms[k].bodies.iter().any(fits))
    }

    /// The one body, apart from the actor of the form `me`, that the owner or office of one of its phrases belongs to.
    pub(super) fn body_of(
        &self,
        forms: &[Form<'_>],
        belongs: &Belongs,
        places: &HashSet<Symbol>,
        groups: &Groups,
        me: usize,
    ) -> Option<usize> {
        belongs.iter().find_map(|(words, office)| {
            let mut words: Vec<Symbol> = words.iter().copied().filter(|w| !places.contains(w)).chain(*office).collect();
            words.sort_unstable();
            words.dedup();
            let others = |k: &usize| groups.find(*k) != groups.find(me);
            groups.only(self.bodies(forms, forms[me].incident, &words, None).filter(others))
        })
    }
}

/// Joins each nameless form to the one actor of its incident that its phrase means.
pub(super) fn join(forms: &[Form<'_>], known: &Known, groups: &mut Groups) {
    for (k, form) in forms.iter().enumerate().filter(|(_, f)| !f.is_named()) {
        let found = form.called.iter().find_map(|phrase| meant(phrase, k, forms, known, groups));
        if let Some((other, why)) = found {
            groups.join(other, k, || why);
        }
    }
}

/// Joins a phrase to the body's name it stands beside: "Norrail, the state railway, said".
pub(super) fn join_beside(forms: &[Form<'_>], groups: &mut Groups) {
    let mut start = 0;
    for run in forms.chunk_by(|a, b| a.first == b.first) {
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
                groups.join(start + k, start + i, || why);
            }
        }
        start += run.len();
    }
}

/// Whom a phrase means, and why.
fn meant(phrase: &Called, me: usize, forms: &[Form<'_>], known: &Known, groups: &Groups) -> Option<(usize, String)> {
    if phrase.possessive {
        return None;
    }
    let name = |k: usize| forms[k].actor.name.as_str();
    let (mine, incident) = (name(me), forms[me].incident);
    let others = |k: &usize| groups.find(*k) != groups.find(me);
    let kind_fits = |k: &usize| forms[*k].is_named() || forms[*k].is_body() == forms[me].is_body();
    if phrase.definite && phrase.listed {
        let same = known.phrases.get(incident, phrase.whole);
        if let Some(k) = groups.only(same.filter(others).filter(kind_fits)) {
            return Some((k, format!("only “{}” is called “{mine}” in reports of this", name(k))));
        }
    }
    if phrase.may_be_a_body {
        // "the railway" is not the Railway Drivers' Union; "the lawyers" may be the Collective of Lawyers.
        let bodies = known.bodies(forms, incident, &phrase.telling, phrase.telling_head);
        if let Some(k) = groups.only(bodies.filter(others).filter(|&k| forms[k].is_named())) {
            return Some((k, format!("“{mine}” fits the name “{}” alone in reports of this", name(k))));
        }
    }
    if phrase.definite && phrase.office {
        let holders = known.offices.get(incident, phrase.head);
        if let Some(k) = groups.only(holders.filter(others)) {
            return Some((k, format!("“{}” is the only {} in reports of this", name(k), phrase.noun)));
        }
    }
    None
}
