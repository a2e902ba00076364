//! Bytes to reports: one file a format.
//!
//! In: bytes and where they came from. Out: [`Report`](crate::report::Report)s with a [`TextMap`] each. May not
//! happen: a failure (bad input yields notices), a character of the text without its source bytes.

/// From every character of a report's text back to the bytes of its capture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextMap {}
