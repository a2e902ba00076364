//! The case as FollowTheMoney entities, one JSON object a line: what Aleph and its kin load.
//!
//! An actor is a `Person`, `Organization`, `PublicBody` or `LegalEntity`; a report an `Article`; a claim a `Note` about those who are
//! its origins; a mention a `Documentation` from the article to the note; an incident an `Event`. A value that the schema has
//! no property for is left out rather than bent.

use std::collections::BTreeMap;

use sayso::reading::ActorKind;
use sayso::report::Report;
use sayso::weighing::{CaseActor, Claim, Incident, Mention};
use serde_json::{Map, Value, json};

use super::{Case, stance};

/// The entities, a line each.
#[must_use]
pub fn export(case: &Case<'_>) -> String {
    let known = case.by_id();
    let mut out: Vec<Value> = case.weighing.actors.iter().map(actor).collect();
    out.extend(case.reports().map(|entry| article(&entry.report)));
    for claim in &case.weighing.claims {
        out.push(note(claim, case));
        let mentions = claim.mentions.iter().enumerate();
        out.extend(
            mentions.filter(|(_, m)| known.contains_key(m.report.as_str())).map(|(k, m)| documentation(claim, k, m)),
        );
    }
    out.extend(case.weighing.incidents.iter().map(|incident| event(incident, case)));
    out.iter().map(|entity| format!("{entity}\n")).collect()
}

fn id(kind: &str, own: &str) -> String {
    format!("sayso-{kind}-{own}")
}

/// An entity; properties without values are left out.
fn entity(id: String, schema: &str, properties: Vec<(&str, Vec<String>)>) -> Value {
    let properties: Map<String, Value> = properties
        .into_iter()
        .map(|(name, values)| (name, values.into_iter().filter(|value| !value.trim().is_empty()).collect::<Vec<_>>()))
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name.to_owned(), json!(values)))
        .collect();
    json!({"id": id, "schema": schema, "properties": properties})
}

fn actor(actor: &CaseActor) -> Value {
    let schema = match actor.kind {
        ActorKind::Person => "Person",
        ActorKind::Government => "PublicBody",
        ActorKind::Organisation | ActorKind::ArmedGroup | ActorKind::Outlet => "Organization",
        ActorKind::Anonymous => "LegalEntity",
    };
    let side = actor.side.iter().map(|side| format!("side: {side}"));
    let grade = (actor.reliability != 'F').then(|| format!("source reliability: {}", actor.reliability));
    let notes = actor.why.iter().cloned().chain(side).chain(grade).collect();
    entity(
        id("actor", &actor.id),
        schema,
        vec![("name", vec![actor.name.clone()]), ("alias", actor.aliases.clone()), ("notes", notes)],
    )
}

fn article(report: &Report) -> Value {
    let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    let title = report.title.clone().unwrap_or_else(|| report.source.clone());
    entity(
        id("report", &report.id),
        "Article",
        vec![
            ("name", vec![title.clone()]),
            ("title", vec![title]),
            ("author", report.authors.clone()),
            ("publisher", one(&report.outlet)),
            ("publishedAt", date(&report.published)),
            ("modifiedAt", date(&report.modified)),
            ("sourceUrl", one(&report.url)),
            ("fileName", vec![report.source.clone()]),
            ("language", report.language.as_deref().and_then(three_letters).into_iter().collect()),
        ],
    )
}

/// FollowTheMoney's own precision: no zone, for all is UTC, and no seconds where there are none.
fn date(at: &Option<String>) -> Vec<String> {
    let short = |at: &String| {
        let at = at.strip_suffix('Z').unwrap_or(at);
        at.strip_suffix(":00").filter(|minutes| minutes.len() == 16).unwrap_or(at).to_owned()
    };
    at.iter().map(short).collect()
}

/// FollowTheMoney wants ISO 639-3.
fn three_letters(code: &str) -> Option<String> {
    const CODES: [(&str, &str); 24] = [
        ("ar", "ara"),
        ("cs", "ces"),
        ("de", "deu"),
        ("el", "ell"),
        ("en", "eng"),
        ("es", "spa"),
        ("fa", "fas"),
        ("fr", "fra"),
        ("he", "heb"),
        ("hi", "hin"),
        ("hu", "hun"),
        ("id", "ind"),
        ("it", "ita"),
        ("ja", "jpn"),
        ("ko", "kor"),
        ("nl", "nld"),
        ("pl", "pol"),
        ("pt", "por"),
        ("ro", "ron"),
        ("ru", "rus"),
        ("sv", "swe"),
        ("tr", "tur"),
        ("uk", "ukr"),
        ("zh", "zho"),
    ];
    CODES.iter().find(|pair| pair.0 == code).map(|pair| pair.1.to_owned())
}

fn note(claim: &Claim, case: &Case<'_>) -> Value {
    let by_name: BTreeMap<&str, &str> =
        case.weighing.actors.iter().map(|actor| (actor.name.as_str(), actor.id.as_str())).collect();
    let about = claim.origins.iter().filter_map(|name| by_name.get(name.as_str())).map(|actor| id("actor", actor));
    let summary = format!(
        "{}; {}–{} independent origins; {} outlets",
        claim.status, claim.independent_min, claim.independent_max, claim.outlets
    );
    entity(
        id("claim", &claim.id),
        "Note",
        vec![
            ("name", vec![claim.statement.clone()]),
            ("description", vec![claim.statement.clone()]),
            ("summary", vec![summary]),
            ("keywords", vec![claim.status.clone(), claim.support.clone(), claim.dispute.clone()]),
            ("entity", about.collect()),
        ],
    )
}

fn documentation(claim: &Claim, number: usize, mention: &Mention) -> Value {
    let who = mention.speaker.as_ref().map(|name| format!("{name} {}", stance(mention)));
    entity(
        id("mention", &format!("{}-{number}", claim.id)),
        "Documentation",
        vec![
            ("document", vec![id("report", &mention.report)]),
            ("entity", vec![id("claim", &claim.id)]),
            ("role", vec![stance(mention)]),
            ("status", who.into_iter().collect()),
            ("summary", vec![mention.text.clone()]),
            ("date", date(&mention.published)),
        ],
    )
}

fn event(incident: &Incident, case: &Case<'_>) -> Value {
    let mut involved: Vec<String> = case
        .weighing
        .claims()
        .filter(|claim| incident.claims.contains(&claim.id))
        .flat_map(|claim| &claim.mentions)
        .filter_map(|mention| mention.actor.as_ref())
        .map(|actor| id("actor", actor))
        .collect();
    involved.sort();
    involved.dedup();
    entity(
        id("incident", &incident.id),
        "Event",
        vec![
            ("name", vec![incident.what.clone()]),
            ("location", incident.place.iter().cloned().collect()),
            ("date", date(&incident.date)),
            ("involved", involved),
            ("proof", incident.reports.iter().map(|report| id("report", report)).collect()),
            ("recordId", vec![incident.id.clone()]),
        ],
    )
}
