//! The sample case, for every bench: its files and its reports, in the order of their names.
#![allow(dead_code, reason = "each bench uses a part of it")]

use sayso::intake::{Hints, Source, read_source};
use sayso::report::Report;

const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/maktaaral-raid");

/// Name and bytes of each file.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<_> = std::fs::read_dir(CASE).expect("the samples").flatten().map(|file| file.path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.to_string_lossy().into_owned(), std::fs::read(path).expect("a sample"))).collect()
}

/// The reports of all files.
pub(crate) fn reports() -> Vec<Report> {
    let mut out = Vec::new();
    for (name, bytes) in files() {
        out.extend(read_source(&Source { name: &name, bytes: &bytes, hints: Hints::default() }).flatten());
    }
    out
}
