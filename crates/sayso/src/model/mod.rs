//! The encoder and its heads.
//!
//! In: the tokens of a text. Out: an [`Analysis`]: parts of speech, dependencies, names, and the raw
//! scores from which `read::attribution` decodes. The only folder with floating-point arithmetic
//! over vectors. May not happen: a result that depends on the number of threads.

use std::ops::Range;

use crate::report::Report;
use crate::span::Span;
use crate::text;

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
    /// Tokens and sentences of a report alone: every token is an `X` without a head, there are no names.
    #[must_use]
    pub fn words(report: &Report) -> Self {
        let spans = text::tokens(&report.text);
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
