//! `/c/{case}/add`: more reports.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::web::error::WebError;
use crate::web::layout::{Nav, Page, Starting, html};
use crate::web::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/add", get(add))
}

#[derive(Template)]
#[template(path = "placeholder.html")]
struct Placeholder {
    page: Page,
    words: &'static str,
}

async fn add(at: Starting) -> Result<Html<String>, WebError> {
    html(&Placeholder { page: at.page("Add", Nav::Add), words: "This page is being made." })
}
