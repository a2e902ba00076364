//! Words out of the database, for ever.
//!
//! In: what is kept from now on. Out: tables that hold nothing else. May not happen: a reading that stays; words in a part of a table that is
//! no longer used. What the server's own logs and backups hold is for whoever runs it: docs/operations.md.

use sayso::intake::redact::masked;
use sayso::weigh::decision::Redacted;

use super::put::Put;
use super::wire::Wire;
use super::words::Words;
use super::{case_in, decided, some_words, words};
use crate::kept::{capture_checksum, hash, json, moved_meta, redact_line};
use crate::store::{Error, RedactedReport, Redaction};

/// Replaces captures, reports and readings; the transaction is the caller's. Out: the numbers of the journals' lines.
pub(super) fn redact(wire: &mut Wire, cut: &Words, redaction: &Redaction<'_>) -> Result<Vec<u64>, Error> {
    // Nobody puts in a report of these captures meanwhile.
    wire.batch("LOCK TABLE reports, captures, blobs IN SHARE ROW EXCLUSIVE MODE")?;
    for (capture, bytes) in redaction.captures {
        replace(wire, redaction, capture, bytes)?;
    }
    let mut numbers = Vec::new();
    for report in redaction.reports {
        let case = case_in(wire, &report.case)?;
        read_anew(wire, cut, redaction, case, report)?;
        numbers.push(decided(wire, case, redaction.at, redaction.by, redaction.why, redact_line(report, redaction))?);
    }
    Ok(numbers)
}

/// Another capture in the place of one.
fn replace(wire: &mut Wire, redaction: &Redaction<'_>, capture: &Redacted, bytes: &[u8]) -> Result<(), Error> {
    let Redacted { before, after, .. } = capture;
    if hash(&[bytes]) != *after || wire.row("SELECT 1 FROM blobs WHERE sha256 = $1", &[before])?.is_none() {
        return Err(Error::Meanwhile(format!("capture {before}")));
    }
    let sql = "INSERT INTO blobs (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    wire.execute(sql, &[after, &bytes])?;
    for row in wire.rows("SELECT row, source, fetched, headers FROM captures WHERE sha256 = $1", &[before])? {
        let fetched: Option<String> = row.try_get(2)?;
        let source = masked(&words(&row, 1)?, redaction.words);
        let headers = some_words(&row, 3)?.map(|headers| masked(&headers, redaction.words));
        let checksum = capture_checksum(after, &source, fetched.as_deref(), headers.as_deref())?;
        let row: i64 = row.try_get(0)?;
        wire.execute(
            "UPDATE captures SET sha256 = $2, source = $3, headers = $4, checksum = $5 WHERE row = $1",
            &[&row, after, &source.as_bytes(), &headers.as_ref().map(|headers| headers.as_bytes()), &checksum],
        )?;
    }
    for row in wire.rows("SELECT DISTINCT source FROM finished WHERE sha256 = $1", &[before])? {
        let source = words(&row, 0)?;
        let new = masked(&source, redaction.words);
        let sql = "UPDATE finished SET source = $3 WHERE sha256 = $1 AND source = $2";
        wire.execute(sql, &[before, &source.as_bytes(), &new.as_bytes()])?;
    }
    for row in wire.rows("SELECT row, meta, text FROM reports WHERE sha256 = $1", &[before])? {
        let (meta, source) = moved_meta(row.try_get(1)?, capture, redaction)?;
        let text: &[u8] = row.try_get(2)?;
        let (row, checksum): (i64, _) = (row.try_get(0)?, hash(&[meta.as_bytes(), text]));
        wire.execute(
            "UPDATE reports SET sha256 = $2, meta = $3, source = $4, checksum = $5 WHERE row = $1",
            &[&row, after, &meta, &source.as_bytes(), &checksum],
        )?;
    }
    wire.execute("DELETE FROM blobs WHERE sha256 = $1", &[before])?;
    Ok(())
}

/// A report without the words, and one reading in the place of all it had.
fn read_anew(
    wire: &mut Wire,
    cut: &Words,
    redaction: &Redaction<'_>,
    case: i64,
    new: &RedactedReport,
) -> Result<(), Error> {
    let report = &new.entry.report;
    let known = "SELECT row, sha256 FROM reports WHERE case_id = $1 AND sha256(id) = sha256($2)";
    let known = wire.row(known, &[&case, &report.id.as_bytes()])?;
    let known = known.ok_or_else(|| Error::Meanwhile(format!("report {}", report.id)))?;
    let (row, capture): (i64, String) = (known.try_get(0)?, known.try_get(1)?);
    let mut of = report.clone();
    of.source = masked(&of.source, redaction.words);
    let reading = json("reading", &new.entry.reading)?;
    wire.execute("DELETE FROM readings WHERE report = $1", &[&row])?;
    let mut put = Put { wire, words: cut, case, reader: redaction.reader };
    put.replace(row, &capture, &of)?;
    put.reading(row, redaction.reader, &reading, &hash(&[reading.as_bytes()]))?;
    put.note(row, &report.text, &new.entry.reading)?;
    wire.execute("UPDATE cases SET readings = readings + 1 WHERE id = $1", &[&case])?;
    Ok(())
}

/// Writes the tables anew without what they no longer need.
pub(super) fn forget(wire: &Wire) -> Result<(), Error> {
    ["blobs", "captures", "reports", "readings", "said", "finished"]
        .iter()
        .try_for_each(|table| wire.batch(&format!("VACUUM FULL {table}")))
}
