//! What must not be possible.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;

use crate::desk::Desk;
use crate::server::{Browser, Server};

pub(crate) const PASSWORD: &str = "a long enough password";

/// A desk with a reader, a reviewer and an owner.
pub(crate) fn with_users() -> Desk {
    let desk = Desk::added();
    for (name, role) in [("rita", "reader"), ("rolf", "reviewer"), ("olga", "owner")] {
        let mut child = desk.command(&["user", "add", name, "--role", role]).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(child.wait().unwrap().success());
    }
    desk
}

pub(crate) fn log_in(browser: &mut Browser, name: &str) {
    let answer =
        browser.form("/login", "/login", &[("name", name), ("password", PASSWORD), ("back", "/c/dam/journal")]);
    assert_eq!((answer.status, answer.header("location")), (303, "/c/dam/journal"), "{answer:?}");
}

/// A decision that any case of three reports takes.
fn reject(desk: &Desk) -> String {
    let claim = &desk.json(&["claims"])[0];
    let mention = &claim["mentions"][0];
    let start = mention["spans"][0][0].as_u64().unwrap();
    json!({"decision": "reject", "mention": {"report": mention["report"], "start": start}}).to_string()
}

#[test]
fn every_answer_has_its_headers_and_no_script_of_others() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    for path in ["/", "/c/dam/", "/nowhere", "/assets/sayso.css", "/c/dam/?as_of=never"] {
        let answer = browser.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
    assert_eq!(browser.get("/nowhere").status, 404);
    assert_eq!(browser.get("/c/dam/?as_of=never").status, 400);
    assert_eq!(browser.get("/c/no-such-case/").status, 404);
}

#[test]
fn paths_lead_nowhere_else() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    for path in [
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/sayso.db",
        "/c/dam/export/..%2f..%2fsayso.db",
        "/c/dam/reports/..%2f..%2f..%2fetc%2fpasswd",
        "/c/dam/../../etc/passwd",
        "/assets/%00",
        "//etc/passwd",
        "/assets/sayso.css%00.js",
    ] {
        let answer = browser.get(path);
        assert!(answer.status == 404 || answer.status == 400, "{path}: {}", answer.status);
        assert!(!answer.body.contains("root:"), "{path}");
    }
}

#[test]
fn a_change_needs_the_token_of_its_page() {
    let server = Server::start(Desk::added(), &[]);
    let (decision, mut browser) = (reject(&server.desk), server.browser());
    let fields = [("decision", decision.as_str())];
    assert_eq!(browser.post("/c/dam/decisions", &fields).status, 403, "no token");
    assert_eq!(browser.post("/c/dam/decisions", &[fields[0], ("csrf", "0000")]).status, 403, "a wrong token");
    assert_eq!(browser.post("/c/dam/decisions", &[fields[0], ("csrf", "")]).status, 403, "an empty token");
    let token = browser.token("/c/dam/add");
    let form = "application/x-www-form-urlencoded";
    let body = format!("csrf={token}&decision=undo&line=1");
    let mut from = |headers: &[(&str, &str)]| {
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("content-type", form)]).collect();
        browser.send("POST", "/c/dam/decisions", &headers, body.as_bytes()).status
    };
    assert_eq!(from(&[("origin", "https://evil.example")]), 403, "another site");
    assert_eq!(from(&[("origin", "null")]), 403, "a page from nowhere");
    assert_eq!(from(&[("sec-fetch-site", "cross-site")]), 403, "another site, as the browser says");
    assert_eq!(server.desk.json(&["log"]).as_array().unwrap().len(), 0, "nothing was decided");
    let done =
        browser.form("/c/dam/add", "/c/dam/decisions", &[fields[0], ("why", "a caption"), ("back", "/c/dam/journal")]);
    assert_eq!((done.status, done.header("location")), (303, "/c/dam/journal?decided=1"));
    let journal = server.desk.json(&["log"]);
    assert_eq!((&journal[0]["by"], &journal[0]["why"]), (&json!("ed"), &json!("a caption")));
    let undone = browser.form(
        "/c/dam/add",
        "/c/dam/decisions",
        &[("decision", "undo"), ("line", "1"), ("back", "https://evil.example/")],
    );
    assert_eq!(undone.header("location"), "/c/dam/?decided=2", "back leads nowhere else");
}

#[test]
fn only_our_own_name_is_answered() {
    let server = Server::start(Desk::added(), &["--name", "desk.example.org"]);
    let mut browser = server.browser();
    let mut status = |host: &str| browser.send("GET", "/c/dam/", &[("host", host)], b"").status;
    for evil in
        ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "a b", "user@localhost"]
    {
        assert!([421, 400].contains(&status(evil)), "{evil}");
    }
    for own in ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:7290", "desk.example.org", "Desk.Example.org:443"] {
        assert_eq!(status(own), 200, "{own}");
    }
}

