//! Footage, photos, documents and other things that the report leans on.
//!
//! In: a reading with actors. Out: its `evidence`: of what kind, what it shows, where, by whom, and whether the report
//! keeps its distance. The words are in `data/evidence.tsv`. May not happen: a customs post taken for a post online.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::NameKind;
use crate::read::Document;
use crate::read::lexicon::Lexicon;
use crate::read::verification::clause;
use crate::read::who::Actors;
use crate::reading::{Actor, ActorId, Evidence, Reading};
use crate::span::Span;

/// Words for things that are evidence, with their kind.
pub(crate) static THINGS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../data/evidence.tsv")));
static SHOWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[^;]{0,90}?(?-u:\b)(?:show(?:s|ed|ing)?|depict(?:s|ed|ing)?|captur(?:es|ed|ing)|presented as)(?-u:\b)|,? ?of)\s+(?:that )?").ok()
});
static DISTANCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)(?:purported(?:ly)?|alleged(?:ly)?|unverified|supposed(?:ly)?|reportedly|apparently|so-called|claim(?:s|ed)?|(?:said|says|say|appear(?:s|ed)?|seem(?:s|ed)?|believed|thought|purports?) (?:to|was|were|is|are|it)|presented as)(?-u:\b)").ok()
});
static MAKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[^.;]{0,60}?(?-u:\b)(?:posted|published|released|shared|taken|filmed|recorded|shot|put out|leaked|provided|circulated|distributed|obtained|written|uploaded|made|issued)(?: [^ ]+){0,4}? by (?:our )?").ok()
});
static POSTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:posted|published|released|shared|put out|leaked|circulated|distributed|uploaded|issued|sent)(?: [^ ]+){0,3} $").ok()
});

/// Answers the question for a whole reading.
pub(super) fn answer(doc: &Document<'_>, reading: &mut Reading) {
    reading.evidence = find(doc, &reading.actors);
}

