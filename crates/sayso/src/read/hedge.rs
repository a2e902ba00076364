//! Words that weaken a statement, and whose they are.
//!
//! In: the document and its attributions with acts. Out: each attribution's `hedges`: adverbs and adjectives
//! ("reportedly", "so-called"), modals and conditionals, phrases about how it is known ("initial indications"),
//! distancing cues ("claimed") and scare quotes. The words are in `data/hedges.tsv`. May not happen: a hedge off the
//! statement's own sentences; a real quotation taken for scare quotes because it is short.
//!
//! Whose hedge: what stands inside the speaker's words, quoted or reported, is the speaker's; the cue, words beside
//! it, scare quotes outside a direct quotation and everything in the outlet's own voice are the outlet's.

use std::sync::LazyLock;

use crate::read::Document;
use crate::read::act::{nearest_cue, sentence_at, sentences_in};
use crate::read::lexicon::Lexicon;
use crate::reading::{Attribution, Hedge, HedgeOwner, Kind, Reading};
use crate::span::Span;

static HEDGES: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../data/hedges.tsv")));

/// How many tokens beside a cue may hold an adverb that belongs to it ("has reportedly told").
const BESIDE: usize = 3;

/// Answers the question for a whole reading.
pub(super) fn answer(doc: &Document<'_>, reading: &mut Reading) {
    assign(doc, &mut reading.attributions);
}

/// Fills the hedges of every attribution.
pub fn assign(doc: &Document<'_>, attributions: &mut [Attribution]) {
    let quoted = scare_quotes(doc);
    for one in attributions {
        let mut hedges = Vec::new();
        for &part in &one.content {
            in_content(doc, one, part, &mut hedges);
        }
        scare(doc, one, &quoted, &mut hedges);
        beside_cue(doc, one, &mut hedges);
        one.hedges = settled(hedges);
    }
}

/// The hedges in the order of the text, the longer of two that overlap.
fn settled(mut hedges: Vec<Hedge>) -> Vec<Hedge> {
    hedges.sort_by_key(|h| (h.span.start, std::cmp::Reverse(h.span.end)));
    let mut out: Vec<Hedge> = Vec::new();
    for hedge in hedges {
        match out.last() {
            Some(last) if last.span.overlaps(hedge.span) => {}
            _ => out.push(hedge),
        }
    }
    out
}

/// The listed words within `span`, without those that an idle phrase covers: label and span.
fn listed<'a>(doc: &Document<'a>, span: Span) -> Vec<(&'static str, Span)> {
    let found = HEDGES.find(doc.text(), span);
    let idle: Vec<Span> = found.iter().filter(|m| m.label == "idle").map(|m| m.span).collect();
    let live = |at: Span| !idle.iter().any(|i| i.overlaps(at)) && !is_month(doc, at);
    found.iter().filter(|m| m.label != "idle" && live(m.span)).map(|m| (m.label, m.span)).collect()
}

/// "May" with a capital inside a sentence is the month.
fn is_month(doc: &Document<'_>, span: Span) -> bool {
    let token = doc.analysis.tokens_in(span).start;
    span.of(doc.text()).starts_with("May") && sentence_at(doc, token).start != token
}

/// The hedges inside one part of a content.
fn in_content(doc: &Document<'_>, one: &Attribution, part: Span, out: &mut Vec<Hedge>) {
    let by = if one.kind == Kind::Voice { HedgeOwner::Outlet } else { HedgeOwner::Speaker };
    for sentence in sentences_in(doc, part) {
        let depends = sentence.of(doc.text()).to_lowercase().contains("if ");
        for (label, span) in listed(doc, sentence) {
            let fits = match label {
                "cue" | "belief" => false,
                // "The talks would be held" is only the future seen from the past.
                "cond" => one.kind != Kind::Indirect || depends || span.of(doc.text()).contains(" have "),
                _ => true,
            };
            if fits {
                let span = if label == "modal" { modal(doc, span) } else { span };
                out.push(Hedge { span, by, scope: Some(sentence), rule: format!("hedge: {label}") });
            }
        }
    }
}

