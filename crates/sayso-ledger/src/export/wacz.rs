//! A case with its captures as WACZ: a zip of WARC files with an index, the pages, and what was found in them.
//!
//! In: the case and the ledger that holds its captures. Out: `archive/` (every capture its reports were cut out of, byte by byte),
//! `indexes/`, `pages/`, and under `case/` the case as JSON, the mentions as W3C annotations and the journal; the hash of every file in
//! `datapackage.json`, and of that in `datapackage-digest.json`. May not happen: a byte of a capture that differs from what was
//! kept.
//!
//! It is as WACZ 1.1.1 and the draft of 1.2 have it, but for one word: the draft's `"profile": "wacz"` is refused by the readers there are.
//!
//! Captures that are web archives themselves go in as they are. The others become `resource` records: what a server sent is kept, but not
//! as it stood on the wire; the heads of its answers come beside it as a `metadata` record. Pictures that were kept with a page that came
//! as a file are records, too, under the addresses by which the page shows them: it stands under an address that leads nowhere else.

use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use sayso::intake::{Format, archive_of};
use sayso::text::charset::decode;
use sayso::weigh::Entry;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Case, annotations};
use crate::store::{Error, Kept, Store};

/// Why a case could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The ledger does not give what it should.
    #[error(transparent)]
    Ledger(#[from] Error),
    /// A capture is missing, or not as it was kept.
    #[error("the capture of report {0} is not as it was kept: `sayso verify` tells what is damaged")]
    Damaged(String),
    /// The file does not take it.
    #[error("the archive could not be written: {0}")]
    Write(#[from] std::io::Error),
    /// The same, as the zip has it.
    #[error("the archive could not be written: {0}")]
    Zip(#[from] zip::result::ZipError),
}

/// The archive's main file.
const DATA: &str = "data.warc.gz";
/// Where nobody noted when a capture was received.
const UNKNOWN: &str = "1970-01-01T00:00:00Z";
/// Bytes of a record in which its head must end.
const HEAD: u64 = 64 << 10;

/// Writes the case; `at` is the moment, RFC 3339 UTC.
///
/// # Errors
/// When the ledger does not give its captures, or `out` takes no more.
pub fn export(case: &Case<'_>, ledger: &dyn Store, at: &str, out: impl Write + Seek) -> Result<(), Failed> {
    let mut packed = Package { zip: ZipWriter::new(out), resources: Vec::new() };
    let mut held: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in case.reports() {
        let archive = entry.report.archived.as_ref().map(|archived| archived.sha256.as_str());
        held.entry(archive.unwrap_or(&entry.report.sha256)).or_default().push(entry);
    }
    let mut written = Written::default();
    let (archives, single): (Vec<_>, Vec<_>) = held.into_iter().partition(|(_, of)| of[0].report.archived.is_some());
    packed.file(&format!("archive/{DATA}"), CompressionMethod::Stored, |file| {
        let mut warc = Warc { out: file, at: 0 };
        warc.record(&Record::info(at))?;
        single.iter().try_for_each(|(_, reports)| captured(case, ledger, reports, &mut warc, &mut written))
    })?;
    for (hash, reports) in archives {
        let first = &reports[0].report;
        let damaged = || Failed::Damaged(first.id.clone());
        let bytes = ledger.original(case.name, &first.id)?.ok_or_else(damaged)?;
        let bytes = first.archived.as_ref().and_then(|archived| archive_of(&bytes, archived)).ok_or_else(damaged)?;
        if hex(&bytes) != hash {
            return Err(damaged());
        }
        let ending = if bytes.starts_with(&[0x1f, 0x8b]) { "warc.gz" } else { "warc" };
        let name = format!("{}.{ending}", hash.get(..16).unwrap_or(hash));
        packed.bytes(&format!("archive/{name}"), CompressionMethod::Stored, &bytes)?;
        reports.iter().for_each(|entry| written.archived(entry, &name, &bytes));
    }
    written.index.sort();
    written.index.dedup();
    let deflated = CompressionMethod::Deflated;
    packed.bytes("indexes/index.cdxj", deflated, written.index.concat().as_bytes())?;
    let head = json!({"format": "json-pages-1.0", "id": "pages", "title": format!("Reports of the case {}", case.name), "hasText": true});
    packed.bytes("pages/pages.jsonl", deflated, format!("{head}\n{}", written.pages.concat()).as_bytes())?;
    packed.bytes("case/case.json", deflated, super::json::export(case).to_string().as_bytes())?;
    packed.bytes("case/annotations.json", deflated, annotations::export(case).to_string().as_bytes())?;
    let journal: String =
        case.journal.iter().filter_map(|line| serde_json::to_string(line).ok()).map(|line| line + "\n").collect();
    // Readers take an empty file of lines for a broken one.
    if !journal.is_empty() {
        packed.bytes("case/journal.jsonl", deflated, journal.as_bytes())?;
    }
    packed.finish(case, at)
}

/// What was written of captures, for the index and the list of pages.
#[derive(Default)]
struct Written {
    index: Vec<String>,
    pages: Vec<String>,
}

impl Written {
    fn page(&mut self, entry: &Entry, url: &str, at: &str, size: usize) {
        let r = &entry.report;
        let line = json!({"id": r.id, "url": url, "ts": at, "title": r.title, "size": size, "text": r.text, "outlet": r.outlet,
                          "published": r.published, "canonical": r.url});
        self.pages.push(format!("{line}\n"));
    }

    fn indexed(&mut self, url: &str, at: &str, place: Value) {
        self.index.push(format!("{} {} {place}\n", surt(url), digits(at)));
    }

    /// A report that lies in a web archive, which is now called `file`.
    fn archived(&mut self, entry: &Entry, file: &str, archive: &[u8]) {
        let Some(archived) = &entry.report.archived else { return };
        let head = head_of(archive, archived.offset, archived.length);
        let said = |key: &str| {
            let line =
                head.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case(key));
            line.map(|(_, value)| value.trim().trim_matches(['<', '>']).to_owned())
        };
        let url = said("WARC-Target-URI").unwrap_or_else(|| format!("urn:sha256:{}", entry.report.sha256));
        let at = archived.fetched.as_deref().unwrap_or(UNKNOWN);
        let mut place = json!({"url": url, "offset": archived.offset.to_string(), "length": archived.length.to_string(), "filename": file});
        if let Some(digest) = said("WARC-Payload-Digest") {
            place["digest"] = digest.into();
        }
        // The head of what a server answered stands behind that of the record.
        let answer = head.split("\r\n\r\n").nth(1).unwrap_or_default();
        if let Some(status) = answer.strip_prefix("HTTP/").and_then(|rest| rest.split(' ').nth(1)) {
            place["status"] = status.trim().into();
        }
        let kind = answer
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        place["mime"] = kind.map_or("text/html", |(_, kind)| kind.split(';').next().unwrap_or_default().trim()).into();
        self.indexed(&url, at, place);
        self.page(entry, &url, at, archived.length);
    }
}

/// The first lines of a record, unpacked.
fn head_of(archive: &[u8], offset: usize, length: usize) -> String {
    let record = archive.get(offset..offset.saturating_add(length)).unwrap_or_default();
    let mut head = Vec::new();
    let read = match record {
        [0x1f, 0x8b, ..] => GzDecoder::new(record).take(HEAD).read_to_end(&mut head),
        record => record.take(HEAD).read_to_end(&mut head),
    };
    // What is broken behind its head still has one.
    drop(read);
    String::from_utf8_lossy(&head).into_owned()
}

/// Writes the capture that these reports were cut out of.
fn captured<W: Write>(
    case: &Case<'_>,
    ledger: &dyn Store,
    reports: &[&Entry],
    warc: &mut Warc<W>,
    written: &mut Written,
) -> Result<(), Failed> {
    let first = &reports[0].report;
    let damaged = || Failed::Damaged(first.id.clone());
    let bytes = ledger.original(case.name, &first.id)?.ok_or_else(damaged)?;
    let hash = hex(&bytes);
    if hash != first.sha256 {
        return Err(damaged());
    }
    let (source, kept) = provenance(ledger, &first.source, &hash)?;
    let headers = kept.as_ref().and_then(|kept| kept.headers.as_deref()).unwrap_or_default();
    let at = kept.as_ref().and_then(|kept| kept.fetched.as_deref()).unwrap_or(UNKNOWN);
    let pictures = beside(ledger, reports)?;
    // Names under `.invalid` are nobody's (RFC 2606).
    let folder = format!("http://{}.invalid/", hash.get(..16).unwrap_or(&hash));
    let url = asked(headers).unwrap_or_else(|| match pictures.is_empty() {
        true => format!("urn:sha256:{hash}"),
        false => format!("{folder}{}", in_address(source.rsplit(['/', '\\']).next().unwrap_or(&source))),
    });
    let mime = mime(&source, headers, &bytes);
    let record = Record { kind: "resource", url: Some(&url), at, mime: &mime, beside: None, block: &bytes };
    let (offset, length) = warc.record(&record)?;
    let place = json!({"url": url, "digest": format!("sha256:{hash}"), "mime": mime.split(';').next(),
                       "offset": offset.to_string(), "length": length.to_string(), "filename": DATA});
    written.indexed(&url, at, place);
    let about = format!("source: {}\n{headers}", source.replace(['\r', '\n'], " "));
    let metadata = Record {
        kind: "metadata",
        mime: "text/plain; charset=utf-8",
        beside: Some(record.id()),
        block: about.as_bytes(),
        ..record
    };
    warc.record(&metadata)?;
    for (address, bytes) in pictures.iter().filter(|_| url.starts_with(&folder)) {
        let (url, mime) = (format!("{folder}{address}"), mime_of_picture(bytes));
        let record = Record { kind: "resource", url: Some(&url), at, mime, beside: None, block: bytes };
        let (offset, length) = warc.record(&record)?;
        let place = json!({"url": url, "digest": format!("sha256:{}", hex(bytes)), "mime": mime,
                           "offset": offset.to_string(), "length": length.to_string(), "filename": DATA});
        written.indexed(&url, at, place);
    }
    reports.iter().for_each(|entry| written.page(entry, &url, at, bytes.len()));
    Ok(())
}

/// The pictures that lie beside the file these reports came from and are kept, by their addresses as seen from it.
fn beside(ledger: &dyn Store, reports: &[&Entry]) -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let mut out = BTreeMap::new();
    for report in reports.iter().map(|entry| &entry.report) {
        let lies_beside = |source: &str| !source.contains(':') && !source.starts_with(['/', '#', '?']);
        for picture in report.pictures.iter().filter(|picture| lies_beside(&picture.source)) {
            let Some(bytes) = ledger.bytes(&picture.sha256)? else { continue };
            if hex(&bytes) != picture.sha256 {
                return Err(Failed::Damaged(report.id.clone()));
            }
            let address = picture.source.split('#').next().unwrap_or_default();
            let steps = address.split('/').filter(|step| !matches!(*step, "." | ""));
            out.insert(in_address(&steps.collect::<Vec<_>>().join("/")), bytes);
        }
    }
    Ok(out)
}

