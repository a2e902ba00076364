//! Words taken out of a capture for ever, and of the report that was cut out of it.
//!
//! In: a capture's bytes, a report of it as it is kept, and the words, or places in its text. Out: other bytes, as many, with masks where
//! the words stood, and the report that is cut out of them: its spans hold, for every character has as many bytes as the one before. May
//! not happen: another report of the capture that reads otherwise than before; a word that is left in the report's text; bytes that are
//! handed back without having been read again.

mod find;
mod mask;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::ops::Range;

use flate2::read::MultiGzDecoder;
use flate2::{Compression, GzBuilder};
use serde_json::Value;

use super::warc::{is_warc, page_of};
use super::{Format, Hints, Source, read_source};
use crate::report::Report;
use crate::span::Span;
use crate::text::charset::{Decoded, decode};

pub use find::Words;
use mask::{instead, tells};

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
    match &report.archived {
        None => flat(source, report, wanted),
        Some(archived) => {
            if !is_warc(source.bytes) {
                return Err(Cannot::Form("it is a packed archive (WACZ): unpack it and add the WARC file inside"));
            }
            let place = archived.offset..archived.offset + archived.length;
            in_record(source.bytes, place, report, wanted)
        }
    }
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

/// What is put where, by its first byte.
type Edits = BTreeMap<usize, Vec<u8>>;

fn applied(bytes: &[u8], edits: &Edits) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (at, new) in edits {
        out[*at..*at + new.len()].copy_from_slice(new);
    }
    out
}

/// A capture that is no web archive.
fn flat(source: &Source<'_>, report: &Report, wanted: Wanted<'_>) -> Result<Redacted, Cannot> {
    let before: Vec<Report> = read_source(source).flatten().collect();
    let same = |other: &&Report| other.text == report.text;
    let mine = before.iter().position(|other| same(&other) && other.source == report.source);
    let mine = mine.or_else(|| before.iter().position(|other| same(&other))).ok_or(Cannot::OtherText)?;
    let decoded = decode(source.bytes, source.hints.content_type.as_deref());
    let mut spans: Vec<Span> = match wanted.spans {
        [] => wanted.words.iter().flat_map(|words| words.find(&report.text)).collect(),
        spans => spans.to_vec(),
    };
    spans.sort();
    spans.dedup();
    let (text, in_text) = text_edits(source.bytes, &before[mine], &spans, &decoded)?;
    let around = around(source, &before, mine, wanted, &decoded)?;
    if in_text.is_empty() && around.is_empty() {
        return Err(Cannot::Nowhere);
    }
    let again = |edits: &Edits| {
        let bytes = applied(source.bytes, edits);
        let after: Vec<Report> =
            read_source(&Source { name: source.name, bytes: &bytes, hints: source.hints.clone() }).flatten().collect();
        let others = after.len() == before.len()
            && (0..before.len()).all(|k| k == mine || reads_the_same(&before[k], &after[k]));
        let own = after.get(mine).is_some_and(|own| own.text == text && own.blocks == before[mine].blocks);
        (bytes, own, others)
    };
    let mut edits = in_text.clone();
    edits.extend(around.iter().flatten().map(|(at, new)| (*at, new.clone())));
    let (mut bytes, mut own, mut others) = again(&edits);
    if !(own && others) {
        // Some of what stands around the text belongs to others: what can go alone goes.
        edits = in_text;
        for one in around {
            let mut with = edits.clone();
            with.extend(one);
            if matches!(again(&with), (_, true, true)) {
                edits = with;
            }
        }
        (bytes, own, others) = again(&edits);
    }
    if edits.is_empty() {
        return Err(Cannot::Nowhere);
    }
    if !(own && others) {
        return Err(Cannot::Form("its text would be read otherwise"));
    }
    let left = decode(&bytes, source.hints.content_type.as_deref());
    let left = wanted.words.iter().map(|words| words.find_written(&left.text).len()).sum();
    let report = kept(report, text, wanted.words, &bytes);
    Ok(Redacted { bytes, report, spans, places: places(&edits), left })
}

