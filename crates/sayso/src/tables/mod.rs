//! Readings as Arrow tables, one a kind; and tables of reports to read.
//!
//! In: reports with their readings. Out: ten flat tables ([`flat`]), or one table with a row a report and lists inside ([`nested`]): the
//! same columns with the same values. Offsets are code points of the report's text, end exclusive, as in the JSON. May not happen: a
//! table that depends on anything but the items and their order.

mod columns;
mod input;
mod kinds;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema};

pub use input::{Names, NoColumn, Rows};

use crate::notice::{Code, Notice};
use crate::read::Reader;
use crate::reading::Reading;
use crate::report::Report;
use crate::span::CodePoints;
use crate::text;
use columns::Column;
use kinds::KINDS;

/// The names of the tables, in order.
pub const TABLES: [&str; 10] = [
    "reports",
    "attributions",
    "actors",
    "places",
    "times",
    "quantities",
    "evidence",
    "verification",
    "events",
    "notices",
];

/// A report with its reading; or an input that could not be read, with the notice that says why.
#[derive(Debug, Clone)]
pub struct Item {
    report: Report,
    /// Spans are bytes.
    reading: Reading,
    points: CodePoints,
    tokens: usize,
    unread: bool,
}

impl Item {
    /// Reads a report. A defect of the reader costs this report alone: it becomes a notice.
    #[must_use]
    pub fn read(reader: &Reader, report: Report) -> Self {
        Self::made(report, |report| reader.read(report))
    }

    fn made(report: Report, read: impl Fn(&Report) -> Reading) -> Self {
        let reading = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&report)));
        let reading = reading.unwrap_or_else(|_| {
            let message =
                "Reading this report failed, which is a defect of the program: please report it with the text.";
            let mut notices = report.notices.clone();
            notices.push(Notice::new(Code::Defect, message));
            Reading { notices, ..Reading::default() }
        });
        let tokens = text::tokens(report.readable()).len();
        Self { points: CodePoints::new(&report.text), tokens, report, reading, unread: false }
    }

    /// An input, or a record of one, that is no report. `id` where one is known.
    #[must_use]
    pub fn unread(source: &str, id: Option<&str>, notice: Notice) -> Self {
        let id = id.unwrap_or_default().to_owned();
        let report = Report { id, source: source.to_owned(), ..Report::default() };
        let reading = Reading { notices: vec![notice], ..Reading::default() };
        Self { points: CodePoints::new(""), tokens: 0, report, reading, unread: true }
    }

    /// Whether it is an input that could not be read.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.unread
    }

    /// Tokens that were read.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Where it came from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.report.source
    }

    /// What was noteworthy about it.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.reading.notices
    }

    /// The words of a span, in bytes.
    fn words(&self, span: crate::span::Span) -> &str {
        span.of(&self.report.text)
    }
}

/// The ten tables: [`TABLES`] with their rows. All but `reports` start with the id of the report that a row belongs to; it is null in
/// notices about an input that is no report.
#[must_use]
pub fn flat(items: &[Item]) -> Vec<(&'static str, RecordBatch)> {
    let read: Vec<&Item> = items.iter().filter(|item| !item.unread).collect();
    let all: Vec<&Item> = items.iter().collect();
    let reports = kinds::reports(&read);
    let mut out = vec![(TABLES[0], batch(reports, read.len()))];
    for (name, rows) in TABLES[1..].iter().zip(KINDS) {
        let (columns, counts) = rows(&all);
        let ids = items.iter().map(|item| Some(item.report.id.as_str()).filter(|_| !item.unread));
        let ids: Vec<Option<&str>> = ids.zip(&counts).flat_map(|(id, count)| std::iter::repeat_n(id, *count)).collect();
        let id = match *name {
            "notices" => columns::maybe_text("report", ids.into_iter()),
            _ => columns::text("report", ids.into_iter().map(Option::unwrap_or_default)),
        };
        out.push((name, batch([vec![id], columns].concat(), counts.iter().sum())));
    }
    out
}

