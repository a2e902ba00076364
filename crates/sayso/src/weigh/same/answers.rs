//! What answers belong to: a denial, a doubt, a refutation or a retraction is about something that somebody stated, even
//! where its own words ("we withdraw that sentence", "both figures are false") name little of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::pair::agree;
use crate::reading::Act;
use crate::weigh::actors::Actors;
use crate::weigh::mentions::Item;

/// Likeness to one statement of a claim from which an answer that stands alone belongs to it.
const LEAST: f64 = -2.5;
/// What it counts that the one who takes words back stated this.
const OWN_WORDS: f64 = 3.0;
/// And that the answer names the figure as a figure.
const NAMED_FIGURE: f64 = 2.5;
/// Sentences apart at which two statements stand side by side.
const SIDE_BY_SIDE: usize = 1;
/// Sentences back that "both figures" looks for the two.
const FARTHEST: usize = 8;

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:figures?|numbers?|tolls?|counts?|totals?|estimates?)\b").expect("a fixed pattern")
});
static BOTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:both|neither|the two|these|of the two)(?: of)?(?: the| these| those)? (?:\w+ )?",
        r"(figures?|numbers?|tolls?|counts?|estimates?|accounts?|claims?|versions?|statements?|stories|story)\b",
    ))
    .expect("a fixed pattern")
});

/// Whether a mention answers what somebody stated, and states nothing of its own.
fn answers(item: &Item) -> bool {
    matches!(item.act, Act::Denies | Act::Doubts | Act::Refutes | Act::Retracts | Act::Corrects)
}

/// Moves the answers out of groups in which nobody states anything into the group of what they answer; one that answers
/// two goes into both. `edges` holds likenesses of the members of `block`, which `groups` and `edges` number from 0.
pub(super) fn attach(
    items: &[Item],
    block: &[usize],
    edges: &[(usize, usize, f64)],
    groups: &mut Vec<Vec<usize>>,
    actors: &Actors,
) {
    let item = |k: usize| &items[block[k]];
    let stated: Vec<bool> = groups.iter().map(|g| g.iter().any(|&k| !answers(item(k)))).collect();
    let group_of: BTreeMap<usize, usize> =
        groups.iter().enumerate().flat_map(|(g, members)| members.iter().map(move |&k| (k, g))).collect();
    let root = |k: usize| item(k).speaker.map(|s| actors.root(s));
    let own = |k: usize, m: usize| root(k).is_some() && root(k) == root(m) && !answers(item(m));
    let takes_back = |k: usize| item(k).act == Act::Retracts;
    let lone: Vec<usize> =
        (0..block.len()).filter(|&k| answers(item(k)) && (!stated[group_of[&k]] || takes_back(k))).collect();
    let mut alike: BTreeMap<usize, Vec<(usize, f64)>> = lone.iter().map(|&k| (k, Vec::new())).collect();
    for &(a, b, likeness) in edges {
        for (k, other) in [(a, b), (b, a)] {
            if let Some(alike) = alike.get_mut(&k) {
                alike.push((other, likeness));
            }
        }
    }
    let mut moves: Vec<(usize, Vec<usize>)> = Vec::new();
    for k in lone.iter().copied() {
        let stays = stated[group_of[&k]];
        // Who takes back what the group states may stay there.
        let here = |m: usize| group_of[&m] == group_of[&k];
        let fits =
            |m: usize| !answers(item(m)) && (!stays || own(k, m) || here(m)) && !item(m).features.stems.is_empty();
        let best = alike.get(&k).into_iter().flatten().filter(|(m, _)| fits(*m));
        let best = best.map(|&(m, likeness)| (likeness + bonus(item(k), item(m), actors), m));
        let best = best.max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
        if let Some((_, m)) = best.filter(|(score, _)| *score >= LEAST) {
            moves.push((k, vec![group_of[&m]]));
        }
    }
    for k in (0..block.len()).filter(|&k| BOTH.is_match(&item(k).mention.text)) {
        let two = both(items, block, k, actors);
        let of: BTreeSet<usize> = two.iter().map(|m| group_of[m]).collect();
        if of.len() == 2 {
            moves.retain(|(moved, _)| *moved != k);
            moves.push((k, of.into_iter().collect()));
        }
    }
    for (k, to) in moves {
        groups.iter_mut().for_each(|g| g.retain(|&m| m != k));
        to.into_iter().for_each(|g| groups[g].push(k));
    }
    groups.retain(|g| !g.is_empty());
}

/// What speaks for an answer belonging to a statement beyond their likeness.
fn bonus(answer: &Item, statement: &Item, actors: &Actors) -> f64 {
    let root = |i: &Item| i.speaker.map(|s| actors.root(s));
    let own = answer.act == Act::Retracts && root(answer).is_some() && root(answer) == root(statement);
    let figures = &answer.features.figures;
    let figure = figures.iter().any(|x| statement.features.figures.iter().any(|y| agree(x, y)));
    let named = figure && FIGURE.is_match(&answer.mention.text);
    f64::from(u8::from(own)) * OWN_WORDS + f64::from(u8::from(named)) * NAMED_FIGURE
}

/// The two statements before `k` in its report that "both figures" or "neither account" means: the last that stand side by
/// side as the words of two speakers.
fn both(items: &[Item], block: &[usize], k: usize, actors: &Actors) -> Vec<usize> {
    let me = &items[block[k]];
    let noun = BOTH.captures(&me.mention.text).and_then(|c| c.get(1)).map_or("", |m| m.as_str()).to_lowercase();
    let of_figures = FIGURE.is_match(&noun);
    let fits = |m: usize| {
        let item = &items[block[m]];
        let back = me.features.sentence.checked_sub(item.features.sentence);
        let before = item.entry == me.entry && item.mention.spans[0].start < me.mention.spans[0].start;
        let near = before && back.is_some_and(|n| n <= FARTHEST);
        near && !answers(item) && !item.voice && (!of_figures || !item.features.figures.is_empty())
    };
    let mut found: Vec<usize> = (0..block.len()).filter(|&m| fits(m) && !items[block[m]].features.negated).collect();
    found.sort_by_key(|&m| items[block[m]].mention.spans[0].start);
    let root = |m: usize| items[block[m]].speaker.map(|s| actors.root(s));
    let sentence = |m: usize| items[block[m]].features.sentence;
    let beside = |two: &&[usize]| {
        let [a, b] = two else { return false };
        root(*a) != root(*b) && sentence(*b) - sentence(*a) <= SIDE_BY_SIDE
    };
    found.windows(2).rfind(beside).map_or(Vec::new(), <[usize]>::to_vec)
}
