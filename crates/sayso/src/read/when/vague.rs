//! Vague times: "now", "recently", "in the coming weeks" (`data/when_phrases.tsv`).

use super::calendar::Meaning;
use super::context::{Context, Found};
use super::lexicon::LEXICON;

pub(super) fn phrase(context: &Context<'_>, k: usize) -> Option<Found> {
    let words = context.words;
    let (phrase, value) = LEXICON.phrases.iter().filter(|p| words.are(k, &p.0)).max_by_key(|p| p.0.len())?;
    Some(Found { start: k, end: k + phrase.len(), meaning: Meaning::bare("DATE", *value) })
}
