//! A claim as one plain sentence: the words of its clearest mention, pronouns resolved.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::actors::Actors;
use super::mentions::Item;
use crate::reading::Act;
use crate::weighing::Stance;

/// A number in a list, a clock time or a mark that stands before a sentence.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:\(?\d{1,2}[.)]\s+|\d{1,2}:\d{2}[.:,]?\s+|[-–—•*…:;,.\s]+)+"#).expect("a fixed pattern")
});
/// What a sentence without its subject begins with.
static NO_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:was|were|is|are|be|been|being|had|has|have|to|of|that|which|who|whether|if|[a-z]+ed|[a-z]+ing)\b")
        .expect("a fixed pattern")
});

/// The sentence of the clearest mention: what most mentions say, neither short nor long, by name and not by pronoun, asserted
/// and not denied.
pub(super) fn clearest(items: &[Item], negated: bool, actors: &Actors) -> String {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    items.iter().flat_map(|i| &i.features.stems).for_each(|s| *found.entry(s).or_default() += 1);
    let best =
        items.iter().enumerate().max_by_key(|(k, i)| (clarity(i, negated, &found, items), std::cmp::Reverse(*k)));
    best.map_or(String::new(), |(_, item)| sentence(item, actors))
}

/// How well a mention stands for its claim, in points.
fn clarity(item: &Item, negated: bool, found: &BTreeMap<&str, usize>, items: &[Item]) -> usize {
    let text = LABEL.replace(&item.mention.text, "");
    let words = text.split_whitespace().count();
    let length = if words < 5 { words * 2 } else { 20_usize.saturating_sub(words.saturating_sub(14)) };
    let names = text.split_whitespace().skip(1).filter(|w| w.starts_with(char::is_uppercase)).count().min(3);
    let stems = &item.features.stems;
    let common = stems.iter().map(|s| found[s.as_str()]).sum::<usize>() * 20 / (items.len() * stems.len().max(4));
    let figures = item.features.figures.iter();
    let figure =
        figures.map(|c| items.iter().filter(|i| has(i, c.figure.value)).count()).max().unwrap_or(0) * 10 / items.len();
    let points = |on: bool, n: usize| if on { n } else { 0 };
    let good = length
        + 2 * names
        + common
        + figure
        + points(item.features.negated == negated, 10)
        + points(item.mention.stance == Stance::Asserts, 40)
        + points(item.mention.stance == Stance::Verifies, 35);
    let bad = points(pronoun(&text).is_some(), 6)
        + points(has_first_person(&text), 5)
        + points(NO_SUBJECT.is_match(&text), 12)
        + points(item.act == Act::Accuses, 8);
    good.saturating_sub(bad)
}

fn has(item: &Item, value: f64) -> bool {
    item.features.figures.iter().any(|c| c.figure.value == value)
}

const PRONOUNS: [&str; 6] = ["it", "he", "she", "they", "we", "i"];

/// The pronoun a text opens with.
fn pronoun(text: &str) -> Option<&str> {
    let first = text.split(|c: char| !c.is_alphabetic()).next()?;
    PRONOUNS.contains(&first.to_lowercase().as_str()).then_some(first)
}

fn has_first_person(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic())
        .any(|w| matches!(w, "we" | "We" | "our" | "Our" | "us" | "I" | "my" | "My"))
}

/// A mention as one plain sentence, its opening pronoun replaced by the speaker it stands for.
fn sentence(item: &Item, actors: &Actors) -> String {
    let text = item.mention.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = without_lone_quotes(&LABEL.replace(&text, ""));
    let text = match (pronoun(&text), item.speaker) {
        (Some(word), Some(speaker)) if item.act != Act::Accuses && stands_for_speaker(word, item) => {
            let who = if word.eq_ignore_ascii_case("we") { actors.root(speaker) } else { speaker };
            format!("{}{}", actors.get(who).name, third_person(&text[word.len()..], word))
        }
        _ => text,
    };
    let text = text.trim_end_matches([',', ';', ':', ' ', '-', '–', '—']);
    let mut chars = text.chars();
    let capital: String =
        chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default();
    if capital.ends_with(['.', '!', '?', '…']) { capital } else { format!("{capital}.") }
}

/// "I" and "we" are the speaker; "it", "they" and the like are when nobody is quoted word for word.
fn stands_for_speaker(word: &str, item: &Item) -> bool {
    matches!(word.to_lowercase().as_str(), "i" | "we") || !item.voice
}

/// What follows "we" or "I", to follow a name: "have two" to "has two".
fn third_person(rest: &str, pronoun: &str) -> String {
    if !matches!(pronoun.to_lowercase().as_str(), "we" | "i") {
        return rest.to_owned();
    }
    let form = |verb: &str| {
        Some(match verb {
            "are" | "am" => "is",
            "were" => "was",
            "have" => "has",
            "do" => "does",
            "hold" => "holds",
            "exist" => "exists",
            "reject" => "rejects",
            "deny" => "denies",
            "demand" => "demands",
            _ => return None,
        })
    };
    let trimmed = rest.trim_start();
    let verb = trimmed.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let rest = form(verb).map_or_else(|| rest.to_owned(), |form| format!(" {form}{}", &trimmed[verb.len()..]));
    [(" our ", " its "), (" ours", " its own"), (" my ", " their ")]
        .iter()
        .fold(rest, |text, (from, to)| text.replace(from, to))
}

/// Without a quotation mark whose other half was cut off.
fn without_lone_quotes(text: &str) -> String {
    let count = |c: char| text.matches(c).count();
    let lone = |c: char| match c {
        '“' | '”' => count('“') != count('”'),
        '"' => count('"') % 2 == 1,
        '‘' => count('‘') > count('’'),
        _ => false,
    };
    text.chars().filter(|&c| !lone(c)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_lone_quotes_go() {
        assert_eq!(LABEL.replace("3. Nine huts burnt", ""), "Nine huts burnt");
        assert_eq!(LABEL.replace("08:40 Nine huts burnt", ""), "Nine huts burnt");
        assert_eq!(without_lone_quotes("the mill “is ours"), "the mill is ours");
        assert_eq!(without_lone_quotes("the “mill” is ours"), "the “mill” is ours");
    }

    #[test]
    fn we_in_the_third_person() {
        assert_eq!(third_person(" have two of our boats", "We"), " has two of its boats");
        assert_eq!(third_person(" have two boats", "They"), " have two boats");
    }
}
