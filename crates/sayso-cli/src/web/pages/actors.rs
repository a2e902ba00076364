//! `/c/{case}/actors` and `/c/{case}/actors/{id}`: who speaks.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/actors", get(actors)).route("/c/{case}/actors/{id}", get(actor))
}

#[derive(Template)]
#[template(path = "placeholder.html")]
struct Placeholder {
    page: Page,
    words: &'static str,
}

async fn actors(at: InCase) -> Result<Html<String>, WebError> {
    html(&Placeholder { page: at.page("Actors", Nav::Actors), words: "This page is being made." })
}

async fn actor(at: InCase) -> Result<Html<String>, WebError> {
    html(&Placeholder { page: at.page("Actor", Nav::Actors), words: "This page is being made." })
}
