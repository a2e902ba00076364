//! How long a kept [`Weigher`] takes for one report more, against weighing from nothing: for measuring (`scripts/bench_case`).
//!
//!     cargo run --release --example again -- LEDGER REPORTS.jsonl
//!
//! Loads the case `default` of LEDGER, weighs it, then reads, stores (in a copy of the ledger) and weighs again each report of
//! REPORTS.jsonl in turn, in this one process. Milliseconds of the clock; RAYON_NUM_THREADS=1 weighs on one core.
#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::sync::Arc;
use std::time::Instant;

use sayso::intake::{Hints, Source, read_source};
use sayso::read::Reader;
use sayso::weigh::{Entry, Weigher};
use sayso_ledger::{Capture, Sqlite, Store};

/// That of the shipped program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(ledger), Some(more)) = (args.next(), args.next()) else {
        return Err("usage: again LEDGER REPORTS".into());
    };
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.db");
    std::fs::copy(ledger, &copy)?;
    let mut store = Sqlite::open(&copy)?;
    let (entries, loaded) = timed(|| store.entries("default"));
    let mut entries: Vec<Arc<Entry>> = entries?.into_iter().map(Arc::new).collect();
    let journal = store.journal("default")?;
    let mut weigher = Weigher::new();
    let (fresh, from_nothing) = timed(|| weigher.weigh(&entries, &journal, None));
    let (_, nothing_new) = timed(|| weigher.weigh(&entries, &journal, None));
    println!(
        "{} reports, {} claims: loading {loaded:.0} ms, weighing from nothing {from_nothing:.0} ms, again with nothing new \
         {nothing_new:.0} ms",
        entries.len(),
        fresh.claims.len(),
    );
    let reader = Reader::new();
    let bytes = std::fs::read(&more)?;
    let reports: Vec<_> = read_source(&Source { name: &more, bytes: &bytes, hints: Hints::default() }).collect();
    for report in reports.into_iter().flatten() {
        let (reading, read) = timed(|| reader.read(&report));
        let entry = Arc::new(Entry { reading, report });
        let (kept, stored) = timed(|| {
            store.keep(&Capture { bytes: &bytes, source: &more, ..Capture::default() })?;
            store.put("default", "again", &[(&entry.report.sha256, &*entry)])
        });
        kept?;
        entries.push(entry);
        let (_, weighed) = timed(|| weigher.weigh(&entries, &journal, None));
        println!("one report more: read {read:.0} ms, stored {stored:.0} ms, weighed again {weighed:.0} ms");
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed().as_secs_f64() * 1000.0)
}
