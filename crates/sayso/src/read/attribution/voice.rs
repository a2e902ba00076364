//! What the outlet states in its own voice: sentences, or clauses of them, that no attribution covers.
//!
//! Kept are statements: a verb, several words, no question. They have neither source nor cue.

use std::ops::Range;

use crate::reading::{Attribution, Kind};
use crate::report::BlockKind;
use crate::span::Span;

use super::lexical::marks_off;
use super::rules::{is_cue, taken};
use super::scene::{Scene, made};

/// Part of a sentence with fewer words states nothing.
const FEWEST_WORDS: usize = 4;

/// A cue that is no verb of saying and less sure than this attributes hardly anything: the sentence is the outlet's, too.
const LEAST_CONFIDENCE: f64 = 0.7;

/// The statements in the outlet's own voice.
pub(super) fn voice(scene: &Scene<'_>, found: &[Attribution]) -> Vec<Attribution> {
    let taken = taken(scene, found);
    let said = said(scene, found);
    let mut out = Vec::new();
    for sentence in &scene.analysis.sentences {
        let Some(span) = scene.span(sentence.clone()) else { continue };
        let block = scene.block_of(span.start);
        let prose = scene
            .blocks
            .get(block)
            .is_none_or(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::Caption | BlockKind::Quote));
        let dateline = matches!(scene.word(sentence.end - 1), "-" | "–" | "—");
        if !prose || dateline || is_question(scene, sentence.clone()) || is_credit(span.of(scene.text)) {
            continue;
        }
        let weak = !said[sentence.clone()].contains(&true);
        let runs =
            if weak { vec![marks_off(scene, sentence.clone())] } else { free_runs(scene, sentence.clone(), &taken) };
        for run in runs {
            let Some(content) = statement(scene, run, weak) else { continue };
            let mut voice = made("own voice", Vec::new(), Vec::new(), vec![content]);
            voice.kind = scene.kind(&[content]);
            if voice.kind == Kind::Direct {
                // Words in quotation marks are somebody else's, whoever that is.
                voice.rule = "quotation that names nobody".to_owned();
            } else {
                voice.kind = Kind::Voice;
            }
            out.push(voice);
        }
    }
    out
}

/// For each token whether an attribution that is one covers it.
fn said(scene: &Scene<'_>, found: &[Attribution]) -> Vec<bool> {
    let saying = |a: &&Attribution| {
        let cue = |c: &Span| scene.analysis.tokens_in(*c).any(|t| is_cue(scene.word(t)));
        a.confidence >= LEAST_CONFIDENCE
            || a.cue.iter().any(cue)
            || a.kind == Kind::Direct
            || !a.rule.starts_with("heads")
    };
    let said: Vec<Attribution> = found.iter().filter(saying).cloned().collect();
    taken(scene, &said)
}

/// "(Reporting by Ann Lee; editing by Bo Tran)": who made the report, and nothing that it states.
fn is_credit(sentence: &str) -> bool {
    let start = sentence.trim_start_matches(['(', '[', ' ']).to_lowercase();
    let roles = ["reporting by ", "additional reporting by ", "editing by ", "writing by ", "compiled by "];
    sentence.len() < 300 && roles.iter().any(|role| start.starts_with(role))
}

fn is_question(scene: &Scene<'_>, sentence: Range<usize>) -> bool {
    sentence
        .rev()
        .find(|&t| !matches!(scene.word(t), "”" | "\"" | "’" | "'" | "»" | ")"))
        .is_some_and(|t| scene.word(t) == "?")
}

/// The runs of a sentence's tokens that no attribution covers.
fn free_runs(scene: &Scene<'_>, sentence: Range<usize>, taken: &[bool]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for token in sentence.filter(|&t| !taken[t]) {
        match out.last_mut() {
            Some(run) if run.end == token => run.end += 1,
            _ => out.push(token..token + 1),
        }
    }
    out.into_iter().map(|run| marks_off(scene, run)).filter(|run| !run.is_empty()).collect()
}

/// The span of a run that states something: a whole sentence with a verb or a number, or a part with a subject and its verb
/// that is more than "she told the paper".
fn statement(scene: &Scene<'_>, run: Range<usize>, whole: bool) -> Option<Span> {
    let words = run.clone().filter(|&t| scene.is_word(t)).count();
    let tokens = &scene.analysis.tokens;
    let verb = |t: usize| matches!(tokens[t].pos, "VERB" | "AUX");
    if whole {
        let states = run.clone().any(|t| verb(t) || tokens[t].pos == "NUM");
        return (words + 1 >= FEWEST_WORDS && states).then(|| scene.span(run)).flatten();
    }
    let has_verb = |head: usize| verb(head) || run.clone().any(|c| verb(c) && tokens[c].head == Some(head));
    let subject = |t: usize| {
        let head = tokens[t].head.filter(|h| run.contains(h));
        matches!(tokens[t].relation, "nsubj" | "nsubj:pass" | "expl") && head.is_some_and(has_verb)
    };
    let rest = matches!(
        scene.word(run.start).to_lowercase().as_str(),
        "who" | "which" | "that" | "whether" | "of" | "to" | "whose"
    );
    let lead = words <= 6 && run.clone().any(|t| is_cue(scene.word(t)));
    let states = words >= FEWEST_WORDS && !rest && !lead && run.clone().any(subject);
    states.then(|| scene.span(run)).flatten()
}
