//! Sentences about checking: who checked what, how, with what outcome.
//!
//! In: a reading with actors, speakers and acts. Out: its `verification`; and, because a check is a statement too, the
//! act of the attribution that carries it, or a new attribution where none does (`rule` "verification: …"). The words
//! are in `data/checks.tsv`. May not happen: a check by somebody whom the text does not say to have checked; a party
//! that "cannot confirm" taken for an independent check that failed.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::read::Document;
use crate::read::evidence::THINGS;
use crate::read::hedge;
use crate::read::lexicon::Lexicon;
use crate::read::who::Actors;
use crate::reading::{Act, Actor, ActorKind, Attribution, Kind, Reading, Verification};
use crate::span::Span;

static CHECKS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../../data/checks.tsv")));
static METHODS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../../data/methods.tsv")));

/// How the rules of this file are named.
const RULE: &str = "verification: ";

/// Bytes of a statement that is still one with a check in it.
const LONGEST: usize = 600;

/// Answers the question for a whole reading.
pub(super) fn answer(doc: &Document<'_>, reading: &mut Reading) {
    let actors = std::mem::take(&mut reading.actors);
    reading.verification = find(doc, &mut reading.attributions, &actors);
    reading.actors = actors;
    for added in reading.attributions.iter_mut().filter(|a| a.rule.starts_with(RULE)) {
        hedge::assign(doc, std::slice::from_mut(added));
    }
}

/// Every check that the text speaks of, in order. Attributions that carry one get its act; checks of the outlet that
/// no attribution carries become attributions.
pub fn find(doc: &Document<'_>, attributions: &mut Vec<Attribution>, actors: &[Actor]) -> Vec<Verification> {
    let finder = Finder { doc, index: Actors::new(doc.text(), actors), actors, outlet: outlet(doc, actors) };
    let mut out = Vec::new();
    for sentence in doc.analysis.sentences.iter().filter(|s| !s.is_empty()) {
        let mut kept: Vec<(Found, Verification)> = Vec::new();
        for found in finder.candidates(sentence.clone()) {
            let taken = kept.iter().any(|(k, _)| k.verb.overlaps(found.verb) || k.clause == found.clause);
            if let Some(check) = finder.check(&found, attributions).filter(|_| !taken) {
                kept.push((found, check));
            }
        }
        kept.sort_by_key(|(found, _)| found.verb.start);
        for (found, check) in kept {
            finder.carry(&found, &check, attributions);
            out.push(check);
        }
    }
    attributions.sort_by_key(|a| a.content.iter().chain(&a.cue).map(|s| s.start).min());
    out
}

/// The outlet's own actor.
pub(crate) fn outlet<'a>(doc: &Document<'_>, actors: &'a [Actor]) -> Option<&'a Actor> {
    let name = doc.report.outlet.as_deref()?;
    actors.iter().find(|a| a.name == name || a.aliases.iter().any(|x| x == name))
}

/// One match of the word list: the verb group of a check.
#[derive(Debug, Clone)]
struct Found {
    outcome: &'static str,
    how: &'static str,
    verb: Span,
    /// The clause around it, in tokens.
    clause: Range<usize>,
    sentence: Range<usize>,
}

struct Finder<'a> {
    doc: &'a Document<'a>,
    index: Actors<'a>,
    actors: &'a [Actor],
    outlet: Option<&'a Actor>,
}

