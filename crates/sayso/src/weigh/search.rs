//! Claims by their words: what is stated, said, by whom and where.
//!
//! In: a weighing and words. Out: the claims that have them all, best first. Claims are derived, so no index of them is kept: the
//! words of a case are gone through, which takes milliseconds.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::weighing::{Claim, Weighing};

/// Words longer than this many in a search are left out.
const MOST: usize = 32;

/// The numbers of the claims that have all of `words`, best first: in their sentence, their mentions, the names of speakers and of
/// those who passed it on, or the outlets that `outlet` gives for a report's id. A word is found where another begins with it;
/// letters are compared without case and accents. No words find nothing.
pub fn claims<'a>(weighing: &Weighing, words: &str, outlet: impl Fn(&str) -> Option<&'a str>) -> Vec<usize> {
    let words = fold(words);
    let words: Vec<&str> = tokens(&words).take(MOST).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let score = |claim: &Claim| score(claim, &words, &outlet);
    let mut found: Vec<(usize, usize)> =
        weighing.claims().enumerate().filter_map(|(k, claim)| Some((score(claim)?, k))).collect();
    found.sort_by_key(|&(score, k)| (std::cmp::Reverse(score), k));
    found.into_iter().map(|(_, k)| k).collect()
}

/// How a claim answers: for each word the best place where it stands; none when it lacks one.
fn score<'a>(claim: &Claim, words: &[&str], outlet: impl Fn(&str) -> Option<&'a str>) -> Option<usize> {
    let mut best = vec![0; words.len()];
    let mut look = |text: &str, points: usize| {
        let text = fold(text);
        for token in tokens(&text) {
            let hit = best.iter_mut().zip(words).filter(|(best, word)| **best < points && token.starts_with(*word));
            hit.for_each(|(best, _)| *best = points);
        }
    };
    look(&claim.statement, 3);
    for mention in &claim.mentions {
        mention.speaker.iter().chain(&mention.chain).for_each(|name| look(name, 2));
        look(outlet(&mention.report).unwrap_or_default(), 2);
        look(&mention.text, 1);
    }
    best.iter().all(|&points| points > 0).then(|| best.iter().sum())
}

/// A text in lower case, without accents.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weighing::{Mention, Stance};

    fn claim(statement: &str, speaker: &str, text: &str) -> Claim {
        let mention = Mention {
            report: "r1".into(),
            text: text.into(),
            spans: Vec::new(),
            stance: Stance::Asserts,
            speaker: Some(speaker.into()),
            actor: None,
            chain: Vec::new(),
            hedges: Vec::new(),
            published: None,
            attribution: 0,
            confidence: 1.0,
        };
        Claim { statement: statement.into(), mentions: vec![mention], ..Claim::default() }
    }

    #[test]
    fn all_words_anywhere_and_the_sentence_first() {
        let weighing = Weighing {
            claims: vec![
                claim("The bridge was shut.", "Zoë Brun", "Oster bridge is closed").into(),
                claim("Oster was taken.", "the Guard", "we hold Oster").into(),
            ],
            ..Weighing::default()
        };
        let found = |words| claims(&weighing, words, |report| (report == "r1").then_some("Weekly Lantern"));
        assert_eq!(found("oster"), [1, 0], "a word of the sentence weighs more");
        assert_eq!(found("zoe brid"), [0], "no accents, beginnings of words");
        assert_eq!(found("lantern guard oster"), [1], "speaker and outlet");
        assert_eq!(found("ridge"), [0; 0], "no middles of words");
        assert_eq!(found(" ,"), [0; 0]);
    }
}
