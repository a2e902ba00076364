//! The reports of a case, newest first.

use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use sayso::reading::Kind;
use sayso::weigh::Entry;
use serde::Deserialize;

use crate::text::count;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, encode, html};
use crate::web::parts::When;
use crate::web::state::CaseView;

/// Reports on one page.
const PAGE: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    outlet: String,
    page: String,
}

struct Row {
    href: String,
    title: String,
    outlet: String,
    when: When,
    statements: usize,
    own: usize,
    claims: usize,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage {
    page: Page,
    found: String,
    outlet: String,
    outlets: Vec<(String, bool)>,
    rows: Vec<Row>,
    earlier: Option<String>,
    later: Option<String>,
}

pub(super) async fn reports(at: InCase, Query(asked): Query<Asked>) -> Result<Html<String>, WebError> {
    let view = &*at.view;
    let page = at.page("Reports", Nav::Reports);
    let mut reports = view.reports();
    let mut outlets: Vec<String> = reports.iter().map(|entry| view.outlet(&entry.report.id)).collect();
    outlets.sort();
    outlets.dedup();
    reports.retain(|entry| asked.outlet.is_empty() || view.outlet(&entry.report.id) == asked.outlet);
    let pages = reports.len().div_ceil(PAGE).max(1);
    let number = asked.page.parse().ok().filter(|n| (1..=pages).contains(n)).unwrap_or(1);
    let turn = |to: usize| {
        let outlet = if asked.outlet.is_empty() { String::new() } else { format!("&outlet={}", encode(&asked.outlet)) };
        page.link(&format!("reports/?page={to}{outlet}"))
    };
    html(&ReportsPage {
        found: count(reports.len(), "report"),
        outlets: outlets.into_iter().map(|outlet| (outlet.clone(), outlet == asked.outlet)).collect(),
        rows: reports.iter().skip((number - 1) * PAGE).take(PAGE).map(|entry| row(view, &page, entry)).collect(),
        earlier: (number > 1).then(|| turn(number - 1)),
        later: (number < pages).then(|| turn(number + 1)),
        outlet: asked.outlet,
        page,
    })
}

fn row(view: &CaseView, page: &Page, entry: &Entry) -> Row {
    let report = &entry.report;
    let own = entry.reading.attributions.iter().filter(|statement| statement.kind == Kind::Voice).count();
    let mut claims: Vec<&str> = view.mentions_in(&report.id).map(|(claim, ..)| claim.id.as_str()).collect();
    claims.sort_unstable();
    claims.dedup();
    Row {
        href: page.report(&report.id),
        title: report.title.clone().unwrap_or_else(|| report.source.clone()),
        outlet: view.outlet(&report.id),
        when: When(report.published.clone()),
        statements: entry.reading.attributions.len() - own,
        own,
        claims: claims.len(),
    }
}
