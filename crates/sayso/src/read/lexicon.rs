//! Word lists: files of labelled patterns that are searched for in a stretch of text.
//!
//! In: a file of lines `label<TAB>pattern`, and a text. Out: every match with its label and span. A pattern is a
//! regular expression over the words as written (letter case is ignored, a word boundary is assumed at the ends
//! that `^` or `$` does not fix);
//! a line `{name}<TAB>pattern` names a part that later lines may use; `#` opens a comment. May not happen: a search
//! that takes more than time linear in the text.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use crate::span::Span;

/// A file of labelled patterns, ready to be searched with.
///
/// Most patterns have letters without which they cannot match. One automaton finds the letters of all patterns in one
/// pass; only the patterns whose letters are there are tried.
#[derive(Debug)]
pub(crate) struct Lexicon {
    labels: Vec<String>,
    /// Each pattern, and what it compiles to once it is needed.
    patterns: Vec<(String, OnceLock<Option<Regex>>)>,
    keys: AhoCorasick,
    /// For each key of the automaton the pattern it stands for.
    owners: Vec<Owner>,
    /// Patterns without such letters.
    keyless: Vec<usize>,
}

/// A pattern that a key stands for.
#[derive(Debug, Clone, Copy)]
struct Owner {
    pattern: usize,
    /// Whether the key counts only where a word begins.
    opens: bool,
}

/// Words that a lexicon knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match<'a> {
    /// The label of the pattern.
    pub label: &'a str,
    /// The words.
    pub span: Span,
    /// The pattern's place in the file: earlier lines win.
    pub line: usize,
}

impl Lexicon {
    /// Reads a file that is shipped with the program.
    ///
    /// # Panics
    /// When a line is not `label<TAB>pattern` or its pattern is not a regular expression: such a file is a defect.
    pub(crate) fn parse(file: &str) -> Self {
        let mut parts: Vec<(String, String)> = Vec::new();
        let (mut labels, mut sources) = (Vec::new(), Vec::new());
        for line in file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (label, pattern) = line.split_once('\t').unwrap_or_else(|| panic!("no tab in {line:?}"));
            let pattern = parts.iter().fold(ascii(pattern.trim()), |p, (name, part)| p.replace(name, part));
            if label.starts_with('{') {
                parts.push((label.to_owned(), format!("(?:{pattern})")));
            } else {
                labels.push(label.to_owned());
                let before = if pattern.contains('^') { "" } else { r"(?-u:\b)" };
                let after = if pattern.contains('$') { "" } else { r"(?-u:\b)" };
                sources.push(format!("{before}(?:{pattern}){after}"));
            }
        }
        Self::new(labels, sources)
    }

    fn new(labels: Vec<String>, sources: Vec<String>) -> Self {
        let (mut words, mut owners, mut keyless) = (Vec::new(), Vec::new(), Vec::new());
        for (pattern, source) in sources.iter().enumerate() {
            let hir = regex_syntax::parse(source).unwrap_or_else(|e| panic!("{e}"));
            match keys(&hir) {
                Some((opens, letters)) => {
                    owners.extend(letters.iter().map(|_| Owner { pattern, opens }));
                    words.extend(letters);
                }
                None => keyless.push(pattern),
            }
        }
        let builder =
            AhoCorasickBuilder::new().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(words);
        let keys = builder.unwrap_or_else(|e| panic!("{e}"));
        let patterns = sources.into_iter().map(|source| (source, OnceLock::new())).collect();
        Self { labels, patterns, keys, owners, keyless }
    }

    /// The patterns that may match in `words`, in the order of the file.
    fn candidates(&self, words: &str) -> Vec<usize> {
        let mut out = self.keyless.clone();
        for found in self.keys.find_overlapping_iter(words) {
            let Owner { pattern, opens } = self.owners[found.pattern().as_usize()];
            let before = found.start().checked_sub(1).map(|at| words.as_bytes()[at]);
            if !opens || !before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_') {
                out.push(pattern);
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Every match within `span` of `text`, in the order of the file, then of the text.
    pub(crate) fn find<'a>(&'a self, text: &str, span: Span) -> Vec<Match<'a>> {
        let words = span.of(text);
        let mut out = Vec::new();
        for line in self.candidates(words) {
            for found in self.pattern(line).iter().flat_map(|p| p.find_iter(words)).filter(|m| !m.is_empty()) {
                let span = Span::new(span.start + found.start(), span.start + found.end());
                out.push(Match { label: &self.labels[line], span, line });
            }
        }
        out
    }

    /// The pattern of a line: it compiles, since it could be parsed.
    fn pattern(&self, line: usize) -> Option<&Regex> {
        let (source, regex) = &self.patterns[line];
        regex.get_or_init(|| RegexBuilder::new(source).case_insensitive(true).build().ok()).as_ref()
    }

    /// The first match in the order of the file that `keep` accepts.
    pub(crate) fn first<'a>(&'a self, text: &str, span: Span, keep: impl Fn(&Match<'a>) -> bool) -> Option<Match<'a>> {
        self.find(text, span).into_iter().find(keep)
    }
}