/// A path as a browser writes it into an address.
fn in_address(path: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte if b"-._~!$&'()*+,;=@/?%".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(sign).collect()
}

fn mime_of_picture(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => "application/octet-stream",
    }
}

/// Where a capture came from. A report's source is that of its capture, with `#record` where it holds several.
fn provenance(ledger: &dyn Store, source: &str, sha256: &str) -> Result<(String, Option<Kept>), Error> {
    let mut name = source;
    loop {
        if let Some(kept) = ledger.captures(name)?.into_iter().find(|kept| kept.sha256 == sha256) {
            return Ok((name.to_owned(), Some(kept)));
        }
        match name.rsplit_once('#') {
            Some((shorter, _)) => name = shorter,
            None => return Ok((source.to_owned(), None)),
        }
    }
}

/// The last URL that was asked, which gave the bytes.
fn asked(headers: &str) -> Option<String> {
    headers.lines().rev().find_map(|line| line.strip_prefix("GET ")).map(str::to_owned)
}

/// What kind of bytes they are: as the server said, else as they look.
fn mime(name: &str, headers: &str, bytes: &[u8]) -> String {
    let last = headers.rfind("GET ").map_or("", |at| &headers[at..]);
    let said =
        last.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| key.eq_ignore_ascii_case("content-type"));
    if let Some((_, said)) = said {
        return said.to_owned();
    }
    if name.ends_with(".eml") {
        return "message/rfc822".to_owned();
    }
    match Format::of(name, None, &decode(bytes, None).text) {
        Format::Html | Format::TelegramHtml => "text/html",
        Format::Feed => "application/rss+xml",
        Format::JsonFeed | Format::Telegram => "application/json",
        Format::Jsonl => "application/x-ndjson",
        Format::Plain => "text/plain",
    }
    .to_owned()
}

