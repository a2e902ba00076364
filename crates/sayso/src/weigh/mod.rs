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
pub mod decision;
pub mod dispute;
mod features;
pub mod incident;
pub mod mentions;
pub mod names;
pub mod origin;
pub mod same;
mod statement;
pub mod status;

use decision::{Entry as JournalEntry, Journal};

/// One report of a case with what was read in it.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The report.
    pub report: Report,
    /// Its reading.
    pub reading: Reading,
}

/// Weighs a case.
///
/// `as_of` (RFC 3339 UTC) leaves out reports published, and decisions made, later. A report without a date counts as
/// always known.
#[must_use]
pub fn weigh(entries: &[Entry], journal: &[JournalEntry], as_of: Option<&str>) -> Weighing {
    let known = |at: Option<&str>| as_of.is_none_or(|limit| at.is_none_or(|at| at <= limit));
    let mut entries: Vec<&Entry> = entries.iter().filter(|e| known(e.report.published.as_deref())).collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let journal = Journal::new(journal.iter().filter(|d| known(Some(&d.at))));
    let incidents = incident::group(&entries);
    let actors = actors::merge(&entries, &incidents.of_entry, &journal);
    let mentions = mentions::collect(&entries, &actors, &journal);
    let groups = same::group(&mentions, &incidents.of_entry, &journal);
    let mut claims: Vec<_> = groups.into_iter().map(|g| claim::build(&actors, &mentions, &g, &journal)).collect();
    dispute::find(&mut claims, &actors, &incidents.of_entry);
    let rivals = status::standing(&claims, &entries, &actors);
    let mut out: Vec<_> = claims.into_iter().map(|draft| status::finish(draft, &entries, &actors, &rivals)).collect();
    out.sort_by(|a, b| b.outlets.cmp(&a.outlets).then(b.mentions.len().cmp(&a.mentions.len())).then(a.id.cmp(&b.id)));
    let incidents = incident::describe(&entries, &incidents, &mut out);
    Weighing { actors: actors.into_case_actors(), claims: out, incidents }
}

/// Every mention of a case (its report's source, its words) and every pair that [`same`] compares, for training.
#[must_use]
pub fn comparisons(entries: &[Entry]) -> (Vec<(String, String)>, Vec<same::Edge>) {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let journal = Journal::new(std::iter::empty());
    let incidents = incident::group(&entries);
    let actors = actors::merge(&entries, &incidents.of_entry, &journal);
    let mentions = mentions::collect(&entries, &actors, &journal);
    let names = mentions.iter().map(|m| (entries[m.entry].report.source.clone(), m.mention.text.clone())).collect();
    (names, same::comparisons(&mentions, &incidents.of_entry))
}

/// By time, then by id: the order in which reports are looked at.
fn order(entry: &Entry) -> (Option<&str>, &str) {
    (entry.report.published.as_deref(), &entry.report.id)
}
