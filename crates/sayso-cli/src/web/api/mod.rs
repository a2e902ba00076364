//! What the pages show, as JSON: `/api/v1`, described by OpenAPI at `/api/v1/openapi.json`.
//!
//! In: the same addresses, moments and ids as the pages'. Out: the objects of docs/formats.md, offsets in code points. May not happen: an answer
//! that is not what the description says; an error that is no JSON.

mod case;
mod reports;
mod schema;
mod schema_reading;
mod session;
mod views;
mod write;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::WebError;
use super::state::Desk;

#[derive(OpenApi)]
#[openapi(info(
    title = "Sayso",
    description = "On whose say-so does each statement in a report stand? Offsets are Unicode code points into the report's text, end exclusive. \
                   `as_of` leaves out what was published or decided later. Fields may be added; a name that is here keeps its meaning.",
    license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
))]
struct Description;

/// Every path, and the description of them all.
pub(super) fn routes() -> Router<Arc<Desk>> {
    let (router, description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(case::cases))
        .routes(routes!(case::case))
        .routes(routes!(case::claims))
        .routes(routes!(case::claim))
        .routes(routes!(case::search))
        .routes(routes!(reports::reports, write::add))
        .routes(routes!(reports::report))
        .routes(routes!(reports::job))
        .routes(routes!(views::matrix))
        .routes(routes!(views::timeline))
        .routes(routes!(views::actors))
        .routes(routes!(views::actor))
        .routes(routes!(views::incidents))
        .routes(routes!(views::journal))
        .routes(routes!(views::export))
        .routes(routes!(write::decide))
        .routes(routes!(session::enter))
        .split_for_parts();
    router.route("/api/v1/openapi.json", get(|| async move { Json(description) }))
}

/// What went wrong, as JSON.
pub(super) struct Problem(WebError);

impl From<WebError> for Problem {
    fn from(error: WebError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.0.json()
    }
}

/// An extractor of the pages whose refusals are JSON.
pub(super) struct Api<T>(pub(super) T);

impl<T: FromRequestParts<Arc<Desk>>> FromRequestParts<Arc<Desk>> for Api<T>
where
    WebError: From<T::Rejection>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Problem> {
        T::from_request_parts(parts, desk).await.map(Self).map_err(|rejection| Problem(rejection.into()))
    }
}

/// The last variable of an address: an id within a case.
pub(super) struct Last(pub(super) String);

impl FromRequestParts<Arc<Desk>> for Last {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Problem> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, desk).await;
        let Path(mut path) = path.map_err(WebError::from)?;
        Ok(Self(path.pop().map(|(_, value)| value).unwrap_or_default()))
    }
}

/// Something that a case should have.
fn found<T>(thing: Option<T>, what: &str, id: &str) -> Result<T, Problem> {
    thing.ok_or_else(|| Problem(WebError::not_found(format!("The case has no {what} {id}."))))
}
