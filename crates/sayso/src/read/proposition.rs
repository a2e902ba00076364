//! Contents cut into propositions: clauses that can be true or false by themselves.
//!
//! "It had killed 70 fighters and driven the rest back" is two. What several reports state in common is looked for among
//! propositions, since one outlet's sentence joins what another's keeps apart.

use std::ops::Range;

use crate::read::Document;
use crate::reading::{Quantity, Reading};
use crate::span::Span;

/// A clause shorter than this many words joins its neighbour.
const SHORTEST: usize = 3;

/// Fills [`propositions`](crate::reading::Attribution::propositions) of every attribution.
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    for attribution in &mut reading.attributions {
        attribution.propositions =
            attribution.content.iter().flat_map(|&span| cut(document, &reading.quantities, span)).collect();
    }
}

/// One content span cut where a new clause begins.
fn cut(document: &Document<'_>, quantities: &[Quantity], span: Span) -> Vec<Span> {
    let tokens = document.analysis.tokens_in(span);
    let mut out: Vec<Span> = Vec::new();
    let mut start = tokens.start;
    for k in tokens.start + 1..tokens.end {
        if begins(document, quantities, start, k) {
            push(document, &mut out, start, k);
            start = k;
        }
    }
    if start < tokens.end {
        push(document, &mut out, start, tokens.end);
    }
    if out.is_empty() { vec![span] } else { out }
}

/// Whether a proposition begins at token `k`, the one before it having begun at `start`.
fn begins(document: &Document<'_>, quantities: &[Quantity], start: usize, k: usize) -> bool {
    let analysis = &document.analysis;
    analysis.sentence_of(k - 1) != analysis.sentence_of(k)
        || document.word(k - 1) == ";"
        || joins_clauses(document, k)
        || joins_that(document, k)
        || has_own_subject(document, k)
        || is_part(document, k)
        || counts_others(document, quantities, start, k)
        || tells_how(document, quantities, start, k)
}

/// Adds the tokens as a proposition, without conjunctions and marks at the ends; too short a one joins the last, and what
/// follows a too short one joins it: "Nine. I count them myself".
fn push(document: &Document<'_>, out: &mut Vec<Span>, mut start: usize, mut end: usize) {
    let whole = start..end;
    let how = !out.is_empty() && matches!(document.word(start), "when" | "after" | "as");
    start += usize::from(how);
    while start < end && is_edge(document.word(start)) {
        start += 1;
    }
    while end > start && (is_mark(document.word(end - 1)) || is_joint(document.word(end - 1))) {
        end -= 1;
    }
    if start == end {
        return;
    }
    let span = document.analysis.span_of(start..end);
    let short = |tokens: Range<usize>| tokens.filter(|&k| !is_mark(document.word(k))).count() < SHORTEST;
    match out.last_mut() {
        Some(last)
            if document.word(whole.start) != ";"
                && (short(start..end) || short(document.analysis.tokens_in(*last))) =>
        {
            *last = last.cover(span);
        }
        _ => out.push(span),
    }
}

fn is_mark(word: &str) -> bool {
    !word.chars().any(|c| c.is_alphanumeric() || c == '%' || c == '$')
}

fn is_edge(word: &str) -> bool {
    is_mark(word) || is_joint(word) || word.eq_ignore_ascii_case("that")
}

fn is_joint(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "and" | "but" | "while" | "whereas" | "or")
}

fn is_verb(document: &Document<'_>, token: usize) -> bool {
    let tokens = &document.analysis.tokens;
    matches!(tokens[token].pos, "VERB" | "AUX")
        || document.analysis.children(token).any(|c| tokens[c].relation == "cop")
}

/// "nine had died, and that the road was closed": a second clause of what was said.
fn joins_that(document: &Document<'_>, k: usize) -> bool {
    let tokens = &document.analysis.tokens;
    matches!(document.word(k), "and" | "but")
        && k + 1 < tokens.len()
        && document.word(k + 1) == "that"
        && tokens[k + 1].relation == "mark"
}

/// "they have taken two lorries, we saw none of it": after the comma a verb with a subject of its own.
fn has_own_subject(document: &Document<'_>, k: usize) -> bool {
    let analysis = &document.analysis;
    if document.word(k - 1) != "," {
        return false;
    }
    let sentence = analysis.sentences.get(analysis.sentence_of(k)).cloned().unwrap_or(0..0);
    let first = |verb: usize| analysis.children(verb).filter(|&c| analysis.tokens[c].relation != "punct").min();
    let clause = |h: usize| {
        let token = &analysis.tokens[h];
        let before = token.head.is_some_and(|head| head < k && is_verb(document, head));
        let subject = |c: usize| analysis.tokens[c].relation.starts_with("nsubj") && leftmost(document, c) == k;
        matches!(token.relation, "parataxis" | "conj")
            && before
            && is_verb(document, h)
            && first(h).is_some_and(|c| c < h)
            && analysis.children(h).any(subject)
    };
    (k..sentence.end).any(clause)
}

