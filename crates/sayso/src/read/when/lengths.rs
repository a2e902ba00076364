//! Lengths and repetitions: "nearly two months", "three-year", "the past few weeks", "every day", "twice a week".

use jiff::ToSpan;

use super::calendar::{Meaning, Unit, duration as value};
use super::context::{Context, Found};
use super::lexicon::Class;
use crate::read::number::{self, Number};

/// A number of units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    /// None when the text leaves it open.
    pub(super) count: Option<f64>,
    pub(super) unit: Unit,
    /// TIMEX3 MOD.
    pub(super) modifier: &'static str,
    pub(super) end: usize,
    /// Where the words after an approximation begin.
    core: usize,
    /// Whether it has an article for a number.
    article: bool,
    /// Whether it is one word with hyphens: "two-week".
    hyphen: bool,
}

/// Words before a number that make it a bound, with TIMEX3 MOD and length.
fn approximation(context: &Context<'_>, k: usize) -> (&'static str, usize) {
    let words = context.words;
    match (words.get(k), words.get(k + 1), words.get(k + 2)) {
        ("no", "more" | "longer", "than") | ("at", "most", _) => {
            ("EQUAL_OR_LESS", k + 2 + usize::from(words.get(k) == "no"))
        }
        ("no", "less" | "fewer", "than") => ("EQUAL_OR_MORE", k + 3),
        ("at", "least", _) => ("EQUAL_OR_MORE", k + 2),
        ("up", "to", _) => ("EQUAL_OR_LESS", k + 2),
        ("more" | "longer", "than", _) => ("MORE_THAN", k + 2),
        ("less" | "fewer", "than", _) => ("LESS_THAN", k + 2),
        ("over", "a" | "an", _) => ("MORE_THAN", k + 1),
        ("over", _, _) if matches!(words.before(k, 1), "for" | "of" | "after" | "than" | "lasted") => {
            ("MORE_THAN", k + 1)
        }
        ("under", _, _) => ("LESS_THAN", k + 1),
        ("nearly" | "almost", _, _) => ("LESS_THAN", k + 1),
        ("about" | "around" | "approximately" | "roughly" | "some", _, _) => ("APPROX", k + 1),
        _ => ("", k),
    }
}

/// A length that begins at `k`: approximation, number, unit.
pub(super) fn length(context: &Context<'_>, k: usize) -> Option<Length> {
    let words = context.words;
    let (modifier, core) = approximation(context, k);
    let mut article = matches!(words.get(core), "a" | "an" | "another");
    let half = words.are(core, &["half", "a"]) || words.are(core, &["half", "an"]);
    let (count, mut at) = if half {
        (Some(0.5), core + 2)
    } else if let Some(n) = number::number(words, core) {
        let n = second_of(context, n);
        article = false;
        (Some(n.low).filter(|_| !n.vague), n.end)
    } else if article {
        (Some(1.0), core + 1)
    } else {
        return None;
    };
    at += usize::from(matches!(words.get(at), "-" | "–" | "‑"));
    at += usize::from(matches!(
        words.get(at),
        "more"
            | "full"
            | "straight"
            | "consecutive"
            | "long"
            | "short"
            | "additional"
            | "further"
            | "whole"
            | "working"
            | "business"
            | "extra"
    ));
    let (unit, plural) = context.unit(at).or_else(|| night(context, at))?;
    let hyphen = at > core && words.get(at - 1) == "-";
    let fraction = unit == Unit::Quarter && plural && (hyphen || words.get(at + 1) == "of");
    let odd = unit == Unit::Second && !plural && !hyphen || article && plural || fraction;
    let joined = words.get(at + 1) == "-"
        && matches!(words.get(at + 2), "earlier" | "ago" | "end" | "over" | "round" | "on" | "to");
    let age = matches!(words.get(at + 1), "old" | "olds")
        || matches!(words.get(at + 1), "-") && words.get(at + 2).starts_with("old")
        || words.are(at + 1, &["of", "age"]);
    if odd || age || joined {
        return None;
    }
    let mut out = Length { count, unit, modifier, end: at + 1, core, article, hyphen };
    if words.are(out.end, &["and", "a", "half"]) && article {
        out = Length { count: Some(1.5), end: out.end + 3, ..out };
    }
    if words.are(out.end, &["or", "so"]) {
        out = Length { modifier: "APPROX", end: out.end + 2, ..out };
    }
    if words.get(out.end) == "-" && words.get(out.end + 1) == "long" && words.glued(out.end) {
        out.end += 2;
    }
    Some(out)
}

/// "two nights": nights are counted as days.
fn night(context: &Context<'_>, k: usize) -> Option<(Unit, bool)> {
    (context.words.get(k) == "night" && context.words.before(k, 1) == "-").then_some((Unit::Day, false))
}

/// The second number of "10 to 14 days", "weeks or months" counts as open.
fn second_of(context: &Context<'_>, first: Number) -> Number {
    let words = context.words;
    if !matches!(words.get(first.end), "to" | "or" | "-" | "–") || first.vague {
        return first;
    }
    match number::number(words, first.end + 1) {
        Some(second) if second.low > first.low && !second.vague => Number { high: second.high, vague: true, ..second },
        _ => first,
    }
}

