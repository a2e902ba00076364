//! What hangs on a noun that somebody owns: "the union's figure of 17 killed", "a statement by the railway that nobody died".

use std::ops::Range;

use super::{Teller, Told};
use crate::reading::{Attribution, Kind};
use crate::span::Span;

/// Nouns before "of" and a number.
const FIGURES: &[&str] = &["figure", "figures", "number", "count", "toll", "estimate", "tally", "total"];

/// Nouns before "that" and a clause.
const CLAIMS: &[&str] = &[
    "statement",
    "claim",
    "claims",
    "finding",
    "assertion",
    "allegation",
    "accusation",
    "announcement",
    "assurance",
    "admission",
    "denial",
    "suggestion",
    "insistence",
    "contention",
    "charge",
    "warning",
    "conclusion",
    "report",
];

/// Words that a content on a noun holds at most.
const LONGEST: usize = 40;

/// Adds such statements; those that an attribution holds already get their owner for a source.
pub(super) fn nouns(teller: &Teller<'_>, attributions: &mut Vec<Attribution>) {
    let mut by_start: Vec<(usize, usize)> = Vec::new();
    for (n, a) in attributions.iter().enumerate().filter(|(_, a)| a.kind != Kind::Voice) {
        by_start.extend(a.content.first().map(|c| (c.start, n)));
    }
    by_start.sort_unstable();
    for k in 0..teller.scene.len() {
        let Some(told) = told(teller, k) else { continue };
        let content = teller.scene.span(told.content[0].clone());
        let near = content.start.saturating_sub(6)..=content.start;
        let from = by_start.partition_point(|(start, _)| *start < *near.start());
        let mut same = by_start[from..].iter().take_while(|(start, _)| near.contains(start)).map(|(_, n)| *n);
        match same.next() {
            Some(n) => adopt(teller, &mut attributions[n], &told),
            None => attributions.push(teller.made(told, "what hangs on a noun")),
        }
    }
}

/// The owner is the source, unless the attribution has the owner already.
fn adopt(teller: &Teller<'_>, one: &mut Attribution, told: &Told) {
    let owner = teller.scene.span(told.source.clone());
    let noun = teller.scene.span(told.cue.clone());
    let own = |spans: &[Span], span: Span| spans.iter().any(|s| s.overlaps(span));
    if !own(&one.source, owner) {
        one.source = vec![owner];
        one.cue = vec![noun];
        "telling: what hangs on a noun".clone_into(&mut one.rule);
    }
}

/// The statement on the noun at token `k`.
fn told(teller: &Teller<'_>, k: usize) -> Option<Told> {
    let scene = &teller.scene;
    let (figure, claim) = (FIGURES.contains(&scene.low(k)), CLAIMS.contains(&scene.low(k)));
    if !figure && !claim || scene.quoted[k] || scene.pos(k) == "VERB" {
        return None;
    }
    let sentence = teller.words.sentence(k);
    let owner = teller.owner(k, sentence.start.max(k.saturating_sub(14)));
    let (source, at) = match scene.low(k + 1) {
        "by" | "from" if claim => {
            let source = teller.phrase(k + 2, sentence.end)?;
            let that = (source.end..sentence.end.min(source.end + 10)).find(|&t| scene.low(t) == "that")?;
            let apart = that == source.end || scene.word(that - 1) == "," && scene.word(source.end) == ",";
            apart.then_some((source, that))?
        }
        _ => (owner?, k + 1),
    };
    let content = match scene.low(at) {
        "of" if figure && teller.counts(at + 1) => figure_after(teller, at + 1, sentence.end),
        "that" if claim => clause_after(teller, at + 1, sentence.end),
        _ => return None,
    };
    (content.len() > 1).then(|| Told { source, cue: k..k + 1, content: vec![content], rest: None })
}

/// "more than 70 killed", up to a verb, a mark or another preposition.
fn figure_after(teller: &Teller<'_>, from: usize, limit: usize) -> Range<usize> {
    let scene = &teller.scene;
    let ends = |k: &usize| {
        let word = scene.word(*k);
        let participle =
            matches!(scene.low(*k), "killed" | "wounded" | "injured" | "dead" | "missing" | "arrested" | "detained");
        let verb = matches!(scene.pos(*k), "AUX") || scene.pos(*k) == "VERB" && !participle;
        let mark = !word.starts_with(char::is_alphanumeric) && !matches!(word, "," | "-" | "’")
            || word == "," && !scene.word(k + 1).starts_with(|c: char| c.is_ascii_digit());
        verb || mark || matches!(scene.low(*k), "by" | "for" | "but" | "while" | "which" | "that" | "as" | "from")
    };
    from..(from..limit.min(from + 12)).find(ends).unwrap_or(limit.min(from + 12))
}

/// The clause behind "that", up to a mark that parts clauses.
fn clause_after(teller: &Teller<'_>, from: usize, limit: usize) -> Range<usize> {
    let limit = limit.min(from + LONGEST);
    let parts = |k: &usize| {
        let word = teller.scene.word(*k);
        matches!(word, ";" | "—" | "–" | ":" | ")") || matches!(word, "," | "." | "?" | "!") && *k > from + 3
    };
    from..(from..limit).find(parts).unwrap_or(limit)
}
