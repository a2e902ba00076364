//! Places in a text: [`Span`] (bytes, end exclusive) and [`CodePoints`] (bytes to code points and back).

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A stretch of a report's text: byte offsets, end exclusive, both on character boundaries.
///
/// Inside the program offsets are bytes; in JSON they are Unicode code points. [`CodePoints`]
/// converts at the border. Serialises as the pair `[start, end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "[usize; 2]", into = "[usize; 2]")]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end`.
    ///
    /// # Panics
    /// When `end` is before `start`: such a span is a defect of the caller.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "a span ends ({end}) before it starts ({start})");
        Self { start, end }
    }

    /// The words this span covers in `text`.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span without the white space at its ends.
    #[must_use]
    pub fn trim(self, text: &str) -> Self {
        let words = self.of(text);
        let start = self.start + (words.len() - words.trim_start().len());
        Self { start, end: start + words.trim().len() }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl From<[usize; 2]> for Span {
    fn from([start, end]: [usize; 2]) -> Self {
        Self { start, end: end.max(start) }
    }
}

impl From<Span> for [usize; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

/// Byte offsets of a text to code-point offsets and back, in logarithmic time.
#[derive(Debug, Clone)]
pub struct CodePoints {
    /// `(byte, code point)` just after each character that is longer than one byte.
    steps: Vec<(usize, usize)>,
}

impl CodePoints {
    /// Indexes `text` once; linear in its length.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut steps = Vec::new();
        if !text.is_ascii() {
            for (point, (byte, c)) in text.char_indices().enumerate() {
                if c.len_utf8() > 1 {
                    steps.push((byte + c.len_utf8(), point + 1));
                }
            }
        }
        Self { steps }
    }

    /// The code-point offset of a byte offset. A byte inside a character counts as its end.
    #[must_use]
    pub fn point(&self, byte: usize) -> usize {
        match self.steps.partition_point(|step| step.0 <= byte) {
            0 => byte,
            k => self.steps[k - 1].1 + (byte - self.steps[k - 1].0),
        }
    }

    /// The byte offset of a code-point offset.
    #[must_use]
    pub fn byte(&self, point: usize) -> usize {
        match self.steps.partition_point(|step| step.1 <= point) {
            0 => point,
            k => self.steps[k - 1].0 + (point - self.steps[k - 1].1),
        }
    }

    /// A span of bytes as a span of code points.
    #[must_use]
    pub fn span(&self, bytes: Span) -> Span {
        Span { start: self.point(bytes.start), end: self.point(bytes.end) }
    }

    /// A span of code points as a span of bytes.
    #[must_use]
    pub fn bytes(&self, points: Span) -> Span {
        Span { start: self.byte(points.start), end: self.byte(points.end) }
    }
}
