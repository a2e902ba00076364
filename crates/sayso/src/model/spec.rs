//! What `models/sayso.json` says of the weights: windows, columns, labels, constants.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The contract between the weights and this program.
#[derive(Debug, Deserialize)]
pub(crate) struct Spec<'a> {
    /// Pieces in a window, `[CLS]` and `[SEP]` counted.
    pub(crate) window: usize,
    /// How far the next window starts after this one, as a share of the window's room.
    pub(crate) stride: f64,
    /// Pieces kept of one token.
    pub(crate) max_pieces_per_token: usize,
    /// Columns of the output: name to first and one past the last.
    #[serde(borrow)]
    pub(crate) slices: BTreeMap<&'a str, (usize, usize)>,
    /// Names of what the heads choose between.
    #[serde(borrow)]
    pub(crate) labels: Labels<'a>,
    /// Constants of the scores from tokens to the cue of their attribution.
    pub(crate) link: PairSpec,
    /// Constants of the scores from tokens to their syntactic head.
    pub(crate) arc: PairSpec,
    /// Constants of `read::attribution`.
    pub(crate) decode: Decode,
    /// Of the weights.
    pub(crate) version: String,
}

/// See [`Spec::labels`].
#[derive(Debug, Deserialize)]
pub(crate) struct Labels<'a> {
    #[serde(borrow)]
    pub(crate) upos: Vec<&'a str>,
    #[serde(borrow)]
    pub(crate) deprel: Vec<&'a str>,
    #[serde(borrow)]
    pub(crate) entity: Vec<&'a str>,
}

/// `score(i, j) = dep_i · head_j * scale + bias_j + distance_bias[j - i]`, distances in pieces.
#[derive(Debug, Deserialize)]
pub(crate) struct PairSpec {
    pub(crate) scale: f32,
    pub(crate) max_distance: usize,
    /// For the distances from `-max_distance` to `max_distance`.
    pub(crate) distance_bias: Vec<f32>,
}

/// Constants of `read::attribution`, chosen on held-out text by `training/`.
#[derive(Debug, Deserialize)]
pub(crate) struct Decode {
    /// Taken from the log-probability of O: a missed tag costs a whole attribution.
    pub(crate) o_bias: f32,
    /// Given to the tags of cues beside that.
    #[serde(default)]
    pub(crate) cue_bias: f32,
    /// Attributions less likely to be right than this are left out.
    #[serde(default)]
    pub(crate) least_confidence: f32,
    /// Tokens from its cue that a source is looked for in.
    pub(crate) source_reach: usize,
    /// Probability of a token that may become the source of a cue that has none.
    pub(crate) source_least: f32,
    /// Probability of the tokens beside it that belong to it.
    pub(crate) source_grow: f32,
    /// Mean cue probability that attributions without a source need.
    pub(crate) drop_sourceless: f32,
    /// Mean cue probability that those with a source need.
    pub(crate) drop: f32,
    /// Whether a cue without a source takes that of the cue beside it ("he told X …, adding that …").
    pub(crate) share: bool,
    /// From features of an attribution to the probability that it is right.
    pub(crate) confidence: Confidence,
}

/// A logistic function: one weight a feature, and a constant last.
#[derive(Debug, Deserialize)]
pub(crate) struct Confidence {
    pub(crate) weights: Vec<f32>,
}

impl Spec<'_> {
    /// The columns of a head; empty when the weights lack it.
    pub(crate) fn columns(&self, name: &str) -> std::ops::Range<usize> {
        self.slices.get(name).map_or(0..0, |&(start, end)| start..end)
    }
}