/// The first token of a token's phrase.
fn leftmost(document: &Document<'_>, mut token: usize) -> usize {
    while let Some(child) = document.analysis.children(token).filter(|&c| c < token).min() {
        token = child;
    }
    token
}

/// "64 hurt, three of them badly": what is said of a part.
fn is_part(document: &Document<'_>, k: usize) -> bool {
    let word = |n: usize| document.analysis.tokens.get(k + n).map(|t| t.span.of(document.text()).to_lowercase());
    let number = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) || FEW.contains(&w);
    document.word(k - 1) == ","
        && word(0).is_some_and(|w| number(&w))
        && word(1).as_deref() == Some("of")
        && word(2).is_some_and(|w| matches!(w.as_str(), "them" | "whom" | "these" | "those"))
}

/// "nine were killed when the bridge fell": a toll, and how it came about.
fn tells_how(document: &Document<'_>, quantities: &[Quantity], start: usize, k: usize) -> bool {
    let analysis = &document.analysis;
    let token = &analysis.tokens[k];
    let opens = matches!(document.word(k), "when" | "after" | "as" | "while");
    let clause = token.head.is_some_and(|h| {
        let subject = |c: usize| c > k && analysis.tokens[c].relation.starts_with("nsubj");
        h > k && is_verb(document, h) && analysis.children(h).any(subject)
    });
    let toll = analysis.span_of(start..k);
    opens && clause && quantities.iter().any(|q| toll.contains(q.span))
}

const FEW: [&str; 14] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "some", "many", "most"];

/// "killing five and wounding twelve": two tolls are two propositions; none of something is no toll.
fn counts_others(document: &Document<'_>, quantities: &[Quantity], start: usize, k: usize) -> bool {
    if !matches!(document.word(k), "and" | ",") {
        return false;
    }
    let tokens = &document.analysis.tokens;
    let at = |tokens: Range<usize>| {
        let within = document.analysis.span_of(tokens);
        quantities.iter().filter(move |q| within.contains(q.span) && q.low > 0)
    };
    let ahead = (k + 1).min(tokens.len() - 1)..(k + 5).min(tokens.len());
    let next = at(ahead).find(|q| q.span.start <= tokens[(k + 2).min(tokens.len() - 1)].span.start);
    next.is_some_and(|next| at(start..k).any(|q| q.of != next.of))
}

/// Whether token `k` is a conjunction between two clauses: the parse joins two verbs, each with words of its own.
fn joins_clauses(document: &Document<'_>, k: usize) -> bool {
    let word = document.word(k).to_lowercase();
    if !matches!(word.as_str(), "and" | "but" | "while" | "whereas") {
        return false;
    }
    let tokens = &document.analysis.tokens;
    let Some(head) = tokens[k].head else { return false };
    let verb = |t: usize| is_verb(document, t);
    if matches!(word.as_str(), "while" | "whereas") {
        return verb(head);
    }
    let joined = tokens[head].relation == "conj" && head > k && verb(head) && tokens[head].head.is_some_and(verb);
    joined
        && document.analysis.children(head).any(|c| c > head || (c < head && tokens[c].relation.starts_with("nsubj")))
}

#[cfg(test)]
mod tests {
    use crate::read::Reader;
    use crate::report::{Block, BlockKind, Report};
    use crate::span::Span;

    /// What is said, cut by bars.
    const CASES: &[(&str, &str)] = &[
        (
            "The mayor said five people were killed and twelve were wounded.",
            "five people were killed|twelve were wounded",
        ),
        (
            "The mayor said nine people were killed when a barge hit the pier.",
            "nine people were killed|a barge hit the pier",
        ),
        ("The clinic said 40 people were hurt, three of them badly.", "40 people were hurt|three of them badly"),
        (
            "The mayor said the pier had fallen, and that nobody had warned the crew.",
            "the pier had fallen|nobody had warned the crew",
        ),
        ("“Seven. I counted them myself,” the mayor said.", "Seven. I counted them myself"),
        ("The mayor said two were wounded and none killed.", "two were wounded and none killed"),
    ];

    #[test]
    fn what_is_said_is_cut_into_propositions() {
        let reader = Reader::new();
        for (text, expected) in CASES {
            let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()) };
            let report = Report { text: (*text).to_owned(), blocks: vec![block], ..Report::default() };
            let reading = reader.read(&report);
            let said = reading.attributions.iter().filter(|a| !a.cue.is_empty()).flat_map(|a| &a.propositions);
            let said: Vec<&str> = said.map(|s| s.of(text)).collect();
            assert_eq!(said.join("|"), *expected, "{text}");
        }
    }
}
