//! How fast reports are put into a ledger in memory, loaded and found by their words.

use divan::Bencher;
use divan::counter::ItemsCount;
use sayso::report::Report;
use sayso::weigh::Entry;
use sayso_ledger::{Capture, Sqlite, Store};

const TEXT: &str =
    "The harbour office said on Tuesday that two ferries had been turned back. A union spokeswoman denied it.\n";

fn main() {
    divan::main();
}

/// A ledger with the capture that the entries were cut out of, and these.
fn ledger(reports: usize) -> (Sqlite, String, Vec<Entry>) {
    let mut ledger = Sqlite::in_memory().expect("memory");
    let capture = Capture { bytes: TEXT.as_bytes(), source: "bench", ..Capture::default() };
    ledger.keep(&capture).expect("room");
    let sha256 = ledger.captures("bench").expect("the capture").remove(0).sha256;
    let entry = |k: usize| {
        let report = Report {
            id: format!("r{k}"),
            source: format!("bench#{k}"),
            text: format!("Number {k}. {}", TEXT.repeat(20)),
            ..Report::default()
        };
        Entry { report, ..Entry::default() }
    };
    (ledger, sha256, (0..reports).map(entry).collect())
}

fn put(ledger: &mut Sqlite, sha256: &str, entries: &[Entry]) {
    let reports: Vec<(&str, &Entry)> = entries.iter().map(|entry| (sha256, entry)).collect();
    ledger.put("case", "bench", &reports).expect("room");
}

#[divan::bench(args = [1, 100, 1_000])]
fn put_reports(bencher: Bencher<'_, '_>, reports: usize) {
    bencher
        .counter(ItemsCount::new(reports))
        .with_inputs(|| ledger(reports))
        .bench_local_refs(|(ledger, sha256, entries)| put(ledger, sha256, entries));
}

#[divan::bench(args = [100, 1_000])]
fn load_entries(bencher: Bencher<'_, '_>, reports: usize) {
    let (mut ledger, sha256, entries) = ledger(reports);
    put(&mut ledger, &sha256, &entries);
    bencher.counter(ItemsCount::new(reports)).bench_local(|| ledger.entries("case"));
}

#[divan::bench]
fn search_texts(bencher: Bencher<'_, '_>) {
    let (mut ledger, sha256, entries) = ledger(1_000);
    put(&mut ledger, &sha256, &entries);
    bencher.bench_local(|| ledger.search("case", "ferries 517"));
}
