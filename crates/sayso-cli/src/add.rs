//! `sayso add`: captures and readings into the ledger.
//!
//! In: files and folders. Out: nothing but the ledger, and a sentence about what became of them. May not happen: a report
//! kept by half, the same thing kept twice, one bad input that keeps another out.

use std::path::Path;

use sayso::intake::{Hints, Source, read_source};
use sayso::notice::{Code, Notice};
use sayso::weigh::Entry;
use sayso_ledger::{Added, Capture, Sqlite, Store};
use sha2::{Digest, Sha256};

use crate::batch::Batch;
use crate::inputs::{STDIN, bytes_of, shown, total_bytes};
use crate::ledger::Place;
use crate::messages::Messages;
use crate::text::count;
use crate::{Outcome, output, time};

/// Put reports into a case: keep their bytes, read them, and remember both.
///
/// Takes what `sayso read` takes, and whole folders. Adding the same thing again changes nothing, so an interrupted run is
/// simply run again.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso add --case raid samples/maktaaral-raid    every report in a folder
  sayso add --case raid page.html corpus.jsonl
  curl -s https://example.org/news | sayso add --case raid - --outlet Example --published 2025-03-04")]
pub(crate) struct Args {
    /// Files and folders to add; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// When the reports were published, instead of what they say themselves
    #[arg(long, value_name = "DATE", value_parser = time::date)]
    published: Option<String>,
    /// Who published the reports, instead of what they say themselves
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// How many threads to use; all cores when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let mut folders = Vec::new();
    let files: Vec<String> = args.files.iter().flat_map(|file| expanded(file, &mut folders)).collect();
    let batch = Batch::new(args.threads)?;
    let reader = batch.version();
    let mut run = Run {
        batch,
        reader,
        store: place.open()?,
        case: place.case.clone(),
        messages: Messages::new(total_bytes(&files)),
        whole: Vec::new(),
        new: 0,
        known: 0,
        unchanged: 0,
        bytes_done: 0,
    };
    folders.iter().for_each(|(folder, notice)| run.messages.notice(folder, notice));
    let hints = Hints { published: args.published.clone(), outlet: args.outlet.clone(), ..Hints::default() };
    for file in &files {
        run.file(file, &hints)?;
    }
    run.flush()?;
    let mut parts = vec![format!("{} added to case {}", count(run.new, "report"), place.case)];
    parts.extend((run.known > 0).then(|| format!("{} there already", count(run.known, "report"))));
    parts.extend((run.unchanged > 0).then(|| format!("{} not changed since", count(run.unchanged, "input"))));
    let outcome = run.messages.finish();
    output::text(&format!("{}.\n", parts.join("; ")))?;
    Ok(outcome)
}

/// A folder's files in order, hidden ones left out; anything else as it is.
fn expanded(file: &str, unread: &mut Vec<(String, Notice)>) -> Vec<String> {
    if file == STDIN || !Path::new(file).is_dir() {
        return vec![file.to_owned()];
    }
    let Ok(inside) = std::fs::read_dir(file) else {
        unread.push((file.to_owned(), Notice::new(Code::Unreadable, format!("{file} could not be looked into."))));
        return Vec::new();
    };
    let mut paths: Vec<String> = inside
        .filter_map(|entry| {
            let entry = entry.ok()?;
            // A link to a folder above would never end.
            let followed = !entry.file_type().ok()?.is_symlink() || !entry.path().is_dir();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            (followed && !hidden).then(|| entry.path().to_string_lossy().into_owned())
        })
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| expanded(path, unread)).collect()
}

/// An addition under way.
struct Run {
    batch: Batch,
    reader: String,
    store: Sqlite,
    case: String,
    messages: Messages,
    /// Captures all of whose reports are in the batch or the ledger: hash and source.
    whole: Vec<(String, String)>,
    new: usize,
    known: usize,
    unchanged: usize,
    bytes_done: u64,
}

impl Run {
    fn file(&mut self, file: &str, hints: &Hints) -> anyhow::Result<()> {
        let bytes = match bytes_of(file) {
            Ok(bytes) => bytes,
            Err(notice) => {
                self.messages.notice(file, &notice);
                return Ok(());
            }
        };
        let name = shown(file);
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.bytes_done += bytes.len() as u64;
        if self.store.has(&self.case, &sha256, name, &self.reader)? {
            self.unchanged += 1;
            self.messages.progress(self.bytes_done, self.new + self.known);
            return Ok(());
        }
        let fetched = time::now();
        self.store.keep(&Capture { bytes: &bytes, source: name, fetched: Some(&fetched), headers: None })?;
        let mut lost = false;
        let source = Source { name, bytes: &bytes, hints: hints.clone() };
        for item in read_source(&source) {
            match item {
                Ok(report) => {
                    if self.batch.push(report) {
                        self.flush()?;
                    }
                }
                Err(notice) => {
                    self.messages.notice(file, &notice);
                    lost = true;
                }
            }
        }
        // What was lost is named again next time: a newer program may read it.
        if !lost {
            self.whole.push((sha256, name.to_owned()));
        }
        Ok(())
    }

    /// Reads what waits and puts it into the ledger, report by report.
    fn flush(&mut self) -> anyhow::Result<()> {
        for (report, reading, ()) in self.batch.read(|_, _, _| ()) {
            reading.notices.iter().for_each(|notice| self.messages.notice(&report.source, notice));
            match self.store.put(&self.case, &Entry { report, reading }, &self.reader)? {
                Added::New => self.new += 1,
                Added::Known => self.known += 1,
            }
        }
        for (sha256, source) in self.whole.drain(..) {
            self.store.done(&self.case, &sha256, &source, &self.reader)?;
        }
        self.messages.progress(self.bytes_done, self.new + self.known);
        Ok(())
    }
}
