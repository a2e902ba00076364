//! Decisions from forms: `POST /c/{case}/decisions`.
//!
//! In: a form's fields. Out: a line of the journal under the visitor's name, then back to the page. May not happen: a decision by a
//! reader; one about what is not in the case.
//!
//! Fields: `decision` is a decision's name (`cut`, `merge-actors`, …) or a whole decision as JSON; beside it the fields of that decision.
//! Mentions (`mention`, `a`, `b`) are named `START@REPORT` ([`mention_key`]), actors (`actor`, `a`, `b`) `ID@REPORT` ([`actor_key`]).
//! `why` is the person's reason, `back` the page to return to. htmx gets 204 and the event `decided` instead.

use std::sync::Arc;

use axum::Router;
use axum::extract::Form;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use sayso::weigh::decision::{ActorKey, Decision};
use sayso::weighing::{Mention, MentionKey};
use serde_json::{Map, Value, json};

use super::error::WebError;
use super::layout::{InCase, encode};
use super::state::{CaseView, Desk};

/// Questions answered at once.
const MANY: usize = 200;
/// Characters of a typed field.
pub(super) const LONGEST: usize = 4_000;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/decisions", post(decide)).route("/c/{case}/decisions/many", post(many))
}

/// A mention as a form names it.
pub(crate) fn mention_key(mention: &Mention) -> String {
    let key = mention.key();
    format!("{}@{}", key.start, key.report)
}

/// An actor of one report as a form names it.
pub(crate) fn actor_key((report, id): &ActorKey) -> String {
    format!("{id}@{report}")
}

