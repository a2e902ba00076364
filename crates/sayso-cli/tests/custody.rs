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
fn a_saved_page_is_handed_over_with_its_pictures() {
    let desk = Desk::new();
    let photo = include_bytes!("../../sayso/tests/pictures/files/plain.jpg");
    let page = PAGE.replacen(
        "</p>",
        "</p><figure><img src=\"./saved%20files/a%20b.jpg\"><figcaption>The bridge.</figcaption></figure>",
        1,
    );
    std::fs::create_dir(desk.path("in/saved files")).unwrap();
    desk.write("in/saved files/a b.jpg", photo);
    desk.write("in/my page.html", &page);
    assert_eq!(desk.run(&["add", "--case", "dam", "in/my page.html"]).0, 0);
    let export = ["export", "--case", "dam", "--format", "wacz", "-o", "dam.wacz"];
    assert_eq!(desk.run(&export).0, 0);
    let files = unzipped(&std::fs::read(desk.path("dam.wacz")).unwrap());
    let index = String::from_utf8(files["indexes/index.cdxj"].clone()).unwrap();
    let places: Vec<Value> =
        index.lines().map(|line| serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap()).collect();
    let folder = format!("http://{}.invalid/", &hash(page.as_bytes())[..16]);
    let find =
        |url: String| places.iter().find(|place| place["url"] == url).unwrap_or_else(|| panic!("{url}: {index}"));
    find(format!("{folder}my%20page.html"));
    let picture = find(format!("{folder}saved%20files/a%20b.jpg"));
    let number = |key: &str| picture[key].as_str().unwrap().parse::<usize>().unwrap();
    let mut record = Vec::new();
    let packed = &files["archive/data.warc.gz"][number("offset")..number("offset") + number("length")];
    flate2::read::GzDecoder::new(packed).read_to_end(&mut record).unwrap();
    assert!(record.ends_with(&[photo.as_slice(), b"\r\n\r\n"].concat()) && picture["mime"] == "image/jpeg");
    let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
    raw.execute("UPDATE blobs SET bytes = x'ffd8' WHERE sha256 = ?1", [hash(photo)]).unwrap();
    assert_eq!(desk.run(&export).0, 2, "a picture that was changed is not handed over");
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

/// The desk's case with a stamp on it by `authority`.
fn stamped(authority: &Authority) -> Desk {
    let desk = Desk::added();
    desk.write("root.pem", authority.root());
    let (exit, _, err) = desk.run(&["review", "--case", "dam", "reject", "1.1", "--why", "a caption"]);
    assert_eq!(exit, 0, "{err}");
    assert_eq!(desk.run(&["stamp", "--case", "dam", "--request", "a.tsq", "--list", "a.list"]).0, 0);
    desk.write("a.tsr", authority.answers(&std::fs::read(desk.path("a.tsq")).unwrap(), &[]));
    desk
}

#[test]
fn a_stamped_case_is_held_against_its_stamp() {
    let authority = Authority::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let desk = stamped(&authority);
    let run = |args: &[&str]| desk.run(&[args, &["--case", "dam"]].concat());
    assert!(run(&["stamp"]).1.contains("No stamp yet"));
    // The case goes on while the request is under way.
    desk.write("in/d.txt", "Outlet: Lake Post\n\nThe mayor said that it rained.\n");
    assert_eq!(run(&["add", "in"]).0, 0);
    let (exit, out, err) = run(&["stamp", "--answer", "a.tsr", "--root", "root.pem"]);
    assert_eq!((exit, err.as_str()), (0, ""), "{out}");
    assert!(
        out.starts_with("Case dam was stamped by Stamps of tests on 20") && out.contains("leads to root.pem"),
        "{out}"
    );
    let (exit, out, _) = run(&["verify"]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.contains("none changed or taken out") && out.contains("added since then: capture "), "{out}");
    let told = desk.json(&["stamp"]);
    assert_eq!(
        told[0]["sha256"],
        hash(&std::fs::read(desk.path("a.list")).unwrap()),
        "openssl ts -verify -data a.list"
    );
    assert_eq!((told[0]["changed"].as_array().unwrap().len(), told[0]["added"].as_array().unwrap().len()), (0, 3));

    // A copy keeps it; a ledger that lost it takes it back from the answer and the list.
    assert_eq!(desk.run(&["backup", "copy.db"]).0, 0);
    let (exit, out, _) = desk.run(&["verify", "--ledger", "copy.db"]);
    assert_eq!((exit, out.contains("was stamped by")), (0, true), "{out}");
    rusqlite::Connection::open(desk.path("copy.db")).unwrap().execute("DELETE FROM stamps", []).unwrap();
    let again = ["stamp", "--case", "dam", "--answer", "a.tsr", "--ledger", "copy.db"];
    let (exit, _, err) = desk.run(&again);
    assert!(exit == 2 && err.contains("its list was taken out"), "{err}");
    assert_eq!(desk.run(&[&again[..], &["--list", "a.list"]].concat()).0, 0);
    assert!(desk.run(&["verify", "--ledger", "copy.db"]).1.contains("was stamped by"));

    let refused = |args: &[&str], why: &str| {
        let (exit, out, err) = run(&[&["stamp"], args].concat());
        assert_eq!((exit, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(why), "{args:?}: {err}");
    };
    let other = Authority::new(&["-newkey", "rsa:2048"]);
    desk.write("other.tsr", other.answers(&std::fs::read(desk.path("a.tsq")).unwrap(), &[]));
    refused(&["--answer", "other.tsr", "--root", "root.pem"], "leads to none of the roots");
    desk.write("else.tsr", authority.answers(&sayso_ledger::timestamp::request(&[7; 32], 7), &[]));
    refused(&["--answer", "else.tsr"], "it is on something else");
    refused(&["--answer", "else.tsr", "--list", "a.list"], "on another list than a.list");
    let (exit, _, err) = desk.run(&["stamp", "--request", "b.tsq"]);
    assert!(exit == 2 && err.contains("no case named default") && !desk.path("b.tsq").exists(), "{err}");
}

/// Every column of what a case rests on, changed one at a time behind the program's back, with every hash of the ledger made anew where it has
/// one: each change has a name.
#[test]
fn no_column_of_a_stamped_case_can_be_changed_unseen() {
    let authority = Authority::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let desk = stamped(&authority);
    assert_eq!(desk.run(&["stamp", "--case", "dam", "--answer", "a.tsr"]).0, 0);
    assert_eq!(desk.run(&["verify"]).0, 0);
    drop(rusqlite::Connection::open(desk.path("sayso.db")).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
    let whole = std::fs::read(desk.path("sayso.db")).unwrap();
    let columns = [
        ("blobs", "sha256 bytes"),
        ("captures", "sha256 source fetched headers"),
        ("cases", "name"),
        ("reports", "case_id id sha256 meta text"),
        ("readings", "report reader reading sha256"),
        ("decisions", "number line before hash"),
        ("heads", "number hash"),
        ("stamps", "list answer"),
    ];
    let mut seen = 0;
    for (table, names) in columns {
        for column in names.split(' ') {
            // The last byte of the first row's value, or the row taken out.
            let changed = match column {
                "bytes" | "answer" => format!("CAST(substr({column}, 1, length({column}) - 1) || x'21' AS BLOB)"),
                "case_id" | "report" | "number" => format!("{column} + 7"),
                "headers" => "'x'".to_owned(),
                "meta" => "json_set(meta, '$.outlet', 'Others')".to_owned(),
                _ => format!("substr({column}, 1, length({column}) - 1) || '!'"),
            };
            let first = format!("rowid = (SELECT min(rowid) FROM {table})");
            for sql in [
                format!("UPDATE {table} SET {column} = {changed} WHERE {first}"),
                format!("DELETE FROM {table} WHERE {first}"),
            ] {
                if sql == format!("DELETE FROM stamps WHERE {first}") {
                    // Who holds the answer and the list elsewhere finds that out: see above.
                    continue;
                }
                for rest in ["sayso.db-wal", "sayso.db-shm"] {
                    drop(std::fs::remove_file(desk.path(rest)));
                }
                std::fs::write(desk.path("sayso.db"), &whole).unwrap();
                let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
                raw.pragma_update(None, "foreign_keys", false).unwrap();
                raw.execute_batch("DROP TRIGGER decisions_stay; DROP TRIGGER decisions_remain").unwrap();
                assert_eq!(raw.execute(&sql, []).unwrap(), 1, "{sql}");
                // What is a hash itself is not made anew: that would take the change back.
                let is_hash =
                    matches!((table, column), ("readings", "sha256") | ("decisions", "before" | "hash") | ("heads", _));
                if !is_hash || sql.starts_with("DELETE") {
                    forge(&raw);
                }
                drop(raw);
                let (exit, out, err) = desk.run(&["verify"]);
                assert!(exit == 1 && !out.is_empty() || exit == 2 && !err.is_empty(), "{sql}: nothing was said: {out}");
                assert!(!err.contains("panicked"), "{sql}: {err}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 46);
}

/// Makes every hash anew that tells of a change: what somebody does who knows how the ledger is made.
fn forge(raw: &rusqlite::Connection) {
    raw.execute_batch("DROP TRIGGER IF EXISTS decisions_stay; DROP TRIGGER IF EXISTS decisions_remain").unwrap();
    let rows = |sql: &str| -> Vec<(i64, Vec<u8>)> {
        let mut rows = raw.prepare(sql).unwrap();
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    for (row, bytes) in rows("SELECT row, CAST(meta || text AS BLOB) FROM reports") {
        raw.execute("UPDATE reports SET checksum = ?2 WHERE row = ?1", rusqlite::params![row, hash(&bytes)]).unwrap();
    }
    raw.execute("UPDATE captures SET checksum = NULL", []).unwrap();
    for (row, bytes) in rows("SELECT row, CAST(reading AS BLOB) FROM readings") {
        raw.execute("UPDATE readings SET sha256 = ?2 WHERE row = ?1", rusqlite::params![row, hash(&bytes)]).unwrap();
    }
    let mut before = String::new();
    for (row, line) in rows("SELECT rowid, CAST(line AS BLOB) FROM decisions ORDER BY number") {
        let own = hash(&[before.as_bytes(), &line].concat());
        raw.execute(
            "UPDATE decisions SET before = ?2, hash = ?3 WHERE rowid = ?1",
            rusqlite::params![row, before, own],
        )
        .unwrap();
        before = own;
    }
    raw.execute("UPDATE heads SET hash = ?1, number = coalesce((SELECT max(number) FROM decisions), 0)", [&before])
        .unwrap();
}

const WITNESS: &str = "{\"id\":\"j1\",\"title\":\"Not by Ana Lind\",\"text\":\"Mayor Per Dahl said that it rained.\"}
{\"id\":\"j2\",\"byline\":\"Ana Lind\",\"text\":\"Witness Ana Lind said that the bridge was struck. Jos\\u00e9 Lind denied it.\"}
{\"id\":\"j3\",\"note\":\"Ana Lind\",\"text\":\"Mayor Per Dahl told Ana Lind nothing.\"}\n";

const WITNESS_PAGE: &str = "<html><head><title>Ana Lind saw it</title><meta property=\"og:description\" content=\"Witness Ana&nbsp;Lind\">\
    <link rel=\"canonical\" href=\"https://h.example/ana-lind-saw-it.html\"></head><body><article><h1>Ana Lind saw it</h1><p>Witness Ana <b>Lind</b> \
    said that the bridge had been struck at night. The mayor denied it on Tuesday.</p><p>ANA LIND fled.</p><img alt=\"Ana Lind\"></article></body></html>";

fn witnesses() -> Desk {
    let desk = Desk::new();
    desk.write("in/lines.jsonl", WITNESS);
    desk.write("in/page.html", WITNESS_PAGE);
    // `page.html` is the first of these once more: it is kept as a capture that no report is cut out of.
    let other = WITNESS_PAGE.replace("bridge", "tunnel");
    let archive = [
        record("https://h.example/a", WITNESS_PAGE),
        record("https://h.example/t", &other),
        record("https://h.example/b", PAGE),
    ];
    desk.write("in/h.warc.gz", archive.concat());
    desk
}

/// Has the case `dam` stamped by an authority of its own.
fn stamp(desk: &Desk) {
    let run = |args: &[&str]| desk.run(&[args, &["--case", "dam"]].concat());
    let authority = Authority::new(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    assert_eq!(run(&["stamp", "--request", "a.tsq"]).0, 0);
    desk.write("a.tsr", authority.answers(&std::fs::read(desk.path("a.tsq")).unwrap(), &[]));
    assert_eq!(run(&["stamp", "--answer", "a.tsr"]).0, 0);
}

/// Every byte of the ledger's files, in small letters.
fn files(desk: &Desk) -> String {
    let all =
        ["sayso.db", "sayso.db-wal", "sayso.db-shm"].map(|name| std::fs::read(desk.path(name)).unwrap_or_default());
    String::from_utf8_lossy(&all.concat()).to_lowercase()
}

#[test]
fn words_are_taken_out_for_ever_and_custody_holds() {
    let desk = witnesses();
    let run = |args: &[&str]| desk.run(&[args, &["--case", "dam"]].concat());
    assert_eq!(run(&["add", "in"]).0, 0);
    stamp(&desk);
    let redact = |report: &str, more: &[&str]| {
        run(&[&["redact", report, "--words", "Ana Lind", "--why", "asked to stay unnamed"], more].concat())
    };

    // What would go is shown; nothing goes.
    let before = desk.json(&["export"]);
    let (exit, out, err) = redact("j2", &[]);
    assert_eq!((exit, err.as_str()), (0, ""));
    for line in [
        "Witness Ana Lind said that",
        "1 place in its text",
        "report j3 of case dam",
        "report j1 of case dam",
        "--yes does it",
        "Nobody can bring",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    assert_eq!(desk.json(&["export"]), before);

    let (exit, out, err) = redact("j2", &["--yes", "--by", "Ines"]);
    assert_eq!((exit, err.as_str()), (0, ""), "{out}");
    let texts = |desk: &Desk| -> BTreeMap<String, String> {
        let (_, out, _) = desk.run(&["export", "--case", "dam", "--format", "wacz", "-o", "dam.wacz"]);
        assert_eq!(out, "");
        let files = unzipped(&std::fs::read(desk.path("dam.wacz")).unwrap());
        std::fs::remove_file(desk.path("dam.wacz")).unwrap();
        let mut warc = String::new();
        flate2::read::MultiGzDecoder::new(files["archive/data.warc.gz"].as_slice()).read_to_string(&mut warc).unwrap();
        assert!(warc.contains("Witness XXX XXXX said") && files.contains_key("case/journal.jsonl"), "{warc}");
        let pages = String::from_utf8(files["pages/pages.jsonl"].clone()).unwrap();
        let pages = pages.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
        let text = |page: &Value, key: &str| page[key].as_str().unwrap_or_default().to_owned();
        pages.map(|page| (text(&page, "id"), text(&page, "text"))).collect()
    };
    let kept = texts(&desk);
    assert_eq!(kept["j2"], "Witness XXX XXXX said that the bridge was struck. José Lind denied it.");
    assert_eq!(kept["j3"], "Mayor Per Dahl told Ana Lind nothing.", "another report stays");
    let journal = desk.json(&["log"]);
    let line = &journal[0];
    assert_eq!((&line["decision"], &line["by"], &line["report"]), (&"redact".into(), &"Ines".into(), &"j2".into()));
    assert_eq!(line["spans"], serde_json::json!([[8, 16]]));
    assert_eq!(line["captures"][0]["before"], hash(WITNESS.as_bytes()));
    assert!(!journal.to_string().contains("Lind"), "never the words");

    // The stamp holds: what is gone is accounted for, what is not would be named.
    let (exit, out, _) = run(&["verify"]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.contains("report j2 of case dam: words were taken out of it by Ines"), "{out}");
    assert!(!out.contains("report j1 of case dam: it was") && !out.contains("report j3 of case dam: it was"), "{out}");
    let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
    raw.execute("UPDATE reports SET text = replace(text, 'nothing', 'a lot!!') WHERE id = 'j3'", []).unwrap();
    forge(&raw);
    let (exit, out, _) = run(&["verify"]);
    assert!(
        exit == 1 && out.contains("report j3 of case dam: it was changed since Stamps of tests stamped it"),
        "{out}"
    );
    raw.execute("UPDATE reports SET text = replace(text, 'a lot!!', 'nothing') WHERE id = 'j3'", []).unwrap();
    forge(&raw);
    drop(raw);
    assert_eq!(run(&["verify"]).0, 0);

    // The others, one by one, in markup and in a packed archive; then the words are nowhere in the ledger's files.
    let ids: Vec<String> =
        kept.iter().filter(|(_, text)| text.to_lowercase().contains("ana lind")).map(|(id, _)| id.clone()).collect();
    assert_eq!(ids.len(), 4, "{kept:?}");
    for id in ids.iter().map(String::as_str).chain(["j1"]) {
        let (exit, out, err) = redact(id, &["--yes"]);
        assert_eq!(exit, 0, "{id}: {out}{err}");
    }
    for written in ["ana lind", "ana-lind", "ana&nbsp;lind"] {
        assert!(!files(&desk).contains(written), "{written}");
    }
    let (exit, out, _) = run(&["verify"]);
    assert_eq!(exit, 0, "{out}");
    assert_eq!(run(&["claims", "--search", "Lind bridge"]).1.matches("Lind").count(), 0);

    // It stays so: nothing is undone, nothing comes back.
    let (exit, _, err) = run(&["review", "undo", "1"]);
    assert!(exit == 2 && err.contains("for ever"), "{err}");
    std::fs::rename(desk.path("in/page.html"), desk.path("in/other.html")).unwrap();
    let (_, out, err) = run(&["add", "in"]);
    assert!(out.starts_with("0 reports added") && err.contains("S0403"), "{out}{err}");
    assert_eq!(desk.run(&["backup", "copy.db"]).0, 0);
    assert_eq!(desk.run(&["verify", "--ledger", "copy.db"]).0, 0);
}

/// A page of a crawl, as a package with its index, its list of pages and its hashes.
fn packaged(pages: &[(&str, &str)]) -> Vec<u8> {
    let (mut warc, mut index, mut list) = (Vec::new(), String::new(), String::new());
    for (url, page) in pages {
        let packed = record(url, page);
        let path = url.trim_start_matches("https://h.example/");
        let place = serde_json::json!({"url": url, "mime": "text/html", "status": "200", "offset": warc.len().to_string(), "length": packed.len().to_string(), "filename": "data.warc.gz"});
        index.push_str(&format!("example,h)/{path} 20250402080000 {place}\n"));
        list.push_str(&format!("{}\n", serde_json::json!({"url": url, "ts": "2025-04-02T08:00:00Z", "title": format!("From {path}"), "text": page.replace("<b>", "").replace("</b>", "")})));
        warc.extend(packed);
    }
    let files = [
        ("archive/data.warc.gz", warc),
        ("indexes/index.cdxj", index.into_bytes()),
        ("pages/pages.jsonl", list.into_bytes()),
    ];
    let resource = |(path, bytes): &(&str, Vec<u8>)| serde_json::json!({"path": path, "hash": format!("sha256:{}", hash(bytes)), "bytes": bytes.len()});
    let package =
        serde_json::json!({"profile": "data-package", "resources": files.iter().map(resource).collect::<Vec<_>>()});
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files.into_iter().chain([("datapackage.json", package.to_string().into_bytes())]) {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn words_go_out_of_packages_and_mails_and_custody_holds() {
    let desk = Desk::new();
    let about = "https://h.example/ana-lind-saw-it";
    desk.write("in/crawl.wacz", packaged(&[(about, WITNESS_PAGE), ("https://h.example/b", PAGE)]));
    // “Ana Lind”, and “Witness Ana Lind said that the bridge was struck.”
    let mail = "From: Desk <desk@h.example>\r\nSubject: =?utf-8?B?QW5hIExpbmQ=?=\r\nMessage-ID: <1@h.example>\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        V2l0bmVzcyBBbmEgTGluZCBzYWlkIHRo\r\nYXQgdGhlIGJyaWRnZSB3YXMgc3RydWNrLg==\r\n";
    desk.write("in/note.eml", mail);
    let run = |args: &[&str]| desk.run(&[args, &["--case", "dam"]].concat());
    let (exit, _, err) = run(&["add", "in/crawl.wacz", "in/note.eml"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    stamp(&desk);

    let kept = || -> Vec<Vec<u8>> {
        let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
        let mut rows = raw.prepare("SELECT bytes FROM blobs ORDER BY length(bytes)").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let before = kept();
    let exported = desk.json(&["export"]);
    let ids: Vec<String> = exported["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| report["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((ids.len(), before.len()), (3, 2));
    for id in &ids {
        let (exit, out, err) = run(&["redact", id, "--words", "Ana Lind", "--why", "asked to stay unnamed", "--yes"]);
        assert_eq!(exit, 0, "{out}{err}");
    }
    let after = kept();
    assert_eq!(after.len(), 2);
    for bytes in after.iter().filter(|bytes| bytes.starts_with(b"PK")) {
        for (name, bytes) in unzipped(bytes) {
            let text = if name.ends_with(".gz") {
                let mut text = String::new();
                flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
                text
            } else {
                String::from_utf8(bytes).unwrap()
            };
            let text = text.to_lowercase();
            assert!(
                !["ana lind", "ana-lind", "ana&nbsp;lind", "ana <b>lind"].iter().any(|written| text.contains(written)),
                "{name}: {text}"
            );
        }
    }
    let mail = after.iter().find(|bytes| !bytes.starts_with(b"PK")).unwrap();
    assert!(
        !mail.windows(8).any(|part| part == b"QW5hIExp") && mail.len() == before.iter().map(Vec::len).min().unwrap()
    );
    for written in ["ana lind", "ana-lind", "qw5hiexpbmq", "bbmegtgluzc"] {
        assert!(!files(&desk).contains(written), "{written}");
    }
    let (exit, out, _) = run(&["verify"]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.contains("words were taken out of it"), "{out}");
    // Pages lie where the ledger says they do, and the archive before does not come back, packaged or not.
    assert_eq!(run(&["export", "--format", "wacz", "-o", "dam.wacz"]).0, 0);
    for (old, new) in [("in/crawl.wacz", "in/again.wacz"), ("in/note.eml", "in/again.eml")] {
        std::fs::rename(desk.path(old), desk.path(new)).unwrap();
        let (_, out, err) = run(&["add", new]);
        assert!(out.starts_with("0 reports added") && err.contains("S0403"), "{out}{err}");
    }
    let inside = unzipped(before.iter().find(|bytes| bytes.starts_with(b"PK")).unwrap());
    desk.write("in/data.warc.gz", &inside["archive/data.warc.gz"]);
    let (_, out, err) = run(&["add", "in/data.warc.gz"]);
    assert!(out.starts_with("0 reports added") && err.contains("S0403"), "{out}{err}");
}

#[test]
fn another_report_of_a_package_is_accounted_for() {
    let desk = Desk::new();
    let other = PAGE.replace("Ana Lind", "Jan Berg");
    desk.write("in/crawl.wacz", packaged(&[("https://h.example/a", WITNESS_PAGE), ("https://h.example/b", &other)]));
    let run = |args: &[&str]| desk.run(&[args, &["--case", "dam"]].concat());
    assert_eq!(run(&["add", "in"]).0, 0);
    stamp(&desk);
    let witness = |id: &Value| id["title"] == "Ana Lind saw it";
    let exported = desk.json(&["export"]);
    let id = exported["reports"].as_array().unwrap().iter().find(|report| witness(report)).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for words in ["Ana Lind", "Tuesday"] {
        let (exit, out, err) = run(&["redact", &id, "--words", words, "--why", "asked to", "--yes"]);
        assert_eq!(exit, 0, "{out}{err}");
    }
    let (exit, out, _) = run(&["verify"]);
    assert_eq!(exit, 0, "{out}");
    assert!(out.contains("words of another report were taken out of its capture"), "{out}");
    let journal = desk.json(&["log"]);
    assert_eq!(journal[0]["captures"].as_array().unwrap().len(), 2, "the package, and the archive inside: {journal}");
    // Another place in the archive is not what was stamped.
    let raw = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
    let moved = raw
        .execute("UPDATE reports SET meta = json_set(meta, '$.archived.length', 7) WHERE text LIKE '%Jan Berg%'", [])
        .unwrap();
    forge(&raw);
    drop(raw);
    let (exit, out, _) = run(&["verify"]);
    assert!(moved == 1 && exit == 1 && out.contains("it was changed since Stamps of tests stamped it"), "{out}");
}

#[test]
fn words_that_come_back_are_told() {
    let desk = Desk::new();
    desk.write("in/page.html", WITNESS_PAGE);
    let run = |args: &[&str]| desk.run(&[args, &["--case", "dam"]].concat());
    assert_eq!(run(&["add", "in/page.html"]).0, 0);
    let id = desk.json(&["export"])["reports"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(run(&["redact", &id, "--words", "Ana Lind", "--why", "asked to", "--yes"]).0, 0);
    // The page as it is today: another sentence, other bytes.
    desk.write("in/page.html", WITNESS_PAGE.replace("<p>ANA LIND", "<p>It rained.</p><p>ANA LIND"));
    let (exit, out, err) = run(&["add", "in/page.html"]);
    assert!(exit == 0 && out.starts_with("1 report added"), "{out}{err}");
    assert!(err.contains("note[S0404]") && err.contains(&id) && !err.contains("Lind"), "{err}");
    assert_eq!(run(&["add", "in/page.html"]).2, "", "once");
    // Without the words there is nothing to tell.
    desk.write("in/page.html", WITNESS_PAGE.replace("Lind", "").replace("LIND", "").replace("Ana", ""));
    assert_eq!(run(&["add", "in/page.html"]).2, "");
    let (_, _, err) = desk.run(&["add", "--case", "other", "in/a.txt"]);
    assert_eq!(err, "");
}

#[test]
fn what_cannot_be_taken_out_is_left_alone() {
    let desk = witnesses();
    assert_eq!(desk.run(&["add", "--case", "dam", "in"]).0, 0);
    let whole = |desk: &Desk| desk.json(&["export"]);
    let before = whole(&desk);
    for (args, why) in [
        (&["redact", "j2", "--words", "Nobody", "--why", "x"][..], "stand neither in"),
        (&["redact", "j2", "--words", " -*", "--why", "x"], "no letter"),
        (&["redact", "j9", "--words", "Ana", "--why", "x"], "has no report j9"),
        (&["redact", "j", "--words", "Ana", "--why", "x"], "several reports begin with j: j1, j2, j3"),
        (&["redact", "j2", "--words", "Ana Lind", "--why", "Ana Lind asked"], "--why holds the words"),
        (&["redact", "j2", "--spans", "8..900", "--why", "x"], "its text has 70 characters"),
        (&["redact", "j2", "--spans", "8..8", "--why", "x"], "such as 120..128"),
        (&["redact", "j2", "--words", "Ana Lind"], "--why"),
        (&["redact", "j2", "--why", "x"], "--words"),
    ] {
        let (exit, out, err) = desk.run(&[args, &["--case", "dam", "--yes"]].concat());
        assert_eq!((exit, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(why), "{args:?}: {err}");
    }
    assert_eq!(whole(&desk), before);
    // A place alone goes, the same words elsewhere in the text stay.
    let spans = ["redact", "j2", "--spans", "12..16", "--why", "x", "--yes", "--case", "dam", "--format", "json"];
    let (exit, out, err) = desk.run(&spans);
    assert_eq!(exit, 0, "{err}");
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&told["spans"], &told["decisions"]), (&serde_json::json!([[12, 16]]), &serde_json::json!([1])));
    let lines = rusqlite::Connection::open(desk.path("sayso.db")).unwrap();
    let text: String = lines.query_row("SELECT text FROM reports WHERE id = 'j2'", [], |r| r.get(0)).unwrap();
    assert_eq!(text, "Witness Ana XXXX said that the bridge was struck. José Lind denied it.");
}