/// Of "could have been" only what weakens: the modal with "have" or "be", without the verb.
fn modal(doc: &Document<'_>, span: Span) -> Span {
    let words = span.of(doc.text());
    let keep: usize = words
        .split_inclusive(' ')
        .enumerate()
        .take_while(|(k, w)| *k == 0 || matches!(w.trim(), "have" | "also" | "well" | "even" | "still" | "not"))
        .map(|(_, w)| w.len())
        .sum();
    Span::new(span.start, span.start + words[..keep].trim_end().len())
}

/// What stands around the cue: distance in the cue itself, adverbs beside it, the grounds given in the sentence, and
/// what the source is called. Without a cue the words nearest to the content are taken for one.
fn beside_cue(doc: &Document<'_>, one: &Attribution, out: &mut Vec<Hedge>) {
    let cues = match nearest_cue(doc, one) {
        Some(found) => vec![found.span],
        None => one.cue.clone(),
    };
    let scope = one.content.first().copied();
    let own = if one.kind == Kind::Voice { HedgeOwner::Outlet } else { HedgeOwner::Speaker };
    let mut push = |span: Span, label: &str, by: HedgeOwner| {
        out.push(Hedge { span, by, scope, rule: format!("hedge: {label} beside the cue") });
    };
    let outside = |span: Span| !one.content.iter().any(|c| c.overlaps(span));
    for &cue in &cues {
        let tokens = doc.analysis.tokens_in(cue);
        if tokens.is_empty() {
            continue;
        }
        let sentence = sentence_at(doc, tokens.start);
        let near = tokens.start.saturating_sub(BESIDE).max(sentence.start)
            ..(tokens.end + BESIDE).min(sentence.end).max(tokens.end);
        for (label, span) in listed(doc, doc.analysis.span_of(near)) {
            match label {
                "cue" if cue.overlaps(span) => push(span, label, HedgeOwner::Outlet),
                "belief" if cue.overlaps(span) => push(span, label, own),
                "adverb" | "naming" if outside(span) => push(span, label, HedgeOwner::Outlet),
                "phrase" if outside(span) && cue.overlaps(span) && passive(span.of(doc.text())) => {
                    push(span, label, HedgeOwner::Outlet);
                }
                _ => {}
            }
        }
    }
    if one.source.is_empty() {
        for &cue in &cues {
            for (label, span) in listed(doc, before(doc, cue, 7)) {
                if matches!(label, "adjective" | "naming") && outside(span) {
                    push(span, label, HedgeOwner::Outlet);
                }
            }
        }
    }
    let first = one.content.first().or(cues.first()).map(|s| doc.analysis.tokens_in(*s).start);
    let Some(token) = first.filter(|t| *t < doc.analysis.tokens.len()) else { return };
    for (label, span) in listed(doc, doc.analysis.span_of(sentence_at(doc, token))) {
        let opens = span.of(doc.text()).starts_with(['i', 'I']);
        let lead = one.content.first().is_some_and(|c| span.end <= c.start);
        match label {
            "cond" if outside(span) && opens => push(span, label, own),
            "basis" if outside(span) && lead => push(span, label, own),
            _ => {}
        }
    }
    for &source in &one.source {
        for (label, span) in listed(doc, source) {
            if label == "naming" || label == "adjective" {
                push(span, label, HedgeOwner::Outlet);
            }
        }
    }
}

/// The tokens of the sentence before `cue`, at most `most`.
fn before(doc: &Document<'_>, cue: Span, most: usize) -> Span {
    let token = doc.analysis.tokens_in(cue).start;
    let start = token.saturating_sub(most).max(sentence_at(doc, token).start);
    if start < token { doc.analysis.span_of(start..token) } else { Span::new(cue.start, cue.start) }
}

