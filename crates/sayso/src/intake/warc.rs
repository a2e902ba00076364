//! WARC archives, compressed record by record or not: the pages inside, one report each.
//!
//! In: the archive's bytes. Out: reports whose capture is the page as it was served (its hash, its bytes, its map) and
//! that name their archive with the record's offset and length in it. A broken record is a notice, the rest goes on.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::io::Read;
use std::ops::Range;

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::{Hints, Source, hex, pictures, read_source};
use crate::notice::{Code, Notice};
use crate::report::{Archived, Report};

/// A record larger than this, unpacked, is left out.
pub(super) const LARGEST: u64 = 64 << 20;
pub(super) const GZIP: &[u8] = b"\x1f\x8b\x08";

/// Whether bytes are a WARC archive, or the beginning of one.
#[must_use]
pub fn is_warc(bytes: &[u8]) -> bool {
    let mut head = [0; 5];
    bytes.starts_with(b"WARC/")
        || bytes.starts_with(GZIP) && GzDecoder::new(bytes).read_exact(&mut head).is_ok() && head == *b"WARC/"
}

/// The last byte at which a record starts behind the first one: where a piece of a large archive ends and the next begins. None when
/// `bytes` is no archive, or holds no second record.
#[must_use]
pub fn last_record(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() {
        return None;
    }
    if bytes.starts_with(GZIP) {
        let mut starts = memchr::memmem::rfind_iter(bytes, GZIP);
        return starts.find(|start| is_warc(&bytes[*start..])).filter(|start| *start > 0);
    }
    let (mut at, mut last) = (0, None);
    loop {
        let next = match Record::parse(&bytes[at..]) {
            Some(record) if record.cut => break,
            Some(record) => {
                let end = at + record.end;
                end + bytes[end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
            }
            None => match memchr::memmem::find(&bytes[at + 1..], b"WARC/1.") {
                Some(next) => at + 1 + next,
                None => break,
            },
        };
        if next >= bytes.len() {
            break;
        }
        (at, last) = (next, Some(next));
    }
    last
}

/// The reports of an archive, record by record.
pub(super) struct Archive<'a> {
    name: String,
    sha256: String,
    bytes: Cow<'a, [u8]>,
    hints: Hints,
    at: usize,
    ready: VecDeque<Result<Report, Notice>>,
    /// The last record was broken: one notice is enough until one is whole.
    broken: bool,
    /// Where the pictures are, by their addresses; not known before a page shows one.
    pictures: Option<HashMap<String, usize>>,
}

impl<'a> Archive<'a> {
    pub(super) fn new(name: &str, sha256: String, bytes: Cow<'a, [u8]>, hints: Hints) -> Self {
        Self {
            name: name.to_owned(),
            sha256,
            bytes,
            hints,
            at: 0,
            ready: VecDeque::new(),
            broken: false,
            pictures: None,
        }
    }

    fn bad(&mut self, code: Code, at: usize, why: &str) {
        if !self.broken {
            let at = at + self.hints.bytes_before;
            self.ready.push_back(Err(Notice::new(code, format!("The record at byte {at} of {} {why}", self.name))));
        }
        self.broken = true;
    }

    /// Reads the record at hand into `ready` and goes on to the next.
    fn step(&mut self) {
        let start = self.at;
        if !self.bytes[start..].starts_with(GZIP) {
            self.plain(start);
            return;
        }
        let mut unpacked = Vec::new();
        let mut decoder = GzDecoder::new(&self.bytes[start..]).take(LARGEST);
        let whole = decoder.read_to_end(&mut unpacked);
        let full = decoder.limit() == 0;
        let rest = decoder.into_inner().into_inner().len();
        if whole.is_err() || full {
            let why = if full { "is too large; it was left out." } else { "is damaged or cut off; it was left out." };
            self.bad(if full { Code::TooLong } else { Code::BadRecord }, start, why);
            let next = memchr::memmem::find(&self.bytes[start + 1..], GZIP);
            self.at = next.map_or(self.bytes.len(), |next| start + 1 + next);
            return;
        }
        self.at = (self.bytes.len() - rest).max(start + 1);
        self.broken = false;
        let place = start..self.at;
        let mut inner = 0;
        while let Some(record) = Record::parse(&unpacked[inner..]) {
            let (next, cut) = (record.end, record.cut);
            self.report(&record, place.clone());
            if cut {
                self.bad(Code::BadRecord, start, "is cut off.");
            }
            inner += next;
        }
    }

