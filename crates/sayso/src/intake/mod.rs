//! Bytes to reports: one file a format.
//!
//! In: a [`Source`] (bytes and where they came from). Out: [`Report`]s with a [`TextMap`] each, one after the other, so
//! that an archive of a million streams. May not happen: a failure (bad input yields notices), a character of the
//! text without its source bytes.

mod blocks;
mod credit;
mod dates;
mod eml;
mod feed;
mod format;
mod html;
mod json;
mod json_feed;
mod jsonl;
mod map;
mod pictures;
mod plain;
pub mod redact;
mod row;
mod telegram;
mod telegram_html;
mod wacz;
mod warc;
mod xml;

use std::borrow::Cow;

use sha2::{Digest, Sha256};

pub use format::Format;
pub use map::{TextMap, Unit};
pub use pictures::see;
pub use row::{Row, read_row};
pub use warc::{is_warc, last_record};

use crate::notice::{Code, Notice};
use crate::report::{Archived, Block, Report};
use crate::span::Span;
use crate::text::charset::{Decoded, decode};
use crate::text::language::{language, primary_code};

/// How many bytes of a report's text its blocks may cover: what lies behind is kept but not read.
pub const READ_AT_MOST: usize = 1 << 20;

/// What is known about a source from outside: a flag, a response's header, the feed that named it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// When it was published; goes before what the source says.
    pub published: Option<String>,
    /// Who published it; goes before what the source says.
    pub outlet: Option<String>,
    /// Where it was fetched from; the source's own canonical URL goes before it.
    pub url: Option<String>,
    /// The transport's `Content-Type`.
    pub content_type: Option<String>,
    /// Lines of the same JSONL file before these bytes, when a large one comes in pieces.
    pub lines_before: usize,
    /// Bytes of the same WARC archive before these, when a large one comes in pieces.
    pub bytes_before: usize,
}

/// Bytes to read, and where they came from.
#[derive(Debug, Clone, Default)]
pub struct Source<'a> {
    /// Path or URL, as shown to people; its ending helps to tell the format.
    pub name: &'a str,
    /// The capture.
    pub bytes: &'a [u8],
    /// What is known from outside.
    pub hints: Hints,
}

/// The reports of a source, one after the other. A record that is no report comes as the notice that says why, and the
/// rest goes on; a source that cannot be read at all is one notice.
pub type Reports<'a> = Box<dyn Iterator<Item = Result<Report, Notice>> + 'a>;

/// Reads a source of any format.
#[must_use]
pub fn read_source<'a>(source: &'a Source<'a>) -> Reports<'a> {
    let one = |notice| -> Reports<'a> { Box::new(std::iter::once(Err(notice))) };
    if source.bytes.is_empty() {
        return one(Notice::new(Code::Empty, format!("{} holds no bytes.", source.name)));
    }
    let capture = || Capture { source, sha256: hex(&Sha256::digest(source.bytes)) };
    if warc::is_warc(source.bytes) {
        let bytes = Cow::Borrowed(source.bytes);
        return Box::new(warc::Archive::new(source.name, capture().sha256, bytes, source.hints.clone()));
    }
    if let Some(zip) = wacz::open(source.bytes) {
        return wacz::read(capture(), zip);
    }
    if let Some(kind) = format::binary(source.bytes) {
        let message = format!("{} is {kind}, not text: save its text, or name the page it came from.", source.name);
        return one(Notice::new(Code::Binary, message));
    }
    if eml::is_mail(source.name, source.bytes) {
        return eml::read(&capture(), source.bytes);
    }
    let decoded = decode(source.bytes, source.hints.content_type.as_deref());
    if decoded.text.trim().is_empty() {
        return one(Notice::new(Code::Empty, format!("{} holds no text.", source.name)));
    }
    if format::unreadable(&decoded.text) {
        let message = format!("{} does not look like text in any character set.", source.name);
        return one(Notice::new(Code::Binary, message));
    }
    let capture = capture();
    let once = |report| -> Reports<'a> { Box::new(std::iter::once(Ok(report))) };
    match Format::of(source.name, source.hints.content_type.as_deref(), &decoded.text) {
        Format::Jsonl => jsonl::read(capture, decoded),
        Format::JsonFeed => json_feed::read(capture, decoded),
        Format::Telegram => telegram::read(capture, decoded),
        Format::TelegramHtml => telegram_html::read(capture, decoded),
        Format::Feed => feed::read(capture, decoded),
        Format::Html => once(html::read(&capture, &decoded)),
        Format::Plain => once(plain::read(&capture, &decoded)),
    }
}

