//! Rival figures of one question: "five dead" against "seven dead", "none killed" against "six killed".
//!
//! A toll grows: "six dead" at nine and "nine dead" at noon are both true for their hour. So a toll excludes a higher one only
//! where somebody states it anew after that one was out and has not gone on to another figure since; copies and an outlet's
//! looking back state nothing anew. None at all excludes every toll. The size of a crowd does not grow: it is excluded by
//! every other size, and by what is said to have happened to more of them than there were.

use std::collections::BTreeMap;

use super::{Pair, Question};
use crate::read::how_many::Figure as Number;
use crate::weigh::actors::Actors;
use crate::weigh::claim::Draft;
use crate::weigh::features::Counted;
use crate::weigh::mentions::Item;
use crate::weigh::origin::states;
use crate::weigh::same::{self, pair::unit};

/// Likeness of the things counted from which two figures may answer one question.
const ONE_UNIT: f64 = 0.5;
/// Average likeness, figures left aside, from which two claims answer one question when neither figure is typed.
const ONE_QUESTION: f64 = -2.5;
/// And when one of them is.
const ONE_TYPED: f64 = 0.0;
/// Rival counts of one thing seldom differ by more than this factor.
const FARTHEST: f64 = 20.0;
/// Sentences apart at which a report sets two figures side by side.
const SIDE_BY_SIDE: usize = 2;
/// Words from which a text that stands in another report was copied.
const COPIED: usize = 8;
/// Words that name no group: everybody who was hurt or came.
const EVERYBODY: &str = " people persons person dead killed injured wounded hurt victims bodies casualties fatalities men man others of \
    in all total were was had have been are is and the a who died arrested detained missing life lives ";
/// Mentions of each claim that are compared.
const SAMPLE: usize = 3;

/// A figure that a claim states.
struct Figure<'a> {
    /// The claim's place among the drafts.
    draft: usize,
    counted: &'a Counted,
    /// When it was first stated.
    first: Option<&'a str>,
    /// When it was stated anew, and by whom.
    anew: Vec<(Option<&'a str>, Option<usize>)>,
    /// The mentions that state it.
    stating: Vec<&'a Item>,
    /// Who states it most often.
    speaker: Option<usize>,
    /// Whether it counts a group of its own and not everybody.
    group: bool,
}

impl Figure<'_> {
    fn is_none(&self) -> bool {
        self.counted.figure.high == 0.0
    }

    /// Whether it counts what happened to people or things, which may go on.
    fn may_grow(&self) -> bool {
        self.counted.of.is_some()
    }
}

/// When somebody first gave each figure of one kind, by who and what was counted.
type Given<'a> = BTreeMap<(usize, &'a str), Vec<(Option<&'a str>, f64)>>;

/// The pairs of claims, out of `members`, whose figures exclude each other.
pub(super) fn rivals<'a>(
    drafts: &'a [Draft],
    members: &[usize],
    actors: &Actors,
    question: Question<'_, 'a>,
) -> Vec<Pair> {
    let all: Vec<Figure<'_>> = members.iter().flat_map(|&k| figures(k, &drafts[k], actors)).collect();
    let mut given = Given::new();
    for figure in &all {
        if let (Some(speaker), Some(of)) = (figure.speaker, figure.counted.of.as_deref()) {
            given.entry((speaker, of)).or_default().push((figure.first, figure.counted.figure.value));
        }
    }
    let mut out = Vec::new();
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    for (n, y) in all.iter().enumerate() {
        for (m, x) in all[..n].iter().enumerate().filter(|(_, x)| x.draft != y.draft) {
            if let Some(why) = rival(x, y, &given, (actors, question)) {
                out.push((x.draft, y.draft, "rival figures", why));
                if !x.may_grow() && !y.may_grow() && side_by_side(x, y, actors) {
                    sizes.push((m, n));
                }
            }
        }
    }
    out.extend(parts(&all, &sizes));
    out.sort();
    out.dedup_by_key(|pair| (pair.0, pair.1));
    out
}

