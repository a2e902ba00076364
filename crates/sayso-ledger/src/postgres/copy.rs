//! Everything of a ledger out of a database, or into it.
//!
//! In: the database, or another ledger. Out: every row as it is kept. May not happen: half a copy; rows of different moments.

use std::collections::HashMap;

use tokio_postgres::Row;

use super::put::Put;
use super::wire::Wire;
use super::words::Words;
use super::{append, case_in, link, number, some_words, verify, words};
use crate::kept::{Link, parse};
use crate::store::{Error, Kept, Listed, Store, Thing, User};

/// Gives every row, as of one moment; the bytes of captures only where they are wanted.
pub(super) fn give(
    wire: &mut Wire,
    bytes: bool,
    take: &mut dyn FnMut(Thing) -> Result<(), Error>,
) -> Result<(), Error> {
    wire.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let mut kinds = KINDS.into_iter().skip(usize::from(!bytes));
    let given = kinds.try_for_each(|(sql, thing)| wire.each(sql, &[], |row| take(thing(&row)?)));
    wire.batch("ROLLBACK").and(given)
}

type Made = fn(&Row) -> Result<Thing, Error>;

/// What there is, in the order in which one needs the other; the bytes first.
const KINDS: [(&str, Made); 10] = [
    ("SELECT sha256, bytes FROM blobs ORDER BY sha256", |r| {
        Ok(Thing::Blob { sha256: r.try_get(0)?, bytes: r.try_get(1)? })
    }),
    ("SELECT source, sha256, fetched, headers, checksum FROM captures ORDER BY row", |r| {
        let kept = Kept { sha256: r.try_get(1)?, fetched: r.try_get(2)?, headers: some_words(r, 3)? };
        Ok(Thing::Capture { source: words(r, 0)?, kept, checksum: r.try_get(4)? })
    }),
    ("SELECT name FROM cases ORDER BY id", |r| Ok(Thing::Case { case: words(r, 0)? })),
    (
        "SELECT name, reports.id, sha256, meta, text, checksum FROM reports JOIN cases ON cases.id = case_id ORDER BY row",
        |r| {
            let (case, id, sha256) = (words(r, 0)?, words(r, 1)?, r.try_get(2)?);
            Ok(Thing::Report { case, id, sha256, meta: r.try_get(3)?, text: words(r, 4)?, checksum: r.try_get(5)? })
        },
    ),
    (
        "SELECT name, reports.id, reader, reading, readings.sha256 FROM readings JOIN reports ON reports.row = report
         JOIN cases ON cases.id = case_id ORDER BY readings.row",
        |r| {
            let (case, report, reader) = (words(r, 0)?, words(r, 1)?, r.try_get(2)?);
            Ok(Thing::Reading { case, report, reader, reading: r.try_get(3)?, sha256: r.try_get(4)? })
        },
    ),
    ("SELECT name, sha256, source, reader FROM finished JOIN cases ON cases.id = case_id ORDER BY 1, 2, 3, 4", |r| {
        Ok(Thing::Finished { case: words(r, 0)?, sha256: r.try_get(1)?, source: words(r, 2)?, reader: r.try_get(3)? })
    }),
    (
        "SELECT number, line, before, hash, name FROM decisions JOIN cases ON cases.id = case_id ORDER BY case_id, number",
        |r| {
            let Link { number, line, before, hash } = link(r)?;
            Ok(Thing::Decision { case: words(r, 4)?, number, line, before, hash })
        },
    ),
    ("SELECT name, number, heads.hash FROM heads JOIN cases ON cases.id = case_id ORDER BY case_id", |r| {
        Ok(Thing::Head { case: words(r, 0)?, number: number(r, 1)?, hash: r.try_get(2)? })
    }),
    ("SELECT name, list, answer FROM stamps JOIN cases ON cases.id = case_id ORDER BY row", |r| {
        Ok(Thing::Listed { case: words(r, 0)?, listed: Listed { list: words(r, 1)?, answer: r.try_get(2)? } })
    }),
    ("SELECT name, role, hash, since FROM users ORDER BY name", |r| {
        Ok(Thing::User(User { name: words(r, 0)?, role: r.try_get(1)?, hash: r.try_get(2)?, since: r.try_get(3)? }))
    }),
];

