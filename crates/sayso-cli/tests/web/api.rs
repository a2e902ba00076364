//! The API is what its description says: every path is asked, and every answer held against its schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::server::{Browser, Server};

/// A part of a schema: the other parts describe the other fields.
fn open(part: &Value, all: &Value) -> Value {
    let mut part = match part["$ref"].as_str() {
        Some(name) => all.pointer(&name[1..]).unwrap_or_else(|| panic!("{name} is not described")).clone(),
        None => part.clone(),
    };
    part["open"] = json!(true);
    if let Some(ways) = part["oneOf"].as_array_mut() {
        ways.iter_mut().for_each(|way| *way = open(way, all));
    }
    part
}

/// Why a value is not what a schema says; objects may have no field that it does not name.
fn wrong(value: &Value, schema: &Value, all: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return wrong(value, all.pointer(&name[1..]).unwrap_or_else(|| panic!("{name} is not described")), all, at);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().find_map(|part| wrong(value, &open(part, all), all, at));
    }
    for any in ["oneOf", "anyOf"] {
        if let Some(ways) = schema[any].as_array() {
            let faults: Vec<String> = ways.iter().filter_map(|way| wrong(value, way, all, at)).collect();
            return (faults.len() == ways.len()).then(|| faults.join(" and "));
        }
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let fits = kinds.iter().any(|kind| match *kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    });
    if !fits {
        return Some(format!("{at} is {value}, not {kinds:?}"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Some(format!("{at} is {value}, not one of {words:?}"));
    }
    match value {
        Value::Array(items) => {
            let count = items.len() as u64;
            if schema["minItems"].as_u64().is_some_and(|least| count < least)
                || schema["maxItems"].as_u64().is_some_and(|most| count > most)
            {
                return Some(format!("{at} has {count} items"));
            }
            items.iter().enumerate().find_map(|(k, item)| wrong(item, &schema["items"], all, &format!("{at}[{k}]")))
        }
        Value::Object(fields) => {
            let known = schema["properties"].as_object();
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let missing =
                required.filter(|name| !fields.contains_key(*name)).map(|name| format!("{at} has no {name}")).next();
            let fault = |(name, field): (&String, &Value)| match known.and_then(|known| known.get(name)) {
                Some(schema) => wrong(field, schema, all, &format!("{at}.{name}")),
                None if schema["open"] == true => None,
                None => known.map(|_| format!("{at} has {name}, which is not described")),
            };
            missing.or_else(|| fields.iter().find_map(fault))
        }
        _ => None,
    }
}

/// Asks for a path and holds the answer against the description.
fn ask(browser: &mut Browser, all: &Value, template: &str, path: &str) -> Value {
    let answer = browser.get(path);
    let responses = &all["paths"][template]["get"]["responses"];
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let content = &responses["200"]["content"];
    let Some(schema) = content.get("application/json").map(|content| &content["schema"]) else {
        assert!(content.get("application/octet-stream").is_some(), "{template} is not described: {responses}");
        return Value::Null;
    };
    let value = answer.json();
    if let Some(why) = wrong(&value, schema, all, "the answer") {
        panic!("{path}: {why}");
    }
    value
}

fn described(browser: &mut Browser) -> Value {
    let description = browser.get("/api/v1/openapi.json").json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3."), "{}", description["openapi"]);
    description
}

#[test]
fn every_answer_is_what_the_description_says() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    let all = described(&mut browser);
    let case = server.desk.json(&["export"]);
    let ids = |list: &str| -> Vec<String> {
        case[list].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    // So that the journal holds one decision, and there is a job.
    let mention = json!({"report": case["claims"][0]["mentions"][0]["report"], "start": 0});
    let made = browser
        .post_json("/api/v1/cases/dam/decisions", &json!({"decision": "accept", "mention": mention, "why": "seen"}));
    assert_eq!((made.status, made.json()), (201, json!({"number": 1, "against": []})));
    let job = browser.post_json(
        "/api/v1/cases/dam/reports",
        &json!({"text": "The mayor said on Friday that the dam was dry.", "outlet": "Hill Post"}),
    );
    assert_eq!(job.status, 202, "{}", job.body);
    let mut asked = BTreeSet::new();
    for (template, methods) in all["paths"].as_object().unwrap() {
        if methods.get("get").is_none() {
            continue;
        }
        let base = template.replace("{case}", "dam").replace("{format}", "json");
        let of = match template {
            t if t.contains("/claims/{id}") => ids("claims"),
            t if t.contains("/reports/{id}") => ids("reports"),
            t if t.contains("/actors/{id}") => ids("actors"),
            t if t.contains("/jobs/{id}") => vec![job.json()["id"].to_string()],
            _ => vec![String::new()],
        };
        assert!(!of.is_empty(), "nothing to ask {template} for");
        let query = if template.ends_with("/search") { "?q=dam" } else { "" };
        for id in of {
            ask(&mut browser, &all, template, &format!("{}{query}", base.replace("{id}", &id)));
            asked.insert(template.clone());
        }
    }
    assert!(asked.len() >= 14, "{asked:?}");
}

#[test]
fn wrong_questions_are_answered_in_json() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    let all = described(&mut browser);
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    for (path, status) in [
        ("/api/v1/cases/nowhere", 404),
        ("/api/v1/cases/dam/claims/c-0", 404),
        ("/api/v1/cases/dam/reports/..%2f..%2fetc", 404),
        ("/api/v1/cases/dam/actors/x", 404),
        ("/api/v1/cases/dam/export/exe", 404),
        ("/api/v1/cases/dam/claims?as_of=never", 400),
        ("/api/v1/cases/dam/claims?limit=-1", 400),
        ("/api/v1/cases/dam/search", 400),
        ("/api/v1/jobs/x", 400),
        ("/api/v1/jobs/99", 404),
        ("/api/v1/nowhere", 404),
        ("/api/v1/cases/dam/decisions", 405),
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert_eq!(wrong(&answer.json(), &problem, &all, path), None);
    }
    for (body, status) in
        [(json!({"decision": "explode"}), 400), (json!([]), 400), (json!({"decision": "undo", "line": 7}), 404)]
    {
        let answer = browser.post_json("/api/v1/cases/dam/decisions", &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
        assert_eq!(wrong(&answer.json(), &problem, &all, "the problem"), None);
    }
    assert_eq!(browser.post_json("/api/v1/cases/dam/reports", &json!({"url": "file:///etc/passwd"})).status, 400);
    let evil = [("content-type", "application/json"), ("origin", "https://evil.example")];
    assert_eq!(browser.send("POST", "/api/v1/cases/dam/decisions", &evil, b"{}").status, 403);
    assert_eq!(
        browser.send("POST", "/api/v1/cases/dam/decisions", &[("content-type", "text/plain")], b"{}").status,
        403
    );
}

#[test]
fn claims_are_filtered_and_ids_are_those_of_the_program() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    let all = browser.get("/api/v1/cases/dam/claims").json();
    let ids: Vec<&Value> = all["claims"].as_array().unwrap().iter().map(|claim| &claim["id"]).collect();
    let listed = server.desk.json(&["claims"]);
    assert_eq!(ids, listed.as_array().unwrap().iter().map(|claim| &claim["id"]).collect::<Vec<_>>());
    let whole = browser.get(&format!("/api/v1/cases/dam/claims/{}", ids[0].as_str().unwrap())).json();
    assert_eq!(whole, listed[0], "one claim is the same everywhere");
    let total = |browser: &mut Browser, query: &str| {
        browser.get(&format!("/api/v1/cases/dam/claims?{query}")).json()["total"].clone()
    };
    assert_eq!(total(&mut browser, "about=dam"), json!(1));
    assert_eq!(total(&mut browser, "about=elephants"), json!(0));
    assert_eq!(total(&mut browser, "about=dam&outlet=Hill+Post"), json!(1));
    assert_eq!(total(&mut browser, "as_of=2025-04-01"), json!(0));
}

