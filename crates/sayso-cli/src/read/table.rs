//! A reading for the eye: the report's head, then one row a statement.
//!
//! In: a [`Page`]. Out: text of at most the terminal's width. May not happen: a statement left out, a word cut.

use std::fmt::Write;

use sayso::reading::{Act, Attribution, Kind};

use super::statement::{Page, act_word, is_against};
use crate::terminal::{Style, Terminal};
use crate::text::{clean, width, wrap};

/// From this width on there are columns; below, who and how stand above what.
const COLUMNS_FROM: usize = 72;
/// Cells between two columns.
const GAP: usize = 2;
/// Cells of the paragraph's number.
const NUMBER: usize = 3;

/// Something to say in one style.
type Piece = (Style, String);

/// One statement, ready for either layout.
struct Row {
    paragraph: String,
    who: Vec<Piece>,
    how: Vec<Piece>,
    what: Piece,
}

/// Renders one report.
pub(crate) fn render(page: Page<'_>, terminal: Terminal) -> String {
    let mut out = head(page, terminal);
    let rows: Vec<Row> = page.reading.attributions.iter().map(|statement| row(page, statement)).collect();
    if rows.is_empty() {
        out.push_str("No statements were found in it.\n");
    } else if terminal.width < COLUMNS_FROM {
        rows.iter().for_each(|row| stacked(&mut out, row, terminal));
    } else {
        columns(&mut out, &rows, terminal);
    }
    for notice in &page.reading.notices {
        let text = clean(&format!("{} {}", notice.code.as_str(), notice.message));
        lines(&mut out, Style::Caution, &text, terminal, "! ");
    }
    out
}

/// Title, outlet, date, place, and how much was found.
fn head(page: Page<'_>, terminal: Terminal) -> String {
    let mut out = String::new();
    if let Some(title) = &page.report.title {
        lines(&mut out, Style::Strong, &clean(title), terminal, "");
    }
    lines(&mut out, Style::Plain, &clean(&page.origin().join(" · ")), terminal, "");
    lines(&mut out, Style::Quiet, &page.summary(), terminal, "");
    let _ = writeln!(out, "{}", terminal.paint(Style::Quiet, &"─".repeat(terminal.width)));
    out
}

fn lines(out: &mut String, style: Style, text: &str, terminal: Terminal, mark: &str) {
    for (k, line) in wrap(text, terminal.width - width(mark)).iter().enumerate() {
        let mark = if k == 0 { mark.to_owned() } else { " ".repeat(width(mark)) };
        let _ = writeln!(out, "{}", terminal.paint(style, &format!("{mark}{line}")));
    }
}

fn row(page: Page<'_>, statement: &Attribution) -> Row {
    let own = statement.kind == Kind::Voice;
    let mut who = match page.speaker(statement) {
        Some(name) => vec![(if own { Style::Quiet } else { Style::Strong }, clean(&name))],
        None => vec![(Style::Quiet, "(not said who)".to_owned())],
    };
    if let Some(chain) = page.chain(statement) {
        who.push((Style::Quiet, format!("via {}", clean(&chain))));
    }
    let mut how = Vec::new();
    if own {
        how.push((Style::Quiet, "own voice".to_owned()));
    } else if statement.act != Act::Asserts || statement.cue.is_empty() {
        // Plain saying needs no word of ours: what is more than that should catch the eye.
        how.push((act_style(statement.act), act_word(statement.act).to_owned()));
    }
    if !statement.cue.is_empty() {
        how.push((Style::Quiet, format!("“{}”", clean(&page.joined(&statement.cue)))));
    }
    for (words, owner) in page.hedges(statement) {
        how.push((Style::Caution, format!("~ {} ({owner})", clean(words))));
    }
    let what = if statement.content.is_empty() { "—".to_owned() } else { clean(&page.joined(&statement.content)) };
    Row { paragraph: page.paragraph(statement), who, how, what: (if own { Style::Quiet } else { Style::Plain }, what) }
}

fn act_style(act: Act) -> Style {
    match act {
        Act::Asserts => Style::Plain,
        act if is_against(act) => Style::Caution,
        _ => Style::Act,
    }
}

/// Narrow: who and how on as few lines as hold them, the statement below.
fn stacked(out: &mut String, row: &Row, terminal: Terminal) {
    let indent = NUMBER + GAP;
    let room = terminal.width - indent;
    let mut line = terminal.paint(Style::Quiet, &format!("{:>NUMBER$}", row.paragraph)) + &" ".repeat(GAP);
    let mut used = 0;
    for (style, text) in row.who.iter().chain(&row.how) {
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
    for line in wrap(&row.what.1, room - GAP) {
        let _ = writeln!(out, "{}{}", " ".repeat(indent + GAP), terminal.paint(row.what.0, &line));
    }
    out.push('\n');
}

/// Wide: four columns.
fn columns(out: &mut String, rows: &[Row], terminal: Terminal) {
    let room = terminal.width - NUMBER - 3 * GAP;
    let who = (room / 4).min(28);
    let how = (room / 5).min(20);
    let widths = [NUMBER, who, how, room - who - how];
    let heads = ["  ¶", "WHO", "HOW", "WHAT"].map(|head| vec![(Style::Quiet, head.to_owned())]);
    print_cells(out, &heads, widths, terminal);
    for row in rows {
        let cell = |pieces: &[Piece], width: usize| -> Vec<Piece> {
            pieces.iter().flat_map(|(style, text)| wrap(text, width).into_iter().map(|line| (*style, line))).collect()
        };
        let number = vec![(Style::Quiet, format!("{:>NUMBER$}", row.paragraph))];
        let what = std::slice::from_ref(&row.what);
        print_cells(out, &[number, cell(&row.who, who), cell(&row.how, how), cell(what, widths[3])], widths, terminal);
        out.push('\n');
    }
}

/// Prints cells side by side, line by line.
fn print_cells(out: &mut String, cells: &[Vec<Piece>; 4], widths: [usize; 4], terminal: Terminal) {
    for k in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        let mut line = String::new();
        let mut due = 0;
        for (cell, cells_wide) in cells.iter().zip(widths) {
            if let Some((style, text)) = cell.get(k) {
                line.push_str(&" ".repeat(due));
                line.push_str(&terminal.paint(*style, text));
                due = cells_wide.saturating_sub(width(text)) + GAP;
            } else {
                due += cells_wide + GAP;
            }
        }
        let _ = writeln!(out, "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fixture;

    fn table(width: usize, colour: bool) -> String {
        let (report, reading) = (fixture::report(), fixture::reading());
        render(Page { report: &report, reading: &reading }, Terminal { width, colour })
    }

    #[test]
    fn at_60_cells() {
        insta::assert_snapshot!(table(60, false));
    }

    #[test]
    fn at_80_cells() {
        insta::assert_snapshot!(table(80, false));
    }

    #[test]
    fn at_120_cells() {
        insta::assert_snapshot!(table(120, false));
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let plain = table(80, true)
            .split('\x1b')
            .enumerate()
            .map(|(k, part)| if k == 0 { part } else { part.split_once('m').unwrap().1 })
            .collect::<String>();
        assert_eq!(plain, table(80, false));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for wide in 40..=120 {
            for line in table(wide, false).lines() {
                assert!(width(line) <= wide, "{wide}: {line}");
            }
        }
    }
}
