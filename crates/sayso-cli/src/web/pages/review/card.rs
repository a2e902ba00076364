//! One question with what it is about: one column, or two to compare.

use sayso::span::Span;
use sayso::weigh::decision::{ActorKey, Decision};
use sayso::weighing::{Claim, Mention, MentionKey};

use crate::review::suggest::{About, Suggestion};
use crate::web::layout::Page;
use crate::web::parts::{Counts, Stands, When};
use crate::web::place::{Part, Places};
use crate::web::state::CaseView;

/// Reasons shown of a question.
const REASONS: usize = 3;

/// A question to answer.
pub(super) struct Card {
    pub(super) about: &'static str,
    pub(super) question: String,
    pub(super) sides: Vec<Side>,
    /// Why it is asked.
    pub(super) because: Vec<String>,
    pub(super) yes: String,
    pub(super) no: String,
    /// Both answers, for many questions at once.
    pub(super) both: String,
    /// The words on the buttons.
    pub(super) labels: (&'static str, &'static str),
}

/// What one column shows.
pub(super) struct Side {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) stands: Option<Stands>,
    pub(super) outlet: String,
    pub(super) when: When,
    pub(super) parts: Vec<Part>,
    pub(super) claim: Option<(String, String, Counts)>,
    /// Other names of an actor.
    pub(super) forms: String,
}

impl Card {
    /// None when what it asks about is no longer there.
    pub(super) fn new(view: &CaseView, page: &Page, suggestion: &Suggestion) -> Option<Self> {
        let places = Places::new(view, page);
        let mention = |key: &MentionKey| mention(view, page, &places, key);
        let actor = |key: &ActorKey| actor(view, page, &places, key);
        let sides = match &suggestion.yes {
            Decision::Accept { mention: key } => vec![mention(key)],
            Decision::Merge { a, b } | Decision::Join { a, b } => vec![mention(a), mention(b)],
            Decision::MergeActors { a, b } => vec![actor(a), actor(b)],
            _ => Vec::new(),
        };
        // What the columns show is not told again.
        let shown = |about| match about {
            About::Actors => 0,
            About::Mentions | About::Contradictions => 1,
            About::Claims | About::Origins => 2,
        };
        let sides = sides.into_iter().collect::<Option<Vec<Side>>>()?;
        Some(Self {
            about: suggestion.about.word(),
            question: suggestion.question.clone(),
            sides,
            because: suggestion.because.iter().skip(shown(suggestion.about)).take(REASONS).cloned().collect(),
            both: serde_json::to_string(&[&suggestion.yes, &suggestion.no]).unwrap_or_default(),
            yes: json(&suggestion.yes),
            no: json(&suggestion.no),
            labels: labels(suggestion.about),
        })
    }
}

fn json(decision: &Decision) -> String {
    serde_json::to_string(decision).unwrap_or_default()
}

fn labels(about: About) -> (&'static str, &'static str) {
    match about {
        About::Actors => ("One actor", "Two actors"),
        About::Claims => ("One claim", "Two claims"),
        About::Origins => ("It depends", "Independent"),
        About::Mentions | About::Contradictions => ("Read right", "Read wrong"),
    }
}

fn mention(view: &CaseView, page: &Page, places: &Places<'_>, key: &MentionKey) -> Option<Side> {
    let found = view.mentions_in(&key.report).find(|(_, _, mention)| mention.key() == *key);
    let (claim, _, mention): (&Claim, usize, &Mention) = found?;
    Some(Side {
        title: mention.speaker.clone().unwrap_or_else(|| "not said who".to_owned()),
        href: places.of(mention),
        stands: Some(Stands(mention.stance)),
        outlet: view.outlet(&mention.report),
        when: When::new(mention.published.as_deref()),
        parts: places.parts(mention),
        claim: Some((page.claim(&claim.id), claim.statement.clone(), Counts::of(claim))),
        forms: String::new(),
    })
}

fn actor(view: &CaseView, page: &Page, places: &Places<'_>, (report, id): &ActorKey) -> Option<Side> {
    let entry = view.entry(report)?;
    let known = entry.reading.actors.iter().find(|known| known.id == *id)?;
    // The words that have the name, and not a role that came before it.
    let named =
        |span: &&Span| entry.report.text.get(span.start..span.end).is_some_and(|words| words.contains(&known.name));
    let first = known.mentions.iter().find(named).or(known.mentions.first()).copied();
    Some(Side {
        title: known.name.clone(),
        href: first.map_or_else(|| page.report(report), |span| places.href(report, span)),
        stands: None,
        outlet: view.outlet(report),
        when: When::new(entry.report.published.as_deref()),
        parts: first.map(|span| places.around(entry, span)).unwrap_or_default(),
        claim: None,
        forms: [known.roles.clone(), known.aliases.clone()].concat().join(" · "),
    })
}
