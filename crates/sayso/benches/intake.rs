//! How fast bytes become reports, and texts tokens and sentences, in bytes a second: the sample case, fourteen reports.

mod sample;

use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use sayso::intake::{Hints, Source, read_source};
use sayso::text;

fn main() {
    divan::main();
}

/// The files of the case that end so, in order.
fn files(ending: &str) -> Vec<(String, Vec<u8>)> {
    let ends = |(name, _): &(String, Vec<u8>)| Path::new(name).extension().is_some_and(|e| e == ending);
    sample::files().into_iter().filter(ends).collect()
}

/// Every text of the case, one after the other.
fn all_texts() -> String {
    files("txt").iter().map(|file| String::from_utf8_lossy(&file.1).into_owned()).collect::<Vec<_>>().join("\n\n")
}

fn intake(bencher: Bencher<'_, '_>, files: &[(String, Vec<u8>)]) {
    let bytes: usize = files.iter().map(|file| file.1.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let source = |file: &'_ (String, Vec<u8>)| {
            let source = Source { name: &file.0, bytes: &file.1, hints: Hints::default() };
            read_source(&source).flatten().count()
        };
        files.iter().map(source).sum::<usize>()
    });
}

#[divan::bench]
fn plain(bencher: Bencher<'_, '_>) {
    intake(bencher, &files("txt"));
}

#[divan::bench]
fn html(bencher: Bencher<'_, '_>) {
    intake(bencher, &files("html"));
}

#[divan::bench]
fn jsonl(bencher: Bencher<'_, '_>) {
    let line = |(k, text): (usize, &(String, Vec<u8>))| {
        serde_json::json!({"id": k.to_string(), "text": String::from_utf8_lossy(&text.1)}).to_string() + "\n"
    };
    let lines: String = files("txt").iter().enumerate().map(line).collect();
    intake(bencher, &[("case.jsonl".to_owned(), lines.into_bytes())]);
}

#[divan::bench]
fn charset(bencher: Bencher<'_, '_>) {
    let text = all_texts();
    bencher.counter(BytesCount::of_str(&text)).bench(|| text::charset::decode(text.as_bytes(), None).text.len());
}

#[divan::bench]
fn language(bencher: Bencher<'_, '_>) {
    let text = all_texts();
    bencher.counter(BytesCount::of_str(&text)).bench(|| text::language::language(&text));
}

#[divan::bench]
fn tokens(bencher: Bencher<'_, '_>) {
    let text = all_texts();
    bencher.counter(BytesCount::of_str(&text)).bench(|| text::tokens(&text));
}

#[divan::bench]
fn sentences(bencher: Bencher<'_, '_>) {
    let text = all_texts();
    let tokens = text::tokens(&text);
    bencher.counter(BytesCount::of_str(&text)).bench(|| text::sentences(&text, &tokens, &[]));
}
