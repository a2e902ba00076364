//! `/c/{case}/reports/` and `/c/{case}/reports/{id}`: the reports of a case, and one to read: its text, who says what in it, and the
//! bytes it was cut out of.
//!
//! In: a report's id, places in its text (`at=120-180`, in code points). Out: pages. May not happen: a byte of the input taken for
//! markup, a character of the text left out.

mod list;
mod original;
mod text;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;

use crate::read::statement::Page as Statements;
use crate::time;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::Desk;
use original::Original;
use text::Block;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/reports/", get(list::reports)).route("/c/{case}/reports/{id}", get(report))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `120-180,200-210`: places that are lit.
    at: String,
    /// `off`: the marks are not shown.
    marks: String,
    /// `1`: the original beside the text.
    original: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    page: Page,
    title: String,
    language: String,
    /// Outlet, date, where it lies.
    origin: Vec<String>,
    /// What it is further known by: authors, credit line, forwarded from.
    more: Vec<(&'static str, String)>,
    summary: String,
    notices: Vec<(&'static str, String)>,
    marks: bool,
    blocks: Vec<Block>,
    original: Option<Original>,
    /// The address with the original, or without it.
    turn: String,
}

async fn report(
    at: InCase,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let original = if asked.original == "1" {
        let (case, report) = (at.view.name.clone(), id.clone());
        Some(at.desk.read(move |ledger| ledger.original(&case, &report)).await?)
    } else {
        None
    };
    let entry = at.view.entry(&id).ok_or_else(|| {
        WebError::not_found(format!("The case has no report {id}. The list of reports has all that there are."))
    })?;
    let title = entry.report.title.clone().unwrap_or_else(|| at.view.outlet(&id));
    let page = at.page(title.clone(), Nav::Reports);
    let statements = Statements { report: &entry.report, reading: &entry.reading };
    let blocks = text::blocks(&at.view, &page, statements, &asked.at);
    let own = page.report(&id);
    let joint = if own.contains('?') { '&' } else { '?' };
    html(&ReportPage {
        title,
        language: entry.report.language.clone().unwrap_or_default(),
        origin: statements.origin(),
        more: more(&entry.report),
        summary: statements.summary(),
        notices: entry.reading.notices.iter().map(|notice| (notice.code.as_str(), notice.message.clone())).collect(),
        marks: asked.marks != "off",
        blocks,
        turn: if original.is_some() { own } else { format!("{own}{joint}original=1") },
        original: original.map(|bytes| Original::new(bytes, &entry.report)),
        page,
    })
}

fn more(report: &sayso::report::Report) -> Vec<(&'static str, String)> {
    let authors = report.authors.join(", ");
    let all = [
        ("by", Some(authors).filter(|names| !names.is_empty())),
        ("credit", report.credit.clone()),
        ("forwarded from", report.forwarded_from.clone()),
        ("changed", report.modified.as_deref().map(time::shown)),
        ("URL", report.url.clone().filter(|url| *url != report.source)),
    ];
    let pictures = report.pictures.iter().map(|picture| ("picture", Some(picture.to_string())));
    all.into_iter().chain(pictures).filter_map(|(what, words)| Some((what, words?))).collect()
}
