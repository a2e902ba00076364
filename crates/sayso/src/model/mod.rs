//! The encoder and its heads.
//!
//! In: the tokens of a text. Out: an [`Analysis`]: parts of speech, dependencies, names, and the raw
//! scores from which `read::attribution` decodes. The only folder with floating-point arithmetic
//! over vectors. May not happen: a result that depends on the number of threads.

use std::ops::Range;
use std::sync::LazyLock;

use rayon::prelude::*;

use crate::report::Report;
use crate::span::Span;
use crate::text;

mod encoder;
mod features;
mod heads;
pub mod sense;
mod spec;
mod tree;
mod windows;
mod wordpiece;

use encoder::{Encoder, Native, Recurrent, Rten, Window};
pub(crate) use heads::{Scores, viterbi};
pub(crate) use spec::{Decode, PairSpec, Spec};
use wordpiece::WordPiece;

/// One token with what the heads say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// Universal part of speech, such as `NOUN`.
    pub pos: &'static str,
    /// Index of its head token in [`Analysis::tokens`]; none for the root of a sentence.
    pub head: Option<usize>,
    /// Universal dependency relation to its head, such as `nsubj`.
    pub relation: &'static str,
}

/// What kind of name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// A person.
    Person,
    /// An organisation, a government body, an armed group, an outlet.
    Organisation,
    /// A place, a state among them.
    Place,
    /// An adjective or noun of nationality, religion or politics ("Ukrainian").
    People,
    /// Any other name.
    Other,
}

/// A name in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// The same in tokens.
    pub tokens: Range<usize>,
    /// What kind of name.
    pub kind: NameKind,
    /// Mean probability of its tags, 0 to 1.
    pub confidence: f64,
}

/// What the model says of one text, apart from attributions.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// The tokens, in order: the regular expression `\w+|[^\w\s]`.
    pub tokens: Vec<Token>,
    /// Sentences as ranges of tokens, in order, covering every token. A block's end ends a sentence.
    pub sentences: Vec<Range<usize>>,
    /// Names, in order, not overlapping.
    pub names: Vec<Name>,
}

impl Analysis {
    /// Tokens and sentences of what is readable of a report alone: every token is an `X` without a head, there are no names.
    #[must_use]
    pub fn words(report: &Report) -> Self {
        let spans = text::tokens(report.readable());
        let blocks: Vec<Span> = report.blocks.iter().map(|block| block.span).collect();
        let sentences = text::sentences(&report.text, &spans, &blocks);
        let token = |span| Token { span, pos: "X", head: None, relation: "root" };
        Self { tokens: spans.into_iter().map(token).collect(), sentences, names: Vec::new() }
    }

    /// The range of tokens that share a byte with `span`.
    #[must_use]
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let start = self.tokens.partition_point(|t| t.span.end <= span.start);
        let end = self.tokens.partition_point(|t| t.span.start < span.end);
        start..end.max(start)
    }

    /// The index of the sentence that holds a token.
    #[must_use]
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|s| s.end <= token)
    }

    /// The span from the first to the last token of a range that is not empty.
    #[must_use]
    pub fn span_of(&self, tokens: Range<usize>) -> Span {
        Span::new(self.tokens[tokens.start].span.start, self.tokens[tokens.end - 1].span.end)
    }

    /// The tokens whose head is `token`, in order.
    pub fn children(&self, token: usize) -> impl Iterator<Item = usize> + '_ {
        let sentence = self.sentences.get(self.sentence_of(token)).cloned().unwrap_or(0..0);
        sentence.filter(move |&k| self.tokens[k].head == Some(token))
    }
}

/// What `models/sayso.json` says.
static SPEC: LazyLock<Spec<'static>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../models/sayso.json")).expect("the embedded description of the model")
});

/// What `models/fast.json` says.
static FAST: LazyLock<Spec<'static>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../models/fast.json")).expect("the embedded description of the model")
});

/// Tokens that are read at once: bounds the memory that the scores of a long text take.
const RUN: usize = 8_192;

/// What reads: which network, and what runs it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Network {
    /// The one that errs least, by our own engine: vector instructions chosen at run time.
    #[default]
    Accurate,
    /// A smaller one for archives, several times as fast; it misses more.
    Fast,
    /// The accurate one by the general runtime `rten`: slower, the reference for our own engine.
    Reference,
}

/// A model that is built in.
pub(crate) struct Model {
    encoder: Box<dyn Encoder>,
    pieces: WordPiece,
    pub(crate) spec: &'static Spec<'static>,
}

