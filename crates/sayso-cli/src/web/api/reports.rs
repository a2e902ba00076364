//! Reports, and how far their reading is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use sayso::json::Record;
use sayso::span::CodePoints;
use serde_json::{Value, json};

use super::{Api, Last, Problem, found, schema};
use crate::web::jobs::Job;
use crate::web::layout::InCase;
use crate::web::state::Desk;

/// The reports of a case, newest first.
#[utoipa::path(get, path = "/api/v1/cases/{case}/reports", tag = "reports",
    params(("case" = String, Path, description = "The case's name"), ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = [schema::ReportLine]), (status = "default", body = schema::Problem)))]
pub(super) async fn reports(Api(at): Api<InCase>) -> Json<Value> {
    let line = |entry: &&sayso::weigh::Entry| {
        let report = &entry.report;
        let mentions = at.view.mentions_in(&report.id).count();
        json!({"id": report.id, "source": report.source, "sha256": report.sha256, "outlet": report.outlet, "published": report.published,
               "title": report.title, "url": report.url, "language": report.language, "mentions": mentions})
    };
    Json(at.view.reports().iter().map(line).collect())
}

/// One report with its reading, and the claims that its statements make.
#[utoipa::path(get, path = "/api/v1/cases/{case}/reports/{id}", tag = "reports",
    params(("case" = String, Path, description = "The case's name"), ("id" = String, Path, description = "The report's id"),
        ("as_of" = Option<String>, Query, description = "2025-03-04 or 2025-03-04T09:10:00Z")),
    responses((status = 200, body = schema::ReportAndClaims), (status = "default", body = schema::Problem)))]
pub(super) async fn report(Api(at): Api<InCase>, Last(id): Last) -> Result<Json<Value>, Problem> {
    let entry = found(at.view.entry(&id), "report", &id)?;
    let points = CodePoints::new(&entry.report.text);
    let mention = |(claim, index, mention): (&sayso::weighing::Claim, usize, &sayso::weighing::Mention)| {
        let spans: Vec<_> = mention.spans.iter().map(|span| points.span(*span)).collect();
        json!({"claim": claim.id, "mention": index, "stance": mention.stance, "spans": spans})
    };
    let mentions: Vec<Value> = at.view.mentions_in(&id).map(mention).collect();
    Ok(Json(json!({"report": Record::new(&entry.report, &entry.reading), "mentions": mentions})))
}

/// How far an addition is.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "reports", params(("id" = u64, Path, description = "The job's number")),
    responses((status = 200, body = schema::Job), (status = "default", body = schema::Problem)))]
pub(super) async fn job(State(desk): State<Arc<Desk>>, Api(Path(id)): Api<Path<u64>>) -> Result<Json<Value>, Problem> {
    Ok(Json(progress(&*found(desk.jobs.get(id), "addition", &id.to_string())?)))
}

/// A job as JSON.
pub(super) fn progress(job: &Job) -> Value {
    let progress = job.progress();
    json!({"id": job.id, "case": job.case, "what": job.what, "progress": progress})
}
