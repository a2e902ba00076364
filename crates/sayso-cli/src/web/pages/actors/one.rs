//! One actor: its names and why they are one, what it belongs to, what it said, and the decisions about it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Html;
use sayso::weigh::decision::ActorKey;
use sayso::weighing::{CaseActor, Claim, Mention};
use serde::Deserialize;

use super::{Fared, fared};
use crate::actors::kind;
use crate::web::decide::actor_key;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, encode, html};
use crate::web::parts::{Chip, Counts, Stands, When};
use crate::web::place::{Places, Quoted};
use crate::web::state::CaseView;

/// Statements shown of an actor.
const SHOWN: usize = 60;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Another actor, by name or id, to merge with.
    other: String,
}

/// The actor as one report has it.
struct Part {
    report: String,
    outlet: String,
    name: String,
    forms: String,
    why: Vec<String>,
    /// The first words that name it there.
    words: Option<Quoted>,
    /// The two keys that split it off.
    split: Option<(String, String)>,
}

/// Something that it said.
struct Saying {
    href: String,
    statement: String,
    counts: Counts,
    status: Chip,
    stands: Stands,
    words: Quoted,
    when: When,
}

/// Another actor, to be merged with.
struct Other {
    name: String,
    href: String,
    about: String,
    key: String,
}

#[derive(Template)]
#[template(path = "actor.html")]
struct ActorPage {
    page: Page,
    id: String,
    name: String,
    kind: String,
    key: String,
    aliases: Vec<String>,
    above: Option<(String, String)>,
    below: Vec<(String, String)>,
    why: Vec<String>,
    parts: Vec<Part>,
    side: String,
    sides: Vec<String>,
    reliability: char,
    fared: Vec<Fared>,
    sayings: Vec<Saying>,
    left_out: usize,
    /// Every claim of which it says something.
    all_claims: String,
    asked: String,
    other: Option<Other>,
    names: Vec<String>,
}

pub(super) async fn actor(
    at: InCase,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let view = &*at.view;
    let actor = view.actor_by_id(&id).ok_or_else(|| {
        WebError::not_found(format!(
            "The case has no actor {id}. A decision may have merged it: look for its name in the list of actors."
        ))
    })?;
    html(&ActorPage::new(view, at.page(actor.name.clone(), Nav::Actors), actor, asked.other))
}

impl ActorPage {
    fn new(view: &CaseView, page: Page, actor: &CaseActor, asked: String) -> Self {
        let places = Places::new(view, &page);
        let link = |other: &CaseActor| (other.name.clone(), page.actor(&other.id));
        let all = || view.weighing.actors.iter().filter(|other| other.id != actor.id);
        let said: Vec<_> = view.mentions_of(&actor.id).collect();
        let saying = |(claim, _, mention): &(&Claim, usize, &Mention)| saying(&page, &places, claim, mention);
        Self {
            id: actor.id.clone(),
            name: actor.name.clone(),
            kind: kind(actor),
            key: actor.members.first().map(actor_key).unwrap_or_default(),
            aliases: actor.aliases.clone(),
            above: actor.belongs_to.as_ref().and_then(|id| view.actor_by_id(id)).map(link),
            below: view.below(&actor.id).filter(|other| other.id != actor.id).map(link).collect(),
            why: actor.why.clone(),
            parts: parts(view, &places, actor),
            side: actor.side.clone().unwrap_or_default(),
            sides: view.sides().iter().cloned().collect(),
            reliability: actor.reliability,
            fared: fared(view, &page, actor),
            sayings: said.iter().take(SHOWN).map(saying).collect(),
            all_claims: page.link(&format!("?actor={}", encode(&actor.name))),
            left_out: said.len().saturating_sub(SHOWN),
            other: other(view, &page, actor, &asked),
            names: all().take(500).map(|other| other.name.clone()).collect(),
            asked,
            page,
        }
    }
}

fn saying(page: &Page, places: &Places<'_>, claim: &Claim, mention: &Mention) -> Saying {
    let span = mention.spans.first().copied().unwrap_or(sayso::span::Span { start: 0, end: 0 });
    Saying {
        href: page.claim(&claim.id),
        statement: claim.statement.clone(),
        counts: Counts::of(claim),
        status: Chip::status(claim),
        stands: Stands(mention.stance),
        words: places.quoted(&mention.report, span),
        when: When::new(mention.published.as_deref()),
    }
}

/// The actor in each of its reports.
fn parts(view: &CaseView, places: &Places<'_>, actor: &CaseActor) -> Vec<Part> {
    let one = |member: &ActorKey| {
        let entry = view.entry(&member.0)?;
        let known = entry.reading.actors.iter().find(|known| known.id == member.1)?;
        let other = actor.members.iter().find(|other| other.0 != member.0);
        Some(Part {
            report: member.0.clone(),
            outlet: view.outlet(&member.0),
            name: known.name.clone(),
            forms: known.aliases.join(" · "),
            why: known.why.clone(),
            words: known.mentions.first().map(|&span| places.quoted(&member.0, span)),
            split: other.map(|other| (actor_key(member), actor_key(other))),
        })
    };
    actor.members.iter().filter_map(one).collect()
}

fn other(view: &CaseView, page: &Page, actor: &CaseActor, asked: &str) -> Option<Other> {
    let found = view.actor(asked.trim()).ok().filter(|found| found.id != actor.id)?;
    Some(Other {
        name: found.name.clone(),
        href: page.actor(&found.id),
        about: [vec![kind(found)], found.aliases.clone()].concat().join(" · "),
        key: found.members.first().map(actor_key)?,
    })
}