/// Letters one of which every match of a pattern begins with (`true`) or ends with: the longer ones. Nothing when it can
/// begin and end with anything.
fn keys(pattern: &Hir) -> Option<(bool, Vec<Vec<u8>>)> {
    let of = |kind: ExtractKind| {
        let found = Extractor::new().kind(kind).extract(pattern);
        let shortest = found.min_literal_len().filter(|n| *n > 0)?;
        let letters = found.literals()?.iter().map(|l| l.as_bytes().to_ascii_lowercase()).collect::<Vec<_>>();
        Some((shortest, letters))
    };
    match (of(ExtractKind::Prefix), of(ExtractKind::Suffix)) {
        (Some(first), Some(last)) if first.0 >= last.0 => Some((true, first.1)),
        (Some(first), None) => Some((true, first.1)),
        (_, Some(last)) => Some((false, last.1)),
        (None, None) => None,
    }
}

/// The same pattern with ASCII letters, digits and boundaries: the words listed are English, and the search is several
/// times faster to build and to run.
fn ascii(pattern: &str) -> String {
    let pattern = pattern.replace(r"\S", r"[^ \n]").replace(r"\b", r"(?-u:\b)");
    pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\W", "[^0-9A-Za-z_]")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file, on texts that hold many of its words: what is found is what each pattern finds by itself.
    #[test]
    fn finds_what_every_pattern_finds() {
        let files = [
            include_str!("../../data/acts.tsv"),
            include_str!("../../data/checks.tsv"),
            include_str!("../../data/hedges.tsv"),
            include_str!("../../data/evidence.tsv"),
            include_str!("../../data/methods.tsv"),
            include_str!("../../data/negations.tsv"),
        ];
        let texts = [
            include_str!("../../tests/gold/flood-factcheck.txt"),
            include_str!("../../tests/gold/raid-blog.txt"),
            include_str!("../../tests/gold/lab-reprint.txt"),
        ];
        for file in files {
            let lexicon = Lexicon::parse(file);
            assert!(lexicon.keyless.len() < 6, "{:?}", lexicon.keyless);
            for line in texts.iter().flat_map(|t| t.lines()) {
                let all = 0..lexicon.patterns.len();
                let matches = |k: &usize| lexicon.pattern(*k).is_some_and(|p| p.find_iter(line).any(|m| !m.is_empty()));
                let wanted: Vec<usize> = all.filter(matches).collect();
                let mut found: Vec<usize> =
                    lexicon.find(line, Span::new(0, line.len())).iter().map(|m| m.line).collect();
                found.dedup();
                assert_eq!(found, wanted, "{line}");
            }
        }
    }
}

/// Documents made by hand for the tests of the questions: tokens and sentences by rule, no parse, no names.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::model::{Analysis, Token};
    use crate::read::Document;
    use crate::reading::{Attribution, Kind};
    use crate::report::Report;

    pub(crate) fn report(text: &str) -> Report {
        Report { text: text.to_owned(), outlet: Some("Harbour Wire".to_owned()), ..Report::default() }
    }

    #[allow(clippy::unwrap_used)]
    pub(crate) fn document(report: &Report) -> Document<'_> {
        let words = Regex::new(r"\w+|[^\w\s]").unwrap();
        let tokens: Vec<Token> = words
            .find_iter(&report.text)
            .map(|m| Token { span: m.range().into(), pos: "X", head: None, relation: "dep" })
            .collect();
        let mut sentences = Vec::new();
        let mut start = 0;
        for (k, token) in tokens.iter().enumerate() {
            let rest = &report.text[token.span.end..];
            let stop = [".", "!", "?"].contains(&token.span.of(&report.text));
            let more = rest.trim_start_matches(['"', '”', '’']).starts_with(char::is_whitespace);
            let quote = rest.starts_with(['"', '”']);
            if (stop && more && !quote) || rest.starts_with('\n') || k + 1 == tokens.len() {
                sentences.push(start..k + 1);
                start = k + 1;
            }
        }
        Document { report, analysis: Analysis { tokens, sentences, names: Vec::new() } }
    }

    #[allow(clippy::unwrap_used)]
    pub(crate) fn span(text: &str, words: &str) -> Span {
        let start = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in {text:?}"));
        Span::new(start, start + words.len())
    }

    /// An attribution whose parts are given by their words; empty words give no span.
    pub(crate) fn attribution(text: &str, source: &str, cue: &str, content: &str) -> Attribution {
        let spans = |words: &str| if words.is_empty() { Vec::new() } else { vec![span(text, words)] };
        Attribution {
            source: spans(source),
            cue: spans(cue),
            content: spans(content),
            kind: if cue.is_empty() { Kind::Voice } else { Kind::Indirect },
            confidence: 1.0,
            rule: "by hand".to_owned(),
            ..Attribution::default()
        }
    }
}
