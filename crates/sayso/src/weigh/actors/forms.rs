//! The actors of all readings as forms to be matched, and sets of forms with the reason of every union.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use super::above::state_of;
use super::phrases::{self, Article, Phrase};
use super::same_name;
use crate::reading::{Actor, ActorKind};
use crate::report::Report;
use crate::weigh::symbols::{Symbol, Symbols};
use crate::weigh::{Entry, names};

/// What an actor of a reading is matched by, whatever the rest of the case.
#[derive(Debug)]
pub(in crate::weigh) struct Traits {
    /// Whether it is its report's outlet.
    pub(super) own: bool,
    /// The key of its name, and those of all its names.
    pub(super) key: Symbol,
    pub(super) every_key: BTreeSet<Arc<str>>,
    /// The folded words of its name and their sounds.
    pub(super) words: Vec<String>,
    pub(super) sounds: Vec<String>,
    /// The last of these words; the initials of all.
    pub(super) surname: Symbol,
    pub(super) initials: Symbol,
    /// The words in the singular, sorted.
    pub(super) singular: Vec<Symbol>,
    pub(super) acronyms: Vec<(Symbol, String)>,
    /// The keys of its names, each with whether it has several words; none when the report names it by phrases alone.
    pub(super) keys: Vec<(Symbol, bool)>,
    /// What names of the like share with it: spellings of one name, the same words in another order, short names of outlets.
    pub(super) like: [Vec<Symbol>; 3],
    /// Its names and forms taken apart as phrases.
    pub(super) called: Vec<Called>,
    /// Of these the ones that are no names, with the role words.
    pub(super) phrases: Vec<Called>,
    /// The bodies that these, and the names of several words among its other forms, may belong to.
    pub(super) bodies_above: Vec<Belongs>,
    /// For a body, the telling words and the head of each of its names.
    pub(super) bodies: Vec<(Vec<Symbol>, Symbol)>,
    /// The nouns of its phrases that tell one role from another.
    pub(super) heads: BTreeSet<String>,
    /// Whether its phrases speak of an office of a state.
    pub(super) of_state: bool,
    /// Whether it is called an official, or one of a body.
    pub(super) official: bool,
    pub(super) one_of_body: bool,
    /// The states that its names speak of.
    pub(super) states: Vec<String>,
    /// The place in its reading of the actor that the reading puts above it.
    pub(super) above: Option<usize>,
}

/// Bodies that somebody may belong to: their words, which count unless they are places, each with the word for an office.
pub(super) type Belongs = Vec<(Vec<Symbol>, Option<Symbol>)>;

/// A phrase that somebody is called by, as it is matched.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) possessive: bool,
    /// "the police", "police".
    pub(super) definite: bool,
    /// Its words as one.
    pub(super) whole: Symbol,
    pub(super) head: Symbol,
    pub(super) noun: String,
    /// The head, if it tells which body is meant.
    pub(super) telling_head: Option<Symbol>,
    pub(super) telling: Vec<Symbol>,
    /// Its words for an office.
    pub(super) offices: Vec<Symbol>,
    pub(super) office: bool,
    pub(super) is_body: bool,
    pub(super) may_be_a_body: bool,
    /// Whether it tells enough to mean the same wherever it stands.
    pub(super) listed: bool,
}

impl Called {
    fn new(phrase: &Phrase, symbols: &mut Symbols) -> Self {
        let (is_body, office) = (phrase.is_body(), phrase.office().is_some());
        let head = symbols.of(&phrase.head);
        Self {
            possessive: phrase.article == Article::Possessive,
            definite: matches!(phrase.article, Article::Definite | Article::Bare),
            whole: symbols.of(&phrase.words.join(" ")),
            head,
            noun: phrase.head.clone(),
            telling_head: (is_body && !phrases::is_common(&phrase.head)).then_some(head),
            telling: symbols.all(phrase.telling()),
            offices: phrase.words.iter().filter(|w| phrases::office(w).is_some()).map(|w| symbols.of(w)).collect(),
            office,
            is_body,
            may_be_a_body: phrase.may_be_a_body(),
            listed: is_body || office || phrase.words.len() > 2,
        }
    }
}

