//! Tables of reports to read: which columns are known, of whatever type they are.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, LargeBinaryArray, LargeStringArray, RecordBatch, downcast_integer_array, downcast_temporal_array,
};
use arrow_schema::{DataType, Schema};

use crate::intake::Row;

/// The columns that Sayso reads from a table.
const KNOWN: [&str; 7] = ["id", "text", "html", "published", "outlet", "title", "url"];

/// A table without a column to read: what was looked for and what is there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it has no column “{}” or “{}”; its columns are {}", .wanted[0], .wanted[1], .found.join(", "))]
pub struct NoColumn {
    /// The names for the text and for the page.
    pub wanted: [String; 2],
    /// The table's columns.
    pub found: Vec<String>,
}

/// What the columns are called in the tables of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(Vec<(&'static str, String)>);

impl Names {
    /// Takes `NAME=COLUMN`: the table's column COLUMN holds what Sayso calls NAME.
    ///
    /// # Errors
    /// A sentence when it is no such pair.
    pub fn set(&mut self, pair: &str) -> Result<(), String> {
        let known = pair.split_once('=').filter(|pair| !pair.1.is_empty());
        let known = known.and_then(|(name, column)| Some((*KNOWN.iter().find(|known| **known == name)?, column)));
        let (name, column) =
            known.ok_or_else(|| format!("“{pair}” is not NAME=COLUMN with a NAME out of {}", KNOWN.join(", ")))?;
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, column.to_owned()));
        Ok(())
    }

    fn of(&self, name: &'static str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or(name, |(_, column)| column)
    }

    /// Indexes of the columns that are read, in the table's order.
    ///
    /// # Errors
    /// When there is neither text nor page.
    pub fn columns(&self, schema: &Schema) -> Result<Vec<usize>, NoColumn> {
        let is = |k: &usize, name| schema.field(*k).name() == self.of(name);
        let used: Vec<usize> = (0..schema.fields().len()).filter(|k| KNOWN.iter().any(|name| is(k, name))).collect();
        if used.iter().any(|k| is(k, "text") || is(k, "html")) {
            return Ok(used);
        }
        let found = schema.fields().iter().map(|field| field.name().clone()).collect();
        Err(NoColumn { wanted: ["text", "html"].map(|name| self.of(name).to_owned()), found })
    }
}

/// The rows of one batch of a table.
#[derive(Debug, Clone)]
pub struct Rows {
    rows: usize,
    texts: [Option<LargeStringArray>; 6],
    html: Option<LargeBinaryArray>,
    id_is_number: bool,
}

/// The columns of texts, as in [`Rows::texts`].
const TEXTS: [&str; 6] = ["id", "text", "published", "outlet", "title", "url"];

impl Rows {
    /// The rows of `batch`. Strings of every kind, dictionaries, numbers and dates are taken; what cannot be read as a text is none.
    ///
    /// # Errors
    /// When there is neither text nor page.
    pub fn new(batch: &RecordBatch, names: &Names) -> Result<Self, NoColumn> {
        names.columns(&batch.schema())?;
        let column = |name| batch.column_by_name(names.of(name));
        let id_is_number = column("id").is_some_and(|ids| ids.data_type().is_integer());
        let text = |cell: &Option<Cow<'_, [u8]>>| Some(str::from_utf8(cell.as_deref()?).ok()?.to_owned());
        let texts = |name| column(name).and_then(cells).map(|cells| cells.iter().map(text).collect());
        let html = column("html").and_then(cells).map(|cells| cells.iter().map(Option::as_deref).collect());
        Ok(Self { rows: batch.num_rows(), texts: TEXTS.map(texts), html, id_is_number })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Row `k`.
    #[must_use]
    pub fn row(&self, k: usize) -> Row<'_> {
        let [id, text, published, outlet, title, url] =
            self.texts.each_ref().map(|column| column.as_ref().filter(|c| c.is_valid(k)).map(|c| c.value(k)));
        let html = self.html.as_ref().filter(|column| column.is_valid(k)).map(|column| column.value(k));
        Row { id, id_is_number: self.id_is_number, text, html, published, outlet, title, url }
    }

    /// Bytes of text and pages.
    #[must_use]
    pub fn bytes(&self) -> usize {
        (0..self.rows)
            .map(|k| self.row(k))
            .map(|row| row.text.map_or(0, str::len) + row.html.map_or(0, <[u8]>::len))
            .sum()
    }
}

/// What the cells of a column say, in bytes; none when it has a type that says nothing, such as a list.
fn cells(column: &ArrayRef) -> Option<Vec<Option<Cow<'_, [u8]>>>> {
    Some(match column.data_type() {
        DataType::Utf8 => there(column.as_string::<i32>().iter()),
        DataType::LargeUtf8 => there(column.as_string::<i64>().iter()),
        DataType::Utf8View => there(column.as_string_view().iter()),
        DataType::Binary => there(column.as_binary::<i32>().iter()),
        DataType::LargeBinary => there(column.as_binary::<i64>().iter()),
        DataType::BinaryView => there(column.as_binary_view().iter()),
        DataType::Dictionary(..) => from_dictionary(column)?,
        DataType::Time32(_) | DataType::Time64(_) => return None,
        kind => {
            let day = matches!(kind, DataType::Date32 | DataType::Date64);
            let column: &dyn Array = column;
            downcast_temporal_array!(
                column => made((0..column.len()).map(|k| {
                    let at = column.is_valid(k).then(|| column.value_as_datetime(k))??;
                    Some(if day { at.date().to_string() } else { at.and_utc().to_rfc3339() })
                })),
                _ => downcast_integer_array!(
                    column => made(column.iter().map(|number| Some(number?.to_string()))),
                    _ => return None,
                ),
            )
        }
    })
}

/// Cells that are there as they are wanted.
fn there<'a, T: AsRef<[u8]> + ?Sized + 'a>(cells: impl Iterator<Item = Option<&'a T>>) -> Vec<Option<Cow<'a, [u8]>>> {
    cells.map(|cell| cell.map(|cell| Cow::Borrowed(cell.as_ref()))).collect()
}

/// Cells that had to be written.
fn made<'a>(cells: impl Iterator<Item = Option<String>>) -> Vec<Option<Cow<'a, [u8]>>> {
    cells.map(|cell| cell.map(|cell| Cow::Owned(cell.into_bytes()))).collect()
}

/// Cells that are numbers of values kept beside them.
fn from_dictionary(column: &ArrayRef) -> Option<Vec<Option<Cow<'_, [u8]>>>> {
    let column = column.as_any_dictionary();
    let values = cells(column.values())?;
    if values.is_empty() {
        return Some(vec![None; column.len()]);
    }
    let keys = column.normalized_keys().into_iter().enumerate();
    Some(keys.map(|(k, value)| values[value].clone().filter(|_| column.keys().is_valid(k))).collect())
}
