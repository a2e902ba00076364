//! How the text has an event: as `fact`, `claim`, `plan`, `denial` or `hypothesis`.

use std::ops::Range;

use crate::read::words::Words;
use crate::reading::{Act, Attribution};
use crate::span::Span;

/// How far before the trigger its modal or negation may stand, in words.
const REACH: usize = 7;

/// The standing of the event at `k`, by the words before it, then by the statements around it, the outermost first.
pub(super) fn of(
    words: &Words<'_>,
    sentence: &Range<usize>,
    k: usize,
    all: &[Attribution],
    around: Vec<(Span, usize)>,
) -> &'static str {
    let acts: Vec<Act> = around.iter().filter_map(|(_, n)| all.get(*n)).map(|a| a.act).collect();
    if let Some(standing) = by_words(words, sentence, k).or_else(|| by_verb(words, sentence, k)) {
        return standing;
    }
    match acts.last() {
        _ if acts.contains(&Act::Denies) => "denial",
        Some(Act::Promises | Act::Demands) => "plan",
        Some(_) => "claim",
        None => "fact",
    }
}

/// "a strike could follow": the auxiliary of the verb just after a noun.
fn by_verb(words: &Words<'_>, sentence: &Range<usize>, k: usize) -> Option<&'static str> {
    (k + 1..sentence.end.min(k + 4)).find_map(|at| match words.get(at) {
        "could" | "might" | "would" => Some("hypothesis"),
        "may" if !words.capital(at) => Some("hypothesis"),
        "will" => Some("plan"),
        _ => None,
    })
}

fn by_words(words: &Words<'_>, sentence: &Range<usize>, k: usize) -> Option<&'static str> {
    for at in (sentence.start.max(k.saturating_sub(REACH))..k).rev() {
        let next = words.get(at + 1);
        match words.get(at) {
            "," | ";" | ":" | "who" | "which" | "that" | "after" | "when" | "because" => return None,
            "not" | "never" | "neither" | "nor" | "without" | "t"
                if words.get(at) != "t" || words.before(at, 1) == "’" || words.before(at, 1) == "'" =>
            {
                return Some("denial");
            }
            "no" if at + 3 > k => return Some("denial"),
            "denied" | "denies" | "deny" | "denying" | "denial" | "rejected" | "refuted" => return Some("denial"),
            "if" | "could" | "might" | "would" | "whether" | "possible" | "potential" | "feared" | "threat"
            | "risk" => return Some("hypothesis"),
            "may" if !words.capital(at) => return Some("hypothesis"),
            "will" | "ll" | "shall" | "planned" | "plans" | "planning" | "vowed" | "threatened" | "threatens"
            | "threatening" | "intends" | "preparing" | "ready" | "ordered" | "upcoming" => return Some("plan"),
            "to" if matches!(
                words.before(at, 1),
                "plan"
                    | "plans"
                    | "planned"
                    | "threatened"
                    | "vowed"
                    | "agreed"
                    | "wants"
                    | "set"
                    | "about"
                    | "going"
                    | "expected"
                    | "is"
                    | "are"
                    | "ready"
                    | "try"
                    | "trying"
            ) && next != "the" =>
            {
                return Some("plan");
            }
            _ => {}
        }
    }
    None
}
