//! Words taken out of a capture for ever, and of the report that was cut out of it.
//!
//! In: a capture's bytes, a report of it as it is kept, and the words, or places in its text. Out: other bytes, with masks where the words
//! stood, and the report that is cut out of them: its spans hold, for every character has as many bytes as the one before. May not
//! happen: another report of the capture that reads otherwise than before; a word that is left in the report's text; bytes that are
//! handed back without having been read again.

mod archive;
mod digest;
mod find;
mod index;
mod mask;
mod package;
mod pieces;

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::warc::is_warc;
use super::{Format, Source, read_source, wacz};
use crate::report::Report;
use crate::span::Span;
use crate::text::charset::Decoded;

pub use find::Words;
use mask::{instead, tells};
use pieces::{Piece, holding, pieces};

/// What to take out.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Words, wherever they stand in the report's text; with `spans` the words that stand there.
    pub words: &'a [Words],
    /// Places in its text; none for everywhere.
    pub spans: &'a [Span],
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Redacted {
    /// The capture's bytes.
    pub bytes: Vec<u8>,
    /// The report as it is cut out of them.
    pub report: Report,
    /// Where words stood in its text.
    pub spans: Vec<Span>,
    /// Where bytes differ.
    pub places: Vec<Span>,
    /// How often the words still stand in the capture, in other reports or around them.
    pub left: usize,
    /// The web archives inside of a package (WACZ) that are others now.
    pub inside: Vec<Inside>,
    /// Whether words stood in the name of a file inside, which is part of where a report came from.
    pub names: bool,
}

/// A web archive inside of a capture, out of which words were taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// Its hash before.
    pub before: String,
    /// Its hash now.
    pub after: String,
    /// Where its bytes differ.
    pub places: Vec<Span>,
}

/// Why nothing was taken out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cannot {
    /// The words are nowhere.
    #[error("the words stand neither in the report's text nor around it in its capture")]
    Nowhere,
    /// The report is not what is cut out today.
    #[error(
        "this version of Sayso cuts another text out of its capture than the one that is kept: add the capture again, then redact"
    )]
    OtherText,
    /// The bytes cannot be changed in place.
    #[error("the words cannot be replaced in place in its capture ({0})")]
    Form(&'static str),
}

/// Takes words out of a capture that holds a report; `name` and `hints` are those with which it was read.
///
/// # Errors
/// When the words are not there, the report is not the one that is cut out of the bytes, or they cannot be changed in place.
pub fn redact(source: &Source<'_>, report: &Report, wanted: Wanted<'_>) -> Result<Redacted, Cannot> {
    if is_warc(source.bytes) {
        archive::redact(source, report, wanted)
    } else if wacz::open(source.bytes).is_some() {
        package::redact(source, report, wanted)
    } else {
        flat(source, report, wanted)
    }
}

