//! Tables on a terminal: columns side by side where there is room, stacked where there is not.
//!
//! In: rows of styled words. Out: lines of at most the terminal's width. May not happen: a word cut or left out.

use std::fmt::Write;

use crate::terminal::{Style, Terminal};
use crate::text::{width, wrap};

/// From this width on there are columns; below, the last cell stands under the others.
const COLUMNS_FROM: usize = 72;
/// Cells between two columns.
const GAP: usize = 2;

/// Something to say in one style.
pub(crate) type Piece = (Style, String);

/// The first column is a number or a mark; the last takes what room is left.
pub(crate) struct Column {
    head: &'static str,
    /// Cells, or a share of the room: see [`Column::share`].
    least: usize,
    hundredths: usize,
}

impl Column {
    /// A column of so many cells.
    pub(crate) fn fixed(head: &'static str, cells: usize) -> Self {
        Self { head, least: cells, hundredths: 0 }
    }

    /// A column that takes a share of the terminal's width, in hundredths.
    pub(crate) fn share(head: &'static str, hundredths: usize) -> Self {
        Self { head, least: 8, hundredths }
    }
}

/// One row: a cell a column, each a few pieces below each other.
pub(crate) type Row = Vec<Vec<Piece>>;

/// Renders rows under their heads.
pub(crate) fn render(columns: &[Column], rows: &[Row], terminal: Terminal) -> String {
    let mut out = String::new();
    if terminal.width < COLUMNS_FROM {
        rows.iter().for_each(|row| stacked(&mut out, row, columns[0].least, terminal));
        return out;
    }
    let mut widths: Vec<usize> =
        columns.iter().map(|column| column.least.max(terminal.width * column.hundredths / 100)).collect();
    let last = widths.len() - 1;
    widths[last] = terminal.width.saturating_sub(widths[..last].iter().map(|cells| cells + GAP).sum());
    let heads: Row = columns.iter().map(|column| vec![(Style::Quiet, column.head.to_owned())]).collect();
    print(&mut out, &heads, &widths, terminal);
    for row in rows {
        print(&mut out, row, &widths, terminal);
        out.push('\n');
    }
    out
}

/// Prints cells side by side, line by line. The first column is set to the right.
fn print(out: &mut String, row: &Row, widths: &[usize], terminal: Terminal) {
    let cell = |(pieces, cells): (&Vec<Piece>, &usize)| -> Vec<Piece> {
        pieces.iter().flat_map(|(style, text)| wrap(text, *cells).into_iter().map(|line| (*style, line))).collect()
    };
    let cells: Vec<Vec<Piece>> = row.iter().zip(widths).map(cell).collect();
    for k in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        let mut line = String::new();
        let mut due = 0;
        for (column, (cell, cells_wide)) in cells.iter().zip(widths).enumerate() {
            if let Some((style, text)) = cell.get(k) {
                let before = if column == 0 { cells_wide.saturating_sub(width(text)) } else { 0 };
                line.push_str(&" ".repeat(due + before));
                line.push_str(&terminal.paint(*style, text));
                due = cells_wide.saturating_sub(width(text) + before) + GAP;
            } else {
                due += cells_wide + GAP;
            }
        }
        let _ = writeln!(out, "{line}");
    }
}

/// Narrow: all cells but the last on as few lines as hold them, the last below.
fn stacked(out: &mut String, row: &Row, first_cells: usize, terminal: Terminal) {
    let indent = first_cells + GAP;
    let room = terminal.width - indent;
    let Some((first, rest)) = row.split_first() else { return };
    let Some((last, middle)) = rest.split_last() else { return };
    let number = first.first().map_or("", |(_, text)| text.as_str());
    let mut line = terminal.paint(Style::Quiet, &format!("{number:>first_cells$}")) + &" ".repeat(GAP);
    let mut used = 0;
    for (style, text) in middle.iter().flatten() {
        for (k, part) in wrap(text, room).iter().enumerate() {
            if used > 0 && (k > 0 || used + GAP + width(part) > room) {
                let _ = writeln!(out, "{line}");
                line = " ".repeat(indent);
                used = 0;
            }
            let gap = if used > 0 { GAP } else { 0 };
            line = line + &" ".repeat(gap) + &terminal.paint(*style, part);
            used += gap + width(part);
        }
    }
    let _ = writeln!(out, "{line}");
    for (style, text) in last {
        for line in wrap(text, room - GAP) {
            let _ = writeln!(out, "{}{}", " ".repeat(indent + GAP), terminal.paint(*style, &line));
        }
    }
    out.push('\n');
}

/// A paragraph under a mark: `! S0201 …`, its further lines indented.
pub(crate) fn paragraph(out: &mut String, style: Style, text: &str, terminal: Terminal, mark: &str) {
    for (k, line) in wrap(text, terminal.width.saturating_sub(width(mark))).iter().enumerate() {
        let mark = if k == 0 { mark.to_owned() } else { " ".repeat(width(mark)) };
        let _ = writeln!(out, "{}", terminal.paint(style, &format!("{mark}{line}")));
    }
}
