//! `/c/{case}/review`: what most needs a look, question by question, from the keyboard.
//!
//! In: the suggestions of `sayso review`. Out: a page of them, each with the words side by side. Answers go to the journal without
//! the page being loaded again. May not happen: a question about what was decided.

mod card;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use crate::review::suggest::{About, Suggestion, leave_open, suggestions};
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::{CaseView, Desk};
use card::Card;

/// Questions on one page.
const PAGE: usize = 50;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/review", get(review))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    about: String,
    page: String,
}

/// A kind of question, and how many there are.
struct Kind {
    label: String,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    page: Page,
    waiting: usize,
    kinds: Vec<Kind>,
    cards: Vec<Card>,
    earlier: Option<String>,
    later: Option<String>,
}

async fn review(at: InCase, Query(asked): Query<Asked>) -> Result<Html<String>, WebError> {
    let all = waiting(&at.view).await?;
    let (page, only) =
        (at.page("Review", Nav::Review), About::ALL.into_iter().find(|about| about.word() == asked.about));
    let of = |about: About| all.iter().filter(move |suggestion| suggestion.about == about);
    let wanted: Vec<&Suggestion> =
        all.iter().filter(|suggestion| only.is_none_or(|only| only == suggestion.about)).collect();
    let pages = wanted.len().div_ceil(PAGE).max(1);
    let number = asked.page.parse().ok().filter(|n| (1..=pages).contains(n)).unwrap_or(1);
    let link = |about: Option<About>, number: usize| {
        let about = about.map(|about| format!("about={}&", about.word())).unwrap_or_default();
        page.link(&format!("review?{about}page={number}"))
    };
    let mut kinds = vec![Kind { label: format!("all {}", all.len()), href: link(None, 1), current: only.is_none() }];
    kinds.extend(About::ALL.into_iter().map(|about| Kind {
        label: format!("{} {}", about.word(), of(about).count()),
        href: link(Some(about), 1),
        current: only == Some(about),
    }));
    let shown = wanted.iter().skip((number - 1) * PAGE).take(PAGE);
    html(&ReviewPage {
        waiting: wanted.len(),
        kinds,
        cards: shown.filter_map(|suggestion| Card::new(&at.view, &page, suggestion)).collect(),
        earlier: (number > 1).then(|| link(only, number - 1)),
        later: (number < pages).then(|| link(only, number + 1)),
        page,
    })
}

/// The suggestions of each case with the version that they were found in: finding them takes longer than a page may.
type Known = HashMap<String, (u64, Arc<Vec<Suggestion>>)>;
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// Everything that waits for a decision. Those found before the last changes are shown at once, without what was decided since, while
/// the next are looked for.
async fn waiting(view: &Arc<CaseView>) -> Result<Arc<Vec<Suggestion>>, WebError> {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(&view.name).cloned();
    let known = known.filter(|_| view.as_of.is_none());
    let later = view.clone();
    match known {
        Some((version, all)) if version == view.version => Ok(all),
        Some((_, all)) => {
            spawn_blocking(move || found(&later));
            let mut all = all.to_vec();
            leave_open(&mut all, &view.journal);
            Ok(Arc::new(all))
        }
        None => Ok(spawn_blocking(move || found(&later)).await?),
    }
}

fn found(view: &CaseView) -> Arc<Vec<Suggestion>> {
    let all = Arc::new(suggestions(view, None));
    if view.as_of.is_none() {
        KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(view.name.clone(), (view.version, all.clone()));
    }
    all
}
