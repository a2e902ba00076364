//! The rules that mend what the heads found, in order. Each has a name, stands in its own function and may be left out.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::reading::{Attribution, Kind};
use crate::span::Span;

use super::scene::{Scene, extent, spans};
use super::{extents, formats, lexical, mistaken, nested, sources};

/// One rule.
type Rule = fn(&Scene<'_>, &mut Vec<Attribution>);

/// Every rule, in the order in which they are applied.
const RULES: &[(&str, Rule)] = &[
    ("naming is no saying", mistaken::naming_is_no_saying),
    ("being asked is no saying", mistaken::being_asked_is_no_saying),
    ("own subject first", |scene, found| mistaken::own_subject_first(scene, found)),
    ("other speaker behind a semicolon", |scene, found| mistaken::other_speaker_behind_a_semicolon(scene, found)),
    ("blocks keep apart", extents::blocks_keep_apart),
    ("quoted as saying", |scene, found| nested::quoted_as_saying(scene, found)),
    ("unquoted content stays near", extents::unquoted_content_stays_near),
    ("speaker label", formats::speaker_labels),
    ("signed quotation", formats::signed_quotation),
    ("two sayings of one content", nested::two_sayings_of_one_content),
    ("according to", lexical::according_to),
    ("quotation has its own cue", lexical::quotation_has_its_own_cue),
    ("quotation beside a cue", lexical::quotation_beside_a_cue),
    ("verb of saying with a clause", lexical::saying_with_a_clause),
    ("figure with a giver", mistaken::figure_with_a_giver),
    ("second half", extents::second_half),
    ("after a colon", extents::after_a_colon),
    ("quotation over paragraphs", extents::over_paragraphs),
    ("quotation without a cue", extents::quotation_without_a_cue),
    ("adverb has no source", sources::adverb_has_no_source),
    ("hearer is no source", sources::hearer_is_no_source),
    ("subject of the cue", sources::subject_of_the_cue),
];

/// Verbs of saying, in every form.
static CUES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/cues.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether a word is a verb of saying.
pub(super) fn is_cue(word: &str) -> bool {
    CUES.contains(word) || CUES.contains(word.to_lowercase().as_str())
}

/// Applies every rule; leaves the attributions in the order of the text, each with its kind.
pub(super) fn mend(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for (_, rule) in RULES {
        rule(scene, found);
    }
    finish(scene, found);
}

/// Drops what says nothing or the same twice, sets the kinds, sorts.
pub(super) fn finish(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for a in found.iter_mut() {
        for part in [&mut a.source, &mut a.cue, &mut a.content] {
            part.retain(|span| !span.is_empty());
            part.sort();
            part.dedup();
        }
        for content in &mut a.content {
            let words = content.of(scene.text).trim_start_matches([':', ';', ',', ' ']);
            content.start = content.end - words.len();
        }
        a.content.retain(|content| !content.is_empty());
        if a.kind != Kind::Voice {
            a.kind = scene.kind(&a.content);
        }
    }
    found.retain(|a| !a.content.is_empty());
    found.sort_by(|a, b| key(a).cmp(&key(b)).then(b.confidence.total_cmp(&a.confidence)));
    found.dedup_by(|b, a| a.source == b.source && a.cue == b.cue && a.content == b.content);
}

fn key(a: &Attribution) -> (Span, &[Span], &[Span], &[Span]) {
    (extent(a), &a.cue, &a.content, &a.source)
}

/// For each token whether a span of an attribution covers it.
pub(super) fn taken(scene: &Scene<'_>, found: &[Attribution]) -> Vec<bool> {
    let mut out = vec![false; scene.analysis.tokens.len()];
    for span in found.iter().flat_map(spans) {
        out[scene.analysis.tokens_in(span)].fill(true);
    }
    out
}