/// "is believed to" and "it was claimed", not "he believed that".
fn passive(words: &str) -> bool {
    ["is ", "are ", "was ", "were ", "be", "it ", "appear", "seem", "look", "sound"]
        .iter()
        .any(|w| words.to_lowercase().starts_with(w) && !words.starts_with("believ"))
}

/// A word or two in quotation marks that distance.
#[derive(Debug, Clone, Copy)]
struct Quoted {
    /// With the marks.
    span: Span,
    /// Whether they stand inside a longer quotation.
    nested: bool,
}

/// Adds the scare quotes within the content.
fn scare(doc: &Document<'_>, one: &Attribution, quoted: &[Quoted], out: &mut Vec<Hedge>) {
    for q in quoted {
        let inside = one.content.iter().any(|c| c.contains(q.span));
        let all = one.content.iter().any(|c| c.len() <= q.span.len() + 2 && c.overlaps(q.span));
        if inside && !all {
            let own = q.nested && one.kind != Kind::Voice;
            let by = if own { HedgeOwner::Speaker } else { HedgeOwner::Outlet };
            let scope = Some(Span::new(q.span.start, q.span.end).trim(doc.text()));
            out.push(Hedge { span: q.span, by, scope, rule: "hedge: scare quotes".to_owned() });
        }
    }
}

/// Every scare quote of the text, in order.
fn scare_quotes(doc: &Document<'_>) -> Vec<Quoted> {
    let tokens = &doc.analysis.tokens;
    let mut out = Vec::new();
    let mut inside = false;
    let mut k = 0;
    while k < tokens.len() {
        if is_sentence_break(doc, k) {
            inside = false;
        }
        let mark = doc.word(k);
        if let Some(words) = short_quote(doc, k, mark) {
            let single = matches!(mark, "'" | "‘");
            if is_scare(doc, k, words) {
                let span = doc.analysis.span_of(k..k + words + 2);
                out.push(Quoted { span, nested: inside && single });
            }
            k += words + 2;
            continue;
        }
        match mark {
            "“" | "«" => inside = true,
            "”" | "»" => inside = false,
            "\"" => inside = !inside,
            _ => {}
        }
        k += 1;
    }
    out
}

/// Whether a paragraph begins at token `k`: an open quotation does not reach over it.
fn is_sentence_break(doc: &Document<'_>, k: usize) -> bool {
    k > 0 && doc.text()[doc.analysis.tokens[k - 1].span.end..doc.analysis.tokens[k].span.start].contains('\n')
}

/// The number of words, one or two, between an opening mark at token `k` and its closing mark.
fn short_quote(doc: &Document<'_>, k: usize, mark: &str) -> Option<usize> {
    let close = match mark {
        "“" => "”",
        "‘" => "’",
        "«" => "»",
        "\"" | "'" => mark,
        _ => return None,
    };
    let tokens = &doc.analysis.tokens;
    let opens = k == 0 || tokens[k - 1].span.end < tokens[k].span.start || matches!(doc.word(k - 1), "(" | "“");
    let tight = |a: usize, b: usize| tokens[a].span.end == tokens[b].span.start;
    let words = (1..=2).find(|n| k + n + 1 < tokens.len() && doc.word(k + n + 1) == close)?;
    let plain = (1..=words).all(|n| doc.word(k + n).chars().all(char::is_alphabetic));
    (opens && plain && tight(k, k + 1) && tight(k + words, k + words + 1)).then_some(words)
}