#[test]
fn headers_cannot_be_written_from_outside() {
    let server = Server::start(Desk::added(), &[]);
    let (decision, mut browser) = (reject(&server.desk), server.browser());
    for back in [
        "/a\r\nset-cookie: x=1",
        "/a%0d%0aset-cookie:%20x=1",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
    ] {
        let answer = browser.form("/c/dam/add", "/c/dam/decisions", &[("decision", &decision), ("back", back)]);
        assert_eq!(answer.header("set-cookie"), "", "{back:?}");
        assert!(
            answer.header("location").starts_with("/c/") || answer.header("location").starts_with("/a%0d"),
            "{answer:?}"
        );
    }
    let answer = browser.get("/new?case=x%0d%0aset-cookie:%20a=1");
    assert_eq!((answer.status, answer.header("set-cookie")), (400, ""));
}

#[test]
fn what_a_report_says_never_becomes_markup() {
    let desk = Desk::new();
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><a href=\"javascript:alert(3)\">";
    desk.write(
        "in/evil.txt",
        format!("Title: {evil}\nOutlet: {evil} Post\nPublished: 2025-04-02T12:00:00Z\nURL: javascript:alert(4)\n\n\
                 Mayor Tomas {evil} Rehn said that the Lower Dam had been opened at night {evil}.\n\n“{evil}”, the engineer Ines Okafor said.\n"),
    );
    assert_eq!(desk.run(&["add", "--case", "dam", "in"]).0, 0);
    assert_eq!(desk.run(&["add", "--case", "<b>\"'&", "in"]).0, 0);
    let server = Server::start(desk, &[]);
    let mut browser = server.browser();
    let mut paths: Vec<String> = [
        "",
        "reports/",
        "matrix",
        "timeline",
        "actors",
        "review",
        "add",
        "export",
        "journal",
        "?q=<script>",
        "?as_of=<script>",
    ]
    .iter()
    .flat_map(|path| [format!("/c/dam/{path}"), format!("/c/%3Cb%3E%22%27%26/{path}")])
    .collect();
    paths.extend(["/".into(), "/login?back=\"><script>".into(), "/<script>".into()]);
    let case = server.desk.json(&["export"]);
    for (list, path) in [("claims", "claims"), ("reports", "reports"), ("actors", "actors")] {
        paths.extend(
            case[list].as_array().unwrap().iter().map(|item| format!("/c/dam/{path}/{}", item["id"].as_str().unwrap())),
        );
    }
    for path in paths {
        let answer = browser.get(&path.replace('<', "%3C").replace('>', "%3E").replace('"', "%22"));
        assert!(answer.status < 500, "{path}: {answer:?}");
        let body = answer.body.to_lowercase();
        for markup in [
            "<script>",
            "<img src=x",
            "href=\"javascript:",
            "<a href=\"&#34;javascript",
            "<b>\"",
            "onerror=alert(2)>\"",
        ] {
            assert!(!body.contains(markup), "{path} has {markup}");
        }
    }
}

#[test]
fn without_a_login_nothing_is_shown() {
    let server = Server::start(with_users(), &[]);
    let mut browser = server.browser();
    for path in ["/", "/c/dam/", "/c/dam/journal", "/c/dam/export/json", "/c/dam/live", "/new?case=x"] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").starts_with("/login?back="), "{path}");
        assert!(!answer.body.contains("Dam"), "{path}");
    }
    assert_eq!(browser.post("/c/dam/decisions", &[("decision", "undo"), ("line", "1")]).status, 401);
    assert_eq!(browser.get("/assets/sayso.css").status, 200, "the login page has its style");
    log_in(&mut browser, "rolf");
    assert_eq!(browser.get("/c/dam/").status, 200);
    assert_eq!(browser.form("/c/dam/add", "/logout", &[]).status, 303);
    assert_eq!(browser.get("/c/dam/").status, 303);
}

#[test]
fn a_session_begins_with_its_login_and_ends_with_its_user() {
    let server = Server::start(with_users(), &[]);
    let mut browser = server.browser();
    let name = format!("sayso-{}", server.port);
    browser.cookies.insert(name.clone(), "chosen-by-an-attacker".into());
    browser.get("/login");
    let before = browser.cookies[&name].clone();
    assert_ne!(before, "chosen-by-an-attacker");
    let page = browser.form("/login", "/login", &[("name", "olga"), ("password", "wrong, wrong")]);
    assert_eq!(page.status, 401);
    let before = browser.cookies[&name].clone();
    let login = {
        let token = browser.token("/login");
        browser.post("/login", &[("name", "olga"), ("password", PASSWORD), ("csrf", &token)])
    };
    let cookie = login.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Max-Age="),
        "{cookie}"
    );
    assert_ne!(browser.cookies[&name], before, "the login begins a new session");
    let mut thief = server.browser();
    thief.cookies.insert(name.clone(), before);
    assert_eq!(thief.get("/c/dam/").status, 303, "the session before the login is nobody's");
    assert_eq!(browser.get("/c/dam/").status, 200);
    assert_eq!(server.desk.run(&["user", "remove", "olga"]).0, 0);
    assert_eq!(browser.get("/c/dam/").status, 303, "who was removed is out at once");
}

