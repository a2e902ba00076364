//! What one proposition is compared by: words, figures, negation, evidence, sense.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::model::Analysis;
use crate::model::sense::sense;
use crate::read::Document;
use crate::read::act::{act_of_part, polarity};
use crate::read::how_many::{Figure, figures};
use crate::reading::{Act, Attribution, Reading};
use crate::report::Report;
use crate::span::Span;
use crate::weigh::statement;

/// A proposition as it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// Stems of the words that mean something, sorted.
    pub(super) stems: Vec<String>,
    /// For each stem a word that has it.
    pub(super) words: Vec<String>,
    /// The figures it states.
    pub(super) figures: Vec<Counted>,
    /// Whether it says that something is not so.
    pub(super) negated: bool,
    /// On which side of each pair of opposites it is, as `data/opposites.tsv` has them: 1 the first, -1 the second.
    pub(super) sides: Vec<(usize, i8)>,
    /// What it says came first, and what then.
    pub(super) order: Option<Order>,
    /// Whether it speaks of footage, a document or another piece of evidence.
    pub(super) evidence: bool,
    /// The number of its sentence in the report.
    pub(super) sentence: usize,
    /// The sense of its words.
    pub(super) sense: Vec<f32>,
    /// Its whole sentence, where its own words lack their subject.
    pub(super) whole: Option<String>,
}

/// A figure and what it counts, where the reading knows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counted {
    /// The number.
    pub(super) figure: Figure,
    /// `killed`, `wounded`, …
    pub(super) of: Option<String>,
    /// Whether it is part of another figure, or adds to one.
    pub(super) part: bool,
    /// The words that tell what is counted.
    pub(super) who: String,
    /// Their sense.
    pub(super) unit: Vec<f32>,
}

