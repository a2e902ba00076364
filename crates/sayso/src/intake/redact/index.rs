//! Words taken out of what finds and names the pages of a package: indexes (CDXJ), plain or packed block by block, and lists of pages.
//!
//! In: such a file, and what was done to the archives. Out: the file as it is true of them, in order. May not happen: a line of another
//! report's record that finds it no longer.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Map, Value};

use super::archive::Walk;
use super::{Words, found, mask_strings, masked};
use crate::intake::warc::hash;

/// What was done to the archives of a package.
pub(super) struct Done<'a> {
    pub(super) words: &'a [Words],
    pub(super) walk: &'a Walk<'a>,
    /// The last part of the names of archives that are called otherwise now.
    pub(super) names: BTreeMap<String, String>,
    /// Records that are others now.
    pub(super) records: Records,
}

/// Records by their archive's name and their first byte before.
pub(super) type Records = BTreeMap<(String, String), Record>;

/// A record as it is now.
pub(super) struct Record {
    pub(super) sha256: String,
    pub(super) place: Range<usize>,
}

/// What a line of an index counts and finds by.
const COUNTED: [&str; 6] = ["digest", "filename", "length", "mime", "offset", "status"];
/// The same of a list of pages, and of any other list.
const NAMED: [&str; 8] = ["bytes", "digest", "format", "hash", "id", "sha256", "size", "ts"];

