//! How many: people killed, wounded, missing, captured, detained, abducted, displaced; equipment lost.
//!
//! In: a [`Document`]. Out: its [`Quantity`]s in the order of the text. `by` stays empty here: whose count it is follows
//! from the attribution around it. May not happen: a bound that the words do not give.
//!
//! A number is read with the words before it ("at least") and what it counts; its effect stands after it ("were
//! killed", "dead") or just before it ("killing", "the deaths of"), or is that of the number it is listed with.

mod effects;
mod patterns;

use std::ops::Range;

use super::Document;
use super::number::{self, Number};
use super::words::Words;
use crate::reading::{Quantity, Reading};
use crate::span::Span;

use effects::{EFFECTS, Form};

/// Fills the reading's quantities.
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    reading.quantities = find(document);
}

/// Every quantity in the report.
pub fn find(doc: &Document<'_>) -> Vec<Quantity> {
    let words = Words::new(doc);
    let mut out: Vec<Quantity> = Vec::new();
    let mut previous: Option<Counted> = None;
    let mut k = 0;
    while k < words.len() {
        let counted = none(&words, k).or_else(|| several(&words, k, previous.as_ref())).or_else(|| one(&words, k));
        let Some(counted) = counted else {
            k += 1;
            continue;
        };
        k = counted.end.max(k + 1);
        out.push(counted.quantity(&words));
        previous = Some(counted);
    }
    out
}

/// A number that counts something, whatever happened to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    /// The words, its bound among them.
    pub(crate) span: Span,
    /// The number named; of a range the lower.
    pub(crate) value: f64,
    /// The least it can be: of "more than 70" 70.
    pub(crate) low: f64,
    /// The most it can be, perhaps infinite.
    pub(crate) high: f64,
}

impl Figure {
    /// None at all.
    pub(crate) fn none(span: Span) -> Self {
        Self { span, value: 0.0, low: 0.0, high: 0.0 }
    }
}

/// Every number of the report but vague ones and "one": no dates, sums, ages, ordinals or names.
pub(crate) fn figures(doc: &Document<'_>) -> Vec<Figure> {
    let words = Words::new(doc);
    let mut out = Vec::new();
    let mut k = 0;
    while k < words.len() {
        let (modifier, core) = bound(&words, k + usize::from(words.get(k) == "between"));
        let number = number::number(&words, core).filter(|n| counts(&words, core, n) && !n.vague && n.low != 1.0);
        let Some(number) = number.map(|n| between(&words, n)) else {
            k += 1;
            continue;
        };
        let (low, high) = match modifier {
            "EQUAL_OR_MORE" | "MORE_THAN" => (number.low, f64::INFINITY),
            "EQUAL_OR_LESS" => (0.0, number.high),
            "LESS_THAN" => (0.0, number.high - 1.0),
            _ => (number.low, number.high),
        };
        out.push(Figure { span: words.span(k, number.end), value: number.low, low, high });
        k = number.end.max(k + 1);
    }
    out
}

/// Something counted: its words and meaning.
#[derive(Debug, Clone)]
struct Counted {
    start: usize,
    /// One past the number.
    end: usize,
    /// The words of who or what is counted.
    who: Range<usize>,
    /// One past the word of effect, when it stands after.
    until: usize,
    of: &'static str,
    low: u64,
    high: Option<u64>,
    modifier: &'static str,
    acled: Option<u64>,
    scope: &'static str,
    rule: &'static str,
}

impl Counted {
    fn quantity(&self, words: &Words<'_>) -> Quantity {
        let end = self.end.max(self.who.end);
        Quantity {
            span: words.span(self.start, end),
            of: self.of.to_owned(),
            low: self.low,
            high: self.high,
            who: (!self.who.is_empty()).then(|| words.span(self.who.start, self.who.end)),
            scope: self.scope.to_owned(),
            modifier: self.modifier.to_owned(),
            acled: self.acled,
            by: None,
            side: None,
            rule: self.rule.to_owned(),
        }
    }
}

