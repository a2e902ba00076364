//! A reading for the eye: the report's head, then one row a statement.
//!
//! In: a [`Page`]. Out: text of at most the terminal's width. May not happen: a statement left out, a word cut.

use std::fmt::Write;

use sayso::reading::{Act, Attribution, Kind};

use super::statement::{Page, act_word, is_against};
use crate::columns::{self, Column, Row, paragraph};
use crate::terminal::{Style, Terminal};
use crate::text::clean;

/// Renders one report.
pub(crate) fn render(page: Page<'_>, terminal: Terminal) -> String {
    let mut out = head(page, terminal);
    let rows: Vec<Row> = page.reading.attributions.iter().map(|statement| row(page, statement)).collect();
    if rows.is_empty() {
        out.push_str("No statements were found in it.\n");
    } else {
        let columns =
            [Column::fixed("¶", 3), Column::share("WHO", 22), Column::share("HOW", 18), Column::share("WHAT", 0)];
        out.push_str(&columns::render(&columns, &rows, terminal));
    }
    for picture in &page.report.pictures {
        paragraph(&mut out, Style::Quiet, &clean(&format!("picture: {picture}")), terminal, "▣ ");
    }
    for notice in &page.reading.notices {
        let text = clean(&format!("{} {}", notice.code.as_str(), notice.message));
        paragraph(&mut out, Style::Caution, &text, terminal, "! ");
    }
    out
}

/// Title, outlet, date, place, and how much was found.
fn head(page: Page<'_>, terminal: Terminal) -> String {
    let mut out = String::new();
    if let Some(title) = &page.report.title {
        paragraph(&mut out, Style::Strong, &clean(title), terminal, "");
    }
    paragraph(&mut out, Style::Plain, &clean(&page.origin().join(" · ")), terminal, "");
    paragraph(&mut out, Style::Quiet, &page.summary(), terminal, "");
    let _ = writeln!(out, "{}", terminal.paint(Style::Quiet, &"─".repeat(terminal.width)));
    out
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
    let what = (if own { Style::Quiet } else { Style::Plain }, what);
    vec![vec![(Style::Quiet, page.paragraph(statement))], who, how, vec![what]]
}

fn act_style(act: Act) -> Style {
    match act {
        Act::Asserts => Style::Plain,
        act if is_against(act) => Style::Caution,
        _ => Style::Act,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fixture;
    use crate::text::width;

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
