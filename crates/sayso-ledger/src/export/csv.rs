//! One row a mention, for spreadsheets: RFC 4180, UTF-8.

use super::Case;
use super::rows::{COLUMNS, Cell, rows};

/// The rows. `start` and `end` are code points of the report's text, end exclusive; lists are joined by ` | `. A cell that a
/// spreadsheet would take for a formula starts with an apostrophe.
///
/// # Errors
/// Never in practice: the writer's buffer is memory.
pub fn export(case: &Case<'_>) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS.map(|(name, _)| name))?;
    for row in rows(case) {
        out.write_record(row.map(|cell| match cell {
            Cell::Text(text) => harmless(text.unwrap_or_default()),
            Cell::Number(number) => number.map_or_else(String::new, |number| number.to_string()),
            Cell::List(list) => harmless(list.join(" | ")),
        }))?;
    }
    finish(out)
}

/// Captured words that begin like a formula must not become one.
pub(super) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

/// What a writer to memory holds.
pub(super) fn finish(out: csv::Writer<Vec<u8>>) -> Result<String, csv::Error> {
    let bytes = out.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
