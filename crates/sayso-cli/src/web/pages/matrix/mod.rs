//! The matrix: `/c/{case}/matrix`. Who asserts, denies, doubts, verifies, or is silent.
//!
//! In: which claims, which origins are opened, whether names are hidden, which cell is looked at: all of it in the address. Out: a table,
//! and the exact words of one cell. May not happen: a table that grows with the case; a name of an outlet while names are hidden.

mod grid;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Html;
use axum::routing::get;
use sayso::span::CodePoints;
use sayso::weighing::{Claim, Mention};

use super::address::Address;
use crate::claims::origins;
use crate::show::stance;
use crate::text::count;
use crate::time;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, encode, html};
use crate::web::state::{CaseView, Desk};
use grid::{Column, Grid, Part, sign};

/// Claims a page.
const ROWS: usize = 25;
/// Origins a page; an opened one shows at most as many outlets.
const COLUMNS: usize = 8;
/// Mentions that one cell shows.
const WORDS: usize = 30;
/// Characters that are looked for.
const LONGEST: usize = 200;

pub(crate) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/matrix", get(matrix))
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct MatrixPage {
    page: Page,
    /// Whether the case has claims at all.
    any: bool,
    search: String,
    status: String,
    statuses: Vec<String>,
    hidden: bool,
    switch: String,
    /// What the form keeps beside its own fields.
    kept: Vec<(String, String)>,
    groups: Vec<Group>,
    opened: bool,
    rows: Vec<Row>,
    more_rows: Pager,
    more_columns: Pager,
    words: Option<Words>,
}

/// The head of an origin's column or columns.
struct Group {
    name: String,
    outlets: String,
    /// Opens or closes it.
    href: String,
    open: bool,
    parts: Vec<String>,
}

struct Row {
    number: usize,
    claim: String,
    statement: String,
    status: String,
    counts: String,
    cells: Vec<Shown>,
}

/// A cell; without a link when silent.
struct Shown {
    parts: Vec<Part>,
    href: Option<String>,
    at: bool,
    who: String,
}

/// A way to the next ones and back.
#[derive(Default)]
struct Pager {
    words: String,
    before: Option<String>,
    after: Option<String>,
}

/// The words of one cell.
struct Words {
    claim: String,
    statement: String,
    who: String,
    close: String,
    mentions: Vec<Said>,
    left_out: usize,
}

struct Said {
    speaker: String,
    stance: &'static str,
    sign: &'static str,
    text: String,
    hedges: Vec<String>,
    chain: String,
    outlet: String,
    when: String,
    href: String,
}

/// What the outlets of a case are called: their names, or numbers.
struct Names {
    hidden: bool,
    all: Vec<String>,
}

impl Names {
    fn new(view: &CaseView, hidden: bool) -> Self {
        let mut all: Vec<String> =
            view.entries.iter().map(|e| e.report.outlet.clone().unwrap_or_else(|| e.report.source.clone())).collect();
        all.sort();
        all.dedup();
        Self { hidden, all }
    }

    fn outlet(&self, name: &str) -> String {
        let number = || self.all.binary_search_by(|known| known.as_str().cmp(name)).map_or(0, |k| k + 1);
        if self.hidden { format!("Outlet {}", number()) } else { name.to_owned() }
    }

    /// A name that may be an outlet's.
    fn any(&self, name: &str) -> String {
        if self.all.binary_search_by(|known| known.as_str().cmp(name)).is_ok() {
            self.outlet(name)
        } else {
            name.to_owned()
        }
    }
}

async fn matrix(at: InCase, RawQuery(query): RawQuery) -> Result<Html<String>, WebError> {
    let page = at.page("Matrix", Nav::Matrix);
    let address = Address::new(&page, "matrix", query.as_deref());
    let made = MatrixPage::new(page, &at.view, &address);
    html(&made)
}

impl MatrixPage {
    fn new(page: Page, view: &CaseView, address: &Address) -> Self {
        let search: String = address.get("q").chars().take(LONGEST).collect();
        let status = address.get("status").to_owned();
        let found = matching(view, &search, &status, address.get("claim"));
        let hidden = address.get("names") == "hidden";
        let names = Names::new(view, hidden);
        let (first, rows_pager) = pager(address, "page", found.len(), ROWS, "claims");
        let grid = Grid::new(view, found.iter().copied().skip(first).take(ROWS).collect());
        let (left, columns_pager) = pager(address, "origins", grid.columns.len(), COLUMNS, "origins");
        let columns: Vec<&Column> = grid.columns.iter().skip(left).take(COLUMNS).collect();
        let open = address.get("open");
        let rows =
            (0..grid.claims.len()).map(|row| shown(view, &grid, row, &columns, open, &names, address, &page)).collect();
        let mut statuses: Vec<String> = view.weighing.claims().map(|claim| claim.status.clone()).collect();
        statuses.sort();
        statuses.dedup();
        Self {
            any: !view.weighing.claims.is_empty(),
            switch: address.with("names", if hidden { "" } else { "hidden" }),
            kept: address.others(&["q", "status", "page", "cell", "claim"]),
            opened: columns.iter().any(|column| column.key == open),
            groups: columns.iter().map(|column| group(column, open, &names, address)).collect(),
            words: words(view, &grid, address, &names, &page),
            rows,
            more_rows: rows_pager,
            more_columns: columns_pager,
            page,
            search,
            status,
            statuses,
            hidden,
        }
    }
}

