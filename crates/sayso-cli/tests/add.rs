//! What `sayso add` takes and what it withstands, on the shipped program: kills, full disks, company, the web, bad input.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod desk;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use desk::Desk;
use sayso_ledger::{Sqlite, Store};

/// Many short reports, each with its own words.
fn many(reports: usize) -> String {
    let line = |k: usize| {
        let text = format!(
            "Harbour master Ana Lind said on Tuesday that crane {k} had been struck at night.\n\n\
             The port's union denied that crane {k} had been struck, spokesman Per Dahl told Harbour News.\n"
        );
        serde_json::json!({"id": format!("r{k}"), "text": text, "outlet": "Wire", "published": "2025-04-02"})
            .to_string()
    };
    (0..reports).map(|k| line(k) + "\n").collect()
}

/// Every report of a case as the ledger has it: id to text and number of statements.
fn kept(desk: &Desk, case: &str) -> BTreeMap<String, (String, usize)> {
    let entries = Sqlite::open(&desk.path("sayso.db")).unwrap().entries(case).unwrap();
    entries.into_iter().map(|e| (e.report.id, (e.report.text, e.reading.attributions.len()))).collect()
}

/// A sequence that is the same in every run.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[test]
fn killing_it_at_any_moment_loses_nothing_acknowledged() {
    const REPORTS: usize = 96;
    let desk = Desk::new();
    desk.write("many.jsonl", many(REPORTS));
    assert_eq!(desk.run(&["add", "many.jsonl", "--ledger", "straight.db", "--threads", "1"]).0, 0);
    let straight = Sqlite::open(&desk.path("straight.db")).unwrap().entries("default").unwrap();
    let (mut seed, mut acknowledged, mut stopped) = (7, Vec::new(), 0);
    for _ in 0..6 {
        let mut child = desk
            .command(&["-v", "add", "many.jsonl", "--threads", "1"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Killed in the middle of starting, or after some acknowledgements.
        let (wait, lines) = (random(&mut seed) % 60, (random(&mut seed) % 3) * 8);
        std::thread::sleep(Duration::from_millis(wait));
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        for line in log.by_ref().filter(|line| line.contains("kept report=")).take(usize::try_from(lines).unwrap()) {
            acknowledged.push(line.split('"').nth(1).unwrap().to_owned());
        }
        std::thread::sleep(Duration::from_millis(random(&mut seed) % 20));
        child.kill().unwrap();
        stopped += usize::from(child.wait().unwrap().code().is_none());
        for line in log.filter(|line| line.contains("kept report=")) {
            acknowledged.push(line.split('"').nth(1).unwrap().to_owned());
        }
        let ledger = Sqlite::open(&desk.path("sayso.db")).unwrap();
        let now = ledger.entries("default").unwrap();
        for id in &acknowledged {
            assert!(now.iter().any(|entry| entry.report.id == *id), "{id} was acknowledged and is gone");
        }
        for entry in &now {
            let same = straight.iter().find(|other| other.report.id == entry.report.id).unwrap();
            assert_eq!((&entry.report.text, &entry.reading), (&same.report.text, &same.reading), "half a report");
        }
        assert_eq!(ledger.verify().unwrap(), []);
    }
    assert!(stopped >= 3, "only {stopped} runs were killed under way");
    assert!(!acknowledged.is_empty(), "something was acknowledged");
    acknowledged.sort();
    let all = acknowledged.len();
    acknowledged.dedup();
    assert_eq!(acknowledged.len(), all, "what was kept is not read again");
    let (exit, out, _) = desk.run(&["add", "many.jsonl", "--threads", "1"]);
    assert_eq!(exit, 0);
    let left = REPORTS - all;
    assert!(out.starts_with(&format!("{left} report")), "{out}, {all} were acknowledged");
    assert_eq!(kept(&desk, "default").len(), REPORTS);
}

#[test]
fn two_at_once_wait_for_each_other() {
    let desk = Desk::new();
    desk.write("one.jsonl", many(20));
    desk.write("two.jsonl", many(30).replace("\"id\":\"r", "\"id\":\"s"));
    let start = |file: &str| {
        desk.command(&["add", file, "--threads", "1"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [start("one.jsonl"), start("two.jsonl"), start("one.jsonl")];
    for child in both {
        let out = child.wait_with_output().unwrap();
        assert_eq!((out.status.code(), String::from_utf8_lossy(&out.stderr).as_ref()), (Some(0), ""));
    }
    assert_eq!(kept(&desk, "default").len(), 50);
    assert_eq!(desk.run(&["verify"]).0, 0);
}

#[test]
fn a_full_disk_stops_it_with_a_sentence_and_loses_nothing() {
    let desk = Desk::new();
    desk.write("few.jsonl", many(4));
    assert_eq!(desk.run(&["add", "few.jsonl"]).0, 0);
    let before = kept(&desk, "default");
    desk.write("many.jsonl", many(60).replace("\"id\":\"r", "\"id\":\"s"));
    // No file may grow beyond 300 KB: as good as a disk without room.
    let sayso = desk.command(&[]).get_program().to_owned();
    let script = "trap '' XFSZ; ulimit -f 300; exec \"$0\" add many.jsonl --threads 1";
    let out =
        std::process::Command::new("bash").args(["-c", script]).arg(sayso).current_dir(desk.0.path()).output().unwrap();
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(2), "{err}");
    assert!(err.contains("the disk is full") && !err.contains("panicked"), "{err}");
    let after = kept(&desk, "default");
    assert!(before.iter().all(|(id, report)| after.get(id) == Some(report)));
    assert_eq!(desk.run(&["verify"]).0, 0);
    let (exit, _, err) = desk.run(&["add", "many.jsonl"]);
    assert_eq!((exit, err.as_str()), (0, ""), "with room again it goes on");
    assert_eq!(kept(&desk, "default").len(), 64);
}

/// A device that answers with errors: `device/fails.c` stands between the program and the system's calls.
#[test]
fn a_device_that_fails_loses_nothing_acknowledged() {
    const REPORTS: usize = 40;
    let desk = Desk::new();
    desk.write("many.jsonl", many(REPORTS));
    let shim = desk.path("fails.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/device/fails.c");
    let cc =
        std::process::Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&shim).args([source, "-ldl"]).status();
    assert!(cc.unwrap().success(), "the C compiler that links Rust programs makes it");
    let (mut failed, mut cut_off) = (BTreeMap::<&str, usize>::new(), 0);
    for (what, calls) in [("write", [1, 40, 100, 120, 140]), ("flush", [1, 6, 10, 12, 14]), ("read", [1, 2, 3, 5, 8])] {
        for (at, once) in calls.into_iter().flat_map(|at| [(at, false), (at, true)]) {
            for name in ["sayso.db", "sayso.db-wal", "sayso.db-shm"] {
                drop(std::fs::remove_file(desk.path(name)));
            }
            let mut add = desk.command(&["-v", "add", "many.jsonl", "--threads", "1"]);
            add.env("LD_PRELOAD", &shim).env("SAYSO_FAILS", what).env("SAYSO_FAILS_AT", at.to_string());
            if once {
                add.env("SAYSO_FAILS_ONCE", "1");
            }
            let out = add.output().unwrap();
            let err = String::from_utf8_lossy(&out.stderr);
            assert!(matches!(out.status.code(), Some(0 | 2)) && !err.contains("panicked"), "{what} {at}: {err}");
            let told: Vec<&str> = err
                .lines()
                .filter(|line| line.contains("kept report="))
                .map(|l| l.split('"').nth(1).unwrap())
                .collect();
            if out.status.code() == Some(2) {
                *failed.entry(what).or_default() += 1;
                cut_off += usize::from(!told.is_empty());
                assert!(
                    err.contains("what was acknowledged is kept") || err.contains("is damaged"),
                    "{what} {at}: {err}"
                );
            }
            assert_eq!(desk.run(&["verify"]).0, 0, "{what} {at}: nothing is damaged");
            let held = kept(&desk, "default");
            assert!(told.iter().all(|id| held.contains_key(*id)), "{what} {at}: {told:?}");
            assert_eq!(desk.run(&["add", "many.jsonl", "--threads", "1"]).0, 0);
            assert_eq!(kept(&desk, "default").len(), REPORTS, "{what} {at}: then it goes on");
        }
    }
    assert!(failed.len() == 3 && failed.values().all(|times| *times > 1), "{failed:?}");
    assert!(cut_off > 2, "only {cut_off} failed under way");
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let desk = Desk::added();
    rusqlite::Connection::open(desk.path("sayso.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    for verb in ["add", "claims", "verify"] {
        let args = if verb == "add" { vec![verb, "in"] } else { vec![verb] };
        let (exit, _, err) = desk.run(&args);
        assert_eq!(exit, 2);
        assert!(err.contains("version 99") && err.contains("newer sayso"), "{err}");
    }
}

#[test]
fn two_reports_with_one_id_are_both_kept() {
    let desk = Desk::new();
    let line = |text: &str| serde_json::json!({"id": "r1", "text": text}).to_string() + "\n";
    desk.write(
        "twins.jsonl",
        line("The mayor said that it rained.")
            + &line("The mayor said that it snowed.")
            + &line("The mayor said that it rained."),
    );
    let (exit, out, err) = desk.run(&["add", "twins.jsonl"]);
    assert_eq!((exit, out.as_str()), (0, "2 reports added to case default; 1 report there already.\n"), "{err}");
    assert!(err.contains("note[S0401] twins.jsonl#2") && err.contains("r1~"), "{err}");
    assert_eq!(kept(&desk, "default").len(), 2);
    let (_, out, err) = desk.run(&["add", "twins.jsonl"]);
    assert_eq!((out.as_str(), err.as_str()), ("0 reports added to case default; 1 input not changed since.\n", ""));
}

#[test]
fn odd_dates_are_named_and_nothing_is_invented() {
    let desk = Desk::new();
    let line = |id: &str, date: serde_json::Value| {
        serde_json::json!({"id": id, "text": "The mayor said that the bridge was open.", "outlet": id, "published": date}).to_string() + "\n"
    };
    let dates =
        line("future", "2999-01-01".into()) + &line("none", serde_json::Value::Null) + &line("odd", "soon".into());
    desk.write("dates.jsonl", dates);
    let (exit, out, err) = desk.run(&["add", "dates.jsonl", "--case", "dam"]);
    assert_eq!((exit, out.as_str()), (1, "3 reports added to case dam.\n"), "{err}");
    assert!(err.contains("note[S0402] dates.jsonl#1") && err.contains("2999-01-01"), "{err}");
    assert!(err.contains("“soon”"), "{err}");
    let case = desk.json(&["export"]);
    assert_eq!(case["reports"][1]["published"], serde_json::Value::Null);
    assert_eq!(desk.json(&["export", "--as-of", "2030-01-01"])["reports"].as_array().unwrap().len(), 2);
    assert!(desk.run(&["timeline", "--case", "dam"]).1.contains("no date"));
}

#[test]
fn bombs_and_torn_archives_are_notices() {
    let desk = Desk::new();
    desk.write("laughs.xml", include_str!("bad/laughs.xml"));
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>The mayor said that the bridge was open.</p></body></html>";
    let record = |url: &str, body: &str| {
        format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-04-02T08:00:00Z\r\n\
                 Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
            body.len()
        )
    };
    let mut archive = gzip(record("https://a.example/1", page).as_bytes());
    let torn = gzip(record("https://a.example/2", &page.replace("bridge", "tunnel")).as_bytes());
    archive.extend(&torn[..torn.len() / 2]);
    desk.write("torn.warc.gz", &archive);
    desk.write("bomb.warc.gz", gzip(record("https://a.example/3", &"\0".repeat(80 << 20)).as_bytes()));
    desk.write("torn.txt.gz", &gzip(b"The mayor said that it rained.")[..20]);
    desk.write("bomb.wacz", wacz(&vec![0; 100 << 20]));
    let args = ["add", "laughs.xml", "torn.warc.gz", "bomb.warc.gz", "bomb.wacz", "torn.txt.gz", "in"];
    let (exit, out, err) = desk.run(&args);
    assert_eq!(exit, 1, "{err}");
    for place in ["torn.warc.gz", "bomb.warc.gz", "bomb.wacz", "torn.txt.gz"] {
        assert!(
            err.lines().any(|line| line.starts_with("error[S01") || line.starts_with("note[S01"))
                && err.contains(place),
            "{place}: {err}"
        );
    }
    assert!(!err.contains("panicked"), "{err}");
    assert!(out.contains("reports added"), "{out}");
    let texts: Vec<String> = kept(&desk, "default").into_values().map(|report| report.0).collect();
    assert!(texts.iter().any(|text| text.contains("bridge")), "the whole record of the torn archive: {texts:?}");
    assert!(texts.iter().all(|text| text.len() < 100_000), "no entity was multiplied");
    assert_eq!(desk.run(&["verify"]).0, 0);
}

/// An archive with one file of pages in it.
fn wacz(pages: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("archive/data.warc", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(pages).unwrap();
    zip.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn pictures_beside_a_page_come_with_it_and_are_kept() {
    let photo = include_bytes!("../../sayso/tests/pictures/files/plain.jpg");
    let page = |picture: &str| {
        format!(
            "<!doctype html><article><h1>Bridge falls</h1><p>The mayor said on Monday that the bridge over the Serebra had fallen in the night.</p>\
             <figure><img src=\"{picture}\"><figcaption>The bridge on Monday morning.</figcaption></figure>\
             <p>Her deputy denied that it had ever been closed, and said that nobody had been on it.</p></article>"
        )
    };
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("saved/page files")).unwrap();
    std::fs::write(desk.path("saved/page files/one.jpg"), photo).unwrap();
    std::fs::write(desk.path("secret.jpg"), photo).unwrap();
    desk.write("saved/page.html", page("page%20files/one.jpg"));
    desk.write("saved/outside.html", page("../secret.jpg"));
    assert_eq!(desk.run(&["add", "saved/page.html", "saved/outside.html"]).0, 0);
    let ledger = Sqlite::open(&desk.path("sayso.db")).unwrap();
    let pictures: Vec<_> = ledger.entries("default").unwrap().into_iter().map(|e| e.report.pictures).collect();
    let found: Vec<_> = pictures.iter().flatten().collect();
    assert_eq!((found.len(), found[0].source.as_str()), (1, "page%20files/one.jpg"));
    let kept = ledger.captures("saved/page files/one.jpg").unwrap();
    assert_eq!(kept[0].sha256, found[0].sha256);
    assert!(ledger.captures("secret.jpg").unwrap().is_empty());
    let (code, out, _) = desk.run(&["read", "saved/page.html"]);
    assert!(code == 0 && out.contains("picture: page%20files/one.jpg, 320 × 240 pixels"), "{out}");
    let (_, out, _) = desk.run(&["show", "1"]);
    assert!(out.contains("PICTURES IN THESE REPORTS"), "{out}");
}

#[test]
fn a_large_file_of_lines_comes_in_pieces() {
    let desk = Desk::new();
    // Long lines that hold little to read.
    let line = |k: usize| {
        let filler = "\\n".repeat(700_000);
        format!("{{\"id\":\"r{k}\",\"text\":\"The mayor said that bridge {k} was open.{filler}\"}}\n")
    };
    desk.write("large.jsonl", (0..14).map(line).collect::<String>() + "no report\n");
    let (exit, out, err) = desk.run(&["add", "large.jsonl"]);
    assert_eq!((exit, out.as_str()), (1, "14 reports added to case default.\n"), "{err}");
    assert!(err.contains("Line 15 of large.jsonl"), "lines are counted over all pieces: {err}");
    let captures = Sqlite::open(&desk.path("sayso.db")).unwrap().captures("large.jsonl").unwrap();
    assert!(captures.len() > 1, "{captures:?}");
    let (_, out, _) = desk.run(&["add", "large.jsonl"]);
    assert!(out.starts_with("0 reports added"), "{out}");
}

/// A server on this machine that gives each path its answer.
fn serve(answers: &'static [(&'static str, &'static str)]) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
                let path = head[0].split(' ').nth(1).unwrap().to_owned();
                tell.send(head.join("\n")).unwrap();
                let mut stream = stream;
                match answers.iter().find(|answer| answer.0 == path).map_or("404", |answer| answer.1) {
                    "404" => drop(
                        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                    ),
                    "slow" => {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nThe mayor");
                        std::thread::sleep(Duration::from_secs(4));
                    }
                    "large" => {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
                        while stream.write_all(&[b'a'; 65_536]).is_ok() {}
                    }
                    answer if answer.starts_with('/') || answer.starts_with("file:") => {
                        let head = format!(
                            "HTTP/1.1 302 Found\r\nLocation: {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        );
                        let _ = stream.write_all(head.as_bytes());
                    }
                    body => {
                        let kind = if body.starts_with("<rss") { "application/rss+xml" } else { "text/html" };
                        let head = format!(
                            "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nX-Made: here\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                            body.len()
                        );
                        let _ = stream.write_all(head.as_bytes());
                    }
                }
            });
        }
    });
    (address, asked)
}

