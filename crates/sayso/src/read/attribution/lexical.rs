//! Rules that find by their words what the heads missed: quotations beside a verb of saying, "according to".

use std::ops::Range;

use crate::reading::Attribution;
use crate::span::Span;

use super::quotes::Quote;
use super::rules::{is_cue, taken};
use super::scene::{Scene, made};

/// A quotation of at least so many words is a statement and no name or title.
const STATEMENT: usize = 4;

/// A source stands at most so many tokens from its cue.
const REACH: usize = 12;

/// A quotation with a verb and a source of its own behind it is not a further piece of what another sentence's cue says.
pub(super) fn quotation_has_its_own_cue(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    let mut pieces: Vec<(Span, usize)> =
        found.iter().enumerate().flat_map(|(k, a)| a.content.iter().map(move |&c| (c, k))).collect();
    pieces.sort_unstable();
    for quote in &scene.quotes {
        let piece = pieces.get(pieces.partition_point(|p| p.0.end <= quote.span.start));
        let Some(&(piece, k)) = piece.filter(|p| quote.span.contains(p.0) && found[p.1].content.len() > 1) else {
            continue;
        };
        let Some((cue, source)) = cue_after(scene, quote, &taken) else { continue };
        let cue = scene.analysis.tokens[cue].span;
        let own = scene.sentence_at(cue.start);
        let of_another = found[k].cue.iter().all(|c| !own.contains(&scene.analysis.tokens_in(*c).start));
        if of_another {
            found[k].content.retain(|c| *c != piece);
            found.push(made("quotation has its own cue", vec![source], vec![cue], vec![piece]));
        }
    }
}

/// “…,” said the mayor. / The mayor said: “…”: a quotation that nothing covers, with a verb of saying beside it.
pub(super) fn quotation_beside_a_cue(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let mut taken = taken(scene, found);
    for quote in &scene.quotes {
        let tokens = scene.analysis.tokens_in(quote.span);
        if scene.words(quote.span) < STATEMENT || tokens.clone().any(|t| taken[t]) {
            continue;
        }
        let Some((cue, source)) = cue_after(scene, quote, &taken).or_else(|| cue_before(scene, quote, &taken)) else {
            continue;
        };
        taken[tokens].fill(true);
        let cue = scene.analysis.tokens[cue].span;
        found.push(made("quotation beside a cue", vec![source], vec![cue], vec![quote.span]));
    }
}

/// The verb and source that follow a quotation in its block: "said the mayor", "the mayor said".
fn cue_after(scene: &Scene<'_>, quote: &Quote, taken: &[bool]) -> Option<(usize, Span)> {
    let start = scene.analysis.tokens_in(quote.span).end;
    let clause = clause(scene, start, scene.blocks[quote.block].span, taken);
    let cue = clause.clone().find(|&t| is_cue(scene.word(t)))?;
    let source = if cue == clause.start { trim(scene, cue + 1..clause.end) } else { trim(scene, clause.start..cue) };
    Some((cue, scene.span(source)?))
}

/// The source and verb that lead to a quotation: "the mayor said:", "the mayor told reporters,".
fn cue_before(scene: &Scene<'_>, quote: &Quote, taken: &[bool]) -> Option<(usize, Span)> {
    let end = scene.analysis.tokens_in(quote.span).start;
    let lead = end.checked_sub(1).filter(|&t| {
        matches!(scene.word(t), ":" | ",") && scene.block_of(scene.analysis.tokens[t].span.start) == quote.block
    })?;
    let first = scene.sentence_at(scene.analysis.tokens[lead].span.start).start.max(lead.saturating_sub(REACH + 4));
    let cue = (first..lead).rev().take_while(|&t| !taken[t]).find(|&t| is_cue(scene.word(t)))?;
    let source = scene.subject(cue).or_else(|| scene.span(trim(scene, first..cue)))?;
    (!scene.analysis.tokens_in(source).any(|t| taken[t])).then_some((cue, source))
}

/// The tokens from `start` to the next mark, in `block`, that nothing covers.
fn clause(scene: &Scene<'_>, start: usize, block: Span, taken: &[bool]) -> Range<usize> {
    let end = scene.analysis.tokens_in(block).end.min(start + REACH);
    let free = (start..end).take_while(|&t| {
        !taken[t] && !matches!(scene.word(t), "." | "," | ";" | ":" | "—" | "–" | "“" | "\"" | "!" | "?")
    });
    start..start + free.count()
}

/// Without adverbs and auxiliaries at its ends.
fn trim(scene: &Scene<'_>, mut tokens: Range<usize>) -> Range<usize> {
    let loose = |t: usize| {
        let word = scene.word(t).to_lowercase();
        matches!(
            word.as_str(),
            "has"
                | "had"
                | "have"
                | "also"
                | "later"
                | "then"
                | "and"
                | "but"
                | "who"
                | "was"
                | "is"
                | "as"
                | "that"
                | "in"
                | "on"
                | "at"
                | "to"
        ) || (word.ends_with("ly") && word.len() > 4)
    };
    while !tokens.is_empty() && loose(tokens.end - 1) {
        tokens.end -= 1;
    }
    while !tokens.is_empty() && loose(tokens.start) {
        tokens.start += 1;
    }
    tokens
}

