//! What every page shares: the frame around it, and who looks at which case as of when.
//!
//! A page takes an [`InCase`] (a page of a case) or an [`Outside`] (any other), makes a template of it with a field `page`, and gives
//! that to [`html`]. Links within a case are made by [`Page`], which keeps `as_of` in them.

use std::ops::Deref;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::Html;
use sayso::weigh::conflict::conflicts;
use serde::Deserialize;

use super::assets;
use super::error::WebError;
use super::session::{Role, Visitor};
use super::state::{CaseView, Desk};
use crate::{log, time};

/// A template as a page.
pub(crate) fn html(template: &impl Template) -> Result<Html<String>, WebError> {
    Ok(Html(template.render()?))
}

/// The pages that the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nav {
    Claims,
    Reports,
    Matrix,
    Timeline,
    Actors,
    Review,
    Add,
    Export,
    Journal,
    /// None of them.
    Elsewhere,
}

/// Page, its label, its path within the case.
const NAV: [(Nav, &str, &str); 9] = [
    (Nav::Claims, "Claims", ""),
    (Nav::Reports, "Reports", "reports/"),
    (Nav::Matrix, "Matrix", "matrix"),
    (Nav::Timeline, "Timeline", "timeline"),
    (Nav::Actors, "Actors", "actors"),
    (Nav::Review, "Review", "review"),
    (Nav::Add, "Add", "add"),
    (Nav::Export, "Export", "export"),
    (Nav::Journal, "Journal", "journal"),
];

/// One link of the navigation.
pub(crate) struct NavItem {
    pub(crate) label: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// What every template gets as `page`.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) nav: Nav,
    /// The case's name, on pages of a case.
    pub(crate) case: Option<String>,
    /// As of when, RFC 3339 UTC; none for now.
    pub(crate) as_of: Option<String>,
    /// Grows with every change of the case.
    pub(crate) version: u64,
    pub(crate) user: Option<String>,
    pub(crate) role: Role,
    /// What every form sends back as the field `csrf`, or the header `x-csrf`.
    pub(crate) csrf: String,
    /// Whether there was a login.
    pub(crate) login: bool,
    /// Whether all of this is fiction.
    pub(crate) sample: bool,
    /// The page's own address: path and query.
    pub(crate) here: String,
    /// The decision just made (`?decided=N`), to be undone at once.
    pub(crate) decided: Option<u64>,
    /// The lines by others that it stands against: their numbers, and by whom.
    pub(crate) against: Vec<(u64, String)>,
    /// What is being read into the case at this moment, in words.
    pub(crate) reading: Option<String>,
}

impl Page {
    /// The address of an asset.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// A path within the case without `as_of`: for forms.
    pub(crate) fn path(&self, path: &str) -> String {
        self.case.as_ref().map_or_else(|| "/".to_owned(), |case| format!("/c/{}/{path}", encode(case)))
    }

    /// A link within the case, as of the same moment. `path` may have a query already.
    pub(crate) fn link(&self, path: &str) -> String {
        let link = self.path(path);
        let joint = if link.contains('?') { '&' } else { '?' };
        self.as_of.as_ref().map_or(link.clone(), |as_of| format!("{link}{joint}as_of={}", encode(as_of)))
    }

    /// The link to a claim.
    pub(crate) fn claim(&self, id: &str) -> String {
        self.link(&format!("claims/{}", encode(id)))
    }

    /// The link to a report.
    pub(crate) fn report(&self, id: &str) -> String {
        self.link(&format!("reports/{}", encode(id)))
    }

    /// The link to an actor.
    pub(crate) fn actor(&self, id: &str) -> String {
        self.link(&format!("actors/{}", encode(id)))
    }

    /// The navigation; those who only look get no page that changes things.
    pub(crate) fn nav(&self) -> Vec<NavItem> {
        let shown = NAV.iter().filter(|(nav, ..)| self.role.decides() || !matches!(nav, Nav::Add | Nav::Review));
        shown.map(|&(nav, label, path)| NavItem { label, href: self.link(path), current: nav == self.nav }).collect()
    }
}

