//! Rival figures of one question: "five dead" against "seven dead", "none killed" against "six killed".
//!
//! A later, higher toll of a growing count excludes nothing: "six dead" at nine and "nine dead" at noon are both true for
//! their hour. A toll excludes another where the lower one is still stated after the higher one was, where one of them is
//! none at all, and where one was taken back.

use std::collections::BTreeMap;

use super::Pair;
use crate::read::how_many::Figure as Number;
use crate::weigh::actors::Actors;
use crate::weigh::claim::Draft;
use crate::weigh::features::Counted;
use crate::weigh::mentions::Item;
use crate::weigh::origin::states;
use crate::weigh::same::{self, pair::unit};
use crate::weighing::Stance;

/// Likeness of the things counted from which two figures may answer one question.
const ONE_UNIT: f64 = 0.5;
/// Average likeness, figures left aside, from which two claims answer one question when neither figure is typed.
const ONE_QUESTION: f64 = -2.5;
/// And when one of them is.
const ONE_TYPED: f64 = 0.0;
/// Rival counts of one thing seldom differ by more than this factor.
const FARTHEST: f64 = 20.0;
/// Words that name no group: everybody who was hurt or came.
const EVERYBODY: &str = " people persons person dead killed injured wounded hurt victims bodies casualties fatalities men man others of \
    in all total were was had have been are is and the a who died arrested detained missing life lives ";
/// Mentions of each claim that are compared.
const SAMPLE: usize = 3;

/// The figure that a claim states.
struct Figure<'a> {
    counted: &'a Counted,
    /// When it was first and last stated.
    first: Option<&'a str>,
    last: Option<&'a str>,
    /// The mentions that state it.
    stating: Vec<&'a Item>,
    retracted: bool,
    /// Who states it most often.
    speaker: Option<usize>,
    /// Whether it counts a group of its own and not everybody.
    group: bool,
}

/// The pairs of claims, out of `members`, whose figures exclude each other.
pub(super) fn rivals(drafts: &[Draft], members: &[usize], actors: &Actors) -> Vec<Pair> {
    let figures: Vec<(usize, Figure<'_>)> =
        members.iter().filter_map(|&k| Some((k, figure(&drafts[k], actors)?))).collect();
    let mut out = Vec::new();
    for (n, (b, y)) in figures.iter().enumerate() {
        for (a, x) in &figures[..n] {
            if let Some(why) = rival(x, y) {
                out.push((*a, *b, "rival figures", why));
            }
        }
    }
    out
}

/// The figure that most mentions of a claim state.
fn figure<'a>(draft: &'a Draft, actors: &Actors) -> Option<Figure<'a>> {
    let stating: Vec<&Item> = draft.items.iter().filter(|i| states(i) && !i.features.figures.is_empty()).collect();
    let counted = stating.iter().flat_map(|i| &i.features.figures).filter(|c| !c.part);
    let key = |c: &Counted| {
        let support = stating.iter().filter(|i| has(i, c)).count();
        let same = |d: &&Counted| (d.figure.low, d.figure.high) == (c.figure.low, c.figure.high);
        (support, stating.iter().flat_map(|i| &i.features.figures).filter(same).count(), c.of.is_some())
    };
    let best = counted.max_by(|x, y| key(x).cmp(&key(y)).then(y.figure.span.start.cmp(&x.figure.span.start)))?;
    let with: Vec<&Item> = stating.iter().copied().filter(|i| has(i, best)).collect();
    if with.len() * 2 < stating.len() {
        return None;
    }
    Some(Figure {
        counted: best,
        first: with.iter().filter_map(|i| i.mention.published.as_deref()).min(),
        last: with.iter().filter_map(|i| i.mention.published.as_deref()).max(),
        retracted: draft.items.iter().any(|i| i.mention.stance == Stance::Retracts),
        speaker: most_frequent(with.iter().filter_map(|i| i.speaker).map(|s| actors.root(s))),
        group: with.iter().filter(|i| names_group(i, best)).count() * 3 >= with.len() * 2,
        stating: with,
    })
}

fn most_frequent(speakers: impl Iterator<Item = usize>) -> Option<usize> {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    speakers.for_each(|s| *count.entry(s).or_default() += 1);
    count.into_iter().max_by_key(|&(s, n)| (n, std::cmp::Reverse(s))).map(|(s, _)| s)
}

fn names_group(item: &Item, figure: &Counted) -> bool {
    let mut same = item.features.figures.iter().filter(|c| same::pair::agree(c, figure));
    same.any(|c| c.who.split_whitespace().any(|w| !EVERYBODY.contains(&format!(" {w} "))))
}

fn has(item: &Item, counted: &Counted) -> bool {
    item.features.figures.iter().any(|c| same::pair::agree(c, counted))
}

/// Why two figures exclude each other, if they answer one question.
fn rival(x: &Figure<'_>, y: &Figure<'_>) -> Option<String> {
    let (low, high) = if x.counted.figure.value <= y.counted.figure.value { (x, y) } else { (y, x) };
    if !apart(&x.counted.figure, &y.counted.figure) || !one_question(x, y) {
        return None;
    }
    let one_voice = low.speaker.is_some() && low.speaker == high.speaker;
    let grown = low.last.zip(high.first).is_some_and(|(last, first)| last < first);
    let none = low.counted.figure.high == 0.0;
    if grown && !none && !low.retracted && !high.retracted || one_voice && !none {
        return None;
    }
    Some(format!("{} and {} are rival figures of one question", said(low.counted), said(high.counted)))
}

/// Whether no number fits both.
fn apart(x: &Number, y: &Number) -> bool {
    x.high < y.low || y.high < x.low
}

fn one_question(x: &Figure<'_>, y: &Figure<'_>) -> bool {
    let (a, b) = (x.counted, y.counted);
    let (small, large) = (a.figure.value.min(b.figure.value), a.figure.value.max(b.figure.value));
    if small > 0.0 && large > small * FARTHEST {
        return false;
    }
    let typed = (a.of.is_some(), b.of.is_some());
    if typed == (true, true) {
        return a.of == b.of && (x.group == y.group || small == 0.0);
    }
    if unit(a, b) < ONE_UNIT {
        return false;
    }
    let sample = |f: &Figure<'_>| f.stating.len().min(SAMPLE);
    let pairs = x.stating[..sample(x)].iter().flat_map(|i| y.stating[..sample(y)].iter().map(move |j| (i, j)));
    let question: f64 = pairs.map(|(i, j)| same::question(i, j)).sum();
    let question = question / (sample(x) * sample(y)) as f64;
    question >= if typed == (false, false) { ONE_QUESTION } else { ONE_TYPED }
}

/// A figure in words.
fn said(counted: &Counted) -> String {
    let Number { low, high, .. } = counted.figure;
    match () {
        () if high == 0.0 => "none".into(),
        () if high.is_infinite() => format!("at least {low}"),
        () if low == 0.0 => format!("at most {high}"),
        () if low < high => format!("{low} to {high}"),
        () => low.to_string(),
    }
}
