//! `/c/{case}/review`: what most needs a look, question by question, from the keyboard.
//!
//! In: the suggestions of `sayso review`. Out: a page of them, each with the words side by side. Answers go to the journal without
//! the page being loaded again. May not happen: a question about what was decided.

mod card;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use crate::review::suggest::{About, Settled, Suggestion, suggestions};
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
    let settled = Settled::new(&at.view.journal);
    let all: Vec<&Suggestion> = all.iter().filter(|suggestion| !settled.has(suggestion)).collect();
    let (page, only) =
        (at.page("Review", Nav::Review), About::ALL.into_iter().find(|about| about.word() == asked.about));
    let of = |about: About| all.iter().filter(move |suggestion| suggestion.about == about);
    let wanted: Vec<&Suggestion> = only.map_or_else(|| all.clone(), |only| of(only).copied().collect());
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

/// What was last found in a case.
#[derive(Clone, Default)]
struct Known {
    /// The version of the case, and its suggestions.
    found: Option<(u64, Arc<Vec<Suggestion>>)>,
    looking: bool,
}

/// What was found in each case: finding it takes longer than a page may.
static KNOWN: LazyLock<Mutex<HashMap<String, Known>>> = LazyLock::new(Mutex::default);

fn lock() -> MutexGuard<'static, HashMap<String, Known>> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that Sayso would ask about. What was found before the last changes is shown at once, while one of those who ask looks for the next.
async fn waiting(view: &Arc<CaseView>) -> Result<Arc<Vec<Suggestion>>, WebError> {
    let look = view.clone();
    if view.as_of.is_some() {
        return Ok(spawn_blocking(move || Arc::new(suggestions(&look, None))).await?);
    }
    let known = lock().entry(view.name.clone()).or_default().clone();
    match known.found {
        Some((version, all)) if version >= view.version => Ok(all),
        Some((_, all)) => {
            let looks = lock().get_mut(&view.name).is_some_and(|known| !std::mem::replace(&mut known.looking, true));
            if looks {
                spawn_blocking(move || keep(&look));
            }
            Ok(all)
        }
        None => Ok(spawn_blocking(move || keep(&look)).await?),
    }
}

/// Looks for the suggestions of a case as it is now.
fn keep(view: &CaseView) -> Arc<Vec<Suggestion>> {
    let all = Arc::new(suggestions(view, None));
    lock().insert(view.name.clone(), Known { found: Some((view.version, all.clone())), looking: false });
    all
}
