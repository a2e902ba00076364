//! Actors in the making: mentions are added, drafts are merged, each merge with its sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::model::NameKind;
use crate::reading::ActorKind;
use crate::span::Span;

use super::lists::Gender;

/// A role that somebody has: its head noun and the words before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) head: String,
    pub(crate) modifiers: Vec<String>,
}

/// One actor in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Names as written, without article and title; the first is the fullest.
    pub(crate) names: Vec<String>,
    /// The folded words of the fullest name.
    pub(crate) words: Vec<String>,
    /// Role phrases as written.
    pub(crate) phrases: Vec<String>,
    pub(crate) mentions: BTreeSet<Span>,
    pub(crate) parts: BTreeSet<Part>,
    pub(crate) kind: Option<ActorKind>,
    pub(crate) gender: Option<Gender>,
    pub(crate) plural: bool,
    /// The state whose government this is.
    pub(crate) state: Option<String>,
    /// Whether the kind is certain by words, and not the model's guess.
    pub(crate) sure: bool,
    /// What the model calls its mentions.
    pub(crate) votes: BTreeMap<NameKind, usize>,
    /// A place, or a word of nationality: an actor only where it acts.
    pub(crate) place: bool,
    /// Nationalities, religions: never an actor.
    pub(crate) people: bool,
    pub(crate) belongs_to: Option<usize>,
    pub(crate) why: Vec<String>,
    /// First token of its first mention.
    pub(crate) first: usize,
    /// Whether the report stands on it: a source, a subject, the outlet.
    pub(crate) used: bool,
}

/// All drafts, with merged ones pointing to what they became.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    all: Vec<Draft>,
    into: Vec<usize>,
}

impl Drafts {
    pub(crate) fn add(&mut self, draft: Draft) -> usize {
        self.all.push(draft);
        self.into.push(self.all.len() - 1);
        self.all.len() - 1
    }

    /// What a draft has become.
    pub(crate) fn root(&self, mut id: usize) -> usize {
        while self.into[id] != id {
            id = self.into[id];
        }
        id
    }

    pub(crate) fn get(&self, id: usize) -> &Draft {
        &self.all[self.root(id)]
    }

    pub(crate) fn edit(&mut self, id: usize) -> &mut Draft {
        let root = self.root(id);
        &mut self.all[root]
    }

    /// Makes `small` a part of `big`; `why` is a sentence.
    pub(crate) fn merge(&mut self, big: usize, small: usize, why: String) {
        let (big, small) = (self.root(big), self.root(small));
        if big == small {
            return;
        }
        self.into[small] = big;
        let gone = std::mem::take(&mut self.all[small]);
        let kept = &mut self.all[big];
        kept.mentions.extend(gone.mentions);
        kept.parts.extend(gone.parts);
        kept.names.extend(gone.names);
        kept.phrases.extend(gone.phrases);
        if gone.sure && !kept.sure {
            kept.kind = gone.kind;
        }
        kept.kind = kept.kind.or(gone.kind);
        kept.sure |= gone.sure;
        kept.people &= gone.people;
        kept.gender = kept.gender.or(gone.gender);
        kept.belongs_to = kept.belongs_to.or(gone.belongs_to);
        kept.first = kept.first.min(gone.first);
        kept.state = kept.state.take().or(gone.state);
        kept.used |= gone.used;
        kept.place &= gone.place;
        if !kept.why.contains(&why) {
            kept.why.push(why);
        }
        for other in gone.why {
            if !kept.why.contains(&other) {
                kept.why.push(other);
            }
        }
    }

    /// The drafts that were not merged away, in the order of their making.
    pub(crate) fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.all.len()).filter(|id| self.into[*id] == *id)
    }
}

/// A mention of a name that belongs to a draft, in tokens.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) tokens: Range<usize>,
    pub(crate) draft: usize,
}
