//! Statements without a verb of saying that are another's all the same: "by the union's count", "per the ministry",
//! "Eight thousand, says the colonel", "The first number from the rescuers: six dead", "her figure of 200 injured".
//!
//! In: attributions and sentences in the outlet's own voice, with their spans. Out: own-voice sentences that name whose
//! words they are become attributions with a source; a figure or clause that hangs on a noun ("the ministry's claim
//! that …") becomes an attribution of its own. May not happen: a source that the sentence does not name; a sentence that
//! is lost.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::Document;
use super::attribution::made;
use super::number::number;
use super::who::{Lists, Scene};
use super::words::Words;
use crate::reading::{Attribution, Kind, Reading};

mod nouns;
mod phrases;

/// Words that one source may have.
const LONGEST: usize = 14;

/// Gives statements that name their speaker without a verb of saying a source.
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    let teller = Teller { scene: Scene::new(document, Lists::shipped()), words: Words::new(document) };
    let cues: BTreeSet<usize> = reading
        .attributions
        .iter()
        .flat_map(|a| &a.cue)
        .map(|cue| teller.scene.doc.analysis.tokens_in(*cue).start)
        .collect();
    let (mut rest, mut twice) = (Vec::new(), HashSet::new());
    for at in 0..reading.attributions.len() {
        let one = &reading.attributions[at];
        if one.kind != Kind::Voice || one.content.len() != 1 {
            continue;
        }
        let content = teller.scene.doc.analysis.tokens_in(one.content[0]);
        let told = phrases::RULES.iter().find_map(|(name, rule)| Some((name, rule(&teller, content.clone())?)));
        if let Some((name, told)) = told {
            if cues.range(told.cue.clone()).next().is_some() {
                twice.insert(at); // An attribution has that cue already.
                continue;
            }
            rest.extend(told.rest.clone().map(|r| Attribution { content: vec![teller.scene.span(r)], ..one.clone() }));
            teller.recast(&mut reading.attributions[at], told, name);
        }
    }
    let mut at = 0;
    reading.attributions.retain(|_| {
        at += 1;
        !twice.contains(&(at - 1))
    });
    reading.attributions.extend(rest);
    nouns::nouns(&teller, &mut reading.attributions);
    reading.attributions.sort_by_key(first);
}

fn first(attribution: &Attribution) -> Option<usize> {
    attribution.source.iter().chain(&attribution.cue).chain(&attribution.content).map(|s| s.start).min()
}

/// A statement by its parts, in tokens.
struct Told {
    source: Range<usize>,
    cue: Range<usize>,
    content: Vec<Range<usize>>,
    /// What stays the outlet's.
    rest: Option<Range<usize>>,
}

struct Teller<'a> {
    scene: Scene<'a>,
    words: Words<'a>,
}

