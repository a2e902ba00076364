//! The patterns of events: `data/events.tsv`, with the kinds of words of `data/event_words.tsv`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::read::words::Words;

/// Where a kind of word must stand, seen from the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
    Around,
    Nowhere,
}

/// How far to look before, after and around a trigger, in words.
const BEFORE: usize = 12;
const AFTER: usize = 8;
const AROUND: usize = 24;

/// One line of `events.tsv`.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) trigger: &'static str,
    /// Alternatives for every word after the first.
    rest: Vec<Vec<&'static str>>,
    nearby: Vec<(Side, u64)>,
    pub(super) kind: &'static str,
    pub(super) plover: &'static str,
}

/// Words by their whole form and by how they begin.
#[derive(Debug, Default)]
struct Forms<T> {
    whole: HashMap<&'static str, T>,
    begins: HashMap<&'static str, T>,
    /// The length of the longest beginning, in bytes: looking further would read a long word over and over.
    longest: usize,
}

impl<T: Default> Forms<T> {
    fn entry(&mut self, form: &'static str) -> &mut T {
        match form.strip_suffix('*') {
            Some(stem) => {
                self.longest = self.longest.max(stem.len());
                self.begins.entry(stem).or_default()
            }
            None => self.whole.entry(form).or_default(),
        }
    }

    /// What is kept under the word or a beginning of it.
    fn of<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a T> {
        let lengths = (1..=word.len().min(self.longest)).filter(|n| word.is_char_boundary(*n));
        let begins = lengths.filter_map(|n| self.begins.get(&word[..n]));
        self.whole.get(word).into_iter().chain(begins)
    }
}

pub(super) struct Lexicon {
    rows: Vec<Row>,
    triggers: Forms<Vec<usize>>,
    kinds: Forms<u64>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut names: Vec<&str> = Vec::new();
    let mut kinds: Forms<u64> = Forms::default();
    for fields in lines(include_str!("../../../data/event_words.tsv")) {
        let bit = 1_u64 << names.len();
        names.push(fields[0]);
        for form in fields.get(1).unwrap_or(&"").split_whitespace() {
            *kinds.entry(form) |= bit;
        }
    }
    let mut lexicon = Lexicon { rows: Vec::new(), triggers: Forms::default(), kinds };
    for fields in lines(include_str!("../../../data/events.tsv")).filter(|f| f.len() > 2) {
        let mut slots = fields[0].split_whitespace().map(|slot| slot.split('|').collect::<Vec<_>>());
        for form in slots.next().unwrap_or_default() {
            lexicon.triggers.entry(form).push(lexicon.rows.len());
        }
        lexicon.rows.push(Row {
            trigger: fields[0],
            rest: slots.collect(),
            nearby: fields[1].split_whitespace().filter_map(|near| nearby(near, &names)).collect(),
            kind: fields[2].trim_matches(['(', ')']),
            plover: fields.get(3).unwrap_or(&"").trim(),
        });
    }
    lexicon
});

fn lines(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(|l| l.split('\t').collect())
}

/// A condition such as `>weapon`; one on a kind that is not there can never hold.
fn nearby(near: &str, names: &[&str]) -> Option<(Side, u64)> {
    let side = match near.chars().next()? {
        '<' => Side::Before,
        '>' => Side::After,
        '~' => Side::Around,
        '!' => Side::Nowhere,
        _ => return None,
    };
    let bit = names.iter().position(|n| *n == &near[1..]).map_or(0, |n| 1_u64 << n);
    Some((side, bit))
}

fn fits(form: &str, word: &str) -> bool {
    form.strip_suffix('*').map_or(form == word, |stem| word.starts_with(stem))
}

impl Lexicon {
    /// The kinds a word is of, one bit each.
    pub(super) fn kinds(&self, word: &str) -> u64 {
        self.kinds.of(word).fold(0, |all, bits| all | bits)
    }

    /// The first row whose trigger begins at `k`, and one past the trigger.
    pub(super) fn row(
        &self,
        words: &Words<'_>,
        masks: &[u64],
        sentence: &Range<usize>,
        k: usize,
    ) -> Option<(&Row, usize)> {
        let mut candidates: Vec<usize> = self.triggers.of(words.get(k)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.into_iter().find_map(|n| {
            let row = &self.rows[n];
            let end = row.end(words, sentence, k)?;
            row.holds(masks, sentence, k, end).then_some((row, end))
        })
    }
}

impl Row {
    /// One past the trigger, if all its words are there. A hyphen may join them.
    fn end(&self, words: &Words<'_>, sentence: &Range<usize>, k: usize) -> Option<usize> {
        let mut end = k + 1;
        for forms in &self.rest {
            end += usize::from(words.get(end) == "-");
            if end >= sentence.end || !forms.iter().any(|form| fits(form, words.get(end))) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    fn holds(&self, masks: &[u64], sentence: &Range<usize>, k: usize, end: usize) -> bool {
        let any = |range: Range<usize>, bit: u64| {
            masks[range.start.max(sentence.start)..range.end.min(sentence.end)].iter().any(|m| m & bit != 0)
        };
        self.nearby.iter().all(|&(side, bit)| match side {
            Side::Before => any(k.saturating_sub(BEFORE)..k, bit),
            Side::After => any(end..end + AFTER, bit),
            Side::Around => any(k.saturating_sub(AROUND)..k, bit) || any(end..end + AROUND, bit),
            Side::Nowhere => !any(k.saturating_sub(AROUND)..end + AROUND, bit),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_names_a_kind_and_every_type_is_known() {
        for row in &LEXICON.rows {
            assert!(row.nearby.iter().all(|n| n.1 != 0), "{}: a kind of word that event_words.tsv lacks", row.trigger);
            let own =
                matches!(row.kind, "Natural disaster" | "Accident" | "Organised crime" | "Diplomacy" | "Attribution");
            assert!(
                own || super::super::ACLED.iter().any(|a| a.0 == row.kind),
                "{}: unknown type {}",
                row.trigger,
                row.kind
            );
        }
        let kinds = lines(include_str!("../../../data/event_words.tsv")).count();
        assert!(kinds <= 64, "one bit a kind: {kinds}");
    }
}
