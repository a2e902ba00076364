//! How fast times, quantities and events are read, in bytes of text a second: they share one pass of words.

use divan::Bencher;
use divan::counter::BytesCount;
use sayso::model::Analysis;
use sayso::read::{Document, when};
use sayso::report::Report;

const PARAGRAPH: &str = "On Monday, May 12, the governor said at least 14 people had been killed since early April and two more \
    wounded overnight, nearly three years after the bridge was first shelled at about 6:30 a.m. local time. The army denied \
    that it fired; in the third quarter of 2024 dozens of vehicles were destroyed every week, a spokesman told the agency.\n\n";

fn main() {
    divan::main();
}

#[divan::bench(args = [1, 100, 10_000])]
fn find(bencher: Bencher<'_, '_>, paragraphs: usize) {
    let text = PARAGRAPH.repeat(paragraphs);
    let report = Report { text, published: Some("2025-05-14".to_owned()), ..Report::default() };
    let doc = Document { report: &report, analysis: Analysis::words(&report) };
    bencher.counter(BytesCount::of_str(&report.text)).bench(|| when::find(&doc));
}