/// One table with a row an item, in order: the columns of `reports`, then a list a kind. An input that could not be read has no text
/// and a notice.
#[must_use]
pub fn nested(items: &[Item]) -> RecordBatch {
    let all: Vec<&Item> = items.iter().collect();
    let mut columns = kinds::reports(&all);
    for (name, rows) in TABLES[1..].iter().zip(KINDS) {
        let (inner, counts) = rows(&all);
        columns.push(columns::list(name, inner, &counts));
    }
    batch(columns, items.len())
}

fn batch(columns: Vec<Column>, rows: usize) -> RecordBatch {
    let (fields, arrays): (_, Vec<ArrayRef>) = columns::parts(columns);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let schema = Arc::new(Schema::new(fields.iter().map(|f| Field::clone(f)).collect::<Vec<_>>()));
    RecordBatch::try_new_with_options(schema, arrays, &options)
        .unwrap_or_else(|error| unreachable!("columns of one length: {error}"))
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;
    use crate::reading::{Attribution, Hedge, HedgeOwner, Place};
    use crate::span::Span;

    /// A report with a statement and two places, one with nothing in it, and an input that is none.
    fn items() -> Vec<Item> {
        let text = "“Ja”, said the mayor of Graz, Styria.";
        let at = |words: &str| Span::new(text.find(words).unwrap(), text.find(words).unwrap() + words.len());
        let place = |words: &str| Place {
            span: at(words),
            name: words.into(),
            geonameid: 0,
            lat: None,
            lon: Some(15.4),
            country: None,
            class: String::new(),
            rule: "test".into(),
        };
        let hedge =
            Hedge { span: at("said"), by: HedgeOwner::Outlet, scope: Some(at("“Ja”")), rule: "test".into() };
        let said = Attribution {
            content: vec![at("“Ja”"), at("Graz")],
            cue: vec![at("said")],
            hedges: vec![hedge],
            ..Attribution::default()
        };
        let reading =
            Reading { attributions: vec![said], places: vec![place("Graz"), place("Styria")], ..Reading::default() };
        let report = |id: &str, text: &str| Report { id: id.into(), text: text.into(), ..Report::default() };
        vec![
            Item::made(report("a", text), |_| reading.clone()),
            Item::made(report("b", "Fog."), |_| Reading::default()),
            Item::unread("x.parquet#3", Some("c"), Notice::new(Code::BadRecord, "no text")),
        ]
    }

    fn column<'a>(tables: &'a [(&str, RecordBatch)], table: &str, name: &str) -> &'a ArrayRef {
        tables.iter().find(|t| t.0 == table).unwrap().1.column_by_name(name).unwrap()
    }

    #[test]
    fn offsets_are_code_points_and_rows_name_their_report() {
        let tables = flat(&items());
        assert_eq!(tables.iter().map(|table| table.0).collect::<Vec<_>>(), TABLES);
        assert_eq!(tables.iter().map(|table| table.1.num_rows()).collect::<Vec<_>>(), [2, 1, 0, 2, 0, 0, 0, 0, 0, 1]);
        let start = column(&tables, "places", "start").as_primitive::<arrow_array::types::Int32Type>();
        assert_eq!(start.values(), &[24, 30]);
        assert_eq!(column(&tables, "places", "words").as_string::<i32>().value(1), "Styria");
        assert_eq!(column(&tables, "attributions", "content_words").as_string::<i32>().value(0), "“Ja” … Graz");
        assert!(column(&tables, "notices", "report").is_null(0));
        assert_eq!(column(&tables, "notices", "source").as_string::<i32>().value(0), "x.parquet#3");
    }

    #[test]
    fn the_nested_table_has_the_same_columns_and_values() {
        let (items, rows) = (items(), nested(&items()));
        assert_eq!((rows.num_rows(), nested(&[]).schema()), (3, rows.schema()));
        for (name, table) in &flat(&items)[1..] {
            let list = rows.column_by_name(name).unwrap().as_list::<i32>();
            assert_eq!(list.values().as_struct().columns(), &table.columns()[1..], "{name}");
        }
    }

    #[test]
    fn a_defect_of_the_reader_costs_one_report() {
        let report = Report { id: "a".into(), text: "Fog.".into(), ..Report::default() };
        let item = Item::made(report, |_| unreachable!("as if"));
        assert_eq!(item.notices()[0].code, Code::Defect);
        assert_eq!(flat(&[item])[0].1.num_rows(), 1);
    }
}
