//! What a person should look at: everything that Sayso put together or took apart and that nobody has decided on yet.
//!
//! In: a case. Out: questions, each with the decision that yes makes and the one that no makes. May not happen: a question about what
//! a decision in force has settled.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use clap::ValueEnum;
use sayso::span::Span;
use sayso::weigh::decision::{ActorKey, Decision, Entry as Line, in_force};
use sayso::weighing::{CaseActor, Claim, Mention, MentionKey};
use serde::Serialize;

use crate::ledger::Case;
use crate::show::stance;

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum About {
    /// Whether a mention of one of two claims that cannot both be true was read right
    Contradictions,
    /// Whether names of several reports are one actor
    Actors,
    /// Whether two mentions state one claim
    Claims,
    /// Whether a mention depends on another
    Origins,
    /// Whether a mention was read right, least sure first
    Mentions,
}

impl About {
    /// All of them, what decides most first.
    pub(crate) const ALL: [Self; 5] = [Self::Actors, Self::Contradictions, Self::Claims, Self::Origins, Self::Mentions];

    /// The word for it, as in the JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Actors => "actors",
            Self::Contradictions => "contradictions",
            Self::Claims => "claims",
            Self::Origins => "origins",
            Self::Mentions => "mentions",
        }
    }
}

/// One question, as a person reads it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Suggestion {
    pub(crate) about: About,
    pub(crate) question: String,
    /// What it rests on, a line each.
    pub(crate) because: Vec<String>,
    /// The decision that yes makes.
    pub(crate) yes: Decision,
    /// The decision that no makes.
    pub(crate) no: Decision,
}

/// Where a mention stands in a weighing: the number of its claim, and its own in that.
type Place = (usize, usize);

/// One question of a case, by the numbers of what it asks about: a large case has tens of thousands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question {
    /// Members of an actor: the first that bears its name, and one that bears another.
    Actors {
        actor: usize,
        first: usize,
        other: usize,
    },
    /// The less sure of two mentions, the other, and the rivalry of their claims.
    Contradictions {
        asked: Place,
        other: Place,
        rival: Place,
    },
    /// The first mention of a claim, and another.
    Claims {
        claim: usize,
        other: usize,
    },
    /// An edge between two mentions of a claim.
    Origins {
        claim: usize,
        edge: usize,
    },
    Mentions(Place),
}

/// The questions of a case that no decision in force has settled: what decides most comes first.
pub(crate) fn questions(case: &Case, only: Option<About>) -> Vec<Question> {
    let settled = Settled::new(&case.journal);
    let wanted = |about: &About| only.is_none_or(|only| only == *about);
    let all = About::ALL.into_iter().filter(wanted).flat_map(|about| match about {
        About::Actors => actors(case),
        About::Contradictions => contradictions(case),
        About::Claims => claims(case),
        About::Origins => origins(case),
        About::Mentions => mentions(case),
    });
    all.filter(|question| !settled.has(case, *question)).collect()
}

impl Question {
    pub(crate) fn about(self) -> About {
        match self {
            Self::Actors { .. } => About::Actors,
            Self::Contradictions { .. } => About::Contradictions,
            Self::Claims { .. } => About::Claims,
            Self::Origins { .. } => About::Origins,
            Self::Mentions(_) => About::Mentions,
        }
    }

    /// The question in words; `case` is the one that it was found in.
    pub(crate) fn suggestion(self, case: &Case) -> Suggestion {
        let claims = &case.weighing.claims;
        let mention = |(claim, mention): Place| &claims[claim].mentions[mention];
        let (question, because, yes, no) = match self {
            Self::Actors { actor, first, other } => return one_actor(case, &case.weighing.actors[actor], first, other),
            Self::Contradictions { asked, other, rival } => {
                let (asked, other, rival) = (mention(asked), mention(other), &claims[rival.0].contradictions[rival.1]);
                (
                    "These cannot both be true. Was the first read right?",
                    vec![quote(case, asked), quote(case, other), format!("{} ({})", rival.why, rival.rule)],
                    Decision::Accept { mention: asked.key() },
                    Decision::Reject { mention: asked.key() },
                )
            }
            Self::Claims { claim, other } => {
                let (a, b) = (mention((claim, 0)), mention((claim, other)));
                (
                    "Do these two state one claim?",
                    vec![quote(case, a), quote(case, b)],
                    Decision::Merge { a: a.key(), b: b.key() },
                    Decision::Split { a: a.key(), b: b.key() },
                )
            }
            Self::Origins { claim, edge } => {
                let edge = &claims[claim].dependences[edge];
                let (a, b) = (mention((claim, edge.from)), mention((claim, edge.to)));
                (
                    "Does the first depend on the second?",
                    vec![quote(case, a), quote(case, b), format!("{} ({})", edge.why, edge.rule)],
                    Decision::Join { a: a.key(), b: b.key() },
                    Decision::Cut { a: a.key(), b: b.key() },
                )
            }
            Self::Mentions(place) => {
                let mention = mention(place);
                (
                    "Was this read right?",
                    vec![quote(case, mention), format!("confidence {:.2}", mention.confidence)],
                    Decision::Accept { mention: mention.key() },
                    Decision::Reject { mention: mention.key() },
                )
            }
        };
        Suggestion { about: self.about(), question: question.to_owned(), because, yes, no }
    }
}

