//! The ledger in a PostgreSQL database, for several people and processes at once.
//!
//! In: what the trait asks. Out: the same answers as from SQLite. May not happen: two lines of a journal after the same line, a report kept
//! twice by two processes: whoever writes into a case holds its row.

use std::cell::{RefCell, RefMut};
use std::collections::BTreeMap;
use std::time::Duration;

use sayso::report::Report;
use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, Entry as Line};
use sayso::weighing::MentionKey;
use tokio_postgres::{Config, Row};

use crate::kept::{Link, as_redacted, capture_checksum, hash, may_undo, next_link, parse};
use crate::store::{Added, Capture, Damage, Error, Kept, Listed, Redaction, Stamp, Store, Thing, User};
use wire::Wire;
use words::Words;

pub(crate) mod address;
mod copy;
mod error;
mod migrate;
mod put;
mod redact;
mod tls;
mod verify;
mod wire;
mod words;

/// A ledger in a PostgreSQL database.
pub struct Postgres {
    config: Config,
    wire: RefCell<Wire>,
    words: Words,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres")
    }
}

/// How long nothing may be heard before the database is asked.
const QUIET: Duration = Duration::from_secs(30);

impl Postgres {
    /// Opens the ledger at `address`, making or migrating its tables as needed.
    ///
    /// # Errors
    /// When the address is none, the server lets nobody in, or the ledger is of a newer version.
    pub fn open(address: &str) -> Result<Self, Error> {
        let config = address::config(address)?;
        let mut wire = Wire::connect(&config)?;
        migrate::migrate(&mut wire)?;
        Ok(Self { config, wire: RefCell::new(wire), words: Words::new()? })
    }

    /// The connection; a new one where the server has gone since.
    fn wire(&self) -> Result<RefMut<'_, Wire>, Error> {
        let mut wire = self.wire.borrow_mut();
        if wire.is_closed() {
            *wire = Wire::connect(&self.config)?;
        }
        Ok(wire)
    }

    /// Does all of it or nothing, and lets everybody know.
    fn write<T>(&self, work: impl FnOnce(&mut Wire) -> Result<T, Error>) -> Result<T, Error> {
        self.wire()?.write(work)
    }

    /// Where what was said is found, as the rows of a statement tell.
    fn found<T>(
        &self,
        sql: &'static str,
        case: &str,
        query: Option<String>,
        found: fn(&Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let Some(query) = query else { return Ok(Vec::new()) };
        self.wire()?.rows(sql, &[&query, &case.as_bytes()])?.iter().map(found).collect()
    }
}

/// Words as they were given.
fn words(row: &Row, column: usize) -> Result<String, Error> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// The same where there may be none.
fn some_words(row: &Row, column: usize) -> Result<Option<String>, Error> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

fn number(row: &Row, column: usize) -> Result<u64, Error> {
    Ok(row.try_get::<_, i64>(column)?.unsigned_abs())
}

/// The case's number; the case is made when it is new. Its row is held until the end of the transaction.
fn case_in(wire: &mut Wire, case: &str) -> Result<i64, Error> {
    let name = case.as_bytes();
    wire.execute("INSERT INTO cases (name) VALUES ($1) ON CONFLICT DO NOTHING", &[&name])?;
    let row = wire.row("SELECT id FROM cases WHERE sha256(name) = sha256($1) FOR UPDATE", &[&name])?;
    let row = row.ok_or_else(|| Error::Database(format!("the case {case} is gone")))?;
    Ok(row.try_get(0)?)
}