impl Finder<'_> {
    /// What the word list finds in one sentence, without idle phrases, in the list's order: of matches that overlap, and
    /// in one clause, the first that is a check wins.
    fn candidates(&self, sentence: Range<usize>) -> Vec<Found> {
        let doc = self.doc;
        let found = CHECKS.find(doc.text(), doc.analysis.span_of(sentence.clone()));
        let idle: Vec<Span> = found.iter().filter(|m| m.label == "idle").map(|m| m.span).collect();
        let live = found.iter().filter(|m| !idle.iter().any(|i| i.overlaps(m.span)));
        let one = |m: &crate::read::lexicon::Match<'static>| {
            let (outcome, how) = m.label.split_once(':')?;
            let clause = clause(doc, sentence.clone(), m.span);
            Some(Found { outcome, how, verb: m.span, clause, sentence: sentence.clone() })
        };
        live.filter_map(one).collect()
    }

    /// The check that a match speaks of, or nothing when nobody checked.
    fn check(&self, found: &Found, attributions: &[Attribution]) -> Option<Verification> {
        let doc = self.doc;
        let holder = holder(found.verb, attributions);
        let subject = self.subject(found);
        let by = self.by(found, subject, holder)?;
        if !self.counts(found, subject, by, holder) {
            return None;
        }
        let about = self.about(found, subject, attributions);
        let span = doc.analysis.span_of(found.clause.clone());
        let span = trim_marks(doc.text(), span);
        Some(Verification {
            span,
            outcome: if found.outcome == "could not" {
                "tried, could not".to_owned()
            } else {
                found.outcome.to_owned()
            },
            by: by.map(|a| a.id.clone()),
            about,
            method: method(doc, span, found.verb),
            rule: format!("{RULE}{} {}", found.outcome, found.how),
        })
    }

    /// The words before the verb group in its clause; of a relative clause those after the relative pronoun; where the
    /// clause has none ("…, but was unable to") the opening words of the sentence.
    fn subject(&self, found: &Found) -> Option<Span> {
        let doc = self.doc;
        let verb = doc.analysis.tokens_in(found.verb);
        let does = ["active", "ours", "checker", "found"].contains(&found.how);
        // "Photos which go round have nothing to do with it": the verb of another subject than the relative clause's.
        let far = |t: usize| !does && verb.start - t > if doc.word(t) == "that" { 6 } else { 2 };
        let relative = (found.clause.start..verb.start).rev().find(|&t| is_relative(doc.word(t)) && !far(t));
        let start = relative.filter(|&t| t + 1 < verb.start).map_or(found.clause.start, |t| t + 1);
        if start < verb.start {
            return Some(trim_marks(doc.text(), doc.analysis.span_of(start..verb.start)));
        }
        let opening = found.sentence.start..(found.sentence.start + 25).min(start);
        (!opening.is_empty()).then(|| trim_marks(doc.text(), doc.analysis.span_of(opening)))
    }

    /// Who checked (`Some(None)`: somebody unnamed): the subject of an active verb, the "by" of a passive one, else the voice that speaks.
    fn by<'s>(
        &'s self,
        found: &Found,
        subject: Option<Span>,
        holder: Option<&Attribution>,
    ) -> Option<Option<&'s Actor>> {
        let speaker = holder.filter(|h| h.kind != Kind::Voice);
        let voice = || match speaker {
            Some(h) => self.actors.iter().find(|a| Some(&a.id) == h.speaker.as_ref()),
            None => self.outlet,
        };
        match found.how {
            "study" => Some(self.index.actor(self.doc.analysis.span_of(found.clause.clone()).cover(found.verb))),
            "active" | "ours" | "checker" | "found" => {
                let subject = subject?;
                if self.first_person(subject) {
                    // Outside quotation marks "we" is the outlet, whoever is being reported.
                    return Some(if in_quotation(self.doc.text(), found.verb.start) { voice() } else { self.outlet });
                }
                Some(self.index.actor(subject))
            }
            "passive" => {
                let after =
                    Span::new(found.verb.end, self.doc.analysis.span_of(found.clause.clone()).end.max(found.verb.end));
                let agent = after.of(self.doc.text()).trim_start().starts_with("by ")
                    || found.verb.of(self.doc.text()).ends_with(" by");
                let named = if agent { self.index.actor(after) } else { None };
                Some(named.or_else(voice))
            }
            _ => Some(self.finder_before(found).or_else(voice)),
        }
    }

    /// Of "researchers at X established that the picture was taken in …" the actor before "that".
    fn finder_before(&self, found: &Found) -> Option<&Actor> {
        let doc = self.doc;
        let verb = doc.analysis.tokens_in(found.verb).start;
        let that = (found.clause.start + 2..verb).rev().find(|&t| doc.word(t) == "that")?;
        self.index.actor(doc.analysis.span_of(found.clause.start..that))
    }

    fn first_person(&self, span: Span) -> bool {
        let words = |w: &str| matches!(w, "I" | "We" | "we" | "Our" | "our" | "My" | "my");
        self.doc.analysis.tokens_in(span).any(|t| words(self.doc.word(t)))
    }

    /// Whether it is a check at all, given who speaks.
    ///
    /// Parties that "cannot confirm" or "cannot say" have not checked: such verbs count for outlets and organisations;
    /// what shows by itself counts in the words of one of these; old pictures count only for pictures.
    fn counts(&self, found: &Found, subject: Option<Span>, by: Option<&Actor>, holder: Option<&Attribution>) -> bool {
        let text = self.doc.text();
        let known = by.is_some_and(|a| matches!(a.kind, ActorKind::Outlet | ActorKind::Organisation));
        let before =
            Span::new(self.doc.analysis.span_of(found.clause.clone()).start.min(found.verb.start), found.verb.start);
        let checker = by.is_none() || known || is_checker(before.of(text));
        let first = subject.is_some_and(|s| self.first_person(s));
        let own = self.outlet.is_some_and(|o| by.is_some_and(|b| b.id == o.id)) || (by.is_none() && holder.is_none());
        let thing = subject.is_some_and(|s| !THINGS.find(text, s).is_empty() || is_pronoun(s.of(text)));
        let words = found.verb.of(text).to_lowercase();
        match found.how {
            "ours" => first && checker,
            "active" if words.ends_with("confirm") => {
                let outlet = by.is_some_and(|a| a.kind == ActorKind::Outlet);
                outlet || (first && checker) || (checker && subject.is_some_and(|s| is_checker(s.of(text))))
            }
            "active" => by.is_some() || first || found.outcome != "could not" || holder.is_none(),
            "checker" => known || (first && checker),
            "found" => {
                let party = by.is_some_and(|a| matches!(a.kind, ActorKind::Government | ActorKind::ArmedGroup));
                known || (first && checker) || (by.is_some() && !party && !words.contains("f"))
            }
            "old" => checker && thing && self.is_past(found.verb),
            "itself" | "shows" => {
                let said = found.outcome == "refuted" && subject.is_some_and(|s| is_talk(s.of(text)));
                checker && (thing || said) && !self.negated_before(found)
            }
            "claim" => {
                own && subject.is_some_and(|s| is_talk(s.of(text))) && !self.corrects(found) && !self.told(found)
            }
            "verdict" => own,
            _ => true,
        }
    }

    /// Whether the clause takes back before the verb what the verb says ("does not accept that it is genuine").
    fn negated_before(&self, found: &Found) -> bool {
        let clause = self.doc.analysis.span_of(found.clause.clone());
        let before = Span::new(clause.start.min(found.verb.start), found.verb.start);
        let words = before.of(self.doc.text()).to_lowercase();
        ["not ", "n't ", "n’t ", "den", "doubt", "whether ", "never "].iter().any(|w| words.contains(w))
    }

    /// Whether the sentence says who said so.
    fn told(&self, found: &Found) -> bool {
        let says = ["say", "says", "said", "tells", "told", "writes", "wrote", "according", "insists", "insisted"];
        found.sentence.clone().any(|t| says.contains(&self.doc.word(t)))
    }

    /// Whether the outlet speaks of its own mistake: that is a correction.
    fn corrects(&self, found: &Found) -> bool {
        let text = self.doc.text();
        let paragraph = text[..found.verb.start].rfind('\n').map_or(0, |n| n + 1);
        let words = text[paragraph..found.verb.start].to_lowercase();
        words.starts_with("correction") || words.contains(" we took") || words.contains("our ")
    }

    /// Whether the year in the words, if there is one, is before the report's.
    fn is_past(&self, verb: Span) -> bool {
        static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("(?:19|20)[0-9][0-9]").ok());
        let words = verb.of(self.doc.text());
        let year = YEAR.as_ref().and_then(|y| y.find(words)).and_then(|m| m.as_str().parse::<u16>().ok());
        let now = self.doc.report.published.as_deref().and_then(|p| p.get(..4)).and_then(|y| y.parse::<u16>().ok());
        year.zip(now).is_none_or(|(year, now)| year < now)
    }

    /// What was checked: the object of an active verb, else the subject; an anaphor stands for the statement before.
    fn about(&self, found: &Found, subject: Option<Span>, attributions: &[Attribution]) -> Vec<Span> {
        let doc = self.doc;
        let text = doc.text();
        let clause = doc.analysis.span_of(found.clause.clone());
        let object = Span::new(object_start(text, found), clause.end.max(found.verb.end));
        let inverted = subject.filter(|s| opens_question(s.of(text)));
        let words: Vec<Span> = match found.how {
            "active" | "ours" | "checker" | "found" | "study" => {
                vec![self.antecedent(found).or(inverted.map(|s| without_last(doc, s))).unwrap_or(object)]
            }
            "shows" => vec![object],
            "itself" if found.verb.of(text).to_lowercase().contains("match") => {
                subject.into_iter().chain([object]).collect()
            }
            _ => subject.into_iter().collect(),
        };
        let words = words.into_iter().map(|w| without_talk(text, trim_marks(text, w))).filter(|w| !w.is_empty());
        let (stands, names): (Vec<Span>, Vec<Span>) = words.partition(|w| is_anaphor(w.of(text)));
        let mut out = names;
        if out.is_empty() {
            out = self.before(clause, found, stands.first().copied(), attributions);
        } else if let Some(earlier) = out.first().and_then(|w| self.thing_before(*w)) {
            out.push(earlier);
        }
        out.sort();
        out.dedup();
        out
    }

    /// What an anaphor stands for: a word for a report earlier in the clause, a thing when it is about a thing, else
    /// the statement before, or the two before for "either" and "both".
    fn before(&self, clause: Span, found: &Found, anaphor: Option<Span>, attributions: &[Attribution]) -> Vec<Span> {
        let text = self.doc.text();
        let words = anaphor.map(|a| a.of(text).to_lowercase()).unwrap_or_default();
        let shown = is_pronoun(&words) && ["itself", "old", "shows"].contains(&found.how);
        if let Some(thing) = self.last_thing(clause.start, None).filter(|_| shown) {
            return vec![thing];
        }
        if words == "them" || words == "these" {
            let before = Span::new(clause.start.min(found.verb.start), found.verb.start);
            if let Some(talk) = self.doc.analysis.tokens_in(before).rev().find(|&t| is_talk(self.doc.word(t))) {
                return vec![self.doc.analysis.tokens[talk].span];
            }
        }
        let several = ["either", "neither", "both"].iter().any(|w| words.starts_with(w));
        self.statements_before(clause.start, attributions, if several { 2 } else { 1 })
    }

    /// For "the clip" the first words for such a thing in the sentences before.
    fn thing_before(&self, words: Span) -> Option<Span> {
        let text = self.doc.text();
        let lower = words.of(text).to_lowercase();
        if !["the ", "this ", "these ", "that ", "both "].iter().any(|d| lower.starts_with(d)) {
            return None;
        }
        let kind = THINGS.find(text, words).iter().min_by_key(|m| m.line).map(|m| m.label)?;
        self.last_thing(words.start, Some(kind))
    }

    /// The words for a thing that stand last before `at`, of a kind if given, at most six sentences back.
    fn last_thing(&self, at: usize, kind: Option<&str>) -> Option<Span> {
        let token = self.doc.analysis.tokens_in(Span::new(at, at + 1)).start;
        let sentence = self.doc.analysis.sentence_of(token);
        let earlier = self.doc.analysis.sentences.get(sentence.saturating_sub(6)..sentence)?;
        earlier.iter().rev().filter(|s| !s.is_empty()).find_map(|s| {
            let found = THINGS.find(self.doc.text(), self.doc.analysis.span_of(s.clone()));
            found.iter().filter(|m| kind.is_none_or(|k| m.label == k)).map(|m| m.span).max()
        })
    }

    /// The noun before a relative pronoun: "footage of the fire, which the agency has verified".
    fn antecedent(&self, found: &Found) -> Option<Span> {
        let doc = self.doc;
        let verb = doc.analysis.tokens_in(found.verb);
        let relative = (found.clause.start..verb.start).rev().find(|&t| is_relative(doc.word(t)))?;
        let known = doc.word(relative).to_lowercase() != "that" || relative + 1 < verb.start;
        (relative > found.clause.start && known).then(|| doc.analysis.span_of(found.clause.start..relative))
    }

    /// The contents of the statements that end last before `at`, at most four sentences back.
    fn statements_before(&self, at: usize, attributions: &[Attribution], most: usize) -> Vec<Span> {
        let token = self.doc.analysis.tokens_in(Span::new(at, at + 1)).start;
        let sentence = self.doc.analysis.sentence_of(token);
        let earliest = self.doc.analysis.sentences.get(sentence.saturating_sub(4)).map_or(0, |s| s.start);
        let from = self.doc.analysis.tokens.get(earliest).map_or(0, |t| t.span.start);
        let contents = attributions.iter().flat_map(|a| &a.content).copied();
        let mut out: Vec<Span> = contents.filter(|c| c.end <= at && c.start >= from && c.len() > 8).collect();
        out.sort_by_key(|c| std::cmp::Reverse(c.end));
        out.truncate(most);
        out
    }

    /// Lets the statement that carries the check have its act, or adds one.
    fn carry(&self, found: &Found, check: &Verification, attributions: &mut Vec<Attribution>) {
        let act = match found.outcome {
            "could not" => Act::Doubts,
            "refuted" => Act::Refutes,
            "partly" if found.verb.of(self.doc.text()).to_lowercase().contains("false") => Act::Refutes,
            _ => Act::Verifies,
        };
        let own = check.by.is_some() && check.by.as_ref() == self.outlet.map(|o| &o.id)
            || self.outlet.is_none() && check.by.is_none();
        let mut carried = false;
        for a in attributions.iter_mut() {
            let cue = a.cue.iter().any(|c| c.overlaps(found.verb));
            let inside = a.content.iter().any(|c| c.contains(found.verb) || check.span.contains(*c));
            let speaks = a.kind == Kind::Voice || (a.speaker.is_some() && a.speaker == check.by);
            carried |= cue || a.content.iter().any(|c| c.contains(found.verb) || check.span.contains(*c));
            if cue || (inside && speaks && length(a) < LONGEST) {
                a.act = act;
                if a.kind == Kind::Voice && check.by.is_some() {
                    a.speaker.clone_from(&check.by);
                    a.speaker_rule.clone_from(&check.rule);
                }
            }
        }
        if !carried && own {
            attributions.push(statement(check, act));
        }
    }
}

