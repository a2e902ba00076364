//! How fast the sample case is weighed: from nothing, again by a [`Weigher`] that is kept, and with one report more.

mod sample;

use divan::Bencher;
use sayso::read::Reader;
use sayso::weigh::{Entry, Weigher, search, weigh};

fn main() {
    divan::main();
}

/// The reports of the sample case, read.
fn case() -> Vec<Entry> {
    let reader = Reader::new();
    sample::reports().into_iter().map(|report| Entry { reading: reader.read(&report), report }).collect()
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
