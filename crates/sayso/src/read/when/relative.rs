//! Times by their distance from the report or from a time before them: "Tuesday night", "last week", "two years ago".

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Meaning, Unit, duration};
use super::context::{Context, Found};
use super::dates;
use super::lengths;
use super::lexicon::Class;
use super::tense::Tense;

/// A day that is not a date: a weekday with "last" or "next", or a day word.
pub(super) fn plain_day(context: &Context<'_>, k: usize) -> Option<Found> {
    weekday(context, k)
        .or_else(|| day_word(context, k))
        .or_else(|| dates::date(context, k))
        .filter(|f| f.meaning.precision == "day")
}

/// "Tuesday", "last Tuesday", "Tuesday night".
pub(super) fn weekday(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let lead = words.get(k);
    let mut at = k + usize::from(matches!(lead, "last" | "next" | "this" | "past" | "coming"));
    at += usize::from(at > k && matches!(words.get(at), "past" | "coming"));
    let (number, end) = context.weekday_at(at)?;
    let tense = match lead {
        "last" | "past" => Tense::Past,
        "next" | "coming" => Tense::Future,
        _ => context.tense(k, end),
    };
    let mut meaning = context.weekday(number, tense);
    let same_day = meaning.first_day().is_some() && meaning.first_day() == context.today;
    if same_day && at > k && lead != "this" {
        meaning = shifted(&meaning, if tense == Tense::Future { 7 } else { -7 });
    }
    let early = match (words.before(k, 2), words.before(k, 1)) {
        ("early", "on") => "START",
        ("late", "on") => "END",
        _ => "",
    };
    let found = with_part(context, k, end, meaning);
    Some(Found { meaning: found.meaning.with(early), ..found })
}

fn shifted(meaning: &Meaning, days: i64) -> Meaning {
    meaning.first_day().and_then(|d| d.checked_add(days.days()).ok()).map_or_else(|| meaning.clone(), Meaning::day)
}

/// "today", "yesterday morning", "the day before yesterday", "overnight".
pub(super) fn day_word(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let (at, extra) = match (
        words.are(k, &["the", "day", "before", "yesterday"]),
        words.are(k, &["the", "day", "after", "tomorrow"]),
    ) {
        (true, _) => (k + 3, -1),
        (_, true) => (k + 3, 1),
        _ => (k, 0),
    };
    let relative = || Meaning::relative("XXXX-XX-XX", "day");
    match context.class(at) {
        Class::Day(days) => {
            let day = context.today.and_then(|d| d.checked_add(i64::from(days + extra).days()).ok());
            Some(with_part(context, k, at + 1, day.map_or_else(relative, Meaning::day)))
        }
        Class::DayPart(part) if at == k => {
            let meaning = match context.today {
                Some(day) if words.get(k) == "overnight" => overnight(day),
                Some(day) => Meaning::part(day, part),
                None => Meaning { kind: "TIME", ..Meaning::relative(format!("XXXX-XX-XXT{part}"), "part of day") },
            };
            Some(Found { start: k, end: k + 1, meaning })
        }
        _ => None,
    }
}

/// In news "overnight" is the night that ended on the day of the report.
fn overnight(day: Date) -> Meaning {
    let mut meaning = Meaning::part(day, "NI");
    meaning.interval = meaning.interval.and_then(|(start, end)| {
        let back = |m: jiff::civil::DateTime| m.checked_sub(1.day()).ok();
        Some((back(start)?, back(end)?))
    });
    meaning
}

/// A day with the part of the day that follows it.
fn with_part(context: &Context<'_>, start: usize, end: usize, meaning: Meaning) -> Found {
    match (context.class(end), meaning.first_day()) {
        (Class::Part(part), Some(day)) => Found { start, end: end + 1, meaning: Meaning::part(day, part) },
        (Class::Part(part), None) => {
            let value = format!("{}T{part}", meaning.value);
            Found { start, end: end + 1, meaning: Meaning { kind: "TIME", ..Meaning::relative(value, "part of day") } }
        }
        (Class::Unit(Unit::Day, false), _) => Found { start, end, meaning },
        _ => Found { start, end, meaning },
    }
}

