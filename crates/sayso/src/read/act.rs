//! What the speaker does: asserts, denies, admits, … , with negation.
//!
//! In: the document and its attributions with speakers. Out: each attribution's `act`, and on request the polarity
//! of a stretch of content. The words that decide are in `data/acts.tsv`. May not happen: a denial where the text
//! only has silence ("declined to comment"), a confirmation where it is negated.

use std::sync::LazyLock;

use crate::read::Document;
use crate::read::lexicon::{Lexicon, Match};
use crate::read::verification::outlet;
use crate::read::who::Actors;
use crate::reading::{Act, Actor, ActorKind, Attribution, Kind, Reading};
use crate::span::Span;

static ACTS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../data/acts.tsv")));
static NEGATIONS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../data/negations.tsv")));

/// Answers the question for a whole reading.
pub(super) fn answer(doc: &Document<'_>, reading: &mut Reading) {
    complete(doc, &mut reading.attributions, &reading.actors);
    said_once(&mut reading.attributions);
    assign(doc, &mut reading.attributions, &reading.actors);
}

/// Gives a source and a cue to sentences that were taken for the outlet's own although an actor denies, declines,
/// takes back, demands or the like in them: "The ministry did not respond", "The railway has withdrawn its statement".
pub fn complete(doc: &Document<'_>, attributions: &mut [Attribution], actors: &[Actor]) {
    let index = Actors::new(doc.text(), actors);
    let outlet = outlet(doc, actors).map(|a| &a.id);
    for one in attributions.iter_mut().filter(|a| a.kind == Kind::Voice && a.content.len() == 1) {
        let content = one.content[0];
        let token = doc.analysis.tokens_in(content).start;
        let speaks = |m: &Match<'_>| {
            let plain = ["plain", "found", "verifies", "refutes", "doubts", "confirms"];
            m.label.strip_prefix("cue:").is_some_and(|act| !plain.contains(&act))
        };
        let Some(first) = sentences_in(doc, content).into_iter().next().filter(|_| token < doc.analysis.tokens.len())
        else {
            continue;
        };
        let found = ACTS.find(doc.text(), first);
        let plain = |m: &Match<'_>| found.iter().any(|p| p.label == "cue:plain" && p.span.contains(m.span));
        let Some(cue) = found.iter().filter(|m| speaks(m) && !plain(m)).min_by_key(|m| (m.span.start, m.line)) else {
            continue;
        };
        let asked = asked(doc, Span::new(first.start, cue.span.start));
        let opens = asked.map_or(first.start, |about| about.end);
        let before = Span::new(opens, cue.span.start);
        let Some((source, _)) = index.within(before).next().filter(|(m, _)| m.start <= opens + 5) else {
            continue;
        };
        // The verb follows its subject: nothing but an auxiliary, an adverb or an apposition between the two.
        let between = Span::new(source.end, cue.span.start.max(source.end)).of(doc.text());
        let apposition = between.trim_start().starts_with(',') && between.trim_end().ends_with(',');
        if doc.analysis.tokens_in(Span::new(source.end, cue.span.start.max(source.end))).len() > 3 && !apposition {
            continue;
        }
        let rest = Span::new(cue.span.end, content.end.max(cue.span.end)).trim(doc.text());
        let speaker = index.at(source).cloned();
        if speaker.is_some() && speaker.as_ref() != outlet {
            one.speaker = speaker;
            one.speaker_rule = "act: subject of its verb".to_owned();
            one.kind = Kind::Indirect;
            one.source = vec![source];
            one.cue = vec![cue.span];
            if let Some(about) = asked {
                one.content = vec![about];
            } else if rest.len() > 3 {
                one.content = vec![rest];
            }
            one.rule = format!("act: {}", cue.label);
        }
    }
}

/// "Asked about the bridge, the mayor …": what the question was about, at the start of a sentence.
fn asked(doc: &Document<'_>, sentence: Span) -> Option<Span> {
    let words = sentence.of(doc.text());
    let lead = [
        "Asked about ",
        "Asked whether ",
        "Asked if ",
        "When asked about ",
        "When asked whether ",
        "Questioned about ",
    ]
    .into_iter()
    .find(|lead| words.starts_with(lead))?;
    let comma = words.find(',')?;
    Some(Span::new(sentence.start + lead.len(), sentence.start + comma))
}