/// "three years", "the past three months", "the first nine months", "a three-year" (the article stays outside).
pub(super) fn duration(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let mut at = k;
    at += usize::from(matches!(words.get(at), "the" | "its" | "his" | "her" | "their"));
    let way = words.get(at);
    let led = matches!(
        way,
        "last"
            | "past"
            | "next"
            | "first"
            | "coming"
            | "previous"
            | "final"
            | "following"
            | "latest"
            | "remaining"
            | "preceding"
    );
    at += usize::from(led);
    if led || at > k {
        return led_length(context, k, at, if led { way } else { "" });
    }
    let length = length(context, k)?;
    let alone = length.article && length.core == k;
    if alone && !stands(context, k, length.end) {
        return None;
    }
    Some(Found { start: k, end: length.end, meaning: of(length) })
}

/// A length after "the past", "the next", "the": with its place against the report's day.
fn led_length(context: &Context<'_>, k: usize, at: usize, way: &str) -> Option<Found> {
    let length = length(context, at).filter(|l| !(l.article || l.hyphen && way.is_empty()))?;
    let mut meaning = of(length);
    let vague_past = length.count.is_none() && matches!(way, "last" | "past" | "previous");
    let vague_next = length.count.is_none() && matches!(way, "next" | "coming");
    let reach = length.count.filter(|c| c.fract() == 0.0).and_then(|c| length.unit.length(c as i64));
    if let Some((today, reach)) = context.today.map(|d| d.at(0, 0, 0, 0)).zip(reach) {
        let tomorrow = today.checked_add(1.day()).unwrap_or(today);
        meaning.interval = match way {
            "last" | "past" => tomorrow.checked_sub(reach).ok().map(|from| (from, tomorrow)),
            "next" | "coming" => today.checked_add(reach).ok().map(|to| (today, to)),
            _ => None,
        };
    }
    if vague_past || vague_next {
        meaning.precision = "";
    }
    Some(Found { start: k, end: length.end, meaning })
}

fn of(length: Length) -> Meaning {
    let mut meaning = Meaning::bare("DURATION", value(length.count, length.unit));
    meaning.modifier = length.modifier;
    meaning
}

/// Whether "a week" is a length and not a rate: what stands around it says so.
fn stands(context: &Context<'_>, k: usize, end: usize) -> bool {
    let words = context.words;
    matches!(
        words.before(k, 1),
        "for"
            | "in"
            | "within"
            | "after"
            | "than"
            | "over"
            | "least"
            | "took"
            | "takes"
            | "take"
            | "lasted"
            | "last"
            | "spent"
            | "only"
            | "just"
            | "about"
            | "nearly"
            | "almost"
            | "once"
            | "of"
            | "every"
            | "half"
            | "under"
            | "around"
            | "through"
            | "quarter"
    ) && !matches!(words.before(k, 2), "twice" | "times")
        || matches!(words.get(end), "after" | "before" | "-")
}

/// "weeks", "months of fighting": a length that the text leaves open.
pub(super) fn bare(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let the = usize::from(words.get(k) == "the" || words.get(k) == "many");
    let (unit, true) = context.unit(k + the)? else { return None };
    let lead =
        matches!(words.before(k, 1), "for" | "within" | "in" | "over" | "after" | "through" | "throughout" | "until");
    let next = words.get(k + the + 1);
    let follow = matches!(next, "after" | "before");
    if next == "ago" || next == "later" || next == "earlier" {
        let reference = if next == "later" { "FUTURE_REF" } else { "PAST_REF" };
        return Some(Found { start: k, end: k + the + 2, meaning: Meaning::bare("DATE", reference) });
    }
    (lead || follow).then(|| Found {
        start: k,
        end: k + the + 1,
        meaning: Meaning::bare("DURATION", value(None, unit)),
    })
}

/// "daily", "every week", "each of the past three years", "twice a month", "on Mondays".
pub(super) fn set(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let found = |end: usize, value: String| Some(Found { start: k, end, meaning: Meaning::bare("SET", value) });
    match context.class(k) {
        Class::Set(value) => return found(k + 1, value.to_owned()),
        Class::Weekdays(number) => return found(k + 1, format!("XXXX-WXX-{number}")),
        _ => {}
    }
    match words.get(k) {
        "every" | "each" => every(context, k),
        "a" | "per" => {
            let (unit, plural) = context.unit(k + 1)?;
            let counted = words.get(k) == "per" || rate(context, k);
            (counted && !plural).then(|| found(k + 2, value(Some(1.0), unit)))?
        }
        "once" | "twice" => {
            let (unit, plural) = context.unit(k + 2).filter(|_| matches!(words.get(k + 1), "a" | "every" | "per"))?;
            (!plural).then(|| found(k + 3, value(Some(1.0), unit)))?
        }
        _ => None,
    }
}

/// Whether "a day" says how often: "three times a day". After sums ("$2 a year") the corpora do not count it.
fn rate(context: &Context<'_>, k: usize) -> bool {
    let words = context.words;
    let last = words.before(k, 1);
    matches!(last, "times" | "hours" | "minutes" | "days" | "once" | "twice")
}

fn every(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let found = |end: usize, value: String| Some(Found { start: k, end, meaning: Meaning::bare("SET", value) });
    let at = k + 1 + usize::from(words.get(k + 1) == "other");
    let times = if at > k + 1 { 2.0 } else { 1.0 };
    if let Some((number, end)) = context.weekday_at(at) {
        return found(end, format!("XXXX-WXX-{number}"));
    }
    if let Class::Part(part) = context.class(at) {
        return found(at + 1, format!("XXXX-XX-XXT{part}"));
    }
    if let Some((month, end)) = context.month_at(at) {
        return found(end, format!("XXXX-{month:02}"));
    }
    if let Some((unit, _)) = context.unit(at) {
        return found(at + 1, value(Some(times), unit));
    }
    let length = length(context, at).filter(|l| l.count.is_some())?;
    found(length.end, value(length.count, length.unit))
}
