//! Inputs of every format, damaged by chance: what `fuzz/src/holds.rs` says holds of each.
//!
//! The same sequence in every run. `SAYSO_MUTATIONS=SECONDS` goes on for so long with each kind of input, from another beginning, and tells how
//! many it tried; an input that fails lies in `target/mutation`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[allow(dead_code, unreachable_pub, missing_docs, reason = "it is a part of another crate")]
#[path = "../../../fuzz/src/holds.rs"]
mod holds;

/// Tries of a kind of input in an ordinary run; fewer where each takes long.
const TRIES: u64 = 400;
const SLOW: u64 = 60;
/// Longer inputs only make each try slower.
const LONGEST: usize = 16 << 10;

/// Pieces that formats are made of.
const WORDS: &[&[u8]] = &[
    b"<p>",
    b"</p>",
    b"<article>",
    b"<!--",
    b"]]>",
    b"<![CDATA[",
    b"&amp;",
    b"&#8220;",
    b"&#x10ffff;",
    b"&#xD800;",
    b"<meta charset=utf-16>",
    b"<script",
    b"<table><tr><td>",
    b"<item>",
    b"<entry>",
    b"<description>",
    b"\"text\":",
    b"\"id\":",
    b"\\u00e9",
    b"\\ud83d",
    b"WARC/1.1\r\n",
    b"Content-Length: ",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"Content-Transfer-Encoding: base64\r\n",
    b"=?utf-8?q?",
    b"boundary=",
    b" said ",
    b" told ",
    b" according to ",
    b" denied ",
    b"\xe2\x80\x9c",
    b"\xe2\x80\x9d",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xf0\x9f\x98\x80",
    b"e\xcc\x81",
    b"\0",
    b"\r\n\r\n",
    b"[]",
    b"{}",
    b"\"",
    b"1,200 ",
    b" on Tuesday ",
    b" 31 February 2025 ",
    b"\xc2\xa0",
    b"\xe2\x80\xae",
];

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    /// Some bytes of `all` with some damage, or some of another in them.
    fn damaged(&mut self, all: &[Vec<u8>]) -> Vec<u8> {
        let mut out = all[self.below(all.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(out.len() + 1);
            let end = (at + self.below(64)).min(out.len());
            match self.below(8) {
                0 if at < out.len() => out[at] ^= 1 << self.below(8),
                1 if at < out.len() => out[at] = u8::try_from(self.below(256)).unwrap(),
                2 => drop(out.drain(at..end)),
                3 => out.truncate(at),
                4 => {
                    let piece = out[at..end].repeat(1 + self.below(20));
                    out.splice(at..at, piece);
                }
                5 => {
                    let other = &all[self.below(all.len())];
                    let from = self.below(other.len() + 1);
                    let to = (from + self.below(200)).min(other.len());
                    out.splice(at..end, other[from..to].iter().copied());
                }
                _ => drop(out.splice(at..at, WORDS[self.below(WORDS.len())].iter().copied())),
            }
        }
        out.truncate(LONGEST);
        out
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of some folders, by name.
fn files(folders: &[&str]) -> Vec<Vec<u8>> {
    let all = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let mut paths: Vec<PathBuf> = all
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|end| end != "expected"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Feeds damaged inputs to `holds`, for as many or as long as asked for.
fn feed(kind: &str, seeds: &[Vec<u8>], at_least: u64, holds: impl Fn(&[u8])) {
    let seconds = std::env::var("SAYSO_MUTATIONS").ok().and_then(|seconds| seconds.parse::<u64>().ok());
    let begin = seconds.map_or(1, |_| u64::from(std::process::id()));
    let (mut chance, started, mut tries) = (Chance(begin), Instant::now(), 0);
    while seconds.map_or(tries < at_least, |seconds| started.elapsed() < Duration::from_secs(seconds)) {
        let input = chance.damaged(seeds);
        tries += 1;
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| holds(&input))).is_err() {
            let kept = root().join("target/mutation");
            fs::create_dir_all(&kept).unwrap();
            fs::write(kept.join(format!("{kind}-{tries}")), &input).unwrap();
            panic!("{kind}: try {tries} from {begin}: see target/mutation");
        }
    }
    println!("{kind}: {tries} tries in {} s", started.elapsed().as_secs());
}

#[test]
fn every_format() {
    let formats = [
        ("plain", "note.txt"),
        ("html", "page.html"),
        ("feed", "feed.xml"),
        ("json_feed", "feed.json"),
        ("jsonl", "corpus.jsonl"),
        ("telegram", "result.json"),
        ("telegram_html", "messages.html"),
        ("eml", "note.eml"),
        ("warc", "a.warc"),
        ("wacz", "a.wacz"),
    ];
    for (format, name) in formats {
        let folder = format!("fuzz/seeds/intake_{format}");
        let mut folders = vec![folder.as_str()];
        if format == "html" {
            folders.push("crates/sayso/tests/intake/pages");
        }
        feed(&format!("intake_{format}"), &files(&folders), TRIES, |bytes| holds::intake(name, bytes));
    }
}

#[test]
fn the_reader() {
    let seeds = files(&["fuzz/seeds/reader", "samples/maktaaral-raid"]);
    feed("reader", &seeds, SLOW, |bytes| {
        holds::reader(bytes.first().is_some_and(|byte| byte % 2 == 0), &String::from_utf8_lossy(bytes))
    });
}

#[test]
fn maps_and_lists() {
    feed("text_map", &[vec![0, 9, 3, 1, 2, 8, 2, 1, 7], vec![0; 60]], TRIES, |bytes| {
        let program: Vec<(u8, u8, u8)> = bytes.chunks_exact(3).map(|three| (three[0], three[1], three[2])).collect();
        holds::text_map(&program);
    });
    feed("lists", &files(&["fuzz/seeds/lists"]), TRIES, |bytes| holds::lists(&String::from_utf8_lossy(bytes)));
}
