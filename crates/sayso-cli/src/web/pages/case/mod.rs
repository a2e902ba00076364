//! The case: the claims that matter first, found by words, actor, place, status, outlet and time.
//!
//! In: the query. Out: a page of claims; what changed since the last look is marked. May not happen: a claim that no view reaches.

mod asked;
mod looked;
mod row;
mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sayso::weighing::Claim;

use crate::text::count;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::parts::When;
use crate::web::state::{CaseView, Desk};
use asked::{Asked, SORTS};
use looked::Looked;
use row::Row;

/// Claims on one page.
const PAGE: usize = 50;
/// Statuses in the order in which they are offered.
const STATUSES: [&str; 6] = ["contested", "corroborated", "single-origin", "verified", "refuted", "retracted"];

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/", get(case)).merge(search::routes())
}

/// A link of which one at a time is chosen.
struct Choice {
    label: String,
    href: String,
    current: bool,
}

/// Something asked for, and the address without it.
struct Active {
    words: String,
    without: String,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    page: Page,
    asked: Asked,
    /// How much there is in the case, in words.
    holds: Vec<String>,
    statuses: Vec<Choice>,
    sorts: Vec<Choice>,
    active: Vec<Active>,
    unfolds: bool,
    facets: Facets,
    rows: Vec<Row>,
    /// `1–50 of 812 claims`.
    shown: String,
    earlier: Option<String>,
    later: Option<String>,
    /// Claims that changed since the last look, and the moment of that.
    changed: usize,
    only_changed: String,
    since: When,
    empty: bool,
}

/// What the filters offer.
struct Facets {
    actors: Vec<String>,
    places: Vec<(String, bool)>,
    outlets: Vec<(String, bool)>,
}

async fn case(at: InCase, headers: HeaderMap, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let name = at.view.name.clone();
    let received = at.desk.read(move |ledger| ledger.received(&name)).await?;
    let looked = Looked::new(&headers, received, &at.view.journal);
    let cookies = looked.cookies(&at.page("", Nav::Claims).path(""));
    Ok((cookies, html(&CasePage::new(&at, asked, &looked))?).into_response())
}

impl CasePage {
    fn new(at: &InCase, asked: Asked, looked: &Looked) -> Self {
        let (view, page) = (&*at.view, at.page("Claims", Nav::Claims));
        let changed = |claim: &Claim| looked.changed(claim);
        let found = asked.claims(view, &changed);
        let wanted = |claim: &Claim| asked.status.is_empty() || asked.status == claim.status;
        let answers: Vec<_> = found.iter().copied().filter(|(_, claim)| wanted(claim)).collect();
        let pages = answers.len().div_ceil(PAGE).max(1);
        let number = asked.number().min(pages);
        let (first, last) = ((number - 1) * PAGE, (number * PAGE).min(answers.len()));
        let turn = |to: usize| asked.link(&page, "page", &to.to_string());
        let active =
            asked.active().into_iter().map(|(field, words)| Active { words, without: asked.link(&page, field, "") });
        Self {
            holds: holds(view),
            statuses: statuses(&asked, &page, &found),
            sorts: sorts(&asked, &page),
            active: active.collect(),
            unfolds: asked.unfolds(),
            facets: Facets::new(view, &asked),
            rows: answers[first..last]
                .iter()
                .map(|&(k, claim)| Row::new(view, &page, k, claim, changed(claim)))
                .collect(),
            shown: shown(first, last, answers.len()),
            earlier: (number > 1).then(|| turn(number - 1)),
            later: (number < pages).then(|| turn(number + 1)),
            changed: view.weighing.claims().filter(|claim| changed(claim)).count(),
            only_changed: Asked::default().link(&page, "changed", "1"),
            since: When(looked.since.clone()),
            empty: view.entries.is_empty(),
            asked,
            page,
        }
    }
}

/// `14 reports`, `12 outlets`, …
fn holds(view: &CaseView) -> Vec<String> {
    let reports = view.reports();
    let outlets: BTreeSet<String> = reports.iter().map(|entry| view.outlet(&entry.report.id)).collect();
    vec![
        count(view.weighing.claims.len(), "claim"),
        count(reports.len(), "report"),
        count(outlets.len(), "outlet"),
        count(view.weighing.actors.len(), "actor"),
        count(view.weighing.incidents.len(), "incident"),
    ]
}

fn shown(first: usize, last: usize, of: usize) -> String {
    match of {
        0 => "No claims".to_owned(),
        of if last - first == of => count(of, "claim"),
        of => format!("{}–{last} of {}", first + 1, count(of, "claim")),
    }
}

fn statuses(asked: &Asked, page: &Page, found: &[(usize, &Claim)]) -> Vec<Choice> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    found.iter().for_each(|(_, claim)| *counted.entry(claim.status.as_str()).or_default() += 1);
    let choice = |status: &str, label: String| Choice {
        label,
        href: asked.link(page, "status", status),
        current: asked.status == status,
    };
    let mut out = vec![choice("", format!("all {}", found.len()))];
    let known = STATUSES.into_iter().filter(|status| counted.contains_key(status) || asked.status == *status);
    out.extend(known.map(|status| choice(status, format!("{status} {}", counted.get(status).unwrap_or(&0)))));
    out
}

fn sorts(asked: &Asked, page: &Page) -> Vec<Choice> {
    let current = SORTS.iter().find(|(name, _)| *name == asked.sort).unwrap_or(&SORTS[0]);
    let choice = |sort: &(&str, &str)| Choice {
        label: sort.1.to_owned(),
        href: asked.link(page, "sort", sort.0),
        current: sort == current,
    };
    SORTS.iter().map(choice).collect()
}

impl Facets {
    /// Actors that are offered.
    const ACTORS: usize = 200;

    fn new(view: &CaseView, asked: &Asked) -> Self {
        let places: BTreeSet<&str> = view.weighing.incidents.iter().filter_map(|i| i.place.as_deref()).collect();
        let outlets: BTreeSet<String> = view.reports().iter().map(|entry| view.outlet(&entry.report.id)).collect();
        Self {
            actors: view.speakers(Self::ACTORS).into_iter().map(str::to_owned).collect(),
            places: places.into_iter().map(|place| (place.to_owned(), place == asked.place)).collect(),
            outlets: outlets.into_iter().map(|outlet| (outlet.clone(), outlet == asked.outlet)).collect(),
        }
    }
}