/// Whether the quoted word or two distance, judged by what stands around them.
///
/// Not after words that name or quote ("called", "as", "the word"), not a name or a title, and after a form of "be"
/// only a participle ("had been “liberated”"): "was “checking”" quotes.
fn is_scare(doc: &Document<'_>, k: usize, words: usize) -> bool {
    let first = doc.word(k + 1);
    let before = if k == 0 || is_sentence_break(doc, k) { "" } else { doc.word(k - 1) }.to_lowercase();
    let two_before = if k > 1 { doc.word(k - 2).to_lowercase() } else { String::new() };
    let participle = words == 1 && (first.ends_with("ed") || first.ends_with("en"));
    let names = |w: &str| {
        const NAMES: &[&str] = &[
            "as",
            "said",
            "says",
            "say",
            "was",
            "word",
            "words",
            "term",
            "sign",
            "slogan",
            "title",
            "titled",
            "entitled",
            "means",
            "meaning",
            "reads",
            "read",
            "with",
            "phrase",
            "nickname",
            "codenamed",
            "replied",
            "answered",
            "added",
            "wrote",
            "",
        ];
        NAMES.contains(&w)
            || ["call", "dubb", "nam", "nicknam", "describ", "label", "brand", "term"].iter().any(|s| w.starts_with(s))
    };
    let be = ["is", "are", "was", "were", "be", "been", "being"];
    if !first.starts_with(char::is_lowercase)
        || first.len() < 4
        || before.len() == 1 && !before.chars().all(char::is_alphanumeric)
    {
        return false;
    }
    if be.contains(&before.as_str()) {
        return participle;
    }
    if names(&before) || (["it", "him", "her", "them", "this", "that"].contains(&before.as_str()) && names(&two_before))
    {
        return false;
    }
    let opens = [
        "the", "a", "an", "its", "his", "her", "their", "our", "by", "of", "two", "three", "these", "those", "this",
        "such", "and", "from", "to",
    ];
    words == 1 || opens.contains(&before.as_str()) && !first.ends_with("ly")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lexicon::testing::{attribution, document, report};

    fn found(text: &str, source: &str, cue: &str, content: &str) -> Vec<String> {
        let report = report(text);
        let doc = document(&report);
        let mut one = attribution(text, source, cue, content);
        if content.starts_with(['"', '“']) {
            one.kind = Kind::Direct;
        }
        assign(&doc, std::slice::from_mut(&mut one));
        one.hedges.iter().map(|h| format!("{} ({:?})", h.span.of(text), h.by)).collect()
    }

    #[test]
    fn owner_by_place() {
        let all = |t: &str| found(t, "", "", t.trim_end_matches('.'));
        assert_eq!(all("The bridge was reportedly hit."), ["reportedly (Outlet)"]);
        assert_eq!(
            found("He claimed the bridge may have been hit.", "He", "claimed", "the bridge may have been hit"),
            ["claimed (Outlet)", "may have (Speaker)"]
        );
        assert_eq!(
            found(
                "The so-called Front reportedly said the men could be alive.",
                "The so-called Front",
                "said",
                "the men could be alive"
            ),
            ["so-called (Outlet)", "reportedly (Outlet)", "could (Speaker)"]
        );
        assert_eq!(
            found("If confirmed, it would be the first case.", "", "", "If confirmed, it would be the first case"),
            ["If confirmed (Outlet)", "would be the first (Outlet)"]
        );
        assert_eq!(
            found("He claimed responsibility for it.", "He", "claimed", "responsibility for it"),
            Vec::<String>::new()
        );
        assert_eq!(found("On 3 May he left, she said.", "she", "said", "On 3 May he left"), Vec::<String>::new());
        assert_eq!(all("It could not be reached."), Vec::<String>::new());
    }

    #[test]
    fn scare_quotes_are_not_every_short_quotation() {
        let said = |c: &str| found(&format!("The group said {c}."), "The group", "said", c);
        assert_eq!(said("two villages had been “liberated”"), ["“liberated” (Outlet)"]);
        assert_eq!(said("it met the “rebels” there"), ["“rebels” (Outlet)"]);
        assert_eq!(said("he was stopped by 'polite boys' there"), ["'polite boys' (Outlet)"]);
        for quotation in [
            "he was “checking” the list",
            "they called it “cinema” and left",
            "the film “Parasite” was shown",
            "the town was “finished as a building”",
            "one tank had been “slightly warmed”",
            "the people’s house and the girls’ house stood",
        ] {
            assert_eq!(said(quotation), Vec::<String>::new(), "{quotation}");
        }
    }
}
