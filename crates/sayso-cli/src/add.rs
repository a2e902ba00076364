//! `sayso add`: captures and readings into the ledger.
//!
//! In: files, folders, standard input and URLs. Out: nothing but the ledger, and a sentence about what became of them. May not happen: a
//! report kept by half, the same thing kept twice, one bad input that keeps another out, memory that grows with the inputs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sayso::intake::redact::back;
use sayso::intake::{Hints, Source, read_source, see};
use sayso::notice::{Code, Notice};
use sayso::report::Report;
use sayso::span::Span;
use sayso::weigh::Entry;
use sayso::weigh::decision::Decision;
use sayso_ledger::{Added, Capture, Ledger};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::batch::{Batch, Model};
use crate::beside::Beside;
use crate::fetch::{Limits, Page, Reach, fetch, is_url};
use crate::inputs::{Told, files, shown, total_bytes};
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
    #[command(flatten)]
    told: Told,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    form: Shape,
    #[command(flatten)]
    own: Own,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let (mut inputs, mut folders) = (Vec::new(), Vec::new());
    for input in files(&args.inputs) {
        match input {
            Ok(file) => inputs.push(file),
            Err(folder) => folders.push(folder),
        }
    }
    let bytes = if inputs.iter().any(|input| is_url(input)) { None } else { total_bytes(&inputs) };
    let own = args.own.add()?;
    let batch = Batch::new(args.told.threads, Model::default())?;
    let mut messages = Messages::new(bytes);
    folders.iter().for_each(|(folder, notice)| messages.notice(folder, notice));
    let mut run = Run::new(place.open()?, &place.case, batch, &own, &mut messages);
    run.hints = args.told.hints();
    run.limits = args.limits;
    // Pictures come last: by then it is known which of them a page shows.
    let (pictures, inputs): (Vec<String>, Vec<String>) = inputs.into_iter().partition(|input| is_picture(input));
    run.shown = (!pictures.is_empty()).then(BTreeSet::new);
    let done = inputs.iter().chain(&pictures).try_for_each(|input| run.input(input)).and_then(|()| run.flush());
    done.with_context(|| format!("{} added to case {}, then", count(run.counts.new, "report"), place.case))?;
    let Counts { new, known, unchanged } = run.counts;
    let outcome = messages.finish();
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

/// Whether a file is called like a picture.
fn is_picture(file: &str) -> bool {
    const ENDINGS: [&str; 8] = ["avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "webp"];
    let ending = Path::new(file).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    !is_url(file) && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// A path as it is, however it was typed.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Who hears how an addition goes.
pub(crate) trait Listener {
    /// Something noteworthy about an input.
    fn notice(&mut self, source: &str, notice: &Notice);
    /// So many bytes of the inputs and so many reports are done.
    fn progress(&mut self, bytes: u64, reports: usize);
}

/// What an addition came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Reports that are new.
    pub(crate) new: usize,
    /// Reports that were there already.
    pub(crate) known: usize,
    /// Inputs that were read before and have not changed.
    pub(crate) unchanged: usize,
}

/// A report out of which words were taken.
struct Gone {
    report: String,
    /// As it is now.
    text: String,
    /// Where the words stood.
    spans: Vec<Span>,
    /// When they were taken out.
    at: String,
}

/// An addition under way. What waits is in the ledger only after `flush`.
pub(crate) struct Run<'a> {
    batch: Batch,
    reader: String,
    store: Ledger,
    case: String,
    listener: &'a mut dyn Listener,
    /// What is known about the inputs, instead of what they say themselves.
    pub(crate) hints: Hints,
    /// For URLs.
    pub(crate) limits: Limits,
    /// For URLs.
    pub(crate) reach: Reach,
    /// What is published later is published in the future.
    soon: String,
    /// The captures of the reports that wait, by their hash.
    cut_from: Vec<String>,
    /// Captures all of whose reports wait or are in the ledger: hash and source.
    whole: Vec<(String, String)>,
    pub(crate) counts: Counts,
    bytes_done: u64,
    /// Reports of the case out of which words were taken; none before it was asked.
    gone: Option<Vec<Gone>>,
    /// Pictures that lie beside pages and that those show; none where nobody asks.
    shown: Option<BTreeSet<PathBuf>>,
}

