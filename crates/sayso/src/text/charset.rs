//! Bytes to characters: which character set, and where each character came from.
//!
//! The order of belief: byte order mark, valid UTF-8 with letters beyond ASCII, UTF-16 by its NUL bytes, what the
//! transport or the document declares, mostly valid UTF-8, what the bytes look like (chardetng).

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::intake::TextMap;
use crate::notice::{Code, Notice};

/// How far into a document a declaration of its charset is looked for.
const DECLARED_WITHIN: usize = 4_096;
/// How much of a document the guess looks at.
const GUESSED_FROM: usize = 1 << 20;

/// Decoded text with the way back to its bytes.
#[derive(Debug, Clone)]
pub struct Decoded<'a> {
    /// The characters. Bytes that fit no character are U+FFFD.
    pub text: Cow<'a, str>,
    /// From `text` to the bytes.
    pub map: TextMap,
    /// The character set that was found.
    pub encoding: &'static Encoding,
    /// How many U+FFFD stand for bytes that do not fit.
    pub replaced: usize,
}

impl Decoded<'_> {
    /// A notice when some bytes did not fit.
    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        (self.replaced > 0).then(|| {
            let (n, name) = (self.replaced, self.encoding.name());
            let places = if n == 1 { "In one place" } else { "In several places" };
            Notice::new(Code::Charset, format!("{places} ({n}) the bytes are no {name}; they were replaced by U+FFFD."))
        })
    }
}

/// Decodes `bytes`. `content_type` is the transport's header, such as `text/html; charset=koi8-r`.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let (encoding, bom) = find(bytes, content_type);
    if encoding == UTF_8 {
        utf8(bytes, bom)
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        utf16(bytes, bom, encoding)
    } else if encoding.is_single_byte() {
        single_byte(bytes, encoding)
    } else {
        multi_byte(bytes, encoding)
    }
}

/// The encoding of `bytes`, and the length of their byte order mark.
fn find(bytes: &[u8], content_type: Option<&str>) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(bytes) {
        return found;
    }
    let (valid, broken) = utf8_sequences(bytes);
    if valid > 0 && broken == 0 {
        return (UTF_8, 0);
    }
    if let Some(encoding) = utf16_by_nul_bytes(bytes) {
        return (encoding, 0);
    }
    let declared =
        content_type.and_then(charset_label).or_else(|| declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]));
    let found = match declared {
        _ if broken == 0 && declared.is_none_or(Encoding::is_ascii_compatible) => UTF_8,
        Some(encoding) if encoding != UTF_8 => encoding,
        _ if valid >= 4 * broken => UTF_8,
        _ => guess(bytes),
    };
    (found, 0)
}

/// How many sequences of several bytes are UTF-8, and how many stretches of bytes are not.
fn utf8_sequences(bytes: &[u8]) -> (usize, usize) {
    let (mut valid, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_ascii() {
            valid += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        }
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (valid, broken)
}

/// UTF-16 without a byte order mark: text in it has NUL bytes, or the same high byte, at every other place.
fn utf16_by_nul_bytes(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(2_048) & !1];
    let nul = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (nul(0), nul(1), head.len() / 2);
    // Cyrillic or Arabic text has its spaces and full stops there, a tenth and more of all characters.
    match (even * 12 >= pairs, odd * 12 >= pairs) {
        _ if pairs < 2 => None,
        (true, false) if odd * 20 <= even => Some(UTF_16BE),
        (false, true) if even * 20 <= odd => Some(UTF_16LE),
        _ => None,
    }
}

/// The charset that a document declares: `<meta charset=…>`, `<?xml … encoding="…"?>`.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head: String = head.iter().map(|b| char::from(*b).to_ascii_lowercase()).collect();
    let label = head
        .match_indices("<meta")
        .find_map(|(at, _)| charset_label(head[at..].split('>').next()?))
        .or_else(|| charset_after(head.strip_prefix("<?xml")?.split('>').next()?, "encoding="))?;
    // A document that could be read so far is no UTF-16, whatever it says.
    Some(if label.is_ascii_compatible() { label } else { UTF_8 })
}