/// The text with its masks, and what writes them in the bytes.
fn text_edits(bytes: &[u8], report: &Report, spans: &[Span], decoded: &Decoded<'_>) -> Result<(String, Edits), Cannot> {
    let (mut text, mut edits) = (report.text.clone(), Edits::new());
    for span in spans {
        for (k, c) in span.of(&report.text).char_indices().filter(|(_, c)| tells(*c)) {
            let start = span.start + k;
            let at = Span { start, end: start + c.len_utf8() };
            let place = report.map.source(at);
            let own = bytes.get(place.clone()).ok_or(Cannot::OtherText)?;
            let new = instead(c, own, decoded.encoding);
            let (mask, new) = new.ok_or(Cannot::Form("a character is written there in a way that has no mask"))?;
            text.replace_range(at.start..at.end, mask.encode_utf8(&mut [0; 4]));
            edits.insert(place.start, new);
        }
    }
    Ok((text, edits))
}

/// The words where they stand in the capture around the report's text: in its title, its description, its data. One set of edits a place.
fn around(
    source: &Source<'_>,
    reports: &[Report],
    mine: usize,
    wanted: Wanted<'_>,
    decoded: &Decoded<'_>,
) -> Result<Vec<Edits>, Cannot> {
    let room = room(source, reports, mine, decoded);
    let own = reports[mine].map.pieces(Span { start: 0, end: reports[mine].text.len() });
    let mut found: Vec<Span> = wanted.words.iter().flat_map(|words| words.find_written(&decoded.text)).collect();
    found.sort();
    found.dedup();
    let mut out = Vec::new();
    for span in found {
        let place = decoded.map.source(span);
        let in_text = own.iter().any(|piece| piece.start < place.end && place.start < piece.end);
        let theirs = place.start < room.start || place.end > room.end || in_text && !wanted.spans.is_empty();
        if theirs || is_tag(&decoded.text, span) {
            continue;
        }
        let (mut edits, mut at) = (Edits::new(), span.start);
        while at < span.end {
            let (c, len) = find::one(&decoded.text[at..], true);
            let place = decoded.map.source(Span { start: at, end: at + len });
            at += len;
            if tells(c)
                && let Some((_, new)) = instead(c, &source.bytes[place.clone()], decoded.encoding)
            {
                edits.insert(place.start, new);
            }
        }
        out.push(edits);
    }
    Ok(out)
}

/// Whether words that were found are the name of a tag or of an attribute: `<mark>` is nobody's name.
fn is_tag(text: &str, span: Span) -> bool {
    let (before, after) = (&text[..span.start], &text[span.end..]);
    before.ends_with('<') || before.ends_with("</") || after.starts_with("=\"") || after.starts_with("='")
}

/// The bytes between the texts of the reports before and behind: all of the capture when there is one alone, its line in JSONL.
fn room(source: &Source<'_>, reports: &[Report], mine: usize, decoded: &Decoded<'_>) -> Range<usize> {
    let whole = |report: &Report| report.map.source(Span { start: 0, end: report.text.len() });
    let own = whole(&reports[mine]);
    let mut room = 0..source.bytes.len();
    for other in reports.iter().enumerate().filter(|(k, _)| *k != mine).map(|(_, other)| whole(other)) {
        if other.end <= own.start {
            room.start = room.start.max(other.end);
        } else if other.start >= own.end {
            room.end = room.end.min(other.start);
        }
    }
    if reports.len() > 1
        && Format::of(source.name, source.hints.content_type.as_deref(), &decoded.text) == Format::Jsonl
    {
        let line = |bytes: &[u8], last: bool| {
            if last { memchr::memrchr(b'\n', bytes).map(|at| at + 1) } else { memchr::memchr(b'\n', bytes) }
        };
        room.start = room.start.max(line(&source.bytes[..own.start], true).unwrap_or(0));
        room.end = room.end.min(line(&source.bytes[own.end..], false).map_or(room.end, |at| own.end + at));
    }
    room
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
    mask_strings(&mut known, words);
    let mut out: Report = serde_json::from_value(known).unwrap_or_else(|_| fresh());
    out.text = text;
    out.id.clone_from(&report.id);
    out.sha256 = super::warc::hash(capture);
    out
}

