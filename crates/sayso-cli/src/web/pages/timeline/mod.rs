//! Timeline and map: `/c/{case}/timeline`. When and where things happened, as far as the reports say, and on whose say-so.
//!
//! In: an incident, a claim, a place, a stretch of time: all in the address, and each narrows both the line and the map. Out: a lane a
//! claim with its interval, and the places on a map; or the same as a plain list. May not happen: a vague time or place that looks exact;
//! what is claimed among what was verified.

mod atlas;
mod happened;
mod kept;
mod map;
mod places;
mod scale;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Html;
use axum::routing::get;
use sayso::weighing::Claim;

use super::address::Address;
use crate::claims::origins;
use crate::text::count;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::{CaseView, Desk};
use happened::{Readings, When, Where, seconds};
use kept::Kept;
use places::{MapView, map_view};
use scale::{Scale, Tick, date, percent, written};

const DAY: i64 = 86_400;
/// Lanes a page.
const LANES: usize = 40;
/// Incidents to choose from.
const INCIDENTS: usize = 200;

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/timeline", get(timeline))
}

/// Whether somebody checked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Verified,
    Claimed,
    Withdrawn,
}

impl Standing {
    fn of(claim: &Claim) -> Self {
        match claim.status.as_str() {
            "verified" => Self::Verified,
            "refuted" | "retracted" => Self::Withdrawn,
            _ => Self::Claimed,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Claimed => "claimed",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Verified => "Verified by a check",
            Self::Claimed => "Claimed, not verified",
            Self::Withdrawn => "Refuted or taken back",
        }
    }
}

/// A claim with when and where it says that something happened.
struct Item<'a> {
    claim: &'a Claim,
    number: usize,
    standing: Standing,
    when: Option<When>,
    place: Option<Where>,
    /// When it was first said.
    said: Option<i64>,
}

#[derive(Template)]
#[template(path = "timeline.html")]
struct TimelinePage {
    page: Page,
    any: bool,
    /// What is chosen, each with the way to take it back.
    chosen: Vec<(String, String)>,
    kept: Vec<(String, String)>,
    incident: String,
    incidents: Vec<(String, String)>,
    from: String,
    to: String,
    list: bool,
    as_lanes: String,
    as_list: String,
    ticks: Vec<Tick>,
    groups: Vec<Group>,
    found: String,
    before: Option<String>,
    after: Option<String>,
    map: Option<MapView>,
    nowhere: usize,
}

struct Group {
    heading: &'static str,
    class: &'static str,
    lanes: Vec<Lane>,
}

struct Lane {
    number: usize,
    statement: String,
    status: String,
    counts: String,
    href: String,
    chosen: bool,
    /// Narrows everything to this claim, or no longer.
    choose: String,
    when: String,
    place: String,
    place_href: Option<String>,
    said: String,
    said_at: Option<String>,
    bar: Option<Bar>,
    /// Whether all of it was before the line begins, or comes after its end.
    before: bool,
    after: bool,
}

struct Bar {
    x: String,
    width: String,
    middle: String,
    /// Too short to be seen: a diamond instead.
    short: bool,
    vague: bool,
}

async fn timeline(at: InCase, RawQuery(query): RawQuery) -> Result<Html<String>, WebError> {
    let page = at.page("Timeline and map", Nav::Timeline);
    let address = Address::new(&page, "timeline", query.as_deref());
    html(&TimelinePage::new(page, &at.view, &address))
}

impl TimelinePage {
    fn new(page: Page, view: &CaseView, address: &Address) -> Self {
        let items = items(view);
        let (from, to) = (seconds(address.get("from")), seconds(address.get("to")).map(|to| to + DAY));
        let found: Vec<&Item<'_>> = items.iter().filter(|item| fits(item, address, from, to)).collect();
        let scale = range(&found, from, to);
        let mut found = found;
        found.sort_by_key(|item| {
            (item.standing, item.when.as_ref().map_or(2, |when| u8::from(bar(when, scale).is_none())))
        });
        // The map keeps the places beside the chosen one, so that it can be left for another.
        let unplaced = Filter { place: false };
        let mapped: Vec<&Item<'_>> = items.iter().filter(|item| unplaced.fits(item, address, from, to)).collect();
        let pages = found.len().div_ceil(LANES).max(1);
        let now = address.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
        let first = (now - 1) * LANES;
        let shown = &found[first..(first + LANES).min(found.len())];
        let to_page = |n: usize| address.with("page", &if n == 1 { String::new() } else { n.to_string() });
        Self {
            any: !items.is_empty(),
            chosen: chosen(view, &items, address),
            kept: address.others(&["incident", "from", "to", "page", "claim", "place"]),
            incident: address.get("incident").to_owned(),
            incidents: incidents(view),
            from: address.get("from").to_owned(),
            to: address.get("to").to_owned(),
            list: address.get("view") == "list",
            as_lanes: address.with("view", ""),
            as_list: address.with("view", "list"),
            ticks: scale.ticks(),
            groups: groups(shown, scale, address, &page),
            found: format!("{} {}–{} of {}", "claims", (first + 1).min(found.len()), first + shown.len(), found.len()),
            before: (now > 1).then(|| to_page(now - 1)),
            after: (now < pages).then(|| to_page(now + 1)),
            nowhere: mapped.iter().filter(|item| item.place.as_ref().is_none_or(|place| place.of_incident)).count(),
            map: map_view(&mapped, address),
            page,
        }
    }
}

