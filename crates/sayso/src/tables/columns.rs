//! Columns of a table under way: a name, an array, and whether a cell may be empty.
//!
//! In: the values of a column, a row after the other. Out: Arrow arrays. May not happen: a type that Spark, pandas or DuckDB does not
//! read (whole numbers are signed, texts are `Utf8`).

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray, StringArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields};
use serde::Serialize;

use crate::span::Span;

/// A named array.
#[derive(Debug, Clone)]
pub(super) struct Column {
    name: &'static str,
    array: ArrayRef,
    nullable: bool,
}

impl Column {
    fn new(name: &'static str, array: impl Array + 'static, nullable: bool) -> Self {
        Self { name, array: Arc::new(array), nullable }
    }

    fn field(&self) -> Field {
        Field::new(self.name, self.array.data_type().clone(), self.nullable)
    }
}

/// Columns as the fields and arrays of a table or of a struct.
pub(super) fn parts(columns: Vec<Column>) -> (Fields, Vec<ArrayRef>) {
    (columns.iter().map(Column::field).collect(), columns.into_iter().map(|column| column.array).collect())
}

/// A text in every row.
pub(super) fn text<T: AsRef<str>>(name: &'static str, values: impl Iterator<Item = T>) -> Column {
    Column::new(name, StringArray::from_iter_values(values), false)
}

/// A text where there is one; an empty one is none.
pub(super) fn maybe_text<T: AsRef<str>>(name: &'static str, values: impl Iterator<Item = Option<T>>) -> Column {
    let values = values.map(|value| value.filter(|value| !value.as_ref().is_empty()));
    Column::new(name, values.collect::<StringArray>(), true)
}

/// The word for a value of an enumeration, as in the JSON.
pub(super) fn word<T: Serialize>(name: &'static str, values: impl Iterator<Item = T>) -> Column {
    text(name, values.map(|value| serde_json::to_string(&value).unwrap_or_default().trim_matches('"').to_owned()))
}

/// Texts, any number a row.
pub(super) fn texts<'a>(name: &'static str, values: impl Iterator<Item = &'a [String]>) -> Column {
    let field = Field::new(ITEM, DataType::Utf8, false);
    let mut builder = ListBuilder::new(StringBuilder::new()).with_field(field);
    for row in values {
        row.iter().for_each(|text| builder.values().append_value(text));
        builder.append(true);
    }
    Column::new(name, builder.finish(), false)
}

/// A yes or no.
pub(super) fn yes(name: &'static str, values: impl Iterator<Item = bool>) -> Column {
    Column::new(name, BooleanArray::from(values.collect::<Vec<bool>>()), false)
}

/// A measure.
pub(super) fn real(name: &'static str, values: impl Iterator<Item = f64>) -> Column {
    Column::new(name, Float64Array::from_iter_values(values), false)
}

/// A measure where there is one.
pub(super) fn maybe_real(name: &'static str, values: impl Iterator<Item = Option<f64>>) -> Column {
    Column::new(name, values.collect::<Float64Array>(), true)
}

/// A small whole number: an offset, an index.
pub(super) fn small(name: &'static str, values: impl Iterator<Item = usize>) -> Column {
    Column::new(name, Int32Array::from_iter_values(values.map(narrow)), false)
}

/// The same where there is one.
pub(super) fn maybe_small(name: &'static str, values: impl Iterator<Item = Option<usize>>) -> Column {
    Column::new(name, values.map(|value| value.map(narrow)).collect::<Int32Array>(), true)
}

/// A count where there is one.
pub(super) fn maybe_count(name: &'static str, values: impl Iterator<Item = Option<u64>>) -> Column {
    let wide = |value| i64::try_from(value).unwrap_or(i64::MAX);
    Column::new(name, values.map(|value| value.map(wide)).collect::<Int64Array>(), true)
}

/// Where something stands: the columns `start` and `end`.
pub(super) fn place(values: impl Iterator<Item = Span> + Clone) -> [Column; 2] {
    [small("start", values.clone().map(|span| span.start)), small("end", values.map(|span| span.end))]
}

/// The same where it is known, under names of its own.
pub(super) fn maybe_place(
    [start, end]: [&'static str; 2],
    values: impl Iterator<Item = Option<Span>> + Clone,
) -> [Column; 2] {
    [
        maybe_small(start, values.clone().map(|span| span.map(|span| span.start))),
        maybe_small(end, values.map(|span| span.map(|span| span.end))),
    ]
}

/// Any number of spans a row.
pub(super) fn spans(name: &'static str, values: impl Iterator<Item = Vec<Span>>) -> Column {
    let (mut all, mut counts) = (Vec::new(), Vec::new());
    for row in values {
        counts.push(row.len());
        all.extend(row);
    }
    list(name, place(all.into_iter()).into(), &counts)
}

/// Rows of their own within a row: `counts` says how many of `columns`' rows belong to each.
pub(super) fn list(name: &'static str, columns: Vec<Column>, counts: &[usize]) -> Column {
    let (fields, arrays) = parts(columns);
    let rows = counts.iter().sum();
    let values = StructArray::try_new_with_length(fields, arrays, None::<NullBuffer>, rows);
    let values = values.unwrap_or_else(|error| unreachable!("columns of one length: {error}"));
    let field = Arc::new(Field::new(ITEM, values.data_type().clone(), false));
    let offsets = OffsetBuffer::from_lengths(counts.iter().copied());
    Column::new(name, ListArray::new(field, offsets, Arc::new(values), None), false)
}

/// What Parquet calls the items of a list.
const ITEM: &str = "element";

/// Offsets and indexes are bounded by the text, which is shorter than two thousand million characters.
fn narrow(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
