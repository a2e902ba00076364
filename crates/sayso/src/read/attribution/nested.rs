//! Attributions inside contents: "Peskov said …, state media reported", "… said the mayor had told him …". The heads give each
//! token one role, so what a content holds is read again on its own.

use crate::reading::Attribution;
use crate::span::Span;

use super::rules::is_cue;
use super::scene::Scene;

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