impl Done<'_> {
    /// An index, a line a record. Out: it as it is now, none when nothing changes, and how often words are left in it.
    pub(super) fn index(&self, text: &str) -> (Option<String>, usize) {
        let mut left = 0;
        let mut lines: Vec<String> = text.lines().map(|line| self.record(line, &mut left)).collect();
        if lines.iter().map(String::as_str).eq(text.lines()) {
            return (None, left);
        }
        // What is said of the file itself stands first.
        lines.sort_by(|a, b| (!a.starts_with('!'), a).cmp(&(!b.starts_with('!'), b)));
        (Some(lines.into_iter().map(|line| line + "\n").collect()), left)
    }

    fn record(&self, line: &str, left: &mut usize) -> String {
        let mut parts = line.splitn(3, ' ');
        let (Some(key), Some(at), Some(place)) = (parts.next(), parts.next(), parts.next()) else {
            return masked(line, self.words);
        };
        let Ok(mut place) = serde_json::from_str::<Map<String, Value>>(place) else {
            return masked(line, self.words);
        };
        let text = |place: &Map<String, Value>, field: &str| match place.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        let (file, before) = (text(&place, "filename"), place.clone());
        if let Some(digest) = place.get_mut("digest")
            && let Some(new) = digest.as_str().and_then(|said| self.digest(said))
        {
            *digest = new.into();
        }
        if let Some(now) = self.records.get(&(file.clone(), text(&place, "offset"))) {
            set(&mut place, "recordDigest", format!("sha256:{}", now.sha256).into());
            set(&mut place, "offset", now.place.start.into());
            set(&mut place, "length", now.place.len().into());
        }
        if let Some(name) = self.names.get(&file) {
            place.insert("filename".to_owned(), name.as_str().into());
        }
        let (mut key, theirs) = (key.to_owned(), self.is_theirs(&text(&place, "url")));
        if !theirs {
            let counted = |field: &str| COUNTED.contains(&field) || field == "recordDigest";
            let free = place.iter_mut().filter(|(field, _)| !counted(field));
            free.for_each(|(_, value)| mask_strings(value, self.words, &[]));
            let new = masked(&key, self.words);
            key = if key == key.to_lowercase() { new.to_lowercase() } else { new };
        }
        let same = place == before && line.starts_with(&key);
        let out = if same { line.to_owned() } else { format!("{key} {at} {}", Value::Object(place)) };
        *left += if theirs { found(&out, self.words).len() } else { 0 };
        out
    }

    /// The digest of a page that is another now; some indexes leave out what kind it is of.
    fn digest(&self, said: &str) -> Option<String> {
        let whole = self.walk.digests.get(said).cloned();
        whole.or_else(|| {
            let value = |digest: &str| digest.split_once(':').map(|(_, value)| value.to_owned());
            self.walk
                .digests
                .iter()
                .find(|(old, _)| value(old).as_deref() == Some(said))
                .and_then(|(_, new)| value(new))
        })
    }

    fn is_theirs(&self, url: &str) -> bool {
        self.walk.theirs.contains(url) && !self.walk.ours.contains(url)
    }

    /// An index packed in blocks of lines, and the list of its blocks.
    pub(super) fn blocks(&self, list: &str, packed: &[u8], most: u64) -> Option<(String, Vec<u8>, usize)> {
        let mut text = String::new();
        MultiGzDecoder::new(packed).take(most).read_to_string(&mut text).ok()?;
        let (index, left) = self.index(&text);
        let Some(index) = index else { return Some((list.to_owned(), packed.to_vec(), left)) };
        let mut first = String::new();
        flate2::read::GzDecoder::new(packed).take(most).read_to_string(&mut first).ok()?;
        let (heads, entries): (Vec<&str>, Vec<&str>) = list.lines().partition(|line| line.starts_with('!'));
        let like = entries.first().and_then(|line| line.splitn(3, ' ').nth(2));
        let like: Map<String, Value> = like.and_then(|like| serde_json::from_str(like).ok())?;
        let mut new: String = heads.into_iter().map(|line| format!("{line}\n")).collect();
        let (lines, mut out) = (index.lines().collect::<Vec<_>>(), Vec::new());
        for block in lines.chunks(first.lines().count().max(1)) {
            let text: String = block.iter().map(|line| format!("{line}\n")).collect();
            let bytes = gzip(text.as_bytes())?;
            let mut entry = like.clone();
            set(&mut entry, "offset", out.len().into());
            set(&mut entry, "length", bytes.len().into());
            set(&mut entry, "digest", format!("sha256:{}", hash(&bytes)).into());
            let mut head = block[0].splitn(3, ' ');
            let (key, at) = (head.next().unwrap_or_default(), head.next().unwrap_or_default());
            new.push_str(&format!("{key} {at} {}\n", Value::Object(entry)));
            out.extend(bytes);
        }
        Some((new, out, left))
    }

    /// A list of pages, or of anything else, an object a line. Out: it as it is now, and how often words are left in it.
    pub(super) fn list(&self, text: &str) -> (String, usize) {
        let (mut out, mut left) = (String::with_capacity(text.len()), 0);
        for line in text.split_inclusive('\n') {
            let Ok(value) = serde_json::from_str::<Value>(line) else {
                out.push_str(&masked(line, self.words));
                continue;
            };
            if value.get("url").and_then(Value::as_str).is_some_and(|url| self.is_theirs(url)) {
                left += found(line, self.words).len();
                out.push_str(line);
                continue;
            }
            let end = if line.ends_with('\n') { "\n" } else { "" };
            match self.value(&value) {
                Some(new) => out.push_str(&format!("{new}{end}")),
                None => out.push_str(line),
            }
        }
        (out, left)
    }

    /// Any JSON without the words; none when it does not hold them.
    pub(super) fn value(&self, value: &Value) -> Option<Value> {
        let mut new = value.clone();
        mask_strings(&mut new, self.words, &NAMED);
        (new != *value).then_some(new)
    }
}

/// Puts a value in the place of one, as a number or a text as that was; nothing where there was none.
fn set(fields: &mut Map<String, Value>, field: &str, value: Value) {
    if let Some(own) = fields.get_mut(field) {
        *own = if own.is_string() && value.is_number() { value.to_string().into() } else { value };
    }
}

pub(super) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes).ok()?;
    out.finish().ok()
}
