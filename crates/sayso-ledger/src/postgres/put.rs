//! One report and its reading into a case whose row is held.

use sayso::report::Report;
use sayso::weigh::Entry;

use super::wire::Wire;
use super::words::Words;
use crate::kept::{hash, id_of_bytes, json, meta, other_id, statements};
use crate::store::{Added, Error};

/// Reports being put into a case.
pub(super) struct Put<'a> {
    pub(super) wire: &'a mut Wire,
    pub(super) words: &'a Words,
    pub(super) case: i64,
    pub(super) reader: &'a str,
}

impl Put<'_> {
    pub(super) fn one(&mut self, capture: &str, entry: &Entry) -> Result<Added, Error> {
        let report = &entry.report;
        let mut added = Added::New;
        let row = match same_report(self.wire, self.case, capture, report)? {
            Some(row) if is_read(self.wire, row, self.reader)? => return Ok(Added::Known),
            // A newer reader may cut out another text: its spans count in that.
            Some(row) => {
                self.replace(row, capture, report)?;
                row
            }
            None => {
                let taken = "SELECT 1 FROM reports WHERE case_id = $1 AND sha256(id) = sha256($2)";
                let taken = self.wire.row(taken, &[&self.case, &report.id.as_bytes()])?.is_some();
                let id = if taken { other_id(report) } else { report.id.clone() };
                if taken {
                    added = Added::NewAs(id.clone());
                }
                self.insert(&id, capture, report)?
            }
        };
        let reading = json("reading", &entry.reading)?;
        self.reading(row, self.reader, &reading, &hash(&[reading.as_bytes()]))?;
        self.note(row, &report.text, &entry.reading)?;
        Ok(added)
    }

    fn insert(&mut self, id: &str, capture: &str, report: &Report) -> Result<i64, Error> {
        let meta = meta(report, id)?;
        let checksum = hash(&[meta.as_bytes(), report.text.as_bytes()]);
        self.report(id, capture, report, &meta, Some(&checksum))
    }

    /// A report as it is kept. Out: its row.
    pub(super) fn report(
        &mut self,
        id: &str,
        capture: &str,
        report: &Report,
        meta: &str,
        checksum: Option<&str>,
    ) -> Result<i64, Error> {
        let words = self.words.vectors(&[&report.text])?;
        let row = self.wire.row(
            "INSERT INTO reports (case_id, id, sha256, meta, text, checksum, source, outlet, url, words)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::tsvector) RETURNING row",
            &[
                &self.case,
                &id.as_bytes(),
                &capture,
                &meta,
                &report.text.as_bytes(),
                &checksum,
                &report.source.as_bytes(),
                &report.outlet.as_ref().map(|outlet| outlet.as_bytes()),
                &report.url.as_ref().map(|url| url.as_bytes()),
                &words[0],
            ],
        )?;
        let row = row.ok_or_else(|| Error::Database("a report has no row".to_owned()))?;
        Ok(row.try_get(0)?)
    }

    /// Another text, or other words about it, in the place of a report's.
    pub(super) fn replace(&mut self, row: i64, capture: &str, report: &Report) -> Result<(), Error> {
        let id = self.wire.row("SELECT id FROM reports WHERE row = $1", &[&row])?;
        let id = id.map(|row| super::words(&row, 0)).transpose()?.unwrap_or_else(|| report.id.clone());
        let meta = meta(report, &id)?;
        let checksum = hash(&[meta.as_bytes(), report.text.as_bytes()]);
        let words = self.words.vectors(&[&report.text])?;
        self.wire.execute(
            "UPDATE reports SET sha256 = $2, meta = $3, text = $4, checksum = $5, source = $6, outlet = $7, url = $8,
             words = $9::text::tsvector WHERE row = $1",
            &[
                &row,
                &capture,
                &meta,
                &report.text.as_bytes(),
                &checksum,
                &report.source.as_bytes(),
                &report.outlet.as_ref().map(|outlet| outlet.as_bytes()),
                &report.url.as_ref().map(|url| url.as_bytes()),
                &words[0],
            ],
        )?;
        Ok(())
    }

    /// A reading as it is kept.
    pub(super) fn reading(&mut self, row: i64, reader: &str, reading: &str, sha256: &str) -> Result<(), Error> {
        let sql = "INSERT INTO readings (report, reader, reading, sha256) VALUES ($1, $2, $3, $4)";
        self.wire.execute(sql, &[&row, &reader, &reading, &sha256])?;
        Ok(())
    }

    /// Notes what is said in a report, in place of what was noted before.
    pub(super) fn note(&mut self, row: i64, text: &str, reading: &sayso::reading::Reading) -> Result<(), Error> {
        self.wire.execute("DELETE FROM said WHERE report = $1", &[&row])?;
        let statements = statements(text, reading);
        let starts: Vec<i64> = statements.iter().map(|(start, _)| i64::try_from(*start).unwrap_or(i64::MAX)).collect();
        let texts: Vec<&str> = statements.iter().map(|(_, text)| *text).collect();
        self.wire.execute(
            "INSERT INTO said (report, start, words) SELECT $1, start, words::tsvector FROM unnest($2::bigint[], $3::text[]) AS new (start, words)
             ON CONFLICT DO NOTHING",
            &[&row, &starts, &self.words.vectors(&texts)?],
        )?;
        Ok(())
    }
}

/// Whether a report was read by this reader.
pub(super) fn is_read(wire: &mut Wire, row: i64, reader: &str) -> Result<bool, Error> {
    Ok(wire.row("SELECT 1 FROM readings WHERE report = $1 AND reader = $2", &[&row, &reader])?.is_some())
}

/// The row of a report that the case has already: see [`crate::Store::put`].
pub(super) fn same_report(wire: &mut Wire, case: i64, capture: &str, report: &Report) -> Result<Option<i64>, Error> {
    let (text, source) = (report.text.as_bytes(), report.source.as_bytes());
    let outlet = report.outlet.as_ref().map(|outlet| outlet.as_bytes());
    let url = report.url.as_ref().map(|url| url.as_bytes());
    let by_id = wire.row(
        "SELECT row FROM reports WHERE case_id = $1 AND sha256(id) IN (sha256($2), sha256($3))
         AND (sha256 = $4 AND source = $5 OR text = $6 AND outlet IS NOT DISTINCT FROM $7 AND url IS NOT DISTINCT FROM $8)
         ORDER BY row LIMIT 1",
        &[&case, &report.id.as_bytes(), &other_id(report).as_bytes(), &capture, &source, &text, &outlet, &url],
    )?;
    let found = match by_id {
        None if id_of_bytes(report) => wire.row(
            "SELECT row FROM reports WHERE case_id = $1 AND sha256(source) = sha256($2)
             AND text = $3 AND outlet IS NOT DISTINCT FROM $4 AND url IS NOT DISTINCT FROM $5 ORDER BY row LIMIT 1",
            &[&case, &source, &text, &outlet, &url],
        )?,
        found => found,
    };
    Ok(found.map(|row| row.try_get(0)).transpose()?)
}
