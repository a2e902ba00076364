//! `sayso mcp`, spoken to as an assistant does: a line of JSON a message, over standard input and output.

#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod desk;

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use desk::Desk;
use serde_json::{Value, json};

/// An assistant in conversation.
struct Assistant {
    child: Child,
    to: Option<ChildStdin>,
    from: Lines<BufReader<ChildStdout>>,
    number: u64,
}

impl Assistant {
    fn new(desk: &Desk) -> Self {
        let mut child =
            desk.command(&["mcp", "--case", "dam"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut assistant = Self { to: child.stdin.take(), child, from, number: 0 };
        let hello = assistant.ask(
            "initialize",
            &json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}),
        );
        assert_eq!(hello["serverInfo"]["name"], "sayso");
        assert!(hello["instructions"].as_str().unwrap().contains("independent_origins"));
        assistant.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        assistant
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.to.as_mut().unwrap(), "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.number += 1;
        let id = self.number;
        self.say(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let answer = self
            .from
            .by_ref()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
            .find(|answer| answer["id"] == id);
        let answer = answer.unwrap();
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        self.ask("tools/call", &json!({"name": tool, "arguments": arguments}))
    }
}

#[test]
fn an_assistant_finds_a_claim_and_the_words_behind_it() {
    let desk = Desk::added();
    let mut assistant = Assistant::new(&desk);
    let tools = assistant.ask("tools/list", &json!({}));
    let names: Vec<&str> =
        tools["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(
        tools["tools"].as_array().unwrap().iter().all(|tool| tool["annotations"]["readOnlyHint"] == true),
        "{tools}"
    );
    let found = &assistant.call("search_claims", &json!({"words": "dam opened"}))["structuredContent"];
    assert_eq!(found["total"], 1, "{found}");
    let claim = found["claims"][0]["id"].as_str().unwrap();
    let shown = &assistant.call("show_claim", &json!({"claim": claim}))["structuredContent"];
    assert!(shown["mentions"].as_array().unwrap().iter().any(|mention| mention["stance"] == "denies"), "{shown}");
    let origins = &assistant.call("origins", &json!({"claim": claim}))["structuredContent"];
    assert_eq!(
        (&origins["outlets"], &origins["independent_origins"]),
        (&found["claims"][0]["outlets"], &found["claims"][0]["independent_origins"])
    );
    let quote =
        &assistant.call("quote_in_context", &json!({"claim": claim, "mention": 1, "around": 20}))["structuredContent"];
    let whole = ["before", "quote", "after"].map(|part| quote[part].as_str().unwrap()).concat();
    assert!(desk::REPORTS.iter().any(|(_, text)| text.contains(&whole)), "{quote}");
    let nothing = assistant.call("show_claim", &json!({"claim": "c-0"}));
    assert_eq!(nothing["isError"], true, "{nothing}");
    assert_eq!(desk.json(&["log"]), json!([]), "nothing was changed");
    drop(assistant.to.take());
    assert!(assistant.child.wait().unwrap().success());
}