/// How "last", "this", "next", "the following" move from their base, and whether the base is the text's own time.
fn step(word: &str) -> Option<(i64, bool)> {
    Some(match word {
        "last" | "past" | "latest" => (-1, false),
        "previous" | "preceding" => (-1, true),
        "this" | "current" => (0, false),
        "that" | "same" => (0, true),
        "next" | "coming" => (1, false),
        "following" => (1, true),
        _ => return None,
    })
}

/// "last week", "the current year", "this morning", "the following day", "that same night".
pub(super) fn this_or_that(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let mut at = k + usize::from(matches!(words.get(k), "the" | "its" | "his" | "her" | "their"));
    let first = words.get(at);
    if let Some(found) = the_year(context, k, at) {
        return Some(found);
    }
    let (mut count, mut own) = step(first)?;
    at += 1;
    if matches!((first, words.get(at)), ("this", "past" | "coming") | ("that", "same") | ("this", "same")) {
        (count, own) = step(words.get(at))?;
        at += 1;
    }
    at += usize::from(matches!(words.get(at), "fiscal" | "calendar"));
    if let Class::Part(part) = context.class(at) {
        return part_of_day(context, k, at, (count, own, part));
    }
    let (unit, plural) = context.unit(at)?;
    if plural || unit.of_clock() {
        return None;
    }
    let day = first == "next" && unit == Unit::Day;
    let base = if own || day { meant(context, k, unit) } else { context.today };
    let meaning = match base {
        Some(base) => Meaning::of_unit(Context::moved(base, unit, count)?, unit),
        None => Meaning::unplaced(unit),
    };
    Some(Found { start: k, end: at + 1, meaning })
}

/// "the weekend", "for the year": the report's own, or the last; "the year ended June 30" is a length.
fn the_year(context: &Context<'_>, k: usize, at: usize) -> Option<Found> {
    let words = context.words;
    let next = at + usize::from(matches!(words.get(at), "full" | "fiscal"));
    if words.get(k) != "the"
        || !matches!(words.before(k, 1), "for" | "of" | "in" | "during" | "throughout" | "over" | "on")
    {
        return None;
    }
    let ends =
        matches!(words.get(next + 1), "ended" | "ending" | "to" | "of" | "when" | "before" | "after" | "since" | "-");
    let meaning = match words.get(next) {
        "weekend" if !ends => context.today.map(|d| {
            let days = i64::from(d.weekday().to_monday_one_offset());
            Meaning::weekend(d.checked_sub((if days > 5 { 0 } else { days }).days()).unwrap_or(d))
        }),
        "year" if words.get(next + 1) == "ended" || words.get(next + 1) == "ending" || words.get(at) == "fiscal" => {
            Some(Meaning::bare("DURATION", "P1Y"))
        }
        "year" if !ends => context.today.map(|d| Meaning::year(d.year())),
        _ => return None,
    };
    Some(Found { start: k, end: next + 1, meaning: meaning.unwrap_or_else(|| Meaning::unplaced(Unit::Year)) })
}

/// The day that "that day" and the like start from: the last one the text named, else the report's.
fn meant(context: &Context<'_>, k: usize, unit: Unit) -> Option<Date> {
    let longer = context.stretch_meant(k).filter(|_| unit > Unit::Week);
    longer.or_else(|| context.day_meant(k)).or(context.today)
}

