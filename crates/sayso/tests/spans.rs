//! Whatever the text: spans on character boundaries, inside it, in order; the same reading with any number of threads.

use proptest::prelude::*;
use sayso::read::Reader;
use sayso::reading::Reading;
use sayso::report::{Block, BlockKind, Report};
use sayso::span::Span;

/// Pieces of which odd reports are made.
const PIECES: &[&str] = &[
    "“",
    "”",
    "\"",
    "«",
    "»",
    "‘",
    "’",
    "'",
    "„",
    "\n",
    "\n\n",
    " ",
    " ",
    " ",
    "said",
    " the mayor ",
    "Okello: ",
    "Q: ",
    "according to ",
    "reportedly ",
    "We left.",
    "The bridge fell",
    ", he added",
    "é",
    "e\u{301}",
    "東京",
    "😀",
    "\u{202e}",
    "\0",
    "½",
    "…",
    "—",
    "U.S. ",
    ":",
    "?",
    "told Radio Delta that ",
    "Moscow ",
    "X",
    "The army denied it. ",
    "“No,” she said. “Never.” ",
    "\u{a0}",
    "1,200",
    "<b>",
    "\r\n",
];

fn report(pieces: &[usize], blocks: bool) -> Report {
    let text: String = pieces.iter().map(|&k| PIECES[k]).collect();
    let mut report = Report { text, ..Report::default() };
    let mut at = 0;
    for (k, line) in report.text.split_inclusive('\n').enumerate() {
        let span = Span::new(at, at + line.len()).trim(&report.text);
        let kind = if k % 3 == 0 { BlockKind::Heading } else { BlockKind::Paragraph };
        if blocks && !span.is_empty() {
            report.blocks.push(Block { kind, span });
        }
        at += line.len();
    }
    report
}

fn read_with(threads: usize, reader: &Reader, report: &Report) -> Reading {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| reader.read(report))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_exact_and_in_order(pieces in prop::collection::vec(0..PIECES.len(), 0..120), blocks: bool) {
        let report = report(&pieces, blocks);
        let reading = READER.with(|reader| reader.read(&report));
        reading.clone().for_each_span(|span| {
            assert!(span.end <= report.text.len() && span.start <= span.end);
            assert!(report.text.is_char_boundary(span.start) && report.text.is_char_boundary(span.end));
        });
        let start = |a: &sayso::reading::Attribution| a.source.iter().chain(&a.cue).chain(&a.content).map(|s| s.start).min();
        prop_assert!(reading.attributions.is_sorted_by_key(start));
        prop_assert!(reading.attributions.iter().all(|a| !a.content.is_empty() && (0.0..=1.0).contains(&a.confidence)));
    }
}

thread_local! {
    static READER: Reader = Reader::new();
}

#[test]
fn threads_do_not_matter() {
    let paragraph = "“We left,” the captain said. The port, according to the pilots, is closed, but the mayor told Radio Delta it was open.\n";
    let report = Report { text: paragraph.repeat(40), ..Report::default() };
    let reader = Reader::new();
    let one = read_with(1, &reader, &report);
    for threads in [2, 4] {
        assert!(one == read_with(threads, &reader, &report), "{threads} threads");
    }
}

#[test]
fn nothing_and_very_long_sentences() {
    let reader = Reader::new();
    assert!(reader.read(&Report::default()).attributions.is_empty());
    let report = Report { text: "and ".repeat(3_000), ..Report::default() };
    assert_eq!(reader.read(&report).notices, report.notices);
}
