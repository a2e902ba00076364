//! The text that a capture is written in: all its bytes, or those of a mail as they read once base64 and quoted-printable are undone.
//!
//! In: a capture. Out: pieces of text, each byte with the place where it is written. May not happen: a byte put where it has no room.

use std::borrow::Cow;
use std::ops::Range;

use mail_parser::{Encoding, Message, MessageParser, MimeHeaders, PartType};

use crate::intake::eml::{base64, is_mail, quoted_printable};
use crate::intake::{Source, TextMap};
use crate::span::Span;
use crate::text::charset::{Decoded, decode};

/// Bytes of text, and where they are written.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where each byte is written; none when they stand there as they are.
    units: Vec<Unit>,
    /// The bytes of the capture from the first to the last.
    at: Range<usize>,
    content_type: Option<String>,
}

/// Where and how one byte is written.
#[derive(Debug, Clone, Copy)]
struct Unit {
    start: usize,
    end: usize,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Itself,
    /// `=C3`
    Code,
    /// In two signs of base64, as the first, second or third byte of four signs.
    Bits(usize),
}

/// The pieces of a capture, in order, none over another.
pub(super) fn pieces<'a>(source: &Source<'a>) -> Vec<Piece<'a>> {
    let whole = || vec![Piece::plain(source.bytes, 0, source.hints.content_type.clone())];
    if !is_mail(source.name, source.bytes) {
        return whole();
    }
    let Some(mail) = MessageParser::default().parse(source.bytes) else { return whole() };
    let (mut parts, mut taken) = (Vec::new(), Vec::new());
    parts_of(&mail, source.bytes, &mut parts, &mut taken);
    taken.sort_by_key(|range: &Range<usize>| range.start);
    let mut at = 0;
    for range in taken.into_iter().chain(Some(source.bytes.len()..source.bytes.len())) {
        if at < range.start {
            between(source.bytes, at..range.start, &mut parts);
        }
        at = at.max(range.end);
    }
    parts.sort_by_key(|piece| piece.at.start);
    parts
}

/// The piece that holds a place.
pub(super) fn holding(pieces: &[Piece<'_>], place: &Range<usize>) -> Option<usize> {
    let k = pieces.partition_point(|piece| piece.at.end <= place.start);
    pieces.get(k).filter(|piece| piece.at.start <= place.start && place.end <= piece.at.end).map(|_| k)
}

impl<'a> Piece<'a> {
    pub(super) fn plain(bytes: &'a [u8], at: usize, content_type: Option<String>) -> Self {
        Self { bytes: Cow::Borrowed(bytes), units: Vec::new(), at: at..at + bytes.len(), content_type }
    }

    pub(super) fn decoded(&self) -> Decoded<'_> {
        decode(&self.bytes, self.content_type.as_deref())
    }

    /// Which of its bytes are written in a place of the capture.
    pub(super) fn within(&self, place: &Range<usize>) -> Range<usize> {
        if self.units.is_empty() {
            return place.start - self.at.start..place.end - self.at.start;
        }
        let start = self.units.partition_point(|unit| unit.start < place.start);
        start..self.units.partition_point(|unit| unit.end <= place.end).max(start)
    }

    /// Where bytes of it are written in the capture.
    pub(super) fn place(&self, of: &Range<usize>) -> Range<usize> {
        match (self.units.get(of.start), self.units.get(of.end.saturating_sub(1))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => self.at.start + of.start..self.at.start + of.end,
        }
    }

    /// Writes other bytes instead of those from `at` on.
    pub(super) fn write(&self, capture: &mut [u8], at: usize, new: &[u8]) {
        if self.units.is_empty() {
            let start = self.at.start + at;
            capture[start..start + new.len()].copy_from_slice(new);
            return;
        }
        for (unit, byte) in self.units[at..].iter().zip(new) {
            match unit.how {
                How::Itself => capture[unit.start] = *byte,
                How::Code => capture[unit.start..unit.end].copy_from_slice(format!("={byte:02X}").as_bytes()),
                How::Bits(nth) => {
                    let (high, low) = (unit.start, unit.end - 1);
                    let shift = 2 * (nth + 1);
                    let keep = |sign: u8, mask: u8| sextet(sign).unwrap_or(0) & !mask;
                    let (first, second) = (0x3f >> (2 * nth), 0x3f << (6 - shift) & 0x3f);
                    capture[high] = sign(keep(capture[high], first) | byte >> shift & first, capture[high]);
                    capture[low] = sign(keep(capture[low], second) | byte << (6 - shift) & second, capture[low]);
                }
            }
        }
    }
}