/// What is said to have happened to more of a group than it had.
fn parts(all: &[Figure<'_>], sizes: &[(usize, usize)]) -> Vec<Pair> {
    // Sizes that rival each other, directly or through others, are sizes of one group.
    let mut group: Vec<usize> = (0..all.len()).collect();
    for &(a, b) in sizes {
        let (keep, gone) = (group[a].min(group[b]), group[a].max(group[b]));
        group.iter_mut().filter(|g| **g == gone).for_each(|g| *g = keep);
    }
    let mut out = Vec::new();
    for part in all.iter().filter(|f| f.may_grow() && f.group) {
        let one_group = |n: usize| {
            let mut of_group = (0..all.len()).filter(|&k| group[k] == group[n] && all[k].group);
            of_group.any(|k| closest(part, &all[k]).is_some_and(|unit| unit >= ONE_GROUP))
        };
        for (n, whole) in all.iter().enumerate().filter(|(_, f)| !f.may_grow() && f.draft != part.draft) {
            let more = part.counted.figure.low > whole.counted.figure.high;
            let sized = sizes.iter().any(|&(a, b)| a == n || b == n);
            if more && sized && whole.counted.figure.value >= CROWD && one_group(n) {
                let why = format!("{} is more than {} in all", said(part.counted), said(whole.counted));
                out.push((part.draft.min(whole.draft), part.draft.max(whole.draft), "a part above the whole", why));
            }
        }
    }
    out
}

/// The smallest number whose size is argued about.
const CROWD: f64 = 10.0;
/// Likeness of the things counted from which they are of one group.
const ONE_GROUP: f64 = 0.6;

/// The figures that at least half of those who state a claim give: the one that most give, and that there were none.
fn figures<'a>(place: usize, draft: &'a Draft, actors: &Actors) -> Vec<Figure<'a>> {
    let stating: Vec<&Item> = draft.items.iter().filter(|i| states(i) && !i.features.figures.is_empty()).collect();
    let key = |c: &Counted| {
        let support = stating.iter().filter(|i| has(i, c)).count();
        let same = |d: &&Counted| (d.figure.low, d.figure.high) == (c.figure.low, c.figure.high);
        (support, stating.iter().flat_map(|i| &i.features.figures).filter(same).count(), c.of.is_some())
    };
    let counted = || stating.iter().flat_map(|i| &i.features.figures).filter(|c| !c.part);
    let order = |x: &&Counted, y: &&Counted| key(x).cmp(&key(y)).then(y.figure.span.start.cmp(&x.figure.span.start));
    let best = counted().max_by(order);
    let none = counted().filter(|c| c.figure.high == 0.0).max_by(order);
    let none = none.filter(|n| best.is_none_or(|best| best.figure.high > 0.0 && !std::ptr::eq(*n, best)));
    best.into_iter().chain(none).filter_map(|c| figure(place, c, &stating, actors)).collect()
}

