//! One token to its word pieces: uncased BERT, by greedy longest match.
//!
//! Same as `training/text.py`; `models/fixtures/golden.jsonl` holds both to it.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// Nonspacing marks: what is left of an accent after decomposition.
static MARK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Mn}+").expect("a fixed pattern"));

/// Characters that stand alone before matching: `_` and Chinese, Japanese, Korean ideographs.
fn stands_alone(c: char) -> bool {
    matches!(c, '_' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ceaf}')
}

/// Longer parts are unknown without a search.
const LONGEST: usize = 100;

/// The vocabulary.
pub(crate) struct WordPiece {
    ids: HashMap<&'static str, i32>,
    /// The same without the `##` of pieces that continue a word.
    rest: HashMap<&'static str, i32>,
    unknown: i32,
    /// Opens a window.
    pub(crate) cls: i32,
    /// Closes a window.
    pub(crate) sep: i32,
}

impl WordPiece {
    /// From a vocabulary with one piece a line, its number being its line.
    pub(crate) fn new(vocabulary: &'static str) -> Self {
        let (mut ids, mut rest) = (HashMap::with_capacity(25_000), HashMap::with_capacity(6_000));
        for (id, name) in (0..).zip(vocabulary.lines()) {
            match name.strip_prefix("##") {
                Some(name) if !name.is_empty() => rest.insert(name, id),
                _ => ids.insert(name, id),
            };
        }
        let special = |name: &str| ids.get(name).copied().unwrap_or(0);
        Self { unknown: special("[UNK]"), cls: special("[CLS]"), sep: special("[SEP]"), ids, rest }
    }

    /// The pieces of one token: 1 to `most` of them, what is longer is cut.
    pub(crate) fn pieces(&self, word: &str, most: usize) -> Vec<i32> {
        let mut out = Vec::with_capacity(2);
        if word.is_ascii() {
            self.parts(&word.to_ascii_lowercase(), &mut out);
        } else {
            let plain: String = word.nfd().collect();
            self.parts(&MARK.replace_all(&plain, "").to_lowercase(), &mut out);
        }
        out.truncate(most);
        if out.is_empty() {
            out.push(self.unknown);
        }
        out
    }

    fn parts(&self, plain: &str, out: &mut Vec<i32>) {
        let mut start = 0;
        for (at, c) in plain.char_indices().filter(|&(_, c)| stands_alone(c)) {
            let end = at + c.len_utf8();
            self.longest_match(&plain[start..at], out);
            self.longest_match(&plain[at..end], out);
            start = end;
        }
        self.longest_match(&plain[start..], out);
    }

    fn longest_match(&self, part: &str, out: &mut Vec<i32>) {
        let before = out.len();
        if part.len() > LONGEST && part.chars().count() > LONGEST {
            out.push(self.unknown);
            return;
        }
        let mut at = 0;
        while at < part.len() {
            let table = if at == 0 { &self.ids } else { &self.rest };
            let ends = part[at..].char_indices().map(|(k, c)| at + k + c.len_utf8());
            let found = ends.rev().find_map(|end| table.get(&part[at..end]).map(|&id| (id, end)));
            let Some((id, end)) = found else {
                out.truncate(before);
                out.push(self.unknown);
                return;
            };
            out.push(id);
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##aff\n##able\nunaff\n##a\ncafe\n_\n中\nss\n##\n##😀";

    #[test]
    fn greedy_longest_match_without_case_and_accents() {
        let pieces = WordPiece::new(VOCABULARY);
        assert_eq!(pieces.pieces("UNAFFABLE", 8), [7, 6]);
        assert_eq!(pieces.pieces("Café", 8), [9]);
        assert_eq!(pieces.pieces("un_un中un", 8), [4, 10, 4, 11, 4]);
        assert_eq!(pieces.pieces("unaffaaaa", 3), [7, 8, 8]);
    }

    #[test]
    fn what_cannot_be_covered_is_unknown() {
        let pieces = WordPiece::new(VOCABULARY);
        assert_eq!(pieces.pieces("unx", 8), [1]);
        assert_eq!(pieces.pieces("unx_un", 8), [1, 10, 4]);
        assert_eq!(pieces.pieces("\u{301}", 8), [1]);
        assert_eq!(pieces.pieces(&"un".repeat(60), 8), [1]);
        assert_eq!(pieces.pieces("", 8), [1]);
    }
}