/// The statement that a check makes by itself.
fn statement(check: &Verification, act: Act) -> Attribution {
    Attribution {
        content: vec![check.span],
        kind: Kind::Voice,
        act,
        speaker: check.by.clone(),
        speaker_rule: check.rule.clone(),
        confidence: 0.9,
        rule: check.rule.clone(),
        ..Attribution::default()
    }
}

/// The innermost statement that holds a place, by content or cue.
fn holder(at: Span, attributions: &[Attribution]) -> Option<&Attribution> {
    attributions.iter().filter(|a| a.content.iter().any(|c| c.contains(at))).min_by_key(|a| length(a))
}

fn length(a: &Attribution) -> usize {
    a.content.iter().map(|c| c.len()).sum()
}

/// The clause of a sentence around `at`: cut at semicolons, colons and dashes, and at a comma before a conjunction.
pub(crate) fn clause(doc: &Document<'_>, sentence: Range<usize>, at: Span) -> Range<usize> {
    let inside = doc.analysis.tokens_in(at);
    let cuts = |t: usize| {
        let joins = ["and", "but", "while", "though", "although", "so", "yet", "however"];
        let next = |w: &str| joins.contains(&w.to_lowercase().as_str());
        match doc.word(t) {
            ";" | "—" | "–" => true,
            ":" => {
                !doc.word(t.saturating_sub(1)).chars().all(|c| c.is_ascii_digit())
                    && !is_verdict(doc.word(t.saturating_sub(1)))
            }
            "," => t + 1 < sentence.end && next(doc.word(t + 1)),
            "but" | "though" | "although" => t > sentence.start,
            _ => false,
        }
    };
    let start = (sentence.start..inside.start).rev().find(|&t| cuts(t)).map_or(sentence.start, |t| t + 1);
    let start = if start > sentence.start && doc.word(start - 1) == "," { start + 1 } else { start };
    let end = (inside.end..sentence.end).find(|&t| cuts(t)).unwrap_or(sentence.end);
    start.min(inside.start)..end.max(inside.end)
}

