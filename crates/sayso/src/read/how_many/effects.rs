//! The words for what happens to those counted, from `data/how_many.tsv`, `equipment.txt` and `uncounted.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// How a word of effect stands to what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Past tense or participle.
    Verb,
    /// What is counted follows.
    Active,
    /// What is counted does it.
    Done,
    /// An adjective after what is counted.
    State,
    /// Counted itself: "three deaths".
    Noun,
    /// With "of" before what is counted.
    Of,
    /// As `Verb`, of things only.
    Thing,
}

/// A word of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effect {
    pub(super) of: &'static str,
    pub(super) form: Form,
}

pub(super) static EFFECTS: LazyLock<HashMap<&'static str, Effect>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/how_many.tsv").lines().filter(|l| !l.starts_with('#'));
    let rows = rows.map(|l| l.split('\t').collect::<Vec<_>>());
    rows.filter_map(|f| Some((*f.first()?, Effect { of: f.get(1)?, form: form(f.get(2)?)? }))).collect()
});

fn form(name: &str) -> Option<Form> {
    Some(match name {
        "verb" => Form::Verb,
        "active" => Form::Active,
        "done" => Form::Done,
        "state" => Form::State,
        "noun" => Form::Noun,
        "of" => Form::Of,
        "thing" => Form::Thing,
        _ => return None,
    })
}

static EQUIPMENT: LazyLock<HashSet<&'static str>> = LazyLock::new(|| set(include_str!("../../../data/equipment.txt")));
static UNCOUNTED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| set(include_str!("../../../data/uncounted.txt")));

fn set(file: &'static str) -> HashSet<&'static str> {
    file.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace).collect()
}

pub(super) fn equipment(word: &str) -> bool {
    EQUIPMENT.contains(word)
}

/// Whether a noun names neither people nor equipment.
pub(super) fn uncounted(word: &str) -> bool {
    UNCOUNTED.contains(word)
}

/// Common words for people in the plural.
pub(super) fn people(word: &str) -> bool {
    matches!(
        word,
        "people"
            | "persons"
            | "civilians"
            | "soldiers"
            | "men"
            | "women"
            | "children"
            | "others"
            | "fighters"
            | "rebels"
            | "police"
            | "policemen"
            | "troops"
            | "residents"
            | "victims"
            | "refugees"
    )
}
