//! `/c/{case}/claims/{id}`: one claim: who says it through whom, in which words, who checked it, and how its standing changed.
//!
//! In: a claim's id. Out: a page on which each of its parts leads to the characters it rests on, and can be corrected.

mod aside;
mod cite;
mod other;
mod scene;
mod shown;
mod tree;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Html;
use axum::routing::get;
use sayso::weigh::conflict::conflicts;
use sayso::weigh::decision::{Decision, in_force};
use sayso::weigh::names::key;
use sayso::weighing::{Claim, MentionKey};

use crate::review::Names;
use crate::web::decide::mention_key;
use crate::web::error::WebError;
use crate::web::layout::{InCase, Nav, Page, html};
use crate::web::parts::{Chip, Counts, When};
use crate::web::place::{Places, Quoted};
use crate::web::state::{CaseView, Desk};
use aside::{Checked, Dated, Figures, Rival};
use other::Other;
use scene::Set;
use shown::{Asked, Part, Rest, Shown};
use tree::{Branch, Edge, Grower};
use words::{Said, speaks_for};

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new().route("/c/{case}/claims/{id}", get(claim))
}

/// Why two mentions do not count as two.
struct Tie {
    edge: Edge,
    /// Where the words of its two mentions stand.
    ends: (String, String),
    words: Option<Quoted>,
}

/// What is said for, or against.
struct Side {
    said: Vec<Said>,
    of: usize,
    rest: Option<Rest>,
}

/// A dependence that somebody cut.
struct Severed {
    line: u64,
    by: String,
    when: When,
    ends: (usize, usize),
}

/// What somebody decided.
struct Decided {
    line: u64,
    by: String,
    what: String,
}

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage<'a> {
    page: &'a Page,
    number: usize,
    id: String,
    statement: String,
    /// The mention by which decisions name the claim.
    key: String,
    counts: Counts,
    status: Chip,
    standing: Vec<Chip>,
    credibility: u8,
    circle: String,
    branches: Vec<Branch<'a>>,
    ties: Vec<Tie>,
    severed: Vec<Severed>,
    disagreements: Vec<(Decided, Decided)>,
    pro: Side,
    con: Side,
    /// The rest of the tree, and of the ties.
    rests: (Option<Rest>, Option<Rest>),
    checks: Vec<Checked>,
    figures: Option<Figures>,
    scene: Vec<(&'static str, Vec<Set>)>,
    rivals: Vec<Rival>,
    history: Vec<Dated>,
    others: Vec<Other>,
    asked: String,
    speakers: Vec<String>,
    incident: Option<String>,
}

async fn claim(
    at: InCase,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let known = at.view.claim_by_id(&id).or_else(|| at.view.claim(&id).ok());
    let (number, claim) = known.ok_or_else(|| gone(&id))?;
    let page = at.page(title(&claim.statement), Nav::Claims);
    html(&ClaimPage::new(&at.view, &page, number, claim, asked))
}

fn gone(id: &str) -> WebError {
    WebError::not_found(format!(
        "The case has no claim {id}. A decision may have merged it with another, or a report may have changed: look for its words in the list of claims."
    ))
}

/// A sentence short enough for a window's title.
fn title(statement: &str) -> String {
    const SHOWN: usize = 60;
    match statement.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", statement[..at].trim_end()),
        None => statement.to_owned(),
    }
}

