//! `/c/{case}/export`: the case in every format of `sayso export`, each as a download.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use clap::ValueEnum;
use tokio::task::spawn_blocking;

use crate::export::{Format, bytes, of};
use crate::text::count;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::Desk;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/export", get(export)).route("/c/{case}/export/{format}", get(download))
}

/// One format.
struct Way {
    name: &'static str,
    what: &'static str,
    who: &'static str,
    href: String,
    file: String,
    first: bool,
}

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    page: Page,
    counts: String,
    ways: Vec<Way>,
}

/// Ending, media type, name, what it is, who uses it.
fn described(format: Format) -> [&'static str; 5] {
    match format {
        Format::Html => [
            "html",
            "text/html; charset=utf-8",
            "Dossier",
            "One page with every claim: who said it, in which words, what became of it.",
            "For editors and lawyers: to read, print, send or file. It needs nothing but a browser.",
        ],
        Format::Json => [
            "json",
            "application/json",
            "JSON",
            "The whole case as one object, every offset in code points.",
            "For programs, and for keeping: nothing is left out.",
        ],
        Format::Csv => {
            ["csv", "text/csv; charset=utf-8", "CSV", "A row a mention.", "For spreadsheets: sort, filter, count."]
        }
        Format::Parquet => [
            "parquet",
            "application/vnd.apache.parquet",
            "Parquet",
            "The rows of the CSV with their types.",
            "For data people: pandas, DuckDB, Spark.",
        ],
        Format::Geojson => [
            "geojson",
            "application/geo+json",
            "GeoJSON",
            "Incidents that have a place.",
            "For maps: QGIS, Leaflet, any web map.",
        ],
        Format::Jsonld => [
            "jsonld",
            "application/ld+json",
            "JSON-LD",
            "Claims and their reviews in the words of schema.org.",
            "For publishers of fact checks: ClaimReview, which search engines read.",
        ],
        Format::Annotations => [
            "annotations.jsonld",
            "application/ld+json",
            "Annotations",
            "Every mention as a W3C Web Annotation.",
            "For readers with annotation tools: Hypothesis, Recogito.",
        ],
        Format::Acled => [
            "acled.csv",
            "text/csv; charset=utf-8",
            "ACLED rows",
            "Rows shaped as ACLED's, with the original source.",
            "For conflict coders: one row an incident, who said it beside it.",
        ],
        Format::Ftm => [
            "ftm.jsonl",
            "application/x-ndjson",
            "FollowTheMoney",
            "Entities, a line each.",
            "For investigators who work in Aleph.",
        ],
        Format::Wacz => [
            "wacz",
            "application/wacz+zip",
            "WACZ",
            "A web archive of every capture, with the case, its annotations and its journal.",
            "For handing over and for keeping: ReplayWeb.page opens it, and each file has its hash.",
        ],
    }
}

/// The dossier first, then what most people use.
const ORDER: [Format; 10] = [
    Format::Html,
    Format::Csv,
    Format::Json,
    Format::Parquet,
    Format::Geojson,
    Format::Jsonld,
    Format::Annotations,
    Format::Acled,
    Format::Ftm,
    Format::Wacz,
];

fn typed(format: Format) -> String {
    format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// A file's name out of a case's: letters and digits of any script, the rest as dashes.
fn file(case: &str, ending: &str) -> String {
    let plain: String =
        case.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    format!("{}.{ending}", if plain.is_empty() { "case" } else { plain })
}

async fn export(at: InCase) -> Result<Html<String>, WebError> {
    let page = at.page("Export", Nav::Export);
    let way = |format: Format| {
        let [ending, _, name, what, who] = described(format);
        let href = page.link(&format!("export/{}", typed(format)));
        Way { name, what, who, href, file: file(&at.view.name, ending), first: format == Format::Html }
    };
    let ways = ORDER.into_iter().map(way).collect();
    let counts =
        format!("{}, {}", count(at.view.reports().len(), "report"), count(at.view.weighing.claims.len(), "claim"));
    html(&ExportPage { counts, ways, page })
}

async fn download(at: InCase, Path((_, format)): Path<(String, String)>) -> Result<Response, WebError> {
    let found = Format::from_str(&format, false)
        .map_err(|_| WebError::not_found(format!("There is no format {format}. The page Export lists all.")))?;
    let [ending, kind, ..] = described(found);
    let name = file(&at.view.name, ending);
    let out = spawn_blocking(move || bytes(found, &of(&at.view), || at.desk.open_ledger())).await??;
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, out).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_offered_once() {
        let mut offered: Vec<String> = ORDER.into_iter().map(typed).collect();
        let mut all: Vec<String> = Format::value_variants().iter().map(|format| typed(*format)).collect();
        offered.sort();
        all.sort();
        assert_eq!(offered, all);
    }

    #[test]
    fn a_file_is_named_for_its_case() {
        assert_eq!(file("raid", "csv"), "raid.csv");
        assert_eq!(file("a\"b\r\nSet-Cookie: x/../y", "csv"), "a-b--Set-Cookie--x----y.csv");
        assert_eq!(file("事件", "csv"), "case.csv");
    }
}