/// One segment of a path, or one value of a query, so that nothing in it means anything.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' | b'~' => out.push(char::from(byte)),
            b'.' if !matches!(text, "." | "..") => out.push('.'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// What any page may have in its query.
#[derive(Debug, Default, Deserialize)]
struct Common {
    as_of: Option<String>,
    decided: Option<u64>,
}

/// A visitor on a page of a case.
pub(crate) struct InCase {
    pub(crate) desk: Arc<Desk>,
    pub(crate) visitor: Visitor,
    /// The case as of the moment that the address names.
    pub(crate) view: Arc<CaseView>,
    cases: Vec<String>,
    here: String,
    decided: Option<u64>,
}

impl InCase {
    fn against(&self, line: u64) -> Vec<(u64, String)> {
        let journal = &self.view.journal;
        log::against(&conflicts(journal), journal, line).iter().map(|other| (other.id, other.by.clone())).collect()
    }

    /// The frame of a page.
    pub(crate) fn page(&self, title: impl Into<String>, nav: Nav) -> Page {
        Page {
            title: title.into(),
            nav,
            case: Some(self.view.name.clone()),
            as_of: self.view.as_of.clone(),
            version: self.view.version,
            reading: self.desk.jobs.words(&self.view.name),
            decided: self.decided.filter(|_| self.visitor.role.decides()),
            against: self.decided.map(|line| self.against(line)).unwrap_or_default(),
            ..frame(&self.desk, &self.visitor, &self.here)
        }
    }
}

/// A visitor on a page of a case that need not be there yet.
pub(crate) struct Starting(pub(crate) InCase);

impl Deref for Starting {
    type Target = InCase;

    fn deref(&self) -> &InCase {
        &self.0
    }
}

/// A visitor on a page outside of any case.
pub(crate) struct Outside {
    pub(crate) desk: Arc<Desk>,
    pub(crate) visitor: Visitor,
    pub(crate) cases: Vec<String>,
    here: String,
}

impl Outside {
    /// The frame of a page.
    pub(crate) fn page(&self, title: impl Into<String>) -> Page {
        Page { title: title.into(), ..frame(&self.desk, &self.visitor, &self.here) }
    }
}

fn frame(desk: &Desk, visitor: &Visitor, here: &str) -> Page {
    Page {
        title: String::new(),
        nav: Nav::Elsewhere,
        case: None,
        as_of: None,
        version: 0,
        user: Some(visitor.user.clone()).filter(|user| !user.is_empty()),
        role: visitor.role,
        csrf: visitor.csrf.clone(),
        login: visitor.login,
        sample: desk.sample,
        here: here.to_owned(),
        decided: None,
        against: Vec::new(),
        reading: None,
    }
}

impl FromRequestParts<Arc<Desk>> for Visitor {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Desk>) -> Result<Self, WebError> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| WebError::internal(&"the request was not looked at"))
    }
}

impl FromRequestParts<Arc<Desk>> for Outside {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, WebError> {
        let visitor = Visitor::from_request_parts(parts, desk).await?;
        Ok(Self { visitor, cases: desk.cases().await?, here: here(parts), desk: desk.clone() })
    }
}

impl FromRequestParts<Arc<Desk>> for InCase {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, WebError> {
        let Starting(at) = Starting::from_request_parts(parts, desk).await?;
        let name = &at.view.name;
        if !at.cases.contains(name) && !desk.expects(name) {
            let start = format!("/c/{}/add", encode(name));
            return Err(WebError::not_found(format!(
                "The ledger has no case {name}. To start it, add a report at {start}."
            )));
        }
        Ok(at)
    }
}

impl FromRequestParts<Arc<Desk>> for Starting {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, WebError> {
        let visitor = Visitor::from_request_parts(parts, desk).await?;
        let Path(path) = Path::<Vec<(String, String)>>::from_request_parts(parts, desk).await?;
        let name = path.into_iter().find_map(|(name, value)| (name == "case").then_some(value)).unwrap_or_default();
        let Query(common) = Query::<Common>::from_request_parts(parts, desk).await?;
        let as_of = common.as_of.filter(|as_of| !as_of.is_empty()).map(|as_of| moment(&as_of)).transpose()?;
        let cases = desk.cases().await?;
        let view = if comes_back(parts) {
            desk.case(&name, as_of.as_deref()).await?
        } else {
            desk.case_at_once(&name, as_of.as_deref()).await?
        };
        Ok(Self(InCase { visitor, view, cases, here: here(parts), decided: common.decided, desk: desk.clone() }))
    }
}

/// Whether a browser asks for a page to show: one that is not there yet can be shown later. Files, events, forms and programs wait.
fn comes_back(parts: &Parts) -> bool {
    let path = parts.uri.path();
    let kinds = parts.headers.get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    parts.method == Method::GET
        && kinds.contains("text/html")
        && !path.starts_with("/api/")
        && !path.contains("/export/")
}

/// A moment as an address has it.
pub(crate) fn moment(text: &str) -> Result<String, WebError> {
    time::moment(text).map_err(|how| WebError::bad(format!("{text} is no moment: {how}.")))
}

/// Path and query, without what was just decided.
fn here(parts: &Parts) -> String {
    let uri = &parts.uri;
    let kept =
        uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty() && !part.starts_with("decided="));
    let kept = kept.collect::<Vec<_>>().join("&");
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{kept}", uri.path()) }
}
