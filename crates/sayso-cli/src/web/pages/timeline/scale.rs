//! A line of time: where a moment stands on it, and where it has marks.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// A stretch of time as wide as the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// A mark with its words.
#[derive(Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) at: String,
    pub(super) words: String,
    /// Whether narrow pages go without its words.
    pub(super) minor: bool,
}

impl Scale {
    pub(super) fn new(from: i64, to: i64) -> Self {
        Self { from, to: to.max(from + HOUR) }
    }

    /// Where a moment stands, 0 to 100, if it is on the line.
    pub(super) fn at(&self, moment: i64) -> f64 {
        ((moment - self.from) as f64 / (self.to - self.from) as f64 * 100.0).clamp(0.0, 100.0)
    }

    /// Marks at even hours, days, months or years: at most nine.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let wide = self.to - self.from;
        let steps = [HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
        let moments: Vec<(i64, &str)> = match steps.iter().find(|step| wide / **step <= 8) {
            Some(step) => {
                let first = self.from.div_euclid(*step) * step + step;
                let form = if *step < DAY { "%-d %b %H:%M" } else { "%-d %b" };
                (0..=8).map(|k| (first + k * step, form)).collect()
            }
            None => self.months(wide),
        };
        let on = moments.into_iter().filter(|(moment, _)| (self.from..self.to).contains(moment));
        on.enumerate()
            .map(|(k, (moment, form))| Tick {
                at: percent(self.at(moment)),
                words: written(moment, form),
                minor: k % 3 != 0,
            })
            .collect()
    }

    fn months(&self, wide: i64) -> Vec<(i64, &'static str)> {
        let months =
            [1, 2, 3, 6, 12, 24, 60, 120, 600].into_iter().find(|n| wide / (n * 30 * DAY) <= 8).unwrap_or(6_000);
        let Some(start) = civil(self.from) else { return Vec::new() };
        let first = i64::from(start.year()) * 12 + i64::from(start.month()) - 1;
        let first = first.div_euclid(months) * months;
        let form = if months < 12 { "%b %Y" } else { "%Y" };
        let moment = |k: i64| {
            let month = first + k * months;
            let (year, month) =
                (i16::try_from(month.div_euclid(12)).ok()?, i8::try_from(month.rem_euclid(12) + 1).ok()?);
            let date = jiff::civil::Date::new(year, month, 1).ok()?.at(0, 0, 0, 0);
            Some((date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second(), form))
        };
        (0..=10).filter_map(moment).collect()
    }
}

/// A place on the line as SVG takes it.
pub(super) fn percent(at: f64) -> String {
    format!("{at:.2}%")
}

fn civil(moment: i64) -> Option<DateTime> {
    Timestamp::from_second(moment).ok().map(|moment| moment.to_zoned(TimeZone::UTC).datetime())
}

/// A moment in words, in UTC.
pub(super) fn written(moment: i64, form: &str) -> String {
    civil(moment).map_or_else(String::new, |moment| moment.strftime(form).to_string())
}

/// A moment as a date field has it.
pub(super) fn date(moment: i64) -> String {
    written(moment, "%Y-%m-%d")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(from: &str, to: &str) -> Vec<String> {
        let second = |moment: &str| moment.parse::<Timestamp>().unwrap().as_second();
        Scale::new(second(from), second(to)).ticks().into_iter().map(|tick| tick.words).collect()
    }

    #[test]
    fn marks_are_even_and_few() {
        assert_eq!(words("2025-05-11T22:00:00Z", "2025-05-14T02:00:00Z")[..2], ["12 May 00:00", "12 May 06:00"]);
        assert_eq!(words("2025-05-11T12:00:00Z", "2025-05-18T00:00:00Z")[..2], ["12 May", "13 May"]);
        assert_eq!(words("2024-11-20T00:00:00Z", "2025-05-18T00:00:00Z")[..2], ["Dec 2024", "Jan 2025"]);
        assert_eq!(words("1991-06-01T00:00:00Z", "2025-05-18T00:00:00Z")[..2], ["1995", "2000"]);
        for (from, to) in
            [("2025-01-01T00:00:00Z", "2025-01-01T00:10:00Z"), ("0900-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
        {
            assert!(words(from, to).len() <= 11);
        }
    }
}
