//! `sayso bulk`: whole archives to Parquet, one table a kind.
//!
//! In: files and folders of any size. Out: a folder of tables, written unit by unit ([`units`], [`folder`]), the same bytes whatever the
//! number of threads and however often it was stopped. May not happen: an input that costs others; memory that grows with the inputs.

mod folder;
mod units;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Instant, UNIX_EPOCH};

use anyhow::Context;
use rayon::prelude::*;
use sayso::intake::{Hints, Source, read_row, read_source};
use sayso::notice::{Code, Notice};
use sayso::read::Reader;
use sayso::report::Report;
use sayso::tables::{Item, Names, flat};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::batch::{Model, threads};
use crate::inputs::{Files, Told, files};
use crate::lists::Own;
use crate::messages::{Messages, is_loss};
use crate::text::count;
use crate::{Outcome, output};
use folder::{Begun, Done, Folder};
use units::{Part, Unit, Units};

/// Read whole archives and write what they say as Parquet tables.
///
/// Takes Parquet files with a column text or html (and id, published, outlet, title, url where there are), JSONL, plain or packed by
/// gzip or zstd, WARC archives, and everything else that `sayso read` takes; whole folders of them. What is done stays done: the same
/// command goes on where it stopped. docs/formats.md describes the tables.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso bulk corpus.parquet -o readings/             ten tables: readings/attributions/*.parquet and others
  sayso bulk archive/ more.jsonl.zst crawl.warc.gz -o readings/
  sayso bulk archive/ -o readings/ --model fast      several times as fast, and misses more
  sayso bulk corpus.parquet --column text=body --column published=date -o readings/")]
pub(crate) struct Args {
    /// Files and folders to read
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<String>,
    /// The folder to write: new, or begun by the same command before
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// The column of Parquet files that holds what Sayso calls NAME, such as text=body; may be given again
    #[arg(long, value_name = "NAME=COLUMN")]
    column: Vec<String>,
    #[command(flatten)]
    told: Told,
    /// Which model reads
    #[arg(long, value_enum, default_value_t = Model::Accurate)]
    model: Model,
    #[command(flatten)]
    own: Own,
}