/// "…, according to X.": X is the source of the rest of the sentence.
pub(super) fn according_to(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    let tokens = &scene.analysis.tokens;
    for cue in 0..tokens.len().saturating_sub(2) {
        let says = scene.word(cue).eq_ignore_ascii_case("according") && scene.word(cue + 1) == "to";
        if !says || taken[cue] || taken[cue + 1] {
            continue;
        }
        let sentence = scene.sentence_at(tokens[cue].span.start);
        let stop = |t: &usize| {
            matches!(scene.word(*t), "," | "." | ";" | ":" | "—" | "–" | "!" | "?") && !inside_name(scene, *t)
        };
        let end = (cue + 2..sentence.end).find(stop).unwrap_or(sentence.end);
        let after = (end + 1).min(sentence.end)..sentence.end;
        let content = if cue == sentence.start { after } else { sentence.start..cue };
        let content = marks_off(scene, content);
        let free = content.clone().filter(|&t| !taken[t]).count() * 2 > content.len();
        let (Some(source), Some(content)) = (scene.span(cue + 2..end), scene.span(content)) else { continue };
        if free && scene.words(content) > 2 {
            found.push(made(
                "according to",
                vec![source],
                vec![tokens[cue].span.cover(tokens[cue + 1].span)],
                vec![content],
            ));
        }
    }
}

/// "The chief boasted that two villages were free." / "Two villages were free, the chief boasted.": a verb of saying that
/// nothing covers, with its subject and what the parse has as its content.
pub(super) fn saying_with_a_clause(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let mut taken = taken(scene, found);
    let tokens = &scene.analysis.tokens;
    for verb in 0..tokens.len() {
        if tokens[verb].pos != "VERB" || taken[verb] || !is_cue(scene.word(verb)) {
            continue;
        }
        let Some(content) = clause_of(scene, verb) else { continue };
        let Some(source) = scene.subject(verb).filter(|s| !s.overlaps(content)) else { continue };
        let free = |span: Span| {
            let inside = scene.analysis.tokens_in(span);
            inside.clone().filter(|&t| !taken[t]).count() * 10 >= inside.len() * 9
        };
        if scene.words(content) > 2 && free(content) && free(source) {
            taken[scene.analysis.tokens_in(content)].fill(true);
            found.push(made("verb of saying with a clause", vec![source], vec![tokens[verb].span], vec![content]));
        }
    }
}

/// What a verb of saying says by the parse: the clause under it, or the clause that it comments on. "claimed to have taken
/// two villages", "denied having met him" say it without a subject.
pub(super) fn clause_of(scene: &Scene<'_>, verb: usize) -> Option<Span> {
    let tokens = &scene.analysis.tokens;
    let infinitive = |c: usize| {
        let to = scene.analysis.children(c).any(|m| scene.word(m) == "to" && tokens[m].relation == "mark");
        takes_infinitive(scene.word(verb)) && c > verb && (tokens[c].relation == "xcomp" || to)
    };
    if let Some(clause) = scene.analysis.children(verb).find(|&c| tokens[c].relation == "ccomp" || infinitive(c)) {
        let mut words = scene.subtree(clause);
        if scene.word(words.start) == "that" {
            words.start += 1;
        }
        return scene.span(marks_off(scene, words)).filter(|s| !s.overlaps(tokens[verb].span));
    }
    let head = tokens[verb].head.filter(|_| tokens[verb].relation == "parataxis")?;
    let (all, own) = (scene.subtree(head), scene.subtree(verb));
    scene.span(marks_off(scene, all.start..own.start.max(all.start)))
}

/// Verbs whose infinitive or gerund is a statement of the subject's about itself.
fn takes_infinitive(verb: &str) -> bool {
    const STEMS: [&str; 9] =
        ["claim", "den", "admit", "acknowledg", "profess", "purport", "pretend", "confess", "threaten"];
    STEMS.iter().any(|stem| verb.to_lowercase().starts_with(stem))
}

/// A full stop of an abbreviation or initial.
fn inside_name(scene: &Scene<'_>, token: usize) -> bool {
    let next = scene.analysis.tokens.get(token + 1);
    let last = next.is_none_or(|n| scene.sentence_at(n.span.start).start == token + 1);
    scene.word(token) == "." && !last
}

/// Without marks at its ends.
pub(super) fn marks_off(scene: &Scene<'_>, mut tokens: Range<usize>) -> Range<usize> {
    let mark = |t: usize| matches!(scene.word(t), "," | "." | ";" | ":" | "—" | "–" | "-");
    while !tokens.is_empty() && mark(tokens.end - 1) {
        tokens.end -= 1;
    }
    while !tokens.is_empty() && mark(tokens.start) {
        tokens.start += 1;
    }
    tokens
}
