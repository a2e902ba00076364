#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| sayso_fuzz::ledger::search(text));
