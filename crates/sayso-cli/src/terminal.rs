//! What the terminal can do: its width, and whether it wants colour.

use std::io::IsTerminal;

/// Lines longer than this tire the eye.
const WIDEST: usize = 120;
/// Narrower than this, words no longer fit.
const NARROWEST: usize = 40;

/// How to print on standard output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Cells in a line.
    pub(crate) width: usize,
    /// Whether colours and weights may be used.
    pub(crate) colour: bool,
}

impl Terminal {
    /// Standard output as it is. A pipe gets 100 cells (or `COLUMNS`) and no colour; `NO_COLOR` is respected.
    pub(crate) fn stdout() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let measured = is_terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self { width: measured.or(asked).unwrap_or(100).clamp(NARROWEST, WIDEST), colour: is_terminal && !plain }
    }

    /// `text` in a style, or as it is where colour is not wanted.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", style.code()) } else { text.to_owned() }
    }
}

/// The few ways in which words are set off. Weight first, colour second: both are lost in a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// Titles and names.
    Strong,
    /// What may be passed over.
    Quiet,
    /// An act that is more than saying.
    Act,
    /// An act against a statement, a hedge, a notice.
    Caution,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Strong => "1",
            Self::Quiet => "2",
            Self::Act => "36",
            Self::Caution => "33",
        }
    }
}
