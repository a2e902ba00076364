//! What went wrong, or was noteworthy, while reading: a code, a place and a plain sentence.
//!
//! Bad input never fails a run: it yields notices, and the rest goes on. Codes are never reused.

use serde::{Deserialize, Serialize};

use crate::span::Span;

/// Every notice there is: the code's number, and the short name used in the program.
/// S01xx intake, S02xx model and language, S03xx reading, S04xx ledger and weighing.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// The kind of a notice. Printed as its code, for example `S0102`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }
        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];
            /// The code as printed.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),+ }
            }
        }
    };
}

codes! {
    /// The input holds no bytes, or no text.
    Empty = "S0101",
    /// Some bytes do not fit the character set that was found; they were replaced.
    Charset = "S0102",
    /// The input is not text (an image, a program, an archive of an unknown kind).
    Binary = "S0103",
    /// The input could not be read from where it lies.
    Unreadable = "S0104",
    /// A folder was given where a file was meant.
    Folder = "S0105",
    /// One line of a JSONL file is not a report.
    BadRecord = "S0106",
    /// The input was longer than the bound; the rest was left out of the reading.
    TooLong = "S0107",
    /// The markup is nested too deeply or broken; the text was taken without its structure.
    Markup = "S0108",
    /// No article was found in the page; all of its visible text was taken.
    NoArticle = "S0109",
    /// A picture that the report shows is damaged, too large or of a kind that is not read; the report itself is read.
    Picture = "S0110",
    /// The text is in a language the reader was not trained on.
    Language = "S0201",
    /// The report has no date: relative times stay relative.
    NoDate = "S0301",
    /// A bound on the number of values in one report was reached.
    Bounded = "S0302",
    /// Reading the report failed: a defect of the program. The rest of the run goes on.
    Defect = "S0303",
    /// Another report of the case has the same id: this one is kept under another.
    SameId = "S0401",
    /// The report says that it was published in the future.
    Future = "S0402",
    /// Words were taken out of this input for ever: as it is it is not taken in again.
    Redacted = "S0403",
    /// The report has words where they were taken out of another report of the case, with the same words around them.
    Back = "S0404",
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// What kind it is.
    pub code: Code,
    /// Where in the report's text, when it is about a place in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub span: Option<Span>,
    /// A plain sentence: what happened, and what to do about it.
    pub message: String,
}

impl Notice {
    /// A notice about the input as a whole.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, span: None, message: message.into() }
    }

    /// The same notice, about `span` of the text.
    #[must_use]
    pub fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }
}