impl Model {
    /// The embedded weights.
    ///
    /// # Panics
    /// When they are damaged: a defect of the build.
    pub(crate) fn embedded(network: Network) -> Self {
        let accurate = include_bytes!("../../../../models/sayso.rten");
        let fast = include_bytes!("../../../../models/fast.safetensors");
        let encoder: Box<dyn Encoder> = match network {
            Network::Accurate => Box::new(Native::load(accurate).expect("the embedded weights")),
            Network::Fast => Box::new(Recurrent::load(fast).expect("the embedded weights")),
            Network::Reference => Box::new(Rten::load(accurate).expect("the embedded weights")),
        };
        let pieces = WordPiece::new(include_str!("../../../../models/vocab.txt"));
        Self { encoder, pieces, spec: if network == Network::Fast { &FAST } else { &SPEC } }
    }

    /// Reads a report's text. `each` sees the scores of each run of tokens, in order, with the run's first token.
    pub(crate) fn analyse(&self, report: &Report, mut each: impl FnMut(usize, &Scores)) -> Analysis {
        let mut analysis = Analysis::words(report);
        let spans: Vec<Span> = analysis.tokens.iter().map(|token| token.span).collect();
        let feat = features::features(&report.text, &spans);
        for run in runs(&analysis.sentences) {
            let pieces = spans[run.clone()]
                .iter()
                .map(|s| self.pieces.pieces(s.of(&report.text), self.spec.max_pieces_per_token));
            let scores = self.scores(&pieces.collect::<Vec<_>>(), &feat[run.clone()]);
            self.label(&mut analysis, &scores, run.start);
            each(run.start, &scores);
        }
        analysis
    }

    /// Cuts a run of tokens into windows, encodes them in parallel and puts what they say in order.
    fn scores(&self, pieces: &[Vec<i32>], feat: &[i32]) -> Scores {
        let lengths: Vec<usize> = pieces.iter().map(Vec::len).collect();
        let windows = windows::windows(&lengths, self.spec.window - 2, self.spec.stride);
        let owned = windows::owned(&windows, pieces.len());
        let parts: Vec<Scores> =
            windows.par_iter().zip(&owned).map(|(window, owned)| self.window(pieces, feat, window, owned)).collect();
        let (mut scores, mut before, mut token) = (Scores::default(), 0, 0);
        for (part, window) in parts.into_iter().zip(&windows) {
            before += lengths[token..window.start].iter().sum::<usize>();
            token = window.start;
            scores.append(part, before);
        }
        scores
    }

    /// What one window says of the tokens it owns.
    fn window(&self, pieces: &[Vec<i32>], feat: &[i32], window: &Range<usize>, owned: &Range<usize>) -> Scores {
        let mut read = Window { ids: vec![self.pieces.cls], feat: vec![0], places: vec![0] };
        for token in window.clone() {
            read.places.push(read.ids.len());
            read.ids.extend(&pieces[token]);
            read.feat.resize(read.ids.len(), feat[token]);
        }
        read.ids.push(self.pieces.sep);
        read.feat.push(0);
        let values = self.encoder.encode(&read);
        let out = heads::Output { columns: values.len() / read.places.len(), values: &values };
        Scores::of_window(&out, &read.places, window, owned, self.spec)
    }

    /// Writes parts of speech, trees and names of the run that starts at token `start`.
    fn label(&self, analysis: &mut Analysis, scores: &Scores, start: usize) {
        let labels = &self.spec.labels;
        let end = start + scores.tag.len();
        let relation = |k: usize| labels.deprel.get(k).copied().unwrap_or("dep");
        for (token, &upos) in analysis.tokens[start..end].iter_mut().zip(&scores.upos) {
            token.pos = labels.upos.get(usize::from(upos)).copied().unwrap_or("X");
        }
        for sentence in analysis.sentences.clone() {
            if sentence.start < start || sentence.start >= end {
                continue;
            }
            let tree = scores.tree(&self.spec.arc, sentence.start - start..sentence.end - start);
            for (k, head) in sentence.zip(tree) {
                let token = &mut analysis.tokens[k];
                token.head = head.map(|h| h + start);
                token.relation = head.map_or("root", |_| relation(usize::from(scores.deprel[k - start])));
            }
        }
        analysis.names.extend(names(&labels.entity, scores, start, &analysis.tokens));
    }
}

