//! From the heads' numbers to attributions, in tokens. Same as `training/decode.py`, whose golden output it is held to.

use std::ops::Range;

use crate::model::{Decode, PairSpec, Scores, viterbi};
use crate::span::Span;

const CUE: usize = 2;
const SOURCE: usize = 1;
const CONTENT: usize = 3;

/// The log-probability of a link is not counted lower.
const FLOOR: f32 = -12.0;

/// One attribution as the heads have it; ranges count tokens of the run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decoded {
    pub(super) cue: Range<usize>,
    pub(super) source: Option<Range<usize>>,
    /// In order.
    pub(super) content: Vec<Range<usize>>,
    /// The source stands at another cue.
    pub(super) shared: bool,
    /// Probability that it is right.
    pub(super) confidence: f32,
}

impl Decoded {
    /// The same, counted from another start.
    pub(super) fn shifted(mut self, by: usize) -> Self {
        let shift = |range: &mut Range<usize>| *range = range.start + by..range.end + by;
        shift(&mut self.cue);
        self.source.iter_mut().chain(&mut self.content).for_each(shift);
        self
    }
}

/// A source with the log-probability of its link.
type Source = (Range<usize>, f32);

/// Words whose full stop ends no sentence, as in `training/decode.py`.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "st", "jr", "sr", "sen", "rep", "gov", "gen", "lt", "col", "sgt", "capt", "maj", "prof",
    "rev", "hon", "no", "vs", "inc", "corp", "co", "ltd", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec",
];

/// Whether a sentence may end after each token: a line break follows; or it is a full stop, question or exclamation mark or
/// a mark that closes after one, white space and no lower-case letter follow, and no abbreviation or initial stands before.
pub(super) fn sentence_ends(text: &str, tokens: &[Span]) -> Vec<bool> {
    let word = |k: usize| tokens[k].of(text);
    let ends = |k: usize| {
        let after = tokens.get(k + 1).map_or("\n", |next| &text[tokens[k].end..next.start]);
        let closes = k > 0 && matches!(word(k), "”" | "»" | "\"" | "’" | "'" | ")");
        let stops = matches!(word(k - usize::from(closes)), "." | "!" | "?");
        let lower = k + 1 < tokens.len() && word(k + 1).starts_with(char::is_lowercase);
        let mut ends = stops && !after.is_empty() && !lower;
        if !closes && word(k) == "." && k > 0 && tokens[k - 1].end == tokens[k].start {
            let (before, mut letters) = (word(k - 1).to_lowercase(), word(k - 1).chars());
            let initial = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
            ends &= !initial && !ABBREVIATIONS.contains(&before.as_str());
        }
        ends || after.contains('\n')
    };
    (0..tokens.len()).map(ends).collect()
}

/// The numbers of one run of tokens, and the constants to decode them with.
pub(super) struct Decoder<'a> {
    pub(super) scores: &'a Scores,
    pub(super) link: &'a PairSpec,
    pub(super) ends: &'a [bool],
    pub(super) k: &'a Decode,
}

/// A cue that has a content.
struct Live {
    cue: Range<usize>,
    /// With the log-probability of the link.
    content: Vec<(Range<usize>, f32)>,
    source: Option<Source>,
    /// The source stands at another cue.
    shared: bool,
}

