//! Where: the places that a report names.
//!
//! In: a [`Document`] and a gazetteer. Out: [`Place`]s, in order, with
//! the rule that chose each among its namesakes. May not happen: a place whose span is not its name
//! as written, an id the gazetteer does not have.

mod cues;
mod detect;
mod fold;
pub mod gazetteer;
mod pack;
mod resolve;
pub mod states;

pub use fold::{fold, same_place_name, sound};
pub use gazetteer::{Class, Entry, Found, Gazetteer, NameForm};
pub use pack::pack;
pub use states::{Form, State, States};

use super::Document;
use crate::reading::{Place, Reading};

/// The places that a document names, in order. A place used as an actor ("Moscow said") is among them, and so is an
/// adjective ("Ukrainian troops": rule `adjective`). A name that the gazetteer lacks is not: where it is, is unknown.
#[must_use]
pub fn find(document: &Document<'_>, gazetteer: &Gazetteer) -> Vec<Place> {
    let mentions = detect::mentions(document, gazetteer);
    let choices = resolve::resolve(&mentions, gazetteer);
    let place = |(m, c): (&detect::Mention, resolve::Choice)| {
        let e = gazetteer.entry(c.index);
        Place {
            span: m.span,
            name: e.name.to_owned(),
            geonameid: e.geonameid,
            lat: Some(e.lat),
            lon: Some(e.lon),
            country: Some(e.country.to_owned()).filter(|c| !c.is_empty()),
            class: e.class.as_str().to_owned(),
            rule: c.rule.to_owned(),
        }
    };
    mentions.iter().zip(choices).map(place).collect()
}

pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    reading.places = find(document, Gazetteer::shipped());
}
