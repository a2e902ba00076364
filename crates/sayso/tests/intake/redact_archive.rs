//! Words taken out of web archives, plain and packaged: nothing is left in any entry, and other readers find what they found.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use flate2::read::{GzDecoder, MultiGzDecoder};
use sayso::intake::redact::{Cannot, Redacted, Wanted, Words, redact};
use sayso::intake::{Hints, Source};
use sayso::report::Report;
use serde_json::{Value, json};

use crate::read_all;

const WITNESS: &str = "<html><head><title>Ana Lind saw it</title><link rel=\"canonical\" href=\"https://h.example/ana-lind-saw-it.html\"></head>\
    <body><article><h1>Ana Lind saw it</h1><p>Witness Ana <b>Lind</b> said that the bridge had been struck at night.</p>\
    <p>The mayor denied it on Tuesday, and José Lind fled.</p></article></body></html>";
const OTHER: &str = "<html><head><title>Port</title></head><body><article><p>Mayor Per Dahl told the port's union on Monday that it had rained.</p>\
    <p>Nobody had been hurt, said the union.</p></article></body></html>";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// The same with some bytes to spare, as others pack.
fn roomy(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::GzBuilder::new().comment([b' '; 60]).write(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn record(kind: &str, url: &str, mime: &str, more: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-04-02T08:00:00Z\r\n{more}\
         Content-Type: {mime}\r\nContent-Length: {}\r\n\r\n",
        url.len(),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

const HTTP: &str = "application/http; msgtype=response";

fn page(url: &str, heads: &str, body: &[u8]) -> Vec<u8> {
    let answer =
        [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{heads}\r\n").as_bytes(), body].concat();
    let more =
        format!("WARC-Payload-Digest: sha256:{}\r\nWARC-Block-Digest: sha256:{}\r\n", sha256(body), sha256(&answer));
    record("response", url, HTTP, &more, &answer)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let (a, b) = bytes.split_at(bytes.len() / 3);
    let chunk = |part: &[u8]| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
    [chunk(a), chunk(b), b"0\r\n\r\n".to_vec()].concat()
}

fn without(name: &str, bytes: &[u8], report: &Report) -> Result<Redacted, Cannot> {
    let words = [Words::new("Ana Lind").unwrap()];
    redact(&Source { name, bytes, hints: Hints::default() }, report, Wanted { words: &words, spans: &[] })
}

fn texts(name: &str, bytes: &[u8]) -> Vec<String> {
    read_all(name, bytes).into_iter().flatten().map(|report| report.text).collect()
}

fn names(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_lowercase();
    ["ana lind", "ana-lind", "ana <b>lind", "ana%20lind"].iter().any(|written| text.contains(written))
}

#[test]
fn of_archives() {
    let about = "https://h.example/ana-lind-saw-it.html";
    let witness = |body: Vec<u8>, heads: &str| {
        [
            page(about, heads, &body),
            record(
                "request",
                about,
                "application/http; msgtype=request",
                "",
                b"GET /ana-lind-saw-it.html HTTP/1.1\r\nHost: h.example\r\n\r\n",
            ),
            record("metadata", about, "application/warc-fields", "", b"via: https://h.example/\r\ntitle: Ana Lind\r\n"),
            page("https://h.example/port.html", "", OTHER.as_bytes()),
            record("resource", "urn:pageinfo:x", "application/json", "", br#"{"title":"Ana Lind"}"#),
            // The same page once more, and another with the same text.
            page("http://h.example/again.html", "", WITNESS.as_bytes()),
            page("http://h.example/other.html", "", WITNESS.replace("<body>", "<body class=x>").as_bytes()),
            page("http://h.example/moved.html", "Link: </ana-lind>\r\n", b" "),
        ]
    };
    let ways = [
        ("plain", witness(WITNESS.into(), "")),
        ("chunks", witness(chunked(WITNESS.as_bytes()), "Transfer-Encoding: chunked\r\n")),
        ("packed", witness(roomy(WITNESS.as_bytes()), "Content-Encoding: gzip\r\n")),
        (
            "both",
            witness(chunked(&roomy(WITNESS.as_bytes())), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        ),
    ];
    for (way, records) in ways {
        let packed: Vec<Vec<u8>> = records.iter().map(|record| roomy(record)).collect();
        for (name, parts) in [("a.warc", records.to_vec()), ("a.warc.gz", packed)] {
            let bytes = parts.concat();
            let report = read_all(name, &bytes).remove(0).unwrap();
            let done = without(name, &bytes, &report).unwrap();
            assert_eq!((done.bytes.len(), done.left), (bytes.len(), 0), "{way} {name}");
            let mut at = 0;
            for (part, whole) in parts.iter().zip(&records) {
                let own = &done.bytes[at..at + part.len()];
                at += part.len();
                let mut unpacked = own.to_vec();
                if name.ends_with("gz") {
                    unpacked.clear();
                    GzDecoder::new(own).read_to_end(&mut unpacked).unwrap();
                }
                assert_eq!(unpacked.len(), whole.len());
                assert!(!names(&unpacked), "{way}: {}", String::from_utf8_lossy(&unpacked));
                digests_hold(&unpacked, whole);
            }
            let (before, after) = (texts(name, &bytes), texts(name, &done.bytes));
            assert_eq!(after[1], before[1]);
            assert_eq!(after[0], before[0].replace("Ana Lind", "XXX XXXX"));
            assert_eq!((&after[0], &after[2], &after[3]), (&done.report.text, &after[0], &after[0]));
            // A report that was cut out of a page of the same text is taken the words from, too, when asked.
            let other = read_all(name, &bytes).remove(3).unwrap();
            let again = without(name, &done.bytes, &other).unwrap();
            assert_eq!(
                (&again.report.text, again.bytes == done.bytes),
                (&after[0], true),
                "{way}: its page has lost them"
            );
            let now = read_all(name, &done.bytes).remove(3).unwrap();
            assert_eq!((&again.report.sha256, again.report.archived.as_ref()), (&now.sha256, now.archived.as_ref()));
            assert_eq!(without(name, &done.bytes, &again.report).unwrap_err(), Cannot::Nowhere);
        }
    }
}

/// Every digest of a record that held before holds now.
fn digests_hold(now: &[u8], before: &[u8]) {
    let said = |record: &[u8]| -> Vec<(String, bool)> {
        let text = String::from_utf8_lossy(record);
        let Some((head, _)) = text.split_once("\r\n\r\n") else { return Vec::new() };
        let block = &record[head.len() + 4..record.len() - 4];
        let body = block.windows(4).position(|four| four == b"\r\n\r\n").map_or(block, |at| &block[at + 4..]);
        let digests = head.lines().filter_map(|line| line.split_once("-Digest: sha256:"));
        digests.map(|(key, value)| (key.to_owned(), [block, body].iter().any(|bytes| sha256(bytes) == value))).collect()
    };
    assert_eq!(said(now), said(before), "{}", String::from_utf8_lossy(now));
}

fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let method =
            if name.ends_with("gz") { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        zip.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.set_comment("about Ana Lind").unwrap();
    zip.finish().unwrap().into_inner()
}

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

/// A package as crawlers write it: with an index in packed blocks, or a plain one.
fn package(blocks: bool, other: &str) -> Vec<u8> {
    let url = "https://h.example/ana-lind-saw-it.html";
    let records = [
        gzip(&page(url, "", WITNESS.as_bytes())),
        gzip(&page("https://h.example/port.html", "", other.as_bytes())),
        gzip(&record(
            "revisit",
            "https://h.example/r",
            HTTP,
            &format!("WARC-Payload-Digest: sha256:{}\r\n", sha256(WITNESS.as_bytes())),
            b"",
        )),
    ];
    let index = |k: usize, key: &str, url: &str, body: &str| {
        let offset: usize = records[..k].iter().map(Vec::len).sum();
        let place = json!({"url": url, "mime": "text/html", "status": "200", "digest": format!("sha256:{}", sha256(body.as_bytes())),
            "recordDigest": format!("sha256:{}", sha256(&records[k])), "length": records[k].len().to_string(), "offset": offset.to_string(), "filename": "Ana-Lind-1.warc.gz"});
        format!("{key} 20250402080000 {place}\n")
    };
    let lines = [
        index(0, "example,h)/ana-lind-saw-it.html", url, WITNESS),
        index(1, "example,h)/port.html", "https://h.example/port.html", other),
    ];
    let pages = [
        json!({"format": "json-pages-1.0", "id": "pages", "title": "All about Ana Lind"}),
        json!({"id": "1", "url": url, "ts": "2025-04-02T08:00:00Z", "title": "Ana Lind saw it", "text": "Witness Ana Lind said", "size": 12}),
        json!({"id": "2", "url": "https://h.example/port.html", "ts": "2025-04-02T08:00:00Z", "title": "Port", "text": "with a link to Ana Lind"}),
    ];
    let mut files = vec![
        ("archive/Ana-Lind-1.warc.gz", records.concat()),
        ("pages/pages.jsonl", pages.iter().map(|page| format!("{page}\n")).collect::<String>().into_bytes()),
        ("logs/crawl.log", b"{\"url\":\"https://h.example/ana-lind-saw-it.html\"}\n".to_vec()),
        ("screenshot.bin", vec![0, 1, 2, 3]),
    ];
    if blocks {
        let packed = [gzip(lines[0].as_bytes()), gzip(lines[1].as_bytes())];
        let entry = |k: usize, key: &str, offset: usize| {
            format!(
                "{key} 20250402080000 {}\n",
                json!({"offset": offset, "length": packed[k].len(), "digest": "sha256:x", "filename": "index.cdx.gz"})
            )
        };
        let list = [
            "!meta 0 {\"format\": \"cdxj-gzip-1.0\", \"filename\": \"index.cdx.gz\"}\n".to_owned(),
            entry(0, "example,h)/ana-lind-saw-it.html", 0),
            entry(1, "example,h)/port.html", packed[0].len()),
        ];
        files.push(("indexes/index.cdx.gz", packed.concat()));
        files.push(("indexes/index.idx", list.concat().into_bytes()));
    } else {
        files.push(("indexes/index.cdxj", lines.concat().into_bytes()));
    }
    let resource = |(path, bytes): &(&str, Vec<u8>)| json!({"name": path.rsplit('/').next(), "path": path, "hash": format!("sha256:{}", sha256(bytes)), "bytes": bytes.len()});
    let list = json!({"profile": "data-package", "wacz_version": "1.1.1", "title": "Ana Lind's case", "resources": files.iter().map(resource).collect::<Vec<_>>()});
    files.push(("datapackage.json", list.to_string().into_bytes()));
    files.push((
        "datapackage-digest.json",
        json!({"path": "datapackage.json", "hash": "sha256:x", "signedData": {}}).to_string().into_bytes(),
    ));
    zipped(&files)
}

/// What an index finds: address and record of each line, in order.
fn found(files: &BTreeMap<String, Vec<u8>>) -> Vec<(String, String, Vec<u8>)> {
    let mut text = String::new();
    if let Some(list) = files.get("indexes/index.idx") {
        let packed = &files["indexes/index.cdx.gz"];
        for line in std::str::from_utf8(list).unwrap().lines().skip(1) {
            let place: Value = serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap();
            let (offset, length) =
                (place["offset"].as_u64().unwrap() as usize, place["length"].as_u64().unwrap() as usize);
            let mut block = String::new();
            MultiGzDecoder::new(&packed[offset..offset + length]).read_to_string(&mut block).unwrap();
            assert!(block.starts_with(line.split(' ').next().unwrap()), "{line} {block}");
            text.push_str(&block);
        }
    } else {
        text = String::from_utf8(files["indexes/index.cdxj"].clone()).unwrap();
    }
    assert!(text.lines().is_sorted(), "{text}");
    let mut out = Vec::new();
    for line in text.lines() {
        let place: Value = serde_json::from_str(line.splitn(3, ' ').nth(2).unwrap()).unwrap();
        let number = |field: &str| place[field].as_str().unwrap().parse::<usize>().unwrap();
        let archive = &files[&format!("archive/{}", place["filename"].as_str().unwrap())];
        let packed = &archive[number("offset")..number("offset") + number("length")];
        let mut record = Vec::new();
        GzDecoder::new(packed).read_to_end(&mut record).unwrap();
        let text = String::from_utf8_lossy(&record);
        assert!(text.contains(&format!("WARC-Target-URI: {}\r\n", place["url"].as_str().unwrap())), "{line}\n{text}");
        assert!(
            text.contains(&format!("WARC-Payload-Digest: {}\r\n", place["digest"].as_str().unwrap())),
            "{line}\n{text}"
        );
        assert_eq!(place["recordDigest"], format!("sha256:{}", sha256(packed)), "{line}");
        out.push((line.split(' ').next().unwrap().to_owned(), place["url"].as_str().unwrap().to_owned(), record));
    }
    out
}

#[test]
fn of_packages() {
    for blocks in [false, true] {
        let bytes = package(blocks, OTHER);
        assert_eq!(found(&unzipped(&bytes)).len(), 2);
        let report = read_all("a.wacz", &bytes).remove(0).unwrap();
        let done = without("a.wacz", &bytes, &report).unwrap();
        let (before, files) = (unzipped(&bytes), unzipped(&done.bytes));
        for (name, bytes) in &files {
            let mut unpacked = Vec::new();
            let packed = MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).is_ok();
            assert!(!(names(name.as_bytes()) || names(bytes) || packed && names(&unpacked)), "{name}");
        }
        assert!(!names(&done.bytes), "neither in its comment nor in its directory");
        assert_eq!((files.len(), done.left, done.names), (before.len(), 0, true));
        assert_eq!(files["screenshot.bin"], before["screenshot.bin"]);
        let list: Value = serde_json::from_slice(&files["datapackage.json"]).unwrap();
        assert_eq!(list["title"], "XXX XXXX's case");
        let resources = list["resources"].as_array().unwrap();
        assert_eq!(resources.len(), files.len() - 2);
        for resource in resources {
            let bytes = &files[resource["path"].as_str().unwrap()];
            assert_eq!(
                (&resource["hash"], &resource["bytes"]),
                (&format!("sha256:{}", sha256(bytes)).into(), &bytes.len().into()),
                "{resource}"
            );
        }
        let digest: Value = serde_json::from_slice(&files["datapackage-digest.json"]).unwrap();
        assert_eq!(
            digest,
            json!({"path": "datapackage.json", "hash": format!("sha256:{}", sha256(&files["datapackage.json"]))})
        );
        let lines = found(&files);
        assert_eq!(
            lines.iter().map(|line| line.0.as_str()).collect::<Vec<_>>(),
            ["example,h)/port.html", "example,h)/xxx-xxxx-saw-it.html"]
        );
        let archive = &files["archive/XXX-XXXX-1.warc.gz"];
        let (mut all, witness) = (String::new(), String::from_utf8_lossy(&lines[1].2));
        MultiGzDecoder::new(archive.as_slice()).read_to_string(&mut all).unwrap();
        let digest = witness.split("WARC-Payload-Digest: ").nth(1).unwrap().lines().next().unwrap();
        assert_eq!(all.matches(digest).count(), 2, "a page that was the same is the same");

        // What is kept of the report leads back to its place in the package.
        let mut all = read_all("a.wacz", &done.bytes).into_iter().map(Result::unwrap);
        let now = all.find(|now| now.text == report.text.replace("Ana Lind", "XXX XXXX")).unwrap();
        assert_eq!(
            (&done.report.text, &done.report.archived, &done.report.sha256),
            (&now.text, &now.archived, &now.sha256)
        );
        assert_eq!(done.inside[0].before, report.archived.unwrap().sha256);
    }
}

#[test]
fn what_others_say_of_the_words_stays() {
    let other = OTHER.replace("Nobody", "Ana Lind");
    let bytes = package(false, &other);
    let reports: Vec<Report> = read_all("a.wacz", &bytes).into_iter().flatten().collect();
    let done = without("a.wacz", &bytes, &reports[0]).unwrap();
    let files = unzipped(&done.bytes);
    assert!(texts("a.wacz", &done.bytes).contains(&reports[1].text));
    assert!(String::from_utf8_lossy(&files["pages/pages.jsonl"]).contains("with a link to Ana Lind"));
    assert_eq!((done.left, found(&files).len()), (2, 2), "its text, and its line in the list of pages");
    // Then it, too.
    let done = without("a.wacz", &done.bytes, &reports[1]).unwrap();
    assert_eq!(done.left, 0);
    let mut all = Vec::new();
    MultiGzDecoder::new(unzipped(&done.bytes)["archive/XXX-XXXX-1.warc.gz"].as_slice()).read_to_end(&mut all).unwrap();
    assert!(!names(&all) && !names(&unzipped(&done.bytes)["pages/pages.jsonl"]));
    assert_eq!(without("a.wacz", &done.bytes, &done.report).unwrap_err(), Cannot::Nowhere);
}

/// Where the mask of a name packs less well than the name.
#[test]
fn what_has_no_room_goes_to_the_end() {
    let about = |words: &str| {
        let more: String =
            (0..9).map(|k| format!("<p>Ana Lindgren's {k} said on Monday that {words} fell.</p>")).collect();
        let page = format!("<html><body><article><p>Ana Lind said that.</p>{more}</article></body></html>");
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
        gzip(&record("response", &format!("https://h.example/{words}"), HTTP, "", answer.as_bytes()))
    };
    let parts = [about("one"), about("two")];
    let index: Vec<String> = (0..2)
        .map(|k| {
            let offset = k * parts[0].len();
            format!(
                "example,h)/{k} 20250402080000 {}\n",
                json!({"offset": offset.to_string(), "length": parts[k].len().to_string(), "filename": "a.warc.gz"})
            )
        })
        .collect();
    let bytes = zipped(&[("archive/a.warc.gz", parts.concat()), ("indexes/index.cdxj", index.concat().into_bytes())]);
    for (name, bytes) in [("a.warc.gz", parts.concat()), ("a.wacz", bytes)] {
        let report = read_all(name, &bytes).remove(0).unwrap();
        let done = without(name, &bytes, &report).unwrap();
        let read: Vec<Report> = read_all(name, &done.bytes).into_iter().map(Result::unwrap).collect();
        assert_eq!(
            (read.len(), &read[0].text),
            (2, &read_all(name, &bytes).remove(1).unwrap().text),
            "another's stays"
        );
        let (now, kept) = (read[1].archived.as_ref().unwrap(), done.report.archived.as_ref().unwrap());
        assert_eq!((&read[1].text, now.offset, now.length), (&done.report.text, kept.offset, kept.length));
        assert_eq!(
            (kept.offset, &kept.sha256),
            (parts[0].len() + parts[1].len(), &now.sha256),
            "the page did fit: the test tests nothing"
        );
        if name == "a.wacz" {
            let index = String::from_utf8(unzipped(&done.bytes)["indexes/index.cdxj"].clone()).unwrap();
            let own = index.lines().next().unwrap();
            assert!(
                own.contains(&format!("\"{}\"", kept.offset)) && own.contains(&format!("\"{}\"", kept.length)),
                "{index}"
            );
        }
    }
}

#[test]
fn what_cannot_be_looked_into_is_refused() {
    let bytes = package(true, OTHER);
    let report = read_all("a.wacz", &bytes).remove(0).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = unzipped(&bytes).into_iter().collect();
    files.push(("logs/more.log".to_owned(), vec![b' '; 300 << 20]));
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    assert_eq!(
        without("a.wacz", &zipped(&files), &report).unwrap_err(),
        Cannot::Form("a file in it cannot be unpacked")
    );
}
