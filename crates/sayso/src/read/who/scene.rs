//! The report's words, folded once, with what the rules ask of them again and again.

use std::collections::HashSet;
use std::ops::Range;

use crate::read::Document;
use crate::span::Span;

use super::lists::{Lists, fold, lemma};

/// A document with its words folded.
pub(crate) struct Scene<'a> {
    pub(crate) doc: &'a Document<'a>,
    pub(crate) lists: &'a Lists,
    /// The folded word of every token.
    pub(crate) low: Vec<String>,
    /// Whether the token stands inside quotation marks.
    pub(crate) quoted: Vec<bool>,
    /// Words that the text also writes in lower case.
    lower: HashSet<String>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(doc: &'a Document<'a>, lists: &'a Lists) -> Self {
        let count = doc.analysis.tokens.len();
        let low: Vec<String> = (0..count).map(|k| fold(doc.word(k))).collect();
        let is_lower = |k: &usize| doc.word(*k).starts_with(char::is_lowercase);
        let lower = (0..count).filter(is_lower).map(|k| low[k].clone()).collect();
        let mut scene = Self { doc, lists, low, quoted: Vec::new(), lower };
        scene.quoted = scene.inside_quotes();
        scene
    }

    pub(crate) fn len(&self) -> usize {
        self.low.len()
    }

    pub(crate) fn word(&self, k: usize) -> &'a str {
        self.doc.word(k)
    }

    pub(crate) fn low(&self, k: usize) -> &str {
        self.low.get(k).map_or("", String::as_str)
    }

    pub(crate) fn pos(&self, k: usize) -> &'static str {
        self.doc.analysis.tokens.get(k).map_or("", |t| t.pos)
    }

    /// Whether the model said anything about this token.
    pub(crate) fn tagged(&self, k: usize) -> bool {
        !matches!(self.pos(k), "X" | "")
    }

    pub(crate) fn span(&self, tokens: Range<usize>) -> Span {
        self.doc.analysis.span_of(tokens)
    }

    pub(crate) fn text(&self, tokens: Range<usize>) -> &'a str {
        self.span(tokens).of(&self.doc.report.text)
    }

    /// The characters between token `k - 1` and token `k`.
    pub(crate) fn gap(&self, k: usize) -> &'a str {
        let tokens = &self.doc.analysis.tokens;
        &self.doc.report.text[tokens[k - 1].span.end..tokens[k].span.start]
    }

    /// Whether token `k` follows the one before it within a line, with a space or nothing between.
    pub(crate) fn follows(&self, k: usize) -> bool {
        k > 0 && k < self.len() && !self.gap(k).contains('\n')
    }

    pub(crate) fn is_capital(&self, k: usize) -> bool {
        self.word(k).starts_with(|c: char| c.is_uppercase())
    }

    pub(crate) fn is_word(&self, k: usize) -> bool {
        self.word(k).starts_with(char::is_alphabetic)
    }

    /// Whether token `k` opens a possessive ending: `'s`, or the apostrophe after a plural.
    pub(crate) fn is_possessive(&self, k: usize) -> bool {
        let apostrophe = |k: usize| k > 0 && matches!(self.word(k), "'" | "’" | "ʼ") && self.gap(k).is_empty();
        if k >= self.len() || !apostrophe(k) {
            return false;
        }
        let ending = self.low(k + 1) == "s" && self.gap(k + 1).is_empty();
        let plural =
            self.low(k - 1).ends_with('s') && k + 1 < self.len() && self.gap(k + 1) == " " && self.is_word(k + 1);
        ending || (plural && !self.quoted[k])
    }

    /// Whether the text writes this token's word in lower case somewhere.
    pub(crate) fn also_lower(&self, k: usize) -> bool {
        self.lower.contains(self.low(k))
    }

    /// Whether it begins a sentence, or what stands in quotation marks or after a colon or a dash.
    pub(crate) fn opens(&self, k: usize) -> bool {
        let analysis = &self.doc.analysis;
        let first = analysis.sentences.get(analysis.sentence_of(k)).is_some_and(|s| s.start == k);
        first
            || k == 0
            || !self.follows(k)
            || !(self.word(k - 1).starts_with(char::is_alphanumeric)
                || matches!(self.word(k - 1), "," | "'" | "’" | "-" | "("))
    }

    /// Base form of a verb of saying, if token `k` is one.
    pub(crate) fn saying(&self, k: usize) -> Option<String> {
        if k >= self.len() || matches!(self.pos(k), "NOUN" | "PROPN" | "ADJ") {
            return None;
        }
        let base = lemma(self.word(k), self.lists);
        self.lists.has("speech", &base).then_some(base)
    }

    fn inside_quotes(&self) -> Vec<bool> {
        let mut inside = false;
        let mut out = Vec::with_capacity(self.len());
        for k in 0..self.len() {
            if k > 0 && self.gap(k).matches('\n').count() > 0 {
                inside = false;
            }
            match self.word(k) {
                "“" | "«" | "„" => inside = true,
                "”" | "»" => inside = false,
                "\"" => inside = !inside,
                _ => {}
            }
            out.push(inside);
        }
        out
    }
}

