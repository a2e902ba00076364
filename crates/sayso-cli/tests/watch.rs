//! `sayso watch` against a server of our own.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod desk;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use desk::Desk;
use serde_json::Value;

const ITEM: &str = "<item><title>Dam opened</title><guid>x1</guid><link>http://example.org/x1</link><pubDate>Wed, 02 Apr 2025 12:00:00 GMT</pubDate>\
    <description>The Lower Dam had been opened at night, the police said. Mayor Tomas Rehn denied on Wednesday that the Lower Dam had been opened.</description></item>";

/// Answers each request as told; out: its address, and every request as it came.
fn serve(answer: impl Fn(&str, &str) -> String + Send + 'static) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while reader.read_line(&mut head).unwrap() > 2 {}
            let length = head
                .to_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ").and_then(|n| n.trim().parse().ok()));
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            let path = head.split(' ').nth(1).unwrap().to_owned();
            stream.write_all(answer(&path, &head).as_bytes()).unwrap();
            if sender.send(format!("{head}{}", String::from_utf8(body).unwrap())).is_err() {
                return;
            }
        }
    });
    (address, requests)
}

fn feed(path: &str, head: &str) -> String {
    let close = "connection: close\r\n";
    match path {
        "/hook" => format!("HTTP/1.1 204 No Content\r\n{close}\r\n"),
        "/broken.xml" => {
            format!("HTTP/1.1 503 Service Unavailable\r\nretry-after: 7200\r\ncontent-length: 0\r\n{close}\r\n")
        }
        _ if head.to_lowercase().contains("if-none-match: \"one\"") => {
            format!("HTTP/1.1 304 Not Modified\r\n{close}\r\n")
        }
        _ => {
            let feed = format!("<rss version=\"2.0\"><channel><title>Third Paper</title>{ITEM}</channel></rss>");
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\netag: \"one\"\r\ncontent-length: {}\r\n{close}\r\n{feed}",
                feed.len()
            )
        }
    }
}

#[test]
fn what_is_new_is_added_once_and_what_changed_is_told() {
    let desk = Desk::added();
    let (address, requests) = serve(feed);
    let file = format!("about = ['dam']\nwebhook = '{address}/hook'\n[[feed]]\nurl = '{address}/news.xml'\n");
    desk.write("feeds.toml", &file);
    let (exit, out, err) = desk.run(&["watch", "feeds.toml", "--once", "--case", "dam"]);
    assert_eq!(exit, 0, "{err}");
    assert!(out.contains("1 report new"), "{out}");
    assert!(out.contains("Dam") && out.contains("outlets"), "the claim that changed is named: {out}");
    assert!(requests.recv().unwrap().starts_with("GET /news.xml"));
    let hook = requests.recv().unwrap();
    let told: Value = serde_json::from_str(hook.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(told["case"], "dam");
    assert!(
        told["changes"].as_array().unwrap().iter().all(|change| change["after"]["statement"].is_string()),
        "{told}"
    );
    let (exit, out, _) = desk.run(&["watch", "feeds.toml", "--once", "--case", "dam"]);
    assert_eq!((exit, out.as_str()), (0, ""), "nothing is new");
    let again = requests.recv().unwrap().to_lowercase();
    assert!(again.contains("if-none-match: \"one\""), "the server is told what is known: {again}");
    assert!(again.contains("user-agent: sayso/"), "{again}");
    assert!(requests.try_recv().is_err(), "no webhook for nothing");
}

#[test]
fn a_feed_that_fails_is_named() {
    let desk = Desk::added();
    let (address, _requests) = serve(feed);
    desk.write("feeds.toml", format!("[[feed]]\nurl = '{address}/broken.xml'\n[[feed]]\nurl = '{address}/news.xml'\n"));
    let (exit, out, err) = desk.run(&["watch", "feeds.toml", "--once", "--case", "dam"]);
    assert_eq!(exit, 1, "{err}");
    assert!(err.contains("503") && out.contains("1 report new"), "the other is read all the same: {out} {err}");
    desk.write("feeds.toml", "[[feed]]\nurl = 'http://a'\nminutes = 0\n");
    assert_eq!(desk.run(&["watch", "feeds.toml"]).0, 2);
}
