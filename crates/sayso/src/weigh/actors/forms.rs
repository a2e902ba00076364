//! The actors of all readings as forms to be matched, and sets of forms with the reason of every union.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use super::above::state_of;
use super::phrases::{self, Phrase};
use crate::reading::{Actor, ActorKind};
use crate::report::Report;
use crate::weigh::{Entry, names};

/// What an actor of a reading is matched by, whatever the rest of the case.
#[derive(Debug)]
pub(in crate::weigh) struct Traits {
    /// Whether it is its report's outlet.
    pub(super) own: bool,
    /// The key of its name, and those of all its names.
    pub(super) key: String,
    pub(super) every_key: BTreeSet<String>,
    /// The folded words of its name, their sounds and initials, and the words in the singular.
    pub(super) words: Vec<String>,
    pub(super) sounds: Vec<String>,
    pub(super) initials: String,
    pub(super) singular: BTreeSet<String>,
    pub(super) acronyms: BTreeSet<String>,
    /// The keys of its names; none when the report names it by phrases alone.
    pub(super) keys: BTreeSet<String>,
    /// Its names and forms taken apart as phrases.
    pub(super) called: Vec<Phrase>,
    /// Of these the ones that are no names, with the role words.
    pub(super) phrases: Vec<Phrase>,
    /// The same with the names of several words among its other forms.
    pub(super) roles: Vec<Phrase>,
    /// For a body, the telling words and the head of each of its names.
    pub(super) bodies: Vec<(BTreeSet<String>, String)>,
    /// The states that its names speak of.
    pub(super) states: Vec<String>,
}

impl Traits {
    /// Of one actor of a report.
    pub(in crate::weigh) fn new(report: &Report, actor: &Actor) -> Self {
        let all = || std::iter::once(&actor.name).chain(&actor.aliases);
        let key = names::key(&actor.name);
        let own = report.outlet.as_deref().is_some_and(|o| names::key(o) == key);
        let named = (own || is_name(&actor.name)) && actor.kind != ActorKind::Anonymous;
        let keys = if named {
            all().filter(|f| own && **f == actor.name || is_name(f)).flat_map(|f| keys_of(f)).collect()
        } else {
            BTreeSet::new()
        };
        let words = names::words(&actor.name);
        let generic = all().filter(|f| !is_name(f) || phrases::is_generic(f)).chain(&actor.roles);
        let phrases: Vec<Phrase> = generic.filter_map(|f| phrases::parse(f)).collect();
        let long = actor.aliases.iter().filter(|a| is_name(a) && a.contains(' ')).filter_map(|a| phrases::parse(a));
        let listed = |n: &&String| is_name(n) || phrases::parse(n).is_some_and(|p| p.is_body());
        let of_body = all().filter(|_| is_body(actor.kind)).filter(listed).filter(|n| !opens_possessive(n));
        Self {
            own,
            every_key: all().map(|n| names::key(n)).collect(),
            sounds: words.iter().map(|w| names::sound(w)).collect(),
            initials: names::initials(&actor.name),
            singular: words.iter().map(|w| phrases::one(w)).collect(),
            acronyms: all().filter(|f| names::is_acronym(f)).cloned().collect(),
            called: all().filter_map(|n| phrases::parse(n)).collect(),
            roles: phrases.iter().cloned().chain(long).collect(),
            phrases,
            bodies: of_body.map(|n| (phrases::telling(n), phrases::head_of_name(n).unwrap_or_default())).collect(),
            states: all().filter(|n| is_name(n)).filter_map(|n| state_of(n)).collect(),
            key,
            keys,
            words,
        }
    }
}

fn opens_possessive(name: &str) -> bool {
    phrases::parse(name).is_some_and(|p| p.article == phrases::Article::Possessive)
}

fn is_body(kind: ActorKind) -> bool {
    matches!(kind, ActorKind::Organisation | ActorKind::Government | ActorKind::ArmedGroup)
}

/// One actor of one reading, with its traits.
pub(super) struct Form<'a> {
    pub(super) report: &'a str,
    pub(super) text: &'a str,
    pub(super) actor: &'a Actor,
    /// The number of its report's incident: phrases mean one actor only among reports of one thing.
    pub(super) incident: usize,
    traits: &'a Traits,
}

impl Deref for Form<'_> {
    type Target = Traits;

    fn deref(&self) -> &Traits {
        self.traits
    }
}

impl<'a> Form<'a> {
    pub(super) fn new(entry: &'a Entry, actor: &'a Actor, traits: &'a Traits, incident: usize) -> Self {
        Self { report: &entry.report.id, text: &entry.report.text, actor, incident, traits }
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
        is_body(self.actor.kind)
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
