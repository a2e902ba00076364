//! How fast each phase of reading is, in tokens a second: the network, who said what, then question by question. The sample case,
//! fourteen reports. For one core: `RAYON_NUM_THREADS=1`.

mod sample;

use divan::Bencher;
use divan::counter::ItemsCount;
use sayso::model::Network;
use sayso::read::{Document, QUESTIONS, Reader, answer};
use sayso::reading::{Attribution, Reading};
use sayso::report::Report;

const NETWORKS: [Network; 2] = [Network::Accurate, Network::Fast];

fn main() {
    divan::main();
}

/// The reports of the sample case, and how many tokens they have.
fn reports() -> (Vec<Report>, ItemsCount) {
    let out = sample::reports();
    let tokens = out.iter().map(|report| sayso::text::tokens(&report.text).len()).sum::<usize>();
    (out, ItemsCount::new(tokens))
}

/// What the questions start from.
fn documents(reports: &[Report]) -> Vec<(Document<'_>, Vec<Attribution>)> {
    let reader = Reader::with(Network::Fast);
    let document = |report| {
        let (analysis, attributions) = reader.analyse(report);
        (Document { report, analysis }, attributions)
    };
    reports.iter().map(document).collect()
}

/// Tokens, word pieces, the network, trees and names.
#[divan::bench(args = NETWORKS)]
fn parse(bencher: Bencher<'_, '_>, network: Network) {
    let (reader, (reports, tokens)) = (Reader::with(network), reports());
    bencher.counter(tokens).bench(|| reports.iter().map(|report| reader.parse(report)).for_each(drop));
}

/// The same, and who said what: decoding and its rules.
#[divan::bench(args = NETWORKS)]
fn attribution(bencher: Bencher<'_, '_>, network: Network) {
    let (reader, (reports, tokens)) = (Reader::with(network), reports());
    bencher.counter(tokens).bench(|| reports.iter().map(|report| reader.analyse(report)).for_each(drop));
}

/// All questions behind the model.
#[divan::bench]
fn questions(bencher: Bencher<'_, '_>) {
    let (reports, tokens) = reports();
    let documents = documents(&reports);
    bencher
        .counter(tokens)
        .bench(|| documents.iter().map(|(document, found)| answer(document, found.clone())).for_each(drop));
}

/// One question, when all before it are answered.
#[divan::bench(args = QUESTIONS.iter().map(|question| question.0))]
fn question(bencher: Bencher<'_, '_>, name: &str) {
    let (reports, tokens) = reports();
    let documents = documents(&reports);
    let at = QUESTIONS.iter().position(|question| question.0 == name).expect("its name");
    let before = |(document, found): &(Document<'_>, Vec<Attribution>)| {
        let mut reading = Reading { attributions: found.clone(), ..Reading::default() };
        QUESTIONS[..at].iter().for_each(|(_, question)| question(document, &mut reading));
        reading
    };
    bencher.counter(tokens).with_inputs(|| documents.iter().map(before).collect::<Vec<_>>()).bench_refs(|readings| {
        documents.iter().zip(readings).for_each(|((document, _), reading)| QUESTIONS[at].1(document, reading));
    });
}