    /// A record that is not compressed.
    fn plain(&mut self, start: usize) {
        let bytes = std::mem::take(&mut self.bytes);
        let Some(record) = Record::parse(&bytes[start..]) else {
            self.bad(Code::BadRecord, start, "is none; it was left out.");
            let next = memchr::memmem::find(&bytes[start + 1..], b"WARC/1.");
            self.at = next.map_or(bytes.len(), |next| start + 1 + next);
            self.bytes = bytes;
            return;
        };
        self.at = start + record.end;
        self.broken = false;
        self.report(&record, start..self.at);
        if record.cut {
            self.bad(Code::BadRecord, start, "is cut off.");
        }
        self.bytes = bytes;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn report(&mut self, record: &Record<'_>, place: Range<usize>) {
        let page = match record.page() {
            Ok(Some(page)) => page,
            Ok(None) => return,
            Err(why) => return self.bad(Code::BadRecord, place.start, why),
        };
        let offset = self.hints.bytes_before + place.start;
        let name = format!("{}#{offset}", self.name);
        let url = record.header("WARC-Target-URI").map(|url| url.trim_matches(['<', '>']).to_owned());
        let hints = Hints { url, content_type: page.content_type, bytes_before: 0, ..self.hints.clone() };
        let fetched = record.header("WARC-Date").and_then(super::dates::instant);
        for result in read_source(&Source { name: &name, bytes: &page.bytes, hints }) {
            let archived =
                Archived { sha256: self.sha256.clone(), offset, length: place.len(), fetched: fetched.clone() };
            let base = record.header("WARC-Target-URI").unwrap_or_default().trim_matches(['<', '>']);
            self.ready.push_back(result.map(|mut report| {
                let addresses = report.shown.iter_mut().flat_map(|shown| &mut shown.addresses);
                addresses.for_each(|address| *address = pictures::join(base, address));
                Report { archived: Some(archived), ..report }
            }));
        }
    }

    /// Takes in the pictures of a page that the same archive holds.
    fn see(&mut self, report: &mut Report) {
        let bytes = self.bytes.as_ref();
        let places = self.pictures.get_or_insert_with(|| places_of_pictures(bytes));
        if !places.is_empty() {
            pictures::see(report, |address| picture_at(&bytes[*places.get(key(address))?..]).map(Cow::Owned));
        }
        report.shown.clear();
    }
}

impl Iterator for Archive<'_> {
    type Item = Result<Report, Notice>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && self.at < self.bytes.len() {
            self.step();
        }
        let mut next = self.ready.pop_front();
        if let Some(Ok(report)) = &mut next
            && !report.shown.is_empty()
        {
            self.see(report);
        }
        next
    }
}

/// One record: its header lines and its block.
pub(super) struct Record<'a> {
    head: Vec<(&'a str, &'a str)>,
    pub(super) block: &'a [u8],
    /// Behind the record.
    pub(super) end: usize,
    /// The block is shorter than the header says.
    cut: bool,
}

/// What a web server answered.
pub(super) struct Page<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) content_type: Option<String>,
}

/// Header lines up to the empty one, and where the rest starts.
pub(super) fn header_lines(bytes: &[u8]) -> Option<(Vec<(&str, &str)>, usize)> {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let (end, skip) = memchr::memmem::find(head, b"\r\n\r\n")
        .map(|end| (end, 4))
        .or_else(|| memchr::memmem::find(head, b"\n\n").map(|end| (end, 2)))?;
    let lines = bytes[..end].split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    Some((
        lines.filter_map(|line| line.trim().split_once(':')).map(|(key, value)| (key.trim(), value.trim())).collect(),
        end + skip,
    ))
}

pub(super) fn find<'a>(head: &[(&str, &'a str)], key: &str) -> Option<&'a str> {
    head.iter().find(|line| line.0.eq_ignore_ascii_case(key)).map(|line| line.1)
}

