//! What the other pages show.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use clap::ValueEnum;
use sayso::weighing::{CaseActor, Claim, Mention};
use serde_json::{Value, json};

use super::{Api, Last, Problem, found, schema};
use crate::export::{self, Format};
use crate::web::error::WebError;
use crate::web::layout::InCase;

/// Claims by those who say something of them.
#[utoipa::path(get, path = "/api/v1/cases/{case}/matrix", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = schema::Matrix), (status = "default", body = schema::Problem)))]
pub(super) async fn matrix(Api(at): Api<InCase>) -> Json<Value> {
    let mut columns: Vec<(String, Option<String>)> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut column = |name: &str, actor: Option<&str>| {
        *numbers.entry(actor.unwrap_or(name).to_owned()).or_insert_with(|| {
            columns.push((name.to_owned(), actor.map(str::to_owned)));
            columns.len() - 1
        })
    };
    let mut rows = Vec::new();
    for claim in &at.view.weighing.claims {
        let mut cells: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut placed = vec![false; claim.mentions.len()];
        for origin in &claim.components {
            let cell = cells.entry(column(&origin.name, origin.actor.as_deref())).or_default();
            for &mention in &origin.mentions {
                placed[mention] = true;
                cell.push(mention);
            }
        }
        for (k, mention) in claim.mentions.iter().enumerate().filter(|(k, _)| !placed[*k]) {
            let outlet = || at.view.outlet(&mention.report);
            let name = mention.speaker.clone().unwrap_or_else(outlet);
            cells.entry(column(&name, mention.actor.as_deref())).or_default().push(k);
        }
        let cells: Vec<Value> = cells.into_iter().map(|(origin, mentions)| cell(claim, origin, &mentions)).collect();
        rows.push(json!({"claim": claim.id, "statement": claim.statement, "cells": cells}));
    }
    let origins: Vec<Value> = columns.into_iter().map(|(name, actor)| json!({"name": name, "actor": actor})).collect();
    Json(json!({"origins": origins, "rows": rows}))
}

fn cell(claim: &Claim, origin: usize, mentions: &[usize]) -> Value {
    let mut stances: Vec<_> = mentions.iter().map(|&k| claim.mentions[k].stance).collect();
    stances.sort();
    stances.dedup();
    let hedged = mentions.iter().any(|&k| !claim.mentions[k].hedges.is_empty());
    json!({"origin": origin, "stances": stances, "hedged": hedged, "mentions": mentions})
}

/// When each claim came up and how its standing changed, and by which report.
#[utoipa::path(get, path = "/api/v1/cases/{case}/timeline", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = [schema::Step]), (status = "default", body = schema::Problem)))]
pub(super) async fn timeline(Api(at): Api<InCase>) -> Json<Value> {
    let claims = at.view.weighing.claims();
    let mut steps: Vec<_> = claims.flat_map(|claim| claim.history.iter().map(move |change| (change, claim))).collect();
    steps.sort_by(|a, b| (&a.0.at, &a.1.id).cmp(&(&b.0.at, &b.1.id)));
    let step = |(change, claim): (&sayso::weighing::Change, &Claim)| {
        json!({"claim": claim.id, "statement": claim.statement, "at": change.at, "report": change.report, "from": change.from,
               "to": change.to, "rule": change.rule})
    };
    Json(steps.into_iter().map(step).collect())
}

/// The actors of a case, who says most first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/actors", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = [schema::Actor]), (status = "default", body = schema::Problem)))]
pub(super) async fn actors(Api(at): Api<InCase>) -> Json<Vec<CaseActor>> {
    Json(at.view.actors().into_iter().map(|(_, actor)| actor.clone()).collect())
}

/// One actor with what it says.
#[utoipa::path(get, path = "/api/v1/cases/{case}/actors/{id}", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("id" = String, Path, description = "The actor's id"),
        ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = schema::ActorAndClaims), (status = "default", body = schema::Problem)))]
pub(super) async fn actor(Api(at): Api<InCase>, Last(id): Last) -> Result<Json<Value>, Problem> {
    let actor = found(at.view.actor_by_id(&id), "actor", &id)?;
    let said = |(claim, index, mention): (&Claim, usize, &Mention)| {
        json!({"claim": claim.id, "statement": claim.statement, "status": claim.status, "mention": index, "stance": mention.stance,
               "report": mention.report})
    };
    Ok(Json(json!({"actor": actor, "said": at.view.mentions_of(&id).map(said).collect::<Vec<_>>()})))
}

/// What the reports of a case are about.
#[utoipa::path(get, path = "/api/v1/cases/{case}/incidents", tag = "case",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = [schema::Incident]), (status = "default", body = schema::Problem)))]
pub(super) async fn incidents(Api(at): Api<InCase>) -> Json<Vec<sayso::weighing::Incident>> {
    Json(at.view.weighing.incidents.clone())
}

/// Who decided what, when and why, oldest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/journal", tag = "decisions",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = [schema::Line]), (status = "default", body = schema::Problem)))]
pub(super) async fn journal(Api(at): Api<InCase>) -> Json<Value> {
    let mut made = at.view.journal.clone();
    made.retain(|line| at.view.as_of.as_ref().is_none_or(|limit| line.at <= *limit));
    Json(crate::log::as_json(&made, &at.view.entries).into())
}

/// The case in a format of `sayso export`.
#[utoipa::path(get, path = "/api/v1/cases/{case}/export/{format}", tag = "case",
    params(("case" = String, Path, description = "The case's name"),
        ("format" = inline(schema::Format), Path, description = "The format"),
        ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"), (status = "default", body = schema::Problem)))]
pub(super) async fn export(Api(at): Api<InCase>, Last(format): Last) -> Result<Response, Problem> {
    let known =
        Format::from_str(&format, false).map_err(|_| WebError::not_found(format!("There is no format {format}.")))?;
    let (view, desk) = (at.view.clone(), at.desk.clone());
    let bytes = move || export::bytes(known, &export::of(&view), || desk.open_ledger());
    let bytes = tokio::task::spawn_blocking(bytes).await;
    let bytes = bytes.map_err(WebError::from)?.map_err(WebError::from)?;
    // Always a file: what a report says is never opened as a page of ours.
    let kind = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CONTENT_DISPOSITION, "attachment")];
    Ok((kind, bytes).into_response())
}
