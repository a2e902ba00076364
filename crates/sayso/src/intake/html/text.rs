//! Text of a page with the way back: entities resolved, white space made one space, invisible characters left out.

use std::ops::Range;

use crate::intake::TextMap;

/// Text as it is collected, with its map to the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collected {
    pub(crate) text: String,
    pub(crate) map: TextMap,
    /// White space seen behind the text, not yet written: it is dropped at a block's end.
    space: Option<Range<usize>>,
}

impl Collected {
    /// Adds the characters of `raw`, which starts at byte `at` of the page.
    pub(crate) fn add(&mut self, raw: &str, at: usize) {
        let mut k = 0;
        while k < raw.len() {
            let rest = &raw[k..];
            let plain = rest.bytes().position(|b| !b.is_ascii_graphic() || b == b'&').unwrap_or(rest.len());
            if plain > 0 {
                self.flush();
                self.text.push_str(&rest[..plain]);
                self.map.copy(plain, at + k);
                k += plain;
                continue;
            }
            k += self.add_odd(rest, at + k);
        }
    }

    /// Adds what `rest` starts with: white space, an entity, a character beyond ASCII. Returns its bytes.
    fn add_odd(&mut self, rest: &str, at: usize) -> usize {
        let Some(first) = rest.chars().next() else { return 0 };
        if let Some((text, len)) = (first == '&').then(|| entity(rest)).flatten() {
            if !text.chars().all(is_invisible) {
                if text.chars().all(is_collapsible) {
                    self.add_space(at..at + len);
                } else {
                    self.flush();
                    self.map.unit(text.len(), at..at + len);
                    self.text.push_str(&text);
                }
            }
            return len;
        }
        let len = first.len_utf8();
        if is_collapsible(first) {
            let len = rest.bytes().position(|b| !is_collapsible(char::from(b))).unwrap_or(rest.len());
            self.add_space(at..at + len);
            return len;
        }
        if !is_invisible(first) {
            self.flush();
            self.text.push(first);
            self.map.copy(len, at);
        }
        len
    }

    fn add_space(&mut self, at: Range<usize>) {
        match &mut self.space {
            // White space goes on across tags, and maps to what it is made of only while that is unbroken.
            Some(space) if space.end == at.start => space.end = at.end,
            Some(_) => {}
            none => *none = Some(at),
        }
    }

    fn flush(&mut self) {
        let Some(at) = self.space.take() else { return };
        if !self.text.is_empty() {
            self.text.push(' ');
            self.map.unit(1, at);
        }
    }
}

/// White space that HTML makes one space. The no-break space is a character.
fn is_collapsible(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// Characters that nobody sees and that would cut words: soft hyphen, zero-width space and joiner, NUL.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\0')
}

/// The characters of the entity that `rest` starts with, and its length; none when the `&` is only a character.
pub(crate) fn entity(rest: &str) -> Option<(String, usize)> {
    let bytes = rest.as_bytes();
    let number = bytes.get(1) == Some(&b'#');
    let name = |b: &u8| b.is_ascii_alphanumeric() || number && *b == b'#';
    let mut end = 1 + bytes[1..].iter().take(40).take_while(|b| name(b)).count();
    let closed = bytes.get(end) == Some(&b';');
    if end < 2 {
        return None;
    }
    if closed || number {
        let len = end + usize::from(closed);
        let text = htmlize::unescape(&rest[..len]);
        if !text.starts_with('&') || rest[..len] == *"&amp;" || number && text.len() == 1 {
            return Some((text.into_owned(), len)).filter(|found| found.0 != rest[..len]);
        }
    }
    // An old name without its semicolon: the longest that is one.
    end = end.min(7);
    (3..=end).rev().find_map(|len| {
        let text = htmlize::unescape(&rest[..len]);
        (text != rest[..len] && text.chars().count() == 1).then(|| (text.into_owned(), len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn entities_with_and_without_semicolons() {
        for (raw, text, len) in [
            ("&amp;x", "&", 5),
            ("&ampx", "&", 4),
            ("&eacute;", "é", 8),
            ("&copy2025", "©", 5),
            ("&#8220;a", "“", 7),
            ("&#x201C;", "“", 8),
            ("&#150;", "–", 6),
            ("&#65 b", "A", 4),
            ("&NotEqualTilde;", "\u{2242}\u{338}", 15),
            ("&#38;", "&", 5),
        ] {
            assert_eq!(entity(raw), Some((text.to_owned(), len)), "{raw}");
        }
        for raw in ["& b", "&", "&nosuch;", "&;", "&#;", "&B&Q"] {
            assert_eq!(entity(raw), None, "{raw}");
        }
    }

    #[test]
    fn spaces_and_invisible_characters() {
        let raw = "  Ki&shy;ev \n\t &mdash;&nbsp;no\u{200b}w ";
        let mut out = Collected::default();
        out.add(raw, 100);
        assert_eq!(out.text, "Kiev —\u{a0}now");
        assert_eq!(out.map.source(Span::new(0, 4)), 102..111);
        assert_eq!(out.map.source(Span::new(4, 5)), 111..115);
        assert_eq!(out.map.len(), out.text.len());
    }
}