static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d+[:.]\d+|\d[\d,]*|\p{L}+(?:[’']t)?").expect("a fixed pattern"));

/// Words that hold a sentence together but say nothing of what it is about.
const EMPTY: &str = " the a an of in on at to and or for by from with that this it its is are was were be been has have had he \
    she they we our their his her as there so no not who which will would any all said says say i you my me him them us do did does ";

/// A report prepared for the features of its propositions.
pub(super) struct Source<'a> {
    document: Document<'a>,
    reading: &'a Reading,
    figures: Vec<Counted>,
}

impl<'a> Source<'a> {
    /// Finds the figures of a report.
    pub(super) fn new(report: &'a Report, reading: &'a Reading) -> Self {
        let document = Document { report, analysis: Analysis::words(report) };
        let in_time = |span: Span| reading.times.iter().any(|t| t.span.overlaps(span));
        let clock = |span: Span| report.text[..span.start].ends_with(':');
        let mut found: Vec<Figure> = figures(&document);
        found.retain(|f| !in_time(f.span) && !clock(f.span));
        let none = reading.quantities.iter().filter(|q| q.high == Some(0)).map(|q| Figure::none(q.span));
        let none: Vec<Figure> = none.filter(|n| !found.iter().any(|f| f.span.overlaps(n.span))).collect();
        found.extend(none);
        found.sort_by_key(|f| f.span);
        let counted = found.into_iter().filter(|f| !is_measure(&document, f.span));
        let counted = counted.map(|figure| counted_by(&document, reading, figure)).collect();
        Self { figures: counted, document, reading }
    }

    /// The features of the proposition at `span`.
    pub(super) fn features(&self, span: Span) -> Features {
        let text = span.of(self.document.text());
        let figures: Vec<Counted> = self.figures.iter().filter(|c| c.figure.span.overlaps(span)).cloned().collect();
        let of_figure = |start: usize| {
            figures.iter().any(|c| (c.figure.span.start..c.figure.span.end).contains(&(span.start + start)))
        };
        let mut stems: BTreeMap<String, String> = BTreeMap::new();
        for found in WORD.find_iter(text).filter(|w| !of_figure(w.start())) {
            let word = found.as_str().to_lowercase();
            if (word.len() > 2 || word.starts_with(|c: char| c.is_ascii_digit()))
                && !EMPTY.contains(&format!(" {word} "))
            {
                stems.entry(stem(&word)).or_insert(word);
            }
        }
        let negated = self.negated(span);
        Features {
            sides: sides(text, negated),
            order: Order::of(text),
            words: stems.values().cloned().collect(),
            stems: stems.into_keys().collect(),
            figures,
            evidence: self.reading.evidence.iter().any(|e| span.overlaps(e.span)),
            sentence: self.sentence(span),
            negated,
            sense: sense(text),
            whole: statement::lacks_subject(text).then(|| self.whole_sentence(span)).flatten(),
        }
    }

    /// The sentence around a proposition, if it is not much longer.
    fn whole_sentence(&self, span: Span) -> Option<String> {
        let analysis = &self.document.analysis;
        let sentence = analysis.span_of(analysis.sentences.get(self.sentence(span))?.clone());
        let fits = sentence.contains(span) && sentence.len() <= span.len() + LONGEST_SUBJECT;
        fits.then(|| sentence.of(self.document.text()).to_owned())
    }

    /// Whether it says that something is not so. "No dead" is a figure, not a denial.
    fn negated(&self, span: Span) -> bool {
        let none =
            |negation: Span| self.figures.iter().any(|c| c.figure.high == 0.0 && c.figure.span.overlaps(negation));
        polarity(&self.document, span).negation.is_some_and(|negation| !none(negation))
    }

    /// What the speaker does in the proposition at `span`.
    pub(super) fn act(&self, attribution: &Attribution, span: Span) -> Act {
        act_of_part(&self.document, attribution, &self.reading.actors, span)
    }

    /// The number of the sentence that holds the start of `span`.
    fn sentence(&self, span: Span) -> usize {
        self.document.analysis.sentence_of(self.document.analysis.tokens_in(span).start)
    }
}

/// Characters that a subject cut off its sentence is long, at most.
const LONGEST_SUBJECT: usize = 120;

/// A figure with what the reading knows of it.
fn counted_by(document: &Document<'_>, reading: &Reading, figure: Figure) -> Counted {
    let quantity = reading.quantities.iter().find(|q| q.span.overlaps(figure.span));
    let who = quantity.and_then(|q| q.who).map_or_else(|| after(document, figure.span), |who| who.of(document.text()));
    Counted {
        of: quantity.map(|q| q.of.clone()),
        part: quantity.is_some_and(|q| matches!(q.scope.as_str(), "part" | "increment")),
        unit: sense(who),
        who: who.to_lowercase(),
        figure,
    }
}

/// Words after a figure that tell what is counted.
const UNIT: usize = 3;

/// The words after a figure that name what is counted: "eight of their lorries" to "lorries".
fn after<'a>(document: &'a Document<'_>, figure: Span) -> &'a str {
    let analysis = &document.analysis;
    let all = analysis.tokens.len();
    let mut start = analysis.tokens.partition_point(|t| t.span.start < figure.end);
    let word = |k: usize| format!(" {} ", document.word(k).to_lowercase());
    while start < all && BEFORE_UNIT.contains(&word(start)) {
        start += 1;
    }
    let limit = all.min(start + UNIT);
    let mut end = start;
    while end < limit && document.word(end).starts_with(char::is_alphabetic) && !AFTER_UNIT.contains(&word(end)) {
        end += 1;
        if is_plural(document.word(end - 1)) {
            break;
        }
    }
    if start < end { analysis.span_of(start..end).of(document.text()) } else { "" }
}

/// Words between a figure and the noun.
const BEFORE_UNIT: &str = " of my our your his her its their the these those such other more further different ";
/// Words that no name of what is counted goes beyond.
const AFTER_UNIT: &str = " and or but nor at in on by from with without for to into out over under near than as that who whom \
    which when while where after before during since until because if had has have having was were is are be been being will would can \
    could may might must shall should did do does said says say told not no also only still now then there he she it they we i you \
    this last took come came went ";

fn is_plural(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(word.as_str(), "people" | "men" | "women" | "children" | "police" | "dead" | "wounded" | "injured")
        || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
}

/// Two things that a text puts in order: the stems of what came first, and of what came then.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    first: BTreeSet<String>,
    then: BTreeSet<String>,
}

static BEFORE_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(.+?)\b(before|after|in response to|in reply to|prior to)\b(.+)$").expect("a fixed pattern")
});

impl Order {
    fn of(text: &str) -> Option<Self> {
        let found = BEFORE_AFTER.captures(text)?;
        let stems = |n: usize| -> BTreeSet<String> {
            let words = WORD.find_iter(found.get(n).map_or("", |m| m.as_str())).map(|w| w.as_str().to_lowercase());
            let telling =
                |w: &String| w.len() > 2 && !EMPTY.contains(&format!(" {w} ")) && !w.starts_with(char::is_numeric);
            words.filter(telling).map(|w| stem(&w)).collect()
        };
        let (a, b) = (stems(1), stems(3));
        let before = matches!(found[2].to_lowercase().as_str(), "before" | "prior to");
        let (first, then) = if before { (a, b) } else { (b, a) };
        (!first.is_empty() && !then.is_empty()).then_some(Self { first, then })
    }