fn is_verdict(word: &str) -> bool {
    ["verdict", "rating", "ruling", "conclusion"].contains(&word.to_lowercase().as_str())
}

fn is_relative(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "which" | "that" | "who" | "whom")
}

fn is_pronoun(words: &str) -> bool {
    matches!(
        words.to_lowercase().as_str(),
        "it" | "they" | "this" | "that" | "these" | "those" | "none" | "some" | "one"
    ) || words.to_lowercase().ends_with(" of them")
}

/// Whether a quotation is open at `at`, by the marks since its paragraph began.
fn in_quotation(text: &str, at: usize) -> bool {
    let paragraph = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let before = &text[paragraph..at];
    let count = |c: char| before.matches(c).count();
    count('“') > count('”') || count('"') % 2 == 1
}

/// Words for those whose work it is to check.
fn is_checker(words: &str) -> bool {
    const CHECKERS: &str = "monitor observer group agenc researcher journalist reporter correspondent investigator checker analyst expert office";
    let words = words.to_lowercase();
    CHECKERS.split(' ').any(|w| words.contains(w))
}

fn opens_question(words: &str) -> bool {
    ["who", "when", "where", "whether", "what", "how", "why", "if "].iter().any(|w| words.to_lowercase().starts_with(w))
}

/// "When it was filmed I" without its last word.
fn without_last(doc: &Document<'_>, span: Span) -> Span {
    let tokens = doc.analysis.tokens_in(span);
    if tokens.len() < 2 { span } else { doc.analysis.span_of(tokens.start..tokens.end - 1) }
}

