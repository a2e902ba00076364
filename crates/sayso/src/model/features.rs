//! What word pieces lose: the shape of a token, quotation marks, paragraph starts, white space before.
//!
//! Same as `training/text.py`.

use std::sync::LazyLock;

use regex::Regex;

use crate::span::Span;

/// Decimal digits and the other digits that stand for one place (superscripts, subscripts, circled).
static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒]+$").expect("a fixed pattern"));

/// 1 lower, 2 Capital or one upper letter, 3 UPPER, 4 miXed or without case, 5 digits, 6 punctuation.
fn shape(word: &str) -> i32 {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return 6 };
    if first == '_' || first.is_alphanumeric() {
        if first.is_numeric() && DIGITS.is_match(word) {
            return 5;
        }
    } else {
        return 6;
    }
    let lower = |s: &str| s.chars().any(char::is_lowercase) && !s.chars().any(is_upper);
    if lower(word) {
        return 1;
    }
    if word.chars().any(char::is_uppercase) && !word.chars().any(|c| c.is_lowercase() || is_title(c)) {
        return if chars.next().is_some() { 3 } else { 2 };
    }
    if first.is_uppercase() && lower(&word[first.len_utf8()..]) { 2 } else { 4 }
}

fn is_upper(c: char) -> bool {
    c.is_uppercase() || is_title(c)
}

/// The digraphs that have a title case of their own.
fn is_title(c: char) -> bool {
    matches!(c, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}' | '\u{1fa8}'..='\u{1faf}' | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// One row number below 64 per token. A quotation ends with its paragraph, whatever its marks.
pub(crate) fn features(text: &str, tokens: &[Span]) -> Vec<i32> {
    let (mut inside, mut last) = (false, 0);
    let mut row = |token: &Span| {
        let gap = &text[last..token.start];
        let paragraph = last == 0 || gap.contains('\n');
        inside &= !paragraph;
        let word = token.of(text);
        let before = inside;
        match word {
            "“" | "«" | "„" => inside = true,
            "”" | "»" => inside = false,
            "\"" => inside = !inside,
            _ => {}
        }
        let quoted = before || matches!(word, "“" | "«" | "„" | "”" | "»" | "\"");
        last = token.end;
        shape(word) * 8 + i32::from(quoted) * 4 + i32::from(paragraph) * 2 + i32::from(!gap.is_empty())
    };
    tokens.iter().map(&mut row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn shapes() {
        for (word, want) in [
            ("said", 1),
            ("2nd", 1),
            ("Orlo", 2),
            ("A", 2),
            ("NATO", 3),
            ("A4", 3),
            ("McKay", 4),
            ("中", 4),
            ("12", 5),
            ("½", 4),
            ("²", 5),
            (".", 6),
            ("😀", 6),
            ("_x", 1),
            ("Ⅷ", 2),
        ] {
            assert_eq!(shape(word), want, "{word}");
        }
    }

    #[test]
    fn a_quotation_ends_with_its_paragraph() {
        let text = "He said: “Go\nNo \"x\" y";
        let quoted: Vec<bool> = features(text, &tokens(text)).iter().map(|f| f & 4 != 0).collect();
        assert_eq!(quoted, [false, false, false, true, true, false, true, true, true, false]);
        let rows = features(text, &tokens(text));
        assert_eq!((rows[0], rows[1], rows[5]), (2 * 8 + 2, 8 + 1, 2 * 8 + 2 + 1));
    }
}