fn part_of_day(
    context: &Context<'_>,
    start: usize,
    at: usize,
    (count, own, part): (i64, bool, &'static str),
) -> Option<Found> {
    let words = context.words;
    let next = words.before(at, 1) == "next";
    // "last night" is the one before the report; "last evening" likewise. "the next morning" follows the text's day.
    let base = if own || next { meant(context, start, Unit::Day) } else { context.today };
    let meaning = match base {
        Some(base) => Meaning::part(base.checked_add(count.days()).ok()?, part),
        None => Meaning { kind: "TIME", ..Meaning::relative(format!("XXXX-XX-XXT{part}"), "part of day") },
    };
    Some(Found { start, end: at + 1, meaning })
}

/// The year after a month or quarter: "last year", "of this year"; and where it ends.
pub(super) fn year_word(context: &Context<'_>, k: usize) -> Option<(Option<i16>, usize)> {
    let words = context.words;
    let (count, _) = step(words.get(k)).filter(|_| words.get(k + 1) == "year")?;
    Some((context.today.map(|d| d.year() + count as i16), k + 2))
}

/// "two years ago", "a week later", "three days earlier", "two months from now".
pub(super) fn ago(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let length = lengths::length(context, k)?;
    let (sign, own, end) = match words.get(length.end) {
        "ago" => (-1, false, length.end + 1),
        "earlier" | "previously" => (-1, true, length.end + 1),
        "later" | "afterwards" | "afterward" => (1, true, length.end + 1),
        "hence" => (1, false, length.end + 1),
        "from" if words.get(length.end + 1) == "now" => (1, false, length.end + 2),
        _ => return None,
    };
    let vague = if sign < 0 { "PAST_REF" } else { "FUTURE_REF" };
    let found = |meaning: Meaning| Some(Found { start: k, end, meaning: meaning.with_modifier(length.modifier) });
    let Some(count) = length.count else { return found(Meaning::bare("DATE", vague)) };
    let a_year = length.unit == Unit::Year && count == 1.0 && sign < 0;
    if let Some(quarter) = context.quarter_meant(k).filter(|_| a_year) {
        return found(Meaning::quarter(Context::moved(quarter, Unit::Year, -1)?));
    }
    if length.unit.of_clock() || count.fract() != 0.0 {
        return found(Meaning::bare("DURATION", duration(Some(count), length.unit)));
    }
    let base = if own { meant(context, k, length.unit) } else { context.today };
    match base {
        Some(base) => found(Meaning::of_unit(Context::moved(base, length.unit, sign * count as i64)?, length.unit)),
        None => found(Meaning::unplaced(length.unit)),
    }
}

/// "year-earlier", "the year-ago quarter", "the latest quarter", "the quarter": against the quarter the text is about.
pub(super) fn year_earlier(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let the = usize::from(words.get(k) == "the");
    let at = k + the;
    let compared =
        words.get(at) == "year" && words.get(at + 1) == "-" && matches!(words.get(at + 2), "earlier" | "ago");
    let latest = words.get(at) == "latest";
    let next = if compared { at + 3 } else { at + usize::from(latest) };
    let stretch = matches!(words.get(next), "quarter" | "period");
    let last = context.quarter_meant(k);
    if compared {
        let end = if stretch {
            next + 1
        } else if the == 0 {
            next
        } else {
            return None;
        };
        let base = last.or(context.today);
        let unit = if last.is_some() || words.get(next) == "quarter" { Unit::Quarter } else { Unit::Year };
        let meaning = base
            .and_then(|b| Context::moved(b, Unit::Year, -1))
            .map_or_else(|| Meaning::unplaced(unit), |d| Meaning::of_unit(d, unit));
        return Some(Found { start: k, end, meaning });
    }
    if !(latest && stretch || the == 1 && words.get(at) == "quarter") || words.get(next + 1) == "of" {
        return None;
    }
    let finished = || context.today.and_then(|d| Context::moved(d, Unit::Quarter, -1));
    let meaning = last.or_else(finished).map_or_else(|| Meaning::unplaced(Unit::Quarter), Meaning::quarter);
    Some(Found { start: k, end: next + 1, meaning })
}

/// A part of a longer stretch: "early this month", "late yesterday", "mid-1996", "the end of March", "earlier this year".
pub(super) fn part_of(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let at = k + usize::from(words.get(k) == "the");
    let (modifier, mut next) = match words.get(at) {
        "early" | "earlier" => ("START", at + 1),
        "late" | "later" => ("END", at + 1),
        "mid" => ("MID", at + 1),
        "sometime" => ("", at + 1),
        "around" | "about" => ("APPROX", at + 1),
        "start" | "beginning" if words.get(at + 1) == "of" => ("START", at + 2),
        "middle" if words.get(at + 1) == "of" => ("MID", at + 2),
        "end" if words.get(at + 1) == "of" => ("END", at + 2),
        "year" => return year_end(context, k, at),
        _ => return None,
    };
    let of_stretch = next == at + 2;
    if !of_stretch && at > k && context.month_at(next + usize::from(words.get(next) == "-")).is_some() {
        return None;
    }
    next += usize::from(words.get(next) == "-");
    next += usize::from(
        matches!(words.get(at), "earlier" | "later" | "late" | "early")
            && words.are(next, &["in", "the"])
            && words.get(next + 2) != "day",
    );
    let inner = inner(context, next, of_stretch)?;
    let possessive = matches!(words.get(inner.end), "'" | "’");
    let narrow = match (words.get(at), inner.meaning.precision) {
        ("around" | "about", _) if possessive => return None,
        ("earlier" | "later", "day" | "part of day") if context.weekday_at(next).is_some() => return None,
        ("earlier" | "later", _) => "",
        ("early" | "late" | "around" | "about" | "sometime", "day")
        | (_, "week" | "month" | "quarter" | "year" | "decade" | "century" | "season" | "part of day") => modifier,
        ("around" | "about", _) => modifier,
        _ => return None,
    };
    let clipped = clip(context, words.get(at), inner.meaning.with(narrow));
    Some(Found { start: k, end: inner.end, meaning: clipped })
}

/// What "earlier" or "later" leaves of a stretch that holds the report's day.
fn clip(context: &Context<'_>, word: &str, mut meaning: Meaning) -> Meaning {
    if let (Some(today), Some((start, end))) = (context.today.map(|d| d.at(0, 0, 0, 0)), meaning.interval) {
        let holds = start < today && today < end;
        match word {
            "earlier" if holds => meaning.interval = Some((start, today)),
            "later" if holds => meaning.interval = Some((today, end)),
            _ => {}
        }
    }
    meaning
}

fn inner(context: &Context<'_>, k: usize, of_stretch: bool) -> Option<Found> {
    let words = context.words;
    if of_stretch && words.get(k) == "the" || words.before(k, 1) == "in" && words.get(k) == "the" {
        let (unit, plural) = context.unit(k + 1)?;
        let today = context.today;
        let meaning = today.map_or_else(|| Meaning::unplaced(unit), |d| Meaning::of_unit(d, unit));
        return (!plural && unit > Unit::Hour).then(|| Found { start: k, end: k + 2, meaning });
    }
    let rules = [
        this_or_that,
        dates::date,
        dates::month,
        weekday,
        day_word,
        dates::decade,
        dates::century,
        dates::season,
        dates::quarter,
        dates::year,
    ];
    rules.iter().filter_map(|rule| rule(context, k)).max_by_key(|f| f.end)
}

/// "year-end", "year's end", "year end".
fn year_end(context: &Context<'_>, k: usize, at: usize) -> Option<Found> {
    let words = context.words;
    let end = match (words.get(at + 1), words.get(at + 2), words.get(at + 3)) {
        ("-", "end", _) => at + 3,
        ("'" | "’", "s", "end") => at + 4,
        ("end", _, _) => at + 2,
        _ => return None,
    };
    let meaning = context.today.map_or_else(|| Meaning::unplaced(Unit::Year), |d| Meaning::year(d.year()));
    Some(Found { start: k, end, meaning: meaning.with("END") })
}