/// Takes in everything of another ledger; the transaction is the caller's.
pub(super) fn take_all(wire: &mut Wire, cut: &Words, from: &dyn Store) -> Result<(), Error> {
    // Nobody else puts anything in meanwhile.
    wire.batch("LOCK TABLE cases, blobs, users IN SHARE ROW EXCLUSIVE MODE")?;
    let any = "SELECT 1 FROM cases UNION ALL SELECT 1 FROM blobs UNION ALL SELECT 1 FROM users LIMIT 1";
    if wire.row(any, &[])?.is_some() {
        return Err(Error::NotEmpty);
    }
    let mut copy = Copy { wire, cut, cases: HashMap::new() };
    from.everything(&mut |thing| copy.take(thing))?;
    let count = "UPDATE cases SET readings = (SELECT count(*) FROM readings JOIN reports ON reports.row = report WHERE case_id = cases.id)";
    wire.execute(count, &[])?;
    let damage = verify::verify(wire)?;
    if damage.is_empty() { Ok(()) } else { Err(Error::Unsound(damage)) }
}

struct Copy<'a> {
    wire: &'a mut Wire,
    cut: &'a Words,
    cases: HashMap<String, i64>,
}

impl Copy<'_> {
    fn case(&mut self, name: &str) -> Result<i64, Error> {
        if let Some(case) = self.cases.get(name) {
            return Ok(*case);
        }
        let case = case_in(self.wire, name)?;
        self.cases.insert(name.to_owned(), case);
        Ok(case)
    }

    fn put(&mut self, case: i64) -> Put<'_> {
        Put { wire: self.wire, words: self.cut, case, reader: "" }
    }

    fn take(&mut self, thing: Thing) -> Result<(), Error> {
        match thing {
            Thing::Blob { sha256, bytes } => {
                self.wire.execute("INSERT INTO blobs (sha256, bytes) VALUES ($1, $2)", &[&sha256, &bytes])?;
            }
            Thing::Capture { source, kept: Kept { sha256, fetched, headers }, checksum } => {
                let headers = headers.as_ref().map(|headers| headers.as_bytes());
                self.wire.execute(
                    "INSERT INTO captures (sha256, source, fetched, headers, checksum) VALUES ($1, $2, $3, $4, $5)",
                    &[&sha256, &source.as_bytes(), &fetched, &headers, &checksum],
                )?;
            }
            Thing::Case { case } => drop(self.case(&case)?),
            Thing::Report { case, id, sha256, meta, text, checksum } => {
                let case = self.case(&case)?;
                let mut report: sayso::report::Report = parse(&format!("report {id}"), &meta)?;
                report.text = text;
                self.put(case).report(&id, &sha256, &report, &meta, checksum.as_deref())?;
            }
            Thing::Reading { case, report, reader, reading, sha256 } => {
                let case = self.case(&case)?;
                let known = "SELECT row, text FROM reports WHERE case_id = $1 AND sha256(id) = sha256($2)";
                let Some(known) = self.wire.row(known, &[&case, &report.as_bytes()])? else { return Ok(()) };
                let (row, text) = (known.try_get(0)?, words(&known, 1)?);
                let mut put = self.put(case);
                put.reading(row, &reader, &reading, &sha256)?;
                put.note(row, &text, &parse(&format!("the reading of report {report}"), &reading)?)?;
            }
            Thing::Finished { case, sha256, source, reader } => {
                let case = self.case(&case)?;
                let sql = "INSERT INTO finished (case_id, sha256, source, reader) VALUES ($1, $2, $3, $4)";
                self.wire.execute(sql, &[&case, &sha256, &source.as_bytes(), &reader])?;
            }
            Thing::Decision { case, number, line, before, hash } => {
                let case = self.case(&case)?;
                append(self.wire, case, &Link { number, line, before, hash })?;
            }
            Thing::Head { case, number, hash } => {
                let case = self.case(&case)?;
                let sql = "INSERT INTO heads (case_id, number, hash) VALUES ($1, $2, $3)
                           ON CONFLICT (case_id) DO UPDATE SET number = excluded.number, hash = excluded.hash";
                self.wire.execute(sql, &[&case, &number.cast_signed(), &hash])?;
            }
            Thing::Listed { case, listed: Listed { list, answer } } => {
                let case = self.case(&case)?;
                let sql = "INSERT INTO stamps (case_id, list, answer) VALUES ($1, $2, $3)";
                self.wire.execute(sql, &[&case, &list.as_bytes(), &answer])?;
            }
            Thing::User(User { name, role, hash, since }) => {
                let sql = "INSERT INTO users (name, role, hash, since) VALUES ($1, $2, $3, $4)";
                self.wire.execute(sql, &[&name.as_bytes(), &role, &hash, &since])?;
            }
        }
        Ok(())
    }
}