impl Teller<'_> {
    fn recast(&self, one: &mut Attribution, told: Told, rule: &str) {
        let span = |r: &Range<usize>| self.scene.span(r.clone());
        one.source = vec![span(&told.source)];
        one.cue = if told.cue.is_empty() { Vec::new() } else { vec![span(&told.cue)] };
        one.content = told.content.iter().filter(|r| !r.is_empty()).map(span).collect();
        one.kind = self.kind(&told.content);
        one.rule = format!("telling: {rule}");
    }

    fn made(&self, told: Told, rule: &str) -> Attribution {
        let mut one = Attribution { confidence: 0.8, ..made(rule, Vec::new(), Vec::new(), Vec::new()) };
        self.recast(&mut one, told, rule);
        one
    }

    fn kind(&self, content: &[Range<usize>]) -> Kind {
        let words = || content.iter().cloned().flatten().filter(|&k| self.scene.is_word(k));
        let quoted = words().filter(|&k| self.scene.quoted[k]).count();
        match quoted {
            0 => Kind::Indirect,
            n if n == words().count() => Kind::Direct,
            _ => Kind::Mixed,
        }
    }

    /// Without marks at its ends, but for quotation marks.
    fn clear(&self, mut tokens: Range<usize>) -> Range<usize> {
        let mark = |k: usize| matches!(self.scene.word(k), "," | "." | ";" | ":" | "—" | "–" | "-" | "▪" | "•");
        while !tokens.is_empty() && mark(tokens.start) {
            tokens.start += 1;
        }
        while !tokens.is_empty() && mark(tokens.end - 1) {
            tokens.end -= 1;
        }
        tokens
    }

    /// Whether somebody who speaks may be named from token `k` on.
    fn opens_source(&self, k: usize) -> bool {
        let scene = &self.scene;
        if k >= scene.len() || !scene.is_word(k) {
            return false;
        }
        let low = scene.low(k);
        matches!(
            low,
            "the" | "a" | "an" | "its" | "his" | "her" | "their" | "one" | "two" | "state" | "some" | "several"
        ) || scene.is_capital(k)
            || ["persons", "groups", "outlets", "titles"].iter().any(|list| scene.lists.has(list, low))
    }

    /// The phrase that names somebody from token `from` on: up to a mark, a verb or a word that opens a clause.
    fn phrase(&self, from: usize, limit: usize) -> Option<Range<usize>> {
        let limit = limit.min(from + LONGEST);
        let mut end = from;
        while end < limit && !self.stops(end) {
            end += 1;
        }
        (end > from && self.opens_source(from)).then_some(from..end)
    }

    fn stops(&self, k: usize) -> bool {
        let scene = &self.scene;
        let word = scene.word(k);
        if word == "." {
            return self.words.stops(k) || k + 1 == scene.len();
        }
        let mark = !word.starts_with(char::is_alphanumeric) && !matches!(word, "’" | "'" | "-" | "&");
        let opener =
            matches!(scene.low(k), "that" | "who" | "which" | "whose" | "but" | "while" | "when" | "because" | "as");
        mark || opener || scene.quoted[k] || matches!(scene.pos(k), "VERB" | "AUX")
    }

    /// Whose the noun at `k` is: "the drivers' union's figure", "her figure".
    fn owner(&self, k: usize, first: usize) -> Option<Range<usize>> {
        let scene = &self.scene;
        let mut at = k;
        while at > first && at + 3 > k && scene.is_word(at - 1) && !self.ends_owner(at - 1) {
            at -= 1;
        }
        let before = at.checked_sub(1).filter(|b| *b >= first)?;
        if matches!(scene.low(before), "his" | "her" | "its" | "their") {
            return Some(before..before + 1);
        }
        let mark = if scene.low(before) == "s" { before.checked_sub(1)? } else { before };
        if !scene.is_possessive(mark) || mark <= first {
            return None;
        }
        let mut start = mark;
        while start > first && mark - start < 9 && self.in_name(start - 1) {
            start -= 1;
            if matches!(scene.low(start), "the" | "a" | "an") {
                break;
            }
        }
        (start < mark).then_some(start..mark)
    }

    fn ends_owner(&self, k: usize) -> bool {
        matches!(self.scene.low(k), "his" | "her" | "its" | "their" | "s") || self.scene.is_possessive(k)
    }

    fn in_name(&self, k: usize) -> bool {
        let scene = &self.scene;
        matches!(scene.pos(k), "NOUN" | "PROPN" | "ADJ" | "DET" | "NUM" | "X" | "PART" | "ADP" if scene.pos(k) != "ADP" || scene.low(k) == "of")
            && (scene.is_word(k) || scene.is_possessive(k))
    }

    /// A number from token `k` on, after words that bound it ("at least", "more than").
    fn counts(&self, k: usize) -> bool {
        let bound =
            ["at", "least", "more", "than", "about", "some", "around", "over", "nearly", "as", "many", "up", "to"];
        let at = (k..k + 4).find(|&t| !bound.contains(&self.words.get(t))).unwrap_or(k);
        number(&self.words, at).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lexicon::testing::{attribution, document, report};

    fn read(text: &str) -> Vec<String> {
        let report = report(text);
        let doc = document(&report);
        let mut reading = Reading { attributions: vec![attribution(text, "", "", text)], ..Reading::default() };
        answer(&doc, &mut reading);
        let words = |spans: &[crate::span::Span]| spans.iter().map(|s| s.of(text)).collect::<Vec<_>>().join(" … ");
        let told = reading.attributions.iter().filter(|a| a.rule.starts_with("telling"));
        told.map(|a| format!("{} | {}", words(&a.source), words(&a.content))).collect()
    }

    #[test]
    fn whose_words_they_are() {
        for (text, want) in [
            ("Nine sheds burned, per the Harbour Guild.", "the Harbour Guild | Nine sheds burned"),
            ("Nine sheds burned, by the count of the guild.", "the guild | Nine sheds burned"),
            ("By the guild’s own count, nine sheds burned.", "the guild | nine sheds burned"),
            ("In the warden's telling, the gate was open.", "the warden | the gate was open"),
            ("Two thousand people, says the colonel.", "the colonel | Two thousand people"),
            ("The first number from the rescuers: six dead.", "the rescuers | six dead"),
            ("Six, then nine: the rescuers.", "the rescuers | Six, then nine"),
            ("The guild's figure of at least 17 killed stands.", "The guild | at least 17 killed stands"),
            ("He waved off the guild's claim that the gate was shut.", "the guild | the gate was shut"),
        ] {
            assert_eq!(read(text), [want], "{text}");
        }
        for text in [
            "Bread costs 3 euros per student.",
            "The train leaves at 16:42: be there.",
            "When he came, the mayor spoke.",
            "Editor's note: a name was changed.",
            "Nine sheds burned in other words.",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }
}
