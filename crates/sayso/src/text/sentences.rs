//! Sentences: where they end inside a block.
//!
//! A candidate is a closing mark (`. ! ? …` and their like), whatever closes around it, and white space. It ends the
//! sentence unless the word before is an abbreviation or an initial, or what follows goes on in lower case.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::span::Span;
use crate::text::tokens::is_word;

/// A longer sentence is cut: nobody writes one, and much of what is done with sentences grows with their square.
const LONGEST: usize = 500;

/// The sentences of `text` as ranges of `tokens`, in order, covering every token. `blocks` are in order too; a block's
/// end ends a sentence, and so does an empty line.
#[must_use]
pub fn sentences(text: &str, tokens: &[Span], blocks: &[Span]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for end in all_ends(text, blocks) {
        let next = start + tokens[start..].partition_point(|token| token.start < end);
        while next - start > LONGEST {
            out.push(start..start + LONGEST);
            start += LONGEST;
        }
        if next > start {
            out.push(start..next);
            start = next;
        }
    }
    out
}

/// Byte offsets just behind each sentence of the text, in order.
fn all_ends(text: &str, blocks: &[Span]) -> Vec<usize> {
    let mut borders: Vec<usize> = blocks.iter().flat_map(|block| [block.start, block.end]).collect();
    borders.extend(text.match_indices("\n\n").map(|(at, _)| at));
    borders.push(text.len());
    borders.sort_unstable();
    let mut out = Vec::new();
    let mut start = 0;
    for border in borders {
        if border > start {
            out.extend(ends(&text[start..border]).into_iter().map(|end| start + end));
            out.push(border);
            start = border;
        }
    }
    out
}

/// Byte offsets just behind each sentence of one block, the last one left out.
fn ends(block: &str) -> Vec<usize> {
    let mut out: Vec<usize> = dateline(block).into_iter().collect();
    let mut start = out.first().copied().unwrap_or(0);
    let first = start;
    let mut chars = block.char_indices().skip_while(|(at, _)| *at < first).peekable();
    while let Some((at, c)) = chars.next() {
        if !is_terminator(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        let mut strong = c != '.';
        let mut closed = false;
        while let Some(&(next, mark)) = chars.peek() {
            let more = is_terminator(mark);
            if !(more || is_closer(mark)) {
                break;
            }
            strong |= more && mark != '.';
            closed |= !more;
            end = next + mark.len_utf8();
            chars.next();
        }
        let rest = &block[end..];
        if !(rest.starts_with(char::is_whitespace) || is_full_width(c)) || rest.trim_start().is_empty() {
            continue;
        }
        let candidate = Candidate { before: &block[start..at], rest: rest.trim_start(), strong, closed };
        if is_full_width(c) || candidate.ends() {
            out.push(end);
            start = end;
        }
    }
    out
}

/// A dateline has at most so many bytes.
const LONGEST_DATELINE: usize = 100;

/// Where the dateline of a block ends, dash included: "PORT VARELA, 14 July (Oceanic) - Three boats …". It is no part of the
/// sentence behind it.
fn dateline(block: &str) -> Option<usize> {
    let blank = block.len() - block.trim_start().len();
    Some(blank + dateline_of(&block[blank..])?)
}

/// The same of a block that begins with a word.
fn dateline_of(block: &str) -> Option<usize> {
    let near = &block[..block.floor_char_boundary(LONGEST_DATELINE.min(block.len()))];
    let (at, dash) = near.char_indices().find(|(_, c)| matches!(c, '-' | '–' | '—') && !near.starts_with(*c))?;
    let (before, after) = (&near[..at], &near[at + dash.len_utf8()..]);
    // A hyphen inside a name is no dash.
    if !(before.ends_with(' ') || dash == '—') || after.is_empty() {
        return None;
    }
    let mut words = before.split(|c: char| !is_word(c)).filter(|w| !w.is_empty());
    let shouts =
        |w: &str| w.chars().count() > 2 && !w.chars().any(char::is_lowercase) && w.chars().any(char::is_uppercase);
    let opens = words.next().is_some_and(shouts) || before.trim_end().ends_with(')');
    let small = |w: &str| matches!(w, "and" | "near" | "of" | "de" | "la" | "el" | "al" | "on" | "the" | "in");
    let fits = |w: &str| w.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) || small(w);
    (opens && before.starts_with(char::is_uppercase) && words.all(fits)).then_some(at + dash.len_utf8())
}

