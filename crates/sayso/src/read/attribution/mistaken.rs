//! Where the heads err: what is no saying, whose saying it is by the parse, figures that somebody gives.

use crate::reading::{Attribution, Kind};
use crate::span::Span;

use super::lexical::marks_off;
use super::rules::{is_cue, taken};
use super::scene::{Scene, made};

/// "a unit calling itself the Free Corps", "the Corps, as some call it": that gives a name, it says nothing.
pub(super) fn naming_is_no_saying(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    found.retain(|a| {
        let names = a.cue.iter().flat_map(|c| scene.analysis.tokens_in(*c)).any(|t| is_naming(scene.word(t)));
        let mut words = a.content.iter().flat_map(|c| scene.analysis.tokens_in(*c)).filter(|&t| scene.is_word(t));
        let (first, more) = (words.next().map(|t| scene.word(t).to_lowercase()), words.next().is_some());
        let first = first.as_deref().unwrap_or_default();
        !(names && (is_reflexive(first) || !more && is_pronoun(first)))
    });
}

fn is_naming(word: &str) -> bool {
    let forms =
        ["call", "calls", "called", "calling", "name", "names", "named", "naming", "styling", "dubbed", "dubbing"];
    forms.iter().any(|form| word.eq_ignore_ascii_case(form))
}

fn is_reflexive(word: &str) -> bool {
    matches!(word, "itself" | "himself" | "herself" | "themselves")
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "it" | "him" | "her" | "them" | "this" | "that")
}

/// "Asked about the bridge, the mayor declined to comment": who is asked has not said anything by it; the answer counts.
pub(super) fn being_asked_is_no_saying(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    found.retain(|a| {
        let Some(cue) = a.cue.first().map(|c| scene.analysis.tokens_in(*c)).filter(|c| !c.is_empty()) else {
            return true;
        };
        let asked = matches!(scene.word(cue.start).to_lowercase().as_str(), "asked" | "questioned" | "pressed");
        let opens = scene.sentence_at(a.cue[0].start).start == cue.start
            || cue.start > 0 && matches!(scene.word(cue.start - 1).to_lowercase().as_str(), "when" | "," | "if");
        let source_follows = a.source.iter().all(|s| s.start > a.cue[0].start);
        !(asked && opens && source_follows)
    });
}

/// What the heads are less sure of than this gives way to the parse.
const SURE: f64 = 0.7;

/// A verb that has a subject of its own takes no source from another sentence; nor, where the heads are unsure or only
/// borrowed the source, from another clause.
pub(super) fn own_subject_first(scene: &Scene<'_>, found: &mut [Attribution]) {
    for a in found.iter_mut().filter(|a| a.cue.len() == 1 && scene.kind(&a.content) != Kind::Direct) {
        let sentence = scene.sentence_at(a.cue[0].start);
        let away = |s: &Span| !sentence.contains(&scene.analysis.tokens_in(*s).start);
        let unsure = a.rule == "heads, shared source" || a.confidence < SURE || a.source.iter().all(away);
        let verb = scene.analysis.tokens_in(a.cue[0]).rev().find(|&t| scene.analysis.tokens[t].pos == "VERB");
        let Some(own) = verb.and_then(|v| scene.own_subject(v)).filter(|_| unsure && !a.source.is_empty()) else {
            // Nobody begins to speak in the sentence before.
            a.source.retain(|s| scene.analysis.tokens_in(*s).start < sentence.end);
            continue;
        };
        if is_thing(own.of(scene.text)) || a.source.iter().chain(&a.content).chain(&a.cue).any(|s| s.overlaps(own)) {
            continue;
        }
        // What stands behind the source that it was given belongs to that one's own clause.
        let other = a.source[0];
        let beyond = |c: &Span| own.start < other.start && a.cue[0].start < other.start && c.start >= other.end;
        if a.content.iter().any(|c| !beyond(c)) {
            a.content.retain(|c| !beyond(c));
        }
        a.source = vec![own];
    }
}

/// Whether a subject is something that is written or shown: who says it stands beside it.
fn is_thing(subject: &str) -> bool {
    const THINGS: [&str; 14] = [
        "version",
        "article",
        "story",
        "list",
        "document",
        "documents",
        "footage",
        "video",
        "videos",
        "photo",
        "photos",
        "image",
        "images",
        "post",
    ];
    subject
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| THINGS.iter().any(|thing| word.eq_ignore_ascii_case(thing)))
}