impl<'a> Run<'a> {
    /// An addition to a case. `own` marks the user's own lists, empty for none.
    pub(crate) fn new(store: Ledger, case: &str, batch: Batch, own: &str, listener: &'a mut dyn Listener) -> Self {
        Self {
            reader: format!("{}{own}", batch.version()),
            batch,
            store,
            case: case.to_owned(),
            listener,
            hints: Hints::default(),
            limits: Limits::default(),
            reach: Reach::default(),
            soon: time::tomorrow(),
            cut_from: Vec::new(),
            whole: Vec::new(),
            counts: Counts::default(),
            bytes_done: 0,
            gone: None,
            shown: None,
        }
    }

    /// Bytes that came from elsewhere, such as a file that was uploaded.
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let now = time::now();
        let capture = Capture { bytes, source: name, fetched: Some(&now), headers: None };
        self.capture(&capture, self.hints.clone(), &Beside::nothing())
    }

    /// One file, standard input or URL.
    pub(crate) fn input(&mut self, input: &str) -> anyhow::Result<()> {
        let taken = if is_url(input) { self.page(input) } else { self.file(input) };
        match taken? {
            Ok(()) => {}
            Err(notice) => self.listener.notice(input, &notice),
        }
        Ok(())
    }

    fn page(&mut self, url: &str) -> anyhow::Result<Result<(), Notice>> {
        match fetch(url, self.limits, self.reach) {
            Ok(page) => self.fetched(url, page).map(Ok),
            Err(notice) => Ok(Err(notice)),
        }
    }

    /// A page that was fetched.
    pub(crate) fn fetched(&mut self, url: &str, page: Page) -> anyhow::Result<()> {
        let hints = Hints { url: Some(page.url), content_type: page.content_type, ..self.hints.clone() };
        let (fetched, headers) = (Some(page.fetched.as_str()), Some(page.headers.as_str()));
        self.capture(&Capture { bytes: &page.bytes, source: url, fetched, headers }, hints, &Beside::nothing())
    }

    fn file(&mut self, file: &str) -> anyhow::Result<Result<(), Notice>> {
        if is_picture(file) && self.shown.as_ref().is_some_and(|shown| shown.contains(&whole(Path::new(file)))) {
            return Ok(Ok(()));
        }
        let beside = Beside::of(file);
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
            let hints = piece.hints(&self.hints);
            let now = time::now();
            let capture = Capture { bytes: &piece.bytes, source: shown(file), fetched: Some(&now), headers: None };
            self.capture(&capture, hints, &beside)?;
        }
    }

    /// Keeps a capture and takes in its reports; those that are in the case already are passed over.
    fn capture(&mut self, capture: &Capture<'_>, hints: Hints, beside: &Beside) -> anyhow::Result<()> {
        let name = capture.source;
        let sha256: String = Sha256::digest(capture.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.bytes_done += capture.bytes.len() as u64;
        if self.store.has(&self.case, &sha256, name, &self.reader)? {
            self.counts.unchanged += 1;
            self.listener.progress(self.bytes_done, self.counts.new + self.counts.known);
            if self.shown.is_some() {
                let source = Source { name, bytes: capture.bytes, hints };
                read_source(&source).flatten().for_each(|mut report| drop(self.look(&mut report, beside, name)));
            }
            return Ok(());
        }
        match self.store.keep(capture) {
            // In this ledger it stays without the words; whoever adds it again need not have known.
            Err(sayso_ledger::Error::Redacted(_)) => {
                let message = "Words were taken out of it for ever (`sayso log` tells by whom): as it is it is not taken in again.";
                self.listener.notice(name, &Notice::new(Code::Redacted, message));
                return Ok(());
            }
            kept => kept?,
        };
        let mut lost = false;
        for item in read_source(&Source { name, bytes: capture.bytes, hints }) {
            match item {
                Ok(mut report) => {
                    self.pictures(&mut report, beside, capture)?;
                    self.report(report, &sha256)?;
                }
                Err(notice) => {
                    self.listener.notice(name, &notice);
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

    /// Takes in the pictures that lie beside an input, each kept as a capture of its own.
    fn pictures(&mut self, report: &mut Report, beside: &Beside, of: &Capture<'_>) -> anyhow::Result<()> {
        for (address, path, bytes) in self.look(report, beside, of.source) {
            if report.pictures.iter().any(|picture| picture.source == address) {
                let source = path.to_string_lossy();
                self.store.keep(&Capture { bytes: &bytes, source: &source, fetched: of.fetched, headers: None })?;
            }
        }
        Ok(())
    }

    /// The same without keeping them: each with its address, its path and its bytes.
    fn look(&mut self, report: &mut Report, beside: &Beside, source: &str) -> Vec<(String, PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        see(report, |address| {
            let (path, bytes) = beside.file(address)?;
            found.push((address.to_owned(), Path::new(source).with_file_name(path), bytes.clone()));
            Some(bytes.into())
        });
        if let Some(shown) = &mut self.shown {
            shown.extend(found.iter().map(|(_, path, _)| whole(path)));
        }
        found
    }

    fn report(&mut self, report: Report, capture: &str) -> anyhow::Result<()> {
        if let Some(date) = report.published.as_ref().filter(|date| **date > self.soon) {
            let message =
                format!("It says that it was published on {date}, in the future: --published sets another date.");
            self.listener.notice(&report.source, &Notice::new(Code::Future, message));
        }
        if self.store.knows(&self.case, &self.reader, capture, &report)? {
            self.counts.known += 1;
            return Ok(());
        }
        self.ask_what_is_gone()?;
        for Gone { report: other, text, spans, at } in self.gone.iter().flatten() {
            if let Some(span) = back(&report.text, text, spans).first() {
                let message = format!(
                    "It has words where they were taken out of report {other} on {at}, in the same sentence: if they are the same, `sayso redact` takes them out here, too."
                );
                let notice = Notice::new(Code::Back, message).at(*span);
                self.listener.notice(&report.source, &notice);
                break;
            }
        }
        self.cut_from.push(capture.to_owned());
        if self.batch.push(report) { self.flush() } else { Ok(()) }
    }

    /// The reports of the case out of which words were taken: asked for once.
    fn ask_what_is_gone(&mut self) -> anyhow::Result<()> {
        if self.gone.is_some() {
            return Ok(());
        }
        let mut gone: Vec<Gone> = Vec::new();
        for line in self.store.journal(&self.case)? {
            let Decision::Redact { report, mut spans, .. } = line.decision else { continue };
            let known = gone.iter_mut().find(|gone| gone.report == report);
            match known {
                Some(gone) => gone.spans.append(&mut spans),
                None => gone.push(Gone { report, text: String::new(), spans, at: line.at }),
            }
        }
        gone.iter_mut().for_each(|gone| gone.spans.sort());
        if !gone.is_empty() {
            for entry in self.store.entries(&self.case)? {
                if let Some(gone) = gone.iter_mut().find(|gone| gone.report == entry.report.id) {
                    gone.text = entry.report.text;
                }
            }
        }
        self.gone = Some(gone);
        Ok(())
    }

    /// Reads what waits and puts it into the ledger, all of it or nothing.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
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
            reading.notices.iter().for_each(|notice| self.listener.notice(&report.source, notice));
            tracing::info!(report = report.id, "kept");
            match added {
                Added::New => self.counts.new += 1,
                Added::Known => self.counts.known += 1,
                Added::NewAs(id) => {
                    self.counts.new += 1;
                    let message =
                        format!("Another report of the case has the id {}: this one is kept as {id}.", report.id);
                    self.listener.notice(&report.source, &Notice::new(Code::SameId, message));
                }
            }
        }
        for (sha256, source) in self.whole.drain(..) {
            self.store.done(&self.case, &sha256, &source, &self.reader)?;
        }
        self.listener.progress(self.bytes_done, self.counts.new + self.counts.known);
        Ok(())
    }
}