/// All evidence that the text names, in order: one value a mention.
#[must_use]
pub fn find(doc: &Document<'_>, actors: &[Actor]) -> Vec<Evidence> {
    let index = Actors::new(doc.text(), actors);
    let mut out = Vec::new();
    for sentence in doc.analysis.sentences.iter().filter(|s| !s.is_empty()) {
        let mut things: Vec<(&'static str, Span)> = Vec::new();
        for m in THINGS.find(doc.text(), doc.analysis.span_of(sentence.clone())) {
            if !things.iter().any(|(_, s)| s.overlaps(m.span)) {
                things.push((m.label, m.span));
            }
        }
        things.sort_by_key(|(_, s)| s.start);
        let next = |k: usize| things.get(k + 1).map(|(_, s): &(&str, Span)| s.start);
        for (k, &(kind, span)) in things.iter().enumerate() {
            out.push(one(doc, &index, sentence.clone(), kind, span, next(k)));
        }
    }
    out
}

/// What the clause says of one thing; nothing beyond `until`, where the next one stands.
fn one(
    doc: &Document<'_>,
    index: &Actors<'_>,
    sentence: Range<usize>,
    kind: &str,
    span: Span,
    until: Option<usize>,
) -> Evidence {
    let text = doc.text();
    let around = doc.analysis.span_of(clause(doc, sentence, span));
    let end = until.unwrap_or(around.end).min(around.end).max(span.end);
    let after = Span::new(span.end, end);
    let before = Span::new(around.start.min(span.start), span.start);
    let near = doc.analysis.tokens_in(before);
    let near = near.end.saturating_sub(4).max(near.start)..near.end;
    let near = if near.is_empty() { before } else { doc.analysis.span_of(near) };
    let distant = |s: Span| DISTANCE.as_ref().is_some_and(|d| d.is_match(s.of(text)));
    Evidence {
        span,
        kind: kind.to_owned(),
        purported: distant(near) || distant(after),
        shows: SHOWS.as_ref().and_then(|s| s.find(after.of(text))).and_then(|m| {
            let shown = Span::new(after.start + m.end(), after.end);
            let cut = shown.of(text).find([',', '.', ';', '(']).filter(|at| *at > 0).unwrap_or(shown.len());
            Some(Span::new(shown.start, shown.start + cut).trim(text)).filter(|s| !s.is_empty())
        }),
        place: place(doc, after),
        by: maker(doc, index, before, after),
        rule: "evidence list".to_owned(),
    }
}

/// The first name of a place after the thing.
fn place(doc: &Document<'_>, after: Span) -> Option<Span> {
    let names = &doc.analysis.names;
    let from = names.partition_point(|n| n.span.start < after.start);
    names[from..].iter().take_while(|n| n.span.end <= after.end).find(|n| n.kind == NameKind::Place).map(|n| n.span)
}

/// Who made or posted it: "posted by X", "a clip from X", "X's clip", "its clip", "X posted a clip".
fn maker(doc: &Document<'_>, index: &Actors<'_>, before: Span, after: Span) -> Option<ActorId> {
    let text = doc.text();
    if let Some(m) = MAKER.as_ref().and_then(|m| m.find(after.of(text))) {
        let agent = Span::new(after.start + m.end(), after.end);
        if let Some((mention, _)) = index.within(agent).next().filter(|(m, _)| m.start < agent.start + 5) {
            return index.at(mention).cloned();
        }
    }
    if let Some(source) = given_by(doc, index, after) {
        return Some(source);
    }
    let near = doc.analysis.tokens_in(before);
    let pronoun =
        near.rev().take(3).find(|&t| matches!(doc.word(t), "its" | "his" | "her" | "their" | "Its" | "Their"));
    if let Some(owner) = pronoun.and_then(|t| index.at(doc.analysis.tokens[t].span)) {
        return Some(owner.clone());
    }
    let words = before.of(text);
    let owner = words.trim_end().rfind("'s ").or_else(|| words.rfind("’s ")).filter(|at| words.len() - at < 30);
    let verb = POSTING.as_ref().and_then(|p| p.find(words)).map(|m| m.start());
    let at = before.start + verb.or(owner)?;
    index.within(Span::new(before.start, at)).last().and_then(|(mention, _)| index.at(mention).cloned())
}

/// "A video by the Corps", "pictures from the agency": an actor right behind, who is no place.
fn given_by(doc: &Document<'_>, index: &Actors<'_>, after: Span) -> Option<ActorId> {
    let words = after.of(doc.text());
    let given =
        [" by the ", " by ", " from the ", " from ", " courtesy of "].iter().find(|g| words.starts_with(**g))?;
    let at = after.start + given.len();
    let names = &doc.analysis.names;
    let name = names.get(names.partition_point(|n| n.span.end <= at)).filter(|n| n.span.start <= at);
    if name.is_some_and(|n| n.kind == NameKind::Place) {
        return None;
    }
    let (mention, _) = index.within(Span::new(at, after.end)).next().filter(|(m, _)| m.start <= at)?;
    index.at(mention).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lexicon::testing::{document, report, span};
    use crate::reading::ActorKind;

    fn read(text: &str, who: &str) -> Vec<String> {
        let report = report(text);
        let doc = document(&report);
        let actor = Actor {
            id: "a1".to_owned(),
            name: who.to_owned(),
            kind: ActorKind::Organisation,
            mentions: if who.is_empty() { Vec::new() } else { vec![span(text, who)] },
            aliases: Vec::new(),
            belongs_to: None,
            roles: Vec::new(),
            why: Vec::new(),
        };
        let line = |e: &Evidence| {
            let by = e.by.as_ref().map_or("", |_| who);
            format!(
                "{} {} {} [{}]",
                e.kind,
                if e.purported { "purported" } else { "plain" },
                by,
                e.shows.map_or("", |s| s.of(text))
            )
        };
        find(&doc, &[actor]).iter().map(line).collect()
    }

    #[test]
    fn kinds_makers_and_distance() {
        for (text, who, want) in [
            (
                "A video posted by the Corps, purportedly from the border, shows armed men.",
                "the Corps",
                "video purported the Corps [armed men]",
            ),
            ("Satellite images show three burnt tanks.", "", "satellite plain  [three burnt tanks]"),
            ("The Corps released a photo of the bridge.", "The Corps", "photo plain The Corps [the bridge]"),
            ("the Corps's best-known clip was real.", "the Corps", "video plain the Corps []"),
            (
                "Satellite images from the Lantern Desk show a crater.",
                "the Lantern Desk",
                "satellite plain the Lantern Desk [a crater]",
            ),
            ("Leaked documents said so.", "", "document plain  []"),
        ] {
            assert_eq!(read(text, who), [want], "{text}");
        }
        assert!(read("The customs post fell after fifty minutes of fire.", "").is_empty());
    }
}