async fn decide(at: InCase, asked: HeaderMap, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, WebError> {
    at.visitor.may_decide()?;
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
    let decision = understood(&fields)?;
    check(&decision, &at.view)?;
    let number = at.desk.decide(&at.view.name, &at.visitor.user, field("why"), decision).await?;
    if asked.contains_key("hx-request") {
        let told = json!({"decided": {"number": number}}).to_string();
        return Ok((StatusCode::NO_CONTENT, [("hx-trigger", told)]).into_response());
    }
    Ok(go_back(&at.view.name, field("back"), number).into_response())
}

/// Back to the page, which says what was decided.
fn go_back(case: &str, back: &str, number: u64) -> Redirect {
    let back = Some(back).filter(|back| is_local(back));
    let back = back.map_or_else(|| format!("/c/{}/", encode(case)), str::to_owned);
    let (path, place) =
        back.split_once('#').map_or((back.as_str(), String::new()), |(path, place)| (path, format!("#{place}")));
    let joint = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{joint}decided={number}{place}"))
}

/// Answers to several questions of the review: each field `chosen` holds both answers, `answer` says which it is.
async fn many(at: InCase, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, WebError> {
    at.visitor.may_decide()?;
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
    let yes = match field("answer") {
        "yes" => true,
        "no" => false,
        _ => return Err(WebError::bad("Say yes or no to what was chosen.")),
    };
    let chosen: Vec<&str> =
        fields.iter().filter(|(name, _)| name == "chosen").map(|(_, value)| value.as_str()).collect();
    if chosen.is_empty() || chosen.len() > MANY {
        return Err(WebError::bad(format!("Choose some questions, at most {MANY}.")));
    }
    let mut decisions = Vec::new();
    for both in chosen {
        let both: [Decision; 2] = serde_json::from_str(both)
            .map_err(|error| WebError::bad(format!("A chosen question is no pair of answers: {error}.")))?;
        let [accepted, refused] = both;
        let decision = if yes { accepted } else { refused };
        check(&decision, &at.view)?;
        decisions.push(decision);
    }
    let number = at.desk.decide_all(&at.view.name, &at.visitor.user, field("why"), decisions).await?;
    Ok(go_back(&at.view.name, field("back"), number).into_response())
}

/// Whether an address leads to a page of ours: a path, and no way to write another host.
pub(super) fn is_local(back: &str) -> bool {
    back.starts_with('/')
        && !back.starts_with("//")
        && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// The decision that the fields make.
fn understood(fields: &[(String, String)]) -> Result<Decision, WebError> {
    let mut object = Map::new();
    let named = fields.iter().find(|(name, _)| name == "decision").map(|(_, value)| value.as_str());
    let named = named.ok_or_else(|| WebError::bad("The form has no field named decision."))?;
    if named.starts_with('{') {
        object =
            serde_json::from_str(named).map_err(|error| WebError::bad(format!("The decision is no JSON: {error}.")))?;
    } else {
        object.insert("decision".to_owned(), named.into());
    }
    let about_actors = object.get("decision").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("-actors"));
    for (name, value) in fields {
        if value.chars().count() > LONGEST {
            return Err(WebError::bad(format!("{name} is longer than {LONGEST} characters.")));
        }
        let value = value.trim();
        let value = match name.as_str() {
            "mention" => mention(value)?,
            "actor" => actor(value)?,
            "a" | "b" if about_actors => actor(value)?,
            "a" | "b" => mention(value)?,
            "line" => value.parse::<u64>().map(Value::from).map_err(|_| WebError::bad("line is no number."))?,
            "speaker" | "stance" if value.is_empty() => Value::Null,
            "statement" | "name" | "side" if value.is_empty() => {
                return Err(WebError::bad(format!("Write a {name} first.")));
            }
            "reliability" => value.to_ascii_uppercase().into(),
            "speaker" | "stance" | "statement" | "name" | "side" => value.into(),
            _ => continue,
        };
        object.insert(name.clone(), value);
    }
    serde_json::from_value(Value::Object(object))
        .map_err(|error| WebError::bad(format!("This is no decision: {error}.")))
}

fn mention(key: &str) -> Result<Value, WebError> {
    let parts = key.split_once('@').and_then(|(start, report)| Some((start.parse::<usize>().ok()?, report)));
    let (start, report) = parts.ok_or_else(|| WebError::bad(format!("{key} names no mention: START@REPORT does.")))?;
    Ok(json!({"report": report, "start": start}))
}

fn actor(key: &str) -> Result<Value, WebError> {
    let (id, report) =
        key.split_once('@').ok_or_else(|| WebError::bad(format!("{key} names no actor: ID@REPORT does.")))?;
    Ok(json!([report, id]))
}

/// Refuses decisions about what the case does not have, and ones that say nothing.
pub(super) fn check(decision: &Decision, view: &CaseView) -> Result<(), WebError> {
    let mention = |key: &MentionKey| {
        // A rejected mention is in no claim, but its report still is.
        let entry = view.entry(&key.report).filter(|entry| key.start < entry.report.text.len());
        entry.map(|_| ()).ok_or_else(|| {
            WebError::not_found(format!("The case has no mention at {} of report {}.", key.start, key.report))
        })
    };
    let actor = |(report, id): &ActorKey| {
        let known = view.entry(report).is_some_and(|entry| entry.reading.actors.iter().any(|actor| actor.id == *id));
        if known { Ok(()) } else { Err(WebError::not_found(format!("Report {report} has no actor {id}."))) }
    };
    match decision {
        Decision::Edit { speaker: None, stance: None, .. } => {
            Err(WebError::bad("Say what to change: the speaker, or the stance."))
        }
        Decision::Grade { reliability, .. } if !('A'..='F').contains(reliability) => {
            Err(WebError::bad("Source reliability goes from A to F."))
        }
        Decision::Accept { mention: m } | Decision::Reject { mention: m } => mention(m),
        Decision::Edit { mention: m, .. } | Decision::State { mention: m, .. } => mention(m),
        Decision::Merge { a, b } | Decision::Split { a, b } | Decision::Cut { a, b } | Decision::Join { a, b } => {
            mention(a).and_then(|()| mention(b))
        }
        Decision::MergeActors { a, b } | Decision::SplitActors { a, b } => actor(a).and_then(|()| actor(b)),
        Decision::NameActor { actor: a, .. }
        | Decision::SetSide { actor: a, .. }
        | Decision::Grade { actor: a, .. } => actor(a),
        Decision::Undo { .. } => Ok(()),
        Decision::Redact { .. } => Err(WebError::bad("Words are taken out by `sayso redact`, where the ledger is.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn fields_make_decisions() {
        let key = |report: &str, start| MentionKey { report: report.into(), start };
        let cut = understood(&fields(&[("decision", "cut"), ("a", "3@r@1"), ("b", "14@x"), ("why", "two talks")]));
        assert_eq!(cut.unwrap(), Decision::Cut { a: key("r@1", 3), b: key("x", 14) });
        let json = serde_json::to_string(&Decision::Accept { mention: key("r", 1) }).unwrap();
        assert_eq!(understood(&fields(&[("decision", &json)])).unwrap(), Decision::Accept { mention: key("r", 1) });
        let merge = understood(&fields(&[("decision", "merge-actors"), ("a", "a1@r"), ("b", "a2@s")])).unwrap();
        assert_eq!(merge, Decision::MergeActors { a: ("r".into(), "a1".into()), b: ("s".into(), "a2".into()) });
        let edit =
            understood(&fields(&[("decision", "edit"), ("mention", "1@r"), ("speaker", ""), ("stance", "denies")]));
        assert!(matches!(edit.unwrap(), Decision::Edit { speaker: None, stance: Some(_), .. }));
    }

    #[test]
    fn nonsense_is_refused() {
        for nonsense in [
            &[("decision", "explode")][..],
            &[("decision", "cut"), ("a", "x")],
            &[("decision", "{")],
            &[("decision", "state"), ("mention", "1@r"), ("statement", " ")],
            &[],
        ] {
            assert_eq!(understood(&fields(nonsense)).unwrap_err().status, StatusCode::BAD_REQUEST, "{nonsense:?}");
        }
    }

    #[test]
    fn back_leads_nowhere_else() {
        assert!(is_local("/c/raid/claims/c-1?x=1#here"));
        for elsewhere in [
            "//evil.example/",
            "https://evil.example/",
            "/\\evil.example",
            "",
            "/a\r\nSet-Cookie: x=1",
            "javascript:alert(1)",
        ] {
            assert!(!is_local(elsewhere), "{elsewhere}");
        }
    }
}