/// Of a sentence that was recast and an attribution that was there, with the same cue, one is kept: the latter.
fn said_once(attributions: &mut Vec<Attribution>) {
    let recast = |a: &Attribution| a.rule.starts_with("act: ");
    let cues: Vec<Span> = attributions.iter().filter(|a| !recast(a)).flat_map(|a| a.cue.iter().copied()).collect();
    attributions.retain(|a| !recast(a) || !a.cue.iter().any(|mine| cues.iter().any(|c| c.overlaps(*mine))));
}

/// Sets the act of every attribution from its cue, or from the words of its content when the cue is plain.
///
/// "Found", "established" and the like verify only when said by an outlet or an organisation that is not a government
/// or an armed group.
pub fn assign(doc: &Document<'_>, attributions: &mut [Attribution], actors: &[Actor]) {
    for attribution in attributions {
        let by = actors.iter().find(|a| Some(&a.id) == attribution.speaker.as_ref());
        let plain = || from_content(doc, attribution).or_else(|| in_correction(doc, attribution, by));
        if let Some(act) = from_cue(doc, attribution, by).or_else(plain) {
            attribution.act = act;
        }
    }
}

/// The stance of a mention whose claim is its own content: what design.md calls stance; none for a mention that
/// takes no side.
#[must_use]
pub fn stance(act: Act) -> Option<&'static str> {
    match act {
        Act::Asserts | Act::Confirms | Act::Admits | Act::Accuses | Act::Demands | Act::Promises => Some("asserts"),
        Act::Denies => Some("denies"),
        Act::Doubts => Some("doubts"),
        Act::Verifies => Some("verifies"),
        Act::Refutes => Some("refutes"),
        Act::Retracts | Act::Corrects => Some("retracts"),
        Act::Declines => None,
    }
}

/// What the speaker does in one part of what is said: what the cue says holds for all of it; what the content says
/// ("we cannot tell who fired") for that part alone, and when somebody takes words back in direct speech, for all.
pub(crate) fn act_of_part(doc: &Document<'_>, attribution: &Attribution, actors: &[Actor], part: Span) -> Act {
    let act = attribution.act;
    if act == Act::Asserts
        || attribution.propositions.len() < 2
        || act == Act::Retracts && attribution.kind == Kind::Direct
    {
        return act;
    }
    let by = actors.iter().find(|a| Some(&a.id) == attribution.speaker.as_ref());
    if from_cue(doc, attribution, by) == Some(act) || in_correction(doc, attribution, by) == Some(act) {
        return act;
    }
    let fits = |m: &Match<'_>| m.label.starts_with("content:") && own_words(doc, attribution, m.span);
    let mut found: Vec<Match<'static>> =
        sentences_in(doc, part).into_iter().filter_map(|s| ACTS.first(doc.text(), s, fits)).collect();
    found.sort_by_key(|m| m.line);
    found.first().and_then(|m| named(m.label, None)).unwrap_or_default()
}

/// The act that the words of the cue name. Patterns are searched in the cue's sentence and must touch the cue; without a
/// cue the pattern nearest to the content decides.
fn from_cue(doc: &Document<'_>, attribution: &Attribution, by: Option<&Actor>) -> Option<Act> {
    let Some(cue) = attribution.cue.iter().copied().reduce(Span::cover) else {
        return named(nearest_cue(doc, attribution)?.label, by);
    };
    let touches = |m: &Match<'_>| m.label.starts_with("cue:") && attribution.cue.iter().any(|c| c.overlaps(m.span));
    let found = ACTS.first(doc.text(), cue_window(doc, cue), touches)?;
    named(found.label, by)
}

