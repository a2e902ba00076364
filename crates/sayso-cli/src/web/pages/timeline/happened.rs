//! When and where a claim says that something happened.
//!
//! In: a claim with the readings of its mentions. Out: the interval and the place that most mentions name, with their precision. May not
//! happen: the moment of a statement taken for the moment of what it states; a place or a time that no mention has.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sayso::reading::{Place, Reading, Time};
use sayso::span::Span;
use sayso::weigh::Entry;
use sayso::weighing::{Claim, Mention, Stance};

/// An interval of seconds since 1970, end exclusive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct When {
    pub(super) from: i64,
    pub(super) to: i64,
    /// `day`, `month`, `hour`, … as the reading has it.
    pub(super) precision: String,
    /// Whether the words leave its ends open: "in May", "around noon".
    pub(super) vague: bool,
}

/// A place that can be drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Where {
    pub(super) geonameid: u32,
    pub(super) name: String,
    /// Degrees east and north.
    pub(super) point: (f64, f64),
    pub(super) class: String,
    /// Whether the claim itself names none, and its incident's is shown.
    pub(super) of_incident: bool,
}

impl Where {
    /// How far from the point it may have been, in kilometres: what the kind of place alone allows to say.
    pub(super) fn radius(&self) -> f64 {
        match self.class.as_str() {
            "spot" | "section" => 2.0,
            "capital" | "seat1" => 10.0,
            "seat2" | "seat3" | "city" => 5.0,
            "admin3" => 15.0,
            "admin2" => 30.0,
            _ => 80.0,
        }
    }

    /// Whether it is too wide to be a place on a map of places.
    pub(super) fn is_wide(&self) -> bool {
        matches!(self.class.as_str(), "country" | "continent")
    }

    /// What the circle means, in words.
    pub(super) fn precision(&self) -> &'static str {
        match self.class.as_str() {
            "spot" | "section" => "within about 2 km",
            "capital" | "seat1" => "a city: within about 10 km",
            "seat2" | "seat3" | "city" => "a town or village: within about 5 km",
            "admin3" | "admin2" => "a district: somewhere in it",
            "admin1" => "a province: somewhere in it",
            _ => "an area: somewhere in it",
        }
    }
}

/// The readings of a case by report, and the places of its incidents.
pub(super) struct Readings<'a>(BTreeMap<&'a str, &'a Entry>);

impl<'a> Readings<'a> {
    pub(super) fn new(entries: &'a [Entry]) -> Self {
        Self(entries.iter().map(|entry| (entry.report.id.as_str(), entry)).collect())
    }

    pub(super) fn entry(&self, report: &str) -> Option<&'a Entry> {
        self.0.get(report).copied()
    }

    /// The interval that most of those who state the claim name; of as many, the narrower.
    pub(super) fn when(&self, claim: &Claim) -> Option<When> {
        let mut votes: BTreeMap<When, usize> = BTreeMap::new();
        for (mention, reading) in self.stating(claim) {
            let events = within(mention, reading).filter_map(|event| reading.times.get(event.time?));
            let inside = reading.times.iter().filter(|time| mention.spans.iter().any(|span| meets(*span, time.span)));
            let mut named: Vec<When> = events.chain(inside).filter_map(interval).collect();
            named.sort();
            named.dedup();
            for when in named {
                *votes.entry(when).or_default() += 1;
            }
        }
        votes.into_iter().min_by_key(|(when, n)| (std::cmp::Reverse(*n), when.to - when.from)).map(|(when, _)| when)
    }

    /// The place that most of those who state the claim name, countries only if they name no other; of as many, the more exact.
    pub(super) fn place(&self, claim: &Claim) -> Option<Where> {
        let mut votes: BTreeMap<u32, (usize, &Place)> = BTreeMap::new();
        for (mention, reading) in self.stating(claim) {
            let events = within(mention, reading).filter_map(|event| reading.places.get(event.place?));
            let inside =
                reading.places.iter().filter(|place| mention.spans.iter().any(|span| meets(*span, place.span)));
            let mut named: Vec<&Place> = events.chain(inside).filter(|place| place.geonameid != 0).collect();
            named.sort_by_key(|place| place.geonameid);
            named.dedup_by_key(|place| place.geonameid);
            for place in named {
                votes.entry(place.geonameid).or_insert((0, place)).0 += 1;
            }
        }
        let drawn = votes.into_values().filter_map(|(n, place)| Some((n, drawn(place)?)));
        drawn
            .min_by(|(n, a), (m, b)| {
                a.is_wide()
                    .cmp(&b.is_wide())
                    .then(m.cmp(n))
                    .then(a.radius().total_cmp(&b.radius()))
                    .then(a.geonameid.cmp(&b.geonameid))
            })
            .map(|(_, place)| place)
    }

    /// The place of an incident, by its name and point.
    pub(super) fn place_of_incident(&self, incident: &sayso::weighing::Incident) -> Option<Where> {
        let name = incident.place.as_deref()?;
        let places = incident.reports.iter().filter_map(|report| self.entry(report)).flat_map(|e| &e.reading.places);
        let place = places.filter(|place| place.geonameid != 0 && place.name == name).find_map(drawn)?;
        Some(Where { of_incident: true, ..place })
    }

    fn stating<'c>(&self, claim: &'c Claim) -> Vec<(&'c Mention, &'a Reading)> {
        let states = |mention: &&Mention| matches!(mention.stance, Stance::Asserts | Stance::Verifies);
        let any = claim.mentions.iter().any(|mention| states(&mention));
        let mentions = claim.mentions.iter().filter(|mention| !any || states(mention));
        mentions.filter_map(|mention| Some((mention, &self.entry(&mention.report)?.reading))).collect()
    }
}

fn meets(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

fn within<'r>(mention: &Mention, reading: &'r Reading) -> impl Iterator<Item = &'r sayso::reading::Event> {
    let spans = mention.spans.clone();
    reading.events.iter().filter(move |event| spans.iter().any(|span| meets(*span, event.trigger)))
}

fn drawn(place: &Place) -> Option<Where> {
    let point = (place.lon?, place.lat?);
    let (name, class) = (place.name.clone(), place.class.clone());
    Some(Where { geonameid: place.geonameid, name, point, class, of_incident: false })
}

/// Durations and sets have no place on a line of time.
fn interval(time: &Time) -> Option<When> {
    let (from, to) = (seconds(time.from.as_deref()?)?, seconds(time.to.as_deref()?)?);
    let wide = matches!(
        time.precision.as_str(),
        "week" | "weekend" | "month" | "quarter" | "season" | "year" | "decade" | "century"
    );
    let vague = wide || matches!(time.modifier.as_str(), "APPROX" | "LESS_THAN" | "MORE_THAN" | "BEFORE" | "AFTER");
    (from < to).then(|| When { from, to, precision: time.precision.clone(), vague })
}

/// A date or a moment as seconds; a date is its first.
pub(super) fn seconds(moment: &str) -> Option<i64> {
    if let Ok(moment) = moment.parse::<Timestamp>() {
        return Some(moment.as_second());
    }
    let date: jiff::civil::Date = moment.get(..10)?.parse().ok()?;
    date.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_second())
}
