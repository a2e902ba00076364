//! Claims as schema.org `Claim`, and what verifiers found as `ClaimReview`.
//!
//! Schema.org has no type for relations between claims: contradictions stand under our own `sayso:contradicts`. A review is
//! written only for what a verifier in the reports said; Sayso itself rates nothing.

use serde_json::{Value, json};

use super::{Case, address};

/// One graph.
#[must_use]
pub fn export(case: &Case<'_>) -> Value {
    let entries = case.by_id();
    let mut graph = Vec::new();
    for claim in &case.weighing.claims {
        let id = format!("urn:sayso:{}", claim.id);
        let mut appearances: Vec<String> =
            claim.mentions.iter().filter_map(|m| entries.get(m.report.as_str())).map(|e| address(e)).collect();
        let first = appearances.first().cloned();
        appearances.sort();
        appearances.dedup();
        let contradicts: Vec<Value> =
            claim.contradicts.iter().map(|c| json!({"@id": format!("urn:sayso:{c}")})).collect();
        graph.push(json!({
            "@id": id, "@type": "Claim", "name": claim.statement, "text": claim.statement,
            "author": claim.origins.iter().map(|o| json!({"@type": "Thing", "name": o})).collect::<Vec<_>>(),
            "appearance": appearances, "firstAppearance": first,
            "sayso:status": claim.status, "sayso:contradicts": contradicts,
            "sayso:independentMin": claim.independent_min, "sayso:independentMax": claim.independent_max,
        }));
        for (number, check) in claim.verification.iter().enumerate() {
            graph.push(json!({
                "@id": format!("{id}/review/{number}"), "@type": "ClaimReview", "claimReviewed": claim.statement,
                "itemReviewed": {"@id": id}, "author": {"@type": "Thing", "name": check.by}, "datePublished": check.date,
                "url": entries.get(check.report.as_str()).map(|e| address(e)),
                "reviewRating": {"@type": "Rating", "alternateName": check.outcome},
            }));
        }
    }
    json!({"@context": ["https://schema.org", {"sayso": "urn:sayso:terms:"}], "@graph": graph})
}
