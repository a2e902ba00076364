//! Stretches of the calendar: their TIMEX3 value, from when to when, how precise.

use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::{Span as Length, ToSpan};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

impl Unit {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "second" => Self::Second,
            "minute" => Self::Minute,
            "hour" => Self::Hour,
            "day" => Self::Day,
            "weekend" => Self::Weekend,
            "week" => Self::Week,
            "fortnight" => Self::Fortnight,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            "decade" => Self::Decade,
            "century" => Self::Century,
            _ => return None,
        })
    }

    /// How many of which TIMEX3 unit it is.
    fn timex(self) -> (f64, &'static str) {
        match self {
            Self::Second => (1.0, "S"),
            Self::Minute => (1.0, "M"),
            Self::Hour => (1.0, "H"),
            Self::Day => (1.0, "D"),
            Self::Weekend => (1.0, "WE"),
            Self::Week => (1.0, "W"),
            Self::Fortnight => (2.0, "W"),
            Self::Month => (1.0, "M"),
            Self::Quarter => (1.0, "Q"),
            Self::Year => (1.0, "Y"),
            Self::Decade => (10.0, "Y"),
            Self::Century => (100.0, "Y"),
        }
    }

    pub(super) fn of_clock(self) -> bool {
        self < Self::Day
    }

    /// `count` of them as a length of the calendar; none for units of the clock, and none for more than 9,000 years.
    pub(super) fn length(self, count: i64) -> Option<Length> {
        let count = i32::try_from(count).ok().filter(|n| n.abs() < 9_000)?;
        Some(match self {
            Self::Second | Self::Minute | Self::Hour => return None,
            Self::Day => count.days(),
            Self::Weekend | Self::Week => count.weeks(),
            Self::Fortnight => (count * 2).weeks(),
            Self::Month => count.months(),
            Self::Quarter => (count * 3).months(),
            Self::Year => count.years(),
            Self::Decade if count.abs() < 900 => (count * 10).years(),
            Self::Century if count.abs() < 90 => (count * 100).years(),
            Self::Decade | Self::Century => return None,
        })
    }
}

/// The TIMEX3 value of a duration; no count is an unknown one ("weeks": `PXW`).
pub(super) fn duration(count: Option<f64>, unit: Unit) -> String {
    let (times, letter) = unit.timex();
    let time = if unit.of_clock() { "T" } else { "" };
    let (letter, times) = match (count, unit) {
        (None, Unit::Decade) => ("E", 1.0),
        (None, Unit::Century) => ("C", 1.0),
        _ => (letter, times),
    };
    match count {
        None => format!("P{time}X{letter}"),
        Some(n) if unit == Unit::Hour && (n.fract() - 0.5).abs() < 0.01 => {
            format!("PT{}H30M", n.trunc()).replace("T0H", "T")
        }
        Some(n) => format!("P{time}{}{letter}", n * times),
    }
}

/// What a phrase means: value and interval.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meaning {
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    pub(super) kind: &'static str,
    /// TIMEX3 value.
    pub(super) value: String,
    /// First moment and the one after the last, by the clock of the place.
    pub(super) interval: Option<(DateTime, DateTime)>,
    /// The offset from UTC, where the text states a zone: `Z`, `-05:00`.
    pub(super) zone: &'static str,
    pub(super) precision: &'static str,
    /// TIMEX3 MOD.
    pub(super) modifier: &'static str,
    /// Whether it could not be placed for want of a date.
    pub(super) relative: bool,
}

impl Meaning {
    fn stretch(value: String, first: Date, length: Length, precision: &'static str) -> Self {
        let start = first.at(0, 0, 0, 0);
        let interval = start.checked_add(length).ok().map(|end| (start, end));
        Self { interval, precision, ..Self::bare("DATE", value) }
    }

    /// A value without a place on the calendar.
    pub(super) fn bare(kind: &'static str, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), interval: None, zone: "", precision: "", modifier: "", relative: false }
    }

    /// A value that would have a place if the report had a date.
    pub(super) fn relative(value: impl Into<String>, precision: &'static str) -> Self {
        Self { relative: true, precision, ..Self::bare("DATE", value) }
    }

    pub(super) fn day(day: Date) -> Self {
        Self::stretch(day.to_string(), day, 1.day(), "day")
    }

    pub(super) fn week(day: Date) -> Self {
        let week = day.iso_week_date();
        let first = first_of_week(day);
        Self::stretch(format!("{:04}-W{:02}", week.year(), week.week()), first, 1.week(), "week")
    }

    pub(super) fn weekend(day: Date) -> Self {
        let week = Self::week(day);
        let first = first_of_week(day).checked_add(5.days()).unwrap_or(day);
        Self::stretch(format!("{}-WE", week.value), first, 2.days(), "weekend")
    }

    pub(super) fn month(day: Date) -> Self {
        Self::stretch(format!("{:04}-{:02}", day.year(), day.month()), day.first_of_month(), 1.month(), "month")
    }

    pub(super) fn quarter(day: Date) -> Self {
        let quarter = (day.month() - 1) / 3;
        let first = date(day.year(), quarter * 3 + 1, 1);
        Self::stretch(format!("{:04}-Q{}", day.year(), quarter + 1), first, 3.months(), "quarter")
    }

    pub(super) fn half(year: i16, half: i8) -> Self {
        let first = date(year, half * 6 - 5, 1);
        Self::stretch(format!("{year:04}-H{half}"), first, 6.months(), "half-year")
    }

    /// A season of the northern half, by the calendar's months; the winter begins in December of its year.
    pub(super) fn season(year: i16, season: &'static str) -> Self {
        let month = match season {
            "SP" => 3,
            "SU" => 6,
            "FA" => 9,
            _ => 12,
        };
        Self::stretch(format!("{year:04}-{season}"), date(year, month, 1), 3.months(), "season")
    }

