//! A row of a table: a report that another program keeps in columns.
//!
//! With a text it is what a line of JSONL is; without one its page is read as a file would be. A row is a capture of its own, so
//! that its id does not depend on where the table was cut.

use super::{Capture, Hints, Source, blocks, hex, read_source};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::text::charset::decode;

use sha2::{Digest, Sha256};

/// The cells of a row that Sayso knows. A row has a text or a page; all else may be left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'a> {
    /// Comes back unchanged. Else the id is made from the hash of the text, or of the page.
    pub id: Option<&'a str>,
    /// Whether the id is a number.
    pub id_is_number: bool,
    /// The report's words. Goes before the page.
    pub text: Option<&'a str>,
    /// A page as it was received, in any character set.
    pub html: Option<&'a [u8]>,
    /// When it was published.
    pub published: Option<&'a str>,
    /// Who published it.
    pub outlet: Option<&'a str>,
    /// The headline.
    pub title: Option<&'a str>,
    /// Where it was found.
    pub url: Option<&'a str>,
}

/// Reads a row. `name` is what the report's `source` becomes: a table and the row's number, `hints` goes before what the row says.
///
/// # Errors
/// A notice when the row holds neither text nor page, or nothing can be read from its page.
pub fn read_row(name: &str, row: &Row<'_>, hints: &Hints) -> Result<Report, Notice> {
    let mut report = match (row.text, row.html) {
        (Some(text), _) => text_of(name, text, row, hints),
        (None, Some(page)) => page_of(name, page, row, hints)?,
        (None, None) => {
            let what = if name.is_empty() { "The row" } else { name };
            return Err(Notice::new(Code::BadRecord, format!("{what} has no text.")));
        }
    };
    if let Some(id) = own(row.id) {
        report.id = id;
        report.id_is_number = row.id_is_number;
    }
    Ok(report)
}

fn text_of(name: &str, text: &str, row: &Row<'_>, hints: &Hints) -> Report {
    let source = Source { name, bytes: text.as_bytes(), hints: hints.clone() };
    let capture = Capture { source: &source, sha256: hex(&Sha256::digest(source.bytes)) };
    let title = own(row.title);
    let report = Report {
        published: own(row.published),
        outlet: own(row.outlet),
        url: own(row.url),
        blocks: blocks::blocks(text, title.as_deref()),
        title,
        map: super::TextMap::identity(text.len(), 0),
        text: text.to_owned(),
        ..Report::default()
    };
    capture.finish(report, None, &decode(b"", None))
}

fn page_of(name: &str, page: &[u8], row: &Row<'_>, hints: &Hints) -> Result<Report, Notice> {
    let hints = Hints {
        published: hints.published.clone().or_else(|| own(row.published)),
        outlet: hints.outlet.clone().or_else(|| own(row.outlet)),
        url: own(row.url),
        ..hints.clone()
    };
    let first = read_source(&Source { name, bytes: page, hints }).next();
    let report = first.unwrap_or_else(|| Err(Notice::new(Code::Empty, format!("{name} holds no report."))))?;
    Ok(Report { title: own(row.title).or(report.title), ..report })
}

/// A cell that says something.
fn own(cell: Option<&str>) -> Option<String> {
    cell.map(ToOwned::to_owned).filter(|cell| !cell.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_as_its_line_of_jsonl_does() {
        let text = "The mayor said that it rained.\n\nNobody asked why.";
        let row = Row { id: Some("7"), id_is_number: true, text: Some(text), outlet: Some("Post"), ..Row::default() };
        let report = read_row("t.parquet#1", &row, &Hints::default()).unwrap();
        let line = serde_json::json!({"id": 7, "text": text, "outlet": "Post"}).to_string();
        let source = Source { name: "t.jsonl", bytes: line.as_bytes(), hints: Hints::default() };
        let same = read_source(&source).next().unwrap().unwrap();
        assert_eq!((&report.id, report.id_is_number, &report.outlet), (&same.id, true, &same.outlet));
        assert_eq!((report.text, report.blocks, report.language), (same.text, same.blocks, same.language));
    }

    #[test]
    fn without_an_id_a_row_has_that_of_a_file_with_its_bytes() {
        let text = "The mayor said that it rained.";
        let as_file = Source { name: "x.txt", bytes: text.as_bytes(), hints: Hints::default() };
        let file = read_source(&as_file).next().unwrap().unwrap();
        let row = Row { text: Some(text), ..Row::default() };
        assert_eq!(read_row("t#1", &row, &Hints::default()).unwrap().id, file.id);
        let page = b"<html><body><p>The mayor said that it rained on B\xfccherstra\xdfe.</p></body></html>";
        let row = Row { html: Some(page), title: Some("Rain"), ..Row::default() };
        let report = read_row("t#2", &row, &Hints::default()).unwrap();
        assert!(report.text.contains("Bücherstraße") && report.title.as_deref() == Some("Rain"), "{report:?}");
        assert!(read_row("t#3", &Row::default(), &Hints::default()).is_err());
    }
}
