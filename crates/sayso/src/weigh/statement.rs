//! A claim as one plain sentence: the words of its clearest mention, pronouns resolved.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::actors::Actors;
use super::mentions::Item;
use crate::reading::{Act, ActorKind};
use crate::weighing::Stance;

/// A number in a list, a clock time or a mark that stands before a sentence.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:\(?\d{1,2}[.)]\s+|\d{1,2}:\d{2}[.:,]?\s+|[-–—•*…:;,.\s]+)+"#).expect("a fixed pattern")
});
/// What a sentence without its subject begins with.
static NO_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    let words = "was|were|is|are|be|been|being|had|has|have|to|of|that|which|who|whether|if|[a-z]+ed|[a-z]+ing";
    Regex::new(&format!(
        r"^(?:{words}|(?:Was|Were|Is|Are|Had|Has|Have|Of|Only that|[A-Z][a-z]+ed (?:by|to|with)|Shows)\b)\b"
    ))
    .expect("a fixed pattern")
});
/// What begins a heading, a question or an aside, and no statement.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:what|how|who|whom|whose|why|when|where|read more|see also|for more|in other news|short version)\b",
    )
    .expect("a fixed pattern")
});
/// Who is spoken to, and marks of posts.
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:you|your|yours)\b|[@|#?]|https?:").expect("a fixed pattern"));
/// Words before a clause that begins with "that": "On Thursday, that nobody had come", "only that nobody had come".
static BEFORE_THAT: LazyLock<Regex> = LazyLock::new(|| {
    let time = "(?:[Aa]t|[Oo]n|[Ii]n|[Bb]y|[Aa]fter|[Bb]efore|[Ss]ince|[Ll]ater|[Ee]arlier|[Tt]hen|[Aa]gain)";
    Regex::new(&format!(
        r"^(?:{time}\b[^,.;:]{{0,50}}, (?:and |but )?that|[Oo]nly that|and that|but that|that) (\S+ \S+ .+)$"
    ))
    .expect("a fixed pattern")
});
/// Who says it, put into or behind what is said: ", she went on,".
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    let verb = "(?:said|says|went on|added|adds|continued|wrote|writes|insisted|explained|stressed|noted)";
    Regex::new(&format!(r", (?:(?:he|she|they|it|we|I|the \w+) {verb}|as always|however|though|too)(?:,|([.!]?)$)"))
        .expect("a fixed pattern")
});
/// Words that begin a sentence which goes on from another, and those on which none ends.
static JOINED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:And|But|Yet|Or) (\S+ \S+ )").expect("a fixed pattern"));
static DANGLING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:,? (?:from|of|and|or|but|that|the|a|an|than|which|who))+[.,;:]*$").expect("a fixed pattern")
});

/// Whether words state something of a subject that does not stand among them.
pub(super) fn lacks_subject(text: &str) -> bool {
    NO_SUBJECT.is_match(text) && clause_after_that(text).is_none()
}

/// The clause that "that" begins: not after "that was …", where it is the subject.
fn clause_after_that(text: &str) -> Option<&str> {
    let clause = BEFORE_THAT.captures(text)?.get(1)?.as_str();
    (!NO_SUBJECT.is_match(clause)).then_some(clause)
}

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
        + points(lacks_subject(&text), 12)
        + points(HEADING.is_match(&text), 12)
        + points(ADDRESS.is_match(&text), 8)
        + points(DANGLING.is_match(&text), 6)
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
    let text = item.features.whole.as_ref().unwrap_or(&item.mention.text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = mended(&without_lone_quotes(&LABEL.replace(&text, "")));
    let text = by_name(&text, item, actors).unwrap_or(text);
    let text = text.trim_end_matches([',', ';', ':', ' ', '-', '–', '—']);
    let mut chars = text.chars();
    let capital: String =
        chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default();
    if ends(&capital) { capital } else { format!("{capital}.") }
}

