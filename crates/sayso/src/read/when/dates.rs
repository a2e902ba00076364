//! Dates by the calendar: days, months, years, decades, centuries, seasons, quarters, holidays.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::calendar::{self, Meaning, weekday};
use super::context::{Context, Found};
use super::lexicon::{Class, Holiday, LEXICON};
use super::relative;
use super::tense::Tense;
use crate::read::number;

/// Prepositions and other words after which a bare number can be a year, and "May" a month.
const BEFORE_DATES: [&str; 36] = [
    "in",
    "since",
    "of",
    "by",
    "from",
    "until",
    "till",
    "to",
    "between",
    "during",
    "for",
    "through",
    "throughout",
    "before",
    "after",
    "early",
    "late",
    "mid",
    "and",
    "or",
    "the",
    "around",
    "about",
    "last",
    "next",
    "this",
    "past",
    "than",
    "over",
    "-",
    "(",
    "on",
    "every",
    "each",
    "as",
    "circa",
];

/// The four-digit year at `k`.
pub(super) fn year_at(context: &Context<'_>, k: usize) -> Option<i16> {
    let words = context.words;
    let year: i16 =
        Some(words.get(k)).filter(|w| w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    let sum = k > 0 && words.glued(k - 1) && matches!(words.get(k - 1), "$" | "£" | "€" | "." | "," | "#" | "/" | ":");
    let more = words.glued(k)
        && matches!(words.get(k + 1), "." | "," | "%" | "/" | ":")
        && words.glued(k + 1)
        && words.get(k + 2).starts_with(|c: char| c.is_ascii_digit());
    (!sum && !more && (1000..2100).contains(&year)).then_some(year)
}

/// The number of a day at `k` ("5", "5th", "fifth") and one past it.
fn day_number(context: &Context<'_>, k: usize) -> Option<(i8, usize)> {
    let words = context.words;
    let plain = words.get(k).parse::<i8>().ok().filter(|_| words.get(k).len() < 3).map(|n| (n, k + 1));
    let (n, end) =
        plain.or_else(|| number::ordinal(words, k).and_then(|(n, end)| Some((i8::try_from(n).ok()?, end))))?;
    (1..=31).contains(&n).then_some((n, end))
}

/// "March 26, 1996", "26 March", "the 26th of March", "Aug. 2", "March 3-5", "Monday, Oct. 26".
pub(super) fn date(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    if let Some((number, end)) = context.weekday_at(k) {
        let comma = usize::from(words.get(end) == ",");
        let the = usize::from(words.get(end + comma) == "the");
        let found = date_from(context, end + comma + the, Some(number))?;
        return Some(Found { start: k, ..found });
    }
    date_from(context, k, None)
}

fn date_from(context: &Context<'_>, k: usize, weekday: Option<i8>) -> Option<Found> {
    let words = context.words;
    let start = k;
    let k = k + usize::from(words.get(k) == "the");
    let (month, day, last, end) = if let Some((month, next)) = context.month_at(k).filter(|_| k == start) {
        let next = next + usize::from(words.get(next) == "the");
        let (day, end) = day_number(context, next)?;
        let decimal = words.glued(end - 1)
            && matches!(words.get(end), "." | "," | ":" | "%")
            && words.glued(end)
            && words.get(end + 1).starts_with(|c: char| c.is_ascii_digit())
            && words.get(end + 1).len() != 4;
        if decimal || matches!(words.get(end), "percent" | "%" | "million" | "billion") {
            return None;
        }
        let (last, end) = range_end(context, day, end);
        (month, day, last, end)
    } else {
        let (day, end) = day_number(context, k)?;
        let (last, end) = range_end(context, day, end);
        let of = usize::from(words.get(end) == "of");
        let (month, end) = context.month_at(end + of)?;
        if k > start && of == 0 && words.get(k).len() < 3 {
            return None;
        }
        (month, day, last, end)
    };
    let comma = usize::from(words.get(end) == ",");
    let (stated, end) = match (year_at(context, end + comma), relative::year_word(context, end + comma)) {
        (Some(year), _) => (Some(year), end + comma + 1),
        (None, Some((year, end))) if comma == 0 => (year, end),
        _ => (None, end),
    };
    let meaning = placed(context, stated, (month, day), weekday, (start, end));
    Some(Found { start, end, meaning: spread(meaning, day, last) })
}

/// The last day of "3-5", "3 to 5", and where it ends.
fn range_end(context: &Context<'_>, first: i8, end: usize) -> (i8, usize) {
    let words = context.words;
    let dash = matches!(words.get(end), "-" | "–" | "—") && words.glued(end - 1) || words.get(end) == "to";
    match day_number(context, end + 1)
        .filter(|(last, next)| dash && *last > first && !words.get(*next).starts_with("percent"))
    {
        Some((last, next)) => (last, next),
        None => (first, end),
    }
}

/// A day of the calendar with its year, stated or by tense and weekday.
fn placed(
    context: &Context<'_>,
    stated: Option<i16>,
    (month, day): (i8, i8),
    on: Option<i8>,
    at: (usize, usize),
) -> Meaning {
    let in_year = |year: i16| Date::new(year, month, day).ok();
    if let Some(year) = stated {
        return in_year(year).map_or_else(|| Meaning::relative(format!("{year:04}-{month:02}"), "month"), Meaning::day);
    }
    let relative = || Meaning::relative(format!("XXXX-{month:02}-{day:02}"), "day");
    if let Some(found) = on.and_then(weekday).and_then(|target| {
        let near = context.today?.year();
        [near, near - 1, near + 1].into_iter().filter_map(in_year).find(|d| d.weekday() == target)
    }) {
        return Meaning::day(found);
    }
    let tense = context.tense(at.0, at.1);
    context.nearest(|year| in_year(year).map(Meaning::day), tense).unwrap_or_else(relative)
}

/// A first day stretched over several: the value is an ISO interval.
fn spread(meaning: Meaning, first: i8, last: i8) -> Meaning {
    let days = i64::from(last - first);
    match meaning.interval.filter(|_| days > 0) {
        Some((start, end)) => {
            let end: DateTime = end.checked_add(days.days()).unwrap_or(end);
            let final_day = start.checked_add(days.days()).map_or(start.date(), DateTime::date);
            Meaning { value: format!("{}/{final_day}", meaning.value), interval: Some((start, end)), ..meaning }
        }
        None => meaning,
    }
}

/// "2025-03-04", "03/04/2025" (month first, as American texts have it, unless that cannot be).
pub(super) fn numeric(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let sign = words.get(k + 1);
    let tight = (k..k + 4).all(|n| words.glued(n)) && matches!(sign, "-" | "/" | ".") && words.get(k + 3) == sign;
    if !tight || k > 0 && words.glued(k - 1) {
        return None;
    }
    let part = |n: usize| {
        words.get(k + n).parse::<i16>().ok().filter(|_| words.get(k + n).bytes().all(|b| b.is_ascii_digit()))
    };
    let (a, b, c) = (part(0)?, part(2)?, part(4)?);
    let (year, month, day) = match (words.get(k).len(), words.get(k + 4).len()) {
        (4, _) => (a, b, c),
        (_, 4) if sign == "." || a > 12 => (c, b, a),
        (_, 4) => (c, a, b),
        _ => return None,
    };
    let day = Date::new(year, month as i8, day as i8).ok().filter(|_| year > 0)?;
    Some(Found { start: k, end: k + 5, meaning: Meaning::day(day) })
}

/// "March", "March 1996", "March of this year", "last March", "mid-March" (see `part_of`).
pub(super) fn month(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let direction = match words.get(k) {
        "last" => Some(-1),
        "next" => Some(1),
        "this" => Some(0),
        _ => None,
    };
    let mut at = k + usize::from(direction.is_some());
    at += usize::from(direction.is_some() && matches!(words.get(at), "past" | "coming"));
    let (month, end) = context.month_at(at)?;
    let verb_like = matches!(words.get(at), "may" | "march" | "mar" | "august");
    let lead = direction.is_some() || BEFORE_DATES.contains(&words.before(at, 1));
    let of = usize::from(words.get(end) == "of" || words.get(end) == ",");
    let stated =
        year_at(context, end + of).map(|y| (Some(y), end + of + 1)).or_else(|| relative::year_word(context, end + of));
    if verb_like && !lead && stated.is_none() {
        return None;
    }
    let in_year = |year: i16| Date::new(year, month, 1).ok().map(Meaning::month);
    let relative = || Meaning::relative(format!("XXXX-{month:02}"), "month");
    let (meaning, end) = match (stated, direction) {
        (Some((year, end)), _) => (year.and_then(in_year), end),
        (None, Some(way)) => (directed(context, month, way), end),
        (None, None) => (context.nearest(in_year, context.tense(k, end)), end),
    };
    Some(Found { start: k, end, meaning: meaning.unwrap_or_else(relative) })
}

fn directed(context: &Context<'_>, month: i8, way: i16) -> Option<Meaning> {
    let today = context.today?;
    let year = match way {
        -1 if month >= today.month() => today.year() - 1,
        1 if month <= today.month() => today.year() + 1,
        _ => today.year(),
    };
    Date::new(year, month, 1).ok().map(Meaning::month)
}

/// "1996", "the year 2000", "1990-91".
pub(super) fn year(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let named = words.are(k, &["the", "year"]) || words.are(k, &["year"]);
    let at = k + if words.get(k) == "the" { 2 } else { usize::from(words.get(k) == "year") };
    if at > k && !named {
        return None;
    }
    let year = year_at(context, at)?;
    let before = words.before(at, 1);
    let next = words.get(at + 1);
    let lead = named || BEFORE_DATES.contains(&before) && before != "for";
    let counted = matches!(
        next,
        "people"
            | "men"
            | "women"
            | "troops"
            | "tons"
            | "tonnes"
            | "times"
            | "feet"
            | "percent"
            | "per"
            | "meters"
            | "metres"
    ) || next.len() > 3 && next.ends_with('s') && !words.capital(at + 1) && !lead
        || context.unit(at + 1).is_some();
    let word_glued =
        at > 0 && words.glued(at - 1) && before == "-" && words.before(at, 2).bytes().any(|b| b.is_ascii_digit());
    if counted
        || word_glued
        || !(lead || (1900..2050).contains(&year))
        || year < 1500 && !matches!(before, "in" | "since" | "of" | "year")
    {
        return None;
    }
    let meaning = Meaning::year(year);
    let short = words.get(at + 2);
    if matches!(words.get(at + 1), "-" | "–") && words.glued(at) && words.glued(at + 1) && matches!(short.len(), 2 | 4)
    {
        let last = short.parse::<i16>().ok().map(|y| if short.len() == 2 { year / 100 * 100 + y } else { y });
        if let Some(last) = last.filter(|y| (year + 1..year + 100).contains(y)) {
            let value = format!("{year}/{last}");
            let interval = meaning.interval.zip(Meaning::year(last).interval).map(|(a, b)| (a.0, b.1));
            return Some(Found { start: k, end: at + 3, meaning: Meaning { value, interval, ..meaning } });
        }
    }
    Some(Found { start: k, end: at + 1, meaning })
}

/// "nineteen ninety-four", "the year two thousand".
pub(super) fn year_in_words(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let lead = 2 * usize::from(words.are(k, &["the", "year"]));
    if lead > 0 && words.get(k + 2) == "two" {
        let number = number::number(words, k + 2).filter(|n| (1900.0..2100.0).contains(&n.low))?;
        return Some(Found { start: k, end: number.end, meaning: Meaning::year(number.low as i16) });
    }
    let hundreds = match words.get(k + lead) {
        "nineteen" => 1900,
        "twenty" => 2000,
        _ => return None,
    };
    let rest =
        number::number(words, k + lead + 1).filter(|n| !n.digits && !n.vague && (10.0..100.0).contains(&n.low))?;
    let counted = context.unit(rest.end).is_some();
    (!counted).then(|| Found { start: k, end: rest.end, meaning: Meaning::year(hundreds + rest.low as i16) })
}

/// "the 1990s", "'90s", "the nineties".
pub(super) fn decade(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let mut at = k + usize::from(words.get(k) == "the");
    at += usize::from(matches!(words.get(at), "'" | "’"));
    if let Class::Decade(decade) = context.class(at).to_owned() {
        return (at > k).then(|| Found { start: k, end: at + 1, meaning: Meaning::decade(decade) });
    }
    let (digits, end) = match words.get(at).strip_suffix('s') {
        Some(digits) => (digits, at + 1),
        None if matches!(words.get(at + 1), "'" | "’") && words.get(at + 2) == "s" => (words.get(at), at + 3),
        None => return None,
    };
    let number: i16 = digits.parse().ok()?;
    let decade = match digits.len() {
        4 if number % 10 == 0 && (1000..2100).contains(&number) => number / 10,
        2 if at > k && number % 10 == 0 => number / 10 + if number < 20 { 200 } else { 190 },
        _ => return None,
    };
    let possessive = end == at + 3 && number % 10 != 0;
    (!possessive).then(|| Found { start: k, end, meaning: Meaning::decade(decade) })
}

/// "the 20th century".
pub(super) fn century(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let at = k + usize::from(words.get(k) == "the");
    let (n, end) = number::ordinal(words, at)?;
    let end = end + usize::from(words.get(end) == "-");
    let century = i16::try_from(n).ok().filter(|n| (1..=22).contains(n))? - 1;
    (words.get(end) == "century").then(|| Found { start: k, end: end + 1, meaning: Meaning::century(century) })
}

/// "last summer", "the winter of 1994", "this spring", "in summer".
pub(super) fn season(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let lead = words.get(k);
    let mut at = k;
    while at < k + 3 && matches!(words.get(at), "the" | "last" | "next" | "this" | "past" | "coming") {
        at += 1;
    }
    let Class::Season(season) = context.class(at) else { return None };
    let of = usize::from(words.get(at + 1) == "of");
    if let Some(year) = year_at(context, at + 1 + of) {
        return Some(Found { start: k, end: at + 2 + of, meaning: Meaning::season(year, season) });
    }
    if let Some(found) = year_in_words(context, at + 1 + of) {
        let meaning = found.meaning.first_day().map(|d| Meaning::season(d.year(), season))?;
        return Some(Found { start: k, end: found.end, meaning });
    }
    let verb_like = matches!(words.get(at), "spring" | "fall");
    let placed = matches!(words.before(at, 1), "last" | "next" | "this" | "past" | "coming");
    let plain = !verb_like
        && (at > k
            || matches!(words.before(k, 1), "in" | "since" | "by" | "until" | "during" | "early" | "late" | "of"));
    let the_fall = verb_like
        && words.before(at, 1) == "the"
        && matches!(words.before(k, 1), "in" | "by" | "until")
        && words.get(at + 1) != "of";
    if !(placed || plain || the_fall) {
        return None;
    }
    let relative = || Meaning::relative(format!("XXXX-{season}"), "season");
    let Some(today) = context.today else { return Some(Found { start: k, end: at + 1, meaning: relative() }) };
    let of_year = |year: i16| Meaning::season(year, season);
    let this = of_year(today.year());
    let begun = this.first_day().is_some_and(|d| d <= today);
    let over = this.interval.is_some_and(|i| i.1.date() <= today);
    let meaning = match lead {
        "last" if over => this,
        "last" => of_year(today.year() - 1),
        "next" if begun => of_year(today.year() + 1),
        "next" | "this" => this,
        _ => context.nearest(|year| Some(of_year(year)), context.tense(k, at + 1)).unwrap_or_else(relative),
    };
    Some(Found { start: k, end: at + 1, meaning })
}

/// Holidays of `data/holidays.tsv`, with or without a year.
pub(super) fn holiday(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    if !words.capital(k) {
        return None;
    }
    let fits = |name: &[&str]| {
        name.iter().enumerate().all(|(n, w)| words.get(k + n) == *w || *w == "'" && words.get(k + n) == "’")
    };
    let (name, rule) = LEXICON.holidays.iter().filter(|h| fits(&h.0)).max_by_key(|h| h.0.len())?;
    let end = k + name.len();
    let in_year = |year: i16| day_of_holiday(*rule, year).map(Meaning::day);
    if let Some(year) = year_at(context, end + usize::from(words.get(end) == ",")) {
        let end = end + 1 + usize::from(words.get(end) == ",");
        return Some(Found { start: k, end, meaning: in_year(year)? });
    }
    let relative = || Meaning::relative("XXXX-XX-XX", "day");
    let meaning = context.nearest(in_year, context.tense(k, end)).unwrap_or_else(relative);
    Some(Found { start: k, end, meaning })
}

fn day_of_holiday(rule: Holiday, year: i16) -> Option<Date> {
    match rule {
        Holiday::Fixed(month, day) => Date::new(year, month, day).ok(),
        Holiday::Nth(month, nth, day) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday(day)?).ok(),
        Holiday::Easter(days) => calendar::easter(year)?.checked_add(i64::from(days).days()).ok(),
    }
}