/// "It stands at nine; the union speaks of fourteen": behind a semicolon, another subject says something of its own.
pub(super) fn other_speaker_behind_a_semicolon(scene: &Scene<'_>, found: &mut [Attribution]) {
    let tokens = &scene.analysis.tokens;
    for a in found.iter_mut() {
        for content in &mut a.content {
            let inside = scene.analysis.tokens_in(*content);
            let mark = inside.clone().find(|&t| scene.word(t) == ";" && scene.quote_at(tokens[t].span).is_none());
            let Some(mark) = mark.filter(|&m| m > inside.start && a.cue.iter().all(|c| c.start < tokens[m].span.start))
            else {
                continue;
            };
            let says = |t: usize| is_cue(scene.word(t)) || is_counting(scene.word(t));
            let other = (mark + 1..inside.end).any(|t| {
                tokens[t].pos == "VERB"
                    && says(t)
                    && scene.own_subject(t).is_some_and(|s| s.start > tokens[mark].span.start)
            });
            if other {
                *content = Span::new(content.start, tokens[mark - 1].span.end);
            }
        }
    }
}

/// Verbs that give a figure: "put the toll at nine", "estimated the crowd at 6,500", "speaks of fourteen dead".
const COUNTING: [&str; 14] = [
    "put",
    "puts",
    "estimated",
    "estimates",
    "counted",
    "counts",
    "placed",
    "places",
    "speaks",
    "spoke",
    "revised",
    "raised",
    "lowered",
    "corrected",
];

pub(super) fn is_counting(word: &str) -> bool {
    COUNTING.iter().any(|verb| word.eq_ignore_ascii_case(verb))
}

/// "The mayor put the number of dead at five", "police estimated the crowd at 6,500", "the union speaks of fourteen dead": who
/// gives a figure says it, by whatever verb.
pub(super) fn figure_with_a_giver(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    let tokens = &scene.analysis.tokens;
    for verb in 0..tokens.len() {
        if !is_counting(scene.word(verb)) || tokens[verb].pos != "VERB" || taken[verb] {
            continue;
        }
        let Some(source) = scene.own_subject(verb).filter(|s| s.end <= tokens[verb].span.start) else { continue };
        let inside = verb + 1..clause_end(scene, verb);
        let speaks = scene.word(verb).to_lowercase().starts_with("sp");
        let pivot = |t: usize| scene.word(t) == "at" || scene.word(t) == "to" || scene.word(t) == "from";
        let counted = scene.word(verb).to_lowercase().starts_with("count");
        let figure = inside.clone().find(|&t| tokens[t].pos == "NUM");
        let leads = figure.is_some_and(|n| {
            speaks && scene.word(verb + 1) == "of"
                || counted && n < verb + 4
                || inside.clone().any(|t| t < n && pivot(t))
        });
        let Some(content) = scene.span(marks_off(scene, inside.clone())).filter(|_| leads) else { continue };
        let free = |s: Span| scene.analysis.tokens_in(s).all(|t| !taken[t]);
        if inside.len() <= LONGEST && free(content) && free(source) {
            found.push(made("figure with a giver", vec![source], vec![tokens[verb].span], vec![content]));
        }
    }
}

/// A figure and what is counted have at most so many words.
const LONGEST: usize = 24;

/// The end of the clause of a verb: the next mark outside a number that is no comma inside it.
fn clause_end(scene: &Scene<'_>, verb: usize) -> usize {
    let sentence = scene.sentence_at(scene.analysis.tokens[verb].span.start);
    let own = scene.subtree(verb).end.min(sentence.end);
    let glued = |t: usize| {
        let (a, b) = (&scene.analysis.tokens[t - 1].span, &scene.analysis.tokens[t].span);
        a.end == b.start && scene.analysis.tokens.get(t + 1).is_some_and(|n| n.span.start == b.end)
    };
    let stop = |t: &usize| matches!(scene.word(*t), "," | ";" | ":" | "." | "—" | "–" | "while" | "but") && !glued(*t);
    (verb + 1..own).find(stop).unwrap_or(own)
}