/// Where the object of a verb group begins: after it, but after the first word of "matched … to" and with the question
/// word that ends "does not show what".
fn object_start(text: &str, found: &Found) -> usize {
    let words = found.verb.of(text);
    if words.to_lowercase().starts_with("match") {
        return found.verb.start + words.find(' ').unwrap_or(words.len());
    }
    let last = words.rfind(' ').map_or(0, |at| at + 1);
    let question = opens_question(&words[last..]) || &words[last..] == "a";
    found.verb.start + if question { last } else { words.len() }
}

/// Words that stand for what was said or shown before.
fn is_anaphor(words: &str) -> bool {
    let words = words.to_lowercase();
    let bare = [
        "the ", "this ", "these ", "those ", "that ", "either ", "neither ", "both ", "such ", "his ", "her ",
        "their ", "its ",
    ];
    let noun = bare.iter().find_map(|d| words.strip_prefix(d)).unwrap_or(&words);
    is_pronoun(&words)
        || [
            "claim",
            "account",
            "report",
            "figure",
            "statement",
            "allegation",
            "number",
            "story",
            "assertion",
            "version",
            "information",
            "toll",
        ]
        .iter()
        .any(|n| {
            noun.trim_end_matches('s') == *n
                || (noun.ends_with("ies") && noun.trim_end_matches("ies") == n.trim_end_matches('y'))
        })
}

