//! Words as numbers, for as long as somebody weighs: equal words have equal numbers.
//!
//! May not happen: an answer that depends on which number is greater; numbers are given in the order in which words come.

use std::collections::HashMap;

/// A word's number.
pub(super) type Symbol = usize;

/// Every word met so far.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    numbers: HashMap<Box<str>, Symbol>,
}

impl Symbols {
    /// The number of a word.
    pub(super) fn of(&mut self, word: &str) -> Symbol {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let next = self.numbers.len();
        self.numbers.insert(word.into(), next);
        next
    }

    /// The numbers of several words, sorted.
    pub(super) fn all<W: AsRef<str>>(&mut self, words: impl IntoIterator<Item = W>) -> Vec<Symbol> {
        let mut out: Vec<Symbol> = words.into_iter().map(|word| self.of(word.as_ref())).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The number of a word, if it was met.
    pub(super) fn get(&self, word: &str) -> Option<Symbol> {
        self.numbers.get(word).copied()
    }

    /// How many words there are: every number is less.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

/// Whether every one of `some` is among `all`; both sorted.
pub(super) fn is_subset(some: &[Symbol], all: &[Symbol]) -> bool {
    some.len() <= all.len() && some.iter().all(|symbol| all.binary_search(symbol).is_ok())
}

/// Things by a word that they have and a group that they are in.
#[derive(Debug)]
pub(super) struct Lists {
    rows: Vec<[u32; 3]>,
}

/// Half as long, as lists are sorted with every weighing.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Lists {
    /// Of the group, the word and the number of each thing.
    pub(super) fn new(rows: impl Iterator<Item = (usize, Symbol, usize)>) -> Self {
        let mut rows: Vec<_> = rows.map(|(group, word, thing)| [group, word, thing].map(short)).collect();
        rows.sort_unstable();
        rows.dedup();
        Self { rows }
    }

    /// The things of a group that have a word, in their order.
    pub(super) fn get(&self, group: usize, word: Symbol) -> impl ExactSizeIterator<Item = usize> + '_ {
        let wanted = (short(group), short(word));
        let start = self.rows.partition_point(|row| (row[0], row[1]) < wanted);
        let len = self.rows[start..].partition_point(|row| (row[0], row[1]) == wanted);
        self.rows[start..start + len].iter().map(|row| row[2] as usize)
    }

    /// Those of a group that have the rarest of these words.
    pub(super) fn rarest<'a>(
        &'a self,
        group: usize,
        words: impl Iterator<Item = &'a Symbol>,
    ) -> impl Iterator<Item = usize> + 'a {
        words.map(move |&word| self.get(group, word)).min_by_key(ExactSizeIterator::len).into_iter().flatten()
    }
}
