//! Who asks, and whether they may.
//!
//! In: every request before its page sees it. Out: a [`Visitor`] for the page. May not happen: a change without the token of the page it
//! came from, or asked for by another site; a page of a ledger with users for somebody who has not logged in; a session that was there before
//! its login.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use sayso_ledger::User;

use super::error::WebError;
use super::state::Desk;
use super::{LARGEST_REQUEST, layout};
pub(crate) use crate::user::Role;

/// What pages may load: from here alone, and nothing inline.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// How long a login holds without a request.
const IDLE: Duration = Duration::from_secs(12 * 60 * 60);
/// How long a login form waits.
const FORM: Duration = Duration::from_secs(30 * 60);
/// Sessions at once; beyond them the longest idle ends.
const SESSIONS: usize = 2_000;

/// The name of the key in the address that the program prints.
pub(super) const KEY: &str = "key";

/// A word that nobody can guess.
pub(super) fn secret() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("this machine gives no random numbers: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The name under which decisions are kept; empty before the login.
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
        let who = &self.user;
        Err(WebError::forbidden(format!(
            "{who} is a reader here, and readers do not decide. Ask an owner of the ledger."
        )))
    }
}

#[derive(Clone)]
struct Session {
    /// None while its login form waits.
    user: Option<String>,
    csrf: String,
    seen: Instant,
}

impl Session {
    fn holds(&self) -> bool {
        self.seen.elapsed() < if self.user.is_some() { IDLE } else { FORM }
    }
}

/// All sessions, by the secret in their cookie. They end with the program.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Begins a session; `user` has just logged in. Out: the secret for the cookie, and the token for forms.
    pub(super) fn begin(&self, user: Option<&str>) -> anyhow::Result<(String, String)> {
        let (id, csrf) = (secret()?, secret()?);
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SESSIONS {
            sessions.retain(|_, session| session.holds());
        }
        if sessions.len() >= SESSIONS {
            // Forms that wait go before people who work.
            let oldest = sessions.iter().min_by_key(|(_, s)| (s.user.is_some(), s.seen)).map(|(id, _)| id.clone());
            oldest.and_then(|id| sessions.remove(&id));
        }
        let session = Session { user: user.map(str::to_owned), csrf: csrf.clone(), seen: Instant::now() };
        sessions.insert(id.clone(), session);
        Ok((id, csrf))
    }

    fn find(&self, id: &str) -> Option<Session> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(id)?;
        if !session.holds() {
            sessions.remove(id);
            return None;
        }
        session.seen = Instant::now();
        Some(session.clone())
    }

    /// Ends a session.
    pub(super) fn end(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// The name of the cookie: ports share cookies, and two desks may run here.
pub(super) fn cookie_name(desk: &Desk) -> String {
    format!("sayso-{}", desk.address.port())
}

/// A cookie that keeps a session, or with an empty secret ends it.
pub(super) fn cookie(desk: &Desk, id: &str) -> String {
    let life = if id.is_empty() { 0 } else { IDLE.as_secs() };
    format!("{}={id}; Path=/; HttpOnly; SameSite=Strict; Max-Age={life}", cookie_name(desk))
}

/// The secret in a request's cookie.
pub(super) fn cookie_of<'a>(desk: &Desk, headers: &'a HeaderMap) -> Option<&'a str> {
    let name = cookie_name(desk);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|pair| pair.0 == name))
        .map(|pair| pair.1)
}

/// Lets a request through to its page, or not.
pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    match admitted(&desk, request).await {
        Ok(request) => next.run(request).await,
        Err(Refused::Error(error)) if api => error.json(),
        Err(Refused::Error(error)) => error.into_response(),
        Err(Refused::LogIn(_)) if api => {
            WebError::new(StatusCode::UNAUTHORIZED, "Log in first: POST /api/v1/session with name and password.").json()
        }
        Err(Refused::Key(path)) => {
            let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name(&desk), desk.key);
            ([(header::SET_COOKIE, cookie)], Redirect::to(&path)).into_response()
        }
        Err(Refused::LogIn(back)) => Redirect::to(&format!("/login?back={}", layout::encode(&back))).into_response(),
    }
}

enum Refused {
    Error(WebError),
    /// The address has the key: from now on a cookie does, and the address (given here) no longer.
    Key(String),
    /// With the page that was asked for.
    LogIn(String),
}

impl From<WebError> for Refused {
    fn from(error: WebError) -> Self {
        Self::Error(error)
    }
}

