//! `/c/{case}/review`: what most needs a look, question by question, from the keyboard.
//!
//! In: the suggestions of `sayso review`. Out: a page of them, each with the words side by side. Answers go to the journal without
//! the page being loaded again. May not happen: a question about what was decided.

mod card;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use crate::review::suggest::{About, Question};
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::state::Desk;
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
    let view = at.view.clone();
    spawn_blocking(move || view.questions().len()).await?;
    let all = at.view.questions();
    let (page, only) =
        (at.page("Review", Nav::Review), About::ALL.into_iter().find(|about| about.word() == asked.about));
    let of = |about: About| all.iter().filter(move |question| question.about() == about);
    let wanted: Vec<&Question> = only.map_or_else(|| all.iter().collect(), |only| of(only).collect());
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
        cards: shown.filter_map(|question| Card::new(&at.view, &page, &question.suggestion(&at.view))).collect(),
        earlier: (number > 1).then(|| link(only, number - 1)),
        later: (number < pages).then(|| link(only, number + 1)),
        page,
    })
}
