//! Words of a text: tokens, sentences, language, charset.
//!
//! In: text or bytes. Out: spans. May not happen: a token or sentence that loses a character.

pub mod charset;
pub mod language;
mod sentences;
mod tokens;

pub use sentences::sentences;
pub use tokens::tokens;
