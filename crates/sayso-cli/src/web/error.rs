//! What went wrong, as a page: a status and a sentence that tells what to do next.

use askama::Template;
use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use super::assets;

/// Why a request came to nothing.
#[derive(Debug, Clone)]
pub(crate) struct WebError {
    pub(crate) status: StatusCode,
    /// Plain sentences: what is wrong, and what to do next.
    pub(crate) message: String,
    /// What is only not yet there: the address that tells when it is.
    soon: Option<String>,
}

impl WebError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), soon: None }
    }

    /// What was asked for is not there.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// What was sent makes no sense.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// The person may not do it.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// The case is not weighed yet; `soon` is the address that tells when it is.
    pub(crate) fn weighing(soon: String) -> Self {
        let message = "The case is being weighed. Ask again in a moment.";
        Self { soon: Some(soon), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, message) }
    }

    /// The same for programs.
    pub(crate) fn json(&self) -> Response {
        let body = serde_json::json!({"status": self.status.as_u16(), "message": self.message});
        (self.status, axum::Json(body)).into_response()
    }

    /// The program failed; the cause goes to the log.
    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("This did not work: {error}."))
    }
}

impl std::fmt::Display for WebError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WebError {}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    message: &'a str,
    css: &'a str,
}

/// A page that stands in for one that is not there yet.
#[derive(Template)]
#[template(path = "weighing.html")]
struct WeighingPage<'a> {
    css: &'a str,
    theme: &'a str,
    script: &'a str,
    weighed: &'a str,
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        if let Some(weighed) = &self.soon {
            let [css, theme, script] = ["sayso.css", "theme.js", "sayso.js"].map(assets::url);
            let page = WeighingPage { css: &css, theme: &theme, script: &script, weighed }.render();
            return (StatusCode::ACCEPTED, [(header::RETRY_AFTER, "1")], Html(page.unwrap_or_default()))
                .into_response();
        }
        let title = match self.status {
            StatusCode::NOT_FOUND => "There is no such page",
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "This is not allowed",
            status if status.is_client_error() => "This was not understood",
            _ => "This did not work",
        };
        let page = ErrorPage { title, message: &self.message, css: &assets::url("sayso.css") };
        let page = page.render().unwrap_or_else(|_| self.message.clone());
        (self.status, Html(page)).into_response()
    }
}

impl From<sayso_ledger::Error> for WebError {
    fn from(error: sayso_ledger::Error) -> Self {
        match error {
            sayso_ledger::Error::NoDecision(_) => Self::not_found(format!("{error}.")),
            error => Self::internal(&error),
        }
    }
}

impl From<anyhow::Error> for WebError {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(&format!("{error:#}"))
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<tokio::task::JoinError> for WebError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::internal(&error)
    }
}

impl From<QueryRejection> for WebError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad(format!("{}. Check the address.", rejection.body_text()))
    }
}

impl From<PathRejection> for WebError {
    fn from(rejection: PathRejection) -> Self {
        Self::bad(format!("{}. Check the address.", rejection.body_text()))
    }
}

impl From<FormRejection> for WebError {
    fn from(rejection: FormRejection) -> Self {
        Self::new(rejection.status(), format!("{}.", rejection.body_text()))
    }
}

/// For addresses that lead nowhere.
pub(super) async fn no_page(uri: Uri) -> Response {
    let error = WebError::not_found(format!("Nothing is at {}. The list of cases leads everywhere.", uri.path()));
    if uri.path().starts_with("/api/") { error.json() } else { error.into_response() }
}

/// For pages that do not take what was sent.
pub(super) async fn no_method(uri: Uri) -> Response {
    let error = WebError::new(StatusCode::METHOD_NOT_ALLOWED, format!("{} does not take that.", uri.path()));
    if uri.path().starts_with("/api/") { error.json() } else { error.into_response() }
}