/// A place where a sentence may end.
struct Candidate<'a> {
    /// The sentence so far, without its closing mark.
    before: &'a str,
    /// What follows, without leading white space.
    rest: &'a str,
    /// Whether a mark other than the full stop closes it.
    strong: bool,
    /// Whether a quotation mark or bracket closes behind the mark.
    closed: bool,
}

impl Candidate<'_> {
    fn ends(&self) -> bool {
        let next = self.rest.trim_start_matches(is_opener);
        let Some(first) = next.chars().next() else { return false };
        if first.is_lowercase() {
            return false;
        }
        let word = next.split(|c: char| !is_word(c)).next().unwrap_or_default();
        let opens = self.rest.len() > next.len() || is(word, Class::Opener);
        if self.strong || self.closed {
            return !(self.closed && !opens && says_who(next));
        }
        let last = last_word(self.before);
        match class(last) {
            Some(Class::Title) => false,
            Some(Class::BeforeNumber) if first.is_numeric() => false,
            Some(Class::Other) => opens,
            // "George W. Bush", "В. Петров", "U.S. officials"; and "Plan B. The council".
            _ if is_initials(last) => opens && !self.before.trim_end_matches(last).is_empty(),
            // "1. The first point": the number of a list.
            _ if last.len() <= 3 && last.bytes().all(|b| b.is_ascii_digit()) => self.before.trim() != last,
            _ => true,
        }
    }
}

/// Whether `next` begins like "Smith asked": a name and a verb of saying before any mark.
fn says_who(next: &str) -> bool {
    const SAID: &[&str] = &[
        "said",
        "says",
        "asked",
        "asks",
        "added",
        "replied",
        "wrote",
        "told",
        "shouted",
        "tweeted",
        "cried",
        "continued",
    ];
    let end = next.find(['.', ',', ';', ':', '!', '?', '\n']).unwrap_or(next.len());
    next[..end].split_whitespace().skip(1).take(3).any(|word| SAID.contains(&word))
}

/// The last word before the mark, inner stops and hyphens included: `U.S`, `Lt-Gen`, `Smith`.
fn last_word(before: &str) -> &str {
    let start = before
        .char_indices()
        .rev()
        .take(24)
        .find(|(_, c)| !(is_word(*c) || matches!(c, '.' | '-' | '\'' | '’')))
        .map_or(before.len().saturating_sub(before.chars().rev().take(24).map(char::len_utf8).sum()), |(at, c)| {
            at + c.len_utf8()
        });
    &before[start..]
}

/// `W`, `J.R.R`, `U.S`: single letters with stops between them.
fn is_initials(word: &str) -> bool {
    !word.is_empty()
        && word.split(['.', '-']).all(|part| {
            let mut letters = part.chars();
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
        })
}

fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '؟' | '۔' | '।' | '॥' | '։' | '።') || is_full_width(c)
}

/// Marks after which no white space is written.
fn is_full_width(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡')
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '}' | '」' | '』' | '）' | '“')
}

fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '‘'
            | '«'
            | '‹'
            | '„'
            | '‚'
            | '('
            | '['
            | '{'
            | '—'
            | '–'
            | '-'
            | '•'
            | '*'
            | '¿'
            | '¡'
            | '”'
    ) || c.is_whitespace()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Title,
    BeforeNumber,
    Other,
    Opener,
}

