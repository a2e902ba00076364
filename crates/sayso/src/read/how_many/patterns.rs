//! Where the effect of a number stands, and what the number counts.

use std::ops::Range;

use super::effects::{EFFECTS, Form, equipment, uncounted};
use crate::read::number;
use crate::read::words::Words;

/// How far from a number its effect may stand, in words.
const REACH: usize = 16;

pub(super) fn auxiliary(word: &str) -> bool {
    matches!(
        word,
        "was"
            | "were"
            | "been"
            | "be"
            | "being"
            | "are"
            | "is"
            | "got"
            | "get"
            | "left"
            | "reported"
            | "confirmed"
            | "declared"
            | "found"
            | "believed"
            | "feared"
            | "presumed"
    )
}

/// Words that end what is counted: verbs, prepositions, marks.
fn ends_noun(words: &Words<'_>, k: usize) -> bool {
    let word = words.get(k);
    auxiliary(word)
        || matches!(
            word,
            "have"
                | "has"
                | "had"
                | "who"
                | "that"
                | "which"
                | "in"
                | "at"
                | "on"
                | "by"
                | "when"
                | "during"
                | "after"
                | "while"
                | "and"
                | "or"
                | "but"
                | "from"
                | "with"
                | "to"
                | "as"
                | "inside"
                | "near"
                | "including"
                | "of"
                | "into"
                | "since"
                | "for"
                | "this"
                | "also"
                | "will"
                | "said"
                | "said."
                | "yesterday"
                | "today"
                | "so"
                | "out"
                | "under"
                | "over"
                | "then"
                | "can"
                | "cannot"
                | "could"
                | "would"
                | "should"
                | "may"
                | "might"
                | "must"
                | "did"
                | "does"
                | "do"
                | "not"
        )
        || EFFECTS
            .get(word)
            .is_some_and(|e| matches!(e.form, Form::Verb | Form::Done | Form::State | Form::Thing | Form::Active))
        || word.ends_with("ly") && word.len() > 4 && word != "family"
        || !(word.starts_with(char::is_alphanumeric) || matches!(word, "-" | "'" | "’") && words.glued(k))
        || matches!(words.pos(k), "VERB" | "AUX")
}

/// As `ends_noun`, for a word inside a noun phrase: an article or a participle begins something else.
fn breaks(words: &Words<'_>, k: usize) -> bool {
    let word = words.get(k);
    let participle = word.len() > 5 && (word.ends_with("ing") || word.ends_with("ed")) && !ADJECTIVES.contains(&word);
    participle && words.pos(k) != "ADJ" && words.pos(k) != "NOUN" || matches!(word, "the" | "a" | "an")
}

/// Participles that describe people, before the noun.
const ADJECTIVES: [&str; 16] = [
    "armed",
    "unarmed",
    "masked",
    "hooded",
    "unidentified",
    "suspected",
    "alleged",
    "uniformed",
    "retired",
    "united",
    "wanted",
    "leading",
    "serving",
    "elderly",
    "breed",
    "visiting",
];

/// The noun phrase after a number: at most eight words.
pub(super) fn counted_words(words: &Words<'_>, from: usize) -> Range<usize> {
    let start = from + usize::from(words.get(from) == "of") + usize::from(words.are(from, &["of", "the"]));
    let mut end = start;
    while end < words.len()
        && end < start + 8
        && !ends_noun(words, end)
        && (end == start || !words.stops(end - 1) && !breaks(words, end))
    {
        end += 1;
    }
    // "two of them": the pronoun alone.
    start..end
}

