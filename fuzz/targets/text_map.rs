#![no_main]

libfuzzer_sys::fuzz_target!(|program: Vec<(u8, u8, u8)>| sayso_fuzz::text_map(&program));
