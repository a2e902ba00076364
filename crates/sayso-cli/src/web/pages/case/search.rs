//! Search over all of a case: claims, actors, reports.
//!
//! In: words. Out: what has all of them, a few of each kind. May not happen: words of a report taken for markup.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;

use super::asked::Asked;
use super::row::Row;
use crate::text::count;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::parts::When;
use crate::web::state::Desk;

/// Shown of each kind.
const SHOWN: usize = 15;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/search", get(search))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    q: String,
}

/// A report or an actor that was found.
struct Found {
    href: String,
    name: String,
    about: String,
    when: Option<When>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    page: Page,
    q: String,
    claims: Vec<Row>,
    claims_found: String,
    /// The same words as a filter of the claims.
    all: String,
    actors: Vec<Found>,
    actors_found: String,
    reports: Vec<Found>,
    reports_found: String,
}

async fn search(at: InCase, Query(Words { q }): Query<Words>) -> Result<Html<String>, WebError> {
    let (name, words) = (at.view.name.clone(), q.clone());
    let nothing = q.trim().is_empty();
    let reports = if nothing { Vec::new() } else { at.desk.read(move |ledger| ledger.search(&name, &words)).await? };
    html(&SearchPage::new(&at, q, &reports))
}

impl SearchPage {
    fn new(at: &InCase, q: String, ids: &[String]) -> Self {
        let (view, page) = (&*at.view, at.page("Search", Nav::Elsewhere));
        let asked = Asked { q: q.clone(), ..Asked::default() };
        let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
        let claims = if words.is_empty() { Vec::new() } else { asked.claims(view, &|_| true) };
        let bears = |form: &String| words.iter().all(|word| form.to_lowercase().contains(word));
        let mut actors = view.actors();
        actors.retain(|(_, actor)| !words.is_empty() && (bears(&actor.name) || actor.aliases.iter().any(bears)));
        let actor = |(said, actor): &(usize, &sayso::weighing::CaseActor)| Found {
            href: page.actor(&actor.id),
            name: actor.name.clone(),
            about: format!("{} · {}", crate::actors::kind(actor), count(*said, "mention")),
            when: None,
        };
        let known = view.reports();
        let reports: Vec<_> = ids.iter().filter_map(|id| known.iter().find(|entry| entry.report.id == *id)).collect();
        let report = |entry: &&&sayso::weigh::Entry| Found {
            href: page.report(&entry.report.id),
            name: entry.report.title.clone().unwrap_or_else(|| entry.report.source.clone()),
            about: view.outlet(&entry.report.id),
            when: Some(When(entry.report.published.clone())),
        };
        Self {
            claims: claims.iter().take(SHOWN).map(|&(k, claim)| Row::new(view, &page, k, claim, false)).collect(),
            claims_found: count(claims.len(), "claim"),
            all: asked.link(&page, "", ""),
            actors: actors.iter().take(SHOWN).map(actor).collect(),
            actors_found: count(actors.len(), "actor"),
            reports: reports.iter().take(SHOWN).map(report).collect(),
            reports_found: count(reports.len(), "report"),
            q,
            page,
        }
    }
}