/// Runs of whole sentences of about [`RUN`] tokens; a longer sentence is a run of its own.
fn runs(sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for sentence in sentences {
        match out.last_mut() {
            Some(run) if sentence.end - run.start <= RUN => run.end = sentence.end,
            _ => out.push(sentence.clone()),
        }
    }
    out
}

/// The names in a run that starts at token `start`.
fn names(labels: &[&str], scores: &Scores, start: usize, tokens: &[Token]) -> Vec<Name> {
    let best = viterbi(&scores.entity, labels.len());
    let mut out: Vec<Name> = Vec::new();
    for (k, &label) in best.iter().enumerate() {
        let sure = f64::from(scores.entity[k * labels.len() + label].exp());
        let (token, kind) = (start + k, labels[label].split_once('-').map_or("", |l| l.1));
        if label % 2 == 1 {
            let kind = match kind {
                "PER" => NameKind::Person,
                "ORG" => NameKind::Organisation,
                "LOC" => NameKind::Place,
                "NORP" => NameKind::People,
                _ => NameKind::Other,
            };
            out.push(Name { span: tokens[token].span, tokens: token..token + 1, kind, confidence: sure });
        } else if let (true, Some(name)) = (label > 0, out.last_mut()) {
            name.span = name.span.cover(tokens[token].span);
            name.tokens.end += 1;
            name.confidence += sure;
        }
    }
    for name in &mut out {
        name.confidence /= name.tokens.len() as f64;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::CodePoints;

    /// One line of `models/fixtures/golden.jsonl`: what every stage of training's code makes of a text.
    #[derive(serde::Deserialize)]
    struct Golden {
        text: String,
        tokens: Vec<Span>,
        pieces: Vec<Vec<i32>>,
        feat: Vec<i32>,
        window: GoldenWindow,
        positions: Vec<usize>,
        out: Vec<Vec<f32>>,
        out_int8: Vec<Vec<f32>>,
        best_tags: Vec<usize>,
    }

    #[derive(Clone, serde::Deserialize)]
    struct GoldenWindow {
        ids: Vec<i32>,
        feat: Vec<i32>,
    }

    fn golden() -> impl Iterator<Item = Golden> {
        let lines = include_str!("../../../../models/fixtures/golden.jsonl").lines();
        lines.map(|line| serde_json::from_str(line).expect("a golden line"))
    }

    #[test]
    fn tokens_pieces_and_features_are_those_of_training() {
        let model = Model::embedded(Network::Accurate);
        for gold in golden() {
            let points = CodePoints::new(&gold.text);
            let tokens = text::tokens(&gold.text);
            assert_eq!(tokens.iter().map(|t| points.span(*t)).collect::<Vec<_>>(), gold.tokens);
            let pieces: Vec<_> = tokens.iter().map(|t| model.pieces.pieces(t.of(&gold.text), 8)).collect();
            assert_eq!(pieces, gold.pieces);
            assert_eq!(features::features(&gold.text, &tokens), gold.feat);
        }
    }

    /// The general engine gives what the runtime of training gives for the same whole-number weights. Each quantises
    /// activations in its own way: the row as a whole must agree (worst seen: 0.114).
    #[test]
    fn outputs_of_the_general_engine_are_those_of_training() {
        let model = Model::embedded(Network::Reference);
        let (mut same, mut all) = (0, 0);
        for gold in golden() {
            for (row, want) in rows(&model, &gold).iter().zip(&gold.out_int8) {
                assert!(apart(row, want) < 0.15, "{} in {}", apart(row, want), gold.text);
            }
            let scores = model.scores(&gold.pieces, &gold.feat);
            let tags = scores.tag.iter().map(|row| best(row));
            same += tags.zip(&gold.best_tags).filter(|(a, b)| a == *b).count();
            all += gold.best_tags.len();
        }
        assert!(same * 50 >= all * 49, "{same} of {all}");
    }

    /// Ours keeps a scale for every row, and so comes nearer to the floats of training than the general one does.
    #[test]
    fn our_engine_is_nearer_to_the_floats_of_training() {
        let (own, general) = (Model::embedded(Network::Accurate), Model::embedded(Network::Reference));
        let (mut mine, mut other, mut count) = (0.0, 0.0, 0.0);
        for gold in golden() {
            let (a, b) = (rows(&own, &gold), rows(&general, &gold));
            for ((a, b), want) in a.iter().zip(&b).zip(&gold.out) {
                // The worst seen: 0.130.
                assert!(apart(a, want) < 0.14, "{} in {}", apart(a, want), gold.text);
                let tags = 0..own.spec.slices["tag"].1;
                assert_eq!(best(&a[tags.clone()]), best(&want[tags]), "{}", gold.text);
                (mine, other, count) = (mine + apart(a, want), other + apart(b, want), count + 1.0);
            }
        }
        assert!(mine < other, "{} against {}", mine / count, other / count);
    }

    /// The index of the largest number, the first of equals.
    fn best(row: &[f32]) -> usize {
        (0..row.len()).fold(0, |best, k| if row[k] > row[best] { k } else { best })
    }

    /// What a model says of the window of a fixture, at its positions.
    fn rows(model: &Model, gold: &Golden) -> Vec<Vec<f32>> {
        let GoldenWindow { ids, feat } = gold.window.clone();
        let window = Window { ids, feat, places: gold.positions.clone() };
        let values = model.encoder.encode(&window);
        values.chunks_exact(values.len() / gold.positions.len()).map(<[f32]>::to_vec).collect()
    }

    /// How far two rows are apart, as a share of the length of the second.
    fn apart(got: &[f32], want: &[f32]) -> f32 {
        let square = |x: f32| x * x;
        let apart: f32 = got.iter().zip(want).map(|(a, b)| square(a - b)).sum();
        (apart / want.iter().copied().map(square).sum::<f32>()).sqrt()
    }

    #[test]
    fn our_engine_follows_the_general_one_at_every_length() {
        let (own, general) = (Model::embedded(Network::Accurate), Model::embedded(Network::Reference));
        for length in [1, 2, 5, 6, 7, 12, 13, 47, 49, 63, 64, 65, 200, 256] {
            let ids: Vec<i32> = (0..length).map(|k| 1000 + (k * 7919 + length) % 29_000).collect();
            let feat: Vec<i32> = (0..length).map(|k| k % 64).collect();
            let window = Window { places: (0..ids.len()).collect(), ids, feat };
            let (a, b) = (own.encoder.encode(&window), general.encoder.encode(&window));
            assert_eq!(a.len(), b.len());
            assert!(apart(&a, &b) < 0.15, "{} at {length}", apart(&a, &b));
        }
    }

    /// One line of `models/fixtures/fast.jsonl`: a window and what training's code makes of it, with activations in floats.
    #[derive(serde::Deserialize)]
    struct FastWindow {
        ids: Vec<i32>,
        feat: Vec<i32>,
        places: Vec<usize>,
        out: Vec<Vec<f32>>,
    }

    #[test]
    fn the_fast_network_is_that_of_training() {
        let model = Model::embedded(Network::Fast);
        let tags = 0..model.spec.slices["tag"].1;
        for line in include_str!("../../../../models/fixtures/fast.jsonl").lines() {
            let FastWindow { ids, feat, places, out } = serde_json::from_str(line).expect("a fixture");
            let rows = out.len();
            let values = model.encoder.encode(&Window { ids, feat, places });
            let found = values.chunks_exact(values.len() / rows);
            let same = found.clone().zip(&out).filter(|(a, b)| best(&a[tags.clone()]) == best(&b[tags.clone()]));
            assert!(same.count() * 50 >= rows * 49);
            for (row, want) in found.zip(&out) {
                assert!(apart(row, want) < 0.15, "{}", apart(row, want));
            }
        }
    }

    #[test]
    fn every_token_of_a_sentence_leads_to_its_one_root() {
        let model = Model::embedded(Network::Accurate);
        for gold in golden() {
            let report = Report { text: gold.text, ..Report::default() };
            let analysis = model.analyse(&report, |_, _| {});
            for sentence in &analysis.sentences {
                let roots = sentence.clone().filter(|&k| analysis.tokens[k].head.is_none());
                assert_eq!(roots.count(), 1);
                for mut token in sentence.clone() {
                    let steps =
                        (0..).take_while(|_| analysis.tokens[token].head.map(|h| token = h).is_some()).take(999);
                    assert!(steps.count() < 999);
                    assert!(sentence.contains(&token));
                }
            }
        }
    }

    #[test]
    fn long_texts_are_read_in_runs_of_whole_sentences() {
        assert_eq!(
            runs(&[0..5000, 5000..8000, 8000..9000, 9000..30000, 30000..30001]),
            [0..8000, 8000..9000, 9000..30000, 30000..30001]
        );
        assert!(runs(&[]).is_empty());
    }
}