async fn admitted(desk: &Arc<Desk>, mut request: Request) -> Result<Request, Refused> {
    let host = own_host(desk, &request)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
        return Err(
            WebError::new(StatusCode::METHOD_NOT_ALLOWED, "Only GET, HEAD and POST are understood here.").into()
        );
    }
    let changes = *request.method() == Method::POST;
    if changes {
        from_here(request.headers(), &host)?;
    }
    let (path, users) = (request.uri().path().to_owned(), desk.users().await?);
    let visitor = if users.is_empty() && !desk.login_required {
        holds_key(desk, &request)?;
        desk.anybody()
    } else {
        known(desk, request.headers(), &users)
    };
    let logging_in = path == "/login" || path == "/api/v1/session";
    if visitor.user.is_empty() && !logging_in {
        let back = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        if changes {
            return Err(
                WebError::new(StatusCode::UNAUTHORIZED, "Your login has ended. Log in again, then repeat it.").into()
            );
        }
        return Err(Refused::LogIn(back));
    }
    // A form of another site cannot send JSON, nor read what a session's token is.
    if changes && !(path.starts_with("/api/") && is_json(request.headers())) {
        request = signed(request, &visitor.csrf).await?;
    }
    request.extensions_mut().insert(visitor);
    Ok(request)
}

/// Lets in who has the key that the program printed: in the cookie, as a bearer token, or in the address. Any other person of this
/// machine can reach the port, too.
fn holds_key(desk: &Desk, request: &Request) -> Result<(), Refused> {
    let fits = |word: &str| same(word.as_bytes(), desk.key.as_bytes());
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if cookie_of(desk, request.headers()).is_some_and(fits)
        || bearer.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(fits)
    {
        return Ok(());
    }
    let query = request.uri().query().unwrap_or_default();
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == KEY && fits(&value))
    {
        return Err(Refused::Key(without_key(request.uri().path(), query)));
    }
    let message = "Open the whole address that `sayso serve` printed, with the key at its end. Programs send the key as a bearer token.";
    Err(WebError::new(StatusCode::UNAUTHORIZED, message).into())
}

/// The address without the key. A path that begins with two slashes would lead elsewhere.
fn without_key(path: &str, query: &str) -> String {
    let kept: Vec<&str> = query.split('&').filter(|part| part.split('=').next() != Some(KEY)).collect();
    let joint = if kept.is_empty() { "" } else { "?" };
    format!("/{}{joint}{}", path.trim_start_matches('/'), kept.join("&"))
}

/// Whoever the cookie says, if that person may still log in.
fn known(desk: &Desk, headers: &HeaderMap, users: &[User]) -> Visitor {
    let session = cookie_of(desk, headers).and_then(|id| desk.sessions.find(id));
    let nobody = |csrf| Visitor { user: String::new(), role: Role::Reader, csrf, login: false };
    let Some(session) = session else { return nobody(String::new()) };
    let user = session.user.and_then(|name| users.iter().find(|user| user.name == name));
    match user {
        Some(user) => {
            Visitor { user: user.name.clone(), role: Role::named(&user.role), csrf: session.csrf, login: true }
        }
        None => nobody(session.csrf),
    }
}

/// The host that the browser thinks it talks to, if that is us: a name of another's could be made to lead here.
fn own_host(desk: &Desk, request: &Request) -> Result<String, WebError> {
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = request.uri().authority().map(|host| host.as_str()).or(header).unwrap_or_default();
    let parsed =
        url::Url::parse(&format!("http://{host}/")).ok().filter(|url| url.path() == "/" && url.username().is_empty());
    let own = match parsed.as_ref().and_then(url::Url::host) {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || !desk.address.ip().is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback() || !desk.address.ip().is_loopback(),
        Some(url::Host::Domain(name)) => {
            name == "localhost" || desk.names.iter().any(|known| known.eq_ignore_ascii_case(name))
        }
        None => false,
    };
    if own {
        return Ok(host.to_owned());
    }
    let message = "This workbench does not go by that name. Use the address that it printed, or start it with --name.";
    Err(WebError::new(StatusCode::MISDIRECTED_REQUEST, message))
}

/// Refuses what another site asks for.
fn from_here(headers: &HeaderMap, host: &str) -> Result<(), WebError> {
    let text = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let origin = text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, from)| from == host));
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    if origin && site { Ok(()) } else { Err(WebError::forbidden("Another site asked for this. It was not done.")) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The request, when it carries the token: as the header `x-csrf`, as `csrf` in the address (uploads), or as the field `csrf` of a form.
async fn signed(request: Request, token: &str) -> Result<Request, WebError> {
    let refused =
        || WebError::forbidden("The page is too old, or the request does not come from it. Load the page again.");
    let fits = |value: &[u8]| !token.is_empty() && same(value, token.as_bytes());
    let field =
        |text: &[u8]| url::form_urlencoded::parse(text).any(|(name, value)| name == "csrf" && fits(value.as_bytes()));
    let by_header = request.headers().get("x-csrf").is_some_and(|value| fits(value.as_bytes()));
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

/// Whether two words are the same, in the same time wherever they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