impl<'a> ClaimPage<'a> {
    fn new(view: &'a CaseView, page: &'a Page, number: usize, claim: &'a Claim, asked: Asked) -> Self {
        let places = Places::new(view, page);
        let shown = Shown::new(page, claim, asked.clone());
        let grower = Grower::new(view, page, &places, claim, &shown);
        let (branches, in_tree) = grower.branches();
        let side = |pro: bool, part: Part| {
            let all: Vec<usize> =
                (0..claim.mentions.len()).filter(|&k| speaks_for(&claim.mentions[k]) == pro).collect();
            let said = words::said(view, page, &places, claim, &all[..shown.most(part).min(all.len())]);
            Side { rest: shown.rest(part, all.len(), said.len()), of: all.len(), said }
        };
        let tie = |edge: &sayso::weighing::Dependence| Tie {
            edge: grower.edge(edge),
            ends: (shown.words(edge.from + 1), shown.words(edge.to + 1)),
            words: edge.span.as_ref().map(|(report, span)| places.quoted(report, *span)),
        };
        let incident = claim.incident.as_deref().and_then(|id| view.incident_by_id(id));
        Self {
            page,
            number,
            id: claim.id.clone(),
            statement: claim.statement.clone(),
            key: claim.mentions.first().map(mention_key).unwrap_or_default(),
            counts: Counts::of(claim),
            status: Chip::status(claim),
            standing: Chip::standing(claim),
            credibility: claim.credibility,
            circle: circle(view, claim),
            ties: claim.dependences.iter().take(shown.most(Part::Ties)).map(tie).collect(),
            rests: (
                shown.rest(Part::Tree, claim.mentions.len(), in_tree),
                shown.rest(Part::Ties, claim.dependences.len(), shown.most(Part::Ties)),
            ),
            severed: severed(view, claim),
            disagreements: disagreements(view, claim),
            pro: side(true, Part::For),
            con: side(false, Part::Against),
            checks: aside::checks(&places, claim),
            figures: aside::figures(view, &places, claim),
            scene: scene::scene(view, &places, claim),
            rivals: aside::rivals(view, page, &places, claim),
            history: aside::history(view, page, claim),
            others: other::others(view, page, claim, &asked.other),
            branches,
            asked: asked.other,
            speakers: view.speakers(200).into_iter().map(str::to_owned).collect(),
            incident: incident.map(|i| {
                [Some(i.what.clone()), i.place.clone(), i.date.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ")
            }),
        }
    }

    /// `one origin`, `3 origins`.
    fn so_few(&self) -> String {
        match (self.counts.least, self.counts.most) {
            (1, 1) => "one origin".to_owned(),
            _ => format!("{} origins", self.counts.origins()),
        }
    }
}

/// The loop of citation in the outlets' own names: the weighing names them by their keys.
fn circle(view: &CaseView, claim: &Claim) -> String {
    let outlets: Vec<String> = claim.mentions.iter().map(|mention| view.outlet(&mention.report)).collect();
    let own = |known: &String| outlets.iter().find(|outlet| key(outlet) == *known).unwrap_or(known).clone();
    claim.circle.iter().map(own).collect::<Vec<_>>().join(" → ")
}

/// The cuts in force between mentions of a claim.
fn severed(view: &CaseView, claim: &Claim) -> Vec<Severed> {
    let number = |key: &MentionKey| claim.mentions.iter().position(|mention| mention.key() == *key).map(|k| k + 1);
    let lines = in_force(view.journal.iter());
    let cut = |line: &&sayso::weigh::decision::Entry| {
        let Decision::Cut { a, b } = &line.decision else { return None };
        Some(Severed {
            line: line.id,
            by: line.by.clone(),
            when: When(Some(line.at.clone())),
            ends: (number(a)?, number(b)?),
        })
    };
    lines.iter().filter_map(cut).collect()
}

/// What two people decided differently about the claim's mentions; the later of each two holds.
fn disagreements(view: &CaseView, claim: &Claim) -> Vec<(Decided, Decided)> {
    let all = conflicts(&view.journal);
    if all.is_empty() {
        return Vec::new();
    }
    let names = Names::new(&view.entries);
    let line = |number: u64| {
        let line = view.journal.iter().find(|line| line.id == number)?;
        line.decision
            .mentions()
            .iter()
            .any(|key| claim.mentions.iter().any(|mention| mention.key() == **key))
            .then(|| Decided { line: line.id, by: line.by.clone(), what: names.sentence(&line.decision) })
    };
    all.iter().filter_map(|conflict| Some((line(conflict.earlier)?, line(conflict.later)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_short() {
        assert_eq!(title("Short."), "Short.");
        assert_eq!(title(&"ö".repeat(80)).chars().count(), 61);
    }
}
