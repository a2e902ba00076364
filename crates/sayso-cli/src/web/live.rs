//! Changes as they happen, as server-sent events: `/c/{case}/live`.
//!
//! In: the desk's notice that something was written. Out: `changed` with the case's new version and how many claims differ, once the new
//! weighing is there; `reading` while reports are being added. May not happen: an event for what did not change.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use super::error::WebError;
use super::layout::{InCase, encode, moment};
use super::state::Desk;
use crate::changes::{Standings, between, standings};

/// How long after a failure the ledger is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// Watches for what other processes write, for as long as the program runs: on a connection of its own, which may wait.
pub(super) fn watch(desk: Arc<Desk>) {
    loop {
        if let Err(error) = heard(&desk) {
            tracing::warn!("changes by others are not heard: {error:#}");
            std::thread::sleep(AGAIN);
        }
    }
}

fn heard(desk: &Desk) -> anyhow::Result<()> {
    let ledger = desk.open_ledger()?;
    let mut last = ledger.touched()?;
    // What was written before we listened is news, too.
    desk.written();
    loop {
        ledger.wait()?;
        let now = ledger.touched()?;
        if std::mem::replace(&mut last, now) != now {
            desk.written();
        }
    }
}

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/live", get(live)).route("/c/{case}/weighed", get(weighed))
}

/// Where it is told that a case has been weighed.
pub(super) fn weighed_at(case: &str, as_of: Option<&str>) -> String {
    let query = as_of.map(|as_of| format!("?as_of={}", encode(as_of))).unwrap_or_default();
    format!("/c/{}/weighed{query}", encode(case))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Then {
    as_of: Option<String>,
}

/// One event, `weighed`, when there is a weighing to look at.
async fn weighed(
    State(desk): State<Arc<Desk>>,
    Path(case): Path<String>,
    Query(then): Query<Then>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let as_of = then.as_of.filter(|as_of| !as_of.is_empty()).map(|as_of| moment(&as_of)).transpose()?;
    let event = async move {
        let mut stopping = desk.stopping();
        tokio::select! {
            // What went wrong the page tells when it is asked for again.
            _ = desk.weighed(&case, as_of.as_deref()) => Some(Ok(Event::default().event("weighed").data("{}"))),
            _ = stopping.wait_for(|stop| *stop) => None,
        }
    };
    Ok(Sse::new(stream::once(event).filter_map(std::future::ready)).keep_alive(keep_alive()))
}

fn keep_alive() -> KeepAlive {
    KeepAlive::new().interval(Duration::from_secs(20))
}

/// What one browser knows.
struct Follower {
    desk: Arc<Desk>,
    case: String,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    version: u64,
    claims: Standings,
    reading: Option<String>,
    waiting: Vec<Event>,
}

async fn live(at: InCase) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let follower = Follower {
        case: at.view.name.clone(),
        changes: at.desk.changes(),
        stopping: at.desk.stopping(),
        version: at.view.version,
        claims: standings(&at.view),
        reading: None,
        waiting: Vec::new(),
        desk: at.desk,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    });
    Sse::new(events).keep_alive(keep_alive())
}

impl Follower {
    /// The next event; none when the program ends.
    async fn next(&mut self) -> Option<Event> {
        loop {
            self.look().await;
            if let Some(event) = self.waiting.pop() {
                return Some(event);
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                _ = self.stopping.wait_for(|stop| *stop) => return None,
            }
        }
    }

    /// Finds out what is new.
    async fn look(&mut self) {
        if let Ok(view) = self.desk.newest(&self.case).await
            && view.version != self.version
        {
            let now = standings(&view);
            let changed: Vec<String> = between(&self.claims, &now).into_iter().map(|changed| changed.claim).collect();
            (self.version, self.claims) = (view.version, now);
            self.say("changed", &json!({"version": view.version, "claims": changed.len(), "ids": changed}));
        }
        let job = self.desk.jobs.of(&self.case).into_iter().next();
        if let Some(job) = job {
            let (words, progress) = (job.words(), job.progress());
            if self.reading.as_ref() != Some(&words) {
                let of = json!({"words": words, "read": progress.read, "of": progress.of, "done": progress.done});
                // What was done before this browser came is no news.
                if self.reading.replace(words).is_some() || !progress.done {
                    self.say("reading", &of);
                }
            }
        }
    }

    fn say(&mut self, name: &str, data: &serde_json::Value) {
        self.waiting.insert(0, Event::default().event(name).data(data.to_string()));
    }
}