/// Whether a sentence ends, be it inside a quotation.
fn ends(text: &str) -> bool {
    text.trim_end_matches(['”', '"', '’', '\'', ')']).ends_with(['.', '!', '?', '…'])
}

/// A sentence cut out of a text without what ties it to the rest.
fn mended(text: &str) -> String {
    let text = ASIDE.replace(text, "$1");
    let text = clause_after_that(&text).unwrap_or(&text);
    let text = JOINED.replace(text, "$1");
    let text = DANGLING.replace(&text, "");
    match (text.rfind('('), text.rfind(')')) {
        (Some(open), close) if close.is_none_or(|close| close < open) => text[..open].trim_end().to_owned(),
        _ => text.into_owned(),
    }
}

/// The text with the speaker's name for the pronoun it opens with, if that stands for the speaker.
fn by_name(text: &str, item: &Item, actors: &Actors) -> Option<String> {
    let speaker = item.speaker.filter(|_| item.act != Act::Accuses)?;
    let first = text.split(|c: char| !c.is_alphabetic()).next()?;
    let rest = &text[first.len()..];
    let word = first.to_lowercase();
    let body = actors.root(speaker);
    let person = |actor: usize| actors.get(actor).kind == ActorKind::Person;
    let said_so = || actors.get(speaker).kind != ActorKind::Anonymous;
    // "It is a mistake", "it was raining": nothing that anybody is.
    let empty =
        rest.starts_with(" is ") || rest.starts_with(" was ") || rest.starts_with('’') || rest.starts_with('\'');
    let who = match word.as_str() {
        "i" | "my" => speaker,
        "we" | "our" => body,
        "he" | "she" if !item.voice && person(speaker) => speaker,
        "it" if !item.voice && !person(speaker) && !empty => speaker,
        "they" | "its" if !item.voice && !person(speaker) => speaker,
        _ => return None,
    };
    let name = &actors.get(who).name;
    match word.as_str() {
        "my" | "our" | "its" if said_so() && rest.starts_with(' ') => Some(format!("{name}’s{rest}")),
        "my" | "our" | "its" => None,
        _ => Some(format!("{name}{}", third_person(rest, &word))),
    }
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
            "fight" => "fights",
            "know" => "knows",
            "want" => "wants",
            "need" => "needs",
            "control" => "controls",
            "remain" => "remains",
            "continue" => "continues",
            "believe" => "believes",
            "think" => "thinks",
            "expect" => "expects",
            "confirm" => "confirms",
            "condemn" => "condemns",
            "regret" => "regrets",
            "insist" => "insists",
            "ask" => "asks",
            "call" => "calls",
            "say" => "says",
            "see" => "sees",
            "stand" => "stands",
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
    fn what_ties_a_sentence_to_others_goes() {
        for (cut, whole) in [
            ("At noon on Friday, that nobody had come", "nobody had come"),
            ("Only that the pumps worked as they should", "the pumps worked as they should"),
            ("The Guard, she went on, was a movement first", "The Guard was a movement first"),
            ("Some 800 took part, though.", "Some 800 took part."),
            ("But the mill is ours", "the mill is ours"),
            ("Shots and long bursts of fire from.", "Shots and long bursts of fire"),
            ("The Water Assembly (WA.", "The Water Assembly"),
            ("That figure was never given", "That figure was never given"),
            ("that was never the plan", "that was never the plan"),
        ] {
            assert_eq!(mended(cut), whole);
        }
        assert!(lacks_subject("was never there") && lacks_subject("Asked by whom it was"));
        assert!(!lacks_subject("Wounded men lay there") && !lacks_subject("that nobody had come then"));
        assert!(ends("he said “no.”") && !ends("he said no”"));
    }

    #[test]
    fn we_in_the_third_person() {
        assert_eq!(third_person(" have two of our boats", "We"), " has two of its boats");
        assert_eq!(third_person(" have two boats", "They"), " have two boats");
    }
}
