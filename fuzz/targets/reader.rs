#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let blocks = bytes.first().is_some_and(|byte| byte % 2 == 0);
    sayso_fuzz::reader(blocks, &String::from_utf8_lossy(bytes));
});
