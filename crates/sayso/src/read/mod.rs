//! One report to one reading: one file a question.
//!
//! In: a [`Report`]. Out: a [`Reading`]. May not happen: a failure, an answer without
//! its spans and its rule, a span off a character boundary.

use crate::model::Analysis;
use crate::report::Report;

pub mod act;
pub mod attribution;
pub mod chain;
pub mod event;
pub mod evidence;
pub mod hedge;
pub mod how_many;
pub mod speaker;
pub mod verification;
pub mod when;
pub mod r#where;
pub mod who;

/// A report with what the model says of it: what every question starts from.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The report.
    pub report: &'a Report,
    /// Tokens, sentences, dependencies and names of its text.
    pub analysis: Analysis,
}

impl Document<'_> {
    /// The text that is read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.report.text
    }

    /// The words of a token.
    #[must_use]
    pub fn word(&self, token: usize) -> &str {
        self.analysis.tokens[token].span.of(&self.report.text)
    }
}
