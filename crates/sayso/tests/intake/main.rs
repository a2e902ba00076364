//! Intake: hard pages, properties, bad input, one module a question.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod bad_input;
mod formats;
mod found;
mod pages;
mod properties;
mod redact;
mod redact_archive;

use sayso::intake::{Hints, Source, read_source};
use sayso::notice::Notice;
use sayso::report::Report;
use sayso::span::Span;
use sayso::text::charset::decode;

/// How the characters of a text are written in its source, over the charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Html,
    Json,
}

/// All reports and notices of some bytes.
fn read_all(name: &str, bytes: &[u8]) -> Vec<Result<Report, Notice>> {
    read_source(&Source { name, bytes, hints: Hints::default() }).collect()
}

/// The characters whose source bytes do not decode to them. White space may stand for white space or for markup.
fn maps_back(report: &Report, bytes: &[u8], form: Form) -> Vec<String> {
    let encoding = decode(bytes, None).encoding;
    assert_eq!(report.map.len(), report.text.len());
    let mut wrong = Vec::new();
    for (at, c) in report.text.char_indices() {
        let source = report.map.source(Span::new(at, at + c.len_utf8()));
        let (decoded, _) = encoding.decode_without_bom_handling(&bytes[source]);
        let text = match form {
            Form::Plain => decoded.into_owned(),
            Form::Html => htmlize::unescape(decoded.as_ref()).into_owned(),
            Form::Json => serde_json::from_str(&format!("\"{decoded}\"")).unwrap_or_default(),
        };
        // White space stands for what lies between two words: white space, tags, characters that nobody sees.
        let unseen = |c: char| c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\0');
        let space = form == Form::Html && c.is_whitespace() && (text.chars().all(unseen) || text.contains('<'));
        // One entity may make two characters; they share its bytes.
        let entity = form == Form::Html && text.chars().count() == 2 && text.contains(c);
        if text != c.to_string() && !space && !entity {
            wrong.push(format!("{c:?} from {text:?}"));
        }
    }
    wrong
}