const PAGE: &str = "<html><head><title>Bridge</title></head><body><article><p>Mayor Ana Lind said that the bridge had been struck at night.</p>\
                    <p>The port's union denied it, spokesman Per Dahl told Harbour News on Tuesday.</p></article></body></html>";
const FEED: &str = "<rss version=\"2.0\"><channel><title>Harbour News</title>\
                    <item><title>One</title><guid>1</guid><description>The mayor said that the bridge was open.</description></item>\
                    <item><title>Two</title><guid>2</guid><description>The union said that the port was shut.</description></item></channel></rss>";

#[test]
fn a_page_from_the_web_is_kept_with_the_way_to_it() {
    let (address, asked) = serve(&[("/old", "/new"), ("/new", PAGE), ("/feed", FEED)]);
    let desk = Desk::new();
    let url = format!("{address}/old");
    let (exit, out, err) = desk.run(&["add", &url]);
    assert_eq!((exit, out.as_str(), err.as_str()), (0, "1 report added to case default.\n", ""));
    let requests: Vec<String> = asked.try_iter().collect();
    assert_eq!(requests.len(), 2, "each step once: {requests:?}");
    assert!(requests[0].to_lowercase().contains("user-agent: sayso/"), "{requests:?}");
    let ledger = Sqlite::open(&desk.path("sayso.db")).unwrap();
    let capture = ledger.captures(&url).unwrap().remove(0);
    let headers = capture.headers.unwrap();
    for line in
        [&format!("GET {url}"), "HTTP/1.1 302 Found", "location: /new", &format!("GET {address}/new"), "x-made: here"]
    {
        assert!(headers.lines().any(|has| has == line), "{line}: {headers}");
    }
    assert!(capture.fetched.unwrap().ends_with('Z'));
    let entry = ledger.entries("default").unwrap().remove(0);
    assert_eq!((entry.report.source, entry.report.url), (url.clone(), Some(format!("{address}/new"))));
    let (_, out, _) = desk.run(&["add", &url, &format!("{address}/feed"), "--case", "default"]);
    assert_eq!(out, "2 reports added to case default; 1 input not changed since.\n");
}

