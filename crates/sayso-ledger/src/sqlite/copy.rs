//! Everything of a ledger out of one file, or into it.
//!
//! In: the database, or another ledger. Out: every row as it is kept. May not happen: half a copy; rows of different moments.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{case_in, said, verify};
use crate::kept::parse;
use crate::store::{Error, Kept, Listed, Store, Thing, User};

/// Gives every row, as of one moment; the bytes of captures only where they are wanted.
pub(super) fn give(
    connection: &Connection,
    bytes: bool,
    take: &mut dyn FnMut(Thing) -> Result<(), Error>,
) -> Result<(), Error> {
    // It only reads: what others write meanwhile is not seen.
    let read = connection.unchecked_transaction()?;
    for (sql, thing) in KINDS.into_iter().skip(usize::from(!bytes)) {
        let mut statement = read.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(thing(row)?)?;
        }
    }
    Ok(())
}

type Made = fn(&Row<'_>) -> rusqlite::Result<Thing>;

/// What there is, in the order in which one needs the other; the bytes first.
const KINDS: [(&str, Made); 10] = [
    ("SELECT sha256, bytes FROM blobs ORDER BY sha256", |r| Ok(Thing::Blob { sha256: r.get(0)?, bytes: r.get(1)? })),
    ("SELECT source, sha256, fetched, headers, checksum FROM captures ORDER BY rowid", |r| {
        let kept = Kept { sha256: r.get(1)?, fetched: r.get(2)?, headers: r.get(3)? };
        Ok(Thing::Capture { source: r.get(0)?, kept, checksum: r.get(4)? })
    }),
    ("SELECT name FROM cases ORDER BY id", |r| Ok(Thing::Case { case: r.get(0)? })),
    (
        "SELECT name, reports.id, sha256, meta, text, checksum FROM reports JOIN cases ON cases.id = case_id ORDER BY row",
        |r| {
            let (case, id, sha256) = (r.get(0)?, r.get(1)?, r.get(2)?);
            Ok(Thing::Report { case, id, sha256, meta: r.get(3)?, text: r.get(4)?, checksum: r.get(5)? })
        },
    ),
    (
        "SELECT name, reports.id, reader, reading, readings.sha256 FROM readings JOIN reports ON reports.row = report
         JOIN cases ON cases.id = case_id ORDER BY readings.row",
        |r| {
            let (case, report) = (r.get(0)?, r.get(1)?);
            Ok(Thing::Reading { case, report, reader: r.get(2)?, reading: r.get(3)?, sha256: r.get(4)? })
        },
    ),
    ("SELECT name, sha256, source, reader FROM finished JOIN cases ON cases.id = case_id ORDER BY 1, 2, 3, 4", |r| {
        Ok(Thing::Finished { case: r.get(0)?, sha256: r.get(1)?, source: r.get(2)?, reader: r.get(3)? })
    }),
    (
        "SELECT name, number, line, before, hash FROM decisions JOIN cases ON cases.id = case_id ORDER BY case_id, number",
        |r| {
            let (case, number) = (r.get(0)?, r.get::<_, i64>(1)?.unsigned_abs());
            Ok(Thing::Decision { case, number, line: r.get(2)?, before: r.get(3)?, hash: r.get(4)? })
        },
    ),
    ("SELECT name, number, hash FROM heads JOIN cases ON cases.id = case_id ORDER BY case_id", |r| {
        Ok(Thing::Head { case: r.get(0)?, number: r.get::<_, i64>(1)?.unsigned_abs(), hash: r.get(2)? })
    }),
    ("SELECT name, list, answer FROM stamps JOIN cases ON cases.id = case_id ORDER BY row", |r| {
        Ok(Thing::Listed { case: r.get(0)?, listed: Listed { list: r.get(1)?, answer: r.get(2)? } })
    }),
    ("SELECT name, role, hash, since FROM users ORDER BY name", |r| {
        Ok(Thing::User(User { name: r.get(0)?, role: r.get(1)?, hash: r.get(2)?, since: r.get(3)? }))
    }),
];

/// Takes in everything of another ledger; the transaction is the caller's.
pub(super) fn take_all(write: &Connection, from: &dyn Store) -> Result<(), Error> {
    const ANY: &str = "SELECT 1 FROM cases UNION ALL SELECT 1 FROM blobs UNION ALL SELECT 1 FROM users";
    if write.prepare(ANY)?.exists([])? {
        return Err(Error::NotEmpty);
    }
    from.everything(&mut |thing| take(write, thing))?;
    let count = "UPDATE cases SET readings = (SELECT count(*) FROM readings JOIN reports ON reports.row = report WHERE case_id = cases.id)";
    write.execute(count, [])?;
    let damage = verify::verify(write)?;
    if damage.is_empty() { Ok(()) } else { Err(Error::Unsound(damage)) }
}

fn take(write: &Connection, thing: Thing) -> Result<(), Error> {
    let put = |sql: &str, params: &[&dyn rusqlite::ToSql]| write.prepare_cached(sql)?.execute(params).map(drop);
    match thing {
        Thing::Blob { sha256, bytes } => {
            put("INSERT INTO blobs (sha256, bytes) VALUES (?1, ?2)", params![sha256, bytes])?;
        }
        Thing::Capture { source, kept, checksum } => put(
            "INSERT INTO captures (sha256, source, fetched, headers, checksum) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![kept.sha256, source, kept.fetched, kept.headers, checksum],
        )?,
        Thing::Case { case } => drop(case_in(write, &case)?),
        Thing::Report { case, id, sha256, meta, text, checksum } => put(
            "INSERT INTO reports (case_id, id, sha256, meta, text, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![case_in(write, &case)?, id, sha256, meta, text, checksum],
        )?,
        Thing::Reading { case, report, reader, reading, sha256 } => {
            let mut known = write.prepare_cached("SELECT row, text FROM reports WHERE case_id = ?1 AND id = ?2")?;
            let known = known.query_row(params![case_in(write, &case)?, report], |r| Ok((r.get(0)?, r.get(1)?)));
            let Some((row, text)): Option<(i64, String)> = known.optional()? else { return Ok(()) };
            put(
                "INSERT INTO readings (report, reader, reading, sha256) VALUES (?1, ?2, ?3, ?4)",
                params![row, reader, reading, sha256],
            )?;
            said::note(write, row, &text, &parse(&format!("the reading of report {report}"), &reading)?)?;
        }
        Thing::Finished { case, sha256, source, reader } => put(
            "INSERT INTO finished (case_id, sha256, source, reader) VALUES (?1, ?2, ?3, ?4)",
            params![case_in(write, &case)?, sha256, source, reader],
        )?,
        Thing::Decision { case, number, line, before, hash } => put(
            "INSERT INTO decisions (case_id, number, line, before, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![case_in(write, &case)?, number.cast_signed(), line, before, hash],
        )?,
        Thing::Head { case, number, hash } => put(
            "INSERT INTO heads (case_id, number, hash) VALUES (?1, ?2, ?3)",
            params![case_in(write, &case)?, number.cast_signed(), hash],
        )?,
        Thing::Listed { case, listed } => put(
            "INSERT INTO stamps (case_id, list, answer) VALUES (?1, ?2, ?3)",
            params![case_in(write, &case)?, listed.list, listed.answer],
        )?,
        Thing::User(User { name, role, hash, since }) => put(
            "INSERT INTO users (name, role, hash, since) VALUES (?1, ?2, ?3, ?4)",
            params![name, role, hash, since],
        )?,
    }
    Ok(())
}