/// Whether the words are about something that was said.
fn is_talk(words: &str) -> bool {
    const TALK: &str =
        "claim figure report number statement post story rumour rumor toll allegation assertion version account";
    let words = words.to_lowercase();
    TALK.split(' ').any(|n| words.contains(n))
}

/// "the claim that X" is about X, "the authenticity of X" too.
fn without_talk(text: &str, span: Span) -> Span {
    static TALK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:that |(?:the|any|all|these|those|either|such|his|her|their|its|both) )?(?:(?:claims?|reports?|allegations?|assertions?|statements?|figures?|accounts?|suggestions?) (?:that|of)|(?:authenticity|location|date|veracity|origin|truth|accuracy|identity) of|that) ").ok()
    });
    let cut = TALK.as_ref().and_then(|t| t.find(span.of(text))).map_or(0, |m| m.end());
    Span::new(span.start + cut, span.end)
}

/// A span without white space, stops, commas and opening conjunctions at its ends.
fn trim_marks(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let head = words
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-' | '—' | '–' | '*'));
    let start = span.start + (words.len() - head.len());
    let tail = head
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '—' | '–' | '*' | '!'));
    let span = Span::new(start, start + tail.len());
    let joins = ["and ", "but ", "And ", "But ", "However, ", "while "];
    let skip = joins.iter().find(|j| span.of(text).starts_with(**j)).map_or(0, |j| j.len());
    Span::new(span.start + skip, span.end)
}

/// How it was checked, in the text's words: after "by", "using", "from" behind the verb, or a listed kind of method.
fn method(doc: &Document<'_>, span: Span, verb: Span) -> Option<String> {
    let text = doc.text();
    METHODS
        .find(text, span)
        .iter()
        .min_by_key(|m| (m.line, m.span.start.abs_diff(verb.start)))
        .map(|m| m.span.of(text).to_owned())
}
