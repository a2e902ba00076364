//! What changes a case: reports added, decisions made.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use sayso::intake::Hints;
use sayso::span::CodePoints;
use sayso::weigh::decision::Decision;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Api, Problem, reports, schema};
use crate::fetch::is_url;
use crate::time;
use crate::web::decide::{LONGEST, check};
use crate::web::error::WebError;
use crate::web::jobs::Input;
use crate::web::layout::{InCase, Starting};

/// A JSON body; what it is not is a problem with a sentence.
fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    serde_json::from_slice(bytes)
        .map_err(|error| Problem(WebError::bad(format!("The body is not what it should be: {error}."))))
}

#[derive(Deserialize)]
struct Deciding {
    #[serde(flatten)]
    decision: Decision,
    #[serde(default)]
    why: String,
}

/// Make a decision; it stands under the name of whoever is logged in.
#[utoipa::path(post, path = "/api/v1/cases/{case}/decisions", tag = "decisions", params(("case" = String, Path, description = "The case's name")),
    request_body = schema::NewDecision,
    responses((status = 201, body = schema::Made), (status = "default", body = schema::Problem)))]
pub(super) async fn decide(Api(at): Api<InCase>, sent: Bytes) -> Result<(StatusCode, Json<Value>), Problem> {
    at.visitor.may_decide()?;
    let Deciding { mut decision, why } = body(&sent)?;
    for key in decision.mentions_mut() {
        let entry = at.view.entry(&key.report);
        key.start = entry.map_or(key.start, |entry| CodePoints::new(&entry.report.text).byte(key.start));
    }
    if sent.len() > LONGEST * 4 {
        return Err(WebError::bad("The decision is too long.").into());
    }
    check(&decision, &at.view)?;
    let number = at.desk.decide(&at.view.name, &at.visitor.user, why.trim(), decision).await?;
    let against: Vec<u64> = at.desk.against(&at.view.name, number).await?.iter().map(|line| line.id).collect();
    Ok((StatusCode::CREATED, Json(json!({"number": number, "against": against}))))
}

#[derive(Deserialize)]
struct Adding {
    url: Option<String>,
    text: Option<String>,
    name: Option<String>,
    outlet: Option<String>,
    published: Option<String>,
}

/// Add a report: text as it was published, or a URL to fetch. The case is made when it is new.
#[utoipa::path(post, path = "/api/v1/cases/{case}/reports", tag = "reports", params(("case" = String, Path, description = "The case's name")),
    request_body = schema::NewReport,
    responses((status = 202, body = schema::Job), (status = "default", body = schema::Problem)))]
pub(super) async fn add(Api(Starting(at)): Api<Starting>, sent: Bytes) -> Result<(StatusCode, Json<Value>), Problem> {
    at.visitor.may_decide()?;
    let Adding { url, text, name, outlet, published } = body(&sent)?;
    let date = published.as_deref().map(time::date).transpose();
    let published = date.map_err(|how| WebError::bad(format!("published is no date: {how}.")))?;
    let input = match (url, text) {
        (Some(url), None) if is_url(&url) => Input::Url(url),
        (None, Some(text)) => Input::Bytes(name.unwrap_or_else(|| "pasted text".to_owned()), text.into_bytes()),
        _ => return Err(WebError::bad("Give either a url, beginning with http:// or https://, or a text.").into()),
    };
    let what = match &input {
        Input::Url(url) => url.clone(),
        Input::Bytes(name, _) => name.clone(),
    };
    let hints = Hints { outlet, published, ..Hints::default() };
    let job = at.desk.jobs.start(&at.desk, &at.view.name, &what, vec![input], hints);
    Ok((StatusCode::ACCEPTED, Json(reports::progress(&job))))
}
