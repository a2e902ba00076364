//! Words taken out of a package (WACZ): of the web archives inside, of its indexes and lists of pages, of whatever else is text in it.
//!
//! In: the zip's bytes. Out: a zip with the same files in the same order; those without the words are copied as they lie there. The hashes
//! in `datapackage.json` and `datapackage-digest.json` are made anew. May not happen: a file that could not be looked into, passed over.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::ops::Range;

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::archive::{Changed, Walk, read_again};
use super::index::{Done, Record, Records, gzip};
use super::{Cannot, Inside, Redacted, Wanted, found, is_text, mask_strings, masked, spans, without};
use crate::intake::Source;
use crate::intake::wacz::{self, LARGEST, Zip};
use crate::intake::warc::{GZIP, hash};
use crate::report::Report;
use crate::span::Span;

const LIST: &str = "datapackage.json";
const DIGEST: &str = "datapackage-digest.json";
const UNREAD: Cannot = Cannot::Form("a file in it cannot be unpacked");
const UNWRITTEN: Cannot = Cannot::Form("it could not be packed again");

/// A WACZ file.
pub(super) fn redact(source: &Source<'_>, report: &Report, wanted: Wanted<'_>) -> Result<Redacted, Cannot> {
    let mut package = Package::open(source.bytes).ok_or(Cannot::OtherText)?;
    let mut walk = Walk::new(report, wanted);
    let (mut found, mut changed) = package.archives(&mut walk)?;
    if walk.again() {
        package.new.clear();
        (found, changed) = package.archives(&mut walk)?;
    }
    let mut own = walk.own.take().ok_or(Cannot::OtherText)?;
    let names = package.rename(wanted);
    let renamed = !names.is_empty();
    let done = Done { words: wanted.words, walk: &walk, names, records: found };
    let left = walk.left + package.rest(&done)?;
    let same = package.new.is_empty() && !renamed;
    if same && own.text == report.text {
        return Err(Cannot::Nowhere);
    }
    if !same {
        package.hashes(wanted)?;
    }
    own.archived.clone_from(&report.archived);
    if let Some(archived) = &mut own.archived
        && let Some((now, moved)) = changed.iter().find(|(inside, _)| inside.before == archived.sha256)
    {
        archived.sha256.clone_from(&now.after);
        if let Some(place) = moved.get(&archived.offset) {
            (archived.offset, archived.length) = (place.start, place.len());
        }
    }
    let inside = changed.into_iter().map(|(inside, _)| inside).collect();
    let places = package.places();
    let bytes = if same { source.bytes.to_vec() } else { package.write(wanted).ok_or(UNWRITTEN)? };
    let spans = spans(report, wanted);
    let done = Redacted { bytes, report: own, spans, places, left, inside, names: renamed };
    read_again(source, &done, report)?;
    Ok(done)
}

struct Package<'a> {
    zip: Zip<'a>,
    /// The names of the files, as they lie there.
    names: Vec<String>,
    /// How files are called now that are called otherwise, by their number.
    renamed: BTreeMap<usize, String>,
    /// Files that are others now.
    new: BTreeMap<usize, Vec<u8>>,
}

/// An archive that is another now, and where records are that are no longer where they were.
type Archive = (Inside, BTreeMap<usize, Range<usize>>);

