//! JSON strings with the way back to their bytes.

use serde_json::value::RawValue;

use super::TextMap;

/// The string that `raw` (with its quotation marks) writes, and its map to the bytes of the text that `raw` was
/// borrowed from, where it starts at `at`. None when it is no string. A lone surrogate becomes U+FFFD.
pub(super) fn string(raw: &str, at: usize) -> Option<(String, TextMap)> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::with_capacity(inner.len());
    let mut map = TextMap::default();
    let mut k = 0;
    while k < inner.len() {
        let rest = &inner[k..];
        let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        text.push_str(&rest[..plain]);
        map.copy(plain, at + 1 + k);
        k += plain;
        if k < inner.len() {
            let (c, len) = escape(&inner[k..])?;
            text.push(c);
            map.unit(c.len_utf8(), at + 1 + k..at + 1 + k + len);
            k += len;
        }
    }
    Some((text, map))
}

/// The character of the escape that `rest` starts with, and the escape's length.
pub(super) fn escape(rest: &str) -> Option<(char, usize)> {
    let c = match rest.as_bytes().get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => return unicode(rest),
        c @ (b'"' | b'\\' | b'/') => char::from(*c),
        _ => return None,
    };
    Some((c, 2))
}

fn unicode(rest: &str) -> Option<(char, usize)> {
    let unit = |at: usize| u32::from_str_radix(rest.get(at..at + 4)?, 16).ok();
    let first = unit(2)?;
    if (0xd800..0xdc00).contains(&first)
        && rest.get(6..8) == Some("\\u")
        && let Some(second @ 0xdc00..0xe000) = unit(8)
    {
        let c = char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?;
        return Some((c, 12));
    }
    Some((char::from_u32(first).unwrap_or('\u{fffd}'), 6))
}

/// Where `raw` starts in the text that it was borrowed from.
pub(super) fn place(raw: &RawValue, of: &str) -> usize {
    raw.get().as_ptr() as usize - of.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn escapes_keep_their_places() {
        let raw = r#""a\n\u00e9\ud83d\ude42\ud83dz\"""#;
        let (text, map) = string(raw, 10).expect("a string");
        assert_eq!(text, "a\né🙂\u{fffd}z\"");
        assert_eq!(map.source(Span::new(2, 4)), 14..20);
        assert_eq!(map.source(Span::new(4, 8)), 20..32);
        assert_eq!(map.source(Span::new(0, text.len())), 11..10 + raw.len() - 1);
        assert!(string("17", 0).is_none());
    }
}
