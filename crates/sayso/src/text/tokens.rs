//! Tokens: what Python's regular expression `\w+|[^\w\s]` finds, with Python's idea of Unicode.
//!
//! Training, scoring and reading count in these tokens, so they must agree with Python to the character:
//! `\w` is `str.isalnum()` or `_`, `\s` is `str.isspace()`. Combining marks are tokens of their own.

use unicode_normalization::char::is_combining_mark;

use crate::span::Span;

/// The tokens of `text`, in order (spans in bytes). Whatever lies between two tokens is white space.
#[must_use]
pub fn tokens(text: &str) -> Vec<Span> {
    let mut out = Vec::with_capacity(text.len() / 5);
    let mut word: Option<usize> = None;
    for (at, c) in text.char_indices() {
        if is_word(c) {
            word.get_or_insert(at);
            continue;
        }
        if let Some(start) = word.take() {
            out.push(Span::new(start, at));
        }
        if !is_space(c) {
            out.push(Span::new(at, at + c.len_utf8()));
        }
    }
    if let Some(start) = word {
        out.push(Span::new(start, text.len()));
    }
    out
}

/// Python's `\w`: categories L and N, and the underscore.
pub(super) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    // Rust's "alphabetic" has, over category L, the marks and the circled and squared letters.
    c.is_alphanumeric() && !is_combining_mark(c) && !is_enclosed_letter(c)
}

/// Python's `\s`: white space and the four ASCII information separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// Symbols (category So) that count as alphabetic.
fn is_enclosed_letter(c: char) -> bool {
    matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn words_and_marks_as_python_cuts_them() {
        assert_eq!(
            words("“It’s 3,000,” s_he said…"),
            ["“", "It", "’", "s", "3", ",", "000", ",", "”", "s_he", "said", "…"]
        );
        assert_eq!(words("U.S. café\u{a0}№5"), ["U", ".", "S", ".", "café", "№", "5"]);
        assert_eq!(words("cafe\u{301}s"), ["cafe", "\u{301}", "s"], "a combining mark is no word character in Python");
        assert_eq!(words("हिन्दी"), ["ह", "ि", "न", "्", "द", "ी"]);
        assert_eq!(words("x²½Ⅷ㈠ⒶB"), ["x²½Ⅷ㈠", "Ⓐ", "B"]);
        assert_eq!(words("a\u{1c}b\u{85}c\u{200b}d"), ["a", "b", "c", "\u{200b}", "d"]);
        assert_eq!(words(""), [""; 0]);
    }
}
