//! A case as a table, one row a mention: what the csv and the parquet exports share.

use sayso::span::CodePoints;

use super::{Case, stance};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words; nothing when not known.
    Text,
    /// A whole number; nothing when not known.
    Number,
    /// Several words, in order.
    List,
}

/// What stands in one cell.
pub(super) enum Cell {
    Text(Option<String>),
    Number(Option<i64>),
    List(Vec<String>),
}

/// The columns. `start` and `end` are code points of the report's text, end exclusive.
pub(super) const COLUMNS: [(&str, Kind); 19] = [
    ("claim", Kind::Text),
    ("statement", Kind::Text),
    ("status", Kind::Text),
    ("support", Kind::Text),
    ("dispute", Kind::Text),
    ("independent_min", Kind::Number),
    ("independent_max", Kind::Number),
    ("outlets", Kind::Number),
    ("report", Kind::Text),
    ("outlet", Kind::Text),
    ("published", Kind::Text),
    ("url", Kind::Text),
    ("speaker", Kind::Text),
    ("chain", Kind::List),
    ("stance", Kind::Text),
    ("hedges", Kind::List),
    ("words", Kind::Text),
    ("start", Kind::Number),
    ("end", Kind::Number),
];

/// One row a mention: claims in their order, mentions in theirs.
pub(super) fn rows(case: &Case<'_>) -> Vec<[Cell; COLUMNS.len()]> {
    let entries = case.by_id();
    let text = |text: &str| Cell::Text(Some(text.to_owned()));
    let number = |number: usize| Cell::Number(i64::try_from(number).ok());
    let mut out = Vec::new();
    for claim in &case.weighing.claims {
        for mention in &claim.mentions {
            let Some(entry) = entries.get(mention.report.as_str()) else { continue };
            let report = &entry.report;
            let points = CodePoints::new(&report.text);
            let span = mention.spans.first().map(|&span| points.span(span));
            out.push([
                text(&claim.id),
                text(&claim.statement),
                text(&claim.status),
                text(&claim.support),
                text(&claim.dispute),
                number(claim.independent_min),
                number(claim.independent_max),
                number(claim.outlets),
                text(&mention.report),
                Cell::Text(report.outlet.clone()),
                Cell::Text(report.published.clone()),
                Cell::Text(report.url.clone()),
                Cell::Text(mention.speaker.clone()),
                Cell::List(mention.chain.clone()),
                text(&stance(mention)),
                Cell::List(mention.hedges.clone()),
                text(&mention.text),
                span.map_or(Cell::Number(None), |span| number(span.start)),
                span.map_or(Cell::Number(None), |span| number(span.end)),
            ]);
        }
    }
    out
}