/// When and where, and when it was first said.
type Found = (Option<When>, Option<Where>, Option<i64>);
/// Case, as of when, version.
type Key = (String, Option<String>, u64);

/// What was found in the last cases that were looked at, a claim each.
static FOUND: Kept<Key, Vec<Found>> = Kept::new(6);

/// Every claim with its time and place: verified ones first, then by time.
fn items(view: &CaseView) -> Vec<Item<'_>> {
    let found = FOUND.get((view.name.clone(), view.as_of.clone(), view.version), || found(view));
    let claims = view.weighing.claims().zip(found.iter()).enumerate();
    let mut items: Vec<Item<'_>> = claims
        .map(|(k, (claim, (when, place, said)))| Item {
            claim,
            number: k + 1,
            standing: Standing::of(claim),
            when: when.clone(),
            place: place.clone(),
            said: *said,
        })
        .collect();
    let key = |item: &Item<'_>| {
        (item.standing, item.when.is_none(), item.when.as_ref().map(|w| w.from).or(item.said), item.number)
    };
    items.sort_by_key(key);
    items
}

/// What the readings say of every claim, in the order of the case.
fn found(view: &CaseView) -> Vec<Found> {
    let readings = Readings::new(&view.entries);
    let mut of_incident: BTreeMap<&str, Option<Where>> = BTreeMap::new();
    let mut of_claim = |claim: &'_ Claim| {
        let incident = claim.incident.as_deref().and_then(|id| view.incident_by_id(id));
        let place = readings.place(claim).or_else(|| {
            let incident = incident?;
            of_incident.entry(&incident.id).or_insert_with(|| readings.place_of_incident(incident)).clone()
        });
        let said = claim.mentions.iter().filter_map(|mention| mention.published.as_deref()).min();
        (readings.when(claim), place, said.and_then(seconds))
    };
    view.weighing.claims().map(&mut of_claim).collect()
}

/// What narrows the view.
struct Filter {
    place: bool,
}

fn fits(item: &Item<'_>, address: &Address, from: Option<i64>, to: Option<i64>) -> bool {
    Filter { place: true }.fits(item, address, from, to)
}

impl Filter {
    fn fits(&self, item: &Item<'_>, address: &Address, from: Option<i64>, to: Option<i64>) -> bool {
        let is = |name: &str, value: Option<&str>| address.get(name).is_empty() || value == Some(address.get(name));
        let place = item.place.as_ref().map(|place| place.geonameid.to_string());
        let stretch = item.when.as_ref().map(|when| (when.from, when.to)).or(item.said.map(|said| (said, said + 1)));
        let in_time = (from.is_none() && to.is_none())
            || stretch.is_some_and(|(a, b)| from.is_none_or(|from| b > from) && to.is_none_or(|to| a < to));
        is("incident", item.claim.incident.as_deref())
            && is("claim", Some(&item.claim.id))
            && (!self.place || is("place", place.as_deref()))
            && in_time
    }
}

