//! When: dates, times, durations and sets, with TIMEX3 values.
//!
//! In: a [`Document`]. Out: its [`Time`]s in the order of the text, each with the rule that read it, and a notice
//! when the report has no date. May not happen: a time placed on the calendar that the text and the report's date
//! do not place; a zone that the text does not state.
//!
//! At every word that can begin a time each rule may read on; the longest reading wins, then the earlier rule.

mod calendar;
mod clock;
mod context;
mod dates;
mod lengths;
mod lexicon;
mod relative;
mod tense;
mod vague;

use super::Document;
use super::words::Words;
use crate::notice::{Code, Notice};
use crate::reading::{Reading, Time};

use context::{Context, Found};
use lexicon::Class;

/// A rule: what begins at this word, if it can read it.
type Rule = fn(&Context<'_>, usize) -> Option<Found>;

/// All rules, by name, in order.
const RULES: [(&str, Rule); 24] = [
    ("clock", clock::clock),
    ("noon", clock::noon),
    ("weekday", relative::weekday),
    ("day word", relative::day_word),
    ("date", dates::date),
    ("numeric date", dates::numeric),
    ("month", dates::month),
    ("year", dates::year),
    ("year in words", dates::year_in_words),
    ("decade", dates::decade),
    ("century", dates::century),
    ("season", dates::season),
    ("holiday", dates::holiday),
    ("quarter", dates::quarter),
    ("half-year", dates::half),
    ("week of", dates::week_of),
    ("this or that", relative::this_or_that),
    ("ago", relative::ago),
    ("year-earlier", relative::year_earlier),
    ("part of a stretch", relative::part_of),
    ("set", lengths::set),
    ("duration", lengths::duration),
    ("bare units", lengths::bare),
    ("phrase", vague::phrase),
];

/// Fills the reading's times.
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    let (times, notices) = find(document);
    reading.times = times;
    reading.notices.extend(notices);
}

/// Every time in the report.
pub fn find(doc: &Document<'_>) -> (Vec<Time>, Vec<Notice>) {
    let words = Words::new(doc);
    let mut context = Context::new(&words, doc.report.published.as_deref());
    let mut times = Vec::new();
    let mut unplaced = None;
    let mut k = 0;
    while k < words.len() {
        let Some((found, rule)) = longest(&context, k) else {
            k += 1;
            continue;
        };
        context.remember(&found, rule);
        let span = words.span(found.start, found.end);
        if found.meaning.relative {
            unplaced.get_or_insert(span);
        }
        k = found.end.max(k + 1);
        times.push(time(found, span, rule));
    }
    let notice = unplaced.map(|span| {
        Notice::new(
            Code::NoDate,
            "The report has no date, so relative times stay relative; give the date to place them.",
        )
        .at(span)
    });
    (times, notice.into_iter().collect())
}

fn longest(context: &Context<'_>, k: usize) -> Option<(Found, &'static str)> {
    if context.class(k) == Class::Other {
        return None;
    }
    let mut best: Option<(Found, &'static str)> = None;
    for (name, rule) in RULES {
        if let Some(found) = rule(context, k)
            && best.as_ref().is_none_or(|b| found.end > b.0.end)
        {
            best = Some((found, name));
        }
    }
    best
}

fn time(found: Found, span: crate::span::Span, rule: &str) -> Time {
    let (from, to) = found.meaning.bounds();
    Time {
        span,
        kind: found.meaning.kind.to_owned(),
        value: found.meaning.value,
        from,
        to,
        precision: found.meaning.precision.to_owned(),
        modifier: found.meaning.modifier.to_owned(),
        rule: rule.to_owned(),
    }
}
