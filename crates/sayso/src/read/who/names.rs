//! Names in the text: the model's, and runs of capitalised words where it has none.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::model::{Name, NameKind};

use super::scene::{Scene, is_calendar, is_function_word};

/// One name where it stands, without article and title.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NameMention {
    pub(crate) tokens: Range<usize>,
    pub(crate) kind: Option<NameKind>,
    /// The title in front of it, as tokens.
    pub(crate) title: Option<Range<usize>>,
}

/// All names, in order, not overlapping.
pub(crate) fn find(scene: &Scene<'_>) -> Vec<NameMention> {
    let mut out = Vec::new();
    let model = &scene.doc.analysis.names;
    let mut used = 0;
    for run in joined(scene, runs(scene)) {
        while used < model.len() && model[used].tokens.end <= run.start {
            push(scene, &mut out, model[used].tokens.clone(), Some(model[used].kind));
            used += 1;
        }
        let mut end = used;
        while end < model.len() && model[end].tokens.start < run.end {
            end += 1;
        }
        let inside = &model[used..end];
        let run = whole(scene, run, inside);
        push(scene, &mut out, run.clone(), kind_of(scene, &run, inside));
        used = model[used..end].iter().rposition(|n| n.tokens.end <= run.end).map_or(used, |n| used + n + 1);
    }
    for name in &model[used..] {
        push(scene, &mut out, name.tokens.clone(), Some(name.kind));
    }
    out
}

/// The run of capitals a name is in: the model tells only whether the capital that opens a sentence belongs to it.
fn whole(scene: &Scene<'_>, run: Range<usize>, inside: &[Name]) -> Range<usize> {
    let Some(first) = inside.first() else { return run };
    let opening = scene.opens(run.start) && first.tokens.start == run.start + 1 && first.tokens.end == run.end;
    let title = scene.lists.has("titles", scene.low(run.start)) || scene.lists.has("persons", scene.low(run.start));
    if opening && !title { first.tokens.clone() } else { run }
}

/// The kind that the model gives to most of a run's words.
fn kind_of(scene: &Scene<'_>, run: &Range<usize>, inside: &[Name]) -> Option<NameKind> {
    if is_body(scene, run) {
        return Some(NameKind::Organisation);
    }
    let mut words: BTreeMap<NameKind, usize> = BTreeMap::new();
    for name in inside {
        *words.entry(name.kind).or_default() += name.tokens.len();
    }
    words.into_iter().max_by_key(|(_, count)| *count).map(|(kind, _)| kind)
}

/// Adds a name without its article and title; lists and the calendar are no names.
fn push(scene: &Scene<'_>, out: &mut Vec<NameMention>, mut tokens: Range<usize>, kind: Option<NameKind>) {
    if let Some(last) = out.last() {
        tokens.start = tokens.start.max(last.tokens.end);
    }
    while tokens.start < tokens.end
        && (is_function_word(scene.low(tokens.start))
            || !scene.is_word(tokens.start) && !scene.word(tokens.start).starts_with(char::is_alphanumeric))
    {
        tokens.start += 1;
    }
    while tokens.end > tokens.start
        && (scene.low(tokens.end - 1) == "s" && scene.is_possessive(tokens.end - 2)
            || !scene.word(tokens.end - 1).starts_with(char::is_alphanumeric))
    {
        tokens.end -= 1;
    }
    if tokens.is_empty() || tokens.clone().all(|k| is_calendar(scene.low(k)) || is_function_word(scene.low(k))) {
        return;
    }
    // A title or a role alone is no name.
    if tokens.len() == 1 && scene.lists.has("titles", scene.low(tokens.start)) {
        return;
    }
    let cut = title_end(scene, &tokens);
    let title = (cut > tokens.start).then_some(tokens.start..cut);
    let tokens = cut..tokens.end;
    if tokens.len() > 24 {
        return;
    }
    let kind = if title.is_some() && kind != Some(NameKind::Organisation) { Some(NameKind::Person) } else { kind };
    out.push(NameMention { tokens, kind, title });
}