/// Words that never start or make up a name.
pub(crate) fn is_function_word(low: &str) -> bool {
    FUNCTION.binary_search(&low).is_ok()
}

/// Names of days and months, and words of the calendar.
pub(crate) fn is_calendar(low: &str) -> bool {
    matches!(
        low,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "jun"
            | "jul"
            | "aug"
            | "sept"
            | "sep"
            | "oct"
            | "nov"
            | "dec"
            | "ramadan"
            | "easter"
            | "christmas"
    )
}

/// Number words that stand where a determiner may stand.
pub(crate) fn is_number(low: &str) -> bool {
    low.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            low,
            "one"
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "seven"
                | "eight"
                | "nine"
                | "ten"
                | "eleven"
                | "twelve"
                | "dozens"
                | "hundreds"
                | "several"
                | "some"
                | "many"
                | "few"
                | "both"
                | "all"
                | "other"
                | "another"
        )
}

/// Sorted: looked up by binary search.
const FUNCTION: &[&str] = &[
    "a",
    "about",
    "above",
    "according",
    "across",
    "added",
    "after",
    "again",
    "against",
    "all",
    "almost",
    "along",
    "already",
    "also",
    "although",
    "always",
    "am",
    "among",
    "an",
    "and",
    "another",
    "any",
    "anybody",
    "anyone",
    "are",
    "around",
    "as",
    "asked",
    "at",
    "away",
    "back",
    "be",
    "because",
    "been",
    "before",
    "behind",
    "being",
    "below",
    "beside",
    "besides",
    "between",
    "beyond",
    "both",
    "but",
    "by",
    "can",
    "cannot",
    "could",
    "despite",
    "did",
    "do",
    "does",
    "down",
    "during",
    "each",
    "earlier",
    "either",
    "else",
    "elsewhere",
    "even",
    "every",
    "everybody",
    "everyone",
    "except",
    "far",
    "few",
    "finally",
    "first",
    "for",
    "former",
    "forty",
    "four",
    "from",
    "given",
    "had",
    "half",
    "has",
    "have",
    "he",
    "her",
    "here",
    "hers",
    "him",
    "his",
    "how",
    "however",
    "hundreds",
    "i",
    "if",
    "in",
    "including",
    "inside",
    "instead",
    "into",
    "is",
    "it",
    "its",
    "just",
    "last",
    "later",
    "least",
    "less",
    "like",
    "many",
    "meanwhile",
    "might",
    "mine",
    "more",
    "moreover",
    "most",
    "much",
    "must",
    "my",
    "near",
    "nearly",
    "neither",
    "never",
    "next",
    "no",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "now",
    "of",
    "off",
    "officially",
    "often",
    "on",
    "once",
    "one",
    "only",
    "onto",
    "or",
    "other",
    "others",
    "our",
    "out",
    "outside",
    "over",
    "own",
    "per",
    "perhaps",
    "quite",
    "rather",
    "read",
    "reporting",
    "second",
    "seven",
    "seventeen",
    "seventy",
    "several",
    "shall",
    "she",
    "should",
    "since",
    "six",
    "sixty",
    "so",
    "some",
    "somebody",
    "someone",
    "something",
    "soon",
    "speaking",
    "still",
    "such",
    "ten",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "third",
    "this",
    "those",
    "though",
    "three",
    "through",
    "thus",
    "till",
    "to",
    "today",
    "together",
    "tomorrow",
    "tonight",
    "too",
    "toward",
    "towards",
    "twelve",
    "twenty",
    "two",
    "under",
    "unless",
    "until",
    "up",
    "upon",
    "us",
    "very",
    "via",
    "was",
    "we",
    "were",
    "what",
    "whatever",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "would",
    "yes",
    "yesterday",
    "yet",
    "you",
    "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_sorted() {
        assert!(FUNCTION.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
