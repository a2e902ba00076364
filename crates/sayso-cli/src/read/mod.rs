//! `sayso read`: what reports say, on whose say-so. No ledger.
//!
//! In: files, or standard input. Out: one rendering a report, in the order of the inputs whatever the number of
//! threads, in bounded memory. May not happen: one bad input that keeps another from being read.

mod html;
pub(crate) mod marks;
pub(crate) mod statement;
mod table;
mod timings;

use std::io::{BufWriter, StdoutLock, Write};

use clap::ValueEnum;
use sayso::intake::{Hints, Source, read_source, see};
use sayso::json::Record;

use crate::Outcome;
use crate::batch::{Batch, Model};
use crate::beside::Beside;
use crate::inputs::{Told, bytes_of, shown, total_bytes};
use crate::lists::Own;
use crate::messages::{Messages, is_loss, say};
use crate::terminal::Terminal;
use statement::Page;
pub(crate) use timings::Timings;

/// Read reports and show who says what in them.
///
/// Takes plain text, HTML pages and JSONL (one report a line, with id, text, and what else is known: published,
/// outlet, title, url). The format is found from the content. `-` is standard input.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files to read; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// How to print what was found
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    told: Told,
    /// Which model reads
    #[arg(long, value_enum, default_value_t = Model::Accurate)]
    model: Model,
    #[command(flatten)]
    own: Own,
    /// Say on standard error which question took how much of the time
    #[arg(long)]
    timings: bool,
}

const EXAMPLES: &str = "\
Examples:
  sayso read page.html
      a table: who, how, what, in which paragraph
  sayso read --format html page.html > reading.html
      one page for the browser, with every source, cue and content marked
  sayso read --format jsonl corpus.jsonl > readings.jsonl
      one object a report; offsets are code points of its text
  curl -s https://example.org/news | sayso read - --outlet Example --published 2025-03-04
      a report from standard input, with what it does not say itself";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Rows for the eye, as wide as the terminal
    Table,
    /// One indented array of all reports
    Json,
    /// One object a line, one line a report
    Jsonl,
    /// One self-contained page
    Html,
}

/// Reads all inputs and prints what they say.
pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let printer = Printer { format: args.format, terminal: Terminal::stdout() };
    args.own.add()?;
    let timings = args.timings.then(Timings::default);
    let mut run = Run {
        batch: Batch::new(args.told.threads, args.model)?,
        timings: timings.as_ref(),
        printer,
        messages: Messages::new(total_bytes(&args.files)),
        out: BufWriter::new(std::io::stdout().lock()),
        done: 0,
        bytes_done: 0,
    };
    run.out.write_all(run.printer.head().as_bytes())?;
    let hints = args.told.hints();
    for file in &args.files {
        run.file(file, &hints)?;
    }
    run.flush()?;
    run.out.write_all(run.printer.foot(run.done).as_bytes())?;
    run.out.flush()?;
    let outcome = run.messages.finish();
    timings.iter().for_each(|timings| say(&timings.table()));
    Ok(outcome)
}

/// A run under way.
struct Run<'a> {
    batch: Batch,
    timings: Option<&'a Timings>,
    printer: Printer,
    messages: Messages,
    out: BufWriter<StdoutLock<'a>>,
    done: usize,
    bytes_done: u64,
}

impl Run<'_> {
    /// Takes in every report of one input.
    fn file(&mut self, file: &str, hints: &Hints) -> std::io::Result<()> {
        let bytes = match bytes_of(file) {
            Ok(bytes) => bytes,
            Err(notice) => {
                self.flush()?;
                self.messages.notice(file, &notice);
                return Ok(());
            }
        };
        let beside = Beside::of(file);
        let source = Source { name: shown(file), bytes: &bytes, hints: hints.clone() };
        for item in read_source(&source) {
            match item {
                Ok(mut report) => {
                    see(&mut report, |address| beside.file(address).map(|(_, bytes)| bytes.into()));
                    if self.batch.push(report) {
                        self.flush()?;
                    }
                }
                Err(notice) => {
                    self.flush()?;
                    self.messages.notice(file, &notice);
                }
            }
        }
        self.bytes_done += bytes.len() as u64;
        self.messages.progress(self.bytes_done, self.done);
        Ok(())
    }

    /// Reads and prints what waits.
    fn flush(&mut self) -> std::io::Result<()> {
        let (printer, done) = (&self.printer, self.done);
        let read =
            self.batch.read(self.timings, |k, report, reading| printer.print(Page { report, reading }, done + k));
        for (report, reading, printed) in &read {
            self.messages.aside(|| self.out.write_all(printed.as_bytes()))?;
            reading.notices.iter().for_each(|notice| self.messages.notice(&report.source, notice));
        }
        self.done += read.len();
        self.messages.aside(|| self.out.flush())?;
        self.messages.progress(self.bytes_done, self.done);
        Ok(())
    }
}

/// Turns readings into the format asked for.
struct Printer {
    format: Format,
    terminal: Terminal,
}

impl Printer {
    fn head(&self) -> String {
        match self.format {
            Format::Html => html::head(),
            Format::Json => "[".to_owned(),
            Format::Table | Format::Jsonl => String::new(),
        }
    }

    /// One report, the `number`th of the run.
    fn print(&self, page: Page<'_>, number: usize) -> String {
        let nothing = page.report.text.is_empty() && page.report.notices.iter().any(|notice| is_loss(notice.code));
        match self.format {
            Format::Table if nothing => String::new(),
            Format::Html if nothing => String::new(),
            Format::Table => format!("{}{}", if number > 0 { "\n" } else { "" }, table::render(page, self.terminal)),
            Format::Html => html::report(page, number + 1),
            Format::Json => {
                let json = serde_json::to_string_pretty(&Record::new(page.report, page.reading)).unwrap_or_default();
                format!("{}\n{json}", if number > 0 { "," } else { "" })
            }
            Format::Jsonl => {
                let json = serde_json::to_string(&Record::new(page.report, page.reading)).unwrap_or_default();
                format!("{json}\n")
            }
        }
    }

    fn foot(&self, reports: usize) -> String {
        match self.format {
            Format::Html => html::foot(),
            Format::Json if reports == 0 => "]\n".to_owned(),
            Format::Json => "\n]\n".to_owned(),
            Format::Table | Format::Jsonl => String::new(),
        }
    }
}

#[cfg(test)]
pub(crate) mod fixture;
