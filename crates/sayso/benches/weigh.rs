//! How fast the sample case is weighed: from nothing, again by a [`Weigher`] that is kept, and with one report more.

use divan::Bencher;
use sayso::intake::{Hints, Source, read_source};
use sayso::read::Reader;
use sayso::weigh::{Entry, Weigher, search, weigh};

const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/maktaaral-raid");

fn main() {
    divan::main();
}

/// The reports of the sample case, read.
fn case() -> Vec<Entry> {
    let reader = Reader::new();
    let mut paths: Vec<_> = std::fs::read_dir(CASE).expect("the samples").flatten().map(|file| file.path()).collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let (name, bytes) = (path.to_string_lossy(), std::fs::read(&path).expect("a sample"));
        let source = Source { name: &name, bytes: &bytes, hints: Hints::default() };
        out.extend(read_source(&source).flatten().map(|report| Entry { reading: reader.read(&report), report }));
    }
    out
}

#[divan::bench]
fn from_nothing(bencher: Bencher<'_, '_>) {
    let case = case();
    bencher.bench(|| weigh(&case, &[], None));
}

#[divan::bench]
fn nothing_new(bencher: Bencher<'_, '_>) {
    let case = case();
    let mut weigher = Weigher::new();
    let _ = weigher.weigh(&case, &[], None);
    bencher.bench_local(|| weigher.weigh(&case, &[], None));
}

#[divan::bench]
fn one_report_more(bencher: Bencher<'_, '_>) {
    let case = case();
    let known = || {
        let mut weigher = Weigher::new();
        let _ = weigher.weigh(&case[1..], &[], None);
        weigher
    };
    bencher.with_inputs(known).bench_local_refs(|weigher| weigher.weigh(&case, &[], None));
}

#[divan::bench]
fn search_claims(bencher: Bencher<'_, '_>) {
    let weighing = weigh(&case(), &[], None);
    bencher.bench(|| search::claims(&weighing, "border villages", |_| None));
}