/// Where a text goes on with other characters than masks, between the same words as those between which masks stand in `redacted` at
/// `spans`: there what was taken out may be back. What stood there nobody knows; a mask with few words around it is passed over.
#[must_use]
pub fn back(text: &str, redacted: &str, spans: &[Span]) -> Vec<Span> {
    const LEAST: usize = 12;
    const MOST: usize = 24;
    let mut out = Vec::new();
    for (k, span) in spans.iter().enumerate() {
        let from =
            k.checked_sub(1).map_or(0, |before| spans[before].end.min(span.start)).max(span.start.saturating_sub(MOST));
        let to = spans.get(k + 1).map_or(redacted.len(), |next| next.start.max(span.end)).min(span.end + MOST);
        let from = (from..=span.start).find(|at| redacted.is_char_boundary(*at)).unwrap_or(span.start);
        let to = (span.end..=to).rev().find(|at| redacted.is_char_boundary(*at)).unwrap_or(span.end);
        let (Some(before), Some(masks), Some(behind)) =
            (redacted.get(from..span.start), redacted.get(span.start..span.end), redacted.get(span.end..to))
        else {
            continue;
        };
        if before.trim().len() + behind.trim().len() < LEAST {
            continue;
        }
        // The longer of the two is the rarer.
        let (words, by) = if before.len() >= behind.len() { (before, before.len()) } else { (behind, 0) };
        for (at, _) in text.match_indices(words) {
            let start = if by > 0 { at + by } else { at.saturating_sub(masks.len()) };
            let own = Span { start, end: start + masks.len() };
            let around = text.get(..own.start).is_some_and(|text| text.ends_with(before))
                && text.get(own.end..).is_some_and(|text| text.starts_with(behind));
            if around && text.get(own.start..own.end).is_some_and(|own| own != masks) {
                out.push(own);
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Masks instead of the words in a text, wherever it is written.
#[must_use]
pub fn masked(text: &str, words: &[Words]) -> String {
    let spans: Vec<Span> = words.iter().flat_map(|words| words.find_written(text)).collect();
    mask_written(text, &spans)
}

fn mask_written(text: &str, spans: &[Span]) -> String {
    let mut out = text.to_owned();
    for span in spans {
        let mut at = span.start;
        while at < span.end {
            let (c, len) = find::one(&text[at..], true);
            if tells(c)
                && let Some((_, bytes)) = instead(c, &text.as_bytes()[at..at + len], encoding_rs::UTF_8)
                && let Ok(written) = std::str::from_utf8(&bytes)
            {
                out.replace_range(at..at + len, written);
            }
            at += len;
        }
    }
    out
}

/// What is put where, by its piece and its first byte there.
type Edits = BTreeMap<(usize, usize), Vec<u8>>;

fn applied(bytes: &[u8], pieces: &[Piece<'_>], edits: &Edits) -> Vec<u8> {
    let mut out = bytes.to_vec();
    edits.iter().for_each(|((piece, at), new)| pieces[*piece].write(&mut out, *at, new));
    out
}

/// A capture as it is read.
struct Read<'a> {
    source: &'a Source<'a>,
    reports: Vec<Report>,
    /// The report that is meant.
    mine: usize,
    pieces: &'a [Piece<'a>],
    decoded: Vec<Decoded<'a>>,
}

/// A capture that is no web archive.
fn flat(source: &Source<'_>, report: &Report, wanted: Wanted<'_>) -> Result<Redacted, Cannot> {
    let reports: Vec<Report> = read_source(source).flatten().collect();
    let same = |other: &&Report| other.text == report.text;
    let mine = reports.iter().position(|other| same(&other) && other.source == report.source);
    let mine = mine.or_else(|| reports.iter().position(|other| same(&other)));
    let spans = spans(report, wanted);
    // Where another report of the same text went before, the masks are there.
    let mine = mine.or_else(|| reports.iter().position(|other| is_masked(&report.text, &other.text, &spans)));
    let mine = mine.ok_or(Cannot::OtherText)?;
    let pieces = pieces(source);
    let decoded = pieces.iter().map(Piece::decoded).collect();
    let read = Read { source, reports, mine, pieces: &pieces, decoded };
    let (text, in_text) = read.text_edits(&spans)?;
    let around = read.around(wanted);
    if in_text.is_empty() && around.is_empty() {
        return Err(Cannot::Nowhere);
    }
    let mut edits = in_text.clone();
    edits.extend(around.iter().flatten().map(|(at, new)| (*at, new.clone())));
    let (mut bytes, mut own, mut others) = read.again(&edits, &text);
    if !(own && others) {
        // Some of what stands around the text belongs to others: what can go alone goes.
        edits = in_text;
        for one in around {
            let mut with = edits.clone();
            with.extend(one);
            if matches!(read.again(&with, &text), (_, true, true)) {
                edits = with;
            }
        }
        (bytes, own, others) = read.again(&edits, &text);
    }
    if edits.is_empty() {
        return Err(Cannot::Nowhere);
    }
    if !(own && others) {
        return Err(Cannot::Form("its text would be read otherwise"));
    }
    let left = held(&Source { name: source.name, bytes: &bytes, hints: source.hints.clone() }, wanted.words);
    let (report, places) = (kept(report, text, wanted.words, &bytes), places(&pieces, &edits));
    Ok(Redacted { bytes, report, spans, places, left, inside: Vec::new(), names: false })
}

/// Where words go from the report's text.
fn spans(report: &Report, wanted: Wanted<'_>) -> Vec<Span> {
    let mut spans: Vec<Span> = match wanted.spans {
        [] => wanted.words.iter().flat_map(|words| words.find(&report.text)).collect(),
        spans => spans.to_vec(),
    };
    spans.sort();
    spans.dedup();
    spans
}

/// Whether a text is another with masks in the place of some spans.
fn is_masked(text: &str, masked: &str, spans: &[Span]) -> bool {
    let within = |at: usize| spans.iter().any(|span| span.start <= at && at < span.end);
    let same = |((at, a), (place, b)): ((usize, char), (usize, char))| at == place && (a == b || within(at));
    !spans.is_empty() && text.len() == masked.len() && text.char_indices().zip(masked.char_indices()).all(same)
}

/// How often words stand in a capture that is no archive.
fn held(source: &Source<'_>, words: &[Words]) -> usize {
    let count = |piece: &Piece<'_>| -> usize {
        let decoded = piece.decoded();
        words.iter().map(|words| words.find_written(&decoded.text).len()).sum()
    };
    pieces(source).iter().map(count).sum()
}

impl Read<'_> {
    /// The capture with edits; whether the report's own text is as it should be then, and all others as they were.
    fn again(&self, edits: &Edits, text: &str) -> (Vec<u8>, bool, bool) {
        let (before, mine) = (&self.reports, self.mine);
        let bytes = applied(self.source.bytes, self.pieces, edits);
        let source = Source { name: self.source.name, bytes: &bytes, hints: self.source.hints.clone() };
        let after: Vec<Report> = read_source(&source).flatten().collect();
        let others = after.len() == before.len()
            && (0..before.len()).all(|k| k == mine || reads_the_same(&before[k], &after[k]));
        let own = after.get(mine).is_some_and(|own| own.text == text && own.blocks == before[mine].blocks);
        (bytes, own, others)
    }

    /// The text with its masks, and what writes them in the bytes.
    fn text_edits(&self, spans: &[Span]) -> Result<(String, Edits), Cannot> {
        let report = &self.reports[self.mine];
        let (mut text, mut edits) = (report.text.clone(), Edits::new());
        for span in spans {
            for (k, c) in span.of(&report.text).char_indices().filter(|(_, c)| tells(*c)) {
                let start = span.start + k;
                let at = Span { start, end: start + c.len_utf8() };
                let place = report.map.source(at);
                let piece = holding(self.pieces, &place).ok_or(Cannot::OtherText)?;
                let within = self.pieces[piece].within(&place);
                let own = self.pieces[piece].bytes.get(within.clone()).ok_or(Cannot::OtherText)?;
                let new = instead(c, own, self.decoded[piece].encoding);
                let (mask, new) = new.ok_or(Cannot::Form("a character is written there in a way that has no mask"))?;
                text.replace_range(at.start..at.end, mask.encode_utf8(&mut [0; 4]));
                edits.insert((piece, within.start), new);
            }
        }
        Ok((text, edits))
    }

    /// The words where they stand in the capture around the report's text: in its title, its description, its data. One set of edits a
    /// place.
    fn around(&self, wanted: Wanted<'_>) -> Vec<Edits> {
        let (report, room) = (&self.reports[self.mine], self.room());
        let own = report.map.pieces(Span { start: 0, end: report.text.len() });
        let mut out = Vec::new();
        for (nth, (piece, decoded)) in self.pieces.iter().zip(&self.decoded).enumerate() {
            for span in found(&decoded.text, wanted.words) {
                let place = piece.place(&decoded.map.source(span));
                let in_text = own.iter().any(|piece| piece.start < place.end && place.start < piece.end);
                let theirs = place.start < room.start || place.end > room.end || in_text && !wanted.spans.is_empty();
                if !theirs {
                    let edits = masks(piece, decoded, span);
                    out.push(edits.into_iter().map(|(at, new)| ((nth, at), new)).collect());
                }
            }
        }
        out
    }

    /// The bytes between the texts of the reports before and behind: all of the capture when there is one alone, its line in JSONL.
    fn room(&self) -> Range<usize> {
        let whole = |report: &Report| report.map.source(Span { start: 0, end: report.text.len() });
        let (source, own) = (self.source, whole(&self.reports[self.mine]));
        let mut room = 0..source.bytes.len();
        for (k, other) in self.reports.iter().enumerate() {
            let other = whole(other);
            if k == self.mine {
                continue;
            } else if other.end <= own.start {
                room.start = room.start.max(other.end);
            } else if other.start >= own.end {
                room.end = room.end.min(other.start);
            }
        }
        let text = self.decoded.first().map_or("", |decoded| decoded.text.as_ref());
        if self.reports.len() > 1
            && Format::of(source.name, source.hints.content_type.as_deref(), text) == Format::Jsonl
        {
            let line = |bytes: &[u8], last: bool| {
                if last { memchr::memrchr(b'\n', bytes).map(|at| at + 1) } else { memchr::memchr(b'\n', bytes) }
            };
            room.start = room.start.max(line(&source.bytes[..own.start], true).unwrap_or(0));
            room.end = room.end.min(line(&source.bytes[own.end..], false).map_or(room.end, |at| own.end + at));
        }
        room
    }
}

/// Every place of a text where words stand, however they are written, but for names of tags.
fn found(text: &str, words: &[Words]) -> Vec<Span> {
    let mut found: Vec<Span> = words.iter().flat_map(|words| words.find_written(text)).collect();
    found.sort();
    found.dedup();
    found.retain(|span| !is_tag(text, *span));
    found
}

/// What masks a span of a piece's text, by its first byte there.
fn masks(piece: &Piece<'_>, decoded: &Decoded<'_>, span: Span) -> Vec<(usize, Vec<u8>)> {
    let (mut out, mut at) = (Vec::new(), span.start);
    while at < span.end {
        let (c, len) = find::one(&decoded.text[at..], true);
        let place = decoded.map.source(Span { start: at, end: at + len });
        at += len;
        if tells(c)
            && let Some((_, new)) = instead(c, &piece.bytes[place.clone()], decoded.encoding)
        {
            out.push((place.start, new));
        }
    }
    out
}

/// Bytes that are text, in as many bytes without the words; none when they are no text, or do not hold them.
fn without(bytes: &[u8], content_type: Option<&str>, words: &[Words]) -> Option<Vec<u8>> {
    let kind = content_type.unwrap_or_default().to_ascii_lowercase();
    let says_text = ["text", "json", "xml", "javascript"].iter().any(|text| kind.contains(text));
    if !(says_text || is_text(bytes)) {
        return None;
    }
    let piece = Piece::plain(bytes, 0, content_type.map(str::to_owned));
    let decoded = piece.decoded();
    let masks: Vec<_> = found(&decoded.text, words).iter().flat_map(|span| masks(&piece, &decoded, *span)).collect();
    let mut out = bytes.to_vec();
    masks.iter().for_each(|(at, new)| piece.write(&mut out, *at, new));
    (out != bytes).then_some(out)
}

/// Whether bytes are text that says of itself in no way how it is written.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

/// Whether words that were found are the name of a tag or of an attribute: `<mark>` is nobody's name.
fn is_tag(text: &str, span: Span) -> bool {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    before.ends_with('<') || before.ends_with("</") || after.starts_with("=\"") || after.starts_with("='")
}

/// Whether two reports are the same, whatever capture they were cut out of.
fn reads_the_same(a: &Report, b: &Report) -> bool {
    let bare = |report: &Report| {
        let (id, sha256) = (String::new(), String::new());
        Report { id, sha256, archived: None, ..report.clone() }
    };
    bare(a) == bare(b)
}

/// The report as it is kept from now on: what was known of it stays, but for the words.
fn kept(report: &Report, text: String, words: &[Words], capture: &[u8]) -> Report {
    let fresh = || Report { text: String::new(), map: Default::default(), ..report.clone() };
    let mut known = serde_json::to_value(fresh()).unwrap_or_default();
    mask_strings(&mut known, words, &["sha256", "id", "kind", "code"]);
    let mut out: Report = serde_json::from_value(known).unwrap_or_else(|_| fresh());
    out.text = text;
    out.id.clone_from(&report.id);
    out.sha256 = super::warc::hash(capture);
    out
}

/// Masks the words in every text of a value but those under some names.
fn mask_strings(value: &mut Value, words: &[Words], but: &[&str]) {
    match value {
        Value::String(text) => *text = masked(text, words),
        Value::Array(list) => list.iter_mut().for_each(|value| mask_strings(value, words, but)),
        Value::Object(fields) => {
            let named = fields.iter_mut().filter(|(key, _)| !but.contains(&key.as_str()));
            named.for_each(|(_, value)| mask_strings(value, words, but));
        }
        _ => {}
    }
}

/// Where edits stand, those side by side as one.
fn places(pieces: &[Piece<'_>], edits: &Edits) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for ((piece, at), new) in edits {
        let place = pieces[*piece].place(&(*at..at + new.len()));
        match out.last_mut() {
            Some(last) if last.end >= place.start => last.end = last.end.max(place.end),
            _ => out.push(Span { start: place.start, end: place.end }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_back_is_between_the_same_words() {
        let redacted = "Witness XXX XXXX said that the bridge was struck. XXXX fled, she said, with XXX XXXX.";
        let spans = [(8, 16), (50, 54), (76, 84)].map(|(start, end)| Span { start, end });
        let found = |text: &str| -> Vec<String> {
            back(text, redacted, &spans).iter().map(|span| span.of(text).to_owned()).collect()
        };
        assert_eq!(found(redacted), [""; 0]);
        let again = "New: Witness Ana Lind said that the bridge was struck. Lind fled, she said, with Per Dahl.";
        assert_eq!(found(again), ["Ana Lind", "Lind", "Per Dahl"]);
        assert_eq!(found("Witness Ana Berg said that the bridge was not struck."), ["Ana Berg"]);
        assert_eq!(
            found("Witness Anna Lind said that the bridge was struck. Lind"),
            [""; 0],
            "another length is another name"
        );
        assert_eq!(found("said that the bridge was struck."), [""; 0]);
        assert_eq!(back("XXX a Lind b", "Lind", &[Span { start: 0, end: 4 }]), []);
        assert_eq!(back("ab", "abc", &[Span { start: 2, end: 9 }]), []);
    }
}