/// The effect just before a number: "killing 12", "the deaths of 12", "wounded at least 12".
pub(super) fn before(words: &Words<'_>, k: usize) -> Option<&'static str> {
    let mut at = k.checked_sub(1)?;
    let mut of = false;
    for _ in 0..3 {
        if words.stops(at) {
            return None;
        }
        let word = words.get(at);
        if let Some(effect) = EFFECTS.get(word) {
            return match effect.form {
                Form::Of | Form::Noun => of.then_some(effect.of),
                Form::Verb if of || passive(words, at) => None,
                Form::Verb | Form::Active | Form::Thing => Some(effect.of),
                _ => None,
            };
        }
        match word {
            "of" => of = true,
            "the" | "another" | "an" | "a" | "estimated" | "total" | "to" | "all" | "his" | "her" | "their" | "and"
                if word != "and" => {}
            _ => return None,
        }
        at = at.checked_sub(1)?;
    }
    None
}

/// Whether the participle at `k` has a form of "be" before it.
fn passive(words: &Words<'_>, k: usize) -> bool {
    for back in 1..=3 {
        let word = words.before(k, back);
        if matches!(word, "was" | "were" | "been" | "be" | "being" | "are" | "is" | "got") {
            return true;
        }
        if !(word.ends_with("ly")
            || matches!(word, "also" | "not" | "reported" | "confirmed" | "or" | "and")
            || EFFECTS.contains_key(word))
        {
            return false;
        }
    }
    false
}

/// The effect after a number and one past its word: "12 people were killed", "12 dead", "12 people died", "12 injuries".
pub(super) fn after(words: &Words<'_>, from: usize, who: &Range<usize>) -> Option<(&'static str, usize)> {
    if (who.start..who.end).any(|k| k < who.start + 1 && uncounted(words.get(k)))
        || uncounted(words.get(who.end.saturating_sub(1)).trim()) && !who.is_empty()
    {
        return None;
    }
    if let Some(noun) = (who.start..who.end).find_map(|k| EFFECTS.get(words.get(k)).filter(|e| e.form == Form::Noun)) {
        return Some((noun.of, who.end));
    }
    let mut helped = false;
    let mut commas = 0;
    for k in from..(from + REACH).min(words.len()) {
        if k > from && words.stops(k - 1) {
            return None;
        }
        let word = words.get(k);
        if let Some(effect) = EFFECTS.get(word) {
            let bare = open(words, k + 1);
            match effect.form {
                Form::Verb | Form::Thing if helped || bare && commas == 0 && k <= who.end => {
                    return Some((joined(words, k, effect.of), k + 1));
                }
                Form::State | Form::Done if commas != 1 || helped => return Some((effect.of, k + 1)),
                Form::Verb | Form::Thing | Form::Active => return None,
                _ => {}
            }
        }
        match word {
            "," => commas += 1,
            ";" | ":" | "(" | "—" => return None,
            _ if auxiliary(word) => helped = true,
            "shot" | "burned" | "beaten" | "blown" | "gunned" | "stabbed" | "taken" => {
                if let Some(of) = phrase(words, k).filter(|_| helped || k <= who.end) {
                    return Some((of, k + 2));
                }
            }
            _ if k >= who.end && starts_clause(words, k) => return None,
            _ => {}
        }
    }
    None
}

/// "shot dead", "burned to death", "taken hostage", "shot down".
fn phrase(words: &Words<'_>, k: usize) -> Option<&'static str> {
    let next = |word: &str| (k + 1..k + 4).any(|n| words.get(n) == word);
    match words.get(k) {
        "taken" if next("hostage") || next("prisoner") || next("captive") => Some("captured"),
        "shot" if words.get(k + 1) == "down" => Some("destroyed"),
        "shot" | "burned" | "beaten" | "blown" | "stabbed" if next("dead") || next("death") || next("killed") => {
            Some("killed")
        }
        "shot" | "beaten" | "stabbed" => Some("wounded"),
        "gunned" => Some("killed"),
        _ => None,
    }
}

/// A verb of saying or a relative that begins another clause.
fn starts_clause(words: &Words<'_>, k: usize) -> bool {
    matches!(
        words.get(k),
        "said"
            | "says"
            | "told"
            | "killed"
            | "attacked"
            | "opened"
            | "while"
            | "when"
            | "after"
            | "because"
            | "if"
            | "whose"
    )
}

/// Whether nothing that could be an object begins at `k`: then a participle before it is a passive.
fn open(words: &Words<'_>, k: usize) -> bool {
    let word = words.get(k);
    k >= words.len()
        || words.stops(k - 1)
        || !word.starts_with(char::is_alphanumeric)
        || matches!(
            word,
            "in" | "by"
                | "on"
                | "at"
                | "and"
                | "or"
                | "when"
                | "during"
                | "after"
                | "as"
                | "while"
                | "near"
                | "from"
                | "so"
                | "since"
                | "this"
                | "yesterday"
                | "today"
                | "last"
                | "with"
                | "overnight"
                | "inside"
                | "outside"
                | "over"
                | "there"
                | "here"
                | "dead"
                | "but"
        )
}

/// "killed or wounded" counts casualties of both kinds.
fn joined(words: &Words<'_>, k: usize, of: &'static str) -> &'static str {
    let other =
        EFFECTS.get(words.get(k + 2)).filter(|e| e.form == Form::Verb && e.of != of && words.get(k + 1) == "or");
    other.map_or(of, |_| "casualties")
}

/// "the death toll rose to 12", "the number of wounded stood at 40".
pub(super) fn toll(words: &Words<'_>, k: usize) -> Option<&'static str> {
    if !matches!(
        words.before(k, 1),
        "to" | "at" | "is" | "was" | "of" | "reached" | "reaches" | "exceeded" | "passed" | "topped" | "hit"
    ) {
        return None;
    }
    let mut toll = false;
    let mut of = None;
    for back in 1..=12.min(k) {
        let at = k - back;
        if words.stops(at) {
            break;
        }
        match words.get(at) {
            "toll" => toll = true,
            "number" if of.is_some() => toll = true,
            word => of = EFFECTS.get(word).map(|e| e.of).or(of),
        }
    }
    toll.then(|| of.unwrap_or("killed"))
}

/// Whether the words from `from` to `to` only list (", ", "and", "including") and no verb of its own stands at `next`.
pub(super) fn listed(words: &Words<'_>, from: usize, to: usize, next: usize) -> bool {
    if to < from || to - from > 4 || (from.saturating_sub(1)..to).any(|k| words.stops(k)) {
        return false;
    }
    let own_verb = auxiliary(words.get(next)) || matches!(words.get(next), "have" | "has" | "had" | "will");
    let only = !own_verb
        && (from..to).all(|k| {
            matches!(
                words.get(k),
                "," | "and"
                    | "including"
                    | "among"
                    | "them"
                    | "as"
                    | "well"
                    | "of"
                    | "whom"
                    | "plus"
                    | "or"
                    | "("
                    | "at"
                    | "least"
            )
        });
    only && to > from
}

/// Whether the number is part of one before it: "including two children", "three of them", "two of whom".
pub(super) fn part(words: &Words<'_>, k: usize, end: usize) -> bool {
    let including = matches!(
        (words.before(k, 2), words.before(k, 1)),
        (_, "including" | "include" | "includes") | ("among", "them" | "whom") | ("of", "whom") | ("them", ",")
    );
    let own = words.get(end) == "of" && matches!(words.get(end + 1), "them" | "whom" | "those");
    including || own
}

/// The effect by what is counted: things are lost, not wounded; places are not captured people.
pub(super) fn of_thing(words: &Words<'_>, of: &'static str, who: &Range<usize>) -> Option<&'static str> {
    let things = who.clone().any(|k| equipment(words.get(k)));
    let head = who.end.checked_sub(1).filter(|k| who.contains(k)).map_or("", |k| words.get(k));
    let first = words.get(who.start);
    if uncounted(head) || uncounted(first) && !who.is_empty() {
        return None;
    }
    match of {
        "destroyed" => things.then_some("equipment lost"),
        "captured" if things => Some("equipment lost"),
        "killed" | "wounded" | "missing" | "detained" | "displaced" | "abducted" if things && equipment(head) => None,
        _ => Some(of),
    }
}

/// One person: the words for the victim, the effect, the rule. `k` is where the victim's words begin.
pub(super) fn one(words: &Words<'_>, k: usize) -> Option<(Range<usize>, &'static str, &'static str)> {
    if let Some(effect) =
        EFFECTS.get(words.get(k)).filter(|e| e.form == Form::Of && e.of != "destroyed" && words.get(k + 1) == "of")
    {
        let who = singular(words, k + 2)?;
        let of = of_thing(words, effect.of, &who)?;
        return Some((who, of, "one, of"));
    }
    if let Some(effect) =
        EFFECTS.get(words.get(k)).filter(|e| matches!(e.form, Form::Verb | Form::Active) && !passive(words, k))
    {
        let who = singular(words, k + 1)?;
        let of = of_thing(words, effect.of, &who)
            .filter(|of| matches!(*of, "killed" | "wounded" | "abducted" | "detained"))?;
        return Some((who, of, "one, active"));
    }
    let who = singular(words, k)?;
    let mut at = after_apposition(words, who.end);
    let limit = at + 4;
    let mut helped = false;
    while at < limit && !words.stops(at.saturating_sub(1)) {
        let word = words.get(at);
        if let Some(effect) = EFFECTS.get(word) {
            let fits = helped && effect.form == Form::Verb
                || effect.form == Form::Done && matches!(effect.of, "killed" | "missing") && word != "die";
            let of =
                of_thing(words, effect.of, &who).filter(|of| fits && !matches!(*of, "equipment lost" | "displaced"))?;
            return Some((who, of, "one, passive"));
        }
        if let Some(of) = phrase(words, at).filter(|_| helped) {
            return of_thing(words, of, &who).filter(|of| *of != "equipment lost").map(|of| (who, of, "one, passive"));
        }
        match word {
            "was" | "been" | "is" => helped = true,
            "has" | "had" | "also" | "later" | "reportedly" | "seriously" | "shot" => {}
            _ if word.ends_with("ly") => {}
            _ => return None,
        }
        at += 1;
    }
    None
}

/// Past ", 56," or ", a judge of the court," where "was" or "has" follows.
fn after_apposition(words: &Words<'_>, end: usize) -> usize {
    if words.get(end) != "," {
        return end;
    }
    let close = (end + 2..end + 12).take_while(|k| !words.stops(k - 1)).find(|k| words.get(*k) == ",");
    close.map(|k| k + 1).filter(|k| matches!(words.get(*k), "was" | "has" | "had")).unwrap_or(end)
}

/// A noun phrase for one person: an article or possessive, or a name in capitals that stands alone.
fn singular(words: &Words<'_>, k: usize) -> Option<Range<usize>> {
    let article = matches!(words.get(k), "a" | "an" | "the" | "his" | "her" | "their" | "another" | "one");
    let begins = k == 0
        || !words.capital(k - 1)
        || words.stops(k - 1)
        || EFFECTS.contains_key(words.get(k - 1))
        || words.get(k - 1) == "of";
    let name = words.capital(k) && !article && begins;
    if !(article || name) {
        return None;
    }
    let mut end = k + usize::from(article);
    while end < words.len()
        && end < k + 8
        && !ends_noun(words, end)
        && (end == k || !words.stops(end - 1) && (end == k + 1 || !breaks(words, end)))
    {
        if !words.get(end).starts_with(char::is_alphabetic) || number::number(words, end).is_some() {
            return None;
        }
        end += 1;
    }
    let head = words.get(end.checked_sub(1)?);
    let plural = head.ends_with('s') && !head.ends_with("ss")
        || matches!(
            head,
            "people"
                | "men"
                | "women"
                | "children"
                | "police"
                | "group"
                | "family"
                | "group's"
                | "it"
                | "they"
                | "he"
                | "she"
                | "we"
                | "i"
                | "this"
                | "what"
                | "nobody"
                | "person"
                | "none"
                | "any"
                | "no"
                | "each"
                | "all"
                | "who"
                | "which"
                | "that"
                | "them"
                | "him"
                | "threats"
                | "others"
                | "there"
                | "most"
                | "some"
                | "many"
        )
        || head.len() < 2;
    let some = end > k + usize::from(article);
    (some && !plural && !head.starts_with(|c: char| c.is_ascii_digit())).then_some(k..end)
}
