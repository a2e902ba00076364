//! `/c/{case}/journal`: who decided what, when and why. Nothing leaves it; to reverse a line is a line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::RawQuery;
use axum::response::Html;
use axum::routing::get;
use sayso::weigh::conflict::conflicts;
use sayso::weigh::decision::{Decision, Entry as Line};
use sayso::weighing::MentionKey;

use super::address::Address;
use crate::log::against;
use crate::review::Names;
use crate::text::count;
use crate::time;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::{CaseView, Desk};

/// Lines a page.
const LINES: usize = 50;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/journal", get(journal))
}

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    page: Page,
    any: bool,
    found: String,
    search: String,
    by: String,
    people: Vec<String>,
    kind: String,
    kinds: Vec<&'static str>,
    lines: Vec<Shown>,
    before: Option<String>,
    after: Option<String>,
}

struct Shown {
    number: u64,
    at: String,
    when: String,
    by: String,
    what: String,
    why: String,
    /// The claim or actor it is about, as it is now.
    about: Option<(&'static str, String)>,
    /// The line that took it back.
    undone_by: Option<u64>,
    /// Lines by others who decided differently.
    against: Vec<(u64, String)>,
    undo: bool,
    /// Whether nobody can take it back.
    for_ever: bool,
}

async fn journal(at: InCase, RawQuery(query): RawQuery) -> Result<Html<String>, WebError> {
    let page = at.page("Journal", Nav::Journal);
    let address = Address::new(&page, "journal", query.as_deref());
    html(&JournalPage::new(page, &at.view, &address))
}

impl JournalPage {
    fn new(page: Page, view: &CaseView, address: &Address) -> Self {
        let names = Names::new(&view.entries);
        let (undone, conflicts) = (undone(&view.journal), conflicts(&view.journal));
        let limit = view.as_of.as_deref();
        let known: Vec<&Line> =
            view.journal.iter().rev().filter(|line| limit.is_none_or(|limit| line.at.as_str() <= limit)).collect();
        let (search, by, kind) = (address.get("q").to_lowercase(), address.get("by"), address.get("kind"));
        let fits = |line: &&&Line| {
            (by.is_empty() || line.by == by)
                && (kind.is_empty() || self::kind(&line.decision) == kind)
                && (search.is_empty() || said(&names, line).to_lowercase().contains(&search))
        };
        let found: Vec<&Line> = known.iter().filter(fits).copied().collect();
        let pages = found.len().div_ceil(LINES).max(1);
        let now = address.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
        let to_page = |n: usize| address.with("page", &if n == 1 { String::new() } else { n.to_string() });
        let shown = |line: &&Line| Shown {
            number: line.id,
            at: line.at.clone(),
            when: time::shown(&line.at),
            by: line.by.clone(),
            what: names.sentence(&line.decision),
            why: line.why.clone(),
            about: about(view, &page, &line.decision),
            undone_by: undone.get(&line.id).copied(),
            against: against(&conflicts, &view.journal, line.id).iter().map(|o| (o.id, o.by.clone())).collect(),
            undo: matches!(line.decision, Decision::Undo { .. }),
            for_ever: matches!(line.decision, Decision::Redact { .. }),
        };
        Self {
            any: !known.is_empty(),
            found: count(found.len(), "decision"),
            people: known.iter().map(|line| line.by.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
            kinds: known.iter().map(|line| self::kind(&line.decision)).collect::<BTreeSet<_>>().into_iter().collect(),
            lines: found.iter().skip((now - 1) * LINES).take(LINES).map(shown).collect(),
            before: (now > 1).then(|| to_page(now - 1)),
            after: (now < pages).then(|| to_page(now + 1)),
            search: address.get("q").to_owned(),
            by: by.to_owned(),
            kind: kind.to_owned(),
            page,
        }
    }
}

fn said(names: &Names<'_>, line: &Line) -> String {
    format!("{} {} {}", names.sentence(&line.decision), line.why, line.by)
}

/// Lines that hold no longer, with the line that says so; an undo can be undone.
fn undone(journal: &[Line]) -> BTreeMap<u64, u64> {
    let mut out = BTreeMap::new();
    for line in journal.iter().rev() {
        if let Decision::Undo { line: other } = line.decision
            && !out.contains_key(&line.id)
        {
            out.insert(other, line.id);
        }
    }
    out
}

/// What kind of decision it is, in a word or two.
fn kind(decision: &Decision) -> &'static str {
    match decision {
        Decision::Accept { .. } => "accept",
        Decision::Reject { .. } => "reject",
        Decision::Edit { .. } => "edit",
        Decision::State { .. } => "sentence",
        Decision::Merge { .. } => "merge claims",
        Decision::Split { .. } => "split claims",
        Decision::Cut { .. } => "cut",
        Decision::Join { .. } => "join",
        Decision::MergeActors { .. } => "merge actors",
        Decision::SplitActors { .. } => "split actors",
        Decision::NameActor { .. } => "name",
        Decision::SetSide { .. } => "side",
        Decision::Grade { .. } => "grade",
        Decision::Undo { .. } => "undo",
        Decision::Redact { .. } => "redact",
    }
}

/// Where to look at what a decision is about.
fn about(view: &CaseView, page: &Page, decision: &Decision) -> Option<(&'static str, String)> {
    let claim = |key: &MentionKey| {
        let (claim, ..) = view.mentions_in(&key.report).find(|(_, _, mention)| mention.key() == *key)?;
        Some(("claim", page.claim(&claim.id)))
    };
    let actor = |key: &(String, String)| {
        let actor = view.weighing.actors.iter().find(|actor| actor.members.contains(key))?;
        Some(("actor", page.actor(&actor.id)))
    };
    match decision {
        Decision::Accept { mention } | Decision::Edit { mention, .. } | Decision::State { mention, .. } => {
            claim(mention)
        }
        Decision::Reject { mention } => Some(("report", page.report(&mention.report))),
        Decision::Merge { a, .. } | Decision::Split { a, .. } | Decision::Cut { a, .. } | Decision::Join { a, .. } => {
            claim(a)
        }
        Decision::MergeActors { a, .. } | Decision::SplitActors { a, .. } => actor(a),
        Decision::NameActor { actor: a, .. }
        | Decision::SetSide { actor: a, .. }
        | Decision::Grade { actor: a, .. } => actor(a),
        Decision::Undo { .. } => None,
        Decision::Redact { report, .. } => Some(("report", page.report(report))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_that_was_undone_takes_nothing_back() {
        let line = |id, decision| Line { id, at: String::new(), by: String::new(), why: String::new(), decision };
        let key = MentionKey { report: "r".into(), start: 0 };
        let mut journal = vec![line(1, Decision::Reject { mention: key }), line(2, Decision::Undo { line: 1 })];
        assert_eq!(undone(&journal), BTreeMap::from([(1, 2)]));
        journal.push(line(3, Decision::Undo { line: 2 }));
        assert_eq!(undone(&journal), BTreeMap::from([(2, 3)]));
    }
}
