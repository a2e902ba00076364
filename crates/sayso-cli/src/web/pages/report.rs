//! `/c/{case}/reports/` and `/c/{case}/reports/{id}`: the reports, and one with its reading.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/reports/", get(reports)).route("/c/{case}/reports/{id}", get(report))
}

#[derive(Template)]
#[template(path = "placeholder.html")]
struct Placeholder {
    page: Page,
    words: &'static str,
}

async fn reports(at: InCase) -> Result<Html<String>, WebError> {
    html(&Placeholder { page: at.page("Reports", Nav::Reports), words: "This page is being made." })
}

async fn report(at: InCase) -> Result<Html<String>, WebError> {
    html(&Placeholder { page: at.page("Report", Nav::Reports), words: "This page is being made." })
}