/// "no casualties", "no one was hurt", "did not cause any injuries".
fn none(words: &Words<'_>, k: usize) -> Option<Counted> {
    let start = match words.get(k) {
        "no" | "nobody" | "without" | "none" => k,
        "any" if (1..=6).any(|n| matches!(words.before(k, n), "not" | "without" | "t" | "never")) => k,
        _ => return None,
    };
    let mut at = k + 1;
    let persons = words.get(k) == "nobody"
        || matches!(words.get(at), "one" | "civilians" | "people" | "person" | "soldiers" | "members");
    while at < k + 5 && at < words.len() && !words.stops(at - 1) {
        if matches!(words.get(at), "report" | "reports" | "word" | "longer" | "more" | "confirmation" | "information") {
            return None;
        }
        // "No dead", and no more: the state stands for those who are in it.
        let stands = words.get(k) == "no" && at == k + 1;
        let fits = |form| {
            form == Form::Noun
                || persons && matches!(form, Form::Verb | Form::Done)
                || (persons || stands) && form == Form::State
        };
        if let Some(effect) = EFFECTS.get(words.get(at)).filter(|e| fits(e.form)) {
            let who = if persons && words.get(k) != "nobody" { k + 1..k + 2 } else { at..at + 1 };
            let (of, end) = (effect.of, at + 1);
            return Some(Counted {
                start,
                end,
                who,
                until: end,
                of,
                low: 0,
                high: Some(0),
                modifier: "",
                acled: None,
                scope: "",
                rule: "none",
            });
        }
        at += 1;
    }
    None
}

/// A number with an effect.
fn several(words: &Words<'_>, k: usize, previous: Option<&Counted>) -> Option<Counted> {
    let (modifier, core) = bound(words, k + usize::from(words.get(k) == "between"));
    let (scope, core) = match words.get(core) {
        "another" if number::number(words, core + 1).is_some_and(|n| n.end < words.len()) => ("increment", core + 1),
        "a" if matches!(words.get(core + 1), "further" | "total") => (
            if words.get(core + 1) == "total" { "total" } else { "increment" },
            core + 2 + usize::from(words.get(core + 2) == "of"),
        ),
        _ => ("", core),
    };
    let number = number::number(words, core).filter(|n| counts(words, core, n))?;
    let number = between(words, number);
    let who = patterns::counted_words(words, number.end);
    let listed = previous
        .filter(|p| [p.end.max(p.who.end), p.until].iter().any(|from| patterns::listed(words, *from, k, who.end)));
    let of_them = words.are(number.end, &["of", "them"]) && !patterns::auxiliary(words.get(number.end + 2));
    let (effect, until, rule) = patterns::before(words, k)
        .map(|e| (e, 0, "effect before"))
        .or_else(|| patterns::after(words, number.end, &who).map(|(e, until)| (e, until, "effect after")))
        .or_else(|| patterns::toll(words, k).map(|e| (e, 0, "toll")))
        .or_else(|| listed.or(previous.filter(|_| of_them)).map(|p| (p.of, p.until, "listed")))?;
    let of = patterns::of_thing(words, effect, &who)?;
    let increment = scope == "increment"
        || (number.end..who.end.max(number.end + 1)).any(|w| matches!(words.get(w), "more" | "additional"));
    let scope = match () {
        () if patterns::part(words, k, number.end) => "part",
        () if increment => "increment",
        () if rule == "toll" || scope == "total" => "total",
        () => scope,
    };
    let (low, high) = ends(&number, modifier);
    let acled = number.vague.then(|| acled(words, core)).flatten();
    let modifier = if number.vague && modifier.is_empty() { "VAGUE" } else { modifier };
    Some(Counted { start: k, end: number.end, who, until, of, low, high, modifier, acled, scope, rule })
}

/// One person without a number: "a soldier was wounded", "the murder of the mayor", "Ivan Petrenko was killed".
fn one(words: &Words<'_>, k: usize) -> Option<Counted> {
    let (who, of, rule) = patterns::one(words, k)?;
    Some(Counted {
        start: who.start,
        end: who.end.max(k + 1),
        who,
        until: 0,
        of,
        low: 1,
        high: Some(1),
        modifier: "",
        acled: None,
        scope: "",
        rule,
    })
}

