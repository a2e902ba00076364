//! Text to tokens: runs of letters, digits and `_`, or one other character that is not white space.

use std::sync::LazyLock;

use regex::Regex;

use crate::span::Span;

/// Python's `\w+|[^\w\s]`, which the model was trained on and scorers count in. Rust's own `\w` also takes
/// combining marks.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s\x1c-\x1f]").expect("a fixed pattern"));

/// The tokens of `text`, in order.
#[must_use]
pub fn tokens(text: &str) -> Vec<Span> {
    TOKEN.find_iter(text).map(|found| found.range().into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_single_marks() {
        let text = "It’s 3.5\u{a0}m, “he_said”\u{1f}e\u{301}a½";
        let words: Vec<&str> = tokens(text).iter().map(|t| t.of(text)).collect();
        assert_eq!(words, ["It", "’", "s", "3", ".", "5", "m", ",", "“", "he_said", "”", "e", "\u{301}", "a½"]);
    }
}
