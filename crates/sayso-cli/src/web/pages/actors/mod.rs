//! `/c/{case}/actors` and `/c/{case}/actors/{id}`: who speaks and acts in a case, under which names, and how what they said fared.
//!
//! In: words, an actor's id. Out: pages. May not happen: names taken for one actor without the words that joined them.

mod one;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Html;
use axum::routing::get;
use sayso::weighing::CaseActor;
use serde::Deserialize;

use crate::actors::kind;
use crate::text::count;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, encode, html};
use crate::web::state::{CaseView, Desk};

/// Actors on one page.
const PAGE: usize = 100;
/// The order in which statuses are told.
const STATUSES: [&str; 6] = ["verified", "corroborated", "single-origin", "contested", "refuted", "retracted"];

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/actors", get(actors)).route("/c/{case}/actors/{id}", get(one::actor))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    kind: String,
    page: String,
}

/// How many of an actor's claims have a status.
#[derive(Debug, PartialEq, Eq)]
struct Fared {
    status: &'static str,
    claims: usize,
    href: String,
}

struct Row {
    href: String,
    name: String,
    kind: String,
    above: Option<String>,
    aliases: String,
    side: String,
    reliability: char,
    said: usize,
    fared: Vec<Fared>,
}

#[derive(Template)]
#[template(path = "actors.html")]
struct ActorsPage {
    page: Page,
    asked: Asked,
    found: String,
    kinds: Vec<(String, bool)>,
    rows: Vec<Row>,
    earlier: Option<String>,
    later: Option<String>,
}

async fn actors(at: InCase, Query(asked): Query<Asked>) -> Result<Html<String>, WebError> {
    let (view, page) = (&*at.view, at.page("Actors", Nav::Actors));
    let words: Vec<String> = asked.q.split_whitespace().map(str::to_lowercase).collect();
    let bears = |form: &String| words.iter().all(|word| form.to_lowercase().contains(word));
    let wanted = |actor: &CaseActor| {
        (words.is_empty() || bears(&actor.name) || actor.aliases.iter().any(bears))
            && (asked.kind.is_empty() || kind(actor) == asked.kind)
    };
    let mut actors = view.actors();
    actors.retain(|(_, actor)| wanted(actor));
    let pages = actors.len().div_ceil(PAGE).max(1);
    let number = asked.page.parse().ok().filter(|n| (1..=pages).contains(n)).unwrap_or(1);
    let turn = |to: usize| page.link(&format!("actors?page={to}&q={}&kind={}", encode(&asked.q), encode(&asked.kind)));
    html(&ActorsPage {
        found: count(actors.len(), "actor"),
        kinds: view.kinds().iter().map(|kind| (kind.clone(), *kind == asked.kind)).collect(),
        rows: actors
            .iter()
            .skip((number - 1) * PAGE)
            .take(PAGE)
            .map(|&(said, actor)| row(view, &page, said, actor))
            .collect(),
        earlier: (number > 1).then(|| turn(number - 1)),
        later: (number < pages).then(|| turn(number + 1)),
        asked,
        page,
    })
}

fn row(view: &CaseView, page: &Page, said: usize, actor: &CaseActor) -> Row {
    let above = actor.belongs_to.as_ref().and_then(|id| view.actor_by_id(id));
    Row {
        href: page.actor(&actor.id),
        name: actor.name.clone(),
        kind: kind(actor),
        above: above.map(|above| above.name.clone()),
        aliases: actor.aliases.join(" · "),
        side: actor.side.clone().unwrap_or_default(),
        reliability: actor.reliability,
        said,
        fared: fared(view, page, actor),
    }
}

/// The claims of an actor by their status, each claim once.
fn fared(view: &CaseView, page: &Page, actor: &CaseActor) -> Vec<Fared> {
    let mut claims: BTreeMap<&str, &str> = BTreeMap::new();
    for (claim, _, mention) in view.mentions_of(&actor.id) {
        if matches!(mention.stance, sayso::weighing::Stance::Asserts | sayso::weighing::Stance::Verifies) {
            claims.insert(&claim.id, &claim.status);
        }
    }
    let of = |status: &'static str| {
        let number = claims.values().filter(|known| **known == status).count();
        let href = page.link(&format!("?actor={}&status={status}", encode(&actor.name)));
        (number > 0).then_some(Fared { status, claims: number, href })
    };
    STATUSES.into_iter().filter_map(of).collect()
}
