//! A case as pages look at it: weighed, with what finds things in it by their ids.

use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::OnceLock;

use sayso::weigh::Entry;
use sayso::weighing::{CaseActor, Claim, Incident, Mention};
use sayso_ledger::Stamp;

use crate::ledger::{Case, actor_among};
use crate::review::suggest::{Question, questions};

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
    /// How much each actor says, and its index: who says most first.
    ranked: Vec<(usize, usize)>,
    by_name: HashMap<String, usize>,
    /// The actors that belong to one, by its id.
    below: HashMap<String, Vec<usize>>,
    kinds: BTreeSet<String>,
    sides: BTreeSet<String>,
    questions: OnceLock<Vec<Question>>,
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
        for (c, claim) in weighing.claims().enumerate() {
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
        let actors = numbered(weighing.actors.iter().map(|actor| &actor.id));
        let ranked = case.actors().into_iter().filter_map(|(said, actor)| Some((said, *actors.get(&actor.id)?)));
        let (mut by_name, mut below) = (HashMap::new(), HashMap::<String, Vec<usize>>::new());
        for (k, actor) in weighing.actors.iter().enumerate() {
            by_name.entry(actor.name.clone()).or_insert(k);
            if let Some(above) = &actor.belongs_to {
                below.entry(above.clone()).or_default().push(k);
            }
        }
        Self {
            ranked: ranked.collect(),
            by_name,
            below,
            kinds: weighing.actors.iter().map(crate::actors::kind).collect(),
            sides: weighing.actors.iter().filter_map(|actor| actor.side.clone()).collect(),
            version: stamp.version(),
            stamp,
            claims: numbered(weighing.claims().map(|claim| &claim.id)),
            actors,
            incidents: numbered(weighing.incidents.iter().map(|incident| &incident.id)),
            by_report,
            by_actor,
            questions: OnceLock::new(),
            case,
        }
    }

    /// A claim by its id, with its number in lists, from 1.
    pub(crate) fn claim_by_id(&self, id: &str) -> Option<(usize, &Claim)> {
        self.claims.get(id).map(|&k| (k + 1, &*self.case.weighing.claims[k]))
    }

    /// An actor by its id.
    pub(crate) fn actor_by_id(&self, id: &str) -> Option<&CaseActor> {
        self.actors.get(id).map(|&k| &self.case.weighing.actors[k])
    }

    /// The actors with how many mentions each has, who says most first.
    pub(crate) fn actors(&self) -> Vec<(usize, &CaseActor)> {
        self.ranked.iter().map(|&(said, k)| (said, &self.case.weighing.actors[k])).collect()
    }

    /// The actor meant by a number of the list, an id, or an exact name.
    pub(crate) fn actor(&self, asked: &str) -> anyhow::Result<&CaseActor> {
        actor_among(&self.actors(), asked)
    }

    /// The first actor of a name.
    pub(crate) fn actor_named(&self, name: &str) -> Option<&CaseActor> {
        self.by_name.get(name).map(|&k| &self.case.weighing.actors[k])
    }

    /// The actors that belong to one.
    pub(crate) fn below(&self, actor: &str) -> impl Iterator<Item = &CaseActor> {
        let below = self.below.get(actor).map_or(&[][..], Vec::as_slice);
        below.iter().map(|&k| &self.case.weighing.actors[k])
    }

    /// What the actors are, in words.
    pub(crate) fn kinds(&self) -> &BTreeSet<String> {
        &self.kinds
    }

    /// The sides that people gave to actors.
    pub(crate) fn sides(&self) -> &BTreeSet<String> {
        &self.sides
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
        places.map(move |&(c, m)| (&*claims[c], m, &claims[c].mentions[m]))
    }

    /// The names of those who say most, at most so many.
    pub(crate) fn speakers(&self, most: usize) -> Vec<&str> {
        let said = self.ranked.iter().filter(|(said, _)| *said > 0).take(most);
        said.map(|&(_, k)| self.case.weighing.actors[k].name.as_str()).collect()
    }

    /// What nobody has decided on yet: looked for when somebody asks first, which takes a moment.
    pub(crate) fn questions(&self) -> &[Question] {
        self.questions.get_or_init(|| questions(&self.case, None))
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