/// What a sign of base64 stands for.
fn sextet(sign: u8) -> Option<u8> {
    Some(match sign {
        b'A'..=b'Z' => sign - b'A',
        b'a'..=b'z' => sign - b'a' + 26,
        b'0'..=b'9' => sign - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// The sign of base64 for six bits, in the place of another.
fn sign(bits: u8, instead_of: u8) -> u8 {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if sextet(instead_of) == Some(bits) { instead_of } else { SIGNS[usize::from(bits & 0x3f)] }
}

/// The parts of a mail that hold text, and the places of all that are no plain bytes.
fn parts_of<'a>(mail: &Message<'_>, bytes: &'a [u8], out: &mut Vec<Piece<'a>>, taken: &mut Vec<Range<usize>>) {
    for part in &mail.parts {
        let is_text = match &part.body {
            PartType::Multipart(_) => continue,
            PartType::Message(inside) if part.encoding == Encoding::None => {
                parts_of(inside, bytes, out, taken);
                continue;
            }
            PartType::Text(_) | PartType::Html(_) => true,
            _ => false,
        };
        let place = part.offset_body as usize..(part.offset_end as usize).min(bytes.len());
        let Some(raw) = bytes.get(place.clone()).filter(|raw| !raw.is_empty()) else { continue };
        if taken.iter().any(|other| other.start < place.end && place.start < other.end) {
            continue;
        }
        let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
        let content_type = charset.map(|charset| format!("text/plain; charset={charset}"));
        let piece = match part.encoding {
            Encoding::None => Piece::plain(raw, place.start, content_type),
            Encoding::QuotedPrintable => coded(quoted_printable(raw, place.start), false, place.clone(), content_type),
            Encoding::Base64 => coded(base64(raw, place.start), true, place.clone(), content_type),
        };
        if is_text || super::is_text(&piece.bytes) {
            out.push(piece);
        }
        taken.push(place);
    }
}

/// A piece of what was decoded.
fn coded<'a>(
    (bytes, map): (Vec<u8>, TextMap),
    is_base64: bool,
    at: Range<usize>,
    content_type: Option<String>,
) -> Piece<'a> {
    let unit = |k: usize| {
        let place = map.source(Span { start: k, end: k + 1 });
        let how = match place.len() {
            _ if is_base64 => How::Bits(k % 3),
            3 => How::Code,
            _ => How::Itself,
        };
        Unit { start: place.start, end: place.end, how }
    };
    let units = (0..bytes.len()).map(unit).collect();
    Piece { bytes: Cow::Owned(bytes), units, at, content_type }
}

/// What stands between the parts: heads, with words that are coded (`=?utf-8?B?…?=`).
fn between<'a>(bytes: &'a [u8], range: Range<usize>, out: &mut Vec<Piece<'a>>) {
    let (mut plain, mut at) = (range.start, range.start);
    let push = |out: &mut Vec<Piece<'a>>, from: usize, to: usize| {
        if from < to {
            out.push(Piece::plain(&bytes[from..to], from, None));
        }
    };
    while let Some(found) = memchr::memmem::find(&bytes[at..range.end], b"=?") {
        at += found;
        let Some(mut run) = Word::at(&bytes[..range.end], at) else {
            at += 2;
            continue;
        };
        push(out, plain, at);
        let mut piece = run.piece(bytes);
        loop {
            let gap = bytes[run.end..range.end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match Word::at(&bytes[..range.end], run.end + gap) {
                // What is between two coded words is no part of either.
                Some(next) if next.charset.eq_ignore_ascii_case(run.charset) => {
                    let more = next.piece(bytes);
                    piece.bytes.to_mut().extend_from_slice(&more.bytes);
                    piece.units.extend(more.units);
                    piece.at.end = more.at.end;
                    run = next;
                }
                _ => break,
            }
        }
        (at, plain) = (run.end, run.end);
        out.push(piece);
    }
    push(out, plain, range.end);
}

