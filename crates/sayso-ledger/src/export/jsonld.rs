//! Claims as schema.org `Claim`, and what verifiers found as `ClaimReview`.
//!
//! Schema.org has no type for relations between claims: contradictions stand under our own `sayso:contradicts`. A review is
//! written only for what a verifier in the reports said; Sayso itself rates nothing.

use sayso::reading::ActorKind;
use serde_json::{Value, json};

use super::{Case, address, urn};

/// One graph.
#[must_use]
pub fn export(case: &Case<'_>) -> Value {
    let entries = case.by_id();
    let mut graph = Vec::new();
    for claim in &case.weighing.claims {
        let id = urn(&claim.id);
        let mut appearances: Vec<String> =
            claim.mentions.iter().filter_map(|m| entries.get(m.report.as_str())).map(|e| address(e)).collect();
        let first = appearances.first().map(|at| work(at));
        appearances.sort();
        appearances.dedup();
        let contradicts: Vec<Value> = claim.contradicts.iter().map(|c| json!({"@id": urn(c)})).collect();
        graph.push(json!({
            "@id": id, "@type": "Claim", "name": claim.statement, "text": claim.statement,
            "author": claim.origins.iter().map(|name| author(case, name)).collect::<Vec<_>>(),
            "appearance": appearances.iter().map(|at| work(at)).collect::<Vec<_>>(), "firstAppearance": first,
            "sayso:status": claim.status, "sayso:contradicts": contradicts,
            "sayso:independentMin": claim.independent_min, "sayso:independentMax": claim.independent_max,
        }));
        for (number, check) in claim.verification.iter().enumerate() {
            graph.push(json!({
                "@id": format!("{id}/review/{number}"), "@type": "ClaimReview", "claimReviewed": claim.statement,
                "itemReviewed": {"@id": id}, "author": author(case, &check.by), "datePublished": check.date,
                "url": entries.get(check.report.as_str()).map(|e| address(e)),
                "reviewRating": {"@type": "Rating", "alternateName": check.outcome, "ratingExplanation": check.method},
            }));
        }
    }
    graph.iter_mut().for_each(without_nulls);
    json!({"@context": ["https://schema.org", {"sayso": "urn:sayso:terms:"}], "@graph": graph})
}

/// What is not known is left out: schema.org knows no null.
fn without_nulls(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(without_nulls);
    }
}

fn work(address: &str) -> Value {
    json!({"@type": "CreativeWork", "@id": address, "url": address})
}

/// Schema.org knows two kinds of authors.
fn author(case: &Case<'_>, name: &str) -> Value {
    let kind = case.weighing.actors.iter().find(|actor| actor.name == name).map(|actor| actor.kind);
    let person = matches!(kind, Some(ActorKind::Person | ActorKind::Anonymous));
    json!({"@type": if person { "Person" } else { "Organization" }, "name": name})
}
