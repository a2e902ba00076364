//! Words taken out of a web archive (WARC): of the report's page, of whatever tells of it, never of another report's.
//!
//! In: the archive's bytes. Out: others, with every record in its place: one that is packed is packed again into as many bytes, and where it
//! does not fit, it goes to the end, and a record that says so stands in its place. Digests are made anew. May not happen: another
//! report's page with another byte, or in another place.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::ops::Range;

use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};

use super::digest::anew;
use super::index::gzip;
use super::{Cannot, Redacted, Wanted, flat, held, is_masked, kept, masked, spans, without};
use crate::intake::warc::{GZIP, LARGEST, Record, find, hash, header_lines};
use crate::intake::{Hints, Source, read_source};
use crate::report::Report;
use crate::span::Span;

/// A WARC file.
pub(super) fn redact(source: &Source<'_>, report: &Report, wanted: Wanted<'_>) -> Result<Redacted, Cannot> {
    let mut walk = Walk::new(report, wanted);
    let mut changed = walk.archive(source.bytes)?;
    if walk.again() {
        changed = walk.archive(source.bytes)?;
    }
    let mut own = walk.own.ok_or(Cannot::OtherText)?;
    if changed.is_none() && own.text == report.text {
        return Err(Cannot::Nowhere);
    }
    let same = || Changed { bytes: source.bytes.to_vec(), places: Vec::new(), moved: BTreeMap::new() };
    let Changed { bytes, places, moved } = changed.unwrap_or_else(same);
    own.archived.clone_from(&report.archived);
    if let Some(archived) = &mut own.archived {
        archived.sha256 = hash(&bytes);
        if let Some(now) = moved.get(&archived.offset) {
            (archived.offset, archived.length) = (now.start, now.len());
        }
    }
    let done = Redacted {
        bytes,
        report: own,
        spans: spans(report, wanted),
        places,
        left: walk.left,
        inside: Vec::new(),
        names: false,
    };
    read_again(source, &done, report)?;
    Ok(done)
}

/// Reads an archive as it is now: each report has the text that it had, but for the one that is meant.
pub(super) fn read_again(source: &Source<'_>, done: &Redacted, report: &Report) -> Result<(), Cannot> {
    let mut texts: BTreeMap<String, i64> = BTreeMap::new();
    for before in read_source(source).flatten() {
        let text = if before.text == report.text { &done.report.text } else { &before.text };
        *texts.entry(hash(text.as_bytes())).or_default() += 1;
    }
    let after = Source { name: source.name, bytes: &done.bytes, hints: source.hints.clone() };
    for after in read_source(&after).flatten() {
        *texts.entry(hash(after.text.as_bytes())).or_default() -= 1;
    }
    let same = texts.values().all(|count| *count == 0);
    same.then_some(()).ok_or(Cannot::Form("its text would be read otherwise"))
}

/// A walk through the archives of one capture.
pub(super) struct Walk<'a> {
    report: &'a Report,
    wanted: Wanted<'a>,
    /// The report as it is cut out now.
    pub(super) own: Option<Report>,
    /// Places in other reports' records.
    pub(super) left: usize,
    /// Digests of pages that are others now.
    pub(super) digests: BTreeMap<String, String>,
    /// Addresses of records that hold the report.
    pub(super) ours: BTreeSet<String>,
    /// Addresses of other reports' records that hold the words.
    pub(super) theirs: BTreeSet<String>,
    /// Whether the record at hand holds a page that another report may be cut out of: it has to stay where it is.
    fixed: bool,
    /// Whether the record at hand stands where the report was cut out of.
    here: bool,
    /// Whether pages are looked at that do not hold the words.
    all: bool,
}

/// An archive that is another now.
pub(super) struct Changed {
    pub(super) bytes: Vec<u8>,
    pub(super) places: Vec<Span>,
    /// Where records are now that did not fit into their places, by where they were.
    pub(super) moved: BTreeMap<usize, Range<usize>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(report: &'a Report, wanted: Wanted<'a>) -> Self {
        let (own, left, digests, ours, theirs) = Default::default();
        Self { report, wanted, own, left, digests, ours, theirs, fixed: false, here: false, all: false }
    }

