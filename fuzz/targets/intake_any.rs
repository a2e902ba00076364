//! The name says one thing, the bytes another.
#![no_main]

const NAMES: [&str; 8] = ["a", "a.txt", "a.html", "a.xml", "a.json", "a.jsonl", "a.eml", "a.warc.gz"];

libfuzzer_sys::fuzz_target!(|input: (u8, &[u8])| {
    sayso_fuzz::intake(NAMES[usize::from(input.0) % NAMES.len()], input.1);
});