impl<'a> Record<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let skip = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let bytes = &bytes[skip..];
        if !bytes.starts_with(b"WARC/") {
            return None;
        }
        let (head, start) = header_lines(bytes)?;
        let length: usize = find(&head, "Content-Length")?.parse().ok()?;
        let end = start.checked_add(length)?.min(bytes.len());
        Some(Self { head, block: &bytes[start..end], end: skip + end, cut: end < start + length })
    }

    pub(super) fn header(&self, key: &str) -> Option<&'a str> {
        find(&self.head, key)
    }

    /// The page of a response or resource; nothing when the record holds none.
    pub(super) fn page(&self) -> Result<Option<Page<'a>>, &'static str> {
        self.answer(is_text)
    }

    /// What a response or resource holds, if it is of a type that is wanted.
    fn answer(&self, wanted: fn(&str) -> bool) -> Result<Option<Page<'a>>, &'static str> {
        let kind = self.header("WARC-Type").unwrap_or_default();
        let own_type = self.header("Content-Type").unwrap_or_default();
        if kind == "resource" || kind == "conversion" {
            let page = Page { bytes: Cow::Borrowed(self.block), content_type: Some(own_type.to_owned()) };
            return Ok(wanted(own_type).then_some(page));
        }
        if kind != "response" || !own_type.starts_with("application/http") {
            return Ok(None);
        }
        let (head, start) = header_lines(self.block).ok_or("holds an answer without headers.")?;
        let status = self.block.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let content_type = find(&head, "Content-Type").unwrap_or_default();
        if !status.starts_with(b"200") || !wanted(content_type) {
            return Ok(None);
        }
        let mut bytes = Cow::Borrowed(&self.block[start..]);
        if find(&head, "Transfer-Encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
            bytes = Cow::Owned(unchunked(&bytes));
        }
        let unpacked = match find(&head, "Content-Encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" if bytes.starts_with(GZIP) => Some(unpack(GzDecoder::new(bytes.as_ref()))?),
            "deflate" => Some(
                unpack(ZlibDecoder::new(bytes.as_ref())).or_else(|_| unpack(DeflateDecoder::new(bytes.as_ref())))?,
            ),
            "br" | "zstd" => return Err("is packed in a way (br, zstd) that is not read."),
            _ => None,
        };
        let bytes = unpacked.map_or(bytes, Cow::Owned);
        Ok(Some(Page { bytes, content_type: Some(content_type.to_owned()) }))
    }
}

/// Pages, plain texts and feeds; no pictures, scripts and styles.
fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "text/html" | "application/xhtml+xml" | "text/plain" | "application/rss+xml" | "application/atom+xml"
    )
}

fn unpack(decoder: impl Read) -> Result<Vec<u8>, &'static str> {
    let mut out = Vec::new();
    let mut decoder = decoder.take(LARGEST);
    decoder.read_to_end(&mut out).map_err(|_| "holds a page whose packing is damaged.")?;
    if decoder.limit() == 0 { Err("holds a page that is too large.") } else { Ok(out) }
}

/// The body of a chunked answer. Where the chunks are broken, what is left is taken as it is.
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let whole = bytes;
    while let Some(end) = memchr::memchr(b'\n', bytes) {
        let line = String::from_utf8_lossy(&bytes[..end]);
        let Ok(length) = usize::from_str_radix(line.trim().split(';').next().unwrap_or_default().trim(), 16) else {
            // Some archives keep the header and store the body without its chunks.
            return if out.is_empty() { whole.to_vec() } else { out };
        };
        let body = &bytes[end + 1..];
        out.extend_from_slice(&body[..length.min(body.len())]);
        if length == 0 || length >= body.len() {
            break;
        }
        let behind = &body[length..];
        bytes = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n")).unwrap_or(behind);
    }
    out
}

fn is_picture(content_type: &str) -> bool {
    content_type.trim_start().get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("image/"))
}

/// An address by which pictures are looked up: the same with and without TLS.
fn key(address: &str) -> &str {
    let address = address.split('#').next().unwrap_or_default();
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

/// Where in an archive each record starts that holds a picture, by its address; of several the first. Of packed records only the heads
/// are unpacked.
fn places_of_pictures(bytes: &[u8]) -> HashMap<String, usize> {
    let mut out = HashMap::new();
    let mut note = |at: usize, record: &Record<'_>| {
        let of_type = |head: &[(&str, &str)]| find(head, "Content-Type").is_some_and(is_picture);
        if of_type(&record.head) || header_lines(record.block).is_some_and(|(head, _)| of_type(&head)) {
            let url = record.header("WARC-Target-URI").unwrap_or_default().trim_matches(['<', '>']);
            out.entry(key(url).to_owned()).or_insert(at);
        }
    };
    if bytes.starts_with(GZIP) {
        for at in memchr::memmem::find_iter(bytes, GZIP) {
            let mut head = Vec::new();
            let _ = GzDecoder::new(&bytes[at..]).take(8_192).read_to_end(&mut head);
            Record::parse(&head).iter().for_each(|record| note(at, record));
        }
        return out;
    }
    let mut at = 0;
    while let Some(record) = bytes.get(at..).and_then(Record::parse) {
        note(at, &record);
        at += record.end;
    }
    out
}

/// The picture in the record that `bytes` begin with.
fn picture_at(bytes: &[u8]) -> Option<Vec<u8>> {
    let picture = |bytes: &[u8]| {
        let record = Record::parse(bytes).filter(|record| !record.cut)?;
        Some(record.answer(is_picture).ok()??.bytes.into_owned())
    };
    if !bytes.starts_with(GZIP) {
        return picture(bytes);
    }
    picture(&unpack(GzDecoder::new(bytes)).ok()?)
}

/// Hash of an archive inside another.
pub(super) fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}