fn one_actor(case: &Case, actor: &CaseActor, first: usize, other: usize) -> Suggestion {
    let (first, member) = (&actor.members[first], &actor.members[other]);
    let other = name(case, member).unwrap_or_default();
    Suggestion {
        about: About::Actors,
        question: format!("Are “{}” and “{other}” one actor?", actor.name),
        because: actor.why.iter().filter(|why| why.contains(other)).cloned().collect(),
        yes: Decision::MergeActors { a: first.clone(), b: member.clone() },
        no: Decision::SplitActors { a: member.clone(), b: first.clone() },
    }
}

/// What the decisions in force have settled: mentions by report and first byte.
#[derive(Default)]
struct Settled<'a> {
    mentions: HashSet<(&'a str, usize)>,
    claims: HashSet<[(&'a str, usize); 2]>,
    origins: HashSet<[(&'a str, usize); 2]>,
    /// The first of an actor, and the other.
    actors: HashSet<[&'a ActorKey; 2]>,
}

impl<'a> Settled<'a> {
    fn new(journal: &'a [Line]) -> Self {
        let of = |key: &'a MentionKey| (key.report.as_str(), key.start);
        let mut out = Self::default();
        for line in in_force(journal.iter()) {
            let _new = match &line.decision {
                Decision::Accept { mention } | Decision::Reject { mention } | Decision::Edit { mention, .. } => {
                    out.mentions.insert(of(mention))
                }
                Decision::Merge { a, b } | Decision::Split { a, b } => out.claims.insert([of(a), of(b)]),
                Decision::Join { a, b } | Decision::Cut { a, b } => out.origins.insert([of(a), of(b)]),
                Decision::MergeActors { a, b } | Decision::SplitActors { a: b, b: a } => out.actors.insert([a, b]),
                _ => false,
            };
        }
        out
    }

    fn has(&self, case: &Case, question: Question) -> bool {
        let claims = &case.weighing.claims;
        let of = |(claim, mention): Place| place(&claims[claim].mentions[mention]);
        match question {
            Question::Actors { actor, first, other } => {
                let members = &case.weighing.actors[actor].members;
                self.actors.contains(&[&members[first], &members[other]])
            }
            Question::Contradictions { asked, .. } | Question::Mentions(asked) => self.mentions.contains(&of(asked)),
            Question::Claims { claim, other } => self.claims.contains(&[of((claim, 0)), of((claim, other))]),
            Question::Origins { claim, edge } => {
                let edge = &claims[claim].dependences[edge];
                self.origins.contains(&[of((claim, edge.from)), of((claim, edge.to))])
            }
        }
    }
}

/// The name of a member of an actor.
fn name<'a>(case: &'a Case, (report, id): &ActorKey) -> Option<&'a str> {
    let known = case.entry(report)?.reading.actors.iter().find(|actor| actor.id == *id)?;
    Some(&known.name)
}

/// An actor that goes by several names: is it one?
fn actors(case: &Case) -> Vec<Question> {
    let all = &case.weighing.actors;
    let numbers: HashMap<&str, usize> = all.iter().zip(0..).map(|(actor, k)| (actor.id.as_str(), k)).collect();
    let mut out = Vec::new();
    for (_, actor) in case.actors() {
        let named = |member: &ActorKey| name(case, member);
        let Some(first) = actor.members.iter().position(|member| named(member) == Some(&actor.name)) else { continue };
        let mut asked: BTreeSet<&str> = BTreeSet::from([actor.name.as_str()]);
        for (other, member) in actor.members.iter().enumerate() {
            if named(member).is_some_and(|name| asked.insert(name)) {
                out.push(Question::Actors { actor: numbers[actor.id.as_str()], first, other });
            }
        }
    }
    out
}

/// Two claims that cannot both be true rest on two readings: the less sure of them is asked about.
fn contradictions(case: &Case) -> Vec<Question> {
    let claims = &case.weighing.claims;
    let mut of_report: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for (c, claim) in claims.iter().enumerate() {
        for (m, mention) in claim.mentions.iter().enumerate() {
            of_report.entry(&mention.report).or_default().push((c, m));
        }
    }
    let at = |(claim, mention): Place| &claims[claim].mentions[mention];
    let mention = |(report, span): &(String, Span)| {
        let here = of_report.get(report.as_str())?;
        here.iter().copied().find(|place| at(*place).spans.iter().any(|own| own.overlaps(*span)))
    };
    let mut out = Vec::new();
    for (c, claim) in claims.iter().enumerate() {
        for (r, rival) in claim.contradictions.iter().enumerate().filter(|(_, rival)| claim.id < rival.claim) {
            let Some((a, b)) = mention(&rival.spans[0]).zip(mention(&rival.spans[1])) else { continue };
            let (asked, other) = if at(a).confidence <= at(b).confidence { (a, b) } else { (b, a) };
            out.push(Question::Contradictions { asked, other, rival: (c, r) });
        }
    }
    out
}

/// The first mention of a claim beside each of the others: do they state one thing? Those with the fewest words in common first.
fn claims(case: &Case) -> Vec<Question> {
    let mut out: Vec<(usize, Question)> = Vec::new();
    for (claim, weighed) in case.weighing.claims.iter().enumerate() {
        let Some((first, others)) = weighed.mentions.split_first() else { continue };
        let first_words = LazyCell::new(|| words(&first.text));
        for (other, mention) in (1..).zip(others).filter(|(_, other)| other.text != first.text) {
            out.push((common(&first_words, &words(&mention.text)), Question::Claims { claim, other }));
        }
    }
    out.sort_by_key(|(common, _)| *common);
    out.into_iter().map(|(_, question)| question).collect()
}

/// The words of a text, once each, as numbers that equal words share.
fn words(text: &str) -> BTreeSet<u64> {
    let number = |word: &str| {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        hasher.finish()
    };
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(number).collect()
}

/// Words that two texts share, in hundredths of all their words.
fn common(a: &BTreeSet<u64>, b: &BTreeSet<u64>) -> usize {
    let both = a.intersection(b).count();
    both * 100 / (a.len() + b.len() - both).max(1)
}

/// The edges that make fewer origins of more mentions.
fn origins(case: &Case) -> Vec<Question> {
    let of = |(claim, weighed): (usize, &Claim)| {
        let there = |k: usize| k < weighed.mentions.len();
        let edges = weighed.dependences.iter().enumerate().filter(|(_, edge)| there(edge.from) && there(edge.to));
        edges.map(|(edge, _)| Question::Origins { claim, edge }).collect::<Vec<_>>()
    };
    case.weighing.claims().enumerate().flat_map(of).collect()
}

/// Every mention, least sure first.
fn mentions(case: &Case) -> Vec<Question> {
    let mut all: Vec<(Place, &Mention)> = Vec::new();
    for (c, claim) in case.weighing.claims().enumerate() {
        all.extend(claim.mentions.iter().enumerate().map(|(m, mention)| ((c, m), mention)));
    }
    all.sort_by(|(_, a), (_, b)| a.confidence.total_cmp(&b.confidence).then_with(|| place(a).cmp(&place(b))));
    all.into_iter().map(|(place, _)| Question::Mentions(place)).collect()
}

/// The report of a mention, and its first byte.
fn place(mention: &Mention) -> (&str, usize) {
    (&mention.report, mention.spans.first().map_or(0, |span| span.start))
}

/// `Governor denies: “…” (Valley Wire)`
fn quote(case: &Case, mention: &Mention) -> String {
    let who = mention.speaker.as_deref().unwrap_or("not said who");
    format!("{who} {}: “{}” ({})", stance(mention.stance), mention.text, case.outlet(&mention.report))
}
