//! `sayso read`: what reports say, on whose say-so. No ledger.
//!
//! In: files, or standard input. Out: one rendering a report, in the order of the inputs whatever the number of
//! threads, in bounded memory. May not happen: one bad input that keeps another from being read.

mod html;
mod statement;
mod table;

use std::io::{BufWriter, Write};

use anyhow::Context;
use clap::ValueEnum;
use rayon::prelude::*;
use sayso::json::Record;
use sayso::notice::Notice;
use sayso::read::Reader;
use sayso::report::Report;

use crate::Outcome;
use crate::inputs::{Inputs, Item, Known};
use crate::messages::{Messages, is_loss};
use crate::terminal::Terminal;
use statement::Page;

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
    /// When the reports were published (2025-03-04 or 2025-03-04T09:10:00Z), where they do not say
    #[arg(long, value_name = "DATE", value_parser = date)]
    published: Option<String>,
    /// Who published the reports, where they do not say
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// How many threads to use; all cores when left out. The output is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
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

/// A date or a moment, as the command line takes it.
fn date(value: &str) -> Result<String, String> {
    if value.parse::<jiff::civil::Date>().is_ok() && !value.contains('T') {
        return Ok(value.to_owned());
    }
    let moment: Result<jiff::Timestamp, _> = value.parse();
    moment.map(|moment| moment.to_string()).map_err(|_| "write 2025-03-04 or 2025-03-04T09:10:00Z".to_owned())
}

/// Reports read at a time: enough to keep every thread busy, few enough to keep memory flat.
const BATCH_PER_THREAD: usize = 8;
/// And no more text than this at a time.
const BATCH_BYTES: usize = 8 << 20;

/// Reads all inputs and prints what they say.
pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.map_or(0, usize::from))
        .build()
        .context("no threads could be started")?;
    let known = Known { published: args.published.clone(), outlet: args.outlet.clone() };
    let mut inputs = Inputs::new(&args.files, known);
    let mut messages = Messages::new(inputs.bytes());
    let reader = Reader::new();
    let printer = Printer { format: args.format, terminal: Terminal::stdout() };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut done = 0;
    out.write_all(printer.head().as_bytes())?;
    loop {
        let batch = next_batch(&mut inputs, &mut messages, pool.current_num_threads() * BATCH_PER_THREAD);
        let Some(batch) = batch else { break };
        let read = |(k, report): (usize, &Report)| {
            let reading = reader.read(report);
            (printer.print(Page { report, reading: &reading }, done + k), reading.notices)
        };
        let read: Vec<(String, Vec<Notice>)> = pool.install(|| batch.par_iter().enumerate().map(read).collect());
        for (report, (printed, notices)) in batch.iter().zip(&read) {
            messages.aside(|| out.write_all(printed.as_bytes()))?;
            notices.iter().for_each(|notice| messages.notice(&report.source, notice));
        }
        done += batch.len();
        messages.aside(|| out.flush())?;
        messages.progress(inputs.bytes_done(), done);
    }
    out.write_all(printer.foot(done).as_bytes())?;
    out.flush()?;
    Ok(messages.finish())
}

/// The next reports; nothing when the inputs have ended.
fn next_batch(inputs: &mut Inputs, messages: &mut Messages, most: usize) -> Option<Vec<Report>> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while batch.len() < most && bytes < BATCH_BYTES {
        match inputs.next() {
            Some(Item::Report(report)) => {
                bytes += report.text.len();
                batch.push(*report);
            }
            Some(Item::Notice(source, notice)) => messages.notice(&source, &notice),
            None if batch.is_empty() => return None,
            None => break,
        }
    }
    Some(batch)
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
mod fixture;