/// The record of a web archive that a report was cut out of, as it lies there, with the bytes of the capture that holds the archive:
/// a WARC file, or a WACZ file with one inside. None when they do not have it.
#[must_use]
pub fn archived_record(capture: &[u8], archived: &Archived) -> Option<Vec<u8>> {
    let archive = archive_of(capture, archived)?;
    let end = archived.offset.checked_add(archived.length)?;
    archive.get(archived.offset..end).map(<[u8]>::to_vec)
}

/// The web archive that a report was cut out of, with the bytes of the capture: a WARC file itself, or the one inside a WACZ file.
#[must_use]
pub fn archive_of<'a>(capture: &'a [u8], archived: &Archived) -> Option<Cow<'a, [u8]>> {
    match wacz::open(capture) {
        Some(_) => wacz::holding(capture, &archived.sha256).map(Cow::Owned),
        None => Some(Cow::Borrowed(capture)),
    }
}

/// A source with its hash: what every format needs to finish its reports.
struct Capture<'a> {
    source: &'a Source<'a>,
    sha256: String,
}

impl Capture<'_> {
    /// Fills in what does not depend on the format. `record` names the report within a capture of several.
    fn finish(&self, mut report: Report, record: Option<&str>, decoded: &Decoded<'_>) -> Report {
        let hints = &self.source.hints;
        report.sha256.clone_from(&self.sha256);
        report.source =
            record.map_or_else(|| self.source.name.into(), |record| format!("{}#{record}", self.source.name));
        if report.id.is_empty() {
            let short = &self.sha256[..16];
            report.id = record.map_or_else(|| short.into(), |record| format!("{short}-{record}"));
        }
        report.outlet = hints.outlet.clone().or(report.outlet);
        report.url = report.url.or_else(|| hints.url.clone());
        set_dates(&mut report, hints.published.as_deref());
        set_language(&mut report);
        report.credit = report.credit.take().or_else(|| credit::credit(&report));
        bound_blocks(&mut report);
        if decoded.text.contains('\0') {
            report.notices.push(Notice::new(Code::Charset, "The input holds NUL bytes: it may be damaged."));
        }
        report.notices.extend(decoded.notice());
        see(&mut report, |_| None);
        if report.text.trim().is_empty() {
            report.notices.push(Notice::new(Code::Empty, "The report holds no text."));
        }
        report
    }
}

/// Brings dates to the one form; says so where a date is no date.
fn set_dates(report: &mut Report, hint: Option<&str>) {
    let mut odd = Vec::new();
    let mut read = |text: &str| {
        let found = dates::instant(text);
        if found.is_none() {
            odd.push(Notice::new(Code::BadRecord, format!("The date “{}” was not understood.", shorten(text))));
        }
        found
    };
    let stated = report.published.take();
    report.published = hint.and_then(&mut read).or_else(|| stated.as_deref().and_then(&mut read));
    report.modified = report.modified.take().as_deref().and_then(&mut read);
    report.notices.extend(odd);
}

/// What the text is in goes before what the document says, where the text is clear.
fn set_language(report: &mut Report) {
    let stated = report.language.take().as_deref().and_then(primary_code);
    report.language = match (language(&report.text), stated) {
        (Some(found), _) if found.reliable => Some(found.code.into()),
        (_, stated) => stated,
    };
}

fn bound_blocks(report: &mut Report) {
    let mut covered = 0;
    let fits = |block: &Block| {
        covered += block.span.len();
        covered <= READ_AT_MOST
    };
    let keep = report.blocks.iter().take_while({
        let mut fits = fits;
        move |block| fits(block)
    });
    let keep = keep.count();
    if keep == report.blocks.len() {
        return;
    }
    if keep == 0 {
        // One block alone is too long: its head is read.
        let block = &mut report.blocks[0];
        let mut end = block.span.start + READ_AT_MOST;
        while !report.text.is_char_boundary(end) {
            end -= 1;
        }
        block.span.end = end;
    }
    report.blocks.truncate(keep.max(1));
    let rest = Span::new(report.blocks.last().map_or(0, |block| block.span.end), report.text.len());
    let message = format!("The text is longer than {READ_AT_MOST} bytes: what follows was kept but not read.");
    report.notices.push(Notice::new(Code::TooLong, message).at(rest));
}

/// The beginning of a text for a message.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