fn figure<'a>(place: usize, counted: &'a Counted, stating: &[&'a Item], actors: &Actors) -> Option<Figure<'a>> {
    let with: Vec<&Item> = stating.iter().copied().filter(|i| has(i, counted)).collect();
    // An outlet that says in passing that nobody was hurt may speak of something else.
    if with.len() * 2 < stating.len() || counted.figure.high == 0.0 && with.iter().all(|i| i.voice) {
        return None;
    }
    let root = |i: &Item| i.speaker.map(|s| actors.root(s));
    let anew = |(n, i): (usize, &&'a Item)| {
        let copied = with[..n].iter().any(|j| j.entry != i.entry && is_copy(i, j));
        (!i.voice && !copied).then(|| (i.mention.published.as_deref(), root(i)))
    };
    Some(Figure {
        draft: place,
        counted,
        first: with.iter().filter_map(|i| i.mention.published.as_deref()).min(),
        anew: with.iter().enumerate().filter_map(anew).collect(),
        speaker: most_frequent(with.iter().filter_map(|i| root(i))),
        group: with.iter().filter(|i| names_group(i, counted)).count() * 3 >= with.len() * 2,
        stating: with,
    })
}

/// Whether one mention has the words of the other.
fn is_copy(a: &Item, b: &Item) -> bool {
    let words = |i: &Item| -> Vec<String> {
        let words = i.mention.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() >= COPIED && long.windows(short.len()).any(|w| *w == short[..])
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
fn rival<'a>(x: &Figure<'a>, y: &Figure<'a>, given: &Given<'_>, by: (&Actors, Question<'_, 'a>)) -> Option<String> {
    let (low, high) = if x.counted.figure.value <= y.counted.figure.value { (x, y) } else { (y, x) };
    if !apart(&x.counted.figure, &y.counted.figure) || !one_question(x, y, by) {
        return None;
    }
    let one_voice = low.speaker.is_some() && low.speaker == high.speaker;
    if !low.is_none() && (one_voice || low.may_grow() && high.may_grow() && !stated_after(low, high, given)) {
        return None;
    }
    Some(format!("{} and {} are rival figures of one question", said(low.counted), said(high.counted)))
}

/// Whether somebody states the lower figure anew when the higher one is out, and has not gone on to another.
fn stated_after(low: &Figure<'_>, high: &Figure<'_>, given: &Given<'_>) -> bool {
    let of = low.counted.of.as_deref().unwrap_or_default();
    low.anew.iter().any(|&(at, by)| {
        let later = at.zip(high.first).is_none_or(|(at, first)| at > first);
        let mut moved_on = by.and_then(|by| given.get(&(by, of))).into_iter().flatten();
        later && !moved_on.any(|&(then, value)| value != low.counted.figure.value && then > low.first && then <= at)
    })
}

/// Whether no number fits both.
fn apart(x: &Number, y: &Number) -> bool {
    x.high < y.low || y.high < x.low
}

fn one_question<'a>(x: &Figure<'a>, y: &Figure<'a>, (actors, question): (&Actors, Question<'_, 'a>)) -> bool {
    let (a, b) = (x.counted, y.counted);
    let (small, large) = (a.figure.value.min(b.figure.value), a.figure.value.max(b.figure.value));
    if small > 0.0 && large > small * FARTHEST {
        return false;
    }
    let typed = (a.of.is_some(), b.of.is_some());
    if typed == (true, true) {
        return a.of == b.of && (x.group == y.group || small == 0.0);
    }
    let beside = typed == (false, false) && side_by_side(x, y, actors);
    let Some(unit) = closest(x, y) else { return beside };
    if unit < ONE_UNIT {
        return beside && x.group != y.group;
    }
    let sample = |f: &Figure<'_>| f.stating.len().min(SAMPLE);
    let pairs = x.stating[..sample(x)].iter().flat_map(|i| y.stating[..sample(y)].iter().map(move |j| (*i, *j)));
    let likeness: f64 = pairs.map(|(i, j)| question(i, j)).sum();
    let likeness = likeness / (sample(x) * sample(y)) as f64;
    beside || likeness >= if typed == (false, false) { ONE_QUESTION } else { ONE_TYPED }
}

/// How alike the things counted are where they are most alike; none when one of the two never names them.
fn closest(x: &Figure<'_>, y: &Figure<'_>) -> Option<f64> {
    let named = |f: &Figure<'_>| -> Vec<Counted> {
        let all = f.stating.iter().flat_map(|i| &i.features.figures).filter(|c| same::pair::agree(c, f.counted));
        all.filter(|c| !c.who.is_empty()).cloned().collect()
    };
    let (x, y) = (named(x), named(y));
    x.iter().flat_map(|a| y.iter().map(move |b| unit(a, b))).max_by(f64::total_cmp)
}

/// Whether a report sets the two side by side as the words of two speakers.
fn side_by_side(x: &Figure<'_>, y: &Figure<'_>, actors: &Actors) -> bool {
    let root = |i: &Item| i.speaker.map(|s| actors.root(s));
    let beside = |i: &Item, j: &Item| {
        let near = i.features.sentence.abs_diff(j.features.sentence) <= SIDE_BY_SIDE;
        i.entry == j.entry && near && root(i).is_some() && root(j).is_some() && root(i) != root(j)
    };
    x.stating.iter().any(|i| y.stating.iter().any(|j| beside(i, j)))
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