/// The words that attribute a reported content when the decoder gave no cue: the listed ones nearest to it in its
/// sentence, outside of it.
pub(crate) fn nearest_cue(doc: &Document<'_>, attribution: &Attribution) -> Option<Match<'static>> {
    let content =
        attribution.content.first().filter(|_| attribution.cue.is_empty() && attribution.kind != Kind::Voice)?;
    let found = ACTS.find(doc.text(), cue_window(doc, *content));
    // What follows the content belongs to it only after a comma or a closing mark; else it opens the next statement.
    let after = doc.text()[content.end..].starts_with([',', '"', '”', '’', '\'']);
    let beside = |m: &&Match<'_>| {
        m.label.starts_with("cue:") && (m.span.start < content.start || (after && m.span.start >= content.end))
    };
    let apart = |m: &&Match<'_>| match m.span.start < content.start {
        true => content.start.saturating_sub(m.span.end),
        false => m.span.start - content.end + 4,
    };
    let nearest = found.iter().filter(beside).min_by_key(|m| (apart(m), m.line))?;
    let same = |m: &&Match<'_>| m.label.starts_with("cue:") && m.span.overlaps(nearest.span);
    found.iter().filter(same).min_by_key(|m| m.line).copied()
}

/// The words before and after a cue that may belong to its phrase: its sentence, at most 12 tokens either way.
fn cue_window(doc: &Document<'_>, cue: Span) -> Span {
    let tokens = doc.analysis.tokens_in(cue);
    if tokens.is_empty() {
        return cue;
    }
    let sentence = sentence_at(doc, tokens.start);
    let start = tokens.start.saturating_sub(12).max(sentence.start);
    let end = (tokens.end + 12).min(sentence.end).max(tokens.end);
    doc.analysis.span_of(start..end)
}

/// The sentence that holds a token, as a range of tokens.
pub(crate) fn sentence_at(doc: &Document<'_>, token: usize) -> std::ops::Range<usize> {
    let all = 0..doc.analysis.tokens.len();
    doc.analysis.sentences.get(doc.analysis.sentence_of(token)).cloned().unwrap_or(all)
}

/// The act that the content itself performs: looked for in its first sentence, and in the last for what is taken back.
fn from_content(doc: &Document<'_>, attribution: &Attribution) -> Option<Act> {
    let mut best: Option<Match<'static>> = None;
    for &part in &attribution.content {
        for sentence in sentences_in(doc, part) {
            let first = sentence.start == part.start;
            let sentence = if first { clause_around(doc, attribution, sentence) } else { sentence };
            let fits = |m: &Match<'_>| {
                m.label.strip_prefix("content:").is_some_and(|act| {
                    let own = own_words(doc, attribution, m.span);
                    own && (first || matches!(act, "retracts" | "corrects" | "denies" | "doubts"))
                })
            };
            let found = ACTS.first(doc.text(), sentence, fits);
            best = best.into_iter().chain(found).min_by_key(|m| m.line);
        }
    }
    named(best?.label, None)
}

/// A content with the words that belong to its clause: "Reports that" before it, "were false" behind it. At most four
/// tokens to the left and eight to the right, up to the source, the cue or a comma.
fn clause_around(doc: &Document<'_>, attribution: &Attribution, part: Span) -> Span {
    let tokens = doc.analysis.tokens_in(part);
    if tokens.is_empty() {
        return part;
    }
    let sentence = sentence_at(doc, tokens.start);
    let other = |t: usize| {
        let span = doc.analysis.tokens[t].span;
        attribution.source.iter().chain(&attribution.cue).any(|s| s.overlaps(span))
            || [",", ";", ":"].contains(&doc.word(t))
    };
    let mut end = tokens.end;
    while end < sentence.end.min(tokens.end + 8) && !other(end) {
        end += 1;
    }
    let near = tokens.start - sentence.start <= 4 && !(sentence.start..tokens.start).any(other);
    let start = if near { sentence.start } else { tokens.start };
    doc.analysis.span_of(start..end).cover(part)
}

/// What the outlet says in a paragraph that opens with "Correction:" takes back.
fn in_correction(doc: &Document<'_>, attribution: &Attribution, by: Option<&Actor>) -> Option<Act> {
    let at = attribution.content.first()?.start;
    let own = attribution.kind == Kind::Voice || by.is_some_and(|a| a.kind == ActorKind::Outlet);
    let paragraph = doc.text()[..at].rfind('\n').map_or(0, |n| n + 1);
    let opening: String = doc.text()[paragraph..].chars().take(16).collect::<String>().to_lowercase();
    let corrects = ["correction", "corrigendum", "clarification", "erratum", "retraction"];
    (own && corrects.iter().any(|w| opening.trim_start_matches(['*', ' ']).starts_with(w))).then_some(Act::Retracts)
}

