//! `sayso add`: captures and readings into the ledger.
//!
//! In: files, folders, standard input and URLs. Out: nothing but the ledger, and a sentence about what became of them. May not happen: a
//! report kept by half, the same thing kept twice, one bad input that keeps another out, memory that grows with the inputs.

use std::path::Path;

use anyhow::Context;
use sayso::intake::{Hints, Source, read_source};
use sayso::model::Engine;
use sayso::notice::{Code, Notice};
use sayso::report::Report;
use sayso::weigh::Entry;
use sayso_ledger::{Added, Capture, Sqlite, Store};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::batch::Batch;
use crate::fetch::{Limits, fetch, is_url};
use crate::inputs::{STDIN, shown, total_bytes};
use crate::ledger::{Place, Shape};
use crate::lists::Own;
use crate::messages::Messages;
use crate::pieces::Pieces;
use crate::text::count;
use crate::{Outcome, output, time};

/// Put reports into a case: keep their bytes, read them, and remember both.
///
/// Takes what `sayso read` takes, whole folders, and URLs of pages and feeds, each asked for once. Adding the same thing again changes
/// nothing, so an interrupted run is simply run again: it goes on where it stopped.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso add --case raid samples/maktaaral-raid    every report in a folder
  sayso add --case raid page.html corpus.jsonl result.json archive.warc.gz
  sayso add --case raid https://example.org/news/raid https://example.org/feed.xml
  sayso add --case raid saved.txt --outlet Example --published 2025-03-04")]
pub(crate) struct Args {
    /// Files, folders and URLs to add; - is standard input
    #[arg(required = true, value_name = "FILE|DIR|URL")]
    inputs: Vec<String>,
    /// When the reports were published, instead of what they say themselves
    #[arg(long, value_name = "DATE", value_parser = time::date)]
    published: Option<String>,
    /// Who published the reports, instead of what they say themselves
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// How many threads to use; all cores when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    form: Shape,
    #[command(flatten)]
    own: Own,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let mut folders = Vec::new();
    let inputs: Vec<String> = args.inputs.iter().flat_map(|input| expanded(input, &mut folders)).collect();
    let bytes = if inputs.iter().any(|input| is_url(input)) { None } else { total_bytes(&inputs) };
    let own = args.own.add()?;
    let batch = Batch::new(args.threads, Engine::default())?;
    let mut run = Run {
        reader: format!("{}{own}", batch.version()),
        batch,
        store: place.open()?,
        case: place.case.clone(),
        messages: Messages::new(bytes),
        hints: Hints { published: args.published.clone(), outlet: args.outlet.clone(), ..Hints::default() },
        limits: args.limits,
        soon: time::tomorrow(),
        cut_from: Vec::new(),
        whole: Vec::new(),
        new: 0,
        known: 0,
        unchanged: 0,
        bytes_done: 0,
    };
    folders.iter().for_each(|(folder, notice)| run.messages.notice(folder, notice));
    let done = inputs.iter().try_for_each(|input| run.input(input)).and_then(|()| run.flush());
    done.with_context(|| format!("{} added to case {}, then", count(run.new, "report"), place.case))?;
    let (new, known, unchanged) = (run.new, run.known, run.unchanged);
    let outcome = run.messages.finish();
    if args.form.is_json() {
        output::json(&json!({"case": place.case, "added": new, "known": known, "inputs_unchanged": unchanged}))?;
        return Ok(outcome);
    }
    let mut parts = vec![format!("{} added to case {}", count(new, "report"), place.case)];
    parts.extend((known > 0).then(|| format!("{} there already", count(known, "report"))));
    parts.extend((unchanged > 0).then(|| format!("{} not changed since", count(unchanged, "input"))));
    output::text(&format!("{}.\n", parts.join("; ")))?;
    Ok(outcome)
}

