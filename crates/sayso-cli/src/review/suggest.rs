//! What a person should look at: everything that Sayso put together or took apart and that nobody has decided on yet.
//!
//! In: a case. Out: questions, each with the decision that yes makes and the one that no makes. May not happen: a question about what
//! a decision in force has settled.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clap::ValueEnum;
use sayso::span::Span;
use sayso::weigh::decision::{ActorKey, Decision, Entry as Line, Journal};
use sayso::weighing::{Claim, Mention};
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

/// One question.
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

/// The questions of a case: what decides most comes first.
pub(crate) fn suggestions(case: &Case, only: Option<About>) -> Vec<Suggestion> {
    let all = [actors(case), contradictions(case), claims(case), origins(case), mentions(case)];
    let mut all: Vec<Suggestion> =
        all.into_iter().flatten().filter(|suggestion| only.is_none_or(|only| only == suggestion.about)).collect();
    let settled = Settled::new(&case.journal);
    all.retain(|suggestion| !settled.has(suggestion));
    all
}

/// What the decisions in force have settled.
pub(crate) struct Settled<'a> {
    journal: Journal<'a>,
    made: HashSet<&'a Decision>,
}

impl<'a> Settled<'a> {
    pub(crate) fn new(journal: &'a [Line]) -> Self {
        let journal = Journal::new(journal.iter());
        Self { made: journal.iter().collect(), journal }
    }

    /// Whether a question need not be asked any more: it was answered, or the mention edited.
    pub(crate) fn has(&self, suggestion: &Suggestion) -> bool {
        let edited = matches!(&suggestion.yes, Decision::Accept { mention } if self.journal.edit(mention).is_some());
        edited || self.made.contains(&suggestion.yes) || self.made.contains(&suggestion.no)
    }
}

/// An actor that goes by several names: is it one?
fn actors(case: &Case) -> Vec<Suggestion> {
    let name = |(report, id): &ActorKey| -> Option<&str> {
        let known = case.entry(report)?.reading.actors.iter().find(|actor| actor.id == *id)?;
        Some(&known.name)
    };
    let mut out = Vec::new();
    for (_, actor) in case.actors() {
        let Some(first) = actor.members.iter().find(|member| name(member) == Some(&actor.name)) else { continue };
        let mut asked: BTreeSet<&str> = BTreeSet::from([actor.name.as_str()]);
        for member in &actor.members {
            let Some(other) = name(member).filter(|name| asked.insert(name)) else { continue };
            out.push(Suggestion {
                about: About::Actors,
                question: format!("Are “{}” and “{other}” one actor?", actor.name),
                because: actor.why.iter().filter(|why| why.contains(other)).cloned().collect(),
                yes: Decision::MergeActors { a: first.clone(), b: member.clone() },
                no: Decision::SplitActors { a: member.clone(), b: first.clone() },
            });
        }
    }
    out
}

/// Two claims that cannot both be true rest on two readings: the less sure of them is asked about.
fn contradictions(case: &Case) -> Vec<Suggestion> {
    let mut of_report: BTreeMap<&str, Vec<&Mention>> = BTreeMap::new();
    for mention in case.weighing.claims().flat_map(|claim| &claim.mentions) {
        of_report.entry(&mention.report).or_default().push(mention);
    }
    let mention = |(report, span): &(String, Span)| {
        let here = of_report.get(report.as_str())?;
        here.iter().copied().find(|mention| mention.spans.iter().any(|own| own.overlaps(*span)))
    };
    let mut out = Vec::new();
    for claim in &case.weighing.claims {
        for rival in claim.contradictions.iter().filter(|rival| claim.id < rival.claim) {
            let Some((a, b)) = mention(&rival.spans[0]).zip(mention(&rival.spans[1])) else { continue };
            let (asked, other) = if a.confidence <= b.confidence { (a, b) } else { (b, a) };
            out.push(Suggestion {
                about: About::Contradictions,
                question: "These cannot both be true. Was the first read right?".to_owned(),
                because: vec![quote(case, asked), quote(case, other), format!("{} ({})", rival.why, rival.rule)],
                yes: Decision::Accept { mention: asked.key() },
                no: Decision::Reject { mention: asked.key() },
            });
        }
    }
    out
}