    pub(super) fn year(year: i16) -> Self {
        Self::stretch(format!("{year:04}"), date(year, 1, 1), 1.year(), "year")
    }

    /// The 1990s are decade 199.
    pub(super) fn decade(decade: i16) -> Self {
        Self::stretch(format!("{decade:03}"), date(decade * 10, 1, 1), 10.years(), "decade")
    }

    /// The 20th century has the value 19.
    pub(super) fn century(century: i16) -> Self {
        Self::stretch(format!("{century:02}"), date(century * 100, 1, 1), 100.years(), "century")
    }

    /// A part of a day: `MO`, `AF`, `EV`, `NI`.
    pub(super) fn part(day: Date, part: &'static str) -> Self {
        let (from, hours) = match part {
            "MO" => (5, 7),
            "AF" => (12, 6),
            "EV" => (18, 4),
            _ => (20, 9),
        };
        let start = day.at(from, 0, 0, 0);
        let interval = start.checked_add(hours.hours()).ok().map(|end| (start, end));
        Self { interval, precision: "part of day", ..Self::bare("TIME", format!("{day}T{part}")) }
    }

    /// A time of the clock; midnight at the end of a day is hour 24.
    pub(super) fn clock(day: Option<Date>, hour: i8, minute: Option<i8>) -> Self {
        let date = day.map_or("XXXX-XX-XX".to_owned(), |d| d.to_string());
        let value = format!("{date}T{hour:02}:{:02}", minute.unwrap_or(0));
        let start =
            day.and_then(|d| d.at(0, 0, 0, 0).checked_add((i64::from(hour)).hours().minutes(minute.unwrap_or(0))).ok());
        let length = if minute.is_some() { 1.minute() } else { 1.hour() };
        let interval = start.and_then(|s| s.checked_add(length).ok().map(|end| (s, end)));
        let precision = if minute.is_some() { "minute" } else { "hour" };
        Self { interval, precision, relative: day.is_none(), ..Self::bare("TIME", value) }
    }

    /// The stretch of one `unit` that holds `day`.
    pub(super) fn of_unit(day: Date, unit: Unit) -> Self {
        match unit {
            Unit::Weekend => Self::weekend(day),
            Unit::Week | Unit::Fortnight => Self::week(day),
            Unit::Month => Self::month(day),
            Unit::Quarter => Self::quarter(day),
            Unit::Year => Self::year(day.year()),
            Unit::Decade => Self::decade(day.year() / 10),
            Unit::Century => Self::century(day.year() / 100),
            _ => Self::day(day),
        }
    }

    /// What it is when the report has no date.
    pub(super) fn unplaced(unit: Unit) -> Self {
        match unit {
            Unit::Weekend => Self::relative("XXXX-WXX-WE", "weekend"),
            Unit::Week | Unit::Fortnight => Self::relative("XXXX-WXX", "week"),
            Unit::Month => Self::relative("XXXX-XX", "month"),
            Unit::Quarter => Self::relative("XXXX-QX", "quarter"),
            Unit::Year => Self::relative("XXXX", "year"),
            Unit::Decade => Self::relative("XXX", "decade"),
            Unit::Century => Self::relative("XX", "century"),
            _ => Self::relative("XXXX-XX-XX", "day"),
        }
    }

    /// The first day of its interval.
    pub(super) fn first_day(&self) -> Option<Date> {
        self.interval.map(|i| i.0.date())
    }

    /// The same with a TIMEX3 MOD; START, MID and END narrow the interval to a third.
    pub(super) fn with(mut self, modifier: &'static str) -> Self {
        if modifier.is_empty() {
            return self;
        }
        self.modifier = modifier;
        let Some((start, end)) = self.interval else { return self };
        let third = |n: i64| -> Option<DateTime> {
            let seconds = end.duration_since(start).as_secs() * n / 3;
            let moment = start.checked_add(seconds.seconds()).ok()?;
            Some(if self.precision == "day" || self.kind == "TIME" { moment } else { moment.date().at(0, 0, 0, 0) })
        };
        let narrowed = match modifier {
            "START" => third(1).map(|m| (start, m)),
            "MID" => third(1).zip(third(2)),
            "END" => third(2).map(|m| (m, end)),
            _ => None,
        };
        self.interval = narrowed.or(self.interval);
        self
    }

    /// The same with a TIMEX3 MOD that leaves the interval as it is.
    pub(super) fn with_modifier(self, modifier: &'static str) -> Self {
        Self { modifier, ..self }
    }

    /// The interval as text: dates alone where both ends are midnights, else times of the clock.
    pub(super) fn bounds(&self) -> (Option<String>, Option<String>) {
        let Some((start, end)) = self.interval else { return (None, None) };
        let midnight = |m: DateTime| m.time() == jiff::civil::Time::midnight();
        let plain = self.kind != "TIME" && midnight(start) && midnight(end);
        let show =
            |m: DateTime| if plain { m.date().to_string() } else { format!("{}T{}{}", m.date(), m.time(), self.zone) };
        (Some(show(start)), Some(show(end)))
    }
}

pub(super) fn first_of_week(day: Date) -> Date {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).unwrap_or(day)
}

/// The weekday with ISO number 1 (Monday) to 7.
pub(super) fn weekday(number: i8) -> Option<Weekday> {
    Weekday::from_monday_one_offset(number).ok()
}

/// Easter Sunday of the Western churches (the anonymous Gregorian algorithm).
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let day = h + l - 7 * m + 114;
    Date::new(year, (day / 31) as i8, (day % 31 + 1) as i8).ok()
}
