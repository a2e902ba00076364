//! The actors of all readings as forms to be matched, and sets of forms with the reason of every union.

use std::collections::{BTreeMap, BTreeSet};

use super::phrases;
use crate::reading::{Actor, ActorKind};
use crate::weigh::{Entry, names};

/// One actor of one reading, with what it is matched by.
pub(super) struct Form<'a> {
    pub(super) report: &'a str,
    pub(super) text: &'a str,
    pub(super) actor: &'a Actor,
    /// The number of its report's incident: phrases mean one actor only among reports of one thing.
    pub(super) incident: usize,
    /// Whether it is its report's outlet.
    pub(super) own: bool,
    /// The folded words of its name, and their sounds.
    pub(super) words: Vec<String>,
    pub(super) sounds: Vec<String>,
    pub(super) acronyms: BTreeSet<String>,
    /// The keys of its names; none when the report names it by phrases alone.
    pub(super) keys: BTreeSet<String>,
}

impl<'a> Form<'a> {
    pub(super) fn new(entry: &'a Entry, actor: &'a Actor, incident: usize) -> Self {
        let all = || std::iter::once(&actor.name).chain(&actor.aliases);
        let own = entry.report.outlet.as_deref().is_some_and(|o| names::key(o) == names::key(&actor.name));
        let named = (own || is_name(&actor.name)) && actor.kind != ActorKind::Anonymous;
        let keys = if named {
            all().filter(|f| own && **f == actor.name || is_name(f)).flat_map(|f| keys_of(f)).collect()
        } else {
            BTreeSet::new()
        };
        let words = names::words(&actor.name);
        let sounds = words.iter().map(|w| names::sound(w)).collect();
        let acronyms = all().filter(|f| names::is_acronym(f)).cloned().collect();
        Self { report: &entry.report.id, text: &entry.report.text, actor, incident, own, words, sounds, acronyms, keys }
    }

    /// People never merge with bodies by their shape.
    pub(super) fn is_person(&self) -> bool {
        self.actor.kind == ActorKind::Person
    }

    /// Whether a name is known for it.
    pub(super) fn is_named(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether it is an organisation, a group or a state's body.
    pub(super) fn is_body(&self) -> bool {
        matches!(self.actor.kind, ActorKind::Organisation | ActorKind::Government | ActorKind::ArmedGroup)
    }

    /// Every form that is a phrase and not a name, with the role words.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &'a str> {
        let actor = self.actor;
        std::iter::once(&actor.name)
            .chain(&actor.aliases)
            .filter(|f| !is_name(f) || phrases::is_generic(f))
            .chain(&actor.roles)
            .map(String::as_str)
    }
}

/// The keys of a name: itself, and without the place that follows "in".
fn keys_of(name: &str) -> Vec<String> {
    let short = name.split_once(" in ").map(|(short, _)| short).filter(|short| is_name(short));
    std::iter::once(name).chain(short).map(names::key).filter(|k| !k.is_empty()).collect()
}

/// Whether a form is a name and not a role: it has a capital that is not its first letter's alone, or is one capitalised
/// word, and says more than what kind of body or person it is.
pub(super) fn is_name(form: &str) -> bool {
    let bare = form.trim_start_matches("the ").trim_start_matches("The ");
    let words: Vec<&str> = bare.split_whitespace().collect();
    let capital = |w: &&str| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let looks = match words.len() {
        0 => false,
        1 => capital(&words[0]),
        n => words.iter().filter(|w| capital(w)).count() * 2 > n.saturating_sub(1),
    };
    let all = || words.iter().filter(|w| !matches!(**w, "of" | "for" | "the" | "and")).all(capital);
    looks && (!phrases::is_generic(bare) || names::is_acronym(bare) || words.len() > 1 && all())
}

/// Sets of forms, with the reason of every union and the pairs that must stay apart.
pub(super) struct Groups {
    parent: Vec<usize>,
    why: BTreeMap<usize, Vec<String>>,
    apart: Vec<(usize, usize)>,
}

impl Groups {
    pub(super) fn new(n: usize) -> Self {
        Self { parent: (0..n).collect(), why: BTreeMap::new(), apart: Vec::new() }
    }

    pub(super) fn find(&self, mut k: usize) -> usize {
        while self.parent[k] != k {
            k = self.parent[k];
        }
        k
    }

    /// A person decided that two forms are two actors.
    pub(super) fn keep_apart(&mut self, a: usize, b: usize) {
        self.apart.push((a, b));
    }

    /// A person decided that two forms are one actor after all.
    pub(super) fn join_decided(&mut self, a: usize, b: usize) {
        self.apart.retain(|&pair| pair != (a, b) && pair != (b, a));
        self.join(a, b, "a person decided that they are one".into());
    }

    /// Joins two sets, unless a decision keeps them apart.
    pub(super) fn join(&mut self, a: usize, b: usize, why: String) {
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
        for k in [a, b] {
            self.shorten(k, keep);
        }
        let mut reasons = self.why.remove(&gone).unwrap_or_default();
        reasons.push(why);
        self.why.entry(keep).or_default().append(&mut reasons);
    }

    fn shorten(&mut self, mut k: usize, root: usize) {
        while self.parent[k] != root && k != root {
            k = std::mem::replace(&mut self.parent[k], root);
        }
    }

    /// The reasons of a set, taken out.
    pub(super) fn reasons(&mut self, root: usize) -> Vec<String> {
        let mut why = self.why.remove(&root).unwrap_or_default();
        why.sort();
        why.dedup();
        why
    }

    /// The sets, by their first member.
    pub(super) fn sets(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut out: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for k in 0..self.parent.len() {
            out.entry(self.find(k)).or_default().push(k);
        }
        out
    }
}
