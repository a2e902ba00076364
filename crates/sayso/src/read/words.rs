//! The words of a report as rules see them: lower-cased, with what lies between them.
//!
//! In: a [`Document`]. Out: [`Words`], whose index is that of the document's tokens. May not happen: a span off a
//! character boundary.

use std::ops::Range;

use crate::model::Analysis;
use crate::span::Span;

use super::Document;

/// The words of one report.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    text: &'a str,
    /// The text with ASCII letters lower-cased: the same offsets.
    lower: String,
    analysis: &'a Analysis,
}

impl<'a> Words<'a> {
    pub(crate) fn new(doc: &'a Document<'_>) -> Self {
        Self { text: doc.text(), lower: doc.text().to_ascii_lowercase(), analysis: &doc.analysis }
    }

    pub(crate) fn len(&self) -> usize {
        self.analysis.tokens.len()
    }

    /// The word in lower case; empty past the end.
    pub(crate) fn get(&self, k: usize) -> &str {
        self.analysis.tokens.get(k).map_or("", |t| t.span.of(&self.lower))
    }

    /// The word before `k`, `back` steps; empty before the start.
    pub(crate) fn before(&self, k: usize, back: usize) -> &str {
        k.checked_sub(back).map_or("", |k| self.get(k))
    }

    /// The word as written.
    pub(crate) fn raw(&self, k: usize) -> &'a str {
        self.analysis.tokens.get(k).map_or("", |t| t.span.of(self.text))
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        self.analysis.span_of(start..end)
    }

    /// Whether the word begins with a capital letter.
    pub(crate) fn capital(&self, k: usize) -> bool {
        self.raw(k).starts_with(char::is_uppercase)
    }

    /// Whether nothing stands between word `k` and the next.
    pub(crate) fn glued(&self, k: usize) -> bool {
        k + 1 < self.len() && self.at(k).end == self.at(k + 1).start
    }

    /// Whether word `k` and the next stand in one paragraph: no empty line between them.
    pub(crate) fn joined(&self, k: usize) -> bool {
        k + 1 < self.len() && {
            let gap = &self.text[self.at(k).end..self.at(k + 1).start];
            gap.len() < 2 || gap.matches('\n').count() < 2
        }
    }

    /// Whether the words from `k` on are these.
    pub(crate) fn are(&self, k: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(n, w)| self.get(k + n) == *w)
    }

    fn at(&self, k: usize) -> Span {
        self.analysis.tokens[k].span
    }

    /// The part of speech; empty when the model has not run.
    pub(crate) fn pos(&self, k: usize) -> &'static str {
        self.analysis.tokens.get(k).map_or("", |t| if t.pos == "X" { "" } else { t.pos })
    }

    /// Whether a sentence or a paragraph ends with word `k`.
    pub(crate) fn stops(&self, k: usize) -> bool {
        self.sentence(k).end == k + 1 || !self.joined(k)
    }

    /// The words of the sentence that holds `k`.
    pub(crate) fn sentence(&self, k: usize) -> Range<usize> {
        self.analysis.sentences.get(self.analysis.sentence_of(k)).cloned().unwrap_or(k..k + 1)
    }
}
