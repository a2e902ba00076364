//! The tense of the verb that governs a time: does "on Tuesday" lie behind the report or ahead of it?

use crate::read::words::Words;

/// Which way the words point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
    Unknown,
}

/// Words that point ahead.
const AHEAD: [&str; 25] = [
    "will",
    "ll",
    "shall",
    "expected",
    "expects",
    "expect",
    "scheduled",
    "due",
    "plans",
    "plan",
    "planned",
    "planning",
    "until",
    "till",
    "upcoming",
    "deadline",
    "going",
    "forthcoming",
    "intends",
    "tomorrow",
    "hopes",
    "can",
    "may",
    "should",
    "must",
];

/// Irregular past forms common in news; regular ones end in -ed.
const BEHIND: [&str; 62] = [
    "was", "were", "had", "did", "said", "told", "went", "began", "took", "came", "made", "held", "met", "left",
    "fell", "rose", "won", "lost", "gave", "got", "sent", "hit", "shot", "struck", "fought", "broke", "brought",
    "built", "cut", "drew", "drove", "fled", "flew", "found", "grew", "kept", "knew", "led", "paid", "put", "ran",
    "rang", "sat", "saw", "sold", "spent", "spoke", "stood", "swore", "thought", "threw", "wrote", "became", "heard",
    "laid", "slept", "set", "blew", "withdrew", "been", "died", "sank",
];

/// How far to look, in words.
const REACH: usize = 14;

/// The tense for a time in words `start..end`: the nearest telling word before it in its clause, else after it.
pub(super) fn of(words: &Words<'_>, start: usize, end: usize) -> Tense {
    // A term: "by Friday", "until Nov. 20", "as soon as Tuesday". In front of its sentence it can lie behind.
    let term = match (words.before(start, 2), words.before(start, 1)) {
        (_, "until" | "till" | "through") | ("soon" | "early" | "late", "as") => true,
        (_, "by") => words.get(end) != "," && start > 1 && !words.stops(start - 2),
        _ => false,
    };
    if term {
        return Tense::Future;
    }
    for back in 1..=REACH.min(start) {
        let k = start - back;
        if words.stops(k) || matches!(words.get(k), ";" | ":" | "“" | "``") {
            break;
        }
        match tells(words, k) {
            Tense::Unknown => {}
            tense => return tense,
        }
    }
    for k in end..(end + REACH).min(words.len()) {
        if words.stops(k) || matches!(words.get(k), ";" | ":") {
            break;
        }
        match tells(words, k) {
            Tense::Unknown => {}
            tense => return tense,
        }
    }
    Tense::Unknown
}

fn tells(words: &Words<'_>, k: usize) -> Tense {
    let word = words.get(k);
    // "by Friday" sets a term, but "by" also names an agent: only before a time it points ahead.
    let to_verb =
        word == "to" && matches!(words.before(k, 1), "is" | "are" | "set" | "ready" | "vowed" | "agreed" | "plans");
    if AHEAD.contains(&word) && !(word == "may" && words.capital(k)) || to_verb {
        return Tense::Future;
    }
    if !matches!(words.pos(k), "" | "VERB" | "AUX") {
        return Tense::Unknown;
    }
    let regular =
        word.len() > 4 && word.ends_with("ed") && !matches!(word, "indeed" | "hundred" | "united" | "armed" | "speed");
    if regular || BEHIND.contains(&word) { Tense::Past } else { Tense::Unknown }
}
