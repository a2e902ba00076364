//! The pages, a file each. Each has `routes()`, handlers that take [`InCase`](super::layout::InCase), and its template under templates/.

mod actors;
mod add;
mod address;
mod case;
mod cases;
mod claim;
mod export;
mod journal;
mod matrix;
mod report;
mod review;
mod timeline;

use std::sync::Arc;

use axum::Router;

use super::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .merge(cases::routes())
        .merge(case::routes())
        .merge(claim::routes())
        .merge(report::routes())
        .merge(matrix::routes())
        .merge(timeline::routes())
        .merge(actors::routes())
        .merge(review::routes())
        .merge(add::routes())
        .merge(export::routes())
        .merge(journal::routes())
}
