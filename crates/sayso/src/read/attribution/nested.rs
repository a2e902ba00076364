//! Attributions inside contents: "The minister said …, state media reported", "… said the mayor had told him …". The heads
//! give each token one role: what a content holds is read again on its own, and what they made of two sayings of one thing
//! is taken apart.

use crate::reading::Attribution;
use crate::span::Span;

use super::lexical::clause_of;
use super::rules::is_cue;
use super::scene::{Scene, made};

/// "The ministry said …, according to state media.": two sayings of one content, of which the heads found one, or the
/// source of one with the cue of the other. Both are kept: the inner one says it, the outer one says that.
pub(super) fn two_sayings_of_one_content(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let mut more = Vec::new();
    let cues: Vec<Span> = found.iter().flat_map(|a| a.cue.iter().copied()).collect();
    for a in found.iter_mut().filter(|a| a.cue.len() == 1 && !a.source.is_empty()) {
        let Some(inner) = unseen_saying(scene, a, &cues) else { continue };
        let mixed = a.source.iter().any(|s| s.overlaps(inner.source));
        let outer = if mixed { scene.own_subject(inner.other_verb) } else { a.source.first().copied() };
        let said = inner.source.cover(inner.cue);
        let own: Vec<Span> = a.content.iter().filter_map(|&c| beside(scene, c, said)).collect();
        let all = own.iter().fold(said, |all, &c| all.cover(c));
        let Some(outer) = outer.filter(|s| !s.overlaps(all) && !a.cue[0].overlaps(all) && !own.is_empty()) else {
            continue;
        };
        more.push(made("two sayings of one content", vec![inner.source], vec![inner.cue], own));
        (a.source, a.content) = (vec![outer], vec![all]);
    }
    found.extend(more);
}

/// A verb of saying with its subject, beside another.
struct Saying {
    source: Span,
    cue: Span,
    /// The verb of the attribution that was found.
    other_verb: usize,
}

/// The verb of saying that nothing has as its cue, in the sentence of an attribution, about most of its content.
fn unseen_saying(scene: &Scene<'_>, a: &Attribution, cues: &[Span]) -> Option<Saying> {
    let tokens = &scene.analysis.tokens;
    let at = scene.analysis.tokens_in(a.cue[0]);
    let sentence = scene.sentence_at(a.cue[0].start);
    let holds = |t: usize| a.content.iter().any(|c| c.overlaps(tokens[t].span));
    let size: usize = a.content.iter().map(|c| scene.words(*c)).sum();
    sentence.filter(|t| !at.contains(t)).find_map(|verb| {
        let cue = tokens[verb].span;
        let fits = tokens[verb].pos == "VERB"
            && is_cue(scene.word(verb))
            && scene.quote_at(cue).is_none()
            && !cues.iter().any(|c| c.overlaps(cue));
        let source = scene.own_subject(verb).filter(|_| fits)?;
        let clause = clause_of(scene, verb).filter(|c| !c.overlaps(source))?;
        let shared = scene.analysis.tokens_in(clause).filter(|&t| scene.is_word(t)).filter(|&t| holds(t)).count();
        (shared * 3 >= size * 2 && shared > 2).then_some(Saying { source, cue, other_verb: at.end - 1 })
    })
}

/// What of a content lies to one side of `gap`, the longer side, without the marks at its ends.
fn beside(scene: &Scene<'_>, content: Span, gap: Span) -> Option<Span> {
    if !content.overlaps(gap) {
        return Some(content);
    }
    let before = Span::new(content.start, gap.start.max(content.start));
    let after = Span::new(gap.end.min(content.end), content.end);
    let side = if before.len() > after.len() { before } else { after };
    scene.span(super::lexical::marks_off(scene, scene.analysis.tokens_in(side)))
}

/// Words that name whom somebody quotes, at most.
const QUOTED_WORDS: usize = 14;

/// "The agency cited two officials as saying that …", "the mayor was quoted by the agency as saying that …": what is said begins
/// behind these words, which are part of the cue. Who is quoted by a verb in the passive is the source.
pub(super) fn quoted_as_saying(scene: &Scene<'_>, found: &mut [Attribution]) {
    for a in found.iter_mut() {
        let (Some(first), Some(last)) = (a.cue.first().copied(), a.cue.last().copied()) else { continue };
        let (before, after): (Vec<Span>, Vec<Span>) = a.content.iter().partition(|c| c.start < first.start);
        let Some(after) = after.into_iter().reduce(Span::cover).filter(|c| c.start >= last.end) else { continue };
        let tokens = scene.analysis.tokens_in(after);
        let saying = |&t: &usize| {
            scene.word(t) == "as"
                && t + 1 < tokens.end
                && scene.word(t + 1).ends_with("ing")
                && is_cue(scene.word(t + 1))
        };
        let Some(at) = tokens.clone().take(QUOTED_WORDS).find(saying) else { continue };
        // "as telling reporters that"
        let clause =
            (at + 2..tokens.end.min(at + 6)).find(|&t| scene.word(t) == "that").map_or(at + 2, |that| that + 1);
        let said = scene.span(super::lexical::marks_off(scene, clause..tokens.end));
        let (Some(said), Some(cue)) = (said, scene.span(at..at + 2)) else { continue };
        if let [quoted] = before[..]
            && a.source.iter().all(|s| s.start > first.start)
        {
            a.source = vec![quoted];
        }
        a.cue.push(cue);
        a.content = vec![said];
    }
}

/// A content is read again if it has at least so many words.
const FEWEST_WORDS: usize = 7;

/// At most so many: longer contents were read in their own right.
const MOST_WORDS: usize = 90;

/// The contents worth reading again: those that hold a verb of saying in the past or "according to".
pub(super) fn worth_reading(scene: &Scene<'_>, found: &[Attribution]) -> Vec<Span> {
    let mut out: Vec<Span> = found.iter().flat_map(|a| &a.content).copied().filter(|&c| holds_one(scene, c)).collect();
    out.sort();
    out.dedup();
    out
}

fn holds_one(scene: &Scene<'_>, content: Span) -> bool {
    let tokens = scene.analysis.tokens_in(content);
    let words = tokens.clone().filter(|&t| scene.is_word(t)).count();
    let according = |t: usize| scene.word(t) == "according" && t + 1 < tokens.end && scene.word(t + 1) == "to";
    (FEWEST_WORDS..=MOST_WORDS).contains(&words) && tokens.clone().any(|t| according(t) || is_cue(scene.word(t)))
}

/// Out of its context much looks like an attribution.
const LEAST_CONFIDENCE: f64 = 0.85;

/// Of what was found inside a content, what is surely an attribution: it has a source, a verb of saying for a cue, and a
/// content of several words.
pub(super) fn is_sure(scene: &Scene<'_>, a: &Attribution) -> bool {
    let saying = |cue: &Span| {
        cue.of(scene.text).starts_with("according") || scene.analysis.tokens_in(*cue).any(|t| is_cue(scene.word(t)))
    };
    let words: usize = a.content.iter().map(|c| scene.words(*c)).sum();
    a.confidence >= LEAST_CONFIDENCE && !a.source.is_empty() && a.cue.iter().any(saying) && words >= 3
}