/// A coded word in a head (RFC 2047).
struct Word<'a> {
    charset: &'a str,
    is_base64: bool,
    text: Range<usize>,
    start: usize,
    end: usize,
}

impl<'a> Word<'a> {
    fn at(bytes: &'a [u8], start: usize) -> Option<Self> {
        const LONGEST: usize = 1_000;
        let rest = bytes.get(start..bytes.len().min(start + LONGEST))?.strip_prefix(b"=?")?;
        let first = memchr::memchr(b'?', rest)?;
        let charset = std::str::from_utf8(&rest[..first]).ok()?.split('*').next()?;
        let is_base64 = match rest.get(first + 1..first + 3)? {
            b"B?" | b"b?" => true,
            b"Q?" | b"q?" => false,
            _ => return None,
        };
        let text = first + 3;
        let len = memchr::memmem::find(&rest[text..], b"?=")?;
        let whole = rest[..text + len].iter().all(u8::is_ascii_graphic);
        let by = start + 2;
        whole.then(|| Self { charset, is_base64, text: by + text..by + text + len, start, end: by + text + len + 2 })
    }

    fn piece(&self, bytes: &[u8]) -> Piece<'a> {
        let raw = &bytes[self.text.clone()];
        let decode = if self.is_base64 { base64 } else { quoted_printable };
        let content_type = Some(format!("text/plain; charset={}", self.charset));
        let mut piece = coded(decode(raw, self.text.start), self.is_base64, self.start..self.end, content_type);
        if !self.is_base64 {
            let spaces = piece.bytes.to_mut().iter_mut().zip(&piece.units);
            spaces.filter(|(byte, unit)| **byte == b'_' && unit.how == How::Itself).for_each(|(byte, _)| *byte = b' ');
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_written_where_it_is_written() {
        let mail = b"From: a@b.example\r\nSubject: =?utf-8?B?QW5hIA==?=\r\n =?UTF-8?Q?L=C3=ADnd_x?= y\r\nMIME-Version: 1.0\r\n\
            Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nQW5h\r\nIExpbmQg\r\nZmxlZC4=\r\n";
        let source = Source { name: "a.eml", bytes: mail, ..Source::default() };
        let all = pieces(&source);
        let texts: Vec<&[u8]> = all.iter().map(|piece| piece.bytes.as_ref()).collect();
        assert_eq!(texts[1], "Ana Línd x".as_bytes());
        assert_eq!(texts[texts.len() - 1], b"Ana Lind fled.");
        let mut capture = mail.to_vec();
        all[1].write(&mut capture, 4, "XΧXX".as_bytes());
        all[1].write(&mut capture, 0, b"XXX");
        let last = all.len() - 1;
        // One byte after the other: they share signs.
        for at in [5, 4, 6, 7, 1, 0, 2] {
            all[last].write(&mut capture, at, b"X");
        }
        let again = pieces(&Source { name: "a.eml", bytes: &capture, ..Source::default() });
        assert_eq!(again[1].bytes.as_ref(), "XXX XΧXX x".as_bytes());
        assert_eq!(again[last].bytes.as_ref(), b"XXX XXXX fled.");
        assert!(String::from_utf8_lossy(&capture).contains("?Q?X=CE=A7XX_x?= y"));
        assert_eq!(all[last].within(&all[last].place(&(4..8))), 4..8);
        assert_eq!(holding(&all, &all[last].place(&(4..8))), Some(last));
    }
}
