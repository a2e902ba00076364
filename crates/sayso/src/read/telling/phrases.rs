//! Sentences in the outlet's own voice that name whose words they are.

use std::ops::Range;

use super::{Teller, Told};
use crate::read::number::number;

/// One way of naming it: the parts of the statement, if this is it.
type Rule = fn(&Teller<'_>, Range<usize>) -> Option<Told>;

/// All ways, in the order in which they are tried.
pub(super) const RULES: &[(&str, Rule)] = &[
    ("by somebody's count", by_the_count),
    ("verb of saying at the end", tail),
    ("verb left out", verb_left_out),
    ("noun and colon", noun_and_colon),
    ("number and colon", number_and_colon),
    ("quotation after a colon", quotation_after_a_colon),
];

/// Nouns for what somebody tells, behind "by", "in" or "on".
const TELLINGS: &[&str] = &[
    "count",
    "reckoning",
    "tally",
    "estimate",
    "estimates",
    "account",
    "telling",
    "retelling",
    "version",
    "words",
    "view",
    "reading",
    "figures",
    "counting",
];

/// Nouns for words that somebody gives, before a colon.
const GIVEN: &[&str] = &[
    "number",
    "figure",
    "count",
    "toll",
    "tally",
    "estimate",
    "total",
    "note",
    "statement",
    "finding",
    "findings",
    "claim",
    "version",
    "line",
    "answer",
    "reply",
    "response",
    "verdict",
    "message",
    "word",
    "communique",
    "report",
    "account",
    "post",
    "bulletin",
    "news",
    "conclusion",
    "explanation",
    "announcement",
    "warning",
];

/// "Fourteen shops looted, per the Chamber", "In the governor's telling, …", "…, by their own count", "as the mayor tells it".
fn by_the_count(teller: &Teller<'_>, all: Range<usize>) -> Option<Told> {
    let scene = &teller.scene;
    for k in all.clone().filter(|&k| !scene.quoted[k]) {
        let Some((source, cue, end)) = phrase(teller, k, all.end) else { continue };
        let edge = k == all.start && end < all.end && scene.word(end) == ","
            || k > all.start && (end == all.end || matches!(scene.word(end), "," | ";" | "." | "—" | "–" | ")"));
        let firm = matches!(scene.low(k), "per" | "according");
        let apart =
            k == all.start || matches!(scene.word(k - 1), "," | "—" | "–" | "(") || firm || scene.low(k) == "by";
        let before = teller.clear(all.start..k);
        let stop = (end..all.end).find(|&t| scene.word(t) == ";").unwrap_or(all.end);
        let after = if before.is_empty() || end < all.end && scene.word(end) == "," {
            teller.clear(end..stop)
        } else {
            end..end
        };
        let content: Vec<Range<usize>> = [before, after].into_iter().filter(|r| !r.is_empty()).collect();
        let enough = content
            .iter()
            .map(|r| r.clone().filter(|&t| scene.word(t).starts_with(char::is_alphanumeric)).count())
            .sum::<usize>()
            > 1;
        if edge && apart && enough {
            let left = teller.clear(stop..all.end);
            return Some(Told { source, cue, content, rest: (left.len() > 3).then_some(left) });
        }
    }
    None
}

/// The source, the cue and the end of such a phrase that begins with token `k`.
fn phrase(teller: &Teller<'_>, k: usize, limit: usize) -> Option<(Range<usize>, Range<usize>, usize)> {
    let scene = &teller.scene;
    let plain = |cue: Range<usize>| {
        let source = teller.phrase(cue.end, limit)?;
        let end = source.end;
        Some((source, cue, end))
    };
    match scene.low(k) {
        // "per student" is no source, "per the ministry" and "per Tass" are.
        "per" if scene.is_capital(k + 1) || matches!(scene.low(k + 1), "the" | "its" | "his" | "her" | "their") => {
            plain(k..k + 1)
        }
        "according" if scene.low(k + 1) == "to" => plain(k..k + 2),
        "as" => {
            let source = teller.phrase(k + 1, limit)?;
            let verb = source.end;
            let tells =
                matches!(scene.low(verb), "tells" | "told" | "has" | "had" | "puts" | "put" | "sees" | "saw" | "tell");
            (tells && scene.low(verb + 1) == "it").then(|| (source, verb..verb + 2, verb + 2))
        }
        "by" | "in" | "on" => {
            let noun = (k + 1..limit.min(k + 12)).find(|&t| TELLINGS.contains(&scene.low(t)))?;
            if let Some(owner) = teller.owner(noun, k + 1) {
                return (owner.start == k + 1).then_some((owner, noun..noun + 1, noun + 1));
            }
            let of = noun + 1 < limit && scene.low(noun + 1) == "of" && noun < k + 4;
            of.then(|| plain(k..noun + 2)).flatten()
        }
        _ => None,
    }
}

/// "Eight thousand people, says the colonel", "Two villages are ours, its chief boasted to the Courier".
fn tail(teller: &Teller<'_>, all: Range<usize>) -> Option<Told> {
    let scene = &teller.scene;
    let verb = all.clone().rev().find(|&k| !scene.quoted[k] && scene.saying(k).is_some())?;
    if scene.low(verb).starts_with("agree") {
        return None;
    }
    let comma = (all.start..verb).rev().take(10).find(|&k| matches!(scene.word(k), "," | "—" | "–"))?;
    let content = teller.clear(all.start..comma);
    let subordinate = matches!(
        scene.low(content.start),
        "when"
            | "while"
            | "after"
            | "before"
            | "as"
            | "if"
            | "although"
            | "though"
            | "since"
            | "because"
            | "asked"
            | "in"
    );
    let states =
        content.clone().any(|k| matches!(scene.pos(k), "VERB" | "AUX" | "NUM")) || teller.counts(content.start);
    if subordinate || !states || content.len() < 2 {
        return None;
    }
    let source = if verb == comma + 1 {
        teller.phrase(verb + 1, all.end).filter(|s| s.end == all.end || !scene.is_word(s.end))?
    } else {
        let source = teller.phrase(comma + 1, verb)?;
        let after = verb + 1;
        let done = after >= all.end
            || matches!(scene.low(after), "to" | "in" | "on" | "at" | "late" | "yesterday" | "last" | "earlier")
                && (after..all.end).all(|k| !matches!(scene.pos(k), "VERB" | "AUX"));
        (source.end == verb && done).then_some(source)?
    };
    Some(Told { source, cue: verb..verb + 1, content: vec![content], rest: None })
}

/// "The railway maintained that there were 210 people on board, the union that there were 300".
fn verb_left_out(teller: &Teller<'_>, all: Range<usize>) -> Option<Told> {
    let scene = &teller.scene;
    let that = all.clone().take(7).find(|&k| scene.low(k) == "that")?;
    let sentence = teller.words.sentence(all.start);
    let verb = (sentence.start..all.start).rev().find(|&k| scene.saying(k).is_some() && !scene.quoted[k])?;
    let start = all.start + usize::from(matches!(scene.low(all.start), "and" | "while" | "but"));
    let source = teller.phrase(start, that).filter(|s| s.end == that)?;
    (scene.pos(that) == "SCONJ" && scene.low(verb + 1) == "that" && that + 3 < all.end).then(|| Told {
        source,
        cue: that..that + 1,
        content: vec![teller.clear(that + 1..all.end)],
        rest: None,
    })
}

/// The colon of a sentence, outside quotation marks and numbers.
fn colon(teller: &Teller<'_>, all: &Range<usize>) -> Option<usize> {
    let scene = &teller.scene;
    let apart =
        |k: &usize| scene.word(*k) == ":" && !scene.quoted[*k] && k + 1 < all.end && !scene.gap(k + 1).is_empty();
    all.clone().take(20).find(apart).filter(|k| *k > all.start)
}

/// "The first number from the rescuers: six dead", "The ministry's answer: no".
fn noun_and_colon(teller: &Teller<'_>, all: Range<usize>) -> Option<Told> {
    let scene = &teller.scene;
    let colon = colon(teller, &all)?;
    let noun = (all.start..colon).find(|&k| GIVEN.contains(&scene.low(k)) && !scene.quoted[k])?;
    let source = match scene.low(noun + 1) {
        "from" | "of" | "by" => teller.phrase(noun + 2, colon).filter(|s| s.end == colon)?,
        _ => teller.owner(noun, all.start)?,
    };
    let content = teller.clear(colon + 1..all.end);
    let editor = source.clone().any(|k| matches!(scene.low(k), "editor" | "editors"));
    (content.len() > 1 && !editor).then(|| Told { source, cue: noun..noun + 1, content: vec![content], rest: None })
}

/// "Six, then nine: the rescuers", "Fourteen: the governor, who withdrew it".
fn number_and_colon(teller: &Teller<'_>, all: Range<usize>) -> Option<Told> {
    let scene = &teller.scene;
    let colon = colon(teller, &all)?;
    let figure = |k: usize| number(&teller.words, k).is_some() || scene.low(k) == "none";
    let filler = |k: usize| {
        matches!(
            scene.low(k),
            "then" | "and" | "or" | "later" | "now" | "at" | "least" | "first" | "hundred" | "thousand"
        ) || !scene.is_word(k)
    };
    let before = all.start..colon;
    if !before.clone().any(figure) || !before.clone().all(|k| figure(k) || filler(k)) {
        return None;
    }
    let source = teller.phrase(colon + 1, all.end)?;
    let rest = teller.clear(source.end..all.end);
    Some(Told { source, cue: colon..colon, content: vec![before], rest: (rest.len() > 3).then_some(rest) })
}

/// "He was clearer on the injured: “Seventeen.”"
fn quotation_after_a_colon(teller: &Teller<'_>, all: Range<usize>) -> Option<Told> {
    let scene = &teller.scene;
    let colon = colon(teller, &all)?;
    if !matches!(scene.word(colon + 1), "“" | "\"" | "«" | "„") {
        return None;
    }
    let verb = (all.start..colon).find(|&k| matches!(scene.pos(k), "VERB" | "AUX"))?;
    let pronoun = matches!(scene.low(all.start), "he" | "she" | "they");
    let source =
        if pronoun { all.start..all.start + 1 } else { teller.phrase(all.start, verb).filter(|s| s.end == verb)? };
    let content = colon + 1..all.end;
    Some(Told { source, cue: verb..verb + 1, content: vec![content], rest: None })
}
