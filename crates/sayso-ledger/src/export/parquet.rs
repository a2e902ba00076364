//! The rows of the csv export as one Parquet file, typed: numbers are numbers, lists are lists, what is not known is null.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::Case;
use super::rows::{COLUMNS, Cell, Kind, rows};

/// Rows that are written together.
const GROUP: usize = 65_536;

/// The file's bytes; the case's name and moment stand in its metadata.
///
/// # Errors
/// Never in practice: the columns are ours and the writer's buffer is memory.
pub fn export(case: &Case<'_>) -> Result<Vec<u8>, ParquetError> {
    let schema = Arc::new(parse_message_type(&schema())?);
    let about = vec![
        KeyValue::new("sayso.case".to_owned(), Some(case.name.to_owned())),
        KeyValue::new("sayso.as_of".to_owned(), case.as_of.map(ToOwned::to_owned)),
    ];
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("sayso {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(about))
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for rows in rows(case).chunks(GROUP) {
        let mut group = file.next_row_group()?;
        let mut number = 0;
        while let Some(mut column) = group.next_column()? {
            write(&mut column, rows.iter().map(|row| &row[number]))?;
            column.close()?;
            number += 1;
        }
        group.close()?;
    }
    file.into_inner()
}

/// The columns in Parquet's own words.
fn schema() -> String {
    let columns = COLUMNS.map(|(name, kind)| match kind {
        Kind::Text => format!("OPTIONAL BYTE_ARRAY {name} (STRING);"),
        Kind::Number => format!("OPTIONAL INT64 {name};"),
        Kind::List => {
            format!(
                "REQUIRED GROUP {name} (LIST) {{ REPEATED GROUP list {{ REQUIRED BYTE_ARRAY element (STRING); }} }}"
            )
        }
    });
    format!("message mention {{ {} }}", columns.join(" "))
}

/// One column: its values, and by levels which rows have none or several.
fn write<'a>(
    column: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = &'a Cell>,
) -> Result<(), ParquetError> {
    let (mut words, mut numbers): (Vec<ByteArray>, Vec<i64>) = (Vec::new(), Vec::new());
    let (mut defined, mut repeated): (Vec<i16>, Vec<i16>) = (Vec::new(), Vec::new());
    let (mut counts, mut lists) = (false, false);
    for cell in cells {
        match cell {
            Cell::Text(text) => {
                defined.push(i16::from(text.is_some()));
                words.extend(text.as_deref().map(ByteArray::from));
            }
            Cell::Number(number) => {
                counts = true;
                defined.push(i16::from(number.is_some()));
                numbers.extend(*number);
            }
            Cell::List(list) => {
                lists = true;
                words.extend(list.iter().map(|item| ByteArray::from(item.as_str())));
                defined.extend(if list.is_empty() { vec![0] } else { vec![1; list.len()] });
                repeated.extend((0..list.len().max(1)).map(|k| i16::from(k > 0)));
            }
        }
    }
    if counts {
        column.typed::<Int64Type>().write_batch(&numbers, Some(&defined), None)?;
    } else {
        column.typed::<ByteArrayType>().write_batch(&words, Some(&defined), lists.then_some(&repeated[..]))?;
    }
    Ok(())
}
