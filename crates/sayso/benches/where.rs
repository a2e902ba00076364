//! How long places take: opening the gazetteer, looking names up, reading a text of a megabyte.

use divan::Bencher;
use sayso::model::Analysis;
use sayso::read::Document;
use sayso::read::r#where::{Gazetteer, find};
use sayso::report::Report;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn open() -> usize {
    Gazetteer::shipped().len()
}

#[divan::bench(args = ["Springfield", "Grayvoron", "Nowhere at all"])]
fn lookup(name: &str) -> usize {
    Gazetteer::shipped().lookup(name).len()
}

#[divan::bench(args = ["Graivoron", "Bakhmoot"])]
fn similar(name: &str) -> usize {
    Gazetteer::shipped().similar(name, 8).len()
}

#[divan::bench(args = [10_000, 100_000, 1_000_000])]
fn text(bencher: Bencher<'_, '_>, bytes: usize) {
    let sentence = "Officials in Springfield, Illinois, told a Ukrainian delegation from Kharkiv oblast that the river had risen. ";
    let report = Report { text: sentence.repeat(bytes / sentence.len()), ..Report::default() };
    let document = Document { report: &report, analysis: Analysis::words(&report) };
    bencher.bench(|| find(&document, Gazetteer::shipped()).len());
}
