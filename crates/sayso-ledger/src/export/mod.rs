//! A weighed case in the formats others read: one file a format.
//!
//! In: the entries and their weighing. Out: text. May not happen: a value that the weighing does not hold; a grade of truth that no
//! person gave.

use std::collections::BTreeMap;

use sayso::weigh::Entry;
use sayso::weigh::decision::Entry as Line;
use sayso::weighing::{Mention, Weighing};

pub mod acled;
pub mod annotations;
pub mod csv;
pub mod ftm;
pub mod geojson;
pub mod html;
pub mod json;
pub mod jsonld;
pub mod parquet;
mod rows;
pub mod wacz;

/// A case and what it came to.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Its name.
    pub name: &'a str,
    /// As of when it was weighed; none for now.
    pub as_of: Option<&'a str>,
    /// Its reports.
    pub entries: &'a [Entry],
    /// Its journal.
    pub journal: &'a [Line],
    /// What it came to.
    pub weighing: &'a Weighing,
}

impl<'a> Case<'a> {
    /// The entries by report id.
    fn by_id(&self) -> BTreeMap<&'a str, &'a Entry> {
        self.entries.iter().map(|e| (e.report.id.as_str(), e)).collect()
    }

    /// The entries that were known at the moment asked for, by id.
    fn reports(&self) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let limit = self.as_of;
        let known =
            move |e: &&Entry| limit.is_none_or(|limit| e.report.published.as_deref().is_none_or(|at| at <= limit));
        self.entries.iter().filter(known)
    }
}

/// How a mention stands to its claim, in the word of the JSON.
fn stance(mention: &Mention) -> String {
    serde_json::to_value(mention.stance).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// A name of ours as a URN: what may not stand in one is percent-encoded.
fn urn(name: &str) -> String {
    let mut out = "urn:sayso:".to_owned();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' | b':' | b'#' | b'/' => {
                out.push(char::from(byte))
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Where a report can be found: its URL, or an identifier made of its hash.
fn address(entry: &Entry) -> String {
    entry.report.url.clone().unwrap_or_else(|| format!("urn:sha256:{}", entry.report.sha256))
}
