//! Words out of one file, for ever.
//!
//! In: what is kept from now on. Out: a file that holds nothing else. May not happen: a reading that stays; words in a page of the file that
//! is no longer used, in an index, or in the log.

use rusqlite::{Connection, OptionalExtension, params};
use sayso::intake::redact::masked;
use sayso::weigh::decision::Redacted;

use super::{append, case_in, said};
use crate::kept::{capture_checksum, hash, json, meta, moved_meta, redact_line};
use crate::store::{Error, RedactedReport, Redaction};

/// Replaces captures, reports and readings; the transaction is the caller's. Out: the numbers of the journals' lines.
pub(super) fn redact(write: &Connection, redaction: &Redaction<'_>) -> Result<Vec<u64>, Error> {
    for (capture, bytes) in redaction.captures {
        replace(write, redaction, capture, bytes)?;
    }
    let mut numbers = Vec::new();
    for report in redaction.reports {
        let case = case_in(write, &report.case)?;
        read_anew(write, redaction, case, report)?;
        numbers.push(append(write, case, redaction.at, redaction.by, redaction.why, redact_line(report, redaction))?);
    }
    // An index keeps words that are gone until it is made again.
    write
        .execute_batch("INSERT INTO search (search) VALUES ('rebuild'); INSERT INTO said (said) VALUES ('rebuild')")?;
    Ok(numbers)
}

/// Another capture in the place of one.
fn replace(write: &Connection, redaction: &Redaction<'_>, capture: &Redacted, bytes: &[u8]) -> Result<(), Error> {
    let Redacted { before, after, .. } = capture;
    if hash(&[bytes]) != *after || !write.prepare("SELECT 1 FROM blobs WHERE sha256 = ?1")?.exists([before])? {
        return Err(Error::Meanwhile(format!("capture {before}")));
    }
    write.execute("INSERT OR IGNORE INTO blobs (sha256, bytes) VALUES (?1, ?2)", params![after, bytes])?;
    let mut known = write.prepare("SELECT rowid, source, fetched, headers FROM captures WHERE sha256 = ?1")?;
    type Origin = (i64, String, Option<String>, Option<String>);
    let known = known.query_map([before], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
    for (row, source, fetched, headers) in known.collect::<Result<Vec<Origin>, _>>()? {
        let source = masked(&source, redaction.words);
        let headers = headers.map(|headers| masked(&headers, redaction.words));
        let checksum = capture_checksum(after, &source, fetched.as_deref(), headers.as_deref())?;
        write.execute(
            "UPDATE captures SET sha256 = ?2, source = ?3, headers = ?4, checksum = ?5 WHERE rowid = ?1",
            params![row, after, source, headers, checksum],
        )?;
    }
    let mut known = write.prepare("SELECT rowid, source FROM finished WHERE sha256 = ?1")?;
    let known = known.query_map([before], |r| Ok((r.get(0)?, r.get(1)?)))?;
    for (row, source) in known.collect::<Result<Vec<(i64, String)>, _>>()? {
        write.execute(
            "UPDATE finished SET source = ?2 WHERE rowid = ?1",
            params![row, masked(&source, redaction.words)],
        )?;
    }
    let mut known = write.prepare("SELECT row, meta, text FROM reports WHERE sha256 = ?1")?;
    let known = known.query_map([before], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    for (row, meta, text) in known.collect::<Result<Vec<(i64, String, String)>, _>>()? {
        let (meta, _) = moved_meta(&meta, capture, redaction)?;
        write.execute(
            "UPDATE reports SET sha256 = ?2, meta = ?3, checksum = ?4 WHERE row = ?1",
            params![row, after, meta, hash(&[meta.as_bytes(), text.as_bytes()])],
        )?;
    }
    write.execute("DELETE FROM blobs WHERE sha256 = ?1", [before])?;
    Ok(())
}

/// A report without the words, and one reading in the place of all it had.
fn read_anew(write: &Connection, redaction: &Redaction<'_>, case: i64, new: &RedactedReport) -> Result<(), Error> {
    let (report, reading) = (&new.entry.report, json("reading", &new.entry.reading)?);
    let row: Option<i64> = write
        .query_row("SELECT row FROM reports WHERE case_id = ?1 AND id = ?2", params![case, report.id], |r| r.get(0))
        .optional()?;
    let row = row.ok_or_else(|| Error::Meanwhile(format!("report {}", report.id)))?;
    let mut known = report.clone();
    known.source = masked(&known.source, redaction.words);
    let meta = meta(&known, &report.id)?;
    write.execute(
        "UPDATE reports SET meta = ?2, text = ?3, checksum = ?4 WHERE row = ?1",
        params![row, meta, report.text, hash(&[meta.as_bytes(), report.text.as_bytes()])],
    )?;
    // The new reading comes behind all others, and then takes their place: who asks what came since finds it.
    let mut insert = write.prepare("INSERT INTO readings (report, reader, reading, sha256) VALUES (?1, '', ?2, ?3)")?;
    let reading_row = insert.insert(params![row, reading, hash(&[reading.as_bytes()])])?;
    write.execute("DELETE FROM readings WHERE report = ?1 AND row <> ?2", [row, reading_row])?;
    write.execute("UPDATE readings SET reader = ?2 WHERE row = ?1", params![reading_row, redaction.reader])?;
    write.execute("UPDATE cases SET readings = readings + 1 WHERE id = ?1", [case])?;
    said::note(write, row, &report.text, &new.entry.reading)
}

/// Writes the file anew without what it no longer needs, and empties the log.
pub(super) fn forget(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch("VACUUM")?;
    let held: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
    if held == 0 { Ok(()) } else { Err(Error::Busy("its log is in use".to_owned())) }
}
