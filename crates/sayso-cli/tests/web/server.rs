//! A workbench under test, and a browser of sorts: it keeps cookies, follows nothing, and sends what it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::prelude::*;
use serde_json::Value;

use crate::desk::Desk;

/// A running `sayso serve`, ended when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    /// What the printed address ends with, where nobody logs in.
    pub(crate) key: Option<String>,
    pub(crate) desk: Desk,
}

impl Server {
    /// Serves the case `dam`.
    pub(crate) fn start(desk: Desk, args: &[&str]) -> Self {
        let mut command = Command::cargo_bin("sayso").unwrap();
        command.current_dir(desk.0.path()).args(["serve", "--listen", "127.0.0.1:0", "--case", "dam"]).args(args);
        command.env_remove("SAYSO_LOG").env_remove("SAYSO_LEDGER").env("USER", "ed");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port =
            line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_else(|| panic!("{line}"));
        let key = line.trim_end().split_once("?key=").map(|(_, key)| key.to_owned());
        Self { child, port: port.parse().unwrap(), key, desk }
    }

    pub(crate) fn browser(&self) -> Browser {
        let mut browser = self.stranger();
        browser.cookies.extend(self.key.iter().map(|key| (format!("sayso-{}", self.port), key.clone())));
        browser
    }

    /// A browser that has not opened the printed address.
    pub(crate) fn stranger(&self) -> Browser {
        Browser { port: self.port, cookies: BTreeMap::new() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Someone with cookies.
pub(crate) struct Browser {
    pub(crate) port: u16,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// Sends a form with the token of the page at `from`.
    pub(crate) fn form(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(from);
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.post(path, &fields)
    }

    /// Sends a form as it is.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body.as_bytes())
    }

    pub(crate) fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// The token that a page carries.
    pub(crate) fn token(&mut self, page: &str) -> String {
        let page = self.get(page).body;
        let after = |mark: &str| page.find(mark).map(|at| at + mark.len());
        let at =
            after("name=\"csrf\" value=\"").or_else(|| after("?csrf=")).unwrap_or_else(|| panic!("no token in {page}"));
        page[at..].split('"').next().unwrap().to_owned()
    }

    /// One request over a connection of its own, byte for byte; headers given replace ours.
    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str(&format!("host: 127.0.0.1:{}\r\n", self.port));
        }
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            head.push_str(&format!("cookie: {}\r\n", cookies.join("; ")));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // A server that has heard enough may hang up.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let answer = parse(&bytes);
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Asks again until what comes back is as wanted.
    pub(crate) fn wait(&mut self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let answer = self.get(path);
            if wanted(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{path} never became what was wanted: {answer:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn parse(bytes: &[u8]) -> Answer {
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {bytes:?}"));
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> =
        lines.map(|line| line.split_once(": ").unwrap()).map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
    let mut body = &bytes[at + 4..];
    let mut whole = Vec::new();
    if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
        while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
            let size = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap().trim(), 16).unwrap();
            whole.extend_from_slice(&body[end + 2..end + 2 + size]);
            body = &body[end + 4 + size..];
        }
    } else {
        whole.extend_from_slice(body);
    }
    Answer { status, headers, body: String::from_utf8_lossy(&whole).into_owned() }
}
