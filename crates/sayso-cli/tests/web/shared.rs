//! Several people, several processes: nothing is lost, and what two decide differently is told.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::cluster;
use crate::desk::Desk;
use crate::safety::{log_in, with_users};
use crate::server::Server;

/// The first mention of the first claim, as the API names it.
fn mention(desk: &Desk) -> (String, Value) {
    let claim = desk.json(&["claims"])[0].clone();
    let mention = &claim["mentions"][0];
    let key = json!({"report": mention["report"], "start": mention["spans"][0][0]});
    (claim["id"].as_str().unwrap().to_owned(), key)
}

#[test]
fn what_two_people_decide_differently_is_told() {
    let server = Server::start(with_users(), &[]);
    let (claim, mention) = mention(&server.desk);
    let (mut rolf, mut olga) = (server.browser(), server.browser());
    log_in(&mut rolf, "rolf");
    log_in(&mut olga, "olga");
    // Both look at the same page; one is quicker.
    let edit = json!({"decision": "edit", "mention": mention, "speaker": "Ines Okafor", "stance": null});
    let first = rolf.post_json("/api/v1/cases/dam/decisions", &edit);
    assert_eq!((first.status, first.json()), (201, json!({"number": 1, "against": []})));
    let edit = json!({"decision": "edit", "mention": mention, "speaker": "Tomas Rehn", "stance": null}).to_string();
    let second = olga.form("/c/dam/", "/c/dam/decisions", &[("decision", &edit), ("back", "/c/dam/journal")]);
    assert_eq!((second.status, second.header("location")), (303, "/c/dam/journal?decided=2"));
    let page = olga.get("/c/dam/journal?decided=2").body;
    assert!(page.contains("Decision 2 is in the journal, against <a"), "{page}");
    assert!(page.contains("against line 1 by rolf") && page.contains("against line 2 by olga"), "{page}");
    let page = rolf.get(&format!("/c/dam/claims/{claim}"));
    assert!(page.status != 200 || page.body.contains("Two people decided differently"), "{}", page.body);
    let journal = rolf.get("/api/v1/cases/dam/journal").json();
    assert_eq!((&journal[0]["against"], &journal[1]["against"]), (&json!([2]), &json!([1])));
    let (_, shown, _) = server.desk.run(&["log", "--case", "dam"]);
    assert!(shown.contains("against line 1 by rolf"), "{shown}");

    let undo = json!({"decision": "undo", "line": 1});
    assert_eq!(rolf.post_json("/api/v1/cases/dam/decisions", &undo).status, 201);
    let journal = rolf.get("/api/v1/cases/dam/journal").json();
    assert!(journal[1].get("against").is_none(), "one was taken back: {journal}");
}

#[test]
fn another_process_on_the_same_database_is_told_at_once() {
    let (desk, Some(database)) = (Desk::new(), cluster::database()) else { return };
    let add = |input: &str, desk: &Desk| {
        assert_eq!(desk.run(&["add", "--case", "dam", input, "--ledger", &database.address]).0, 0);
    };
    add("in", &desk);
    let server = Server::start(desk, &["--ledger", &database.address]);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let key = server.key.as_ref().unwrap();
    write!(stream, "GET /c/dam/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.by_ref().any(|line| line.unwrap().is_empty()), "the head ends");
    server.desk.write("late.txt", "Title: Dam\nOutlet: Third Paper\nPublished: 2025-04-03\n\nThe Lower Dam had been opened at night, the police said.\n");
    add("late.txt", &server.desk);
    let added = Instant::now();
    assert!(lines.any(|line| line.is_ok_and(|line| line.starts_with("data: {\"version\""))));
    assert!(added.elapsed() < Duration::from_secs(10), "{:?}", added.elapsed());
    let claims = server.browser().get("/api/v1/cases/dam/claims?outlet=Third+Paper").json();
    assert_eq!(claims["total"], 1, "{claims}");
    assert!(server.browser().get("/c/dam/?q=dam").body.contains("Lower Dam"));
    let (_, mention) = {
        let claim = server.browser().get("/api/v1/cases/dam/claims").json()["claims"][0].clone();
        let id = claim["id"].as_str().unwrap().to_owned();
        let whole = server.browser().get(&format!("/api/v1/cases/dam/claims/{id}")).json();
        let mention = &whole["mentions"][0];
        (id, json!({"report": mention["report"], "start": mention["spans"][0][0]}))
    };
    let made =
        server.browser().post_json("/api/v1/cases/dam/decisions", &json!({"decision": "accept", "mention": mention}));
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(server.browser().get("/api/v1/cases/dam/journal").json().as_array().unwrap().len(), 1);
}
