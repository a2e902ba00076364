//! Logging in without a form.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Problem, schema};
use crate::web::error::WebError;
use crate::web::login;
use crate::web::state::Desk;

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

/// Log in: the answer sets a cookie that further requests send back. Only where the ledger has users.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = schema::Login,
    responses((status = 204, description = "Logged in"), (status = "default", body = schema::Problem)))]
pub(super) async fn enter(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    sent: axum::body::Bytes,
) -> Result<Response, Problem> {
    let Json(Login { name, password }) =
        Json::from_bytes(&sent).map_err(|error| WebError::bad(format!("{}.", error.body_text())))?;
    let cookie = login::enter(&desk, from.ip(), &headers, &name, password).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