    /// Whether to go once more, through all pages: the report was not found, as when the words went from its page with those of another
    /// report of the same text.
    pub(super) fn again(&mut self) -> bool {
        let again = self.own.is_none();
        if again {
            *self = Self { all: true, ..Self::new(self.report, self.wanted) };
        }
        again
    }

    /// One archive; none when nothing in it is another now.
    pub(super) fn archive(&mut self, bytes: &[u8]) -> Result<Option<Changed>, Cannot> {
        let (mut out, mut places, mut moved, mut at) = (None, Vec::new(), BTreeMap::new(), 0);
        loop {
            // Between records that are not packed stand empty lines.
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if at >= bytes.len() {
                break;
            }
            let (place, unpacked) = member(bytes, at);
            at = place.end;
            let Some(mut unpacked) = unpacked else { continue };
            let (before, mut inner) = (unpacked.clone(), 0);
            self.fixed = false;
            self.here = self.report.archived.as_ref().is_some_and(|archived| archived.offset == place.start);
            while let Some(record) = Record::parse(&unpacked[inner..]) {
                let end = inner + record.end;
                self.record(&mut unpacked, inner)?;
                inner = end;
            }
            if unpacked == before {
                continue;
            }
            let packed = bytes[place.start..].starts_with(GZIP);
            let out = out.get_or_insert_with(|| bytes.to_vec());
            let record = match if packed { pack(&unpacked, place.len()) } else { Some(unpacked.clone()) } {
                Some(record) => record,
                None if self.fixed => return Err(NO_ROOM),
                None => {
                    let start = out.len();
                    out.extend(gzip(&unpacked).ok_or(NO_ROOM)?);
                    moved.insert(place.start, start..out.len());
                    pack(&gone(&before), place.len()).ok_or(NO_ROOM)?
                }
            };
            out[place.clone()].copy_from_slice(&record);
            places.push(Span { start: place.start, end: place.end });
        }
        Ok(out.map(|bytes| Changed { bytes, places, moved }))
    }

