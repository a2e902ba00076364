//! Readings and decisions of a case to actors, claims, origins, disputes, status and incidents.
//!
//! In: reports with their readings, and decisions (+ as of when). Out: a [`Weighing`]. A pure function: the order in
//! which reports were added never matters. May not happen: a number without the edges and spans that make it; an unknown
//! origin that raises the minimum.
//!
//! The steps, a file each: [`actors`] over all reports, [`mentions`] out of the readings, [`incident`]s, [`same`] claim,
//! then for each claim [`origin`]s, [`dispute`]s, [`status`] and its history.

use crate::reading::Reading;
use crate::report::Report;
use crate::weighing::Weighing;

pub mod actors;
mod claim;
pub mod conflict;
pub mod decision;
pub mod dispute;
mod features;
pub mod incident;
pub mod mentions;
pub mod names;
pub mod origin;
mod part;
pub mod same;
pub mod search;
mod stance;
mod statement;
pub mod status;
mod symbols;
mod weigher;

use decision::{Entry as JournalEntry, Journal};
use part::Prepared;
use symbols::Symbols;
pub use weigher::Weigher;

/// One report of a case with what was read in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// The report.
    pub report: Report,
    /// Its reading.
    pub reading: Reading,
}

/// Weighs a case once; a [`Weigher`] does it again and again.
///
/// `as_of` (RFC 3339 UTC) leaves out reports published, and decisions made, later. A report without a date counts as
/// always known.
#[must_use]
pub fn weigh(entries: &[Entry], journal: &[JournalEntry], as_of: Option<&str>) -> Weighing {
    Weigher::new().weigh(&entries.iter().collect::<Vec<_>>(), journal, as_of)
}

/// Every mention of a case (its report's source, its words) and every pair that [`same`] compares, for training.
#[must_use]
pub fn comparisons(entries: &[Entry]) -> (Vec<(String, String)>, Vec<same::Edge>) {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut symbols = Symbols::default();
    let prepared: Vec<Prepared> = entries.iter().map(|entry| Prepared::new(entry, &mut symbols)).collect();
    let journal = Journal::of(Vec::new());
    let incidents = incident::group(&prepared.iter().map(|p| &p.words).collect::<Vec<_>>(), symbols.len());
    let named: Vec<_> = prepared.iter().map(|p| &p.named).collect();
    let actors = actors::merge(&entries, &named, &symbols, &incidents.of_entry, &journal);
    let propositions: Vec<_> = prepared.iter().map(|p| p.propositions.as_slice()).collect();
    let mentions = mentions::collect(&entries, &propositions, &actors, &journal);
    let names = mentions.iter().map(|m| (entries[m.entry].report.source.clone(), m.mention.text.clone())).collect();
    (names, same::comparisons(&mentions, &incidents.of_entry))
}

/// By time, then by id: the order in which reports are looked at.
fn order(entry: &Entry) -> (Option<&str>, &str) {
    (entry.report.published.as_deref(), &entry.report.id)
}
