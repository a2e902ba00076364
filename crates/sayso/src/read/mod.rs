//! One report to one reading: one file a question.
//!
//! In: a [`Report`]. Out: a [`Reading`]. May not happen: a failure, an answer without
//! its spans and its rule, a span off a character boundary.

use crate::model::{Analysis, Engine, Model};
use crate::notice::{Code, Notice};
use crate::reading::{Attribution, Reading};
use crate::report::Report;

pub mod act;
pub mod attribution;
pub mod chain;
pub mod event;
pub mod evidence;
pub mod hedge;
pub mod how_many;
mod lexicon;
mod number;
mod proposition;
pub mod speaker;
pub mod verification;
pub mod when;
pub mod r#where;
pub mod who;
mod words;

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

/// Reads reports. Make one and keep it: it holds the model; [`Reader::read`] may be called from many threads.
pub struct Reader {
    model: Model,
}

impl Reader {
    /// A reader with the model that is built in.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it takes time")]
    pub fn new() -> Self {
        Self::with(Engine::default())
    }

    /// The same with an engine of one's choice.
    #[must_use]
    pub fn with(engine: Engine) -> Self {
        Self { model: Model::embedded(engine) }
    }

    /// The version of the model that is built in.
    #[must_use]
    pub fn model_version(&self) -> &str {
        &self.model.spec.version
    }

    /// Reads one report: never fails; what was odd stands in the reading's notices.
    #[must_use]
    pub fn read(&self, report: &Report) -> Reading {
        let (analysis, attributions) = self.analyse(report);
        answer(&Document { report, analysis }, attributions)
    }

    /// What the model alone says of a report, before any question is asked.
    #[must_use]
    pub fn analyse(&self, report: &Report) -> (Analysis, Vec<Attribution>) {
        attribution::analyse(&self.model, report)
    }
}

/// The languages that the model was trained on.
const LANGUAGES: &[&str] = &["en"];

/// A notice when the text is in a language that the model does not know. It is read all the same.
fn language(report: &Report) -> Option<Notice> {
    let code = report.language.as_deref().filter(|code| !LANGUAGES.contains(code))?;
    let message = format!(
        "The text seems to be in another language than English ({code}): much will be missed, and what is found may be wrong."
    );
    Some(Notice::new(Code::Language, message))
}

/// Answers every question about `document`, whose attributions were decoded from the heads.
///
/// Each question is one file with `pub(super) fn answer(document: &Document<'_>, reading: &mut Reading)`: it may use what the
/// questions before it wrote, and writes its own fields only.
#[must_use]
pub fn answer(document: &Document<'_>, attributions: Vec<Attribution>) -> Reading {
    let mut reading = Reading { attributions, notices: document.report.notices.clone(), ..Reading::default() };
    reading.notices.extend(language(document.report));
    // The order: who, speaker, chain, act, hedge, verification, evidence, where, when, how_many, event.
    #[rustfmt::skip] // One a line, so that two additions seldom collide.
    let questions: &[fn(&Document<'_>, &mut Reading)] = &[
        who::answer,
        speaker::answer,
        chain::answer,
        act::answer,
        hedge::answer,
        verification::answer,
        evidence::answer,
        r#where::answer,
        when::answer,
        how_many::answer,
        event::answer,
        proposition::answer,
    ];
    for question in questions {
        question(document, &mut reading);
    }
    // Questions add statements of their own at the end.
    reading.attributions.sort_by_key(|a| a.source.iter().chain(&a.cue).chain(&a.content).map(|s| s.start).min());
    reading
}