impl Args {
    /// What the tables depend on. A folder holds readings of one such set alone.
    fn begun(&self, reader: &Reader, own: &str, all: &Extent) -> Begun {
        let mut begun = Begun::new();
        let mut set = |name: &str, value: Value| begun.insert(name.to_owned(), value);
        set("version of sayso", env!("CARGO_PKG_VERSION").into());
        set("model", format!("{:?} {}", self.model, reader.model_version()).to_lowercase().into());
        set("set of lists", own.into());
        set("choice of columns", json!(self.column));
        let told = self.told.hints();
        set("date of publication", json!(told.published));
        set("outlet", json!(told.outlet));
        set("number of input files", all.files.into());
        set("size of the inputs in bytes", all.bytes.into());
        set("state of the input files", all.digest.as_str().into());
        begun
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut names = Names::default();
    args.column.iter().try_for_each(|pair| names.set(pair)).map_err(anyhow::Error::msg)?;
    let own = args.own.add()?;
    let reader = Reader::with(args.model.into());
    let pool = threads(args.told.threads)?;
    let all = Extent::of(files(&args.inputs));
    let folder = Folder::open(&args.out, &args.begun(&reader, &own, &all))?;
    let start = Instant::now();
    if let Some(done) = folder.finished() {
        return report(args, done, "done before");
    }
    let run = Run {
        reader,
        hints: args.told.hints(),
        folder,
        state: Mutex::new(State { messages: Messages::new(Some(all.bytes)), sum: Done::default(), bytes: 0, named: 0 }),
    };
    let units = Units::new(files(&args.inputs), names);
    let read = pool.install(|| units.par_bridge().try_for_each(|unit| run.unit(unit)));
    let state = run.state.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    state.messages.finish();
    read.context("what was done stays done: make room, or mend what is wrong, and run the same command again")?;
    run.folder.finish()?;
    let seconds = start.elapsed().as_secs_f64();
    let rate = state.sum.tokens as f64 / seconds.max(0.001);
    report(args, state.sum, &format!("{seconds:.1} seconds, {rate:.0} tokens a second"))
}

/// Says what came of it.
fn report(args: &Args, done: Done, how: &str) -> anyhow::Result<Outcome> {
    let reports = count(usize::try_from(done.reports)?, "report");
    let mut line = format!("{reports} in {} ({how})", args.out.display());
    if done.unread > 0 {
        line +=
            &format!("; {} not read, see the table notices", count(usize::try_from(done.unread)?, "input or record"));
    }
    output::text(&format!("{line}.\n"))?;
    Ok(if done.unread > 0 { Outcome::SomeUnread } else { Outcome::Done })
}

/// The inputs as they lie there.
struct Extent {
    files: u64,
    bytes: u64,
    /// Of names, sizes and times of change.
    digest: String,
}

impl Extent {
    fn of(inputs: Files) -> Self {
        let (mut files, mut bytes, mut hash) = (0, 0, Sha256::new());
        for input in inputs {
            let name = input.as_ref().unwrap_or_else(|(folder, _)| folder);
            let data = std::fs::metadata(name).ok();
            let size = data.as_ref().map(std::fs::Metadata::len);
            let changed = data.and_then(|data| data.modified().ok()?.duration_since(UNIX_EPOCH).ok());
            hash.update(format!("{name}\0{size:?}\0{changed:?}\n"));
            (files, bytes) = (files + 1, bytes + size.unwrap_or(0));
        }
        let digest = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { files, bytes, digest }
    }
}

/// A run under way.
struct Run {
    reader: Reader,
    hints: Hints,
    folder: Folder,
    state: Mutex<State>,
}

/// What the threads share.
struct State {
    messages: Messages,
    sum: Done,
    bytes: u64,
    /// Notices that were named on standard error.
    named: usize,
}

/// So many notices are named; all stand in the table.
const NAMED: usize = 20;

impl Run {
    /// Reads a unit and writes it, if no run before did.
    fn unit(&self, unit: Unit) -> anyhow::Result<()> {
        if let Some(done) = self.folder.done(unit.number) {
            self.tell(&unit, done, &[], true);
            return Ok(());
        }
        let items: Vec<Item> = self
            .reports(&unit)
            .into_par_iter()
            .map(|found| match found {
                Ok(report) => Item::read(&self.reader, report),
                Err((source, notice)) => Item::unread(&source, None, notice),
            })
            .collect();
        let unread = items.iter().filter(|item| is_lost(item)).count();
        let done = Done {
            reports: items.iter().filter(|item| !item.is_unread()).count() as u64,
            tokens: items.iter().map(|item| item.tokens() as u64).sum(),
            unread: unread as u64,
        };
        self.folder.write(unit.number, &flat(&items), done)?;
        self.tell(&unit, done, &items, false);
        Ok(())
    }

    /// The reports of a unit, in order, and what is no report.
    fn reports(&self, unit: &Unit) -> Vec<Result<Report, (String, Notice)>> {
        let mut out = Vec::new();
        for part in &unit.parts {
            match part {
                Part::Bytes { name, piece } => {
                    let source = Source { name, bytes: &piece.bytes, hints: piece.hints(&self.hints) };
                    out.extend(read_source(&source).map(|found| found.map_err(|notice| (name.to_string(), notice))));
                }
                Part::Rows { name, rows, first } => out.extend((0..rows.len()).map(|k| {
                    let source = format!("{name}#{}", first + k + 1);
                    read_row(&source, &rows.row(k), &self.hints).map_err(|notice| (source, notice))
                })),
                Part::Unread { name, notice } => out.push(Err((name.to_string(), notice.clone()))),
            }
        }
        out
    }

    /// Names what was noteworthy, and how far it is.
    fn tell(&self, unit: &Unit, done: Done, items: &[Item], before: bool) {
        let state = &mut *self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for item in items {
            for notice in item.notices().iter().filter(|notice| is_loss(notice.code)) {
                state.named += 1;
                match state.named {
                    ..=NAMED => state.messages.notice(item.source(), notice),
                    n if n == NAMED + 1 => {
                        let more = "More could not be read: all are named in the table notices.";
                        state.messages.notice(item.source(), &Notice::new(Code::BadRecord, more));
                    }
                    _ => {}
                }
            }
        }
        state.bytes += unit.bytes;
        state.sum = state.sum + done;
        if before {
            state.messages.done_before(state.bytes, usize::try_from(done.reports).unwrap_or(usize::MAX));
        } else {
            tracing::info!(unit = unit.number, reports = done.reports, tokens = done.tokens, "done");
        }
        let reports = usize::try_from(state.sum.reports).unwrap_or(usize::MAX);
        state.messages.progress(state.bytes, reports);
    }
}

/// Whether nothing came of it.
fn is_lost(item: &Item) -> bool {
    item.is_unread() || item.notices().iter().any(|notice| matches!(notice.code, Code::Empty | Code::Defect))
}