fn charset_label(text: &str) -> Option<&'static Encoding> {
    charset_after(&text.to_ascii_lowercase(), "charset=")
}

fn charset_after(text: &str, key: &str) -> Option<&'static Encoding> {
    let rest = text[text.find(key)? + key.len()..].trim_start_matches([' ', '"', '\'']);
    let end = rest.find(|c: char| c.is_whitespace() || "\"';/>?".contains(c)).unwrap_or(rest.len());
    Encoding::for_label(&rest.as_bytes()[..end])
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    let head = &bytes[..bytes.len().min(GUESSED_FROM)];
    detector.feed(head, head.len() == bytes.len());
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

const REPLACEMENT: &str = "\u{fffd}";

fn utf8(bytes: &[u8], bom: usize) -> Decoded<'_> {
    let body = &bytes[bom..];
    if let Ok(text) = std::str::from_utf8(body) {
        let map = TextMap::identity(text.len(), bom);
        return Decoded { text: Cow::Borrowed(text), map, encoding: UTF_8, replaced: 0 };
    }
    let mut out = Writer::new(UTF_8, bytes.len());
    let mut at = bom;
    for chunk in body.utf8_chunks() {
        out.text.push_str(chunk.valid());
        out.map.copy(chunk.valid().len(), at);
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            out.replace(at..at + chunk.invalid().len());
            at += chunk.invalid().len();
        }
    }
    out.done()
}

fn utf16(bytes: &[u8], bom: usize, encoding: &'static Encoding) -> Decoded<'static> {
    let mut out = Writer::new(encoding, bytes.len());
    let body = &bytes[bom..];
    let pair = if encoding == UTF_16LE { u16::from_le_bytes } else { u16::from_be_bytes };
    let units = body.chunks_exact(2).map(|two| pair([two[0], two[1]]));
    let mut at = bom;
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(c) => out.push(c, at..at + 2 * c.len_utf16()),
            Err(_) => out.replace(at..at + 2),
        }
        at += decoded.map_or(2, |c| 2 * c.len_utf16());
    }
    if at < bytes.len() {
        out.replace(at..bytes.len());
    }
    out.done()
}

