//! `/c/{case}/timeline`: when and where.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/timeline", get(timeline))
}

#[derive(Template)]
#[template(path = "placeholder.html")]
struct Placeholder {
    page: Page,
    words: &'static str,
}

async fn timeline(at: InCase) -> Result<Html<String>, WebError> {
    html(&Placeholder { page: at.page("Timeline", Nav::Timeline), words: "This page is being made." })
}
