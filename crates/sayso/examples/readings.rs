#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use std::io::BufRead;
fn main() {
    let reader = sayso::read::Reader::new();
    for line in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let s = |k: &str| v[k].as_str().map(str::to_string);
        let text = s("text").unwrap();
        let mut blocks = Vec::new();
        let mut at = 0;
        for part in text.split("\n") {
            if !part.trim().is_empty() {
                blocks.push(sayso::report::Block {
                    kind: sayso::report::BlockKind::Paragraph,
                    span: sayso::span::Span::new(at, at + part.len()),
                });
            }
            at += part.len() + 1;
        }
        let report = sayso::report::Report {
            id: s("id").unwrap(),
            outlet: s("outlet"),
            published: s("published"),
            title: s("title"),
            text: text.clone(),
            blocks,
            ..Default::default()
        };
        let reading = reader.read(&report).to_code_points(&sayso::span::CodePoints::new(&text));
        let mut out = serde_json::to_value(&reading).unwrap();
        out["id"] = v["id"].clone();
        out["outlet"] = v["outlet"].clone();
        out["text"] = v["text"].clone();
        out["source"] = v["source"].clone();
        println!("{out}");
    }
}
