//! Claims that cannot both be true: rival figures of one question, a claim beside its negation, rival accounts.

mod figures;
mod opposites;

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::actors::Actors;
use super::claim::Draft;
use super::mentions::Item;
use super::origin::states;
use super::same::Questions;
use super::statement;
use crate::span::Span;
use crate::weighing::{Contradiction, Stance};

/// Finds the contradictions among the claims of one incident, and adds the negations that stand as claims of their own.
pub(super) fn find(drafts: &mut Vec<Draft>, actors: &Actors, incident: &[usize]) {
    let mut pairs = negations(drafts, actors);
    pairs.extend(exclusive(drafts, actors, incident));
    // Two claims contradict each other once, by the rule that comes first.
    let mut seen = BTreeSet::new();
    pairs.retain(|&(a, b, ..)| seen.insert((a.min(b), a.max(b))));
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

/// The pairs of claims of one incident that exclude each other by their figures, and by what else they say.
fn exclusive(drafts: &[Draft], actors: &Actors, incident: &[usize]) -> Vec<Pair> {
    let mut of_incident: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (k, draft) in drafts.iter().enumerate() {
        let entry = draft.items.first().map_or(0, |i| i.entry);
        of_incident.entry(incident.get(entry).copied().unwrap_or(0)).or_default().push(k);
    }
    let questions = LazyCell::new(|| Questions::of(&drafts.iter().flat_map(|d| &d.items).collect::<Vec<_>>()));
    let one_question = |a, b| questions.one(a, b);
    let members = || of_incident.values();
    let figures = members().flat_map(|members| figures::rivals(drafts, members, actors, &one_question));
    let mut out: Vec<Pair> = figures.collect();
    out.extend(members().flat_map(|members| opposites::pairs(drafts, members, actors, &one_question)));
    out
}

/// How likely two mentions answer one question (in log odds).
type Question<'q, 'a> = &'q dyn Fn(&'a Item, &'a Item) -> f64;

/// Two claims by their place among the drafts, the rule and the reason.
type Pair = (usize, usize, &'static str, String);

/// The words of the first mention that states a claim.
fn words(draft: &Draft) -> Option<(String, Span)> {
    let item = draft.items.iter().find(|i| states(i)).or(draft.items.first())?;
    Some((item.mention.report.clone(), item.mention.spans[0]))
}

/// A negation that two mentions or more state in so many words is a claim of its own, beside being a denial.
fn negations(drafts: &mut Vec<Draft>, actors: &Actors) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for k in 0..drafts.len() {
        let draft = &drafts[k];
        let contrary = |i: &&Item| i.mention.stance == Stance::Denies && i.features.negated != draft.negated;
        let denying: Vec<Item> = draft.items.iter().filter(contrary).cloned().collect();
        if denying.len() >= 2 {
            pairs.push((k, drafts.len(), "negation", "one states what the other says is not so".into()));
            let added = opposite(draft, denying, actors);
            drafts.push(added);
        }
    }
    pairs
}

fn opposite(draft: &Draft, mut items: Vec<Item>, actors: &Actors) -> Draft {
    items.iter_mut().for_each(|i| i.mention.stance = Stance::Asserts);
    let mut out = Draft { negated: !draft.negated, cuts: Vec::new(), joins: Vec::new(), ..draft.clone() };
    out.claim.id = format!("{}-not", draft.claim.id);
    out.claim.mentions = items.iter().map(|i| i.mention.clone()).collect();
    out.claim.statement = statement::clearest(&items, out.negated, actors);
    let outlets: BTreeSet<&str> = items.iter().map(|i| i.outlet.as_deref().unwrap_or(&i.mention.report)).collect();
    out.claim.outlets = outlets.len();
    out.items = items;
    out
}
