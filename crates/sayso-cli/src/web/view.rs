//! A case as pages look at it: weighed, with what finds things in it by their ids.

use std::collections::HashMap;
use std::ops::Deref;

use sayso::weigh::Entry;
use sayso::weighing::{CaseActor, Claim, Incident, Mention};
use sayso_ledger::Stamp;

use crate::ledger::Case;

/// A case as it weighs, with what finds things in it by their ids.
pub(crate) struct CaseView {
    case: Case,
    /// Grows with every change of the case.
    pub(crate) version: u64,
    pub(super) stamp: Stamp,
    claims: HashMap<String, usize>,
    actors: HashMap<String, usize>,
    incidents: HashMap<String, usize>,
    by_report: HashMap<String, Vec<(usize, usize)>>,
    by_actor: HashMap<String, Vec<(usize, usize)>>,
}

impl Deref for CaseView {
    type Target = Case;

    fn deref(&self) -> &Case {
        &self.case
    }
}

impl CaseView {
    pub(super) fn new(case: Case, stamp: Stamp) -> Self {
        let weighing = &case.weighing;
        let mut by_report: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        let mut by_actor: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (c, claim) in weighing.claims.iter().enumerate() {
            for (m, mention) in claim.mentions.iter().enumerate() {
                by_report.entry(mention.report.clone()).or_default().push((c, m));
                if let Some(actor) = &mention.actor {
                    by_actor.entry(actor.clone()).or_default().push((c, m));
                }
            }
        }
        for places in by_report.values_mut() {
            places.sort_by_key(|&(c, m)| weighing.claims[c].mentions[m].spans.first().map(|span| span.start));
        }
        Self {
            version: stamp.version(),
            stamp,
            claims: numbered(weighing.claims.iter().map(|claim| &claim.id)),
            actors: numbered(weighing.actors.iter().map(|actor| &actor.id)),
            incidents: numbered(weighing.incidents.iter().map(|incident| &incident.id)),
            by_report,
            by_actor,
            case,
        }
    }

    /// A claim by its id, with its number in lists, from 1.
    pub(crate) fn claim_by_id(&self, id: &str) -> Option<(usize, &Claim)> {
        self.claims.get(id).map(|&k| (k + 1, &self.case.weighing.claims[k]))
    }

    /// An actor by its id.
    pub(crate) fn actor_by_id(&self, id: &str) -> Option<&CaseActor> {
        self.actors.get(id).map(|&k| &self.case.weighing.actors[k])
    }

    /// An incident by its id.
    pub(crate) fn incident_by_id(&self, id: &str) -> Option<&Incident> {
        self.incidents.get(id).map(|&k| &self.case.weighing.incidents[k])
    }

    /// The mentions in a report, in the order of its text, each with its claim and its index in that.
    pub(crate) fn mentions_in(&self, report: &str) -> impl Iterator<Item = (&Claim, usize, &Mention)> {
        self.places(self.by_report.get(report))
    }

    /// The mentions of which an actor is the speaker, each with its claim and its index in that.
    pub(crate) fn mentions_of(&self, actor: &str) -> impl Iterator<Item = (&Claim, usize, &Mention)> {
        self.places(self.by_actor.get(actor))
    }

    fn places(&self, places: Option<&Vec<(usize, usize)>>) -> impl Iterator<Item = (&Claim, usize, &Mention)> {
        let claims = &self.case.weighing.claims;
        let places = places.map_or(&[][..], Vec::as_slice).iter();
        places.map(move |&(c, m)| (&claims[c], m, &claims[c].mentions[m]))
    }

    /// The names of those who say most, at most so many.
    pub(crate) fn speakers(&self, most: usize) -> Vec<&str> {
        let said = |actor: &CaseActor| self.by_actor.get(&actor.id).map_or(0, Vec::len);
        let mut out: Vec<_> = self.weighing.actors.iter().map(|actor| (said(actor), actor.name.as_str())).collect();
        out.retain(|(said, _)| *said > 0);
        out.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        out.into_iter().take(most).map(|(_, name)| name).collect()
    }

    /// The reports that were known at the moment of the view, newest first.
    pub(crate) fn reports(&self) -> Vec<&Entry> {
        let limit = self.case.as_of.as_deref();
        let known = |at: Option<&str>| limit.is_none_or(|limit| at.is_none_or(|at| at <= limit));
        let mut out: Vec<&Entry> =
            self.case.entries.iter().filter(|entry| known(entry.report.published.as_deref())).collect();
        out.sort_by(|a, b| (&b.report.published, &a.report.id).cmp(&(&a.report.published, &b.report.id)));
        out
    }
}

fn numbered<'a>(ids: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    ids.enumerate().map(|(k, id)| (id.clone(), k)).collect()
}
