//! Times of the clock: "10 p.m. Wednesday", "9:30 a.m. EST", "0630 GMT", "noon Thursday", "midnight".

use jiff::civil::Date;

use super::calendar::Meaning;
use super::context::{Context, Found};
use super::lexicon::Class;
use super::relative;

/// Zones by abbreviation: offset from UTC.
const ZONES: [(&str, &str); 22] = [
    ("gmt", "Z"),
    ("utc", "Z"),
    ("z", "Z"),
    ("bst", "+01:00"),
    ("cet", "+01:00"),
    ("cest", "+02:00"),
    ("eet", "+02:00"),
    ("eest", "+03:00"),
    ("msk", "+03:00"),
    ("est", "-05:00"),
    ("edt", "-04:00"),
    ("cst", "-06:00"),
    ("cdt", "-05:00"),
    ("mst", "-07:00"),
    ("mdt", "-06:00"),
    ("pst", "-08:00"),
    ("pdt", "-07:00"),
    ("jst", "+09:00"),
    ("kst", "+09:00"),
    ("hkt", "+08:00"),
    ("pkt", "+05:00"),
    ("wat", "+01:00"),
];

pub(super) fn clock(context: &Context<'_>, k: usize) -> Option<Found> {
    let (hour, minute, end) = hour_minute(context, k)?;
    let (zone, end) = zone(context, end);
    let (day, end) = day_of(context, k, end);
    let meaning = Meaning { zone, ..Meaning::clock(day, hour, minute) };
    Some(Found { start: k, end, meaning })
}

/// "noon", "midnight Friday"; dawn and dusk are parts of a day.
pub(super) fn noon(context: &Context<'_>, k: usize) -> Option<Found> {
    let Class::HourWord(what) = context.class(k) else { return None };
    let (day, end) = day_of(context, k, k + 1);
    let meaning = match what.parse() {
        Ok(hour) => Meaning::clock(day, hour, Some(0)),
        Err(_) => day
            .map_or_else(|| Meaning::relative(format!("XXXX-XX-XXT{what}"), "part of day"), |d| Meaning::part(d, what)),
    };
    Some(Found { start: k, end, meaning })
}

fn hour_minute(context: &Context<'_>, k: usize) -> Option<(i8, Option<i8>, usize)> {
    let words = context.words;
    let word = words.get(k);
    let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &word[..word.len() - letters.len()];
    if digits.is_empty()
        || digits.len() > 4
        || k > 0 && matches!(words.get(k - 1), "$" | "£" | "€" | "." | ",") && words.glued(k - 1)
    {
        return None;
    }
    let number: i16 = digits.parse().ok()?;
    let (mut hour, mut minute, mut end) = (number, None, k + 1);
    if letters.is_empty()
        && matches!(words.get(k + 1), ":" | ".")
        && words.glued(k)
        && words.glued(k + 1)
        && digits.len() < 3
    {
        let rest = words.get(k + 2);
        let two = rest.get(..2).filter(|m| m.bytes().all(|b| b.is_ascii_digit()))?;
        (minute, end) = (two.parse::<i16>().ok(), k + 3);
        if let Some(half) = half_day(&rest[2..]) {
            return twelve(hour, minute, half, end);
        }
        if rest.len() > 2 {
            return None;
        }
    } else if digits.len() > 2 {
        let hours = matches!(words.get(k + 1), "hours" | "hrs")
            || ZONES.iter().any(|z| z.0 == words.get(k + 1) || z.0 == letters);
        if !hours || digits.len() < 4 {
            return None;
        }
        (hour, minute) = (number / 100, Some(number % 100));
        end += usize::from(matches!(words.get(k + 1), "hours" | "hrs"));
        return checked(hour, minute, end);
    }
    if let Some(half) = half_day(letters) {
        return twelve(hour, minute, half, end);
    }
    if !letters.is_empty() {
        return None;
    }
    // "a.m.", "am", "p. m.", "o'clock".
    if let Some(half) = half_day(words.get(end)) {
        return twelve(hour, minute, half, end + 1);
    }
    if matches!(words.get(end), "a" | "p") && words.get(end + 1) == "." && words.get(end + 2) == "m" {
        let period = usize::from(words.get(end + 3) == "." && words.glued(end + 2));
        return twelve(hour, minute, words.get(end) == "p", end + 3 + period);
    }
    if words.get(end) == "o" && words.get(end + 2) == "clock" {
        return checked(hour, minute, end + 3);
    }
    let stated = minute.is_some() && words.get(k + 1) == ":"
        || ZONES.iter().any(|z| z.0 == words.get(end)) && digits.len() < 3 && minute.is_some();
    (stated && (!words.glued(end - 1) || matches!(words.get(end), "." | "," | ")" | ";")))
        .then(|| checked(hour, minute, end))?
}

/// Whether "am" (false) or "pm" (true).
fn half_day(word: &str) -> Option<bool> {
    match word {
        "am" => Some(false),
        "pm" => Some(true),
        _ => None,
    }
}

fn twelve(hour: i16, minute: Option<i16>, afternoon: bool, end: usize) -> Option<(i8, Option<i8>, usize)> {
    (1..=12).contains(&hour).then(|| checked(hour % 12 + if afternoon { 12 } else { 0 }, minute.or(Some(0)), end))?
}

fn checked(hour: i16, minute: Option<i16>, end: usize) -> Option<(i8, Option<i8>, usize)> {
    let fits = (0..=24).contains(&hour) && minute.is_none_or(|m| (0..60).contains(&m));
    fits.then_some((hour as i8, minute.map(|m| m as i8), end))
}

/// The zone stated after a time, with or without brackets, and where it ends.
fn zone(context: &Context<'_>, end: usize) -> (&'static str, usize) {
    let words = context.words;
    let named = |k: usize| {
        ZONES.iter().find(|z| z.0 == words.get(k) && words.raw(k).starts_with(char::is_uppercase)).map(|z| z.1)
    };
    if let Some(offset) = named(end) {
        return (offset, end + 1);
    }
    if words.are(end, &["local", "time"]) {
        return ("", end + 2);
    }
    if words.capital(end) && words.get(end + 1) == "time" {
        return ("", end + 2);
    }
    ("", end)
}

/// The day of a time of the clock: stated after it (a preposition stays outside the span), else the one the text is
/// at, else the report's.
fn day_of(context: &Context<'_>, start: usize, end: usize) -> (Option<Date>, usize) {
    let words = context.words;
    let comma = usize::from(words.get(end) == ",");
    let on = usize::from(words.get(end + comma) == "on");
    if let Some(found) = relative::plain_day(context, end + comma + on) {
        let merged = if on == 0 { found.end } else { end };
        return (found.meaning.first_day(), merged);
    }
    (context.day_meant(start).or(context.today), end)
}
