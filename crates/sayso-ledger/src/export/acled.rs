//! Rows shaped as ACLED's: one an event, with the original source filled.
//!
//! An event that several reports give is one row: same incident, type, day and place. Only ACLED's own types are written, and only what is
//! said to have happened: plans, hypotheses and denials are no events. What Sayso does not know stays empty. `source` holds the
//! outlets, `source_original` (as UCDP has it) who said so, as far as the reports tell; both joined by `; `.

use std::collections::BTreeMap;

use sayso::read::event::ACLED;
use sayso::read::r#where::States;
use sayso::reading::{Event, Place, Time};
use sayso::weigh::Entry;

use super::Case;
use super::csv::{finish, harmless};

const HEAD: [&str; 18] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "event_type",
    "sub_event_type",
    "actor1",
    "actor2",
    "country",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "notes",
    "tags",
    "incident",
    "source_original",
];

/// What makes two events one: incident, sub-event type, day, place.
type Key<'a> = (&'a str, &'a str, String, String);

/// The rows.
///
/// # Errors
/// Never in practice: the writer's buffer is memory.
pub fn export(case: &Case<'_>) -> Result<String, csv::Error> {
    let incidents: BTreeMap<&str, &str> =
        case.weighing.incidents.iter().flat_map(|i| i.reports.iter().map(|r| (r.as_str(), i.id.as_str()))).collect();
    let mut groups: BTreeMap<Key<'_>, Vec<(&Entry, &Event)>> = BTreeMap::new();
    for entry in case.reports() {
        let incident = incidents.get(entry.report.id.as_str()).copied().unwrap_or_default();
        for event in &entry.reading.events {
            let Some((kind, _)) = ACLED.iter().find(|(kind, _)| *kind == event.kind) else { continue };
            if matches!(event.standing.as_str(), "plan" | "hypothesis" | "denial") {
                continue;
            }
            let place = place(entry, event).map_or_else(String::new, |place| place.name.clone());
            groups.entry((incident, kind, date(entry, event), place)).or_default().push((entry, event));
        }
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEAD)?;
    for (number, (key, told)) in groups.iter().enumerate() {
        out.write_record(row(number, key, told).map(harmless))?;
    }
    finish(out)
}

fn row(number: usize, (incident, kind, date, place_name): &Key<'_>, told: &[(&Entry, &Event)]) -> [String; HEAD.len()] {
    let first = |value: &dyn Fn(&Entry, &Event) -> Option<String>| {
        told.iter().find_map(|(e, x)| value(e, x)).unwrap_or_default()
    };
    let all = |value: &dyn Fn(&Entry, &Event) -> Option<String>| {
        let mut values: Vec<String> = told.iter().filter_map(|(e, x)| value(e, x)).collect();
        values.sort();
        values.dedup();
        values.join("; ")
    };
    let degree = |value: Option<f64>| value.map(|value| format!("{value:.4}"));
    let standing = told.iter().all(|(_, event)| event.standing == "claim");
    [
        format!("{incident}-{number}"),
        date.clone(),
        date.chars().take(4).collect(),
        first(&|e, x| precision(e, x)),
        ACLED.iter().find(|pair| pair.0 == *kind).map_or(String::new(), |pair| pair.1.to_owned()),
        (*kind).to_owned(),
        first(&|e, x| name(e, x.agent.as_ref())),
        first(&|e, x| name(e, x.patient.as_ref())),
        first(&|e, x| country(place(e, x)?)),
        place_name.clone(),
        first(&|e, x| degree(place(e, x)?.lat)),
        first(&|e, x| degree(place(e, x)?.lon)),
        first(&|e, x| place(e, x).and_then(exactness)),
        all(&|e, _| e.report.outlet.clone()),
        first(&|e, x| Some(words(e, x))),
        if standing { "claimed only".to_owned() } else { String::new() },
        (*incident).to_owned(),
        all(&|e, x| original(e, x)),
    ]
}

fn place<'a>(entry: &'a Entry, event: &Event) -> Option<&'a Place> {
    event.place.and_then(|k| entry.reading.places.get(k))
}

fn time<'a>(entry: &'a Entry, event: &Event) -> Option<&'a Time> {
    event.time.and_then(|k| entry.reading.times.get(k)).filter(|time| time.from.is_some())
}

/// The day it began; the day of the report where the text gives none.
fn date(entry: &Entry, event: &Event) -> String {
    let told = time(entry, event).and_then(|time| time.from.as_deref());
    told.or(entry.report.published.as_deref()).unwrap_or_default().chars().take(10).collect()
}

fn country(place: &Place) -> Option<String> {
    let code = place.country.as_deref()?;
    Some(States::shipped().by_code(code).map_or_else(|| code.to_owned(), |state| state.name.clone()))
}

/// ACLED's: 1 the day, 2 the week, 3 the month.
fn precision(entry: &Entry, event: &Event) -> Option<String> {
    let code = match time(entry, event)?.precision.as_str() {
        "day" | "part of day" | "hour" | "minute" | "second" => "1",
        "week" | "weekend" => "2",
        "month" => "3",
        _ => return None,
    };
    Some(code.to_owned())
}

/// ACLED's: 1 the place itself, 2 a part of a region, 3 a region.
fn exactness(place: &Place) -> Option<String> {
    let code = match place.class.as_str() {
        "admin2" | "admin3" => "2",
        "admin1" | "region" => "3",
        "country" | "" => return None,
        _ => "1",
    };
    Some(code.to_owned())
}

fn name(entry: &Entry, actor: Option<&String>) -> Option<String> {
    entry.reading.actors.iter().find(|known| Some(&known.id) == actor).map(|known| known.name.clone())
}

/// Who says so in this report.
fn original(entry: &Entry, event: &Event) -> Option<String> {
    let mut said =
        entry.reading.attributions.iter().filter(|a| a.content.iter().any(|span| span.contains(event.trigger)));
    said.find_map(|a| name(entry, a.speaker.as_ref()))
}

/// The paragraph that tells of it.
fn words(entry: &Entry, event: &Event) -> String {
    let text = &entry.report.text;
    let start = text[..event.trigger.start].rfind('\n').map_or(0, |k| k + 1);
    let end = text[event.trigger.end..].find('\n').map_or(text.len(), |k| event.trigger.end + k);
    text[start..end].to_owned()
}