/// The claims that the filters leave, in the order of the case.
fn matching<'v>(view: &'v CaseView, search: &str, status: &str, claim: &str) -> Vec<&'v Claim> {
    let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |found: &&Claim| {
        let text = || found.statement.to_lowercase();
        (claim.is_empty() || found.id == claim)
            && (status.is_empty() || found.status == status)
            && (words.is_empty() || words.iter().all(|word| text().contains(word)))
    };
    view.weighing.claims().filter(fits).collect()
}

/// Where a page begins, and the ways to its neighbours.
fn pager(address: &Address, name: &str, all: usize, size: usize, things: &str) -> (usize, Pager) {
    let last = all.div_ceil(size).max(1);
    let now = address.get(name).parse::<usize>().unwrap_or(1).clamp(1, last);
    let first = (now - 1) * size;
    let to = |number: usize| if number == 1 { address.with(name, "") } else { address.with(name, &number.to_string()) };
    let words = format!("{things} {}–{} of {all}", first + 1, (first + size).min(all));
    let (before, after) = ((now > 1).then(|| to(now - 1)), (now < last).then(|| to(now + 1)));
    (first, Pager { words, before, after })
}

fn group(column: &Column, open: &str, names: &Names, address: &Address) -> Group {
    let is_open = column.key == open;
    Group {
        name: if column.outlet { names.any(&column.name) } else { column.name.clone() },
        outlets: count(column.outlets.len(), "outlet"),
        href: address.with("open", if is_open { "" } else { &column.key }),
        open: is_open,
        parts: if is_open {
            column.outlets.iter().take(COLUMNS).map(|name| names.outlet(name)).collect()
        } else {
            Vec::new()
        },
    }
}

#[expect(clippy::too_many_arguments, reason = "a row is made of the whole view")]
fn shown(
    view: &CaseView,
    grid: &Grid<'_>,
    row: usize,
    columns: &[&Column],
    open: &str,
    names: &Names,
    address: &Address,
    page: &Page,
) -> Row {
    let claim = grid.claims[row];
    let number = view.claim_by_id(&claim.id).map_or(0, |(number, _)| number);
    let mut cells = Vec::new();
    for column in columns {
        let outlets =
            if column.key == open { column.outlets.iter().take(COLUMNS).map(Some).collect() } else { vec![None] };
        for outlet in outlets {
            let who = outlet.map_or_else(|| names.any(&column.name), |outlet| names.outlet(outlet));
            let cell = grid.cell(view, row, &column.key, outlet.map(String::as_str));
            let key = Address::pair(&claim.id, &column.key, outlet.map_or("", |outlet| outlet));
            cells.push(Shown {
                at: cell.is_some() && address.get("cell") == key,
                href: cell.is_some().then(|| address.with("cell", &key)),
                parts: cell.map_or_else(Vec::new, |cell| cell.parts),
                who,
            });
        }
    }
    Row {
        number,
        claim: page.claim(&claim.id),
        statement: claim.statement.clone(),
        status: claim.status.clone(),
        counts: format!("{} · {}", count(claim.outlets, "outlet"), origins(claim)),
        cells,
    }
}

/// The exact words of the cell that the address names.
fn words(view: &CaseView, grid: &Grid<'_>, address: &Address, names: &Names, page: &Page) -> Option<Words> {
    let (id, key, outlet) = Address::unpaired(address.get("cell"))?;
    let row = grid.claims.iter().position(|claim| claim.id == id)?;
    let claim = grid.claims[row];
    let column = grid.columns.iter().find(|column| column.key == key)?;
    let cell = grid.cell(view, row, &key, Some(outlet.as_str()).filter(|outlet| !outlet.is_empty()))?;
    let said = |mention: &Mention| Said {
        speaker: mention.speaker.as_deref().map_or_else(|| "Not said who".to_owned(), |name| names.any(name)),
        stance: stance(mention.stance),
        sign: sign(mention.stance),
        text: mention.text.clone(),
        hedges: mention.hedges.clone(),
        chain: mention.chain.iter().map(|name| names.any(name)).collect::<Vec<_>>().join(" ← "),
        outlet: names.outlet(&view.outlet(&mention.report)),
        when: mention.published.as_deref().map_or_else(|| "no date".to_owned(), time::shown),
        href: at_characters(view, page, mention),
    };
    Some(Words {
        claim: page.claim(&claim.id),
        statement: claim.statement.clone(),
        who: names.any(&column.name),
        close: address.with("cell", ""),
        mentions: cell.mentions.iter().take(WORDS).filter_map(|&k| claim.mentions.get(k)).map(said).collect(),
        left_out: cell.mentions.len().saturating_sub(WORDS),
    })
}

/// The link to the exact characters of a mention in its report.
fn at_characters(view: &CaseView, page: &Page, mention: &Mention) -> String {
    let Some(entry) = view.entry(&mention.report) else { return page.report(&mention.report) };
    let points = CodePoints::new(&entry.report.text);
    let places: Vec<String> =
        mention.spans.iter().map(|span| points.span(*span)).map(|s| format!("{}-{}", s.start, s.end)).collect();
    let first = places.first().map_or(String::new(), |place| format!("#s{place}"));
    page.link(&format!("reports/{}?at={}", encode(&mention.report), places.join(","))) + &first
}