    /// Whether each tells of the same two things, the other way round.
    pub(super) fn is_reverse_of(&self, other: &Self) -> bool {
        let share = |a: &BTreeSet<String>, b: &BTreeSet<String>, not: &BTreeSet<String>| {
            a.intersection(b).any(|w| !not.contains(w))
        };
        share(&self.first, &other.then, &self.then) && share(&self.then, &other.first, &self.first)
    }
}

/// Pairs of opposite words: a pattern of each side.
static OPPOSITES: LazyLock<Vec<[Regex; 2]>> = LazyLock::new(|| {
    let side = |words: &str| {
        let words: Vec<String> = words.split(',').map(|w| regex::escape(w.trim())).collect();
        Regex::new(&format!(r"(?i)\b(?:{})\b", words.join("|"))).expect("words")
    };
    let lines = include_str!("../../data/opposites.tsv").lines().filter(|l| !l.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).map(|(a, b)| [side(a), side(b)]).collect()
});

/// The sides that a text takes; a negation turns them round, and who uses both words takes none.
fn sides(text: &str, negated: bool) -> Vec<(usize, i8)> {
    let side = |[first, second]: &[Regex; 2]| i8::from(first.is_match(text)) - i8::from(second.is_match(text));
    let sides = OPPOSITES.iter().map(side).enumerate().filter(|(_, side)| *side != 0);
    sides.map(|(k, side)| (k, if negated { -side } else { side })).collect()
}

static TIME_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^[\s-]*(?:(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|met(?:re|er)s?|kilomet(?:re|er)s?|km|miles?|am|pm|[ap]\.m\.",
        r"|o['’]clock)\b|(?:in the|this|on|yesterday|tomorrow|\w+day) (?:\w+ )?(?:morning|afternoon|evening|night)|sharp\b)",
    ))
    .expect("a fixed pattern")
});
static TIME_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?P<toll>stands?|stood|toll|number|count|remain\w*|put) )?(?:at|by|since|until|till) $")
        .expect("a fixed pattern")
});
static AGE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:an?|the) (?:\w+ )?(?:wo)?(?:man|boy|girl|child|pensioner|student|person|\w+er) of $|\baged $")
        .expect("a fixed pattern")
});

/// Whether a figure measures time, age or distance, or tells the hour, and counts nobody.
fn is_measure(document: &Document<'_>, figure: Span) -> bool {
    let text = document.text();
    let (before, following) = (&text[..figure.start], &text[figure.end..]);
    let line = before.rfind('\n').map_or(0, |n| n + 1);
    let alone = after(document, figure).is_empty();
    let hour = || {
        let value: Option<u32> = figure.of(text).parse().ok();
        let small = value.is_none_or(|v| v <= 24) && !figure.of(text).contains([' ', '-']);
        small && TIME_BEFORE.captures(&before[line..]).is_some_and(|c| c.name("toll").is_none())
    };
    TIME_AFTER.is_match(following) || alone && (AGE_BEFORE.is_match(&before[line..]) || hour())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str) -> Features {
        let report = Report { text: text.into(), ..Report::default() };
        Source::new(&report, &Reading::default()).features(Span::new(0, text.len()))
    }

    #[test]
    fn figures_in_words_and_digits() {
        let of = |s: &str| features(s).figures.iter().map(|c| c.figure.value).collect::<Vec<_>>();
        assert_eq!(of("Seventy-eight people, 1,900 cattle and two million coins"), [78.0, 1900.0, 2_000_000.0]);
        assert_eq!(of("more than one hundred thousand people came"), [100_000.0]);
        assert_eq!(of("a 71-year-old woman waited forty minutes at 06:12"), [0.0; 0], "ages, times, durations");
    }

    #[test]
    fn bounds() {
        let of = |s: &str| features(s).figures.first().map(|c| (c.figure.low, c.figure.high));
        assert_eq!(of("at least six people"), Some((6.0, f64::INFINITY)));
        assert_eq!(of("fewer than forty fighters"), Some((0.0, 39.0)));
        assert_eq!(of("between 40 and 60 fighters"), Some((40.0, 60.0)));
    }

    #[test]
    fn negation() {
        assert!(features("No village had been entered").negated);
        assert!(features("the unit doesn’t exist").negated);
        assert!(!features("two villages were taken").negated);
    }
}