/// A record of a WARC file.
#[derive(Clone, Copy)]
struct Record<'a> {
    kind: &'a str,
    url: Option<&'a str>,
    at: &'a str,
    mime: &'a str,
    /// The record that it tells about.
    beside: Option<[u8; 16]>,
    block: &'a [u8],
}

impl<'a> Record<'a> {
    fn info(at: &'a str) -> Self {
        let block =
            concat!("software: sayso/", env!("CARGO_PKG_VERSION"), "\r\nformat: WARC File Format 1.1\r\n").as_bytes();
        Self { kind: "warcinfo", url: None, at, mime: "application/warc-fields", beside: None, block }
    }

    /// Made from what the record says: the same record has the same id.
    fn id(&self) -> [u8; 16] {
        let mut hasher = Sha256::new();
        for part in [self.kind, self.url.unwrap_or_default(), self.at] {
            hasher.update(part);
            hasher.update([0]);
        }
        hasher.update(self.block);
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize()[..16]);
        // A UUID of version 8, of one's own making.
        id[6] = id[6] & 0x0f | 0x80;
        id[8] = id[8] & 0x3f | 0x80;
        id
    }

    fn head(&self) -> String {
        let mut head = format!(
            "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: <{}>\r\nWARC-Date: {}\r\n",
            self.kind,
            uuid(self.id()),
            self.at
        );
        if let Some(url) = self.url {
            head.push_str(&format!("WARC-Target-URI: {url}\r\n"));
        }
        if let Some(beside) = self.beside {
            head.push_str(&format!("WARC-Refers-To: <{}>\r\n", uuid(beside)));
        }
        let digest = hex(self.block);
        head.push_str(&format!("WARC-Block-Digest: sha256:{digest}\r\n"));
        if self.kind == "resource" {
            head.push_str(&format!("WARC-Payload-Digest: sha256:{digest}\r\n"));
        }
        head + &format!("Content-Type: {}\r\nContent-Length: {}\r\n\r\n", self.mime, self.block.len())
    }
}