impl Traits {
    /// Of one actor of a report, whose reading has these actors.
    pub(in crate::weigh) fn new(report: &Report, actor: &Actor, among: &[Actor], symbols: &mut Symbols) -> Self {
        let all = || std::iter::once(&actor.name).chain(&actor.aliases);
        let key = names::key(&actor.name);
        let own = report.outlet.as_deref().is_some_and(|o| names::key(o) == key);
        let named = (own || is_name(&actor.name)) && actor.kind != ActorKind::Anonymous;
        let names_of = || all().filter(|f| own && **f == actor.name || is_name(f)).flat_map(|f| keys_of(f));
        let keys: BTreeSet<String> = if named { names_of().collect() } else { BTreeSet::new() };
        let words = names::words(&actor.name);
        let sounds: Vec<String> = words.iter().map(|w| names::sound(w)).collect();
        let generic = all().filter(|f| !is_name(f) || phrases::is_generic(f)).chain(&actor.roles);
        let phrases: Vec<Phrase> = generic.filter_map(|f| phrases::parse(f)).collect();
        let long = actor.aliases.iter().filter(|a| is_name(a) && a.contains(' ')).filter_map(|a| phrases::parse(a));
        let listed = |n: &&String| is_name(n) || phrases::parse(n).is_some_and(|p| p.is_body());
        let of_body = all().filter(|_| is_body(actor.kind)).filter(listed).filter(|n| !opens_possessive(n));
        let speaks_for =
            |p: &Phrase| p.article != Article::Possessive && (!p.plural || actor.kind == ActorKind::Person);
        let bodies_above = phrases.iter().cloned().chain(long).filter(speaks_for);
        Self {
            own,
            every_key: all().map(|n| names::key(n).into()).collect(),
            surname: symbols.of(words.last().map_or("", String::as_str)),
            initials: symbols.of(&names::initials(&actor.name)),
            singular: symbols.all(words.iter().map(|w| phrases::one(w))),
            acronyms: all().filter(|f| names::is_acronym(f)).map(|f| (symbols.of(f), f.clone())).collect(),
            like: same_name::likenesses(actor.kind, &words, &sounds).map(|keys| symbols.all(keys)),
            called: all().filter_map(|n| phrases::parse(n)).map(|p| Called::new(&p, symbols)).collect(),
            bodies_above: bodies_above.map(|p| belongs(&p, symbols)).collect(),
            bodies: of_body
                .map(|n| {
                    let head = phrases::head_of_name(n).unwrap_or_default();
                    (symbols.all(phrases::telling(n)), symbols.of(&head))
                })
                .collect(),
            heads: phrases.iter().map(|p| &p.head).filter(|h| !phrases::is_common(h)).cloned().collect(),
            of_state: phrases.iter().filter_map(Phrase::office).any(|o| o.of_state),
            official: phrases
                .iter()
                .any(|p| p.office().is_some() || p.words.iter().any(|w| phrases::is_common(w)) || p.is_body()),
            one_of_body: phrases.iter().any(|p| p.office().is_some() || phrases::is_common(&p.head)),
            phrases: phrases.iter().map(|p| Called::new(p, symbols)).collect(),
            states: all().filter(|n| is_name(n)).filter_map(|n| state_of(n)).collect(),
            above: actor.belongs_to.as_ref().and_then(|id| among.iter().position(|a| a.id == *id)),
            key: symbols.of(&key),
            keys: keys.iter().map(|key| (symbols.of(key), key.contains(' '))).collect(),
            words,
            sounds,
        }
    }
}

fn belongs(phrase: &Phrase, symbols: &mut Symbols) -> Belongs {
    let body =
        |(words, office): (BTreeSet<String>, Option<String>)| (symbols.all(words), office.map(|o| symbols.of(&o)));
    phrase.bodies().into_iter().map(body).collect()
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
    /// The place of its report's first actor among the forms.
    pub(super) first: usize,
    traits: &'a Traits,
}

impl Deref for Form<'_> {
    type Target = Traits;

    fn deref(&self) -> &Traits {
        self.traits
    }
}

impl<'a> Form<'a> {
    pub(super) fn new(entry: &'a Entry, actor: (&'a Actor, &'a Traits), incident: usize, first: usize) -> Self {
        Self { report: &entry.report.id, text: &entry.report.text, actor: actor.0, incident, first, traits: actor.1 }
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

/// Why two sets are one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// Both are called what this form is: by far the most frequent, so no words are made for each.
    Called(usize),
    /// Anything else, in words.
    Words(String),
}

/// Sets of forms, with the reason of every union and the pairs that must stay apart.
pub(super) struct Groups {
    parent: Vec<usize>,
    why: BTreeMap<usize, Vec<Reason>>,
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

    /// The first of these forms, if all are in one set.
    pub(super) fn only(&self, forms: impl Iterator<Item = usize>) -> Option<usize> {
        let mut first = None;
        for k in forms {
            match first {
                Some(other) if self.find(other) != self.find(k) => return None,
                Some(_) => {}
                None => first = Some(k),
            }
        }
        first
    }

    /// A person decided that two forms are two actors.
    pub(super) fn keep_apart(&mut self, a: usize, b: usize) {
        self.apart.push((a, b));
    }

    /// A person decided that two forms are one actor after all.
    pub(super) fn join_decided(&mut self, a: usize, b: usize) {
        self.apart.retain(|&pair| pair != (a, b) && pair != (b, a));
        self.join(a, b, || "a person decided that they are one".into());
    }

    /// Joins two sets, unless a decision keeps them apart.
    pub(super) fn join(&mut self, a: usize, b: usize, why: impl FnOnce() -> String) {
        self.unite(a, b, || Reason::Words(why()));
    }

    /// Joins the sets of two forms that are called the same.
    pub(super) fn join_of_one_name(&mut self, a: usize, b: usize) {
        self.unite(a, b, || Reason::Called(a));
    }

    fn unite(&mut self, a: usize, b: usize, why: impl FnOnce() -> Reason) {
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
        reasons.push(why());
        self.why.entry(keep).or_default().append(&mut reasons);
    }

    fn shorten(&mut self, mut k: usize, root: usize) {
        while self.parent[k] != root && k != root {
            k = std::mem::replace(&mut self.parent[k], root);
        }
    }

    /// The reasons of a set, taken out.
    pub(super) fn reasons(&mut self, root: usize, forms: &[Form<'_>]) -> Vec<String> {
        let mut why = self.why.remove(&root).unwrap_or_default();
        why.sort();
        why.dedup();
        let words = |why| match why {
            Reason::Called(k) => format!("both reports call it “{}”", forms[k].actor.name),
            Reason::Words(words) => words,
        };
        let mut words: Vec<String> = why.into_iter().map(words).collect();
        words.sort();
        words.dedup();
        words
    }

    /// The sets, each by its least member, in their order.
    pub(super) fn sets(&self) -> Vec<(usize, Vec<usize>)> {
        let mut place = vec![usize::MAX; self.parent.len()];
        let mut out: Vec<(usize, Vec<usize>)> = Vec::new();
        for k in 0..self.parent.len() {
            let root = self.find(k);
            if place[root] == usize::MAX {
                place[root] = out.len();
                out.push((root, Vec::new()));
            }
            out[place[root]].1.push(k);
        }
        out
    }
}