/// Whether "I" or "we" in the match means the speaker: not in indirect speech, where it means the outlet.
fn own_words(doc: &Document<'_>, attribution: &Attribution, found: Span) -> bool {
    let first = |w: &str| matches!(w.to_lowercase().as_str(), "i" | "we" | "our" | "my" | "us");
    attribution.kind != Kind::Indirect || !doc.analysis.tokens_in(found).any(|t| first(doc.word(t)))
}

/// The sentences of a span, cut to it.
pub(crate) fn sentences_in(doc: &Document<'_>, span: Span) -> Vec<Span> {
    let mut out = Vec::new();
    let mut tokens = doc.analysis.tokens_in(span);
    while !tokens.is_empty() {
        let end = sentence_at(doc, tokens.start).end.clamp(tokens.start + 1, tokens.end);
        let cut = doc.analysis.span_of(tokens.start..end);
        out.push(Span::new(cut.start.max(span.start), cut.end.min(span.end)));
        tokens.start = end;
    }
    out
}

/// The act of a label in the word list, without its part.
fn named(label: &str, by: Option<&Actor>) -> Option<Act> {
    let label = label.split_once(':').map_or(label, |(_, act)| act);
    let independent = by.is_none_or(|a| matches!(a.kind, ActorKind::Outlet | ActorKind::Organisation));
    let outlet = by.is_some_and(|a| a.kind == ActorKind::Outlet);
    Some(match label {
        "declines" => Act::Declines,
        "retracts" => Act::Retracts,
        "corrects" => Act::Corrects,
        "doubts" => Act::Doubts,
        "denies" => Act::Denies,
        "admits" => Act::Admits,
        "refutes" => Act::Refutes,
        "verifies" => Act::Verifies,
        "found" if independent => Act::Verifies,
        "accuses" => Act::Accuses,
        "demands" => Act::Demands,
        "promises" => Act::Promises,
        "confirms" if outlet => Act::Verifies,
        "confirms" => Act::Confirms,
        _ => return None,
    })
}

/// Whether a stretch of content says that something is so or that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polarity {
    /// The word that negates it; none when it is affirmed.
    pub negation: Option<Span>,
}

impl Polarity {
    /// Whether it is negated.
    #[must_use]
    pub fn negated(self) -> bool {
        self.negation.is_some()
    }
}

/// The polarity of the first sentence of `span`: "no village had been entered", "there were no deaths" and "it never
/// happened" are negated, "not only" and "no fewer than" are not.
///
/// A negation counts when it stands in the main clause: before the first comma or subordinating word that follows a
/// verb, or anywhere when the parse ties it to the main predicate.
#[must_use]
pub fn polarity(doc: &Document<'_>, span: Span) -> Polarity {
    let Some(sentence) = sentences_in(doc, span).into_iter().next() else {
        return Polarity { negation: None };
    };
    let found = NEGATIONS.find(doc.text(), sentence);
    let idle = |at: Span| found.iter().any(|m| m.label == "idle" && m.span.contains(at));
    let limit = main_clause(doc, sentence);
    let negation =
        found.iter().filter(|m| m.label == "negation" && m.span.end <= limit && !idle(m.span)).map(|m| m.span).min();
    Polarity { negation }
}