/// A WARC file under way, packed record by record.
struct Warc<W> {
    out: W,
    at: u64,
}

impl<W: Write> Warc<W> {
    /// Writes a record. Out: its first byte and its length, packed.
    fn record(&mut self, record: &Record<'_>) -> std::io::Result<(u64, u64)> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(record.head().as_bytes())?;
        packed.write_all(record.block)?;
        packed.write_all(b"\r\n\r\n")?;
        let packed = packed.finish()?;
        self.out.write_all(&packed)?;
        let place = (self.at, packed.len() as u64);
        self.at += place.1;
        Ok(place)
    }
}

/// The zip under way.
struct Package<W: Write + Seek> {
    zip: ZipWriter<W>,
    resources: Vec<Value>,
}

/// One of its files, hashed as it is written.
struct File<'a, W: Write + Seek> {
    zip: &'a mut ZipWriter<W>,
    hasher: Sha256,
    length: u64,
}

impl<W: Write + Seek> Write for File<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.zip.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.zip.flush()
    }
}

impl<W: Write + Seek> Package<W> {
    fn file(
        &mut self,
        path: &str,
        method: CompressionMethod,
        write: impl FnOnce(&mut File<'_, W>) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        // No time and no rights: the same case gives the same bytes.
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(path, options)?;
        let mut file = File { zip: &mut self.zip, hasher: Sha256::new(), length: 0 };
        write(&mut file)?;
        let (hash, length) = (lower(&file.hasher.finalize()), file.length);
        let name = path.rsplit('/').next().unwrap_or(path);
        self.resources.push(json!({"name": name, "path": path, "hash": format!("sha256:{hash}"), "bytes": length}));
        Ok(())
    }

    fn bytes(&mut self, path: &str, method: CompressionMethod, bytes: &[u8]) -> Result<(), Failed> {
        self.file(path, method, |file| Ok(file.write_all(bytes)?))
    }

    fn finish(mut self, case: &Case<'_>, at: &str) -> Result<(), Failed> {
        let resources = std::mem::take(&mut self.resources);
        let description = "The captures of a case, with what was found in them: `case/case.json` has its claims and on whose say-so they \
             stand, `case/annotations.json` every mention as a W3C Web Annotation, `case/journal.jsonl` what people decided.";
        let package = json!({
            "profile": "data-package", "wacz_version": "1.1.1", "title": format!("Case {}", case.name), "description": description,
            "created": at, "software": concat!("sayso ", env!("CARGO_PKG_VERSION")), "resources": resources,
        });
        let package = format!("{package:#}\n");
        let digest = json!({"path": "datapackage.json", "hash": format!("sha256:{}", hex(package.as_bytes()))});
        self.bytes("datapackage.json", CompressionMethod::Deflated, package.as_bytes())?;
        self.bytes("datapackage-digest.json", CompressionMethod::Deflated, format!("{digest:#}\n").as_bytes())?;
        self.zip.finish()?;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    lower(&Sha256::digest(bytes))
}

fn lower(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn uuid(id: [u8; 16]) -> String {
    let text = lower(&id);
    format!("urn:uuid:{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

/// A moment as the index has it: fourteen digits.
fn digits(at: &str) -> String {
    let digits: String = at.chars().filter(char::is_ascii_digit).take(14).collect();
    format!("{digits:0<14}")
}

/// A URL as an index sorts it (Sort-friendly URI Reordering Transform): its host from the end, without `www.` and case.
fn surt(url: &str) -> String {
    let lower = url.to_lowercase();
    let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) else { return lower };
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit('@').next().unwrap_or(host);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, "80" | "443")) => (host, ""),
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (host, ""),
    };
    let host = host.strip_prefix("www.").unwrap_or(host);
    let numbers = host.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let turned = if numbers { host.to_owned() } else { host.rsplit('.').collect::<Vec<_>>().join(",") };
    let port = if port.is_empty() { String::new() } else { format!(":{port}") };
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    format!("{turned}{port}){path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_sort_by_their_host_from_the_end() {
        assert_eq!(surt("https://www.Example.org:443/A?b=1#c"), "org,example)/a?b=1");
        assert_eq!(surt("http://127.0.0.1:8080"), "127.0.0.1:8080)/");
        assert_eq!(surt("urn:sha256:ab"), "urn:sha256:ab");
        assert_eq!(digits("2025-05-12T08:00:00.5Z"), "20250512080000");
        assert_eq!(digits("2025-05-12"), "20250512000000");
    }
}