#[test]
fn a_login_needs_the_token_of_its_form() {
    let server = Server::start(with_users(), &[]);
    let mut browser = server.browser();
    assert_eq!(browser.post("/login", &[("name", "olga"), ("password", PASSWORD)]).status, 403);
    let token = server.browser().token("/login");
    assert_eq!(
        browser.post("/login", &[("name", "olga"), ("password", PASSWORD), ("csrf", &token)]).status,
        403,
        "of another's form"
    );
}

#[test]
fn passwords_cannot_be_guessed_fast() {
    let server = Server::start(with_users(), &[]);
    let mut browser = server.browser();
    let mut guess =
        |password: &str| browser.form("/login", "/login", &[("name", "olga"), ("password", password)]).status;
    let first = (0..8).map(|k| guess(&format!("guess number {k}"))).collect::<Vec<_>>();
    assert!(first.iter().all(|status| *status == 401), "{first:?}");
    assert_eq!(guess(PASSWORD), 429, "even the right one waits");
    let mut other = server.browser();
    log_in(&mut other, "rolf");
}

#[test]
fn readers_do_not_decide() {
    let server = Server::start(with_users(), &[]);
    let decision = reject(&server.desk);
    let mut reader = server.browser();
    log_in(&mut reader, "rita");
    let page = reader.get("/c/dam/").body;
    assert!(!page.contains("/c/dam/add\"") && !page.contains("/c/dam/review\""), "forms are hidden: {page}");
    let answer = reader.form("/c/dam/", "/c/dam/decisions", &[("decision", &decision)]);
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("reader"), "{}", answer.body);
    let mut reviewer = server.browser();
    log_in(&mut reviewer, "rolf");
    assert_eq!(reviewer.form("/c/dam/", "/c/dam/decisions", &[("decision", &decision)]).status, 303);
    let journal = server.desk.json(&["log"]);
    assert_eq!((journal.as_array().unwrap().len(), &journal[0]["by"]), (1, &json!("rolf")));
}

#[test]
fn requests_are_bounded() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    let token = browser.token("/c/dam/add");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("csrf={token}&decision=undo&line=1&why={}", "x".repeat(3 << 20));
    assert_eq!(browser.send("POST", "/c/dam/decisions", &form, body.as_bytes()).status, 413);
    let long = format!("csrf={token}&decision=undo&line=1&why={}", "x".repeat(5_000));
    assert_eq!(browser.send("POST", "/c/dam/decisions", &form, long.as_bytes()).status, 400, "a reason has an end");
    let path = format!("/{}", "x".repeat(200_000));
    assert!([414, 431, 404].contains(&browser.get(&path).status));
}

#[test]
fn only_who_started_it_is_let_in_without_a_login() {
    let server = Server::start(Desk::added(), &[]);
    let (decision, key, mut stranger) = (reject(&server.desk), server.key.clone().unwrap(), server.stranger());
    for path in ["/", "/c/dam/", "/c/dam/live", "/c/dam/weighed", "/api/v1/cases", "/c/dam/?key=0000", "/?key="] {
        let answer = stranger.get(path);
        assert_eq!((answer.status, answer.header("set-cookie")), (401, ""), "{path}");
        assert!(!answer.body.contains("Dam"), "{path}");
    }
    let sent: serde_json::Value = serde_json::from_str(&decision).unwrap();
    assert_eq!(stranger.post_json("/api/v1/cases/dam/decisions", &sent).status, 401);
    assert_eq!(stranger.post(&format!("/c/dam/decisions?key={key}"), &[("decision", &decision)]).status, 401);
    let entered = stranger.get(&format!("//c/dam/?q=dam&key={key}"));
    assert_eq!((entered.status, entered.header("location")), (303, "/c/dam/?q=dam"), "the key leaves the address");
    let cookie = entered.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(stranger.get("/c/dam/?q=dam").status, 200, "and the cookie has it");
    let bearer = format!("Bearer {key}");
    assert_eq!(server.stranger().send("GET", "/api/v1/cases", &[("authorization", &bearer)], b"").status, 200);
}

#[test]
fn slow_connections_end() {
    let server = Server::start(Desk::added(), &[]);
    let open = |said: &str| {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.write_all(said.as_bytes()).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
        stream
    };
    let half: Vec<_> = (0..100).map(|_| open("GET /c/dam/ HTTP/1.1\r\nhost: loc")).collect();
    let silent = open("");
    assert_eq!(server.browser().get("/c/dam/").status, 200, "others are heard meanwhile");
    for mut stream in half.into_iter().chain([silent]) {
        let mut rest = Vec::new();
        let ended = std::io::Read::read_to_end(&mut stream, &mut rest);
        assert!(ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset), "it went on");
    }
}

#[test]
fn other_machines_need_a_login() {
    let desk = Desk::added();
    let (exit, _, err) = desk.run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(exit, 2);
    assert!(err.contains("sayso user add"), "{err}");
}
