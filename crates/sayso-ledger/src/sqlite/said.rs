//! What was said, statement by statement, as full-text search finds it: the words that claims are made of.
//!
//! In: the newest reading of a report. Out: the rows of `said`, made anew with every reading. May not happen: a statement found that
//! the newest reading does not have.

use rusqlite::{Connection, params};
use sayso::reading::Reading;
use sayso::weighing::MentionKey;

use crate::kept::{parse, statements};
use crate::store::Error;

/// Statements a report, at most: the bits of a row's number behind the report's.
const BITS: u32 = 20;

/// Notes what is said in a report, in place of what was noted before.
pub(super) fn note(write: &Connection, report: i64, text: &str, reading: &Reading) -> Result<(), Error> {
    let first = report << BITS;
    let end = first + (1 << BITS);
    write.prepare_cached("DELETE FROM said WHERE rowid >= ?1 AND rowid < ?2")?.execute([first, end])?;
    let mut insert = write.prepare_cached("INSERT INTO said (rowid, words, start) VALUES (?1, ?2, ?3)")?;
    for (row, (start, words)) in (first..end).zip(statements(text, reading)) {
        insert.execute(params![row, words, i64::try_from(start).unwrap_or(i64::MAX)])?;
    }
    Ok(())
}

/// Notes what is said in every report that is there.
pub(super) fn note_all(write: &Connection) -> Result<(), Error> {
    let mut newest = write.prepare(
        "SELECT reports.row, text, reading FROM reports JOIN readings ON report = reports.row
         WHERE readings.row = (SELECT max(row) FROM readings WHERE report = reports.row)",
    )?;
    let mut rows = newest.query([])?;
    while let Some(row) = rows.next()? {
        let (report, text, reading): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // A reading that is damaged is for `verify` to name.
        if let Ok(reading) = parse::<Reading>("reading", &reading) {
            note(write, report, &text, &reading)?;
        }
    }
    Ok(())
}

/// Where the statements of a case stand that match a query, best first.
pub(super) fn find(read: &Connection, case: &str, query: &str) -> Result<Vec<MentionKey>, Error> {
    let mut found = read.prepare(&format!(
        "SELECT reports.id, start FROM said JOIN reports ON reports.row = said.rowid >> {BITS} JOIN cases ON cases.id = case_id
         WHERE said MATCH ?1 AND cases.name = ?2 ORDER BY bm25(said), said.rowid"
    ))?;
    let key = |r: &rusqlite::Row<'_>| {
        let start: i64 = r.get(1)?;
        Ok(MentionKey { report: r.get(0)?, start: usize::try_from(start).unwrap_or(usize::MAX) })
    };
    Ok(found.query_map([query, case], key)?.collect::<Result<_, _>>()?)
}
