//! The places of claims on a map: dots, what is left open around them, and names where there is room.
//!
//! In: items with their places. Out: what the template draws. May not happen: a country as a dot; one misread name that makes the map
//! useless; a name over another.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::address::Address;
use super::happened::Where;
use super::map::{HEIGHT, WIDTH, Window};
use super::scale::percent;
use super::{Item, Standing, map};
use crate::text::count;

/// Places on the map, those with most claims first.
const SPOTS: usize = 120;

pub(super) struct MapView {
    pub(super) ground: Arc<map::Ground>,
    pub(super) spots: Vec<Spot>,
    pub(super) scale_km: u32,
    pub(super) scale: String,
    /// Countries that are all that some claims name: words, link, whether it is chosen.
    pub(super) countries: Vec<(String, String, bool)>,
    pub(super) left_out: usize,
    /// Places beyond the edges, and the way to a map of all.
    pub(super) outside: usize,
    pub(super) all: String,
}

pub(super) struct Spot {
    pub(super) name: String,
    pub(super) x: String,
    pub(super) y: String,
    /// In the drawing's own units, for the circle of what is not known.
    pub(super) cx: String,
    pub(super) cy: String,
    pub(super) around: String,
    pub(super) r: String,
    /// How far beside the place its name stands.
    pub(super) beside: String,
    pub(super) class: &'static str,
    pub(super) claims: String,
    pub(super) precision: &'static str,
    pub(super) href: String,
    /// Whether its name is written beside it.
    pub(super) named: bool,
    /// Whether it is written to the left.
    pub(super) left: bool,
    pub(super) chosen: bool,
    /// Where its name would stand in the drawing: left, top, right.
    label: [f64; 3],
}

/// The places of the items, those with most claims first.
pub(super) fn map_view(items: &[&Item<'_>], address: &Address) -> Option<MapView> {
    let mut places: BTreeMap<u32, (&Where, Vec<&Item<'_>>)> = BTreeMap::new();
    // A claim that names no place is not put where its incident was, unless none names any.
    let own = items.iter().any(|item| item.place.as_ref().is_some_and(|place| !place.of_incident));
    for item in items {
        if let Some(place) = item.place.as_ref().filter(|place| !(own && place.of_incident)) {
            places.entry(place.geonameid).or_insert_with(|| (place, Vec::new())).1.push(item);
        }
    }
    let mut places: Vec<(&Where, Vec<&Item<'_>>)> = places.into_values().collect();
    places.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.geonameid.cmp(&b.0.geonameid)));
    let (wide, mut places): (Vec<_>, Vec<_>) = places.into_iter().partition(|(place, _)| place.is_wide());
    let left_out = places.len().saturating_sub(SPOTS);
    places.truncate(SPOTS);
    let weighed: Vec<((f64, f64), usize)> = places.iter().map(|(place, items)| (place.point, items.len())).collect();
    let all = address.get("map") == "all" || !address.get("place").is_empty();
    let shown = if all { weighed.iter().map(|(point, _)| *point).collect() } else { map::centre_of(&weighed) };
    let window = match Window::around(&shown) {
        Some(window) => window,
        None => Window::around(&wide.iter().map(|(place, _)| place.point).collect::<Vec<_>>())?,
    };
    let seen = |point: (f64, f64)| {
        let (x, y) = window.at(point);
        (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y)
    };
    let outside = places.iter().filter(|(place, _)| !seen(place.point)).count();
    let chip = |(place, items): &(&Where, Vec<&Item<'_>>)| {
        let id = place.geonameid.to_string();
        let chosen = address.get("place") == id;
        let href = address.changed(&[("place", if chosen { "" } else { &id }), ("page", "")]);
        (format!("{} {}", place.name, items.len()), href, chosen)
    };
    let countries = wide.iter().take(SPOTS).map(chip).collect();
    let (scale_km, long) = window.scale();
    let spots = places.iter().filter_map(|(place, items)| spot(place, items, &window, address));
    let spots = named(spots.collect());
    Some(MapView {
        ground: map::ground(&window),
        spots,
        countries,
        scale_km,
        scale: percent(long / WIDTH * 100.0),
        left_out,
        outside,
        all: address.with("map", "all"),
    })
}

fn spot(place: &Where, items: &[&Item<'_>], window: &Window, address: &Address) -> Option<Spot> {
    let (x, y) = window.at(place.point);
    if !(0.0..=WIDTH).contains(&x) || !(0.0..=HEIGHT).contains(&y) {
        return None;
    }
    let id = place.geonameid.to_string();
    let chosen = address.get("place") == id;
    let verified = items.iter().filter(|item| item.standing == Standing::Verified).count();
    let left = x > WIDTH * 0.75;
    let r = (4.0 + (items.len() as f64).sqrt() * 1.8).min(16.0);
    let claims = if verified == 0 { "none verified".to_owned() } else { format!("{verified} verified") };
    Some(Spot {
        name: place.name.clone(),
        x: percent(x / WIDTH * 100.0),
        y: percent(y / HEIGHT * 100.0),
        cx: format!("{x:.1}"),
        cy: format!("{y:.1}"),
        around: format!("{:.1}", window.km(place.radius())),
        r: format!("{r:.1}"),
        beside: format!("{:.0}", if left { -r - 4.0 } else { r + 4.0 }),
        class: if verified > 0 { "verified" } else { "claimed" },
        claims: format!("{}, {claims}", count(items.len(), "claim")),
        precision: place.precision(),
        href: address.changed(&[("place", if chosen { "" } else { &id }), ("page", "")]),
        named: false,
        left,
        label: label(x, y, r, left, &place.name),
        chosen,
    })
}

/// Where a name stands, at the size that the map mostly has: a letter is about eleven units wide.
fn label(x: f64, y: f64, r: f64, left: bool, name: &str) -> [f64; 3] {
    let wide = name.chars().count() as f64 * 11.0;
    let start = if left { x - r * 2.0 - wide } else { x + r * 2.0 };
    [start, y, start + wide]
}

/// Writes the names that have room, those of places with most claims first; a chosen place always has its name.
fn named(mut spots: Vec<Spot>) -> Vec<Spot> {
    let mut taken: Vec<[f64; 3]> = Vec::new();
    spots.sort_by_key(|spot| !spot.chosen);
    for spot in &mut spots {
        let [start, y, end] = spot.label;
        let free = taken.iter().all(|[a, other, b]| (y - other).abs() > 24.0 || end < *a || *b < start);
        spot.named = spot.chosen || free;
        if spot.named {
            taken.push(spot.label);
        }
    }
    spots
}