/// "the third quarter", "third-quarter", "the fiscal second quarter of 1990", "the latest quarter".
pub(super) fn quarter(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let mut at = k;
    let (mut fiscal, mut earlier) = (0, false);
    while at < k + 6 {
        match words.get(at) {
            "the" | "its" | "this" | "-" if at > k || words.get(at) != "-" => {}
            "fiscal" => fiscal += 1,
            "year" if matches!(words.get(at + 2), "earlier" | "ago") && words.get(at + 1) == "-" => {
                (earlier, at) = (true, at + 2)
            }
            _ => break,
        }
        at += 1;
    }
    let (number, next) = number::ordinal(words, at).filter(|(n, _)| *n < 5)?;
    let next = next + usize::from(words.get(next) == "fiscal") + usize::from(words.get(next) == "-");
    let adjective = words.before(next, 1) == "-" && matches!(words.get(k), "the" | "its" | "this");
    if words.get(next) != "quarter" || words.get(at + 1) == "of" || adjective {
        return None;
    }
    let end = next + 1;
    let month = (number as i8 - 1) * 3 + 1;
    let in_year = |year: i16| Date::new(year, month, 1).ok().map(Meaning::quarter);
    let of = usize::from(words.get(end) == "of");
    let stated =
        year_at(context, end + of).map(|y| (Some(y), end + of + 1)).or_else(|| relative::year_word(context, end + of));
    let (meaning, end) = match stated {
        Some((year, end)) => (year.and_then(in_year), end),
        None => (quarter_by_tense(context, in_year, (k, end), earlier), end),
    };
    let relative = || Meaning::relative(format!("XXXX-Q{number}"), "quarter");
    let mut meaning = meaning.unwrap_or_else(relative);
    if fiscal > 0 {
        meaning.modifier = "FISCAL";
    }
    Some(Found { start: k, end, meaning })
}