/// Words before a number that bound it, and where the number begins.
fn bound(words: &Words<'_>, k: usize) -> (&'static str, usize) {
    match (words.get(k), words.get(k + 1), words.get(k + 2)) {
        ("at", "least", _) | ("not" | "no", "less" | "fewer", "than") => {
            ("EQUAL_OR_MORE", k + 2 + usize::from(words.get(k) != "at"))
        }
        ("no", "more", "than") => ("EQUAL_OR_LESS", k + 3),
        ("at", "most", _) | ("up", "to", _) => ("EQUAL_OR_LESS", k + 2),
        ("as", "many", "as") => ("EQUAL_OR_LESS", k + 3),
        ("more", "than", _) => ("MORE_THAN", k + 2),
        ("fewer" | "less", "than", _) => ("LESS_THAN", k + 2),
        ("over", _, _) => ("MORE_THAN", k + 1),
        ("nearly" | "almost", _, _) => ("LESS_THAN", k + 1),
        ("about" | "around" | "approximately" | "roughly" | "some" | "estimated", _, _) => ("APPROX", k + 1),
        _ => ("", k),
    }
}

/// The two ends of what a number with its bound can be.
fn ends(number: &Number, modifier: &str) -> (u64, Option<u64>) {
    let whole = |n: f64| if n.is_finite() && n < 1e12 { Some(n.max(0.0) as u64) } else { None };
    let (low, high) = (whole(number.low).unwrap_or(0), whole(number.high));
    match modifier {
        "EQUAL_OR_MORE" => (low, None),
        "MORE_THAN" => (low + 1, None),
        "EQUAL_OR_LESS" => (0, high),
        "LESS_THAN" => (0, high.map(|h| h.saturating_sub(1))),
        _ => (low, high),
    }
}

/// ACLED's conversion of a vague count (tens 10, dozens 12, hundreds 100, thousands 1000), for who codes by it.
fn acled(words: &Words<'_>, k: usize) -> Option<u64> {
    match words.get(k) {
        "tens" => Some(10),
        "dozens" => Some(12),
        "hundreds" => Some(100),
        "thousands" => Some(1000),
        _ => None,
    }
}

/// "between 10 and 15", "10 to 15", "10-15".
fn between(words: &Words<'_>, number: Number) -> Number {
    let joined = matches!(words.get(number.end), "to" | "or" | "-" | "–")
        || words.get(number.end) == "and" && (1..=4).any(|n| words.before(number.end, n) == "between");
    match number::number(words, number.end + 1).filter(|n| joined && n.low > number.low && !n.vague) {
        Some(second) => Number { high: second.high, end: second.end, ..number },
        None => number,
    }
}

/// Whether a number can count people or things: no date, sum, age, ordinal or name.
fn counts(words: &Words<'_>, k: usize, number: &Number) -> bool {
    let next = words.get(number.end);
    // A dash with a space after it is a dateline's: "LIMA (AP) - Nine people died".
    let sum = matches!(words.before(k, 1), "$" | "£" | "€" | "/" | "#")
        || matches!(words.before(k, 1), "-" | "–") && words.glued(k - 1);
    let named = k > 0 && words.before(k, 1) == "." && matches!(words.before(k, 2), "no" | "art");
    let alone = words.before(k, 1) == "," && matches!(next, "," | ";") && number.digits || words.before(k, 1) == "aged";
    let of_age =
        words.before(k, 1) == "of" && matches!(words.before(k, 2), "woman" | "man" | "boy" | "girl" | "child" | "age");
    let age = alone
        || of_age
        || next == "-"
            && matches!(
                words.get(number.end + 1),
                "year" | "month" | "hour" | "day" | "week" | "strong" | "man" | "member" | "point" | "story"
            );
    let tail = matches!(next, "%" | "st" | "nd" | "rd" | "th" | ":" | "/")
        || next == "." && words.glued(number.end) && words.glued(number.end - 1);
    let year = number.digits
        && number.end == k + 1
        && words.get(k).len() == 4
        && (1900.0..2100.0).contains(&number.low)
        && !effects::people(words.get(number.end));
    let fraction = number.low.fract() != 0.0 && number.low < 1000.0;
    !(sum || named || age || tail || year || fraction)
}