/// Where the title in front of a name ends: "Interior Minister | Ana Ruiz".
fn title_end(scene: &Scene<'_>, tokens: &Range<usize>) -> usize {
    let mut cut = tokens.start;
    for k in tokens.clone() {
        let next = if scene.low(k + 1) == "." { k + 2 } else { k + 1 };
        let low = scene.low(k);
        let is_title = scene.lists.has("titles", low) || (scene.lists.has("persons", low) && scene.is_capital(k));
        if is_title && next < tokens.end {
            cut = next;
        }
    }
    let rest = cut..tokens.end;
    if cut > tokens.start && is_body(scene, &rest) { tokens.start } else { cut }
}

/// Whether the words of a name say that it is a body of people: "Ministry of …", "… Union".
pub(crate) fn is_body(scene: &Scene<'_>, tokens: &Range<usize>) -> bool {
    let noun = |k: usize| heads_body(scene, k);
    let before_of = |k: usize| k + 1 < tokens.end && matches!(scene.low(k + 1), "of" | "for" | "in" | "on");
    tokens.clone().any(|k| scene.is_capital(k) && noun(k) && (k + 1 == tokens.end || before_of(k)))
        || (tokens.len() > 1 && opens_outlet(scene.low(tokens.start)))
}

/// Maximal runs of capitalised words within a line.
fn runs(scene: &Scene<'_>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for sentence in &scene.doc.analysis.sentences {
        let loud = is_shouted(scene, sentence);
        let mut k = sentence.start;
        while k < sentence.end {
            if !starts_name(scene, k) || loud {
                k += 1;
                continue;
            }
            let end = run_end(scene, k, sentence.end);
            // "British-style", "army-run": an adjective.
            let adjective = end + 1 < sentence.end
                && scene.word(end) == "-"
                && scene.gap(end).is_empty()
                && scene.gap(end + 1).is_empty();
            if let Some(run) = worth(scene, k..end - usize::from(adjective)) {
                out.push(run);
            }
            k = end;
        }
    }
    out
}

fn starts_name(scene: &Scene<'_>, k: usize) -> bool {
    scene.is_word(k)
        && (scene.is_capital(k)
            || (matches!(scene.low(k), "al" | "el")
                && scene.low(k + 1) == "-"
                && k + 2 < scene.len()
                && scene.is_capital(k + 2)))
}

/// A line all in capitals is a headline or a shout: its words are no names by their looks.
fn is_shouted(scene: &Scene<'_>, sentence: &Range<usize>) -> bool {
    let words: Vec<usize> =
        sentence.clone().filter(|k| scene.word(*k).chars().filter(|c| c.is_alphabetic()).count() > 1).collect();
    let loud = words.iter().filter(|k| !scene.word(**k).chars().any(char::is_lowercase)).count();
    words.len() > 2 && loud * 10 >= words.len() * 7
}

fn run_end(scene: &Scene<'_>, start: usize, limit: usize) -> usize {
    let mut end = start + 1;
    let cap = |k: usize| k < limit && scene.follows(k) && scene.is_word(k) && scene.is_capital(k);
    while end < limit && scene.follows(end) {
        let glued = scene.gap(end).is_empty();
        let next = scene.word(end);
        let step = match next {
            "-" | "–" if glued && cap(end + 1) && scene.gap(end + 1).is_empty() => 2,
            "'" | "’" if glued && !scene.is_possessive(end) && cap(end + 1) && scene.gap(end + 1).is_empty() => 2,
            "'" | "’"
                if glued
                    && scene.low(end - 1).ends_with('s')
                    && cap(end + 1)
                    && scene.gap(end + 1) == " "
                    && heads_body(scene, end + 1) =>
            {
                2
            }
            "'" | "’"
                if glued && matches!(scene.low(end - 1), "people" | "women" | "children" | "men") && cap(end + 2) =>
            {
                3
            }
            "&" if cap(end + 1) => 2,
            "." if glued && cap(end + 1) && is_short(scene, end - 1) => 2,
            _ if is_calendar(scene.low(end)) => break,
            _ if cap(end) => 1,
            // "Channel 4", "Kanal 6".
            _ if end == start + 1 && opens_outlet(scene.low(start)) && is_station(next) => 1,
            _ if is_particle(next) && cap(end + 1) => 2,
            _ if is_particle(next) && end + 1 < limit && is_particle(scene.word(end + 1)) && cap(end + 2) => 3,
            _ => break,
        };
        end += step;
    }
    end
}