/// A folder's files in order, hidden ones left out; anything else as it is.
fn expanded(file: &str, unread: &mut Vec<(String, Notice)>) -> Vec<String> {
    if file == STDIN || is_url(file) || !Path::new(file).is_dir() {
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
    hints: Hints,
    limits: Limits,
    /// What is published later is published in the future.
    soon: String,
    /// The captures of the reports that wait, by their hash.
    cut_from: Vec<String>,
    /// Captures all of whose reports wait or are in the ledger: hash and source.
    whole: Vec<(String, String)>,
    new: usize,
    known: usize,
    unchanged: usize,
    bytes_done: u64,
}

impl Run {
    /// One file, standard input or URL.
    fn input(&mut self, input: &str) -> anyhow::Result<()> {
        let taken = if is_url(input) { self.page(input) } else { self.file(input) };
        match taken? {
            Ok(()) => {}
            Err(notice) => self.messages.notice(input, &notice),
        }
        Ok(())
    }

    fn page(&mut self, url: &str) -> anyhow::Result<Result<(), Notice>> {
        let page = match fetch(url, self.limits) {
            Ok(page) => page,
            Err(notice) => return Ok(Err(notice)),
        };
        let hints = Hints { url: Some(page.url), content_type: page.content_type, ..self.hints.clone() };
        let (fetched, headers) = (Some(page.fetched.as_str()), Some(page.headers.as_str()));
        self.capture(&Capture { bytes: &page.bytes, source: url, fetched, headers }, hints).map(Ok)
    }

    fn file(&mut self, file: &str) -> anyhow::Result<Result<(), Notice>> {
        let mut pieces = match Pieces::open(file) {
            Ok(pieces) => pieces,
            Err(notice) => return Ok(Err(notice)),
        };
        loop {
            let piece = match pieces.next() {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(Ok(())),
                Err(notice) => return Ok(Err(notice)),
            };
            let hints = Hints { lines_before: piece.lines_before, ..self.hints.clone() };
            let now = time::now();
            let capture = Capture { bytes: &piece.bytes, source: shown(file), fetched: Some(&now), headers: None };
            self.capture(&capture, hints)?;
        }
    }

    /// Keeps a capture and takes in its reports; those that are in the case already are passed over.
    fn capture(&mut self, capture: &Capture<'_>, hints: Hints) -> anyhow::Result<()> {
        let name = capture.source;
        let sha256: String = Sha256::digest(capture.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.bytes_done += capture.bytes.len() as u64;
        if self.store.has(&self.case, &sha256, name, &self.reader)? {
            self.unchanged += 1;
            self.messages.progress(self.bytes_done, self.new + self.known);
            return Ok(());
        }
        self.store.keep(capture)?;
        let mut lost = false;
        for item in read_source(&Source { name, bytes: capture.bytes, hints }) {
            match item {
                Ok(report) => self.report(report, &sha256)?,
                Err(notice) => {
                    self.messages.notice(name, &notice);
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

    fn report(&mut self, report: Report, capture: &str) -> anyhow::Result<()> {
        if let Some(date) = report.published.as_ref().filter(|date| **date > self.soon) {
            let message =
                format!("It says that it was published on {date}, in the future: --published sets another date.");
            self.messages.notice(&report.source, &Notice::new(Code::Future, message));
        }
        if self.store.knows(&self.case, &self.reader, capture, &report)? {
            self.known += 1;
            return Ok(());
        }
        self.cut_from.push(capture.to_owned());
        if self.batch.push(report) { self.flush() } else { Ok(()) }
    }

    /// Reads what waits and puts it into the ledger, all of it or nothing.
    fn flush(&mut self) -> anyhow::Result<()> {
        let entries: Vec<Entry> = self
            .batch
            .read(None, |_, _, _| ())
            .into_iter()
            .map(|(report, reading, ())| Entry { report, reading })
            .collect();
        let captures = std::mem::take(&mut self.cut_from);
        let reports: Vec<(&str, &Entry)> = captures.iter().map(String::as_str).zip(&entries).collect();
        let added = self.store.put(&self.case, &self.reader, &reports)?;
        for (Entry { report, reading }, added) in entries.iter().zip(added) {
            reading.notices.iter().for_each(|notice| self.messages.notice(&report.source, notice));
            tracing::info!(report = report.id, "kept");
            match added {
                Added::New => self.new += 1,
                Added::Known => self.known += 1,
                Added::NewAs(id) => {
                    self.new += 1;
                    let message =
                        format!("Another report of the case has the id {}: this one is kept as {id}.", report.id);
                    self.messages.notice(&report.source, &Notice::new(Code::SameId, message));
                }
            }
        }
        for (sha256, source) in self.whole.drain(..) {
            self.store.done(&self.case, &sha256, &source, &self.reader)?;
        }
        self.messages.progress(self.bytes_done, self.new + self.known);
        Ok(())
    }
}