/// Where the main clause of a sentence ends: at a semicolon or dash, or at a word that opens a subordinate clause
/// (not at the very start, where it opens the sentence).
fn main_clause(doc: &Document<'_>, sentence: Span) -> usize {
    let tokens = doc.analysis.tokens_in(sentence);
    let opens = |w: &str| {
        let words = ["because", "although", "though", "while", "which", "who", "whose", "where", "unless", "until"];
        words.contains(&w.to_lowercase().as_str()) || [";", "—", "–"].contains(&w)
    };
    let cut = tokens.clone().skip(2).find(|&t| opens(doc.word(t)));
    cut.map_or(sentence.end, |t| doc.analysis.tokens[t].span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lexicon::testing::{attribution, document, report, span};

    /// Every line: the text with `<source>`, `[cue]` and `{content}` marked; under it the act that is expected.
    const CASES: &[(&str, Act)] = &[
        ("<The mayor> [said] {the bridge had fallen}.", Act::Asserts),
        ("<The mayor> [denied] {the bridge had fallen}.", Act::Denies),
        ("<The mayor> did not [confirm] {that the bridge had fallen}.", Act::Declines),
        ("<The mayor> [could not confirm] {that the bridge had fallen}.", Act::Doubts),
        ("<The mayor> could not immediately [confirm] {the fall}.", Act::Doubts),
        ("<The mayor> [declined to comment] {on the bridge}.", Act::Declines),
        ("<The mayor> [declined] {to comment on the bridge}.", Act::Declines),
        ("<The mayor> [neither confirmed nor denied] {that the bridge had fallen}.", Act::Declines),
        ("<The mayor> did not [respond] {to questions}.", Act::Declines),
        ("<The mayor> [has yet to comment].", Act::Declines),
        ("<The mayor> [said] {he had no information on that}.", Act::Declines),
        ("<The mayor> would not [say] {who had paid}.", Act::Declines),
        ("<The firm> [does not dispute] {the figure}.", Act::Admits),
        ("<The firm> [acknowledged] {the leak}.", Act::Admits),
        ("<The firm> [accused] <the city> {of negligence}.", Act::Accuses),
        ("<The union> [called on] {the minister to resign}.", Act::Demands),
        ("<The governor> [asked] {residents not to share rumours}.", Act::Demands),
        ("<The minister> [vowed] {to rebuild}.", Act::Promises),
        ("<The minister> [confirmed] {the strike}.", Act::Confirms),
        ("<The expert> [doubts] {the figure}.", Act::Doubts),
        ("<The station> [took back] {its report}.", Act::Retracts),
        ("<The governor> [withdrew] {the figure}.", Act::Retracts),
        ("<The daily> [corrected] {the toll}.", Act::Corrects),
        ("<The witness> [pleaded not guilty].", Act::Denies),
        ("<The port> [described] {the reports as baseless}.", Act::Denies),
        ("{Reports that the port was closed are false}, <the harbour master> [said].", Act::Denies),
        ("<The desk> [geolocated] {the clip to the bridge}.", Act::Verifies),
        ("<The desk> [debunked] {the clip}.", Act::Refutes),
        ("{We were wrong and we take it back.}", Act::Retracts),
        ("{An earlier version of this article said that he had died.}", Act::Corrects),
        ("{Who fired first we cannot say.}", Act::Doubts),
        ("<The colonel> [rejected] {that}.", Act::Denies),
        ("<The desk> [no longer says] {that nobody died}.", Act::Retracts),
    ];

    fn marked(line: &str, open: char, close: char) -> String {
        line.split_once(open)
            .and_then(|(_, rest)| rest.split_once(close))
            .map(|(words, _)| words.chars().filter(|c| !"<>[]{}".contains(*c)).collect())
            .unwrap_or_default()
    }

    #[test]
    fn acts_by_cue_and_content() {
        for (line, act) in CASES {
            let text: String = line.chars().filter(|c| !"<>[]{}".contains(*c)).collect();
            let report = report(&text);
            let doc = document(&report);
            let mut one = attribution(&text, &marked(line, '<', '>'), &marked(line, '[', ']'), &marked(line, '{', '}'));
            assign(&doc, std::slice::from_mut(&mut one), &[]);
            assert_eq!(one.act, *act, "{line}");
        }
    }

    #[test]
    fn polarity_of_content() {
        for (text, word) in [
            ("no village had been entered", Some("no")),
            ("there were no deaths", Some("no")),
            ("it never happened", Some("never")),
            ("Not one armed person passed", Some("Not")),
            ("the post didn't fall", Some("didn't")),
            ("the post was taken", None),
            ("not only the post but the village was taken", None),
            ("no fewer than nine died", None),
            ("the post fell because nobody guarded it", None),
            ("that is untrue", Some("untrue")),
        ] {
            let report = report(text);
            let doc = document(&report);
            let got = polarity(&doc, span(text, text)).negation.map(|s| s.of(text));
            assert_eq!(got, word, "{text}");
        }
    }
}
