//! `/login` and `/logout`, for ledgers with users.
//!
//! In: a name and a password. Out: a session, new with every login. May not happen: guessing faster than [`Tries`] allows; memory that grows
//! with guesses; a name that is known told from one that is not.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::decide::is_local;
use super::error::WebError;
use super::session::{Visitor, cookie, cookie_of};
use super::state::Desk;
use super::{assets, layout};
use crate::user::verify;

/// Wrong passwords for one name, and from one address, before both must wait.
const PER_NAME: u32 = 8;
const PER_ADDRESS: u32 = 20;
/// How long.
const WAIT: Duration = Duration::from_secs(5 * 60);
/// Names and addresses that are remembered.
const REMEMBERED: usize = 4_096;

/// Wrong passwords of late.
#[derive(Default)]
pub(crate) struct Tries {
    wrong: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Tries {
    /// Counts a try before it is looked at. Out: whether it may be looked at.
    fn allow(&self, name: &str, from: IpAddr) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= REMEMBERED {
            wrong.retain(|_, (_, since)| since.elapsed() < WAIT);
        }
        while wrong.len() >= REMEMBERED
            && let Some(oldest) = wrong.iter().min_by_key(|(_, (_, since))| *since).map(|(key, _)| key.clone())
        {
            wrong.remove(&oldest);
        }
        [(keys(name, from).0, PER_NAME), (keys(name, from).1, PER_ADDRESS)].into_iter().fold(
            true,
            |allowed, (key, most)| {
                let (count, since) = wrong.entry(key).or_insert((0, Instant::now()));
                if since.elapsed() >= WAIT {
                    (*count, *since) = (0, Instant::now());
                }
                *count += 1;
                allowed && *count <= most
            },
        )
    }

    /// Forgets the tries of somebody who knew the password.
    fn forget(&self, name: &str, from: IpAddr) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.remove(&keys(name, from).0);
        wrong.remove(&keys(name, from).1);
    }
}

fn keys(name: &str, from: IpAddr) -> (String, String) {
    (format!("n{}", name.chars().take(60).collect::<String>()), format!("a{from}"))
}

/// Passwords that are looked at, at once: each takes memory.
static LOOKING: Semaphore = Semaphore::const_new(2);

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/login", get(form).post(login)).route("/logout", post(logout))
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    css: String,
    csrf: String,
    back: String,
    wrong: Option<String>,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// The login form, in a session of its own.
async fn form(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    if !visitor.user.is_empty() {
        return Ok(Redirect::to(back(&asked.back)).into_response());
    }
    ask(&desk, asked.back, None, StatusCode::OK)
}

fn ask(desk: &Desk, back: String, wrong: Option<String>, status: StatusCode) -> Result<Response, WebError> {
    let (id, csrf) = desk.sessions.begin(None)?;
    let page = LoginPage { css: assets::url("sayso.css"), csrf, back, wrong };
    Ok((status, [(header::SET_COOKIE, cookie(desk, &id))], Html(page.render()?)).into_response())
}

fn back(asked: &str) -> &str {
    if is_local(asked) { asked } else { "/" }
}

async fn login(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(login): Form<Login>,
) -> Result<Response, WebError> {
    match enter(&desk, from.ip(), &headers, &login.name, login.password).await {
        Ok(cookie) => Ok(([(header::SET_COOKIE, cookie)], Redirect::to(back(&login.back))).into_response()),
        Err(error) => ask(&desk, login.back, Some(error.message), error.status),
    }
}

/// Checks a password and begins a session. Out: its cookie.
pub(super) async fn enter(
    desk: &Arc<Desk>,
    from: IpAddr,
    headers: &HeaderMap,
    name: &str,
    password: String,
) -> Result<String, WebError> {
    if !desk.tries.allow(name, from) {
        let message = "Too many wrong passwords. Wait five minutes, then try again.";
        return Err(WebError::new(StatusCode::TOO_MANY_REQUESTS, message));
    }
    let user = desk.users().await?.iter().find(|user| user.name == name).cloned();
    let permit = LOOKING.acquire().await.map_err(|error| WebError::internal(&error))?;
    let (fits, permit) = spawn_blocking(move || (verify(user.as_ref(), &password), permit)).await?;
    drop(permit);
    if !fits {
        return Err(WebError::new(StatusCode::UNAUTHORIZED, "The name or the password is wrong."));
    }
    desk.tries.forget(name, from);
    if let Some(old) = cookie_of(desk, headers) {
        desk.sessions.end(old);
    }
    tracing::info!(user = layout::encode(name), "logged in");
    let (id, _) = desk.sessions.begin(Some(name))?;
    Ok(cookie(desk, &id))
}

async fn logout(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if let Some(id) = cookie_of(&desk, &headers) {
        desk.sessions.end(id);
    }
    ([(header::SET_COOKIE, cookie(&desk, ""))], Redirect::to("/login")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_few_and_memory_is_bounded() {
        let (tries, from) = (Tries::default(), IpAddr::from([10, 0, 0, 1]));
        assert!((0..PER_NAME).all(|_| tries.allow("ines", from)));
        assert!(!tries.allow("ines", IpAddr::from([10, 0, 0, 2])), "another address does not help");
        tries.forget("ines", from);
        assert!(tries.allow("ines", from));
        let other = IpAddr::from([10, 0, 0, 3]);
        let allowed = (0..100).filter(|k| tries.allow(&format!("name {k}"), other)).count();
        assert_eq!(allowed, PER_ADDRESS as usize, "another name does not help either");
        for k in 0..10_000_u32 {
            tries.allow(&k.to_string(), IpAddr::from(k.to_be_bytes()));
        }
        assert!(tries.wrong.lock().unwrap().len() <= REMEMBERED + 2);
    }
}
