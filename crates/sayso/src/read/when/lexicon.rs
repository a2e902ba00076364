//! The words of times, from `data/when*.tsv` and `data/holidays.tsv`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::calendar::Unit;

/// What a single word is to the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Other,
    /// A word that may only begin a phrase.
    Lead,
    /// Singular, or plural.
    Unit(Unit, bool),
    /// ISO number; whether abbreviated.
    Weekday(i8, bool),
    /// "Mondays".
    Weekdays(i8),
    /// Number; whether abbreviated.
    Month(i8, bool),
    Season(&'static str),
    Part(&'static str),
    /// "noon", "dawn".
    HourWord(&'static str),
    /// Days from today.
    Day(i8),
    DayPart(&'static str),
    Set(&'static str),
    /// "nineties".
    Decade(i16),
}

/// How a holiday is found in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holiday {
    Fixed(i8, i8),
    /// Month, which one (-1 the last), ISO weekday.
    Nth(i8, i8, i8),
    Easter(i8),
}

/// Words besides those of the files and the number words that can begin a time.
const LEADS: &str = "the a an last past previous next coming following this that same current latest early earlier late \
    later mid middle end beginning start nearly almost about around approximately roughly some more less fewer at up \
    over under no as every each per half several few couple many sometime fiscal first second third fourth fifth one \
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen \
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred its his her their another once twice recent \
    day year ' ’ most one-day";

pub(super) struct Lexicon {
    classes: HashMap<&'static str, Class>,
    pub(super) phrases: Vec<(Vec<&'static str>, &'static str)>,
    pub(super) holidays: Vec<(Vec<&'static str>, Holiday)>,
}

impl Lexicon {
    pub(super) fn class(&self, word: &str) -> Class {
        match self.classes.get(word) {
            Some(class) => *class,
            None if word.starts_with(|c: char| c.is_ascii_digit()) => Class::Lead,
            None => Class::Other,
        }
    }
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut classes = HashMap::new();
    let phrases: Vec<_> = rows(include_str!("../../../data/when_phrases.tsv")).map(|f| (cut(f[0]), f[1])).collect();
    let holidays: Vec<_> =
        rows(include_str!("../../../data/holidays.tsv")).filter_map(|f| Some((cut(f[0]), holiday(f[1])?))).collect();
    let leads: HashSet<&str> = LEADS.split_whitespace().collect();
    for word in leads.into_iter().chain(phrases.iter().map(|p| p.0[0])).chain(holidays.iter().map(|h| h.0[0])) {
        classes.insert(word, Class::Lead);
    }
    for f in rows(include_str!("../../../data/when.tsv")) {
        if let Some(class) = f.get(2).and_then(|argument| class(f[1], argument)) {
            classes.insert(f[0], class);
        }
    }
    Lexicon { classes, phrases, holidays }
});

fn rows(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect::<Vec<_>>()).filter(|f| f.len() > 1)
}

/// A phrase as the words of a text: an apostrophe stands alone.
fn cut(phrase: &'static str) -> Vec<&'static str> {
    phrase
        .split_inclusive('\'')
        .flat_map(|p| p.strip_suffix('\'').map_or([p, ""], |w| [w, "'"]))
        .flat_map(str::split_whitespace)
        .collect()
}

fn class(name: &str, argument: &'static str) -> Option<Class> {
    let number = || argument.parse::<i8>().ok();
    Some(match name {
        "unit" => Class::Unit(Unit::named(argument)?, false),
        "units" => Class::Unit(Unit::named(argument)?, true),
        "weekday" => Class::Weekday(number()?, false),
        "weekday_short" => Class::Weekday(number()?, true),
        "weekdays" => Class::Weekdays(number()?),
        "month" => Class::Month(number()?, false),
        "month_short" => Class::Month(number()?, true),
        "season" => Class::Season(argument),
        "part" => Class::Part(argument),
        "hour_word" => Class::HourWord(argument),
        "day" => Class::Day(number()?),
        "day_part" => Class::DayPart(argument),
        "set" => Class::Set(argument),
        "decade" => Class::Decade(argument.parse().ok()?),
        _ => return None,
    })
}

fn holiday(rule: &str) -> Option<Holiday> {
    if let Some(days) = rule.strip_prefix('e') {
        return Some(Holiday::Easter(days.parse().ok()?));
    }
    let (month, rest) = rule.split_once('-')?;
    let month = month.parse().ok()?;
    match rest.rsplit_once('-').filter(|(nth, _)| !nth.is_empty()) {
        Some((nth, weekday)) => Some(Holiday::Nth(month, nth.parse().ok()?, weekday.parse().ok()?)),
        None => Some(Holiday::Fixed(month, rest.parse().ok()?)),
    }
}
