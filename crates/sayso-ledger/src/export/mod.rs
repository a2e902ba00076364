//! A weighed case in the formats others read: one file a format.
//!
//! In: the entries and their weighing. Out: text. May not happen: a value that the weighing does not hold; a grade of truth that no
//! person gave.

use std::collections::BTreeMap;

use sayso::weigh::Entry;
use sayso::weigh::decision::Entry as Line;
use sayso::weighing::Weighing;

pub mod acled;
pub mod annotations;
pub mod csv;
pub mod geojson;
pub mod json;
pub mod jsonld;

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
}

/// Where a report can be found: its URL, or an identifier made of its hash.
fn address(entry: &Entry) -> String {
    entry.report.url.clone().unwrap_or_else(|| format!("urn:sha256:{}", entry.report.sha256))
}
