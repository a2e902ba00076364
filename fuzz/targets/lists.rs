#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| sayso_fuzz::lists(text));