    /// One record, changed where it stands.
    fn record(&mut self, all: &mut [u8], at: usize) -> Result<(), Cannot> {
        let Some(record) = Record::parse(&all[at..]) else { return Ok(()) };
        let at = at + all[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let block = within(all, record.block);
        let head = at..block.start;
        let kind = record.header("WARC-Type").unwrap_or_default().to_owned();
        let url = record.header("WARC-Target-URI").map(|url| url.trim_matches(['<', '>']).to_owned());
        let page = record.page().ok().flatten();
        let page = page.map(|page| (page.bytes.into_owned(), page.content_type));
        let http = record.header("Content-Type").is_some_and(|kind| kind.starts_with("application/http"));
        let body = Body::of(all, block.clone(), http);
        let before = all[block.clone()].to_vec();
        match page {
            Some((page, content_type)) => {
                let hints = Hints { url: url.clone(), content_type, ..Hints::default() };
                let source = Source { name: &self.report.source, bytes: &page, hints };
                let heads = String::from_utf8_lossy(&all[at..body.start]);
                let more = self.wanted.words.iter().map(|words| words.find_written(&heads).len()).sum::<usize>();
                let Some(new) = self.page(&source, more > 0)? else {
                    self.note(url, more + held(&source, self.wanted.words));
                    return Ok(());
                };
                if new != page && body.text() != page {
                    return Err(Cannot::Form("the page is packed within its record"));
                } else if new != page {
                    body.put(all, &new)?;
                }
                self.ours.extend(url);
            }
            None => {
                if let Some(new) = without(body.text(), body.content_type.as_deref(), self.wanted.words) {
                    body.put(all, &new)?;
                }
            }
        }
        self.lines(&mut all[head.clone()]);
        if http {
            self.lines(&mut all[block.start..body.start]);
        }
        if all[block.clone()] != before {
            self.digests_anew(all, head.clone(), &before, &body);
        }
        if kind == "revisit" {
            self.revisit(&mut all[head]);
        }
        Ok(())
    }

    fn note(&mut self, url: Option<String>, left: usize) {
        self.left += left;
        self.theirs.extend(url.filter(|_| left > 0));
    }

    /// A page without the words, if it is the report's (as it was kept, or another with the same text) or no report's at all. None for
    /// another report's, and where they are neither in it nor in its head.
    fn page(&mut self, source: &Source<'_>, in_head: bool) -> Result<Option<Vec<u8>>, Cannot> {
        let is_own = hash(source.bytes) == self.report.sha256;
        let spans = spans(self.report, self.wanted);
        let same = |other: &Report| other.text == self.report.text || is_masked(&self.report.text, &other.text, &spans);
        if !is_own {
            if !self.all && !in_head && held(source, self.wanted.words) == 0 {
                return Ok(None);
            }
            let reports: Vec<Report> = read_source(source).flatten().collect();
            if reports.is_empty() {
                let new = without(source.bytes, source.hints.content_type.as_deref(), self.wanted.words);
                return Ok(Some(new.unwrap_or_else(|| source.bytes.to_vec())));
            } else if !reports.iter().any(same) {
                return Ok(None);
            }
            self.fixed = true;
        }
        let alone = Report { archived: None, ..self.report.clone() };
        match flat(source, &alone, self.wanted) {
            Ok(done) => {
                self.left += done.left;
                if is_own || self.here || self.own.is_none() {
                    self.own = Some(done.report);
                }
                Ok(Some(done.bytes))
            }
            Err(Cannot::Nowhere) => {
                if is_own || self.here || self.own.is_none() {
                    self.own = Some(kept(&alone, alone.text.clone(), self.wanted.words, source.bytes));
                }
                Ok(Some(source.bytes.to_vec()))
            }
            Err(error) => Err(error),
        }
    }

    /// Masks the words in the lines of a head, where a person reads: what machines count by stays.
    fn lines(&self, head: &mut [u8]) {
        let mut at = 0;
        while at < head.len() {
            let end = memchr::memchr(b'\n', &head[at..]).map_or(head.len(), |end| at + end + 1);
            let line = &mut head[at..end];
            at = end;
            let Ok(text) = std::str::from_utf8(line) else { continue };
            let from = match text.split_once(':') {
                _ if text.starts_with("HTTP/") || text.starts_with("WARC/") => continue,
                Some((key, _)) if is_counted(key) => continue,
                Some((key, _)) if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => key.len(),
                _ => 0,
            };
            let masked = masked(&text[from..], self.wanted.words);
            line[from..].copy_from_slice(masked.as_bytes());
        }
    }

    /// Digests of a record whose block is another now; what did not fit before stays as it is.
    fn digests_anew(&mut self, all: &mut [u8], head: Range<usize>, before: &[u8], body: &Body) {
        let after = all[head.end..head.end + before.len()].to_vec();
        let start = body.start - head.end;
        let was = Body::of(before, 0..before.len(), start > 0);
        let now = Body::of(&after, 0..after.len(), start > 0);
        let pairs: [(&[u8], &[u8]); 4] = [
            (before, &after),
            (&before[start..], &after[start..]),
            (&was.joined, &now.joined),
            (was.text(), now.text()),
        ];
        for (at, said) in digests(&all[head.clone()]) {
            if let Some(new) = pairs.iter().find_map(|(before, after)| anew(&said, before, after)) {
                let at = head.start + at;
                all[at..at + new.len()].copy_from_slice(new.as_bytes());
                self.digests.insert(said, new);
            }
        }
    }

    /// A record that says that a page was the same as before.
    fn revisit(&self, head: &mut [u8]) {
        for (at, said) in digests(head) {
            if let Some(new) = self.digests.get(&said) {
                head[at..at + new.len()].copy_from_slice(new.as_bytes());
            }
        }
    }
}

const NO_ROOM: Cannot = Cannot::Form("its record does not fit into its place in the archive any more");

/// A record that stands where another one stood.
fn gone(before: &[u8]) -> Vec<u8> {
    let date = Record::parse(before).and_then(|record| record.header("WARC-Date")).unwrap_or("1970-01-01T00:00:00Z");
    let (id, block) = (hash(before), "redacted: this record stands at the end of the archive");
    let id = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..32]);
    format!(
        "WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Date: {date}\r\nContent-Type: application/warc-fields\r\n\
         Content-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
    .into_bytes()
}

