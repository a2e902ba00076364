//! Who said what: source, cue and content spans, decoded from the heads, then mended by rules.
//!
//! In: a report and the model. Out: its analysis, and its statements in the order of the text: attributions, and what the
//! outlet says in its own voice. May not happen: a span off a character boundary or outside its text, an attribution
//! without a content, an answer that depends on the number of threads.

use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;

use crate::model::{Analysis, Model, Scores};
use crate::reading::Attribution;
use crate::report::Report;
use crate::span::Span;

mod decode;
mod extents;
mod formats;
mod lexical;
mod mistaken;
mod nested;
mod quotes;
mod rules;
mod scene;
mod sources;
mod voice;

use decode::{Decoded, Decoder};
use scene::Scene;
pub(super) use scene::made;

/// Reads a report with the model: what stands in it, and who said what.
pub(super) fn analyse(model: &Model, report: &Report) -> (Analysis, Vec<Attribution>) {
    let (analysis, decoded) = decode(model, report);
    let mut found = decoded.into_iter().map(|found| attribution(&analysis, found)).collect();
    let scene = Scene::new(report, &analysis);
    rules::mend(&scene, &mut found);
    found.extend(inside_contents(model, &scene, &found));
    found.extend(voice::voice(&scene, &found));
    rules::finish(&scene, &mut found);
    (analysis, found)
}

/// What the heads say of a text.
fn decode(model: &Model, report: &Report) -> (Analysis, Vec<Decoded>) {
    let tokens = crate::text::tokens(report.readable());
    let ends = decode::sentence_ends(&report.text, &tokens);
    let mut decoded: Vec<Decoded> = Vec::new();
    let analysis = model.analyse(report, |start, scores: &Scores| {
        let run = &ends[start..start + scores.tag.len()];
        let decoder = Decoder { scores, link: &model.spec.link, ends: run, k: &model.spec.decode };
        decoded.extend(decoder.decode().into_iter().map(|found| found.shifted(start)));
    });
    (analysis, decoded)
}

/// An attribution of tokens as one of characters.
fn attribution(analysis: &Analysis, found: Decoded) -> Attribution {
    let span = |range: Range<usize>| -> Span { analysis.span_of(range) };
    let rule = if found.shared { "heads, shared source" } else { "heads" };
    let content = found.content.into_iter().map(span).collect();
    let mut out = made(rule, found.source.into_iter().map(span).collect(), vec![span(found.cue)], content);
    out.confidence = f64::from(found.confidence);
    out
}

/// Attributions that stand inside the content of another: such contents are read on their own.
fn inside_contents(model: &Model, scene: &Scene<'_>, found: &[Attribution]) -> Vec<Attribution> {
    let read = |content: &Span| -> Vec<Attribution> {
        let report = Report { text: content.of(scene.text).to_owned(), ..Report::default() };
        let (analysis, decoded) = decode(model, &report);
        let mut inner: Vec<Attribution> = decoded.into_iter().map(|found| attribution(&analysis, found)).collect();
        for a in &mut inner {
            a.rule = "heads, inside a content".to_owned();
            let spans = a.source.iter_mut().chain(&mut a.cue).chain(&mut a.content);
            spans.for_each(|s| *s = Span::new(s.start + content.start, s.end + content.start));
        }
        inner.retain(|a| nested::is_sure(scene, a));
        inner
    };
    let contents = nested::worth_reading(scene, found);
    let known: HashSet<&[Span]> = found.iter().map(|a| a.cue.as_slice()).collect();
    contents.par_iter().flat_map(read).filter(|a| !known.contains(a.cue.as_slice())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The attributions of `models/fixtures/golden.jsonl`, in tokens. They were decoded from another runtime's outputs (the
    /// engine here is the one nearest to it), and
    /// runtimes quantise activations each in its own way: every cue must be found where it starts, and nine spans of ten be the same.
    #[test]
    fn decodes_as_training_does() {
        let model = Model::embedded(crate::model::Network::Reference);
        let (mut same, mut all) = (0, 0);
        for line in include_str!("../../../../../models/fixtures/golden.jsonl").lines() {
            let gold: Value = serde_json::from_str(line).expect("a golden line");
            let text = gold["text"].as_str().expect("a text");
            let ends = decode::sentence_ends(text, &crate::text::tokens(text));
            let report = Report { text: text.to_owned(), ..Report::default() };
            let mut got = Vec::new();
            model.analyse(&report, |_, scores| {
                got = Decoder { scores, link: &model.spec.link, ends: &ends, k: &model.spec.decode }.decode();
            });
            let range = |r: &std::ops::Range<usize>| serde_json::json!([r.start, r.end]);
            let ranges = |r: &mut dyn Iterator<Item = &std::ops::Range<usize>>| r.map(range).collect::<Value>();
            for want in gold["attributions"].as_array().expect("a list") {
                let found = got.iter().find(|got| range(&got.cue)[0] == want["cue"][0]);
                let got = found.unwrap_or_else(|| panic!("the cue {} of {text}", want["cue"]));
                assert_eq!(got.shared, want["shared"].as_bool().expect("a flag"));
                same += usize::from(range(&got.cue) == want["cue"]);
                same += usize::from(ranges(&mut got.source.iter()) == want["source"]);
                same += usize::from(ranges(&mut got.content.iter()) == want["content"]);
                all += 3;
            }
        }
        assert!(same * 10 >= all * 9, "{same} of {all} spans");
    }
}
