//! The inputs of a run, cut into units: what is read at once, written at once, and done or not done.
//!
//! In: files and folders. Out: numbered units of about a thousand reports, cut in the same places in every run, whatever was done
//! before. May not happen: memory that grows with the inputs; an input left out without a notice.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use sayso::notice::{Code, Notice};
use sayso::tables::{Names, Rows};

use crate::inputs::unreadable;
use crate::pieces::{Piece, Pieces};

/// A unit is full when it holds so many bytes, or so many rows or files.
const BYTES: usize = 8 << 20;
const REPORTS: usize = 1_024;
/// Rows of Parquet that are unpacked at once.
const ROWS: usize = 128;

/// A part of an input.
pub(super) enum Part {
    /// Bytes in one of the formats of `sayso read`.
    Bytes { name: Arc<str>, piece: Piece },
    /// Rows of a table, the first of them being row `first` of the file.
    Rows { name: Arc<str>, rows: Box<Rows>, first: usize },
    /// An input that could not be read, or not to its end.
    Unread { name: Arc<str>, notice: Notice },
}

impl Part {
    /// How much there is of it: bytes, and rows or files.
    fn size(&self) -> (usize, usize) {
        match self {
            Self::Bytes { piece, .. } => (piece.bytes.len(), 1),
            Self::Rows { rows, .. } => (rows.bytes(), rows.len()),
            Self::Unread { .. } => (0, 1),
        }
    }
}

/// What is done at once.
pub(super) struct Unit {
    pub(super) number: usize,
    pub(super) parts: Vec<Part>,
    /// Bytes of the files that were read for it.
    pub(super) bytes: u64,
}

/// All units, in order.
pub(super) struct Units<F> {
    files: F,
    names: Names,
    open: Option<(Arc<str>, Open)>,
    number: usize,
    /// A part that was too large for the unit before.
    ahead: VecDeque<Part>,
    read: Arc<AtomicU64>,
}

enum Open {
    Pieces(Box<Pieces>),
    Table { reader: ParquetRecordBatchReader, row: usize, share: f64 },
}

impl<F: Iterator<Item = Result<String, (String, Notice)>>> Units<F> {
    pub(super) fn new(files: F, names: Names) -> Self {
        Self { files, names, open: None, number: 0, ahead: VecDeque::new(), read: Arc::default() }
    }

    /// The next part of any input; none when all are done.
    fn part(&mut self) -> Option<Part> {
        loop {
            let Some((name, open)) = &mut self.open else {
                match self.files.next()? {
                    Ok(file) => match self.open(&file) {
                        Ok(open) => self.open = Some((file.into(), open)),
                        Err(notice) => return Some(Part::Unread { name: file.into(), notice }),
                    },
                    Err((folder, notice)) => return Some(Part::Unread { name: folder.into(), notice }),
                }
                continue;
            };
            let name = name.clone();
            match open.next(&name, &self.names, &self.read) {
                Ok(Some(part)) => return Some(part),
                Ok(None) => self.open = None,
                Err(notice) => {
                    self.open = None;
                    return Some(Part::Unread { name, notice });
                }
            }
        }
    }

    fn open(&self, name: &str) -> Result<Open, Notice> {
        let bad = |error: std::io::Error| unreadable(name, &error);
        let mut file = File::open(name).map_err(bad)?;
        let mut head = [0; 4];
        let table = file.read_exact(&mut head).is_ok() && &head == b"PAR1";
        std::io::Seek::rewind(&mut file).map_err(bad)?;
        if table {
            return Open::table(name, file, &self.names);
        }
        Ok(Open::Pieces(Box::new(Pieces::unpacked(name, file, self.read.clone()).map_err(bad)?)))
    }
}

impl<F: Iterator<Item = Result<String, (String, Notice)>>> Iterator for Units<F> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let (mut parts, mut bytes, mut reports) = (Vec::new(), 0, 0);
        while bytes < BYTES && reports < REPORTS {
            let Some(part) = self.ahead.pop_front().or_else(|| self.part()) else { break };
            let size = part.size();
            if !parts.is_empty() && bytes + size.0 > BYTES {
                self.ahead.push_back(part);
                break;
            }
            (bytes, reports) = (bytes + size.0, reports + size.1);
            parts.push(part);
        }
        if parts.is_empty() {
            return None;
        }
        self.number += 1;
        Some(Unit { number: self.number - 1, parts, bytes: self.read.swap(0, Ordering::Relaxed) })
    }
}

impl Open {
    fn table(name: &str, file: File, names: &Names) -> Result<Self, Notice> {
        let bytes = file.metadata().map_or(0, |data| data.len());
        let broken = |error: &dyn std::fmt::Display| {
            Notice::new(Code::Unreadable, format!("{name} could not be read as Parquet: {error}."))
        };
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(&error))?;
        let columns = names.columns(builder.schema()).map_err(|error| {
            let message =
                format!("{name} could not be read: {error}. --column text=NAME says which one holds the text.");
            Notice::new(Code::Unreadable, message)
        })?;
        let rows = builder.metadata().file_metadata().num_rows().max(1);
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns);
        let reader = builder.with_projection(mask).with_batch_size(ROWS).build().map_err(|error| broken(&error))?;
        Ok(Self::Table { reader, row: 0, share: bytes as f64 / rows as f64 })
    }

    fn next(&mut self, name: &Arc<str>, names: &Names, read: &AtomicU64) -> Result<Option<Part>, Notice> {
        match self {
            Self::Pieces(pieces) => Ok(pieces.next()?.map(|piece| Part::Bytes { name: name.clone(), piece })),
            Self::Table { reader, row, share } => {
                let Some(batch) = reader.next() else { return Ok(None) };
                let lost = |error: &dyn std::fmt::Display| {
                    let message = format!("{name} could not be read from row {} on: {error}.", *row + 1);
                    Notice::new(Code::Unreadable, message)
                };
                let rows = Rows::new(&batch.map_err(|error| lost(&error))?, names).map_err(|error| lost(&error))?;
                let first = *row;
                *row += rows.len();
                let upto = |row: usize| (row as f64 * *share) as u64;
                read.fetch_add(upto(*row) - upto(first), Ordering::Relaxed);
                Ok(Some(Part::Rows { name: name.clone(), rows: Box::new(rows), first }))
            }
        }
    }
}
