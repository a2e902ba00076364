//! Whether the ledger is as it was written.
//!
//! In: the database, which makes the hashes of what it holds. Out: what was changed, taken out or put in, each by its name. May not happen:
//! damage that keeps other damage from being named.

use super::wire::Wire;
use super::{link, number, some_words, words};
use crate::kept::{back, broken_links, changed, damage, moved, redacted};
use crate::store::{Damage, Error, Kept};

type Found = Result<Vec<Damage>, Error>;

/// Everything that is not as it was written.
pub(super) fn verify(wire: &mut Wire) -> Found {
    let checks: [fn(&mut Wire) -> Found; 6] = [captures, provenance, reports, readings, missing, journals];
    let mut out = Vec::new();
    for check in checks {
        match check(wire) {
            Ok(found) => out.extend(found),
            // One broken page must not hide what the others hold.
            Err(Error::Damaged(error)) => out.push(damage("database", format!("a part of it cannot be read: {error}"))),
            Err(error) => return Err(error),
        }
    }
    out.dedup();
    Ok(out)
}

fn captures(wire: &mut Wire) -> Found {
    let sql = "SELECT convert_to(sha256, 'UTF8'), octet_length(bytes)::bigint, encode(sha256(bytes), 'hex'), sha256 FROM blobs
               WHERE encode(sha256(bytes), 'hex') <> sha256 ORDER BY sha256";
    hashes(wire, "capture", sql)
}

/// Where and when captures came from.
fn provenance(wire: &mut Wire) -> Found {
    let mut out = Vec::new();
    wire.each("SELECT source, sha256, fetched, headers, checksum FROM captures ORDER BY 2, 1", &[], |row| {
        let kept = Kept { sha256: row.try_get(1)?, fetched: row.try_get(2)?, headers: some_words(&row, 3)? };
        out.extend(moved(&words(&row, 0)?, &kept, row.try_get(4)?)?);
        Ok(())
    })?;
    Ok(out)
}

fn reports(wire: &mut Wire) -> Found {
    let sql = "SELECT id, octet_length(all_of_it)::bigint, encode(sha256(all_of_it), 'hex'), checksum
               FROM reports, LATERAL (SELECT convert_to(meta, 'UTF8') || text AS all_of_it) AS whole
               WHERE encode(sha256(all_of_it), 'hex') <> checksum ORDER BY case_id, id";
    hashes(wire, "report", sql)
}

fn readings(wire: &mut Wire) -> Found {
    let sql = "SELECT id, octet_length(reading)::bigint, encode(sha256(convert_to(reading, 'UTF8')), 'hex'), readings.sha256
               FROM readings JOIN reports ON reports.row = report
               WHERE encode(sha256(convert_to(reading, 'UTF8')), 'hex') <> readings.sha256 ORDER BY case_id, id, readings.row";
    hashes(wire, "reading", sql)
}

/// Rows of `(key, length, hash, expected hash)` that differ.
fn hashes(wire: &mut Wire, what: &str, sql: &'static str) -> Found {
    let row = |row: &tokio_postgres::Row| {
        let length = usize::try_from(number(row, 1)?).unwrap_or(usize::MAX);
        Ok(changed(format!("{what} {}", words(row, 0)?), length, row.try_get(2)?, row.try_get(3)?))
    };
    wire.rows(sql, &[])?.iter().map(row).collect()
}

/// Rows that others name and that are gone.
fn missing(wire: &mut Wire) -> Found {
    let gone =
        "SELECT convert_to(sha256, 'UTF8') FROM (SELECT sha256 FROM reports UNION SELECT sha256 FROM captures) AS named
                WHERE NOT EXISTS (SELECT FROM blobs WHERE blobs.sha256 = named.sha256) ORDER BY sha256";
    let unread = "SELECT id FROM reports WHERE NOT EXISTS (SELECT FROM readings WHERE report = reports.row) ORDER BY case_id, id";
    let orphans = "SELECT convert_to(row::text, 'UTF8') FROM readings
                   WHERE NOT EXISTS (SELECT FROM reports WHERE reports.row = report) ORDER BY row";
    let nameless = "SELECT convert_to(case_id::text, 'UTF8') FROM
                    (SELECT case_id FROM reports UNION SELECT case_id FROM decisions UNION SELECT case_id FROM stamps) AS named
                    WHERE NOT EXISTS (SELECT FROM cases WHERE id = case_id) ORDER BY case_id";
    let mut out = Vec::new();
    for (sql, what, message) in [
        (gone, "capture", "its bytes were taken out"),
        (nameless, "case number", "it was taken out, what belongs to it was not"),
        (unread, "report", "its reading was taken out"),
        (orphans, "reading", "its report was taken out"),
    ] {
        for row in wire.rows(sql, &[])? {
            out.push(damage(format!("{what} {}", words(&row, 0)?), message));
        }
    }
    Ok(out)
}

/// Journal lines that were changed, left out or added.
fn journals(wire: &mut Wire) -> Found {
    let mut out = Vec::new();
    for row in wire.rows("SELECT id, name FROM cases ORDER BY name", &[])? {
        let (case, name): (i64, String) = (row.try_get(0)?, words(&row, 1)?);
        let lines = "SELECT number, line, before, hash FROM decisions WHERE case_id = $1 ORDER BY number";
        let links = wire.rows(lines, &[&case])?.iter().map(link).collect::<Result<Vec<_>, _>>()?;
        let head = wire.row("SELECT number, hash FROM heads WHERE case_id = $1", &[&case])?;
        let head = head.map(|row| Ok::<_, Error>((number(&row, 0)?, row.try_get(1)?))).transpose()?;
        out.extend(broken_links(&name, &links, head));
        for (number, sha256) in redacted(&links) {
            if wire.row("SELECT 1 FROM blobs WHERE sha256 = $1", &[&sha256])?.is_some() {
                out.push(back(number, &sha256));
            }
        }
    }
    Ok(out)
}
