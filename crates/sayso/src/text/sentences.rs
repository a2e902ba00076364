//! Tokens to sentences, by marks, abbreviations and initials; a block's end ends a sentence.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use crate::span::Span;

/// Words after which a full stop does not end a sentence when a name or number follows.
static ABBREVIATIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/abbreviations.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// A longer sentence is cut: nobody writes one, and much of what is done with sentences grows with their square.
const LONGEST: usize = 500;

/// The sentences of `text` as ranges of `tokens`, in order, covering every token. `blocks` are in order too.
#[must_use]
pub fn sentences(text: &str, tokens: &[Span], blocks: &[Span]) -> Vec<Range<usize>> {
    let words = Words { text, tokens };
    let mut out = Vec::new();
    let (mut start, mut block) = (0, 0);
    for next in 1..=tokens.len() {
        let ends = next == tokens.len() || {
            while block < blocks.len() && blocks[block].end <= tokens[next - 1].start {
                block += 1;
            }
            let leaves = blocks.get(block).is_some_and(|b| {
                (b.end <= tokens[next].start) || (tokens[next - 1].end <= b.start && b.start <= tokens[next].start)
            });
            next - start >= LONGEST || leaves || words.end_before(start, next)
        };
        if ends {
            out.push(start..next);
            start = next;
        }
    }
    out
}

struct Words<'a> {
    text: &'a str,
    tokens: &'a [Span],
}

impl Words<'_> {
    fn word(&self, k: usize) -> &str {
        self.tokens[k].of(self.text)
    }

    fn gap(&self, next: usize) -> &str {
        &self.text[self.tokens[next - 1].end..self.tokens[next].start]
    }

    /// Whether a sentence that began at token `start` ends just before token `next`.
    fn end_before(&self, start: usize, next: usize) -> bool {
        let gap = self.gap(next);
        if gap.is_empty() {
            return false;
        }
        if gap.matches('\n').count() > 1 {
            return true;
        }
        // Back over closing marks to the mark that may end the sentence.
        let mut k = next - 1;
        while k > start && is_closing(self.word(k)) && self.gap(k).is_empty() {
            k -= 1;
        }
        let closed = k + 1 < next;
        let opens = (next..self.tokens.len()).find(|&j| !is_opening(self.word(j)));
        let upper = opens.and_then(|j| self.word(j).chars().next()).is_some_and(|c| !c.is_lowercase());
        match self.word(k) {
            "!" | "?" | "…" => upper,
            "." => upper && (closed || !self.abbreviates(start, k, opens.unwrap_or(next))),
            _ => false,
        }
    }

    /// Whether the full stop at `k` belongs to an abbreviation or an initial, and the sentence goes on with `next`.
    fn abbreviates(&self, start: usize, k: usize, next: usize) -> bool {
        if k == start || !self.gap(k).is_empty() {
            return false;
        }
        let word = self.word(k - 1);
        let follows = self.word(next).chars().next();
        if ABBREVIATIONS.contains(word) {
            return follows.is_some_and(char::is_alphanumeric);
        }
        if !self.gap(next).is_empty() && matches!(word, "No" | "no" | "Nos" | "Art" | "pp" | "p") {
            return follows.is_some_and(|c| c.is_ascii_digit());
        }
        // One upper letter: an initial ("J. Smith") or the end of "U.S." before a name.
        let mut letters = word.chars();
        let one = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
        one && !starts_sentence(self.word(next))
    }
}

/// Words with which a sentence is far likelier to start than a name is to go on.
fn starts_sentence(word: &str) -> bool {
    matches!(
        word,
        "The"
            | "A"
            | "An"
            | "He"
            | "She"
            | "It"
            | "They"
            | "We"
            | "I"
            | "In"
            | "On"
            | "At"
            | "But"
            | "And"
            | "That"
            | "This"
            | "These"
            | "Those"
            | "His"
            | "Her"
            | "Its"
            | "Their"
            | "There"
            | "When"
            | "While"
            | "If"
            | "As"
            | "For"
            | "What"
    )
}

fn is_closing(word: &str) -> bool {
    matches!(word, "\"" | "”" | "»" | "’" | "'" | ")" | "]" | "“")
}

fn is_opening(word: &str) -> bool {
    matches!(word, "\"" | "“" | "«" | "„" | "‘" | "'" | "(" | "[" | "»")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    fn split(text: &str, blocks: &[Span]) -> Vec<String> {
        let tokens = tokens(text);
        sentences(text, &tokens, blocks)
            .into_iter()
            .map(|s| text[tokens[s.start].start..tokens[s.end - 1].end].to_owned())
            .collect()
    }

    #[test]
    fn marks_abbreviations_and_initials() {
        let text = "Gen. A. B. Orlo of the U.S. Army spoke. “We left.” He went, at 5.30 p.m. on No. 7 St. Mary Road! Why? It rained.";
        assert_eq!(
            split(text, &[]),
            [
                "Gen. A. B. Orlo of the U.S. Army spoke.",
                "“We left.”",
                "He went, at 5.30 p.m. on No. 7 St. Mary Road!",
                "Why?",
                "It rained."
            ]
        );
    }

    #[test]
    fn a_block_ends_a_sentence() {
        let text = "Raid on the depot\nThe army said\nnothing";
        assert_eq!(
            split(text, &[Span::new(0, 17), Span::new(18, 39)]),
            ["Raid on the depot", "The army said\nnothing"]
        );
        assert_eq!(split("", &[]), Vec::<String>::new());
    }
}