/// The stretch of time that shows what was found: what the address says, else what the exact ones need.
fn range(found: &[&Item<'_>], from: Option<i64>, to: Option<i64>) -> Scale {
    let said: Vec<i64> = found.iter().filter_map(|item| item.said).collect();
    let (first, last) = (said.iter().min().copied().unwrap_or(0), said.iter().max().copied().unwrap_or(DAY));
    // What happened long before the reports would press all else into a corner.
    let near = (first - 21 * DAY)..(last + 21 * DAY);
    let exact =
        || found.iter().filter_map(|item| item.when.as_ref()).filter(|when| !when.vague && near.contains(&when.from));
    let start = exact().map(|when| when.from).chain([first]).min().unwrap_or(first);
    let end = exact().map(|when| when.to).chain([last]).max().unwrap_or(last);
    let room = ((end - start) / 40).max(2 * 3_600);
    Scale::new(from.unwrap_or(start - room), to.unwrap_or(end + room))
}

fn chosen(view: &CaseView, items: &[Item<'_>], address: &Address) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if let Some(incident) = view.incident_by_id(address.get("incident")) {
        out.push((format!("Incident: {}", incident.what), address.changed(&[("incident", ""), ("page", "")])));
    }
    if let Some((number, _)) = view.claim_by_id(address.get("claim")) {
        out.push((format!("Claim {number}"), address.changed(&[("claim", ""), ("page", "")])));
    }
    let asked = address.get("place");
    if !asked.is_empty() {
        let places = items.iter().filter_map(|item| item.place.as_ref());
        let name = places.filter(|place| place.geonameid.to_string() == asked).map(|place| place.name.as_str()).next();
        out.push((
            format!("Place: {}", name.unwrap_or("not in this case")),
            address.changed(&[("place", ""), ("page", "")]),
        ));
    }
    for (name, word) in [("from", "From"), ("to", "To")] {
        if !address.get(name).is_empty() {
            out.push((format!("{word} {}", address.get(name)), address.changed(&[(name, ""), ("page", "")])));
        }
    }
    out
}

fn incidents(view: &CaseView) -> Vec<(String, String)> {
    let with_claims = view.weighing.incidents.iter().filter(|incident| !incident.claims.is_empty());
    let words = |incident: &sayso::weighing::Incident| {
        let date = incident.date.as_deref().unwrap_or("no date");
        let what: String = incident.what.chars().take(70).collect();
        (incident.id.clone(), format!("{date} · {what}"))
    };
    with_claims.take(INCIDENTS).map(words).collect()
}

fn groups(shown: &[&Item<'_>], scale: Scale, address: &Address, page: &Page) -> Vec<Group> {
    [Standing::Verified, Standing::Claimed, Standing::Withdrawn]
        .into_iter()
        .map(|standing| Group {
            heading: standing.heading(),
            class: standing.class(),
            lanes: shown
                .iter()
                .filter(|item| item.standing == standing)
                .map(|item| lane(item, scale, address, page))
                .collect(),
        })
        .filter(|group| !group.lanes.is_empty())
        .collect()
}

fn lane(item: &Item<'_>, scale: Scale, address: &Address, page: &Page) -> Lane {
    let claim = item.claim;
    let chosen = address.get("claim") == claim.id;
    let place = item.place.as_ref();
    Lane {
        number: item.number,
        statement: claim.statement.clone(),
        status: claim.status.clone(),
        counts: format!("{} · {}", count(claim.outlets, "outlet"), origins(claim)),
        href: page.claim(&claim.id),
        chosen,
        choose: address.changed(&[("claim", if chosen { "" } else { &claim.id }), ("page", "")]),
        when: item.when.as_ref().map_or_else(|| "when is not said".to_owned(), words),
        place: match place {
            Some(place) if place.of_incident => format!("{} (the incident's place)", place.name),
            Some(place) => place.name.clone(),
            None => "place not said".to_owned(),
        },
        place_href: place
            .filter(|place| !place.of_incident)
            .map(|place| address.changed(&[("place", &place.geonameid.to_string()), ("page", "")])),
        said: item.said.map_or_else(|| "no date".to_owned(), |said| written(said, "%Y-%m-%d %H:%M UTC")),
        said_at: item.said.filter(|said| (scale.from..=scale.to).contains(said)).map(|said| percent(scale.at(said))),
        bar: item.when.as_ref().and_then(|when| bar(when, scale)),
        before: item.when.as_ref().is_some_and(|when| when.to <= scale.from),
        after: item.when.as_ref().is_some_and(|when| when.from >= scale.to),
    }
}

/// None when all of it lies off the line.
fn bar(when: &When, scale: Scale) -> Option<Bar> {
    if when.to <= scale.from || when.from >= scale.to {
        return None;
    }
    let (a, b) = (scale.at(when.from), scale.at(when.to));
    Some(Bar {
        x: percent(a),
        width: percent(b - a),
        middle: percent(f64::midpoint(a, b)),
        short: b - a < 0.8,
        vague: when.vague,
    })
}

/// An interval in words, no more exact than the reports are.
fn words(when: &When) -> String {
    let about = if when.vague { "about " } else { "" };
    match when.precision.as_str() {
        "minute" | "second" => format!("{about}{}", written(when.from, "%Y-%m-%d %H:%M UTC")),
        "hour" => format!("{about}{}, by the hour", written(when.from, "%Y-%m-%d %H:00 UTC")),
        "part of day" if (when.to - when.from) % DAY == 0 => format!("{}, part of the day", date(when.from)),
        "part of day" => format!(
            "{}, between {} and {}",
            date(when.from),
            written(when.from, "%H:%M"),
            written(when.to, "%H:%M UTC")
        ),
        "day" => format!("{about}{}", date(when.from)),
        "month" => format!("in {}, day not said", written(when.from, "%B %Y")),
        "year" => format!("in {}, no more exact", written(when.from, "%Y")),
        precision => format!("between {} and {}{}", date(when.from), date(when.to - 1), of(precision)),
    }
}

fn of(precision: &str) -> String {
    if precision.is_empty() { String::new() } else { format!(" (a {precision})") }
}
