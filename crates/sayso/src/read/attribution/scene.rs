//! What the rules look at: the text with its blocks, quotations and parse, and questions about stretches of it.

use std::ops::Range;

use crate::model::Analysis;
use crate::reading::{Attribution, Kind};
use crate::report::{Block, BlockKind, Report};
use crate::span::Span;

use super::quotes::{Quote, quotes};

/// One report under the rules.
pub(super) struct Scene<'a> {
    pub(super) text: &'a str,
    pub(super) analysis: &'a Analysis,
    pub(super) blocks: Vec<Block>,
    pub(super) quotes: Vec<Quote>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(report: &'a Report, analysis: &'a Analysis) -> Self {
        let blocks = if report.blocks.is_empty() { lines(&report.text) } else { report.blocks.clone() };
        let spans: Vec<Span> = blocks.iter().map(|block| block.span).collect();
        Self { text: &report.text, analysis, quotes: quotes(&report.text, &spans), blocks }
    }

    /// The words of a token.
    pub(super) fn word(&self, token: usize) -> &'a str {
        self.analysis.tokens[token].span.of(self.text)
    }

    /// The index of the block that holds a byte, or of the next one.
    pub(super) fn block_of(&self, byte: usize) -> usize {
        self.blocks.partition_point(|block| block.span.end <= byte)
    }

    pub(super) fn is_heading(&self, block: usize) -> bool {
        self.blocks.get(block).is_some_and(|b| b.kind == BlockKind::Heading)
    }

    /// Whether a token is a word or a number.
    pub(super) fn is_word(&self, token: usize) -> bool {
        self.word(token).starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    /// Number of words in a span.
    pub(super) fn words(&self, span: Span) -> usize {
        self.analysis.tokens_in(span).filter(|&t| self.is_word(t)).count()
    }

    /// The quotation around a span or part of it.
    pub(super) fn quote_at(&self, span: Span) -> Option<&Quote> {
        let first = self.quotes.partition_point(|q| q.span.end <= span.start);
        self.quotes.get(first).filter(|q| q.span.overlaps(span))
    }

    /// The span of tokens without white space, none for no tokens.
    pub(super) fn span(&self, tokens: Range<usize>) -> Option<Span> {
        (!tokens.is_empty()).then(|| self.analysis.span_of(tokens))
    }

    /// The tokens of a span of the sentence that holds it.
    pub(super) fn sentence_at(&self, byte: usize) -> Range<usize> {
        let token = self.analysis.tokens.partition_point(|t| t.span.end <= byte);
        self.analysis.sentences.get(self.analysis.sentence_of(token)).cloned().unwrap_or(0..0)
    }

    /// From the first to the last token that hangs on a token, itself included.
    pub(super) fn subtree(&self, token: usize) -> Range<usize> {
        let tokens = &self.analysis.tokens;
        let sentence = self.sentence_at(tokens[token].span.start);
        let under = |t: usize| std::iter::successors(Some(t), |&at| tokens[at].head).take(50).any(|at| at == token);
        let start = sentence.clone().find(|&t| under(t)).unwrap_or(token);
        let end = sentence.rev().find(|&t| under(t)).unwrap_or(token);
        start..end + 1
    }

    /// All of it in quotation marks, none of it, or some of it: by words, one in ten may stray.
    pub(super) fn kind(&self, content: &[Span]) -> Kind {
        let tokens = content.iter().flat_map(|&span| self.analysis.tokens_in(span)).filter(|&t| self.is_word(t));
        let (mut inside, mut all) = (0, 0);
        for token in tokens {
            all += 1;
            inside += usize::from(self.quote_at(self.analysis.tokens[token].span).is_some());
        }
        match inside {
            0 => Kind::Indirect,
            _ if (all - inside) * 10 <= all => Kind::Direct,
            _ => Kind::Mixed,
        }
    }
}

/// Every line that is not blank, as a paragraph.
fn lines(text: &str) -> Vec<Block> {
    let mut at = 0;
    let mut out = Vec::new();
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trim(text);
        if !span.is_empty() {
            out.push(Block { kind: BlockKind::Paragraph, span });
        }
        at += line.len();
    }
    out
}

/// An attribution that a rule made.
pub(in crate::read) fn made(rule: &str, source: Vec<Span>, cue: Vec<Span>, content: Vec<Span>) -> Attribution {
    Attribution {
        source,
        cue,
        content,
        kind: Kind::Indirect,
        confidence: 0.6,
        rule: rule.to_owned(),
        ..Attribution::default()
    }
}

/// Every span of an attribution.
pub(super) fn spans(a: &Attribution) -> impl Iterator<Item = Span> + '_ {
    a.source.iter().chain(&a.cue).chain(&a.content).copied()
}

/// From its first character to its last.
pub(super) fn extent(a: &Attribution) -> Span {
    spans(a).reduce(Span::cover).unwrap_or(Span { start: 0, end: 0 })
}
