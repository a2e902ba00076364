//! Whether the ledger is as it was written.
//!
//! In: the database. Out: what was changed, taken out or put in, each by its name. May not happen: damage that keeps other damage
//! from being named.

use rusqlite::{Connection, OptionalExtension};

use crate::kept::{Link, back, broken_links, changed, damage, hash, moved, redacted};
use crate::store::{Damage, Error, Kept};

type Found = Result<Vec<Damage>, Error>;

/// Everything that is not as it was written.
pub(super) fn verify(connection: &Connection) -> Found {
    let checks: [fn(&Connection) -> Found; 7] = [file, captures, provenance, reports, readings, missing, journals];
    let mut out = Vec::new();
    for check in checks {
        match check(connection) {
            Ok(found) => out.extend(found),
            // One broken page must not hide what the others hold.
            Err(Error::Damaged(error)) => out.push(damage("database", format!("a part of it cannot be read: {error}"))),
            Err(error) => return Err(error),
        }
    }
    out.dedup();
    Ok(out)
}

/// The file as SQLite sees it.
fn file(connection: &Connection) -> Found {
    let mut statement = connection.prepare("PRAGMA quick_check(20)")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").map(|line| damage("database", line)).collect())
}

fn captures(connection: &Connection) -> Found {
    hashes(connection, "capture", "SELECT sha256, bytes, sha256 FROM blobs ORDER BY sha256")
}

/// Where and when captures came from.
fn provenance(connection: &Connection) -> Found {
    let mut statement =
        connection.prepare("SELECT source, sha256, fetched, headers, checksum FROM captures ORDER BY 2, 1")?;
    let mut rows = statement.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let (source, checksum): (String, Option<String>) = (row.get(0)?, row.get(4)?);
        let kept = Kept { sha256: row.get(1)?, fetched: row.get(2)?, headers: row.get(3)? };
        out.extend(moved(&source, &kept, checksum.as_deref())?);
    }
    Ok(out)
}

fn reports(connection: &Connection) -> Found {
    let sql =
        "SELECT id, CAST(meta || text AS BLOB), checksum FROM reports WHERE checksum IS NOT NULL ORDER BY case_id, id";
    hashes(connection, "report", sql)
}

fn readings(connection: &Connection) -> Found {
    let sql =
        "SELECT reports.id, CAST(reading AS BLOB), readings.sha256 FROM readings JOIN reports ON reports.row = report
               ORDER BY case_id, reports.id, readings.row";
    hashes(connection, "reading", sql)
}

/// Rows of `(key, bytes, hash)` whose bytes do not have that hash.
fn hashes(connection: &Connection, what: &str, sql: &str) -> Found {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let (key, bytes, expected): (String, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let found = hash(&[&bytes]);
        if found != expected {
            out.push(changed(format!("{what} {key}"), bytes.len(), &found, &expected));
        }
    }
    Ok(out)
}

/// Rows that others name and that are gone.
fn missing(connection: &Connection) -> Found {
    let named = |sql: &str, what: &str, message: &str| -> Found {
        let mut statement = connection.prepare(sql)?;
        let keys: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(keys.into_iter().map(|key| damage(format!("{what} {key}"), message)).collect())
    };
    let gone = "SELECT DISTINCT sha256 FROM (SELECT sha256 FROM reports UNION SELECT sha256 FROM captures)
                WHERE sha256 NOT IN (SELECT sha256 FROM blobs) ORDER BY 1";
    let unread = "SELECT id FROM reports WHERE row NOT IN (SELECT report FROM readings) ORDER BY case_id, id";
    let orphans = "SELECT CAST(row AS TEXT) FROM readings WHERE report NOT IN (SELECT row FROM reports) ORDER BY row";
    let nameless = "SELECT CAST(case_id AS TEXT) FROM
                    (SELECT case_id FROM reports UNION SELECT case_id FROM decisions UNION SELECT case_id FROM stamps)
                    WHERE case_id NOT IN (SELECT id FROM cases) ORDER BY case_id";
    let mut out = named(gone, "capture", "its bytes were taken out")?;
    out.extend(named(nameless, "case number", "it was taken out, what belongs to it was not")?);
    out.extend(named(unread, "report", "its reading was taken out")?);
    out.extend(named(orphans, "reading", "its report was taken out")?);
    Ok(out)
}

/// Journal lines that were changed, left out or added.
fn journals(connection: &Connection) -> Found {
    let mut cases = connection.prepare("SELECT id, name FROM cases ORDER BY name")?;
    let cases: Vec<(i64, String)> =
        cases.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut out = Vec::new();
    for (id, name) in cases {
        out.extend(journal(connection, id, &name)?);
    }
    Ok(out)
}

fn journal(connection: &Connection, case: i64, name: &str) -> Found {
    let mut statement =
        connection.prepare("SELECT number, line, before, hash FROM decisions WHERE case_id = ?1 ORDER BY number")?;
    let link = |r: &rusqlite::Row<'_>| {
        Ok(Link { number: r.get::<_, i64>(0)?.unsigned_abs(), line: r.get(1)?, before: r.get(2)?, hash: r.get(3)? })
    };
    let links: Vec<Link> = statement.query_map([case], link)?.collect::<Result<_, _>>()?;
    let mut head = connection.prepare("SELECT number, hash FROM heads WHERE case_id = ?1")?;
    let head = head.query_row([case], |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))).optional()?;
    let mut out = broken_links(name, &links, head);
    let mut there = connection.prepare("SELECT 1 FROM blobs WHERE sha256 = ?1")?;
    for (number, sha256) in redacted(&links) {
        if there.exists([&sha256])? {
            out.push(back(number, &sha256));
        }
    }
    Ok(out)
}