/// The case's number, if it is there.
fn case_id(wire: &mut Wire, case: &str) -> Result<Option<i64>, Error> {
    let row = wire.row("SELECT id FROM cases WHERE sha256(name) = sha256($1)", &[&case.as_bytes()])?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

fn link(row: &Row) -> Result<Link, Error> {
    Ok(Link { number: number(row, 0)?, line: row.try_get(1)?, before: row.try_get(2)?, hash: row.try_get(3)? })
}

/// Appends a decision to the journal of a case whose row is held. Out: its number.
fn decided(wire: &mut Wire, case: i64, at: &str, by: &str, why: &str, decision: Decision) -> Result<u64, Error> {
    if let Decision::Undo { line } = decision {
        let sql = "SELECT line FROM decisions WHERE case_id = $1 AND number = $2";
        let known = wire.row(sql, &[&case, &line.cast_signed()])?;
        known.map_or(Ok(()), |row| may_undo(line, row.try_get(0)?))?;
    }
    let last = "SELECT number, hash FROM decisions WHERE case_id = $1 ORDER BY number DESC LIMIT 1";
    let last = wire.row(last, &[&case])?;
    let last = last.map(|row| Ok::<_, Error>((number(&row, 0)?, row.try_get(1)?))).transpose()?;
    let link = next_link(last, at, by, why, decision)?;
    append(wire, case, &link)?;
    Ok(link.number)
}

/// Appends a line whose number and hashes are known.
fn append(wire: &mut Wire, case: i64, link: &Link) -> Result<(), Error> {
    let number = link.number.cast_signed();
    wire.execute(
        "INSERT INTO decisions (case_id, number, line, before, hash) VALUES ($1, $2, $3, $4, $5)",
        &[&case, &number, &link.line, &link.before, &link.hash],
    )?;
    wire.execute(
        "INSERT INTO heads (case_id, number, hash) VALUES ($1, $2, $3)
         ON CONFLICT (case_id) DO UPDATE SET number = excluded.number, hash = excluded.hash",
        &[&case, &number, &link.hash],
    )?;
    Ok(())
}

impl Store for Postgres {
    fn keep(&mut self, capture: &Capture<'_>) -> Result<Added, Error> {
        let sha256 = hash(&[capture.bytes]);
        let checksum = capture_checksum(&sha256, capture.source, capture.fetched, capture.headers)?;
        let new = self.write(|wire| {
            // What is there need not be sent.
            if wire.row("SELECT 1 FROM blobs WHERE sha256 = $1", &[&sha256])?.is_none() {
                let gone = "SELECT 1 FROM decisions WHERE strpos(line, $1) > 0 LIMIT 1";
                if wire.row(gone, &[&as_redacted(&sha256)])?.is_some() {
                    return Err(Error::Redacted(sha256.clone()));
                }
                let sql = "INSERT INTO blobs (sha256, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING";
                wire.execute(sql, &[&sha256, &capture.bytes])?;
            }
            wire.execute(
                "INSERT INTO captures (sha256, source, fetched, headers, checksum) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                &[&sha256, &capture.source.as_bytes(), &capture.fetched, &capture.headers.map(str::as_bytes), &checksum],
            )
        })?;
        Ok(if new > 0 { Added::New } else { Added::Known })
    }

    fn put(&mut self, case: &str, reader: &str, reports: &[(&str, &Entry)]) -> Result<Vec<Added>, Error> {
        self.write(|wire| {
            let case = case_in(wire, case)?;
            let mut put = put::Put { wire, words: &self.words, case, reader };
            let added =
                reports.iter().map(|(capture, entry)| put.one(capture, entry)).collect::<Result<Vec<_>, _>>()?;
            let new = added.iter().filter(|added| **added != Added::Known).count() as i64;
            wire.execute("UPDATE cases SET readings = readings + $2 WHERE id = $1", &[&case, &new])?;
            Ok(added)
        })
    }

    fn knows(&self, case: &str, reader: &str, capture: &str, report: &Report) -> Result<bool, Error> {
        let mut wire = self.wire()?;
        let Some(case) = case_id(&mut wire, case)? else { return Ok(false) };
        let Some(row) = put::same_report(&mut wire, case, capture, report)? else { return Ok(false) };
        put::is_read(&mut wire, row, reader)
    }

    fn has(&self, case: &str, sha256: &str, source: &str, reader: &str) -> Result<bool, Error> {
        let found = self.wire()?.row(
            "SELECT 1 FROM finished JOIN cases ON cases.id = case_id
             WHERE sha256(name) = sha256($1) AND sha256 = $2 AND sha256(source) = sha256($3) AND reader = $4",
            &[&case.as_bytes(), &sha256, &source.as_bytes(), &reader],
        )?;
        Ok(found.is_some())
    }

    fn done(&mut self, case: &str, sha256: &str, source: &str, reader: &str) -> Result<(), Error> {
        self.write(|wire| {
            let case = case_in(wire, case)?;
            wire.execute(
                "INSERT INTO finished (case_id, sha256, source, reader) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                &[&case, &sha256, &source.as_bytes(), &reader],
            )
        })?;
        Ok(())
    }

    fn entries_since(&self, case: &str, mark: u64) -> Result<(Vec<Entry>, u64), Error> {
        let mut wire = self.wire()?;
        let (mut out, mut newest) = (Vec::new(), mark);
        let Some(case) = case_id(&mut wire, case)? else { return Ok((out, newest)) };
        wire.each(
            "SELECT reports.id, meta, text, reading, readings.row FROM readings JOIN reports ON reports.row = report
             WHERE case_id = $1 AND readings.row > $2
             AND NOT EXISTS (SELECT FROM readings AS newer WHERE newer.report = reports.row AND newer.row > readings.row)
             ORDER BY reports.id",
            &[&case, &mark.cast_signed()],
            |row| {
                let id = words(&row, 0)?;
                let mut report: Report = parse(&format!("report {id}"), row.try_get(1)?)?;
                report.text = words(&row, 2)?;
                out.push(Entry { report, reading: parse(&format!("the reading of report {id}"), row.try_get(3)?)? });
                newest = newest.max(number(&row, 4)?);
                Ok(())
            },
        )?;
        Ok((out, newest))
    }

    fn captures(&self, source: &str) -> Result<Vec<Kept>, Error> {
        let rows = self.wire()?.rows(
            "SELECT sha256, fetched, headers FROM captures WHERE sha256(source) = sha256($1) ORDER BY fetched NULLS FIRST, sha256",
            &[&source.as_bytes()],
        )?;
        let kept =
            |row: &Row| Ok(Kept { sha256: row.try_get(0)?, fetched: row.try_get(1)?, headers: some_words(row, 2)? });
        rows.iter().map(kept).collect()
    }

    fn original(&self, case: &str, report: &str) -> Result<Option<Vec<u8>>, Error> {
        let row = self.wire()?.row(
            "SELECT bytes FROM blobs JOIN reports USING (sha256) JOIN cases ON cases.id = case_id
             WHERE sha256(name) = sha256($1) AND sha256(reports.id) = sha256($2)",
            &[&case.as_bytes(), &report.as_bytes()],
        )?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    fn bytes(&self, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
        let row = self.wire()?.row("SELECT bytes FROM blobs WHERE sha256 = $1", &[&sha256])?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    fn received(&self, case: &str) -> Result<BTreeMap<String, Option<String>>, Error> {
        let rows = self.wire()?.rows(
            "SELECT reports.id, min(fetched) FROM reports LEFT JOIN captures USING (sha256) JOIN cases ON cases.id = case_id
             WHERE sha256(name) = sha256($1) GROUP BY reports.id",
            &[&case.as_bytes()],
        )?;
        rows.iter().map(|row| Ok((words(row, 0)?, row.try_get(1)?))).collect()
    }

    fn cases(&self) -> Result<Vec<String>, Error> {
        self.wire()?.rows("SELECT name FROM cases ORDER BY name", &[])?.iter().map(|row| words(row, 0)).collect()
    }

    fn stamp(&self, case: &str) -> Result<Stamp, Error> {
        let row = self.wire()?.row(
            "SELECT readings, coalesce(number, 0) FROM cases LEFT JOIN heads ON case_id = id WHERE sha256(name) = sha256($1)",
            &[&case.as_bytes()],
        )?;
        let stamp = |row: Row| Ok(Stamp { readings: number(&row, 0)?, decisions: number(&row, 1)? });
        row.map_or(Ok(Stamp::default()), stamp)
    }

    fn touched(&self) -> Result<u64, Error> {
        // Which transactions can be seen: this changes with every one that ends.
        let row = self.wire()?.row("SELECT hashtextextended(pg_current_snapshot()::text, 0)", &[])?;
        Ok(row.map(|row| row.try_get::<_, i64>(0)).transpose()?.unwrap_or_default().cast_unsigned())
    }

    fn wait(&self) -> Result<(), Error> {
        let bell = self.wire()?.bell.clone();
        bell.wait(QUIET);
        Ok(())
    }

    fn decide(&mut self, case: &str, at: &str, by: &str, why: &str, decision: Decision) -> Result<u64, Error> {
        self.write(|wire| {
            let case = case_in(wire, case)?;
            decided(wire, case, at, by, why, decision)
        })
    }

    fn redact(&mut self, redaction: &Redaction<'_>) -> Result<Vec<u64>, Error> {
        self.write(|wire| redact::redact(wire, &self.words, redaction))
    }

    fn forget(&mut self) -> Result<(), Error> {
        redact::forget(&*self.wire()?)
    }

    fn journal(&self, case: &str) -> Result<Vec<Line>, Error> {
        let rows = self.wire()?.rows(
            "SELECT number, line FROM decisions JOIN cases ON cases.id = case_id WHERE sha256(name) = sha256($1) ORDER BY number",
            &[&case.as_bytes()],
        )?;
        rows.iter().map(|row| parse(&format!("decision {}", number(row, 0)?), row.try_get(1)?)).collect()
    }

    fn search(&self, case: &str, typed: &str) -> Result<Vec<String>, Error> {
        let sql = "SELECT reports.id FROM reports JOIN cases ON cases.id = case_id
                   WHERE words @@ $1::text::tsquery AND sha256(name) = sha256($2)
                   ORDER BY ts_rank(words, $1::text::tsquery, 1) DESC, reports.id";
        self.found(sql, case, self.words.query(typed, false)?, |row| words(row, 0))
    }

    fn said(&self, case: &str, typed: &str) -> Result<Vec<MentionKey>, Error> {
        let sql =
            "SELECT reports.id, start FROM said JOIN reports ON reports.row = report JOIN cases ON cases.id = case_id
                   WHERE said.words @@ $1::text::tsquery AND sha256(name) = sha256($2)
                   ORDER BY ts_rank(said.words, $1::text::tsquery, 1) DESC, reports.row, start";
        let key = |row: &Row| {
            let start = usize::try_from(number(row, 1)?).unwrap_or(usize::MAX);
            Ok(MentionKey { report: words(row, 0)?, start })
        };
        self.found(sql, case, self.words.query(typed, true)?, key)
    }

    fn users(&self) -> Result<Vec<User>, Error> {
        let rows = self.wire()?.rows("SELECT name, role, hash, since FROM users ORDER BY name", &[])?;
        let user = |row: &Row| {
            Ok(User { name: words(row, 0)?, role: row.try_get(1)?, hash: row.try_get(2)?, since: row.try_get(3)? })
        };
        rows.iter().map(user).collect()
    }

    fn put_user(&mut self, user: &User) -> Result<(), Error> {
        self.write(|wire| {
            wire.execute(
                "INSERT INTO users (name, role, hash, since) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash, since = excluded.since",
                &[&user.name.as_bytes(), &user.role, &user.hash, &user.since],
            )
        })?;
        Ok(())
    }

    fn remove_user(&mut self, name: &str) -> Result<bool, Error> {
        Ok(self.write(|wire| wire.execute("DELETE FROM users WHERE name = $1", &[&name.as_bytes()]))? > 0)
    }

    fn verify(&self) -> Result<Vec<Damage>, Error> {
        let mut wire = self.wire()?;
        verify::verify(&mut wire)
    }

    fn everything(&self, take: &mut dyn FnMut(Thing) -> Result<(), Error>) -> Result<(), Error> {
        let mut wire = self.wire()?;
        copy::give(&mut wire, true, take)
    }

    fn things(&self, take: &mut dyn FnMut(Thing) -> Result<(), Error>) -> Result<(), Error> {
        let mut wire = self.wire()?;
        copy::give(&mut wire, false, take)
    }

    fn keep_list(&mut self, case: &str, Listed { list, answer }: &Listed) -> Result<(), Error> {
        self.write(|wire| {
            let (case, list) = (case_in(wire, case)?, list.as_bytes());
            let same = "DELETE FROM stamps WHERE case_id = $1 AND list = $2 AND length(answer) = 0";
            wire.execute(same, &[&case, &list])?;
            let known =
                "SELECT 1 FROM stamps WHERE case_id = $1 AND list = $2 AND (answer = $3 OR octet_length($3) = 0)";
            if wire.row(known, &[&case, &list, &answer.as_slice()])?.is_none() {
                let sql = "INSERT INTO stamps (case_id, list, answer) VALUES ($1, $2, $3)";
                wire.execute(sql, &[&case, &list, &answer.as_slice()])?;
            }
            Ok(())
        })
    }

    fn lists(&self, case: &str) -> Result<Vec<Listed>, Error> {
        let rows = self.wire()?.rows(
            "SELECT list, answer FROM stamps JOIN cases ON cases.id = case_id WHERE sha256(name) = sha256($1) ORDER BY row",
            &[&case.as_bytes()],
        )?;
        rows.iter().map(|row| Ok(Listed { list: words(row, 0)?, answer: row.try_get(1)? })).collect()
    }

    fn take_all(&mut self, from: &dyn Store) -> Result<(), Error> {
        self.write(|wire| copy::take_all(wire, &self.words, from))
    }
}
