//! Contents cut into propositions: clauses that can be true or false by themselves.
//!
//! "It had killed 70 fighters and driven the rest back" is two. What several reports state in common is looked for among
//! propositions, since one outlet's sentence joins what another's keeps apart.

use crate::read::Document;
use crate::reading::Reading;
use crate::span::Span;

/// A clause shorter than this many words joins its neighbour.
const SHORTEST: usize = 3;

/// Fills [`propositions`](crate::reading::Attribution::propositions) of every attribution.
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    for attribution in &mut reading.attributions {
        attribution.propositions = attribution.content.iter().flat_map(|&span| cut(document, span)).collect();
    }
}

/// One content span cut at sentence ends, semicolons, and conjunctions that join two verbs.
fn cut(document: &Document<'_>, span: Span) -> Vec<Span> {
    let analysis = &document.analysis;
    let tokens = analysis.tokens_in(span);
    let mut out: Vec<Span> = Vec::new();
    let mut start = tokens.start;
    for k in tokens.clone() {
        let sentence_ends = k + 1 < tokens.end && analysis.sentence_of(k) != analysis.sentence_of(k + 1);
        let joins = k > start && joins_clauses(document, k);
        if sentence_ends || joins || document.word(k) == ";" || k + 1 == tokens.end {
            let end = if joins && !sentence_ends && k + 1 < tokens.end { k } else { k + 1 };
            push(document, &mut out, start, end);
            start = end;
        }
    }
    if start < tokens.end {
        push(document, &mut out, start, tokens.end);
    }
    if out.is_empty() { vec![span] } else { out }
}

/// Adds the tokens as a proposition, without conjunctions and marks at the ends; too short a one joins the last.
fn push(document: &Document<'_>, out: &mut Vec<Span>, mut start: usize, mut end: usize) {
    let whole = start..end;
    while start < end && is_edge(document.word(start)) {
        start += 1;
    }
    while end > start && is_mark(document.word(end - 1)) {
        end -= 1;
    }
    if start == end {
        return;
    }
    let span = document.analysis.span_of(start..end);
    let words = (start..end).filter(|&k| !is_mark(document.word(k))).count();
    match out.last_mut() {
        Some(last) if words < SHORTEST && document.word(whole.start) != ";" => *last = last.cover(span),
        _ => out.push(span),
    }
}

fn is_mark(word: &str) -> bool {
    !word.chars().any(|c| c.is_alphanumeric() || c == '%' || c == '$')
}

fn is_edge(word: &str) -> bool {
    is_mark(word) || matches!(word.to_lowercase().as_str(), "and" | "but" | "while" | "whereas" | "that" | "or")
}

/// Whether token `k` is a conjunction between two clauses: the parse joins two verbs, each with words of its own.
fn joins_clauses(document: &Document<'_>, k: usize) -> bool {
    let word = document.word(k).to_lowercase();
    if !matches!(word.as_str(), "and" | "but" | "while" | "whereas") {
        return false;
    }
    let tokens = &document.analysis.tokens;
    let Some(head) = tokens[k].head else { return false };
    let verb = |t: usize| {
        matches!(tokens[t].pos, "VERB" | "AUX") || document.analysis.children(t).any(|c| tokens[c].relation == "cop")
    };
    if matches!(word.as_str(), "while" | "whereas") {
        return verb(head);
    }
    let joined = tokens[head].relation == "conj" && head > k && verb(head) && tokens[head].head.is_some_and(verb);
    joined
        && document.analysis.children(head).any(|c| c > head || (c < head && tokens[c].relation.starts_with("nsubj")))
}
