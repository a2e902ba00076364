//! Weighing again and again: what one report or one part of a case came to is kept, and taken again for equal inputs.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::actors::Actors;
use super::decision::{Decision, Entry as JournalEntry, Journal};
use super::incident::Grouping;
use super::part::{self, Inputs, Part, Prepared, Weighed};
use super::symbols::Symbols;
use super::{Entry, actors, incident, order};
use crate::weighing::{Claim, Weighing};

/// Weighs a case again and again, each time anew only what changed.
///
/// A pure function of its inputs all the same: it gives what [`weigh`](super::weigh) gives. `E` is an [`Entry`], or cheaper to keep
/// and to compare, an `Arc<Entry>`. It keeps about as much memory as the case and its last weighings take.
#[derive(Debug)]
pub struct Weigher<E = Entry> {
    /// The reports of the last weighings, by id.
    reports: HashMap<String, Vec<Known<E>>>,
    /// What came of the parts of the last weighings, and when it was of use, by the stamps of their reports.
    parts: HashMap<Vec<u64>, (Weighed, u64)>,
    /// What the last weighing found over all reports.
    whole: Option<Arc<Whole>>,
    symbols: Symbols,
    stamps: u64,
    round: u64,
}

/// A report seen before: equal entries have one stamp.
#[derive(Debug)]
struct Known<E> {
    entry: E,
    stamp: u64,
    prepared: Arc<Prepared>,
    round: u64,
}

/// What is found over all reports, and what it depends on.
#[derive(Debug)]
struct Whole {
    /// The stamps of the reports, in their order.
    stamps: Vec<u64>,
    /// The decisions in force about actors, oldest first.
    decisions: Vec<Decision>,
    incidents: Grouping,
    actors: Actors,
}

/// What was of no use in so many weighings is dropped.
const KEPT: u64 = 3;

impl<E> Default for Weigher<E> {
    fn default() -> Self {
        Self {
            reports: HashMap::new(),
            parts: HashMap::new(),
            whole: None,
            symbols: Symbols::default(),
            stamps: 0,
            round: 0,
        }
    }
}

impl<E: Borrow<Entry> + Clone> Weigher<E> {
    /// One that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Weighs a case; see [`weigh`](super::weigh).
    #[must_use]
    pub fn weigh(&mut self, entries: &[E], journal: &[JournalEntry], as_of: Option<&str>) -> Weighing {
        self.round += 1;
        let known = |at: Option<&str>| as_of.is_none_or(|limit| at.is_none_or(|at| at <= limit));
        let mut sorted: Vec<&E> = entries.iter().filter(|e| known((*e).borrow().report.published.as_deref())).collect();
        sorted.sort_by(|a, b| order((*a).borrow()).cmp(&order((*b).borrow())));
        let journal = Journal::new(journal.iter().filter(|d| known(Some(&d.at))));
        let (stamps, prepared): (Vec<u64>, Vec<Arc<Prepared>>) = sorted.iter().map(|e| self.report(e)).unzip();
        let prepared: Vec<&Prepared> = prepared.iter().map(Arc::as_ref).collect();
        let entries: Vec<&Entry> = sorted.into_iter().map(Borrow::borrow).collect();

        let whole = self.whole((&entries, &prepared), &stamps, &journal);
        let Whole { incidents, actors, .. } = &*whole;
        let case = (entries.as_slice(), prepared.as_slice());
        let parts = part::parts(&entries, &incidents.of_entry, &journal);
        let mut claims = self.claims(&parts, case, &stamps, |part| {
            Inputs::new(&part.members, case, &incidents.of_entry, actors, &part.decisions)
        });
        claims.sort_by(|a, b| {
            b.outlets.cmp(&a.outlets).then(b.mentions.len().cmp(&a.mentions.len())).then(a.id.cmp(&b.id))
        });
        let incidents = incident::describe(&entries, incidents, &claims);
        self.forget();
        Weighing { actors: actors.list().to_vec(), claims, incidents }
    }

    /// The stamp of a report, and what it comes to by itself.
    fn report(&mut self, entry: &E) -> (u64, Arc<Prepared>) {
        let new: &Entry = entry.borrow();
        let known = self.reports.entry(new.report.id.clone()).or_default();
        let same = |old: &&mut Known<E>| std::ptr::eq(old.entry.borrow(), new) || old.entry.borrow() == new;
        if let Some(old) = known.iter_mut().find(same) {
            old.round = self.round;
            return (old.stamp, Arc::clone(&old.prepared));
        }
        self.stamps += 1;
        let prepared = Arc::new(Prepared::new(new, &mut self.symbols));
        let stamp = self.stamps;
        known.push(Known { entry: entry.clone(), stamp, prepared: Arc::clone(&prepared), round: self.round });
        (stamp, prepared)
    }

    /// The incidents and actors of a case: those of the last weighing for the same reports and the same decisions about actors.
    fn whole(
        &mut self,
        (entries, prepared): (&[&Entry], &[&Prepared]),
        stamps: &[u64],
        journal: &Journal<'_>,
    ) -> Arc<Whole> {
        let about_actors = || journal.iter().filter(|decision| decision.mentions().is_empty());
        let same = |old: &&Arc<Whole>| old.stamps == stamps && old.decisions.iter().eq(about_actors());
        if let Some(old) = self.whole.as_ref().filter(same) {
            return Arc::clone(old);
        }
        let words: Vec<_> = prepared.iter().map(|p| &p.words).collect();
        let incidents = incident::group(&words, self.symbols.len());
        let named: Vec<_> = prepared.iter().map(|p| &p.named).collect();
        let actors = actors::merge(entries, &named, &self.symbols, &incidents.of_entry, journal);
        let decisions = about_actors().cloned().collect();
        Arc::clone(self.whole.insert(Arc::new(Whole { stamps: stamps.to_vec(), decisions, incidents, actors })))
    }

    /// The claims of all parts, each weighed with its inputs unless it was before.
    fn claims(
        &mut self,
        parts: &[Part<'_>],
        (entries, prepared): (&[&Entry], &[&Prepared]),
        stamps: &[u64],
        inputs: impl Fn(&Part<'_>) -> Inputs + Sync,
    ) -> Vec<Arc<Claim>> {
        let known = |part: &Part<'_>| {
            let key: Vec<u64> = part.members.iter().map(|&k| stamps[k]).collect();
            let old = self.parts.remove(&key).map(|(old, _)| old);
            (key, old)
        };
        let known: Vec<(Vec<u64>, Option<Weighed>)> = parts.iter().map(known).collect();
        let weigh = |(part, (key, old)): (&Part<'_>, (Vec<u64>, Option<Weighed>))| {
            let entries: Vec<&Entry> = part.members.iter().map(|&k| entries[k]).collect();
            let prepared: Vec<&Prepared> = part.members.iter().map(|&k| prepared[k]).collect();
            (key, part::weigh(&entries, &prepared, inputs(part), old))
        };
        let weighed: Vec<(Vec<u64>, Weighed)> = parts.par_iter().zip(known).map(weigh).collect();
        let claims = weighed.iter().flat_map(|(_, weighed)| weighed.claims.iter().cloned()).collect();
        self.parts.extend(weighed.into_iter().map(|(key, weighed)| (key, (weighed, self.round))));
        claims
    }

    /// Drops what the last weighings had no use for.
    fn forget(&mut self) {
        let of_use = |round: u64| round + KEPT > self.round;
        self.parts.retain(|_, (_, round)| of_use(*round));
        self.reports.retain(|_, known| {
            known.retain(|report| of_use(report.round));
            !known.is_empty()
        });
    }
}
