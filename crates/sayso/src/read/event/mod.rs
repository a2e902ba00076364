//! What happened: events with ACLED sub-event type and PLOVER event, who did it to whom, where, when, and how the text has it.
//!
//! In: a [`Document`] and what the questions before found. Out: its [`Event`]s in the order of the text. May not happen: an
//! agent, place or time from another sentence; an event that the lexicon does not name.

mod lexicon;
mod roles;
mod standing;

use std::collections::HashMap;

use super::Document;
use super::who::{Actors, Statements};
use super::words::Words;
use crate::reading::{Actor, ActorKind, Attribution, Event, Place, Reading, Time};
use crate::span::Span;

use lexicon::{LEXICON, Row};

/// ACLED's sub-event types, each with its event type. Kinds of events beside these are none of ACLED's.
pub const ACLED: [(&str, &str); 25] = [
    ("Government regains territory", "Battles"),
    ("Non-state actor overtakes territory", "Battles"),
    ("Armed clash", "Battles"),
    ("Excessive force against protesters", "Protests"),
    ("Protest with intervention", "Protests"),
    ("Peaceful protest", "Protests"),
    ("Violent demonstration", "Riots"),
    ("Mob violence", "Riots"),
    ("Chemical weapon", "Explosions/Remote violence"),
    ("Air/drone strike", "Explosions/Remote violence"),
    ("Suicide bomb", "Explosions/Remote violence"),
    ("Shelling/artillery/missile attack", "Explosions/Remote violence"),
    ("Remote explosive/landmine/IED", "Explosions/Remote violence"),
    ("Grenade", "Explosions/Remote violence"),
    ("Sexual violence", "Violence against civilians"),
    ("Attack", "Violence against civilians"),
    ("Abduction/forced disappearance", "Violence against civilians"),
    ("Agreement", "Strategic developments"),
    ("Arrests", "Strategic developments"),
    ("Change to group/activity", "Strategic developments"),
    ("Disrupted weapons use", "Strategic developments"),
    ("Headquarters or base established", "Strategic developments"),
    ("Looting/property destruction", "Strategic developments"),
    ("Non-violent transfer of territory", "Strategic developments"),
    ("Other", "Strategic developments"),
];

/// Fills the reading's events.
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    reading.events = find(document, &reading.attributions, &reading.actors, &reading.places, &reading.times);
}

/// Every event in the report; a kind once a sentence.
#[must_use]
pub fn find(
    doc: &Document<'_>,
    attributions: &[Attribution],
    actors: &[Actor],
    places: &[Place],
    times: &[Time],
) -> Vec<Event> {
    let words = Words::new(doc);
    let masks: Vec<u64> = (0..words.len()).map(|k| LEXICON.kinds(words.get(k))).collect();
    let kinds: HashMap<&str, ActorKind> = actors.iter().map(|a| (a.id.as_str(), a.kind)).collect();
    let actors = Actors::new(doc.text(), actors);
    let statements = Statements::new(attributions);
    let mut out = Vec::new();
    for sentence in &doc.analysis.sentences {
        let mut seen: Vec<&str> = Vec::new();
        let mut k = sentence.start;
        while k < sentence.end {
            let Some((row, end)) = LEXICON.row(&words, &masks, sentence, k) else {
                k += 1;
                continue;
            };
            if !seen.contains(&row.kind) {
                seen.push(row.kind);
                let trigger = words.span(k, end);
                let (agent, patient) = roles::of(doc, &words, sentence, k..end, &actors);
                let whole = words.span(sentence.start, sentence.end);
                let day = |t: &Time| {
                    (matches!(t.kind.as_str(), "DATE" | "TIME") && !t.value.ends_with("_REF")).then_some(t.span)
                };
                out.push(Event {
                    trigger,
                    kind: by_agent(row.kind, agent.as_deref().and_then(|id| kinds.get(id))).to_owned(),
                    plover: row.plover.to_owned(),
                    agent,
                    patient,
                    place: nearest(places, whole, trigger, |p| Some(p.span)),
                    time: nearest(times, whole, trigger, day),
                    standing: standing::of(&words, sentence, k, attributions, statements.around(trigger)).to_owned(),
                    rule: row.rule(),
                });
            }
            k = end;
        }
    }
    out
}

/// ACLED's type for territory taken depends on who took it: a state's force, or an armed group.
fn by_agent(kind: &'static str, agent: Option<&ActorKind>) -> &'static str {
    const STATE: &str = "Government regains territory";
    const GROUP: &str = "Non-state actor overtakes territory";
    match (kind, agent) {
        (STATE | GROUP, Some(ActorKind::Government)) => STATE,
        (STATE | GROUP, Some(ActorKind::ArmedGroup)) => GROUP,
        _ => kind,
    }
}

/// The item of the sentence that is nearest to the trigger, the later of two as near: "hit the port of X".
fn nearest<T>(items: &[T], sentence: Span, trigger: Span, span: impl Fn(&T) -> Option<Span>) -> Option<usize> {
    let first = items.partition_point(|item| span(item).is_some_and(|s| s.start < sentence.start));
    let inside =
        items[first..].iter().enumerate().take_while(|(_, item)| span(item).is_none_or(|s| s.end <= sentence.end));
    let distance = |s: Span| {
        if s.start >= trigger.end { (s.start - trigger.end, 0) } else { (trigger.start.saturating_sub(s.end), 1) }
    };
    inside.filter_map(|(n, item)| Some((distance(span(item)?), first + n))).min().map(|(_, n)| n)
}

impl Row {
    /// The name of the rule: the row's own words.
    fn rule(&self) -> String {
        format!("event lexicon: {}", self.trigger)
    }
}
