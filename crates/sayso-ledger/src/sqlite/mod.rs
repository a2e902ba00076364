//! The ledger in one SQLite file.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};
use sayso::report::Report;
use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, Entry as Line};
use sayso::weighing::MentionKey;

use crate::kept::{
    Link, as_redacted, capture_checksum, hash, id_of_bytes, json, may_undo, meta, next_link, other_id, parse, typed,
};
use crate::store::{Added, Capture, Damage, Error, Kept, Listed, Redaction, Stamp, Store, Thing, User};

mod copy;
mod error;
mod migrate;
mod redact;
mod said;
mod verify;

/// A ledger in one SQLite file: write-ahead log, foreign keys, full-text index.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
}

/// How long a second process waits for the first, in milliseconds.
const PATIENCE: u32 = 20_000;

/// How often is looked whether somebody wrote: SQLite tells nobody.
const LOOK: std::time::Duration = std::time::Duration::from_secs(1);

impl Sqlite {
    /// Opens the ledger at `path`, making or migrating it as needed.
    ///
    /// # Errors
    /// When the file cannot be opened, is no ledger, or is of a newer version.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::with(Connection::open(path)?)
    }

    /// A ledger that is gone when dropped.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self, Error> {
        Self::with(Connection::open_in_memory()?)
    }

    fn with(mut connection: Connection) -> Result<Self, Error> {
        connection.pragma_update(None, "busy_timeout", PATIENCE)?;
        start_log(&connection)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    fn write(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    fn case_id(&self, case: &str) -> Result<Option<i64>, Error> {
        Ok(self.connection.query_row("SELECT id FROM cases WHERE name = ?1", [case], |r| r.get(0)).optional()?)
    }
}

/// Turns the write-ahead log on. SQLite does not wait by itself while another process does the same.
fn start_log(connection: &Connection) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && tries < PATIENCE / 50 => {
                tries += 1
            }
            done => return Ok(done?),
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// The case's number; the case is made when it is new.
fn case_in(write: &Connection, case: &str) -> Result<i64, Error> {
    write.execute("INSERT OR IGNORE INTO cases (name) VALUES (?1)", [case])?;
    Ok(write.query_row("SELECT id FROM cases WHERE name = ?1", [case], |r| r.get(0))?)
}

/// Appends a decision to a journal. Out: its number.
fn append(write: &Connection, case: i64, at: &str, by: &str, why: &str, decision: Decision) -> Result<u64, Error> {
    if let Decision::Undo { line } = decision {
        let sql = "SELECT line FROM decisions WHERE case_id = ?1 AND number = ?2";
        let known: Option<String> = write.query_row(sql, params![case, line.cast_signed()], |r| r.get(0)).optional()?;
        known.map_or(Ok(()), |known| may_undo(line, &known))?;
    }
    let last: Option<(i64, String)> = write
        .query_row("SELECT number, hash FROM decisions WHERE case_id = ?1 ORDER BY number DESC LIMIT 1", [case], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .optional()?;
    let last = last.map(|(number, hash)| (number.unsigned_abs(), hash));
    let Link { number, line, before, hash } = next_link(last, at, by, why, decision)?;
    write.execute(
        "INSERT INTO decisions (case_id, number, line, before, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![case, number.cast_signed(), line, before, hash],
    )?;
    write.execute(
        "INSERT INTO heads (case_id, number, hash) VALUES (?1, ?2, ?3)
         ON CONFLICT (case_id) DO UPDATE SET number = excluded.number, hash = excluded.hash",
        params![case, number.cast_signed(), hash],
    )?;
    Ok(number)
}

impl Store for Sqlite {
    fn keep(&mut self, capture: &Capture<'_>) -> Result<Added, Error> {
        let sha256 = hash(&[capture.bytes]);
        let checksum = capture_checksum(&sha256, capture.source, capture.fetched, capture.headers)?;
        let write = self.write()?;
        if !write.prepare_cached("SELECT 1 FROM blobs WHERE sha256 = ?1")?.exists([&sha256])? {
            let mut gone = write.prepare_cached("SELECT 1 FROM decisions WHERE instr(line, ?1)")?;
            if gone.exists([as_redacted(&sha256)])? {
                return Err(Error::Redacted(sha256));
            }
        }
        write.execute("INSERT OR IGNORE INTO blobs (sha256, bytes) VALUES (?1, ?2)", params![sha256, capture.bytes])?;
        let new = write.execute(
            "INSERT OR IGNORE INTO captures (sha256, source, fetched, headers, checksum) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![sha256, capture.source, capture.fetched, capture.headers, checksum],
        )?;
        write.commit()?;
        Ok(if new > 0 { Added::New } else { Added::Known })
    }

    fn put(&mut self, case: &str, reader: &str, reports: &[(&str, &Entry)]) -> Result<Vec<Added>, Error> {
        let write = self.write()?;
        let case = case_in(&write, case)?;
        let added = reports.iter().map(|(capture, entry)| put_one(&write, case, reader, capture, entry));
        let added = added.collect::<Result<Vec<_>, _>>()?;
        let new = added.iter().filter(|added| **added != Added::Known).count() as i64;
        write.execute("UPDATE cases SET readings = readings + ?2 WHERE id = ?1", [case, new])?;
        write.commit()?;
        Ok(added)
    }

    fn knows(&self, case: &str, reader: &str, capture: &str, report: &Report) -> Result<bool, Error> {
        let Some(case) = self.case_id(case)? else { return Ok(false) };
        let Some(row) = same_report(&self.connection, case, capture, report)? else { return Ok(false) };
        let mut read = self.connection.prepare_cached("SELECT 1 FROM readings WHERE report = ?1 AND reader = ?2")?;
        Ok(read.exists(params![row, reader])?)
    }

    fn has(&self, case: &str, sha256: &str, source: &str, reader: &str) -> Result<bool, Error> {
        let Some(case) = self.case_id(case)? else { return Ok(false) };
        let found = self.connection.query_row(
            "SELECT 1 FROM finished WHERE case_id = ?1 AND sha256 = ?2 AND source = ?3 AND reader = ?4",
            params![case, sha256, source, reader],
            |_| Ok(()),
        );
        Ok(found.optional()?.is_some())
    }

    fn done(&mut self, case: &str, sha256: &str, source: &str, reader: &str) -> Result<(), Error> {
        let write = self.write()?;
        let case = case_in(&write, case)?;
        write.execute(
            "INSERT OR IGNORE INTO finished (case_id, sha256, source, reader) VALUES (?1, ?2, ?3, ?4)",
            params![case, sha256, source, reader],
        )?;
        Ok(write.commit()?)
    }

    fn entries_since(&self, case: &str, mark: u64) -> Result<(Vec<Entry>, u64), Error> {
        let mut statement = self.connection.prepare(
            "SELECT reports.id, meta, text, reading, readings.row FROM reports JOIN readings ON report = reports.row
             JOIN cases ON cases.id = case_id
             WHERE cases.name = ?1 AND readings.row > ?2 AND readings.row = (SELECT max(row) FROM readings WHERE report = reports.row)
             ORDER BY reports.id",
        )?;
        let (mut out, mut newest) = (Vec::new(), mark);
        let mut rows = statement.query(params![case, i64::try_from(mark).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let (id, reading): (String, String) = (row.get(0)?, row.get(3)?);
            let mut report: Report = parse(&format!("report {id}"), &row.get::<_, String>(1)?)?;
            report.text = row.get(2)?;
            out.push(Entry { report, reading: parse(&format!("the reading of report {id}"), &reading)? });
            newest = newest.max(row.get::<_, i64>(4)?.unsigned_abs());
        }
        Ok((out, newest))
    }

    fn captures(&self, source: &str) -> Result<Vec<Kept>, Error> {
        let mut statement = self
            .connection
            .prepare("SELECT sha256, fetched, headers FROM captures WHERE source = ?1 ORDER BY fetched, sha256")?;
        let kept = |r: &rusqlite::Row<'_>| Ok(Kept { sha256: r.get(0)?, fetched: r.get(1)?, headers: r.get(2)? });
        Ok(statement.query_map([source], kept)?.collect::<Result<_, _>>()?)
    }

    fn original(&self, case: &str, report: &str) -> Result<Option<Vec<u8>>, Error> {
        const BYTES: &str = "SELECT bytes FROM blobs JOIN reports USING (sha256) WHERE case_id = ?1 AND id = ?2";
        let Some(case) = self.case_id(case)? else { return Ok(None) };
        Ok(self.connection.query_row(BYTES, params![case, report], |r| r.get(0)).optional()?)
    }

    fn bytes(&self, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT bytes FROM blobs WHERE sha256 = ?1";
        Ok(self.connection.query_row(sql, [sha256], |r| r.get(0)).optional()?)
    }

    fn received(&self, case: &str) -> Result<BTreeMap<String, Option<String>>, Error> {
        let Some(case) = self.case_id(case)? else { return Ok(BTreeMap::new()) };
        let mut rows = self.connection.prepare(
            "SELECT id, min(fetched) FROM reports LEFT JOIN captures USING (sha256) WHERE case_id = ?1 GROUP BY id",
        )?;
        Ok(rows.query_map([case], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    fn cases(&self) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare("SELECT name FROM cases ORDER BY name")?;
        let names = statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    fn stamp(&self, case: &str) -> Result<Stamp, Error> {
        let Some(case) = self.case_id(case)? else { return Ok(Stamp::default()) };
        let count = |sql: &str| -> Result<u64, Error> {
            let rows: i64 = self.connection.prepare_cached(sql)?.query_row([case], |r| r.get(0))?;
            Ok(rows.unsigned_abs())
        };
        Ok(Stamp {
            readings: count("SELECT readings FROM cases WHERE id = ?1")?,
            decisions: count("SELECT coalesce(max(number), 0) FROM decisions WHERE case_id = ?1")?,
        })
    }

    fn touched(&self) -> Result<u64, Error> {
        let version: i64 = self.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(version.unsigned_abs())
    }

    fn wait(&self) -> Result<(), Error> {
        std::thread::sleep(LOOK);
        Ok(())
    }

    fn decide(&mut self, case: &str, at: &str, by: &str, why: &str, decision: Decision) -> Result<u64, Error> {
        let write = self.write()?;
        let case = case_in(&write, case)?;
        let number = append(&write, case, at, by, why, decision)?;
        write.commit()?;
        Ok(number)
    }

    fn journal(&self, case: &str) -> Result<Vec<Line>, Error> {
        let mut statement = self.connection.prepare(
            "SELECT number, line FROM decisions JOIN cases ON cases.id = case_id WHERE cases.name = ?1 ORDER BY number",
        )?;
        let rows = statement.query_map([case], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (number, line) = row?;
            parse(&format!("decision {number}"), &line)
        })
        .collect()
    }

    fn said(&self, case: &str, words: &str) -> Result<Vec<MentionKey>, Error> {
        let query: Vec<String> = quoted(words).map(|word| format!("{word}*")).collect();
        if query.is_empty() { Ok(Vec::new()) } else { said::find(&self.connection, case, &query.join(" ")) }
    }

    fn search(&self, case: &str, words: &str) -> Result<Vec<String>, Error> {
        let query: Vec<String> = quoted(words).collect();
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare(
            "SELECT reports.id FROM search JOIN reports ON reports.row = search.rowid JOIN cases ON cases.id = case_id
             WHERE search MATCH ?1 AND cases.name = ?2 ORDER BY bm25(search), reports.id",
        )?;
        let ids = statement.query_map([query.join(" "), case.to_owned()], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    fn redact(&mut self, redaction: &Redaction<'_>) -> Result<Vec<u64>, Error> {
        let write = self.write()?;
        let numbers = redact::redact(&write, redaction)?;
        write.commit()?;
        Ok(numbers)
    }

    fn forget(&mut self) -> Result<(), Error> {
        redact::forget(&self.connection)
    }

    fn users(&self) -> Result<Vec<User>, Error> {
        let mut statement = self.connection.prepare("SELECT name, role, hash, since FROM users ORDER BY name")?;
        let user =
            |r: &rusqlite::Row<'_>| Ok(User { name: r.get(0)?, role: r.get(1)?, hash: r.get(2)?, since: r.get(3)? });
        Ok(statement.query_map([], user)?.collect::<Result<_, _>>()?)
    }

    fn put_user(&mut self, user: &User) -> Result<(), Error> {
        self.connection.execute(
            "INSERT INTO users (name, role, hash, since) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash, since = excluded.since",
            params![user.name, user.role, user.hash, user.since],
        )?;
        Ok(())
    }

    fn remove_user(&mut self, name: &str) -> Result<bool, Error> {
        Ok(self.connection.execute("DELETE FROM users WHERE name = ?1", [name])? > 0)
    }

    fn verify(&self) -> Result<Vec<Damage>, Error> {
        verify::verify(&self.connection)
    }

    fn everything(&self, take: &mut dyn FnMut(Thing) -> Result<(), Error>) -> Result<(), Error> {
        copy::give(&self.connection, true, take)
    }

    fn things(&self, take: &mut dyn FnMut(Thing) -> Result<(), Error>) -> Result<(), Error> {
        copy::give(&self.connection, false, take)
    }

    fn keep_list(&mut self, case: &str, Listed { list, answer }: &Listed) -> Result<(), Error> {
        let write = self.write()?;
        let case = case_in(&write, case)?;
        let same = "DELETE FROM stamps WHERE case_id = ?1 AND list = ?2 AND length(answer) = 0";
        write.execute(same, params![case, list])?;
        write.execute(
            "INSERT INTO stamps (case_id, list, answer) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM stamps WHERE case_id = ?1 AND list = ?2 AND (answer = ?3 OR length(?3) = 0))",
            params![case, list, answer],
        )?;
        Ok(write.commit()?)
    }

    fn lists(&self, case: &str) -> Result<Vec<Listed>, Error> {
        let mut rows = self.connection.prepare(
            "SELECT list, answer FROM stamps JOIN cases ON cases.id = case_id WHERE cases.name = ?1 ORDER BY row",
        )?;
        let listed = |r: &rusqlite::Row<'_>| Ok(Listed { list: r.get(0)?, answer: r.get(1)? });
        Ok(rows.query_map([case], listed)?.collect::<Result<_, _>>()?)
    }

    fn take_all(&mut self, from: &dyn Store) -> Result<(), Error> {
        let write = self.write()?;
        copy::take_all(&write, from)?;
        Ok(write.commit()?)
    }
}

/// Every word quoted: what a person types is never query syntax.
fn quoted(words: &str) -> impl Iterator<Item = String> + '_ {
    typed(words).map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
}

/// Puts one report and its reading.
fn put_one(write: &Connection, case: i64, reader: &str, capture: &str, entry: &Entry) -> Result<Added, Error> {
    let report = &entry.report;
    let text = &report.text;
    let mut added = Added::New;
    let row = match same_report(write, case, capture, report)? {
        Some(row) => {
            let mut read = write.prepare_cached("SELECT 1 FROM readings WHERE report = ?1 AND reader = ?2")?;
            if read.exists(params![row, reader])? {
                return Ok(Added::Known);
            }
            // A newer reader may cut out another text: its spans count in that.
            let id: String = write.query_row("SELECT id FROM reports WHERE row = ?1", [row], |r| r.get(0))?;
            let meta = meta(report, &id)?;
            write.execute(
                "UPDATE reports SET sha256 = ?2, meta = ?3, text = ?4, checksum = ?5 WHERE row = ?1",
                params![row, capture, meta, text, hash(&[meta.as_bytes(), text.as_bytes()])],
            )?;
            row
        }
        None => {
            let taken = write
                .prepare_cached("SELECT 1 FROM reports WHERE case_id = ?1 AND id = ?2")?
                .exists(params![case, report.id])?;
            let id = if taken { other_id(report) } else { report.id.clone() };
            if taken {
                added = Added::NewAs(id.clone());
            }
            let meta = meta(report, &id)?;
            let mut insert = write.prepare_cached(
                "INSERT INTO reports (case_id, id, sha256, meta, text, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            insert.insert(params![case, id, capture, meta, text, hash(&[meta.as_bytes(), text.as_bytes()])])?
        }
    };
    let reading = json("reading", &entry.reading)?;
    let mut insert =
        write.prepare_cached("INSERT INTO readings (report, reader, reading, sha256) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![row, reader, reading, hash(&[reading.as_bytes()])])?;
    said::note(write, row, text, &entry.reading)?;
    Ok(added)
}

/// The row of a report that the case has already: see [`Store::put`].
fn same_report(connection: &Connection, case: i64, capture: &str, report: &Report) -> Result<Option<i64>, Error> {
    const SAME: &str = "text = ?1 AND json_extract(meta, '$.outlet') IS ?2 AND json_extract(meta, '$.url') IS ?3";
    let mut by_id = connection.prepare_cached(&format!(
        "SELECT row FROM reports WHERE case_id = ?4 AND id IN (?5, ?6)
         AND (sha256 = ?7 AND json_extract(meta, '$.source') = ?8 OR {SAME}) ORDER BY row"
    ))?;
    let (text, outlet, url) = (&report.text, &report.outlet, &report.url);
    let other = other_id(report);
    let found = by_id
        .query_row(params![text, outlet, url, case, report.id, other, capture, report.source], |r| r.get(0))
        .optional()?;
    if found.is_some() || !id_of_bytes(report) {
        return Ok(found);
    }
    let mut by_source = connection.prepare_cached(&format!(
        "SELECT row FROM reports WHERE case_id = ?4 AND json_extract(meta, '$.source') = ?5 AND {SAME} ORDER BY row"
    ))?;
    Ok(by_source.query_row(params![text, outlet, url, case, report.source], |r| r.get(0)).optional()?)
}
