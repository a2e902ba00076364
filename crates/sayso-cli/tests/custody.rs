//! Evidence that holds: what is handed over, what is found when it was changed, what is taken out and by whom.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

#[path = "../../sayso-ledger/tests/authority/mod.rs"]
mod authority;
mod desk;

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use authority::Authority;
use desk::{Desk, REPORTS};
use sayso::intake::{Hints, Source, read_source};
use serde_json::Value;
use sha2::{Digest, Sha256};

const PAGE: &str = "<html><head><title>Bridge</title></head><body><article><p>Mayor Ana Lind said that the bridge had been struck at night.</p>\
                    <p>The port's union denied it, spokesman Per Dahl told Harbour News on Tuesday.</p></article></body></html>";

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file of a zip.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for k in 0..zip.len() {
        let mut file = zip.by_index(k).unwrap();
        let (mut bytes, name) = (Vec::new(), file.name().unwrap().into_owned());
        file.read_to_end(&mut bytes).unwrap();
        files.insert(name, bytes);
    }
    files
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn ungzip(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn record(url: &str, page: &str) -> Vec<u8> {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
    let head = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-04-02T08:00:00Z\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    gzip(format!("{head}{answer}\r\n\r\n").as_bytes())
}

#[test]
fn a_case_is_handed_over_with_its_captures() {
    let desk = Desk::new();
    let archive = [
        record("https://Port.example/a?b=1", PAGE),
        record("https://port.example/c", &PAGE.replace("bridge", "tunnel")),
    ]
    .concat();
    desk.write("in/port.warc.gz", &archive);
    desk.write("in/page.html", PAGE.replace("bridge", "pier"));
    let lines: String =
        (0..3).map(|k| format!("{{\"id\":\"l{k}\",\"text\":\"The mayor said that boat {k} had sunk.\"}}\n")).collect();
    desk.write("in/lines.jsonl", &lines);
    assert_eq!(desk.run(&["add", "--case", "dam", "in"]).0, 0);
    let (exit, _, err) = desk.run(&["export", "--case", "dam", "--format", "wacz", "-o", "dam.wacz"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    let bytes = std::fs::read(desk.path("dam.wacz")).unwrap();
    let files = unzipped(&bytes);

    // Every file has its hash, and the list of hashes has one, too.
    let json = |name: &str| -> Value { serde_json::from_slice(&files[name]).unwrap() };
    let (package, digest) = (json("datapackage.json"), json("datapackage-digest.json"));
    assert_eq!((&package["wacz_version"], &digest["path"]), (&"1.1.1".into(), &"datapackage.json".into()));
    assert_eq!(digest["hash"], format!("sha256:{}", hash(&files["datapackage.json"])));
    let listed: BTreeMap<&str, &Value> =
        package["resources"].as_array().unwrap().iter().map(|file| (file["path"].as_str().unwrap(), file)).collect();
    for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with("datapackage")) {
        assert_eq!(listed[name.as_str()]["hash"], format!("sha256:{}", hash(bytes)), "{name}");
        assert_eq!(listed[name.as_str()]["bytes"], bytes.len(), "{name}");
    }
    assert_eq!(listed.len(), files.len() - 2, "all files are there and no others");

    // Every capture is there, byte by byte: archives as they are, others as records, where the index says.
    assert!(files.values().any(|bytes| *bytes == archive), "the archive that was added is in it whole");
    let index = String::from_utf8(files["indexes/index.cdxj"].clone()).unwrap();
    assert!(index.lines().is_sorted() && index.contains("example,port)/a?b=1 20250402080000 {"), "{index}");
    let mut blocks = Vec::new();
    for line in index.lines() {
        let place: Value = serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap();
        let number = |key: &str| place[key].as_str().unwrap().parse::<usize>().unwrap();
        let file = &files[&format!("archive/{}", place["filename"].as_str().unwrap())];
        let record = ungzip(&file[number("offset")..number("offset") + number("length")]);
        assert!(record.starts_with("WARC/1.1\r\n") && record.contains(place["url"].as_str().unwrap()), "{record}");
        let block = record.split_once("\r\n\r\n").unwrap().1.trim_end_matches("\r\n").to_owned();
        if let Some(digest) = place["digest"].as_str() {
            assert!(record.contains(&format!("WARC-Payload-Digest: {digest}")), "{record}");
        }
        blocks.push(block);
    }
    let captures =
        REPORTS.map(|report| report.1.to_owned()).into_iter().chain([PAGE.replace("bridge", "pier"), lines.clone()]);
    for capture in captures {
        assert!(blocks.iter().any(|block| block.trim_end() == capture.trim_end()), "{capture}");
    }

    // Every report is a page that the index finds; what was found in it and what was decided stand beside it.
    let pages = String::from_utf8(files["pages/pages.jsonl"].clone()).unwrap();
    let pages: Vec<Value> = pages.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let case = json("case/case.json");
    assert_eq!(pages[0]["format"], "json-pages-1.0");
    assert_eq!(pages.len() - 1, case["reports"].as_array().unwrap().len());
    assert!(pages[1..].iter().all(|page| index.contains(&format!("\"url\":{}", page["url"]))), "{pages:?}");
    let marks = json("case/annotations.json");
    assert!(marks["items"].as_array().unwrap().len() > 5);

    // A reader of web archives finds the same texts: our own, here; others in scripts/test_wacz.
    let source = Source { name: "dam.wacz", bytes: &bytes, hints: Hints::default() };
    let texts: Vec<String> = read_source(&source).map(|report| report.unwrap().text).collect();
    for words in ["bridge had been struck", "tunnel had been struck", "pier had been struck", "bakers' union"] {
        assert!(texts.iter().any(|text| text.contains(words)), "{words}: {texts:?}");
    }
}

#[test]
fn a_capture_that_was_changed_is_not_handed_over() {
    let desk = Desk::added();
    let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
    raw.execute("UPDATE blobs SET bytes = CAST(replace(CAST(bytes AS TEXT), 'night', 'noon!') AS BLOB) WHERE CAST(bytes AS TEXT) LIKE '%Dam holds%'", []).unwrap();
    let (exit, _, err) = desk.run(&["export", "--case", "dam", "--format", "wacz", "-o", "dam.wacz"]);
    assert_eq!(exit, 2);
    assert!(err.contains("is not as it was kept") && err.contains("sayso verify"), "{err}");
    let (exit, out, _) = desk.run(&["verify"]);
    assert_eq!((exit, out.matches("capture ").count()), (1, 1), "{out}");
}

#[test]
fn a_stamp_on_a_case_is_checked_without_the_network() {
    let desk = Desk::added();
    let authority = Authority::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    desk.write("root.pem", authority.root());
    assert_eq!(desk.run(&["export", "--case", "dam", "--format", "wacz", "-o", "dam.wacz"]).0, 0);
    assert_eq!(desk.run(&["stamp", "dam.wacz", "--request", "a.tsq"]).0, 0);
    let answer = authority.answers(&std::fs::read(desk.path("a.tsq")).unwrap(), &[]);
    desk.write("a.tsr", &answer);
    let (exit, out, err) = desk.run(&["stamp", "dam.wacz", "--answer", "a.tsr", "--root", "root.pem"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(out.starts_with("Stamps of tests stamped dam.wacz") && out.contains("leads to root.pem"), "{out}");
    let (_, out, _) = desk.run(&["stamp", "dam.wacz", "--answer", "a.tsr", "--format", "json"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["sha256"], hash(&std::fs::read(desk.path("dam.wacz")).unwrap()));
    assert_eq!(told["root_checked"], false);

    let refused = |args: &[&str], why: &str| {
        let (exit, out, err) = desk.run(&[&["stamp"], args].concat());
        assert_eq!((exit, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(why), "{args:?}: {err}");
    };
    refused(&["in/a.txt", "--answer", "a.tsr"], "on another file");
    let other = Authority::new(&["-newkey", "rsa:2048"]);
    desk.write("other.tsr", other.answers(&std::fs::read(desk.path("a.tsq")).unwrap(), &[]));
    refused(&["dam.wacz", "--answer", "other.tsr", "--root", "root.pem"], "leads to none of the roots");
    let mut changed = answer;
    let at = changed.len() - 9;
    changed[at] ^= 1;
    desk.write("changed.tsr", &changed);
    refused(&["dam.wacz", "--answer", "changed.tsr"], "signature does not hold");
    refused(&["dam.wacz", "--answer", "in/a.txt"], "it is no time stamp");
}

#[test]
fn only_the_server_that_was_named_is_asked_for_a_stamp() {
    let desk = Desk::added();
    let authority = Authority::new(&["-newkey", "rsa:2048"]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/stamp", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut asked, mut part) = (Vec::new(), [0; 4096]);
        // Every request ends with the wish for a certificate: TRUE.
        while !asked.ends_with(&[1, 1, 0xff]) {
            let read = stream.read(&mut part).unwrap();
            assert!(read > 0, "cut off");
            asked.extend(&part[..read]);
        }
        let body = asked.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let answer = authority.answers(&asked[body..], &[]);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
        stream.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
        String::from_utf8_lossy(&asked[..body]).to_lowercase()
    });
    let (exit, out, err) = desk.run(&["stamp", "in/a.txt", "--server", &url, "--answer", "a.tsr"]);
    assert_eq!(exit, 0, "{err}");
    assert!(out.starts_with("Stamps of tests stamped in/a.txt") && out.contains("not held against a root"), "{out}");
    assert!(server.join().unwrap().contains("content-type: application/timestamp-query"));
    assert_eq!(desk.run(&["stamp", "in/a.txt", "--answer", "a.tsr"]).0, 0, "the answer was kept");
    let (exit, _, err) = desk.run(&["stamp", "in/a.txt", "--server", "http://127.0.0.1:1/", "--answer", "b.tsr"]);
    assert_eq!(exit, 2);
    assert!(err.contains("gave no time stamp") && !desk.path("b.tsr").exists(), "{err}");
}
