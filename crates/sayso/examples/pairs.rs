//! What `training/same_claim.py` learns from: every mention of a case, and what every pair shares and differs in.
//!
//! In: files of `sayso read --format jsonl`, a case each. Out: a JSON object a line and case:
//! `names`, `mentions` (`[source, text]`), `pairs` (`[a, b, values]`), and `reports` and `claims` as weighed now.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for training")]

use sayso::reading::{Attribution, Reading};
use sayso::report::Report;
use sayso::span::CodePoints;
use sayso::weigh::same::pair::NAMES;
use sayso::weigh::{Entry, comparisons, weigh};
use serde_json::json;

fn main() {
    for path in std::env::args().skip(1) {
        let mut entries = Vec::new();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let mut report: Report = serde_json::from_value(json!({
                "id": value["id"], "source": value["source"], "text": value["text"], "outlet": value["outlet"],
                "published": value["published"], "title": value["title"], "url": value["url"],
            }))
            .unwrap();
            let points = CodePoints::new(&report.text);
            report.blocks = serde_json::from_value(value["blocks"].clone()).unwrap();
            report.blocks.iter_mut().for_each(|block| block.span = points.bytes(block.span));
            let mut voice: Vec<Attribution> = serde_json::from_value(value["voice"].clone()).unwrap();
            let mut reading: Reading = serde_json::from_value(value).unwrap();
            reading.attributions.append(&mut voice);
            let reading = reading.to_bytes(&points);
            entries.push(Entry { report, reading });
        }
        let (mentions, pairs) = comparisons(&entries);
        let reports: Vec<_> = entries.iter().map(|e| json!({"id": e.report.id, "file": e.report.source})).collect();
        let claims = weigh(&entries, &[], None).claims;
        println!(
            "{}",
            json!({"names": NAMES, "mentions": mentions, "pairs": pairs, "reports": reports, "claims": claims})
        );
    }
}
