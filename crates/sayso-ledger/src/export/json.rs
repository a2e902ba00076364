//! The case as one JSON object: the contract of docs/formats.md. Offsets are code points.

use std::collections::BTreeMap;

use sayso::picture::Picture;
use sayso::span::CodePoints;
use serde_json::{Value, json};

pub use super::Case;

/// The object.
#[must_use]
pub fn export(case: &Case<'_>) -> Value {
    let points: BTreeMap<&str, CodePoints> =
        case.entries.iter().map(|e| (e.report.id.as_str(), CodePoints::new(&e.report.text))).collect();
    let incidents: BTreeMap<&str, &str> =
        case.weighing.incidents.iter().flat_map(|i| i.reports.iter().map(|r| (r.as_str(), i.id.as_str()))).collect();
    let reports: Vec<Value> = case
        .entries
        .iter()
        .filter(|e| incidents.contains_key(e.report.id.as_str()))
        .map(|e| {
            let r = &e.report;
            let mut report = json!({"id": r.id, "file": r.source, "outlet": r.outlet, "published": r.published, "title": r.title, "url": r.url,
                   "sha256": r.sha256, "language": r.language, "incident": incidents.get(r.id.as_str())});
            if !r.pictures.is_empty() {
                let index = points.get(r.id.as_str());
                let in_points = |p: &Picture| Picture { caption: p.caption.and_then(|s| Some(index?.span(s))), ..p.clone() };
                report["pictures"] = json!(r.pictures.iter().map(in_points).collect::<Vec<_>>());
            }
            report
        })
        .collect();
    let claims: Vec<_> = case.weighing.claims().map(|c| c.to_code_points(|report| points.get(report))).collect();
    let journal: Vec<_> = case.journal.iter().map(|line| line.to_code_points(|report| points.get(report))).collect();
    json!({"case": case.name, "as_of": case.as_of, "reports": reports, "actors": case.weighing.actors, "claims": claims,
           "incidents": case.weighing.incidents, "decisions": journal})
}