static WORDS: LazyLock<HashMap<&'static str, Vec<Class>>> = LazyLock::new(|| {
    let mut words: HashMap<_, Vec<Class>> = HashMap::new();
    let mut class = Class::Title;
    for line in include_str!("../../data/abbreviations.txt").lines() {
        if let Some(heading) = line.strip_prefix('[') {
            class = match heading {
                h if h.starts_with("never ends a sentence before") => Class::BeforeNumber,
                h if h.starts_with("never") => Class::Title,
                h if h.starts_with("may end") => Class::Other,
                _ => Class::Opener,
            };
        } else if !line.starts_with('#') {
            line.split_whitespace().for_each(|word| words.entry(word).or_default().push(class));
        }
    }
    words
});

/// What kind of abbreviation `word` is.
fn class(word: &str) -> Option<Class> {
    WORDS.get(word.to_lowercase().as_str())?.iter().copied().find(|class| *class != Class::Opener)
}

fn is(word: &str, class: Class) -> bool {
    WORDS.get(word.to_lowercase().as_str()).is_some_and(|classes| classes.contains(&class))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    fn split(text: &str, blocks: &[Span]) -> Vec<String> {
        let tokens = tokens(text);
        let found = sentences(text, &tokens, blocks);
        assert_eq!(found.iter().map(Range::len).sum::<usize>(), tokens.len());
        found.into_iter().map(|s| text[tokens[s.start].start..tokens[s.end - 1].end].to_owned()).collect()
    }

    /// Joins what was found with `|`, so that a test reads as the text with its cuts.
    fn cut(text: &str) -> String {
        split(text, &[]).join(" | ")
    }

    #[test]
    fn cuts_as_a_reader_would() {
        for expected in [
            "PORT VARELA. May 12. LAKESIDE NEWS - | Nine boats sank. | Nobody drowned.",
            "Port Varela, May 12 (Lakeside) — | Nine boats sank.",
            "Mr. Ode - the owner - denied it.",
            "The fire broke out at 6 a.m. on Friday. | Nobody was hurt, Dr. Lena Ortiz said.",
            "He met Gen. H. R. Karlsson and George W. Mbeki. | They talked for 3.5 hours.",
            "“We were asleep.” | He paused. | “Then it came.”",
            "“Was it yours?” the judge asked. | “No!” she said.",
            "“Was it yours?” Judge Amara Nwosu asked. | “No,” he said.",
            "U.S. officials denied it. | The plan came from the U.S. | The allies knew.",
            "It cost $5.2 million. | “Too much”, he said. | (Nobody agreed.) | Work began.",
            "Acme Inc. and Bolt Ltd. signed. | St. Olaf’s closed on Jan. 5 for good.",
            "Wait... what? | Yes… | He left.",
            "1. The court finds as follows. | 2. The appeal fails.",
            "«Мы не уйдём», — сказал В. П. Серов. | Власти молчат. | В г. Орске тихо.",
            "El Sr. Paz dijo que no. | ¿Por qué? | No lo explicó.",
            "قال الوزير إن الخبر غير صحيح. | هل هذا ممكن؟ | لا.",
            "首相は否定した。 | 「事実ではない」と述べた。",
            "Gen. A. B. Orlo of the U.S. Army spoke. | “We left.” | He went, at 5.30 p.m. on No. 7 St. Mary Road! | Why? | It rained.",
            "He said no",
        ] {
            let text = expected.replace(" | 「", "「").replace(" | ", " ");
            assert_eq!(cut(&text), expected);
        }
    }

    #[test]
    fn blocks_end_sentences() {
        let text = "Raid on the depot\nThe army said\nnothing";
        assert_eq!(
            split(text, &[Span::new(0, 17), Span::new(18, 39)]),
            ["Raid on the depot", "The army said\nnothing"]
        );
        assert_eq!(split("Raid on the depot\n\nThe army", &[]), ["Raid on the depot", "The army"]);
        assert_eq!(split("", &[]), Vec::<String>::new());
        assert_eq!(split(&"word ".repeat(1_200), &[]).len(), 3);
    }
}
