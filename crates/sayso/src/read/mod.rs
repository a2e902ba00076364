//! One report to one reading: one file a question.
//!
//! In: a [`Report`]. Out: a [`Reading`]. May not happen: a failure, an answer without
//! its spans and its rule, a span off a character boundary.

use crate::model::{Analysis, Model, Network};
use crate::notice::{Code, Notice};
use crate::reading::{Attribution, Reading};
use crate::report::Report;

pub mod act;
pub mod attribution;
mod by;
pub mod chain;
pub mod event;
pub mod evidence;
pub mod hedge;
pub mod how_many;
mod lexicon;
mod number;
mod proposition;
pub mod speaker;
mod telling;
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
    /// A reader with the accurate model.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it takes time")]
    pub fn new() -> Self {
        Self::with(Network::default())
    }

    /// A reader with one of the models that are built in.
    #[must_use]
    pub fn with(network: Network) -> Self {
        Self { model: Model::embedded(network) }
    }

    /// The version of its model.
    #[must_use]
    pub fn model_version(&self) -> &str {
        &self.model.spec.version
    }

    /// Reads one report: never fails; what was odd stands in the reading's notices.
    #[must_use]
    pub fn read(&self, report: &Report) -> Reading {
        self.read_watched(report, &|_| {})
    }

    /// The same. `done` gets the name of each question when it has been answered, in order, the first being `attribution`,
    /// which has the model's work in it: who holds a clock can say where the time goes.
    #[must_use]
    pub fn read_watched(&self, report: &Report, done: &dyn Fn(&'static str)) -> Reading {
        let (analysis, attributions) = self.analyse(report);
        done("attribution");
        answer_watched(&Document { report, analysis }, attributions, done)
    }

    /// Tokens, sentences, dependencies and names alone: the network's work without who said what.
    #[must_use]
    pub fn parse(&self, report: &Report) -> Analysis {
        self.model.analyse(report, |_, _| {})
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

/// Answers a question: may use what the questions before it wrote, and writes its own fields only.
pub type Question = fn(&Document<'_>, &mut Reading);

/// Every question, in the order in which they are asked.
#[rustfmt::skip] // One a line, so that two additions seldom collide.
pub const QUESTIONS: &[(&str, Question)] = &[
    ("telling", telling::answer),
    ("who", who::answer),
    ("speaker", speaker::answer),
    ("chain", chain::answer),
    ("act", act::answer),
    ("hedge", hedge::answer),
    ("verification", verification::answer),
    ("evidence", evidence::answer),
    ("where", r#where::answer),
    ("when", when::answer),
    ("how many", how_many::answer),
    ("by", by::answer),
    ("event", event::answer),
    ("proposition", proposition::answer),
];

/// Answers every question about `document`, whose attributions were decoded from the heads.
#[must_use]
pub fn answer(document: &Document<'_>, attributions: Vec<Attribution>) -> Reading {
    answer_watched(document, attributions, &|_| {})
}

fn answer_watched(document: &Document<'_>, attributions: Vec<Attribution>, done: &dyn Fn(&'static str)) -> Reading {
    let mut reading = Reading { attributions, notices: document.report.notices.clone(), ..Reading::default() };
    reading.notices.extend(language(document.report));
    for (name, question) in QUESTIONS {
        question(document, &mut reading);
        done(name);
    }
    // Questions add statements of their own at the end.
    reading.attributions.sort_by_key(|a| a.source.iter().chain(&a.cue).chain(&a.content).map(|s| s.start).min());
    reading
}