/// The first mention of a claim beside each of the others: do they state one thing? Those with the fewest words in common first.
fn claims(case: &Case) -> Vec<Suggestion> {
    let mut out: Vec<(usize, Suggestion)> = Vec::new();
    let mut numbers = HashMap::new();
    for claim in &case.weighing.claims {
        let Some((first, others)) = claim.mentions.split_first() else { continue };
        let words = numbered(&first.text, &mut numbers);
        for other in others.iter().filter(|other| other.text != first.text) {
            let suggestion = Suggestion {
                about: About::Claims,
                question: "Do these two state one claim?".to_owned(),
                because: vec![quote(case, first), quote(case, other)],
                yes: Decision::Merge { a: first.key(), b: other.key() },
                no: Decision::Split { a: first.key(), b: other.key() },
            };
            out.push((common(&words, &numbered(&other.text, &mut numbers)), suggestion));
        }
    }
    out.sort_by_key(|(common, _)| *common);
    out.into_iter().map(|(_, suggestion)| suggestion).collect()
}

/// The words of a text, each as its number: equal words have one.
fn numbered(text: &str, numbers: &mut HashMap<String, usize>) -> BTreeSet<usize> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut number = |word: &str| match numbers.get(word) {
        Some(&known) => known,
        None => {
            let next = numbers.len();
            *numbers.entry(word.to_owned()).or_insert(next)
        }
    };
    words.map(&mut number).collect()
}

/// Words that two texts share, in hundredths of all their words.
fn common(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> usize {
    a.intersection(b).count() * 100 / a.union(b).count().max(1)
}

/// The edges that make fewer origins of more mentions.
fn origins(case: &Case) -> Vec<Suggestion> {
    let of = |claim: &Claim| -> Vec<Suggestion> {
        let mut out = Vec::new();
        for edge in &claim.dependences {
            let (Some(from), Some(to)) = (claim.mentions.get(edge.from), claim.mentions.get(edge.to)) else { continue };
            out.push(Suggestion {
                about: About::Origins,
                question: "Does the first depend on the second?".to_owned(),
                because: vec![quote(case, from), quote(case, to), format!("{} ({})", edge.why, edge.rule)],
                yes: Decision::Join { a: from.key(), b: to.key() },
                no: Decision::Cut { a: from.key(), b: to.key() },
            });
        }
        out
    };
    case.weighing.claims().flat_map(of).collect()
}

/// Every mention, least sure first.
fn mentions(case: &Case) -> Vec<Suggestion> {
    let mut all: Vec<&Mention> = case.weighing.claims().flat_map(|claim| &claim.mentions).collect();
    all.sort_by(|a, b| a.confidence.total_cmp(&b.confidence).then_with(|| place(a).cmp(&place(b))));
    let ask = |mention: &Mention| Suggestion {
        about: About::Mentions,
        question: "Was this read right?".to_owned(),
        because: vec![quote(case, mention), format!("confidence {:.2}", mention.confidence)],
        yes: Decision::Accept { mention: mention.key() },
        no: Decision::Reject { mention: mention.key() },
    };
    all.into_iter().map(ask).collect()
}

fn place(mention: &Mention) -> (&str, Option<usize>) {
    (&mention.report, mention.spans.first().map(|span| span.start))
}

/// `Governor denies: “…” (Valley Wire)`
fn quote(case: &Case, mention: &Mention) -> String {
    let who = mention.speaker.as_deref().unwrap_or("not said who");
    format!("{who} {}: “{}” ({})", stance(mention.stance), mention.text, case.outlet(&mention.report))
}
