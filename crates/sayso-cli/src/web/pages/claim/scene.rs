//! Where and when a claim's mentions put it, by origin: rivals stand side by side.
//!
//! In: a claim. Out: each place and time that those who state it name in their words, with who does. May not happen: a place or a time
//! that no mention has.

use sayso::span::Span;
use sayso::weighing::Claim;

use super::words::speaks_for;
use crate::web::place::{Places, Quoted};
use crate::web::state::CaseView;

/// Rows of each kind.
const SHOWN: usize = 8;

/// A place or a time, and who names it.
pub(super) struct Set {
    pub(super) value: String,
    pub(super) origins: Vec<String>,
    /// The first words that name it.
    pub(super) words: Quoted,
}

/// The places, then the times; none when no mention names any.
pub(super) fn scene(view: &CaseView, places: &Places<'_>, claim: &Claim) -> Vec<(&'static str, Vec<Set>)> {
    let (mut wheres, mut whens) = (Vec::new(), Vec::new());
    for (k, mention) in claim.mentions.iter().enumerate().filter(|(_, mention)| speaks_for(mention)) {
        let Some(entry) = view.entry(&mention.report) else { continue };
        let origin = claim.components.iter().find(|origin| origin.mentions.contains(&k));
        let origin = origin.map_or_else(|| view.outlet(&mention.report), |origin| origin.name.clone());
        let here = |span: Span| mention.spans.iter().any(|own| own.overlaps(span));
        for place in entry.reading.places.iter().filter(|place| here(place.span)) {
            note(&mut wheres, &place.name, &origin, || places.quoted(&mention.report, place.span));
        }
        for time in entry.reading.times.iter().filter(|time| here(time.span) && time.from.is_some()) {
            note(&mut whens, &time.value, &origin, || places.quoted(&mention.report, time.span));
        }
    }
    let mut out = vec![("Where", wheres), ("When", whens)];
    for (_, sets) in &mut out {
        sets.sort_by_key(|set| std::cmp::Reverse(set.origins.len()));
        sets.truncate(SHOWN);
    }
    out.retain(|(_, sets)| !sets.is_empty());
    out
}

fn note(sets: &mut Vec<Set>, value: &str, origin: &str, words: impl FnOnce() -> Quoted) {
    let at = sets.iter().position(|set| set.value == value).unwrap_or_else(|| {
        sets.push(Set { value: value.to_owned(), origins: Vec::new(), words: words() });
        sets.len() - 1
    });
    if !sets[at].origins.iter().any(|known| known == origin) {
        sets[at].origins.push(origin.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_names_the_same_stands_together() {
        let words = || Quoted { words: "x".into(), outlet: "y".into(), href: "z".into() };
        let mut sets = Vec::new();
        for (value, origin) in
            [("Atameken", "Legion"), ("Atameken", "Ministry"), ("Shardara", "Legion"), ("Atameken", "Legion")]
        {
            note(&mut sets, value, origin, words);
        }
        let told: Vec<(&str, usize)> = sets.iter().map(|set| (set.value.as_str(), set.origins.len())).collect();
        assert_eq!(told, [("Atameken", 2), ("Shardara", 1)]);
    }
}