/// Where a part of some bytes lies in them.
fn within(all: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr() as usize - all.as_ptr() as usize;
    start..start + part.len()
}

/// The record that starts at a byte, or the packed ones, and where they lie; none where they are damaged.
fn member(bytes: &[u8], at: usize) -> (Range<usize>, Option<Vec<u8>>) {
    let rest = &bytes[at..];
    let next = |mark: &[u8]| memchr::memmem::find(&rest[1..], mark).map_or(bytes.len(), |next| at + 1 + next);
    if rest.starts_with(GZIP) {
        let mut unpacked = Vec::new();
        let mut decoder = GzDecoder::new(rest).take(LARGEST);
        let whole = decoder.read_to_end(&mut unpacked);
        if whole.is_err() || decoder.limit() == 0 {
            return (at..next(GZIP), None);
        }
        let left = decoder.into_inner().into_inner().len();
        return (at..(bytes.len() - left).max(at + 1), Some(unpacked));
    }
    match Record::parse(rest) {
        Some(record) => (at..at + record.end, Some(rest[..record.end].to_vec())),
        None => (at..next(b"WARC/1."), None),
    }
}

/// Lines of heads that machines count and find by.
fn is_counted(key: &str) -> bool {
    const KEYS: [&str; 16] = [
        "age",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "etag",
        "expires",
        "last-modified",
        "transfer-encoding",
        "warc-concurrent-to",
        "warc-date",
        "warc-profile",
        "warc-record-id",
        "warc-refers-to",
        "warc-refers-to-date",
        "warc-type",
    ];
    let key = key.to_ascii_lowercase();
    KEYS.contains(&key.as_str()) || key.starts_with("warc-") && key.ends_with("-digest")
}

/// The digests in a record's head, and where their first byte is.
fn digests(head: &[u8]) -> Vec<(usize, String)> {
    let Some((lines, _)) = header_lines(head) else { return Vec::new() };
    let is_digest = |key: &str| {
        let key = key.to_ascii_lowercase();
        key == "warc-payload-digest" || key == "warc-block-digest"
    };
    let found = lines.into_iter().filter(|(key, _)| is_digest(key));
    found.map(|(_, value)| (within(head, value.as_bytes()).start, value.to_owned())).collect()
}

/// What a record holds behind the heads.
struct Body {
    start: usize,
    /// Where it lies: in one piece, or in chunks.
    ranges: Vec<Range<usize>>,
    joined: Vec<u8>,
    /// What that unpacks to.
    unpacked: Option<Vec<u8>>,
    content_type: Option<String>,
}

