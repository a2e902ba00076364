//! Who said what: source, cue and content spans, decoded from the heads, then mended by rules.

use crate::model::{Analysis, Model, Scores};
use crate::reading::{Act, Attribution, Kind};
use crate::report::Report;
use crate::span::Span;

mod decode;
use decode::{Decoded, Decoder};

/// Reads a report with the model: what stands in it, and who said what.
pub(super) fn analyse(model: &Model, report: &Report) -> (Analysis, Vec<Attribution>) {
    let mut decoded: Vec<Decoded> = Vec::new();
    let tokens = crate::text::tokens(&report.text);
    let ends = decode::sentence_ends(&report.text, &tokens);
    let analysis = model.analyse(report, |start, scores: &Scores| {
        let run = &ends[start..start + scores.tag.len()];
        let decoder = Decoder { scores, link: &model.spec.link, ends: run, k: &model.spec.decode };
        decoded.extend(decoder.decode().into_iter().map(|found| found.shifted(start)));
    });
    let found = decoded.into_iter().map(|found| attribution(&analysis, found)).collect();
    (analysis, found)
}

fn attribution(analysis: &Analysis, found: Decoded) -> Attribution {
    let span = |range: std::ops::Range<usize>| -> Span { analysis.span_of(range) };
    Attribution {
        propositions: Vec::new(),
        source: found.source.into_iter().map(span).collect(),
        cue: vec![span(found.cue)],
        content: found.content.into_iter().map(span).collect(),
        kind: Kind::Indirect,
        act: Act::Asserts,
        speaker: None,
        speaker_rule: String::new(),
        chain: Vec::new(),
        hedges: Vec::new(),
        confidence: f64::from(found.confidence),
        rule: if found.shared { "heads, shared source" } else { "heads" }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// Every attribution of `models/fixtures/golden.jsonl`, in tokens. Runtimes round in another order, so confidences
    /// are compared loosely.
    #[test]
    fn decodes_as_training_does() {
        let model = Model::embedded();
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
            let want = gold["attributions"].as_array().expect("a list");
            assert_eq!(got.len(), want.len(), "{text}");
            for (got, want) in got.iter().zip(want) {
                assert_eq!(range(&got.cue), want["cue"]);
                assert_eq!(ranges(&mut got.source.iter()), want["source"]);
                assert_eq!(ranges(&mut got.content.iter()), want["content"]);
                assert_eq!(got.shared, want["shared"].as_bool().expect("a flag"));
                let apart = f64::from(got.confidence) - want["confidence"].as_f64().expect("a number");
                assert!(apart.abs() < 0.1, "{apart}");
            }
        }
    }
}