/// The quarter of this year once it has begun; before that of last year, unless the verb points ahead.
fn quarter_by_tense(
    context: &Context<'_>,
    in_year: impl Fn(i16) -> Option<Meaning>,
    at: (usize, usize),
    earlier: bool,
) -> Option<Meaning> {
    let today = context.today?;
    let this = in_year(today.year())?;
    let begun = this.first_day().is_some_and(|d| d <= today);
    let year = if begun || context.tense(at.0, at.1) == Tense::Future { today.year() } else { today.year() - 1 };
    in_year(year - i16::from(earlier))
}

/// "the first half of 1990", "the second half".
pub(super) fn half(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let at = k + usize::from(words.get(k) == "the");
    let half = match words.get(at) {
        "first" => 1,
        "second" | "last" => 2,
        _ => return None,
    };
    if words.get(at + 1) != "half" || words.get(at + 2) != "of" {
        return None;
    }
    let (year, end) = match year_at(context, at + 3) {
        Some(year) => (year, at + 4),
        None => relative::year_word(context, at + 3).and_then(|(year, end)| Some((year?, end)))?,
    };
    Some(Found { start: k, end, meaning: Meaning::half(year, half) })
}

/// "the week of March 6".
pub(super) fn week_of(context: &Context<'_>, k: usize) -> Option<Found> {
    if !context.words.are(k, &["the", "week", "of"]) {
        return None;
    }
    let found = date(context, k + 3)?;
    let day = found.meaning.first_day()?;
    Some(Found { start: k, end: found.end, meaning: Meaning::week(day) })
}
