//! Through the questions one by one: single keys on a terminal, a line an answer otherwise.

use std::io::{BufRead, IsTerminal, StdinLock, Write};

use console::{Key, Term};

use super::suggest::Suggestion;
use super::{Desk, Names};
use crate::terminal::{Style, Terminal};
use crate::text::{clean, count};
use crate::{Outcome, columns, output};

const KEYS: &str = "y yes · n no · u unsure, ask again next time · b back · w why · z undo · q quit";

/// What was answered.
enum Answer {
    Yes,
    No,
    Unsure,
    Back,
    Why(String),
    Undo,
    Quit,
    Other,
}

/// Where answers come from.
enum Input {
    Keys(Term),
    Lines(StdinLock<'static>),
}

impl Input {
    fn new() -> Self {
        let term = Term::stdout();
        if std::io::stdin().is_terminal() && term.is_term() {
            Self::Keys(term)
        } else {
            Self::Lines(std::io::stdin().lock())
        }
    }

    /// The next answer; quitting when there is none.
    fn next(&mut self) -> anyhow::Result<Answer> {
        match self {
            Self::Keys(term) => {
                let key = match term.read_key()? {
                    Key::Char(key) => key,
                    Key::Escape | Key::CtrlC => 'q',
                    Key::ArrowLeft | Key::ArrowUp | Key::Backspace => 'b',
                    Key::ArrowRight | Key::ArrowDown | Key::Enter => 'u',
                    _ => '?',
                };
                output::text(&format!("{key}\n"))?;
                if key == 'w' {
                    output::text("why: ")?;
                    return Ok(Answer::Why(term.read_line()?.trim().to_owned()));
                }
                Ok(answer(&key.to_string()))
            }
            Self::Lines(lines) => {
                let mut line = String::new();
                if lines.read_line(&mut line)? == 0 {
                    return Ok(Answer::Quit);
                }
                Ok(answer(line.trim()))
            }
        }
    }

    fn prompt(&self) -> anyhow::Result<()> {
        if matches!(self, Self::Keys(_)) {
            output::text(&format!("{KEYS} > "))?;
        }
        Ok(())
    }
}

fn answer(typed: &str) -> Answer {
    match typed.split_once(' ').unwrap_or((typed, "")) {
        ("y" | "yes", _) => Answer::Yes,
        ("n" | "no", _) => Answer::No,
        ("u" | "", _) => Answer::Unsure,
        ("b", _) => Answer::Back,
        ("w", why) => Answer::Why(why.trim().to_owned()),
        ("z" | "undo", _) => Answer::Undo,
        ("q" | "quit", _) => Answer::Quit,
        _ => Answer::Other,
    }
}

/// Asks until there are no more questions or the person has had enough.
pub(super) fn run(waiting: &[Suggestion], desk: &mut Desk, names: &Names<'_>) -> anyhow::Result<Outcome> {
    let terminal = Terminal::stdout();
    let mut input = Input::new();
    // Numbers in the journal, with the question each answered.
    let mut made: Vec<(u64, usize)> = Vec::new();
    let mut at = 0;
    let mut shown = None;
    while let Some(suggestion) = waiting.get(at) {
        if shown != Some(at) {
            output::text(&question(suggestion, (at + 1, waiting.len()), terminal))?;
            shown = Some(at);
        }
        input.prompt()?;
        let decision = match input.next()? {
            Answer::Yes => suggestion.yes.clone(),
            Answer::No => suggestion.no.clone(),
            Answer::Unsure => {
                at += 1;
                continue;
            }
            Answer::Back => {
                at = at.saturating_sub(1);
                continue;
            }
            Answer::Why(why) => {
                output::text("That is the reason from now on.\n")?;
                desk.why = why;
                continue;
            }
            Answer::Undo => {
                match made.pop() {
                    Some((line, question)) => {
                        desk.undo(line)?;
                        output::text(&format!("undid decision {line}\n"))?;
                        at = question;
                    }
                    None => output::text("There is nothing to undo.\n")?,
                }
                continue;
            }
            Answer::Quit => break,
            Answer::Other => {
                output::text(&format!("{KEYS}\n"))?;
                continue;
            }
        };
        let number = desk.decide(decision.clone())?;
        output::text(&format!("{number}. {}\n", clean(&names.sentence(&decision))))?;
        made.push((number, at));
        at += 1;
    }
    let left = waiting.len() - at.min(waiting.len());
    output::text(&format!("{} made; {left} left.\n", count(made.len(), "decision")))?;
    std::io::stdout().flush()?;
    Ok(Outcome::Done)
}

fn question(suggestion: &Suggestion, (at, of): (usize, usize), terminal: Terminal) -> String {
    let mut out = String::new();
    let about = suggestion.about.word();
    out.push('\n');
    columns::paragraph(&mut out, Style::Quiet, &format!("{at} of {of} · {about}"), terminal, "");
    columns::paragraph(&mut out, Style::Strong, &clean(&suggestion.question), terminal, "");
    for line in &suggestion.because {
        columns::paragraph(&mut out, Style::Plain, &clean(line), terminal, "  ");
    }
    out
}
