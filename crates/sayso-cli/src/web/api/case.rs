//! Cases, their claims, and what is found in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use sayso::weighing::Claim;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, Last, Problem, found, schema};
use crate::web::error::WebError;
use crate::web::layout::InCase;
use crate::web::state::{CaseView, Desk};

/// The cases of the ledger.
#[utoipa::path(get, path = "/api/v1/cases", tag = "case", responses((status = 200, body = [schema::CaseLine]), (status = "default", body = schema::Problem)))]
pub(super) async fn cases(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    let lines = desk.read(|ledger| {
        let line = |name: String| Ok(json!({"version": ledger.stamp(&name)?.version(), "name": name}));
        ledger.cases()?.into_iter().map(line).collect::<Result<Vec<Value>, sayso_ledger::Error>>()
    });
    Ok(Json(lines.await?.into()))
}

/// What a case comes to, in numbers.
#[utoipa::path(get, path = "/api/v1/cases/{case}", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = schema::CaseSummary), (status = "default", body = schema::Problem)))]
pub(super) async fn case(Api(at): Api<InCase>) -> Json<Value> {
    let view = &at.view;
    Json(json!({
        "name": view.name, "as_of": view.as_of, "version": view.version, "fictional": at.desk.sample,
        "reports": view.reports().len(), "claims": view.weighing.claims.len(), "actors": view.weighing.actors.len(),
        "incidents": view.weighing.incidents.len(), "decisions": view.journal.len(),
    }))
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    status: Option<String>,
    about: Option<String>,
    actor: Option<String>,
    outlet: Option<String>,
    limit: Option<u32>,
    offset: Option<u32>,
}

/// Claims in one answer.
const MOST: u32 = 10_000;
/// Claims that may be passed over.
const FURTHEST: u32 = 1_000_000_000;

/// The claims of a case, most outlets first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/claims", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z"),
        ("status" = Option<String>, Query, description = "Only claims with this status"),
        ("about" = Option<String>, Query, description = "Only claims with all of these words in their sentence or mentions"),
        ("actor" = Option<String>, Query, description = "Only claims of which this actor (an id) says something"),
        ("outlet" = Option<String>, Query, description = "Only claims that this outlet carries"),
        ("limit" = Option<u32>, Query, maximum = 10_000, description = "At most so many; 100 when left out"), ("offset" = Option<u32>, Query, maximum = 1_000_000_000, description = "Without the first so many")),
    responses((status = 200, body = schema::Claims), (status = "default", body = schema::Problem)))]
pub(super) async fn claims(
    Api(at): Api<InCase>,
    Api(Query(wanted)): Api<Query<Wanted>>,
) -> Result<Json<Value>, Problem> {
    if wanted.limit.is_some_and(|limit| limit > MOST) || wanted.offset.is_some_and(|offset| offset > FURTHEST) {
        return Err(WebError::bad(format!("limit goes to {MOST}, offset to {FURTHEST}.")).into());
    }
    let words: Vec<String> =
        wanted.about.iter().flat_map(|about| about.split_whitespace()).map(str::to_lowercase).collect();
    let fits = |claim: &Claim| {
        let any = |of: &dyn Fn(&sayso::weighing::Mention) -> bool| claim.mentions.iter().any(of);
        wanted.status.as_ref().is_none_or(|status| *status == claim.status)
            && wanted.actor.as_ref().is_none_or(|actor| any(&|mention| mention.actor.as_ref() == Some(actor)))
            && wanted.outlet.as_ref().is_none_or(|outlet| any(&|mention| at.view.outlet(&mention.report) == *outlet))
            && holds(claim, &words)
    };
    let claims: Vec<&Claim> = at.view.weighing.claims().filter(|claim| fits(claim)).collect();
    let shown = claims.iter().skip(wanted.offset.unwrap_or(0) as usize).take(wanted.limit.unwrap_or(100) as usize);
    Ok(Json(json!({"total": claims.len(), "claims": shown.map(|claim| line(claim)).collect::<Vec<_>>()})))
}

/// Whether a claim's sentence or mentions have all of the words, which are in lower case.
pub(crate) fn holds(claim: &Claim, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = claim.mentions.iter().fold(claim.statement.to_lowercase(), |all, m| all + "\n" + &m.text.to_lowercase());
    words.iter().all(|word| text.contains(word))
}

/// A claim in a list.
pub(super) fn line(claim: &Claim) -> Value {
    json!({
        "id": claim.id, "statement": claim.statement, "status": claim.status, "support": claim.support, "dispute": claim.dispute,
        "outlets": claim.outlets, "origins": claim.origins, "independent_origins": claim.independent_min,
        "independent_max": claim.independent_max, "circular": claim.circular, "figure": claim.figure, "mentions": claim.mentions.len(),
        "changed": claim.history.last().and_then(|change| change.at.as_deref()),
    })
}

/// One claim: every mention in its exact words, origins and why there are not more, disputes, checks, history.
#[utoipa::path(get, path = "/api/v1/cases/{case}/claims/{id}", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("id" = String, Path, description = "The claim's id"),
        ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = schema::Claim), (status = "default", body = schema::Problem)))]
pub(super) async fn claim(Api(at): Api<InCase>, Last(id): Last) -> Result<Json<Claim>, Problem> {
    let (_, claim) = found(at.view.claim_by_id(&id), "claim", &id)?;
    Ok(Json(at.view.claim_json(claim)))
}

#[derive(Deserialize)]
pub(super) struct Sought {
    q: String,
}

/// Claims and reports that hold all of some words.
#[utoipa::path(get, path = "/api/v1/cases/{case}/search", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("q" = String, Query, description = "The words"),
        ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = schema::Found), (status = "default", body = schema::Problem)))]
pub(super) async fn search(
    Api(at): Api<InCase>,
    Api(Query(sought)): Api<Query<Sought>>,
) -> Result<Json<Value>, Problem> {
    let (name, q) = (at.view.name.clone(), sought.q.clone());
    let reports = at.desk.read(move |ledger| ledger.search(&name, &q)).await?;
    Ok(Json(json!({"claims": matching(&at.view, &sought.q), "reports": known(&at.view, reports)})))
}

fn matching(view: &CaseView, q: &str) -> Vec<Value> {
    let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    view.weighing.claims().filter(|claim| holds(claim, &words)).map(line).collect()
}

/// Those reports that were known at the moment of the view.
fn known(view: &CaseView, reports: Vec<String>) -> Vec<String> {
    let then: std::collections::HashSet<&str> = view.reports().iter().map(|entry| entry.report.id.as_str()).collect();
    reports.into_iter().filter(|report| then.contains(report.as_str())).collect()
}