#[test]
fn what_the_web_does_not_give_is_named() {
    let (address, _asked) = serve(&[
        ("/slow", "slow"),
        ("/large", "large"),
        ("/loop", "/loop"),
        ("/file", "file:///etc/passwd"),
        ("/page", PAGE),
    ]);
    let desk = Desk::new();
    let urls: Vec<String> =
        ["gone", "slow", "large", "loop", "file", "page"].map(|path| format!("{address}/{path}")).into();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let nobody = "http://127.0.0.1:1/";
    let args = [&["add", "--timeout", "1", "--largest", "1", nobody, "http://"][..], &urls].concat();
    let (exit, out, err) = desk.run(&args);
    assert_eq!((exit, out.as_str()), (1, "1 report added to case default.\n"), "{err}");
    let lines: Vec<&str> = err.lines().collect();
    let whys = [
        "127.0.0.1:1/",
        "it is no URL",
        "404 Not Found",
        "longer than 1 seconds",
        "more than 1 MB",
        "redirects more than",
        "it redirects to file:",
    ];
    for why in whys {
        assert!(lines.iter().any(|line| line.starts_with("error[S0104] http") && line.contains(why)), "{why}: {err}");
    }
    assert_eq!(lines.len(), whys.len(), "{err}");
}

/// A folder as a browser saves pages: what a page shows is told of with the page, what nobody shows is named, again and again.
#[test]
fn pictures_that_a_page_shows_are_no_inputs_of_their_own() {
    let photo = include_bytes!("../../sayso/tests/pictures/files/plain.jpg");
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("saved/page_files")).unwrap();
    // By their names one comes before the page and one behind.
    for picture in ["saved/page_files/one.JPG", "saved/a.jpg", "saved/page_files/nobody.png"] {
        std::fs::write(desk.path(picture), photo).unwrap();
    }
    desk.write(
        "saved/page.html",
        "<!doctype html><article><h1>Bridge falls</h1><p>The mayor said on Monday that the bridge over the Serebra had fallen in the night.</p>\
         <figure><img src=\"./page_files/one.JPG\"><img src=\"a.jpg?w=9\"></figure>\
         <p>Her deputy denied that it had ever been closed, and said that nobody had been on it.</p></article>",
    );
    for added in ["1 report added", "0 reports added"] {
        let (exit, out, err) = desk.run(&["add", "saved"]);
        assert!(exit == 1 && out.starts_with(added), "{out}");
        assert!(err.matches("S0103").count() == 1 && err.contains("saved/page_files/nobody.png is"), "{err}");
    }
    let (exit, _, err) = desk.run(&["add", "--case", "others", "saved/page_files/one.JPG"]);
    assert!(exit == 1 && err.contains("S0103"), "alone it is a picture and no report: {err}");
}