impl<'a> Package<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let mut zip = wacz::open(bytes)?;
        let count = zip.len();
        let name = |k| Some(zip.by_index_raw(k).ok()?.name().ok()?.into_owned());
        let names = (0..count).map(name).collect::<Option<Vec<_>>>()?;
        Some(Self { zip, names, renamed: BTreeMap::new(), new: BTreeMap::new() })
    }

    fn bytes(&mut self, k: usize) -> Result<Vec<u8>, Cannot> {
        wacz::unpack(&mut self.zip, &self.names[k]).map_err(|_| UNREAD)
    }

    /// The archives, by their names, as intake reads them.
    fn archives(&mut self, walk: &mut Walk<'_>) -> Result<(Records, Vec<Archive>), Cannot> {
        let (mut records, mut out) = (Records::new(), Vec::new());
        let mut archives: Vec<usize> = (0..self.names.len()).filter(|k| wacz::is_warc(&self.names[*k])).collect();
        archives.sort_by(|a, b| self.names[*a].cmp(&self.names[*b]));
        for k in archives {
            let before = self.bytes(k)?;
            let Some(Changed { bytes, places, moved }) = walk.archive(&before)? else { continue };
            for place in &places {
                let record = (last(&self.names[k]).to_owned(), place.start.to_string());
                let now = moved.get(&place.start).cloned().unwrap_or(place.start..place.end);
                records.insert(record, Record { sha256: hash(&bytes[now.clone()]), place: now });
            }
            out.push((Inside { before: hash(&before), after: hash(&bytes), places }, moved));
            self.new.insert(k, bytes);
        }
        Ok((records, out))
    }

    /// Archives whose names hold the words. Out: the last parts of their names, before and now.
    fn rename(&mut self, wanted: Wanted<'_>) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        for (k, name) in self.names.iter().enumerate().filter(|(_, name)| wacz::is_warc(name)) {
            let own = last(name);
            let (stem, ending) = own.split_at(own.len() - if own.ends_with(".gz") { 8 } else { 5 });
            let new = masked(stem, wanted.words);
            if new != stem {
                let new = format!("{new}{ending}");
                self.renamed.insert(k, format!("{}{new}", &name[..name.len() - own.len()]));
                out.insert(own.to_owned(), new);
            }
        }
        out
    }

    /// All other files. Out: how often words are left in them.
    fn rest(&mut self, done: &Done<'_>) -> Result<usize, Cannot> {
        let mut left = 0;
        for k in 0..self.names.len() {
            let name = self.names[k].clone();
            if wacz::is_warc(&name)
                || self.new.contains_key(&k)
                || name.ends_with('/')
                || [LIST, DIGEST].contains(&name.as_str())
            {
                continue;
            }
            left += found(&name, done.words).len();
            let bytes = self.bytes(k)?;
            if bytes.starts_with(GZIP) {
                left += self.packed(k, &bytes, done)?;
            } else if let Some(new) = text(&name, &bytes, done, &mut left) {
                self.new.insert(k, new);
            }
        }
        Ok(left)
    }

    /// A file that is packed once more: an index in blocks with a list of them, or a text.
    fn packed(&mut self, k: usize, bytes: &[u8], done: &Done<'_>) -> Result<usize, Cannot> {
        let own = self.names[k].clone();
        let folder = own.len() - last(&own).len();
        let is_list = |name: &str| name.starts_with(&own[..folder]) && name.ends_with(".idx");
        let list = (0..self.names.len()).find(|k| is_list(&self.names[*k])).filter(|_| own.ends_with(".cdx.gz"));
        let mut left = 0;
        if let Some(list) = list {
            let text = String::from_utf8(self.bytes(list)?).map_err(|_| UNREAD)?;
            if text.contains(last(&own)) {
                let (new, blocks, more) = done.blocks(&text, bytes, LARGEST).ok_or(UNREAD)?;
                if blocks != bytes {
                    self.new.insert(k, blocks);
                    self.new.insert(list, new.into_bytes());
                }
                return Ok(more);
            }
        }
        let mut unpacked = Vec::new();
        let mut decoder = MultiGzDecoder::new(bytes).take(LARGEST);
        decoder.read_to_end(&mut unpacked).map_err(|_| UNREAD)?;
        if let Some(new) = text(own.trim_end_matches(".gz"), &unpacked, done, &mut left) {
            self.new.insert(k, gzip(&new).ok_or(UNWRITTEN)?);
        }
        Ok(left)
    }

    /// The list of the files with their hashes, and its own hash.
    fn hashes(&mut self, wanted: Wanted<'_>) -> Result<(), Cannot> {
        let Some(list) = self.names.iter().position(|name| name == LIST) else { return Ok(()) };
        let mut package: Value = serde_json::from_slice(&self.bytes(list)?).map_err(|_| UNREAD)?;
        let mut resources = package.get_mut("resources").map(Value::take);
        mask_strings(&mut package, wanted.words, &["profile", "wacz_version", "created", "modified"]);
        for resource in resources.iter_mut().filter_map(Value::as_array_mut).flatten() {
            let path = resource["path"].as_str().unwrap_or_default();
            let Some(k) = self.names.iter().position(|name| name == path) else { continue };
            if let Some(new) = self.renamed.get(&k) {
                resource["path"] = new.as_str().into();
                // The name of a resource has small letters alone (Data Package, “name”).
                resource["name"] = last(new).to_lowercase().into();
            }
            if let Some(bytes) = self.new.get(&k) {
                resource["hash"] = format!("sha256:{}", hash(bytes)).into();
                resource["bytes"] = bytes.len().into();
            }
        }
        if let Some(resources) = resources {
            package["resources"] = resources;
        }
        let package = format!("{package:#}\n").into_bytes();
        if let Some(digest) = self.names.iter().position(|name| name == DIGEST) {
            // Who signed it signed the hash of the list before: what stood there would be a signature of something else.
            let digest_of = serde_json::json!({"path": LIST, "hash": format!("sha256:{}", hash(&package))});
            self.new.insert(digest, format!("{digest_of:#}\n").into_bytes());
        }
        self.new.insert(list, package);
        Ok(())
    }

    /// Where the files lie that are others now.
    fn places(&mut self) -> Vec<Span> {
        let place = |k: &usize| {
            let file = self.zip.by_index_raw(*k).ok()?;
            let start = usize::try_from(file.data_start()?).ok()?;
            Some(Span { start, end: start + usize::try_from(file.compressed_size()).ok()? })
        };
        let mut out: Vec<Span> = self.new.keys().filter_map(place).collect();
        out.sort();
        out
    }

    fn write(mut self, wanted: Wanted<'_>) -> Option<Vec<u8>> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for (k, name) in self.names.iter().enumerate() {
            let file = self.zip.by_index_raw(k).ok()?;
            let name = self.renamed.get(&k).unwrap_or(name);
            match self.new.get(&k) {
                Some(bytes) => {
                    let options = SimpleFileOptions::default().compression_method(file.compression());
                    let options = options.large_file(u32::try_from(bytes.len()).is_err());
                    let options = file.last_modified().map_or(options, |at| options.last_modified_time(at));
                    out.start_file(name, options).ok()?;
                    out.write_all(bytes).ok()?;
                }
                None => out.raw_copy_file_rename(file, name).ok()?,
            }
        }
        if let Ok(comment) = std::str::from_utf8(self.zip.comment())
            && !comment.is_empty()
        {
            out.set_comment(masked(comment, wanted.words)).ok()?;
        }
        Some(out.finish().ok()?.into_inner())
    }
}

/// A file without the words; none when it does not hold them, or is no text.
fn text(name: &str, bytes: &[u8], done: &Done<'_>, left: &mut usize) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| is_text(bytes));
    let ending = name.rsplit('.').next().unwrap_or_default();
    match (ending, text) {
        ("cdxj" | "cdx", Some(text)) => {
            let (new, more) = done.index(text);
            *left += more;
            new.map(String::into_bytes)
        }
        ("jsonl", Some(text)) => {
            let (new, more) = done.list(text);
            *left += more;
            (new != text).then(|| new.into_bytes())
        }
        ("json", Some(text)) if serde_json::from_str::<Value>(text).is_ok() => {
            let value = serde_json::from_str(text).unwrap_or_default();
            done.value(&value).map(|new| new.to_string().into_bytes())
        }
        // The list of an index's blocks goes with those.
        ("idx", _) => None,
        _ => without(bytes, None, done.words),
    }
}

/// The last part of a name.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