/// Words with which the name of a publisher begins: "Radio Nord", "Canal Sur".
pub(crate) fn opens_outlet(low: &str) -> bool {
    matches!(
        low,
        "radio"
            | "tv"
            | "television"
            | "channel"
            | "canal"
            | "kanal"
            | "agence"
            | "agencia"
            | "agenzia"
            | "diario"
            | "tele"
    )
}

/// Whether a word names a body of people: "Union", "Legion".
fn heads_body(scene: &Scene<'_>, k: usize) -> bool {
    ["groups", "outlets", "armed", "state"].iter().any(|s| scene.lists.has(s, scene.low(k)))
}

/// An initial or a shortened title before a full stop.
fn is_short(scene: &Scene<'_>, k: usize) -> bool {
    scene.word(k).chars().count() == 1 || scene.lists.has("titles", scene.low(k))
}

/// The number of a station: "4", "24".
fn is_station(word: &str) -> bool {
    word.len() < 3 && word.chars().all(|c| c.is_ascii_digit())
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "del"
            | "della"
            | "der"
            | "den"
            | "di"
            | "da"
            | "do"
            | "dos"
            | "das"
            | "du"
            | "des"
            | "la"
            | "le"
            | "van"
            | "von"
            | "bin"
            | "bint"
            | "ibn"
            | "ben"
            | "abu"
            | "al"
            | "el"
            | "ul"
            | "uz"
            | "y"
            | "zu"
            | "ter"
            | "ten"
    )
}

/// The run without the capital that only opens a sentence, if a name is left.
fn worth(scene: &Scene<'_>, mut run: Range<usize>) -> Option<Range<usize>> {
    while run.start < run.end && (is_function_word(scene.low(run.start)) || is_calendar(scene.low(run.start))) {
        run.start += 1;
    }
    let opens = !run.is_empty() && scene.opens(run.start);
    if opens && !is_acronym(scene.word(run.start)) {
        let k = run.start;
        let title = scene.lists.has("titles", scene.low(k)) || scene.lists.has("persons", scene.low(k));
        let common = if scene.tagged(k) { !matches!(scene.pos(k), "PROPN") } else { scene.also_lower(k) };
        if common && !(title && run.len() > 1) && !(run.len() > 1 && is_body(scene, &run) && !scene.also_lower(k)) {
            run.start += 1;
        }
    }
    (!run.is_empty()).then_some(run)
}

/// Two to eight capitals, digits allowed: "AAV", "G20".
pub(crate) fn is_acronym(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    (2..=8).contains(&letters) && !word.chars().any(char::is_lowercase)
}

/// Joins runs over "of", "for", "and" and an article where the whole names a body of people.
fn joined(scene: &Scene<'_>, runs: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    let noun = |k: usize| heads_body(scene, k);
    let mut rest = runs.into_iter().rev().peekable();
    // From the right: "Water for the Valley Assembly" is known as a body by its last word.
    while let Some(mut run) = rest.next() {
        while let Some(left) = rest.peek().cloned() {
            let between = left.end..run.start;
            let link =
                (!between.is_empty() && between.len() <= 2 && scene.follows(left.end)).then(|| scene.low(left.end));
            let article = between.len() == 1 || scene.low(left.end + 1) == "the";
            let left_noun = noun(left.end - 1) && scene.is_capital(left.end - 1);
            let fits = match link {
                Some("of" | "for") => {
                    left_noun
                        || (left.len() == 1 && noun(run.end - 1) && !scene.lists.has("persons", scene.low(left.start)))
                }
                Some("and") => between.len() == 1 && !left_noun && noun(run.end - 1) && left_of_and(scene, &left),
                _ => false,
            };
            if !(fits && article && between.clone().chain([run.start]).all(|k| scene.follows(k))) {
                break;
            }
            run.start = left.start;
            rest.next();
        }
        out.push(run);
    }
    out.reverse();
    out
}

/// "Migration and Borders Office": one plain word that only makes sense as part of the name.
fn left_of_and(scene: &Scene<'_>, left: &Range<usize>) -> bool {
    left.start > 0 && scene.low(left.start - 1) == "the" && left.len() == 1
}

/// The number of every token's name in `names`.
pub(crate) fn by_token(names: &[NameMention]) -> HashMap<usize, usize> {
    names.iter().enumerate().flat_map(|(n, name)| name.tokens.clone().map(move |k| (k, n))).collect()
}
