//! What happens elsewhere is told to whoever looks.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::server::Server;

#[test]
fn reports_added_by_another_process_are_told_and_shown() {
    let server = Server::start(Desk::added(), &[]);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let key = server.key.as_ref().unwrap();
    write!(stream, "GET /c/dam/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.next().unwrap().unwrap().contains("200"));
    assert!(lines.by_ref().any(|line| line.unwrap().is_empty()), "the head ends");
    server.desk.write("late.txt", "Title: Dam\nOutlet: Third Paper\nPublished: 2025-04-03\n\nThe Lower Dam had been opened at night, the police said.\n");
    assert_eq!(server.desk.run(&["add", "--case", "dam", "late.txt"]).0, 0);
    let added = Instant::now();
    let told =
        lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("data: {\"version\""))).unwrap().unwrap();
    assert!(added.elapsed() < Duration::from_secs(10), "{:?}", added.elapsed());
    let told: serde_json::Value = serde_json::from_str(told.trim_start_matches("data: ")).unwrap();
    assert!(told["claims"].as_u64().unwrap() >= 1, "{told}");
    let claims = server.browser().get("/api/v1/cases/dam/claims?outlet=Third+Paper").json();
    assert_eq!(claims["total"], 1, "{claims}");
}

#[test]
fn a_page_that_waits_is_told_when_its_case_is_weighed() {
    let server = Server::start(Desk::added(), &[]);
    for path in ["/c/dam/weighed", "/c/dam/weighed?as_of=2025-04-03"] {
        let told = server.browser().get(path);
        assert_eq!((told.status, told.header("content-type")), (200, "text/event-stream"), "{path}");
        assert!(told.body.contains("event: weighed"), "{path}: {}", told.body);
    }
    assert_eq!(server.browser().get("/c/dam/weighed?as_of=never").status, 400);
}

#[test]
fn the_sample_is_read_while_pages_answer_and_says_that_it_is_fiction() {
    let started = Instant::now();
    let server = Server::start(Desk::new(), &["--sample"]);
    let mut browser = server.browser();
    let page = browser.get("/c/maktaaral-raid/");
    println!("first page after {:?}", started.elapsed());
    assert_eq!(page.status, 200);
    assert!(page.body.to_lowercase().contains("fictional"), "{}", page.body);
    let read = browser.wait("/api/v1/cases/maktaaral-raid", |answer| answer.json()["reports"] == 14).json();
    assert_eq!(read["fictional"], true);
    assert!(read["claims"].as_u64().unwrap() > 20, "{read}");
    assert!(!server.desk.path("sayso.db").exists(), "nothing is kept");
}
