//! What one proposition is compared by: words, numbers, negation, sense.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::sense::sense;

/// A proposition as it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// Stems of the words that mean something, sorted.
    pub(super) stems: Vec<String>,
    /// The figures it states.
    pub(super) numbers: Vec<f64>,
    /// Whether it says that something is not so.
    pub(super) negated: bool,
    /// Whether a figure is a lower bound ("at least", "more than").
    pub(super) at_least: bool,
    /// The sense of its words.
    pub(super) sense: Vec<f32>,
}

static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d[\d,.]*\d|\d|\p{L}+(?:[’']t)?").expect("a fixed pattern"));
static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(no|not|never|nobody|none|nothing|neither|nor|without|zero|cannot|denie[sd]|deny)\b|n[’']t\b")
        .expect("a fixed pattern")
});
static AT_LEAST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(at least|more than|over|no fewer than|no less than|upwards of)\b").expect("a fixed pattern")
});

/// Words that hold a sentence together but say nothing of what it is about.
const EMPTY: &str = " the a an of in on at to and or for by from with that this it its is are was were be been has have had he \
    she they we our their his her as there so no not who which will would any all said says say i you my me him them us do did does ";

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

impl Features {
    /// The features of a proposition's words.
    pub(super) fn of(text: &str) -> Self {
        let words: Vec<String> = WORD.find_iter(text).map(|w| w.as_str().to_lowercase()).collect();
        let stems: BTreeSet<String> = words
            .iter()
            .filter(|w| w.len() > 2 && !is_number(w) && !EMPTY.contains(&format!(" {w} ")))
            .map(|w| stem(w))
            .collect();
        Self {
            stems: stems.into_iter().collect(),
            numbers: numbers(&words),
            negated: NEGATION.is_match(text),
            at_least: AT_LEAST.is_match(text),
            sense: sense(text),
        }
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || UNITS.contains(&word)
        || TENS.contains(&word)
        || matches!(word, "hundred" | "thousand" | "million")
}

/// A word without its ending, roughly: enough for "took", "taken" to differ and "villages", "village" not.
pub(super) fn stem(word: &str) -> String {
    for ending in ["ings", "ing", "ied", "ies", "ed", "es", "s", "ly"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.chars().count() >= 4
        {
            return rest.to_owned();
        }
    }
    word.to_owned()
}

/// The numbers in words and digits, sorted, without "one".
fn numbers(words: &[String]) -> Vec<f64> {
    let mut out: Vec<f64> = Vec::new();
    let mut open: Option<f64> = None;
    for word in words {
        let digits = word.replace(',', "").parse::<f64>().ok();
        let unit = UNITS.iter().position(|u| u == word).map(|k| k as f64);
        let ten = TENS.iter().position(|t| t == word).map(|k| 20.0 + 10.0 * k as f64);
        let scale = match word.as_str() {
            "hundred" => Some(100.0),
            "thousand" => Some(1_000.0),
            "million" => Some(1_000_000.0),
            _ => None,
        };
        open = match (digits.or(unit).or(ten), scale, open) {
            (Some(value), _, Some(before)) if before >= 20.0 && value < 10.0 && digits.is_none() => {
                Some(before + value)
            }
            (Some(value), _, before) => {
                out.extend(before);
                Some(value)
            }
            (None, Some(scale), before) => Some(before.unwrap_or(1.0) * scale),
            (None, None, before) => {
                out.extend(before);
                None
            }
        };
    }
    out.extend(open);
    out.retain(|&x| x != 1.0);
    out.sort_by(f64::total_cmp);
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_words_and_digits() {
        let of = |s: &str| Features::of(s).numbers;
        assert_eq!(of("Seventy-eight people, 1,900 cattle and two million soles"), [78.0, 1900.0, 2_000_000.0]);
        assert_eq!(of("one hundred thousand people came"), [100_000.0]);
        assert_eq!(of("a man and one woman of 71"), [71.0]);
    }

    #[test]
    fn negation() {
        assert!(Features::of("No village had been entered").negated);
        assert!(Features::of("the unit doesn’t exist").negated);
        assert!(!Features::of("two villages were taken").negated);
    }
}
