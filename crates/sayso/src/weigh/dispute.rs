//! Claims that cannot both be true: rival figures of one question, and a claim beside its negation.

use std::collections::BTreeSet;

use super::actors::Actors;
use super::claim::Draft;
use super::mentions::Item;
use super::origin::states;
use super::same;
use crate::span::Span;
use crate::weighing::{Contradiction, Stance};

/// Average likeness, figures left aside, from which two claims answer one question.
const ONE_QUESTION: f64 = -1.0;
/// Mentions of each claim that are compared.
const SAMPLE: usize = 6;

/// Finds the contradictions among the claims, and adds the negations that stand as claims of their own.
pub(super) fn find(drafts: &mut Vec<Draft>, actors: &Actors) {
    negations(drafts);
    let pairs = rivals(drafts, actors);
    for (a, b, rule, why) in pairs {
        let (x, y) = (words(&drafts[a]), words(&drafts[b]));
        let (Some(x), Some(y)) = (x, y) else { continue };
        let id = |k: usize| drafts[k].claim.id.clone();
        let (of_a, of_b) = (id(a), id(b));
        drafts[a].claim.contradictions.push(Contradiction {
            claim: of_b,
            rule: rule.into(),
            why: why.clone(),
            spans: [x.clone(), y.clone()],
        });
        drafts[b].claim.contradictions.push(Contradiction { claim: of_a, rule: rule.into(), why, spans: [y, x] });
    }
    for draft in drafts {
        let ids: BTreeSet<String> = draft.claim.contradictions.iter().map(|c| c.claim.clone()).collect();
        draft.claim.contradicts = ids.into_iter().collect();
    }
}

/// The words of the first mention that states a claim.
fn words(draft: &Draft) -> Option<(String, Span)> {
    let item = draft.items.iter().find(|i| states(i)).or(draft.items.first())?;
    Some((item.mention.report.clone(), item.mention.spans[0]))
}

/// A negation that two reports or more state in so many words is a claim of its own, beside being a denial.
fn negations(drafts: &mut Vec<Draft>) {
    let mut added = Vec::new();
    for draft in drafts.iter() {
        let denying: Vec<Item> = draft
            .items
            .iter()
            .filter(|i| i.mention.stance == Stance::Denies && i.features.negated != draft.negated)
            .cloned()
            .collect();
        let reports: BTreeSet<&str> = denying.iter().map(|i| i.mention.report.as_str()).collect();
        if reports.len() >= 2 {
            added.push(opposite(draft, denying));
        }
    }
    drafts.extend(added);
}

fn opposite(draft: &Draft, mut items: Vec<Item>) -> Draft {
    items.iter_mut().for_each(|i| i.mention.stance = Stance::Asserts);
    let mut out = Draft { negated: !draft.negated, cuts: Vec::new(), joins: Vec::new(), ..draft.clone() };
    out.claim.id = format!("{}-not", draft.claim.id);
    out.claim.mentions = items.iter().map(|i| i.mention.clone()).collect();
    let longest = items.iter().max_by_key(|i| (i.mention.text.len(), std::cmp::Reverse(i.entry)));
    out.claim.statement = longest.map_or(String::new(), |i| format!("{}.", i.mention.text.trim_end_matches('.')));
    let outlets: BTreeSet<&str> = items.iter().map(|i| i.outlet.as_deref().unwrap_or(&i.mention.report)).collect();
    out.claim.outlets = outlets.len();
    out.items = items;
    out
}

type Pair = (usize, usize, &'static str, String);

fn rivals(drafts: &[Draft], actors: &Actors) -> Vec<Pair> {
    let mut out = Vec::new();
    for b in 0..drafts.len() {
        for a in 0..b {
            let (x, y) = (&drafts[a], &drafts[b]);
            if y.claim.id == format!("{}-not", x.claim.id) {
                out.push((a, b, "negation", "one states what the other says is not so".into()));
            } else if let Some(why) = rival_figures(x, y, actors) {
                out.push((a, b, "rival figures", why));
            }
        }
    }
    out
}

/// The figure a claim states, whether it is a lower bound, and when it was first and last stated.
struct Figure<'a> {
    value: f64,
    at_least: bool,
    first: Option<&'a str>,
    last: Option<&'a str>,
}

fn figure(draft: &Draft) -> Option<Figure<'_>> {
    let stating: Vec<&Item> = draft.items.iter().filter(|i| states(i) && !i.features.numbers.is_empty()).collect();
    let (value, count) = most_common(&stating)?;
    if count * 2 < stating.len() {
        return None;
    }
    let with: Vec<&&Item> = stating.iter().filter(|i| i.features.numbers.contains(&value)).collect();
    Some(Figure {
        value,
        at_least: with.iter().all(|i| i.features.at_least),
        first: with.iter().filter_map(|i| i.mention.published.as_deref()).min(),
        last: with.iter().filter_map(|i| i.mention.published.as_deref()).max(),
    })
}

fn most_common(items: &[&Item]) -> Option<(f64, usize)> {
    let mut values: Vec<f64> = items.iter().flat_map(|i| i.features.numbers.iter().copied()).collect();
    values.sort_by(f64::total_cmp);
    values.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).max_by(|a, b| a.1.cmp(&b.1).then(b.0.total_cmp(&a.0)))
}

/// Why the figures of two claims exclude each other, if they answer one question. A later, higher toll of a growing count
/// excludes nothing; a lower figure stated again after the higher one does.
fn rival_figures(a: &Draft, b: &Draft, actors: &Actors) -> Option<String> {
    let (x, y) = (figure(a)?, figure(b)?);
    if x.value == y.value || !one_question(a, b) {
        return None;
    }
    let (low, high, low_draft, high_draft) = if x.value < y.value { (x, y, a, b) } else { (y, x, b, a) };
    let grown = low.last.zip(high.first).is_some_and(|(last, first)| last < first) || low.at_least;
    let one_voice = speakers(low_draft, actors).intersection(&speakers(high_draft, actors)).next().is_some();
    if grown || one_voice {
        return None;
    }
    Some(format!("{} and {} are rival figures of one question", plain(low.value), plain(high.value)))
}

fn speakers(draft: &Draft, actors: &Actors) -> BTreeSet<usize> {
    draft.items.iter().filter(|i| states(i)).filter_map(|i| i.speaker).map(|s| actors.root(s)).collect()
}

fn plain(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { value.to_string() }
}

fn one_question(a: &Draft, b: &Draft) -> bool {
    let sample = |d: &Draft| -> Vec<Item> {
        d.items.iter().filter(|i| states(i) && !i.features.numbers.is_empty()).take(SAMPLE).cloned().collect()
    };
    let (a, b) = (sample(a), sample(b));
    let total: f64 = a.iter().flat_map(|x| b.iter().map(move |y| same::question(x, y))).sum();
    let count = a.len() * b.len();
    count > 0 && total / count as f64 >= ONE_QUESTION
}