#[test]
fn urls_of_this_machine_are_not_fetched_for_others() {
    let server = Server::start(Desk::added(), &[]);
    let mut browser = server.browser();
    for url in [
        format!("http://127.0.0.1:{}/", server.port),
        format!("http://localhost:{}/", server.port),
        "http://[::1]:1/".to_owned(),
    ] {
        let job = browser.post_json("/api/v1/cases/dam/reports", &json!({"url": url})).json();
        let done = browser
            .wait(&format!("/api/v1/jobs/{}", job["id"]), |answer| answer.json()["progress"]["done"] == true)
            .json();
        let notice = done["progress"]["notices"][0][2].as_str().unwrap_or_default().to_owned();
        assert!(notice.contains("own network"), "{url}: {done}");
    }
}

#[test]
fn programs_log_in_too() {
    let server = Server::start(crate::safety::with_users(), &[]);
    let mut browser = server.browser();
    assert_eq!(browser.get("/api/v1/cases").status, 401);
    let wrong = browser.post_json("/api/v1/session", &json!({"name": "rita", "password": "no, not this"}));
    assert_eq!(wrong.status, 401);
    let right = browser.post_json("/api/v1/session", &json!({"name": "rita", "password": crate::safety::PASSWORD}));
    assert_eq!(right.status, 204);
    assert_eq!(browser.get("/api/v1/cases").status, 200);
    let decision = json!({"decision": "undo", "line": 1});
    assert_eq!(browser.post_json("/api/v1/cases/dam/decisions", &decision).status, 403, "a reader");
}

#[test]
fn decisions_name_mentions_by_code_points() {
    let desk = Desk::new();
    desk.write(
        "in/d.txt",
        "Title: Düne\nOutlet: Café Nôtre\nPublished: 2025-04-06\n\nDie Dünen — „Öde“. Über Änderungen: Mayor Tomas Rehn said the bakery would be closed on Monday.\n",
    );
    assert_eq!(desk.run(&["add", "--case", "dam", "in"]).0, 0);
    let server = Server::start(desk, &[]);
    let mut browser = server.browser();
    let claims = server.desk.json(&["claims"]);
    let mut mentions = claims.as_array().unwrap().iter().flat_map(|claim| claim["mentions"].as_array().unwrap());
    let mention = mentions.find(|mention| mention["text"].as_str().unwrap().contains("bakery")).unwrap();
    let key = json!({"report": mention["report"], "start": mention["spans"][0][0]});
    let made = browser.post_json("/api/v1/cases/dam/decisions", &json!({"decision": "reject", "mention": key}));
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(browser.get("/api/v1/cases/dam/journal").json()[0]["mention"], key);
    assert_eq!(server.desk.json(&["log"])[0]["mention"], key);
    assert_eq!(server.desk.json(&["export"])["decisions"][0]["mention"], key);
    let left = server.desk.json(&["claims"]).to_string();
    assert!(!left.contains("bakery would"), "the mention that was meant is left out");
}
