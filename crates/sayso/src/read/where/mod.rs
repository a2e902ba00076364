//! Where: the places that a report names.
//!
//! In: a [`Document`](super::Document) and a gazetteer. Out: [`Place`](crate::reading::Place)s, in order, with
//! the rule that chose each among its namesakes. May not happen: a place whose span is not its name
//! as written, an id the gazetteer does not have.

mod fold;
pub mod gazetteer;
mod pack;
pub mod states;

pub use fold::{fold, same_place_name, sound};
pub use gazetteer::{Class, Entry, Found, Gazetteer, NameForm};
pub use pack::pack;
pub use states::{Form, State, States};