fn single_byte(bytes: &[u8], encoding: &'static Encoding) -> Decoded<'static> {
    let table: Vec<char> = (0..=255u8)
        .map(|byte| encoding.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or('\u{fffd}'))
        .collect();
    let mut out = Writer::new(encoding, bytes.len() * 2);
    for (at, byte) in bytes.iter().enumerate() {
        match table[usize::from(*byte)] {
            '\u{fffd}' => out.replace(at..at + 1),
            c => out.push(c, at..at + 1),
        }
    }
    out.done()
}

/// Feeds one byte at a time, so that each character shows which bytes it was made from.
fn multi_byte(bytes: &[u8], encoding: &'static Encoding) -> Decoded<'static> {
    let mut out = Writer::new(encoding, bytes.len() * 2);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0u8; 32];
    let (mut start, mut at) = (0, 0);
    loop {
        let last = at >= bytes.len();
        let feed = if last { &[][..] } else { &bytes[at..=at] };
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(feed, &mut buffer, last);
        at += read;
        if let Ok(text) = std::str::from_utf8(&buffer[..written])
            && written > 0
        {
            out.text.push_str(text);
            out.map.unit(written, start..at);
            start = at;
        }
        if let DecoderResult::Malformed(_, behind) = result {
            let end = at.saturating_sub(usize::from(behind)).max(start);
            out.replace(start..end);
            start = end;
        } else if last {
            return out.done();
        }
    }
}

/// Decoded characters as they come.
struct Writer {
    text: String,
    map: TextMap,
    encoding: &'static Encoding,
    replaced: usize,
}

impl Writer {
    fn new(encoding: &'static Encoding, capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), map: TextMap::default(), encoding, replaced: 0 }
    }

    fn push(&mut self, c: char, source: std::ops::Range<usize>) {
        self.text.push(c);
        self.map.unit(c.len_utf8(), source);
    }

    fn replace(&mut self, source: std::ops::Range<usize>) {
        self.text.push_str(REPLACEMENT);
        self.map.unit(REPLACEMENT.len(), source);
        self.replaced += 1;
    }

    fn done(self) -> Decoded<'static> {
        let Self { text, map, encoding, replaced } = self;
        Decoded { text: Cow::Owned(text), map, encoding, replaced }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    const RUSSIAN: &str = "Губернатор заявил, что эвакуация завершена. Об этом сообщает пресс-служба.";

    #[test]
    fn byte_order_marks_and_utf16() {
        for (encoding, bom) in
            [(UTF_16LE, &[0xff, 0xfe][..]), (UTF_16BE, &[0xfe, 0xff]), (UTF_16LE, &[]), (UTF_16BE, &[])]
        {
            for text in [RUSSIAN, "The minister said 🙂 no."] {
                let mut bytes = bom.to_vec();
                for unit in text.encode_utf16() {
                    bytes.extend(if encoding == UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() });
                }
                let found = decode(&bytes, None);
                assert_eq!((found.text.as_ref(), found.encoding), (text, encoding));
                assert_eq!(found.map.source(Span::new(0, text.len())), bom.len()..bytes.len());
            }
        }
        let found = decode(b"\xef\xbb\xbfcaf\xc3\xa9", None);
        assert_eq!((found.text.as_ref(), found.map.source(Span::new(3, 5))), ("café", 6..8));
    }

    #[test]
    fn old_encodings_declared_and_guessed() {
        let (cp1251, _, _) = encoding_rs::WINDOWS_1251.encode(RUSSIAN);
        let found = decode(&cp1251, None);
        assert_eq!((found.text.as_ref(), found.encoding.name()), (RUSSIAN, "windows-1251"));
        assert_eq!(found.map.source(Span::new(2, 4)), 1..2);
        let (koi8, _, _) = encoding_rs::KOI8_R.encode(RUSSIAN);
        assert_eq!(decode(&koi8, Some("text/html; charset=KOI8-R")).text, RUSSIAN);
        let page = format!(
            "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1256'>{}",
            "قال الوزير"
        );
        let (bytes, _, _) = encoding_rs::WINDOWS_1256.encode(&page);
        assert_eq!(decode(&bytes, None).text, page);
    }

    #[test]
    fn encodings_of_several_bytes_keep_their_places() {
        let text = "首相は「事実ではない」と述べた。abc";
        for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP, encoding_rs::ISO_2022_JP, encoding_rs::GB18030] {
            let (bytes, _, _) = encoding.encode(text);
            let found = multi_byte(&bytes, encoding);
            assert_eq!(found.text, text);
            assert_eq!(found.map.len(), text.len());
            assert_eq!(found.map.source(Span::new(text.len() - 1, text.len())).end, bytes.len());
        }
        let broken = multi_byte(b"\x83A\x83\xff\x81", encoding_rs::SHIFT_JIS);
        assert!(broken.replaced > 0);
    }

    #[test]
    fn wrong_declarations_and_mixed_bytes() {
        let page = format!("<meta charset=windows-1252>{RUSSIAN}");
        assert_eq!(decode(page.as_bytes(), None).text, page, "valid UTF-8 beats a declaration");
        let mut mixed = RUSSIAN.as_bytes().to_vec();
        mixed.extend(b" na\xefve");
        let found = decode(&mixed, None);
        assert_eq!((found.encoding, found.replaced), (UTF_8, 1));
        assert!(found.notice().is_some());
        assert!(decode(b"", None).text.is_empty());
    }
}
