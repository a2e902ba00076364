//! Phrases that name nobody: "the police", "a lawyers' collective", "the colonel", and what they have in common with names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::read::who::{Lists, fold};
use crate::weigh::names;

/// An office or rank.
#[derive(Debug)]
pub(super) struct Office {
    /// Whether it is one of a state.
    pub(super) of_state: bool,
    /// How its body is called.
    bodies: Vec<&'static str>,
}

/// Offices by the word for who holds one.
static OFFICES: LazyLock<BTreeMap<&str, Office>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let (word, whose) = (cells.next()?, cells.next()?);
        let bodies = cells.next().unwrap_or_default().split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
        Some((word, Office { of_state: whose == "state", bodies }))
    };
    include_str!("../../../data/offices.tsv").lines().filter(|l| !l.starts_with('#')).filter_map(row).collect()
});

/// Words that belong to many bodies or offices and tell none from another.
const COMMON: &str = " service force agency group team office body authority official press public department division \
    head chief deputy senior former acting vice spokesman spokeswoman spokesperson representative member staff \
    regional local national state central general federal political local new own other ";

/// How a phrase is introduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Article {
    /// "the", "this".
    Definite,
    /// None: "police", "Colonel".
    Bare,
    /// "a", "some", a number.
    Indefinite,
    /// "its", "our": somebody else's.
    Possessive,
}

/// A phrase taken apart.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) article: Article,
    /// Its words without the article, folded, in the singular.
    pub(super) words: Vec<String>,
    /// The noun before any "of …" or "in …".
    pub(super) head: String,
    /// The words behind the last of these.
    owner: Vec<String>,
    /// Whether that noun stands in the plural.
    pub(super) plural: bool,
}

/// Takes a phrase apart; none when it has no word.
pub(super) fn parse(text: &str) -> Option<Phrase> {
    let mut words: Vec<String> = Vec::new();
    for word in fold(text).split(|c: char| !c.is_alphanumeric()) {
        match word {
            "" | "s" => {}
            word => words.push(word.to_owned()),
        }
    }
    let article = match words.first()?.as_str() {
        "the" | "this" | "that" | "these" | "those" => Some(Article::Definite),
        "a" | "an" | "some" | "one" | "two" | "three" | "several" | "many" | "another" | "other" => {
            Some(Article::Indefinite)
        }
        "its" | "his" | "her" | "their" | "our" | "my" | "your" | "whose" => Some(Article::Possessive),
        word if word.starts_with(|c: char| c.is_ascii_digit()) => Some(Article::Indefinite),
        _ => None,
    };
    words.drain(..usize::from(article.is_some()));
    let end = words.iter().position(|w| is_link(w)).unwrap_or(words.len());
    let last = words[..end].last()?.clone();
    let head = one(&last);
    let plural = head != last;
    Some(Phrase {
        article: article.unwrap_or(Article::Bare),
        owner: words
            .iter()
            .rposition(|w| is_link(w))
            .map_or(Vec::new(), |k| words[k + 1..].iter().filter(|w| !is_empty(w)).map(|w| one(w)).collect()),
        words: words.iter().filter(|w| !is_empty(w)).map(|w| one(w)).collect(),
        head,
        plural,
    })
}

fn is_link(word: &str) -> bool {
    matches!(
        word,
        "of" | "for" | "from" | "in" | "at" | "on" | "with" | "who" | "that" | "which" | "by" | "to" | "near"
    )
}

fn is_empty(word: &str) -> bool {
    is_link(word) || matches!(word, "the" | "a" | "an" | "and" | "its" | "their" | "his" | "her" | "our" | "de" | "la")
}

/// The singular of a folded word, as far as spelling tells.
pub(super) fn one(word: &str) -> String {
    match word {
        "men" => "man".into(),
        "women" => "woman".into(),
        _ => match (word.strip_suffix("ies"), word.strip_suffix('s')) {
            (Some(rest), _) if rest.len() > 2 => format!("{rest}y"),
            (_, Some(rest)) if rest.len() > 2 && !rest.ends_with(['s', 'u', 'i']) => rest.into(),
            _ => word.into(),
        },
    }
}

