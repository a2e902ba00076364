//! `/`: the cases of the ledger, or straight on to the only one.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::web::error::WebError;
use crate::web::layout::{Outside, Page, encode, html};
use crate::web::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/", get(cases)).route("/new", get(new))
}

#[derive(Template)]
#[template(path = "cases.html")]
struct Cases {
    page: Page,
    cases: Vec<(String, String)>,
}

async fn cases(at: Outside) -> Result<Response, WebError> {
    if let [only] = at.cases.as_slice() {
        return Ok(Redirect::to(&format!("/c/{}/", encode(only))).into_response());
    }
    let cases = at.cases.iter().map(|case| (case.clone(), format!("/c/{}/", encode(case)))).collect();
    Ok(html(&Cases { page: at.page("Cases"), cases })?.into_response())
}

#[derive(Deserialize)]
struct New {
    case: String,
}

/// On to the page that adds the first reports of a case.
async fn new(Query(new): Query<New>) -> Result<Redirect, WebError> {
    let name = new.case.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(WebError::bad("A case needs a name of 1 to 100 characters."));
    }
    Ok(Redirect::to(&format!("/c/{}/add", encode(name))))
}