impl Body {
    fn of(all: &[u8], block: Range<usize>, http: bool) -> Self {
        let plain = |start: usize| {
            let (ranges, joined) = (Vec::from_iter(Some(start..block.end)), all[start..block.end].to_vec());
            Self { start, ranges, joined, unpacked: None, content_type: None }
        };
        let Some((head, start)) = header_lines(&all[block.clone()]).filter(|_| http) else { return plain(block.start) };
        let mut out = plain(block.start + start);
        out.content_type = find(&head, "Content-Type").map(str::to_owned);
        if find(&head, "Transfer-Encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
            && let Some(chunks) = chunks(all, out.start..block.end)
        {
            out.joined = chunks.iter().flat_map(|chunk| &all[chunk.clone()]).copied().collect();
            out.ranges = chunks;
        }
        if out.joined.starts_with(GZIP) {
            let mut unpacked = Vec::new();
            let mut decoder = GzDecoder::new(out.joined.as_slice()).take(LARGEST);
            let whole = decoder.read_to_end(&mut unpacked).is_ok() && decoder.limit() > 0;
            out.unpacked = whole.then_some(unpacked);
        }
        out
    }

    fn text(&self) -> &[u8] {
        self.unpacked.as_ref().unwrap_or(&self.joined)
    }

    /// Writes another text, in as many bytes, packed as it was.
    fn put(&self, all: &mut [u8], text: &[u8]) -> Result<(), Cannot> {
        if text == self.text() {
            return Ok(());
        }
        let packed = match self.unpacked {
            Some(_) => pack(text, self.joined.len()).ok_or(NO_ROOM)?,
            None => text.to_vec(),
        };
        let mut rest = packed.as_slice();
        for range in &self.ranges {
            let (own, behind) = rest.split_at_checked(range.len()).ok_or(NO_ROOM)?;
            all[range.clone()].copy_from_slice(own);
            rest = behind;
        }
        rest.is_empty().then_some(()).ok_or(NO_ROOM)
    }
}

/// Where the chunks of an answer lie; none where they are broken.
fn chunks(all: &[u8], body: Range<usize>) -> Option<Vec<Range<usize>>> {
    let (mut out, mut at) = (Vec::new(), body.start);
    loop {
        let end = at + memchr::memchr(b'\n', all.get(at..body.end)?)?;
        let line = std::str::from_utf8(&all[at..end]).ok()?;
        let length = usize::from_str_radix(line.trim().split(';').next()?.trim(), 16).ok()?;
        if length == 0 {
            return Some(out);
        }
        let chunk = end + 1..(end + 1).checked_add(length).filter(|end| *end <= body.end)?;
        at = chunk.end;
        out.push(chunk);
        at +=
            [&b"\r\n"[..], b"\n"].iter().find(|line| all[at..body.end].starts_with(line)).map_or(0, |line| line.len());
        if at == body.end {
            return Some(out);
        }
    }
}

/// Bytes packed into exactly so many: what is left over is said in the head to be of no meaning (RFC 1952 §2.3.1.1).
fn pack(bytes: &[u8], room: usize) -> Option<Vec<u8>> {
    const MOST: usize = 65_000;
    let packed = |head: GzBuilder, level: u32| {
        let mut writer = head.write(Vec::new(), Compression::new(level));
        writer.write_all(bytes).ok()?;
        writer.finish().ok()
    };
    (1..=9).rev().find_map(|level| {
        let left = room.checked_sub(packed(GzBuilder::new(), level)?.len())?;
        let head = match left {
            0 => GzBuilder::new(),
            // A comment, which ends with a NUL.
            1 => GzBuilder::new().comment(""),
            left if left <= MOST + 2 => GzBuilder::new().extra(vec![0; left - 2]),
            left => GzBuilder::new().extra(vec![0; MOST]).comment(vec![b' '; (left - MOST - 3).min(MOST)]),
        };
        packed(head, level).filter(|own| own.len() == room)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_fills_its_room() {
        let text = b"Mayor Ana Lind said that the bridge had been struck. ".repeat(20);
        let mut own = GzBuilder::new().write(Vec::new(), Compression::best());
        own.write_all(&text).unwrap();
        let least = own.finish().unwrap().len();
        for more in [0, 1, 2, 3, 300, 65_002, 65_003, 65_004, 100_000, 130_003] {
            let packed = pack(&text, least + more).unwrap_or_default();
            assert_eq!(packed.len(), least + more, "{more}");
            let mut back = Vec::new();
            GzDecoder::new(packed.as_slice()).read_to_end(&mut back).unwrap();
            assert_eq!(back, text);
        }
        assert_eq!(pack(&text, least - 1), None);
    }

    #[test]
    fn chunks_lie_where_they_are_said_to() {
        let answer = b"head5\r\nhello\r\n3;x=1\r\n wo\r\n0\r\n\r\n";
        assert_eq!(chunks(answer, 4..answer.len()), Some(vec![7..12, 21..24]));
        assert_eq!(chunks(answer, 4..10), None);
        assert_eq!(chunks(b"no chunks", 0..9), None);
    }
}
