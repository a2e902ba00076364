//! The ledger in one SQLite file.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sayso::report::Report;
use sayso::weigh::Entry;
use sayso::weigh::decision::{Decision, Entry as Line};
use sha2::{Digest, Sha256};

use crate::migrate::migrate;
use crate::store::{Added, Capture, Damage, Error, Store};

/// A ledger in one SQLite file: write-ahead log, foreign keys, full-text index.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
}

/// How long a second process waits for the first, in milliseconds.
const PATIENCE: u32 = 20_000;

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
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection)?;
        Ok(Self { connection })
    }

    fn write(&mut self) -> Result<Transaction<'_>, Error> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    fn case_id(&self, case: &str) -> Result<Option<i64>, Error> {
        Ok(self.connection.query_row("SELECT id FROM cases WHERE name = ?1", [case], |r| r.get(0)).optional()?)
    }
}

/// The case's number; the case is made when it is new.
fn case_in(write: &Transaction<'_>, case: &str) -> Result<i64, Error> {
    write.execute("INSERT OR IGNORE INTO cases (name) VALUES (?1)", [case])?;
    Ok(write.query_row("SELECT id FROM cases WHERE name = ?1", [case], |r| r.get(0))?)
}

/// SHA-256 in lower-case hex.
fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn json<T: serde::Serialize>(what: &str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Corrupt { what: what.into(), source })
}

fn parse<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| Error::Corrupt { what: what.into(), source })
}

/// The hash before the first line of a journal.
const NOTHING: &str = "";

impl Store for Sqlite {
    fn keep(&mut self, capture: &Capture<'_>) -> Result<Added, Error> {
        let sha256 = hash(&[capture.bytes]);
        let write = self.write()?;
        write.execute("INSERT OR IGNORE INTO blobs (sha256, bytes) VALUES (?1, ?2)", params![sha256, capture.bytes])?;
        let new = write.execute(
            "INSERT OR IGNORE INTO captures (sha256, source, fetched, headers) VALUES (?1, ?2, ?3, ?4)",
            params![sha256, capture.source, capture.fetched, capture.headers],
        )?;
        write.commit()?;
        Ok(if new > 0 { Added::New } else { Added::Known })
    }

    fn put(&mut self, case: &str, entry: &Entry, reader: &str) -> Result<Added, Error> {
        let report = &entry.report;
        let meta = json("report", &Report { text: String::new(), map: Default::default(), ..report.clone() })?;
        let reading = json("reading", &entry.reading)?;
        let write = self.write()?;
        let case = case_in(&write, case)?;
        write.execute(
            "INSERT OR IGNORE INTO reports (case_id, id, sha256, meta, text) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![case, report.id, report.sha256, meta, report.text],
        )?;
        let row: i64 = write.query_row(
            "SELECT row FROM reports WHERE case_id = ?1 AND id = ?2",
            params![case, report.id],
            |r| r.get(0),
        )?;
        let new = write.execute(
            "INSERT OR IGNORE INTO readings (report, reader, reading, sha256) VALUES (?1, ?2, ?3, ?4)",
            params![row, reader, reading, hash(&[reading.as_bytes()])],
        )?;
        write.commit()?;
        Ok(if new > 0 { Added::New } else { Added::Known })
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

    fn entries(&self, case: &str) -> Result<Vec<Entry>, Error> {
        let mut statement = self.connection.prepare(
            "SELECT reports.id, meta, text, reading FROM reports JOIN readings ON report = reports.row
             JOIN cases ON cases.id = case_id
             WHERE cases.name = ?1 AND readings.row = (SELECT max(row) FROM readings WHERE report = reports.row)
             ORDER BY reports.id",
        )?;
        let rows = statement.query_map([case], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?))
        })?;
        rows.map(|row| {
            let (id, meta, text, reading) = row?;
            let mut report: Report = parse(&format!("report {id}"), &meta)?;
            report.text = text;
            Ok(Entry { report, reading: parse(&format!("the reading of report {id}"), &reading)? })
        })
        .collect()
    }

    fn cases(&self) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare("SELECT name FROM cases ORDER BY name")?;
        let names = statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    fn decide(&mut self, case: &str, at: &str, by: &str, why: &str, decision: Decision) -> Result<u64, Error> {
        let write = self.write()?;
        let case = case_in(&write, case)?;
        let last: Option<(i64, String)> = write
            .query_row(
                "SELECT number, hash FROM decisions WHERE case_id = ?1 ORDER BY number DESC LIMIT 1",
                [case],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()?;
        let (number, before) = last.map_or((1, NOTHING.to_owned()), |(n, hash)| (n.unsigned_abs() + 1, hash));
        if let Decision::Undo { line: undone } = decision
            && (undone == 0 || undone >= number)
        {
            return Err(Error::NoDecision(undone));
        }
        let line = Line { id: number, at: at.into(), by: by.into(), why: why.into(), decision };
        let line = json("decision", &line)?;
        write.execute(
            "INSERT INTO decisions (case_id, number, line, before, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![case, number.cast_signed(), line, before, hash(&[before.as_bytes(), line.as_bytes()])],
        )?;
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

    fn search(&self, case: &str, words: &str) -> Result<Vec<String>, Error> {
        // Every word quoted: what a person types is never query syntax.
        let query: Vec<String> = words.split_whitespace().map(|w| format!("\"{}\"", w.replace('"', "\"\""))).collect();
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

    fn verify(&self) -> Result<Vec<Damage>, Error> {
        let mut out = self.hashes("capture", "SELECT sha256, bytes, sha256 FROM blobs ORDER BY sha256")?;
        out.extend(self.hashes(
            "reading",
            "SELECT reports.id, CAST(reading AS BLOB), readings.sha256 FROM readings JOIN reports ON reports.row = report ORDER BY 1",
        )?);
        out.extend(self.broken_journals()?);
        Ok(out)
    }
}

impl Sqlite {
    /// Rows of `(key, bytes, hash)` whose bytes do not have that hash.
    fn hashes(&self, what: &str, sql: &str) -> Result<Vec<Damage>, Error> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, bytes, expected): (String, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let found = hash(&[&bytes]);
            if found != expected {
                out.push(Damage {
                    what: format!("{what} {key}"),
                    message: format!(
                        "its {} bytes have the hash {found}, not {expected}: they were changed",
                        bytes.len()
                    ),
                });
            }
        }
        Ok(out)
    }

    /// Journal lines that were changed, left out or added.
    fn broken_journals(&self) -> Result<Vec<Damage>, Error> {
        let mut statement = self.connection.prepare(
            "SELECT cases.name, number, line, before, hash FROM decisions JOIN cases ON cases.id = case_id ORDER BY case_id, number",
        )?;
        let mut rows = statement.query([])?;
        let (mut out, mut last): (Vec<Damage>, (String, i64, String)) = (Vec::new(), Default::default());
        while let Some(row) = rows.next()? {
            let (case, number, line): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (before, own): (String, String) = (row.get(3)?, row.get(4)?);
            let (expected_number, expected) = if case == last.0 { (last.1 + 1, last.2.as_str()) } else { (1, NOTHING) };
            let what = format!("decision {number} of case {case}");
            if number != expected_number || before != expected {
                out.push(Damage {
                    what: what.clone(),
                    message: "it does not follow the line before it: a line was taken out or put in".into(),
                });
            }
            if hash(&[before.as_bytes(), line.as_bytes()]) != own {
                out.push(Damage { what, message: "its words do not have its hash: they were changed".into() });
            }
            last = (case, number, own);
        }
        Ok(out)
    }
}
