//! Who asks, and whether they may.
//!
//! In: every request before its page sees it. Out: a [`Visitor`] for the page. May not happen: a change without the token of the page
//! it came from.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::LARGEST_REQUEST;
use super::error::WebError;
use super::state::Desk;

/// What pages may load: from here alone, and nothing inline.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A word that nobody can guess.
pub(super) fn secret() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("this machine gives no random numbers: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Looks.
    Reader,
    /// Adds reports and decides, too.
    Reviewer,
    /// May do everything.
    Owner,
}

impl Role {
    /// Whether the person may add reports and decide.
    pub(crate) fn decides(self) -> bool {
        self >= Self::Reviewer
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Reader => "reader",
            Self::Reviewer => "reviewer",
            Self::Owner => "owner",
        })
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The name under which decisions are kept.
    pub(crate) user: String,
    pub(crate) role: Role,
    /// What every form sends back as `csrf`.
    pub(crate) csrf: String,
    /// Whether there was a login, so that there can be a logout.
    pub(crate) login: bool,
}

impl Visitor {
    /// Refuses those who only look.
    pub(crate) fn may_decide(&self) -> Result<(), WebError> {
        if self.role.decides() {
            return Ok(());
        }
        Err(WebError::forbidden(format!(
            "{} is a reader here, and readers do not decide. Ask an owner of the ledger.",
            self.user
        )))
    }
}

/// Lets a request through to its page, or not.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, mut request: Request, next: Next) -> Response {
    let visitor = desk.anybody();
    if request.method() != Method::GET && request.method() != Method::HEAD {
        request = match signed(request, &visitor.csrf).await {
            Ok(request) => request,
            Err(error) => return error.into_response(),
        };
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// The request, when it carries the token: as the header `x-csrf`, as `csrf` in the address (uploads), or as the field `csrf` of a form.
async fn signed(request: Request, token: &str) -> Result<Request, WebError> {
    let refused =
        || WebError::forbidden("The page is too old, or the request does not come from it. Load the page again.");
    let field = |text: &[u8]| url::form_urlencoded::parse(text).any(|(name, value)| name == "csrf" && value == token);
    let by_header = request.headers().get("x-csrf").is_some_and(|value| value.as_bytes() == token.as_bytes());
    if by_header || request.uri().query().is_some_and(|query| field(query.as_bytes())) {
        return Ok(request);
    }
    let kind = request.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    if !kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded")) {
        return Err(refused());
    }
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_REQUEST)
        .await
        .map_err(|_| WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large."))?;
    if !field(&body) {
        return Err(refused());
    }
    Ok(Request::from_parts(head, Body::from(body)))
}