impl Decoder<'_> {
    /// The attributions of the run, in the order of their cues.
    pub(super) fn decode(&self) -> Vec<Decoded> {
        let found = spans(&self.tags());
        let of = |role: usize| found.iter().filter(move |s| s.0 == role).map(|s| s.1.clone());
        let mut live: Vec<Live> =
            of(CUE).map(|cue| Live { cue, content: Vec::new(), source: None, shared: false }).collect();
        for content in of(CONTENT) {
            if let Some((cue, link)) = self.best_cue(&content, &live) {
                live[cue].content.push((content, link));
            }
        }
        // A source goes to a cue that has a content: one without can't become an attribution.
        live.retain(|cue| !cue.content.is_empty());
        for source in of(SOURCE) {
            if let Some((cue, link)) = self.best_cue(&source, &live)
                && live[cue].source.as_ref().is_none_or(|s| link > s.1)
            {
                live[cue].source = Some((source, link));
            }
        }
        let mut used = vec![false; self.scores.tag.len()];
        found.iter().for_each(|span| used[span.1.clone()].fill(true));
        for cue in 0..live.len() {
            // From left to right, so that a third cue gets it from the second.
            if self.k.share && live[cue].source.is_none() {
                live[cue].source = self.shared_source(cue, &live);
                live[cue].shared = live[cue].source.is_some();
            }
        }
        for cue in 0..live.len() {
            if live[cue].source.is_none() {
                live[cue].source = self.weak_source(cue, &live, &mut used);
            }
        }
        live.iter().filter_map(|cue| self.finish(cue)).collect()
    }

    fn tags(&self) -> Vec<usize> {
        let mut rows = self.scores.tag.clone();
        for row in &mut rows {
            row[0] -= self.k.o_bias;
            row[BEGIN_CUE] += self.k.cue_bias;
            row[BEGIN_CUE + 1] += self.k.cue_bias;
        }
        viterbi(rows.as_flattened(), rows.first().map_or(0, |row| row.len()))
    }

    /// The cue to which the tokens of a span link best, with the mean log-probability of that.
    fn best_cue(&self, span: &Range<usize>, cues: &[Live]) -> Option<(usize, f32)> {
        let (mut total, mut seen) = (vec![0.0_f32; cues.len()], vec![0_u16; cues.len()]);
        for token in span.clone() {
            let first = cues.partition_point(|c| c.cue.start < token && !self.scores.reaches(token, c.cue.start));
            let near =
                first..first + cues[first..].iter().take_while(|c| self.scores.reaches(token, c.cue.start)).count();
            let scores: Vec<f32> = cues[near.clone()].iter().map(|c| self.link(token, c.cue.start)).collect();
            let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let log_sum = top + scores.iter().map(|x| (x - top).exp()).sum::<f32>().ln();
            for (cue, score) in near.zip(scores) {
                total[cue] += FLOOR.max(score - log_sum);
                seen[cue] = seen[cue].saturating_add(1);
            }
        }
        let mut best: Option<(usize, f32)> = None;
        for (cue, (total, seen)) in total.into_iter().zip(seen).enumerate() {
            let mean = total / f32::from(seen);
            if seen > 0 && best.is_none_or(|b| mean > b.1) {
                best = Some((cue, mean));
            }
        }
        best
    }

    fn link(&self, token: usize, cue: usize) -> f32 {
        self.scores.link(self.link, token, cue)
    }

    fn mean(&self, span: &Range<usize>, begin: usize) -> f32 {
        span.clone().map(|token| self.probability(token, begin)).sum::<f32>() / span.len() as f32
    }

    /// That the token is of the role whose first tag is `begin`.
    fn probability(&self, token: usize, begin: usize) -> f32 {
        let tags = &self.scores.tag[token];
        tags[begin].exp() + tags[begin + 1].exp()
    }

    /// The likeliest source token near the cue that no span has and that links to this cue sooner than to any other; with
    /// its neighbours.
    fn weak_source(&self, cue: usize, live: &[Live], used: &mut [bool]) -> Option<Source> {
        let own = &live[cue].cue;
        let reach = own.start.saturating_sub(self.k.source_reach)..used.len().min(own.end + self.k.source_reach);
        let source = |token: usize| self.probability(token, BEGIN_SOURCE);
        let mut best: Option<(usize, f32)> = None;
        for token in reach {
            let near = self.scores.reaches(token, own.start);
            if !near || used[token] || source(token) < self.k.source_least || best.is_some_and(|b| source(token) <= b.1)
            {
                continue;
            }
            let mine = self.link(token, own.start);
            let nearer =
                |other: &Live| self.scores.reaches(token, other.cue.start) && self.link(token, other.cue.start) > mine;
            if !live.iter().any(nearer) {
                best = Some((token, source(token)));
            }
        }
        let (mut start, mut end) = best.map(|b| (b.0, b.0 + 1))?;
        while start > 0 && !used[start - 1] && source(start - 1) >= self.k.source_grow {
            start -= 1;
        }
        while end < used.len() && !used[end] && source(end) >= self.k.source_grow {
            end += 1;
        }
        used[start..end].fill(true);
        Some((start..end, 0.5_f32.ln()))
    }

    fn finish(&self, own: &Live) -> Option<Decoded> {
        let is_cue = self.mean(&own.cue, BEGIN_CUE);
        if is_cue < (if own.source.is_some() { self.k.drop } else { self.k.drop_sourceless }) {
            return None;
        }
        let features = self.features(own, is_cue);
        let confidence = self.confidence(&features);
        (confidence >= self.k.least_confidence).then(|| Decoded {
            cue: own.cue.clone(),
            source: own.source.as_ref().map(|s| s.0.clone()),
            content: own.content.iter().map(|c| c.0.clone()).collect(),
            shared: own.shared,
            confidence,
        })
    }

    /// The source of the cue before or after in the same sentence, where it stands before this cue: "he told X …, adding
    /// that …". The one after is asked too, because the source may have been linked to that one.
    fn shared_source(&self, cue: usize, live: &[Live]) -> Option<Source> {
        let beside = |other: usize| -> Option<Source> {
            let source = live[other].source.as_ref().filter(|s| s.0.start < live[cue].cue.start)?;
            let apart = self.ends[live[cue.min(other)].cue.end - 1..live[cue.max(other)].cue.start].contains(&true);
            (!apart).then(|| source.clone())
        };
        cue.checked_sub(1).and_then(beside).or_else(|| (cue + 1 < live.len()).then(|| beside(cue + 1)).flatten())
    }

    /// All in log-odds or log-probabilities, so that a sum makes sense.
    fn features(&self, own: &Live, is_cue: f32) -> [f32; 9] {
        let source = own.source.as_ref();
        let (is_source, source_link) = source.map_or((0.5, 0.0), |s| (self.mean(&s.0, BEGIN_SOURCE), s.1));
        let tokens: usize = own.content.iter().map(|c| c.0.len()).sum();
        let each = || own.content.iter().flat_map(|c| c.0.clone());
        let inside = each().map(|t| self.probability(t, BEGIN_CONTENT)).sum::<f32>() / tokens as f32;
        // Does the content start and stop where it seems to? B at its first token; not I after its last.
        let edge = |c: &(Range<usize>, f32)| {
            let after = self.scores.tag.get(c.0.end).map_or(0.0, |tags| tags[BEGIN_CONTENT + 1].exp());
            self.scores.tag[c.0.start][BEGIN_CONTENT].exp() + 1.0 - after
        };
        let edges = own.content.iter().map(edge).sum::<f32>() / (2 * own.content.len()) as f32;
        let content_link = own.content.iter().map(|c| c.1 * c.0.len() as f32).sum::<f32>() / tokens as f32;
        let flag = |x: bool| f32::from(u8::from(x));
        [
            odds(is_cue),
            odds(is_source),
            source_link,
            odds(inside),
            odds(edges),
            content_link,
            flag(source.is_none()),
            flag(own.shared),
            flag(own.content.len() > 1),
        ]
    }

    fn confidence(&self, features: &[f32]) -> f32 {
        let weights = &self.k.confidence.weights;
        let sum: f32 = weights.iter().zip(features).map(|(w, x)| w * x).sum();
        1.0 / (1.0 + (-(sum + weights.last().copied().unwrap_or(0.0))).exp())
    }
}

const BEGIN_SOURCE: usize = 1;
const BEGIN_CUE: usize = 3;
const BEGIN_CONTENT: usize = 5;

fn odds(p: f32) -> f32 {
    (p.max(1e-4) / (1.0 - p).max(1e-4)).ln()
}

/// Tags to spans with their role.
fn spans(tags: &[usize]) -> Vec<(usize, Range<usize>)> {
    let mut out: Vec<(usize, Range<usize>)> = Vec::new();
    for (i, &tag) in tags.iter().enumerate() {
        match out.last_mut() {
            _ if tag % 2 == 1 => out.push((tag.div_ceil(2), i..i + 1)),
            Some(last) if tag > 0 => last.1.end = i + 1,
            _ => {}
        }
    }
    out
}