fn mask_strings(value: &mut Value, words: &[Words]) {
    match value {
        Value::String(text) => *text = masked(text, words),
        Value::Array(list) => list.iter_mut().for_each(|value| mask_strings(value, words)),
        Value::Object(fields) => {
            let named = fields.iter_mut().filter(|(key, _)| !matches!(key.as_str(), "sha256" | "id" | "kind" | "code"));
            named.for_each(|(_, value)| mask_strings(value, words));
        }
        _ => {}
    }
}

/// Where edits stand, those side by side as one.
fn places(edits: &Edits) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for (at, new) in edits {
        match out.last_mut() {
            Some(last) if last.end == *at => last.end += new.len(),
            _ => out.push(Span { start: *at, end: at + new.len() }),
        }
    }
    out
}

/// A page in a record of a web archive: the record is packed again into as many bytes.
fn in_record(archive: &[u8], place: Range<usize>, report: &Report, wanted: Wanted<'_>) -> Result<Redacted, Cannot> {
    let record = archive.get(place.clone()).ok_or(Cannot::OtherText)?;
    let packed = record.starts_with(&[0x1f, 0x8b]);
    let mut unpacked = Vec::new();
    let read = if packed {
        MultiGzDecoder::new(record).take(super::warc::LARGEST).read_to_end(&mut unpacked)
    } else {
        { record }.read_to_end(&mut unpacked)
    };
    read.map_err(|_| Cannot::OtherText)?;
    let found = page_of(&unpacked, &report.sha256);
    let (at, url, content_type) = found.ok_or(Cannot::Form("the page is packed within its record"))?;
    let page = unpacked[at.clone()].to_vec();
    let hints = Hints { url, content_type, ..Hints::default() };
    let alone = Report { archived: None, ..report.clone() };
    let mut out = flat(&Source { name: &report.source, bytes: &page, hints }, &alone, wanted)?;
    unpacked[at.clone()].copy_from_slice(&out.bytes);
    out.places = if packed {
        vec![Span { start: place.start, end: place.end }]
    } else {
        let by = place.start + at.start;
        out.places.iter().map(|span| Span { start: span.start + by, end: span.end + by }).collect()
    };
    let record = if packed { pack(&unpacked, place.len()) } else { Some(unpacked) };
    let record = record.ok_or(Cannot::Form("its record does not fit into its place in the archive any more"))?;
    let mut bytes = archive.to_vec();
    bytes[place].copy_from_slice(&record);
    out.report.archived.clone_from(&report.archived);
    if let Some(archived) = &mut out.report.archived {
        archived.sha256 = super::warc::hash(&bytes);
    }
    out.bytes = bytes;
    Ok(out)
}

/// Bytes packed into exactly so many: what is left over is said in the head to be of no meaning (RFC 1952 §2.3.1.1).
fn pack(bytes: &[u8], room: usize) -> Option<Vec<u8>> {
    let packed = |head: GzBuilder, level: u32| {
        let mut writer = head.write(Vec::new(), Compression::new(level));
        writer.write_all(bytes).ok()?;
        writer.finish().ok()
    };
    let level = (1..=9).rev().find(|level| packed(GzBuilder::new(), *level).is_some_and(|own| own.len() <= room))?;
    let left = room - packed(GzBuilder::new(), level)?.len();
    let head = match left {
        0 => GzBuilder::new(),
        1 => GzBuilder::new().comment(""),
        left => GzBuilder::new().extra(vec![0; (left - 2).min(usize::from(u16::MAX))]),
    };
    packed(head, level).filter(|own| own.len() == room)
}