/// A name's telling words, folded, in the singular.
pub(super) fn telling(name: &str) -> BTreeSet<String> {
    names::words(name).iter().map(|w| one(w)).filter(|w| !is_common(w)).collect()
}

/// Whether a word tells no body or office from another.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(&format!(" {word} "))
}

/// The office a word names.
pub(super) fn office(word: &str) -> Option<&'static Office> {
    OFFICES.get(word)
}

/// Whether every word of a form is a common noun for people or bodies: "Directorate", "the Union", "State Agency".
pub(super) fn is_generic(form: &str) -> bool {
    let lists = Lists::shipped();
    let noun = |w: &str| {
        is_common(w) || ["groups", "persons", "outlets", "titles", "state", "armed"].iter().any(|s| lists.has(s, w))
    };
    names::words(form).iter().all(|w| noun(w))
}

impl Phrase {
    /// Whether it speaks of one body: "the police", "a lawyers' collective", and not of a person or of some people.
    pub(super) fn is_body(&self) -> bool {
        let lists = Lists::shipped();
        lists.has("groups", &self.head) || lists.has("state", &self.head) || lists.has("armed", &self.head)
    }

    /// Whether it speaks of a publisher.
    pub(super) fn is_outlet(&self) -> bool {
        Lists::shipped().has("outlets", &self.head)
    }

    /// The office or rank it names: "the colonel", "the interior minister".
    pub(super) fn office(&self) -> Option<&'static Office> {
        if self.plural { None } else { office(&self.head) }
    }

    /// The words that tell which body it is or belongs to.
    pub(super) fn telling(&self) -> BTreeSet<String> {
        self.words.iter().filter(|w| !is_common(w)).cloned().collect()
    }

    /// What the body to which it belongs may be called: its owner ("director of the clinic"), its office's body ("Transport
    /// Minister"), the words before its head ("senior frontier official"). The words, which count unless they are places, and with
    /// them the word for the office or its body.
    pub(super) fn bodies(&self) -> Vec<(BTreeSet<String>, Option<String>)> {
        let telling =
            |words: &[String]| -> BTreeSet<String> { words.iter().filter(|w| !is_common(w)).cloned().collect() };
        let mut out = vec![(telling(&self.owner), None)];
        let mut rest = telling(&self.words);
        rest.remove(&self.head);
        for word in &self.words {
            let Some(office) = office(word) else { continue };
            out.push((rest.clone(), Some(word.clone())));
            rest.remove(word);
            out.extend(office.bodies.iter().map(|body| (rest.clone(), Some((*body).to_owned()))));
        }
        out.push((rest, None));
        out
    }

    /// Whether it speaks of one body or its people in a way that one of the body's names can answer.
    pub(super) fn may_be_a_body(&self) -> bool {
        let people = self.plural && self.article == Article::Definite;
        match self.article {
            Article::Possessive => false,
            Article::Indefinite => self.is_body() && self.telling().len() > 1,
            Article::Definite | Article::Bare => self.is_body() || people,
        }
    }
}

/// The noun of a body's name: "Chamber" of "Chamber of Traders".
pub(super) fn head_of_name(name: &str) -> Option<String> {
    parse(name).map(|p| p.head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_come_apart() {
        let phrase = parse("the hospital's director").unwrap_or_else(|| unreachable!());
        assert_eq!((phrase.head.as_str(), phrase.article, phrase.plural), ("director", Article::Definite, false));
        assert_eq!(phrase.words, ["hospital", "director"]);
        let phrase = parse("A drivers’ union").unwrap_or_else(|| unreachable!());
        assert_eq!((phrase.head.as_str(), phrase.article), ("union", Article::Indefinite));
        assert!(phrase.is_body());
        assert!(parse("").is_none() && parse("the").is_none());
        assert!(is_generic("the Directorate") && !is_generic("Harbour Directorate"));
        let bodies = parse("Transport Minister").map(|p| p.bodies()).unwrap_or_default();
        assert!(bodies.contains(&(["transport".to_owned()].into(), Some("ministry".to_owned()))));
        let bodies = parse("a spokesman for the River Guard").map(|p| p.bodies()).unwrap_or_default();
        assert_eq!(bodies.first(), Some(&(["guard", "river"].map(String::from).into(), None)));
    }
}
