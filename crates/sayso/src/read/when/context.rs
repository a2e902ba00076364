//! What the rules of times know: the words, their classes, the report's date, and what was read before.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Meaning, Unit, weekday};
use super::lexicon::{Class, LEXICON};
use super::tense::{self, Tense};
use crate::read::words::Words;

/// What a rule read: words `start..end` and their meaning.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) meaning: Meaning,
}

/// How many words a time that was read stays the one meant by "that day" or "a year earlier".
const MEMORY: usize = 120;

pub(super) struct Context<'a> {
    pub(super) words: &'a Words<'a>,
    classes: Vec<Class>,
    /// The day of the report.
    pub(super) today: Option<Date>,
    /// The last day that was read, and where.
    last_day: Option<(Date, usize)>,
    /// The last stretch longer than a day, its first day, and where.
    last_year: Option<(Date, usize)>,
    /// The first day of the last quarter that was read, and where.
    last_quarter: Option<(Date, usize)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(words: &'a Words<'a>, published: Option<&str>) -> Self {
        let classes = (0..words.len()).map(|k| LEXICON.class(words.get(k))).collect();
        let today = published.and_then(|p| p.get(..10)).and_then(|d| d.parse().ok()).filter(|d: &Date| d.year() > 0);
        Self { words, classes, today, last_day: None, last_year: None, last_quarter: None }
    }

    pub(super) fn class(&self, k: usize) -> Class {
        self.classes.get(k).copied().unwrap_or(Class::Other)
    }

    /// The unit at `k`, and whether it is a plural. "second" is one only after a number in digits.
    pub(super) fn unit(&self, k: usize) -> Option<(Unit, bool)> {
        match self.class(k) {
            Class::Unit(unit, plural) => Some((unit, plural)),
            _ => None,
        }
    }

    /// The month at `k` and one past it, with the period of an abbreviation. "May" and "March" need a capital.
    pub(super) fn month_at(&self, k: usize) -> Option<(i8, usize)> {
        match self.class(k) {
            Class::Month(n, false) => self.words.capital(k).then_some((n, k + 1)),
            Class::Month(n, true) if self.words.capital(k) => {
                let period = self.words.get(k + 1) == "." && self.words.glued(k);
                let numbered = self.words.get(k + 1).starts_with(|c: char| c.is_ascii_digit());
                (period || numbered).then_some((n, k + 1 + usize::from(period)))
            }
            _ => None,
        }
    }

    /// The weekday at `k` and one past it.
    pub(super) fn weekday_at(&self, k: usize) -> Option<(i8, usize)> {
        match self.class(k) {
            Class::Weekday(n, false) => Some((n, k + 1)),
            Class::Weekday(n, true) => {
                let period = self.words.get(k + 1) == "." && self.words.glued(k);
                let next = k + 1 + usize::from(period);
                let next = next + usize::from(self.words.get(next) == ",");
                let dated = self.words.capital(k) && (period || next > k + 1) && self.month_at(next).is_some();
                dated.then_some((n, k + 1 + usize::from(period)))
            }
            _ => None,
        }
    }

    pub(super) fn tense(&self, start: usize, end: usize) -> Tense {
        tense::of(self.words, start, end)
    }

    /// The weekday by tense: in news the last one, the report's own day included.
    pub(super) fn weekday(&self, number: i8, tense: Tense) -> Meaning {
        let relative = || Meaning::relative(format!("XXXX-WXX-{number}"), "day");
        let Some((today, target)) = self.today.zip(weekday(number)) else { return relative() };
        let ahead = i64::from(today.weekday().until(target));
        let days = if tense == Tense::Future || ahead == 0 { ahead } else { ahead - 7 };
        today.checked_add(days.days()).map_or_else(|_| relative(), Meaning::day)
    }

    /// Among the same stretch in last, this and next year the one that fits the tense.
    pub(super) fn nearest(&self, in_year: impl Fn(i16) -> Option<Meaning>, tense: Tense) -> Option<Meaning> {
        let today = self.today?;
        let tomorrow = today.checked_add(1.day()).ok()?;
        let candidates: Vec<Meaning> = (-1..=1).filter_map(|n| in_year(today.year() + n)).collect();
        // A day that is near needs no year: one of ten months ago would have it.
        let reach = if tense == Tense::Past && candidates.first()?.precision != "day" { 0 } else { 75 };
        let soon = tomorrow.checked_add(reach.days()).ok()?;
        let begun = |m: &&Meaning| m.first_day().is_some_and(|d| d <= soon);
        let open = |m: &&Meaning| m.interval.is_some_and(|i| i.1.date() > today);
        match tense {
            Tense::Future => candidates.iter().find(open),
            Tense::Past | Tense::Unknown => candidates.iter().rev().find(begun),
        }
        .cloned()
    }

    /// The year that a stretch without one is in, where the text named one shortly before: "In 1985 … on March 3".
    pub(super) fn day_meant(&self, k: usize) -> Option<Date> {
        self.last_day.filter(|d| k - d.1 < MEMORY).map(|d| d.0)
    }

    pub(super) fn stretch_meant(&self, k: usize) -> Option<Date> {
        self.last_year.filter(|d| k - d.1 < MEMORY).map(|d| d.0)
    }

    pub(super) fn quarter_meant(&self, k: usize) -> Option<Date> {
        self.last_quarter.filter(|d| k - d.1 < MEMORY).map(|d| d.0)
    }

    /// Keeps what a later "that day" may mean.
    pub(super) fn remember(&mut self, found: &Found, rule: &str) {
        let Some(first) = found.meaning.first_day() else { return };
        match found.meaning.precision {
            "day" | "part of day" | "hour" | "minute" => self.last_day = Some((first, found.end)),
            // "a year earlier" compares; it is not what the text is about.
            _ if matches!(rule, "ago" | "year-earlier") && found.meaning.precision != "day" => {}
            "quarter" => self.last_quarter = Some((first, found.end)),
            "week" | "month" | "season" | "year" => self.last_year = Some((first, found.end)),
            _ => {}
        }
    }

    /// `today` moved by whole units.
    pub(super) fn moved(day: Date, unit: Unit, count: i64) -> Option<Date> {
        day.checked_add(unit.length(count)?).ok().filter(|d| d.year() > 0)
    }
}
