//! A small case and a page's frame, for tests.

use std::sync::Arc;

use sayso::weigh::Entry;
use sayso_ledger::Stamp;

use super::layout::{Nav, Page};
use super::session::Role;
use super::state::CaseView;
use crate::ledger::Case;
use crate::read::fixture::{reading, report};

/// A case of two reports with the same words, by two outlets.
pub(crate) fn view() -> CaseView {
    let mut later = report();
    (later.id, later.outlet, later.published) =
        ("later".into(), Some("Havn Post".into()), Some("2025-03-05T10:00:00Z".into()));
    let entries = [report(), later].map(|report| Entry { report, reading: reading() });
    CaseView::new(Case::weigh("sea", None, Arc::new(entries.to_vec()), Vec::new()), Stamp::default())
}

/// The frame of a page of that case.
pub(crate) fn page() -> Page {
    Page {
        title: "Claims".into(),
        nav: Nav::Claims,
        case: Some("sea".into()),
        as_of: None,
        version: 1,
        user: None,
        role: Role::Owner,
        csrf: "token".into(),
        login: false,
        sample: false,
        here: "/c/sea/".into(),
        decided: None,
        against: Vec::new(),
        reading: None,
    }
}
