//! One attribution against the words around it: its cue's verb, its clause, whom it names where.

use std::ops::Range;

use crate::reading::{ActorId, Attribution, Kind};
use crate::span::Span;

use crate::read::who::{Actors, Scene, lemma};

/// An attribution with where it stands, in bytes.
pub(crate) struct Frame<'a> {
    pub(crate) of: &'a Attribution,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Tokens of the cue.
    pub(crate) cue: Range<usize>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(scene: &Scene<'_>, of: &'a Attribution) -> Self {
        let spans = || of.source.iter().chain(&of.cue).chain(&of.content);
        let start = spans().map(|s| s.start).min().unwrap_or(0);
        let end = spans().map(|s| s.end).max().unwrap_or(0);
        let first =
            of.cue.first().or(of.source.first()).or(of.content.first()).copied().unwrap_or(Span::new(start, start));
        Self { of, start, end, cue: scene.doc.analysis.tokens_in(first) }
    }

    /// From the first to the last word of the source.
    pub(crate) fn source(&self) -> Span {
        let first = self.of.source.first().copied().unwrap_or(Span::new(self.start, self.start));
        self.of.source.iter().fold(first, |all, s| all.cover(*s))
    }

    /// The source without a dateline in front of it.
    pub(crate) fn who(&self, text: &str) -> Span {
        let source = self.source();
        let dash = [") - ", ") – ", ") — "].iter().find_map(|d| source.of(text).find(d).map(|at| at + d.len()));
        let start = source.start + dash.unwrap_or(0);
        // What stands before a colon names another clause's subject.
        let colon = text[start..source.end].rfind(": ").map(|at| start + at + 2);
        Span::new(colon.filter(|at| *at + 3 < source.end).unwrap_or(start), source.end)
    }

    pub(crate) fn content_end(&self) -> usize {
        self.of.content.iter().map(|s| s.end).max().unwrap_or(self.end)
    }

    /// Whether a token lies in the content.
    pub(crate) fn in_content(&self, scene: &Scene<'_>, k: usize) -> bool {
        let span = scene.doc.analysis.tokens[k].span;
        self.of.content.iter().any(|c| c.contains(span))
    }

    /// The sentence of the cue (of the content where there is none), in bytes.
    pub(crate) fn sentence(&self, scene: &Scene<'_>) -> Span {
        let tokens = self.sentence_tokens(scene);
        if tokens.is_empty() { Span::new(self.start, self.end) } else { scene.span(tokens) }
    }

    pub(crate) fn sentence_tokens(&self, scene: &Scene<'_>) -> Range<usize> {
        let analysis = &scene.doc.analysis;
        analysis.sentences.get(analysis.sentence_of(self.cue.start)).cloned().unwrap_or(0..0)
    }

    /// The sentence before the frame's, in the same paragraph.
    pub(crate) fn sentence_before(&self, scene: &Scene<'_>) -> Option<Span> {
        let analysis = &scene.doc.analysis;
        let here = analysis.sentence_of(scene.doc.analysis.tokens_in(Span::new(self.start, self.end)).start);
        let before = analysis.sentences.get(here.checked_sub(1)?).filter(|s| !s.is_empty())?;
        let span = scene.span(before.clone());
        (!scene.doc.text()[span.end..self.start.max(span.end)].contains('\n')).then_some(span)
    }

    pub(crate) fn same_paragraph(&self, scene: &Scene<'_>, earlier: usize) -> bool {
        earlier <= self.start && !scene.doc.text()[earlier..self.start].contains('\n')
    }

    /// Whether the content stands in quotation marks.
    pub(crate) fn is_quotation(&self, scene: &Scene<'_>) -> bool {
        let tokens = self.of.content.first().map_or(0..0, |c| scene.doc.analysis.tokens_in(*c));
        self.of.kind == Kind::Direct
            || tokens.start < scene.len()
                && (scene.quoted[tokens.start] || matches!(scene.word(tokens.start), "“" | "\"" | "«" | "„"))
    }

    /// Whether the quotation goes on from one that ended at `last`: in the paragraph, or in the next that opens with marks.
    pub(crate) fn runs_on(&self, scene: &Scene<'_>, last: usize) -> bool {
        if last > self.start {
            return true;
        }
        let between = &scene.doc.text()[last..self.start];
        let closed = between.contains(['”', '"', '»']) && between.contains('\n');
        !closed && between.matches('\n').count() <= 2 && between.chars().filter(|c| c.is_alphanumeric()).count() < 12
    }

    /// The words right behind a quotation, in its sentence: "…,” the spokeswoman, Ana Ruiz, told reporters".
    pub(crate) fn tail(&self, scene: &Scene<'_>) -> Option<Span> {
        let last = self.of.content.last()?;
        let analysis = &scene.doc.analysis;
        let mut k = analysis.tokens_in(Span::new(last.end.saturating_sub(1), last.end)).end;
        let sentence = analysis.sentences.get(analysis.sentence_of(k.checked_sub(1)?))?.clone();
        let start = k;
        while k < sentence.end && !scene.word(k).starts_with(char::is_alphanumeric) {
            k += 1;
        }
        let comma = (start.saturating_sub(1)..k).any(|j| matches!(scene.word(j), "," | "?" | "!" | "—" | "–"));
        let stop = (k..sentence.end).find(|j| matches!(scene.word(*j), "." | "“" | "\"" | "," | ":"))?;
        let says = (k..sentence.end.min(k + 40)).any(|j| scene.saying(j).is_some());
        (comma && says && k < stop).then(|| scene.span(k..stop))
    }

    /// "…, Ana Ruiz, a spokeswoman, told Meridian" where the heads took the listener for the source: the words before "told".
    pub(crate) fn teller(&self, scene: &Scene<'_>) -> Option<Span> {
        let told = self.cue.end.checked_sub(1).filter(|k| matches!(scene.low(*k), "told" | "tells"))?;
        let source = scene.doc.analysis.tokens_in(self.source());
        if source.start < self.cue.end || source.start > told + 4 {
            return None;
        }
        let sentence = self.sentence_tokens(scene);
        let first = (sentence.start..self.cue.start)
            .rev()
            .take_while(|k| !self.in_content(scene, *k) && !scene.quoted[*k])
            .last()?;
        (first..self.cue.start).find(|k| scene.is_word(*k)).map(|k| scene.span(k..self.cue.start))
    }

    /// A source that is or ends in a relative pronoun: the words before it.
    pub(crate) fn relative(&self, scene: &Scene<'_>) -> Option<Span> {
        let tokens = scene.doc.analysis.tokens_in(self.source());
        let relative = |k: &usize| matches!(scene.low(*k), "who" | "which" | "that");
        let first = tokens.clone().next().filter(|k| relative(k) || scene.low(*k) == "whose");
        let pronoun = tokens.clone().last().filter(relative).or(first)?;
        let sentence = scene.doc.analysis.sentences.get(scene.doc.analysis.sentence_of(pronoun))?.clone();
        let first = sentence.start.max(pronoun.saturating_sub(24));
        (first < pronoun).then(|| scene.span(first..pronoun))
    }

    /// "it was claimed", "is said to", "reportedly": words of saying without anybody who says.
    pub(crate) fn is_impersonal(&self, scene: &Scene<'_>) -> bool {
        let low: Vec<&str> = self.cue.clone().map(|k| scene.low(k)).collect();
        if low.iter().any(|w| matches!(*w, "reportedly" | "allegedly" | "purportedly" | "supposedly")) {
            return true;
        }
        let be = |k: usize| matches!(scene.low(k), "was" | "is" | "were" | "are" | "been" | "being" | "be");
        let passive = low.iter().any(|w| matches!(*w, "was" | "is" | "were" | "are" | "been"))
            || self.cue.start > 0 && be(self.cue.start - 1);
        let participle = low.last().is_some_and(|w| {
            w.ends_with("ed") || matches!(*w, "said" | "told" | "known" | "thought" | "written" | "understood")
        });
        let by = (self.cue.end..scene.len().min(self.cue.end + 6)).any(|k| scene.low(k) == "by");
        let it = self.of.source.is_empty()
            || matches!(super::super::who::fold(self.source().of(scene.doc.text()).trim()).as_str(), "it" | "there");
        passive && participle && !by && it && !low.contains(&"as")
    }

    /// "could not be independently confirmed": the sentence says that a check was not possible, not by whom.
    pub(crate) fn could_not(&self, scene: &Scene<'_>) -> bool {
        let sentence = self.sentence_tokens(scene);
        let checks = |k: usize| matches!(scene.low(k), "confirmed" | "verified" | "established" | "corroborated");
        let not = |k: usize| matches!(scene.low(k), "not" | "cannot" | "neither") && !scene.quoted[k];
        let verb = sentence.clone().find(|k| checks(*k));
        verb.is_some_and(|v| {
            (v.saturating_sub(4).max(sentence.start)..v).any(|k| scene.low(k) == "be") && (sentence.start..v).any(not)
        })
    }

    /// The subject of the cue's verb, or of the verb it is joined to, by the parser.
    pub(crate) fn subject(&self, scene: &Scene<'_>) -> Option<Span> {
        let analysis = &scene.doc.analysis;
        let mut verb = self.cue.clone().find(|k| matches!(scene.pos(*k), "VERB" | "AUX"))?;
        for _ in 0..4 {
            if let Some(noun) = analysis.children(verb).find(|k| analysis.tokens[*k].relation == "nsubj") {
                let phrase = analysis.children(noun).filter(|k| *k < noun).min().unwrap_or(noun);
                return Some(scene.span(phrase.min(noun)..noun + 1));
            }
            match analysis.tokens[verb].head {
                Some(head) if analysis.tokens[verb].relation.starts_with("conj") => verb = head,
                _ => return None,
            }
        }
        None
    }

    /// Whoever stands at the head of the frame's sentence, before the cue (or a colon) and outside the content.
    pub(crate) fn lead(&self, scene: &Scene<'_>, index: &Actors<'_>) -> Option<ActorId> {
        let sentence = self.sentence_tokens(scene);
        let limit = match self.of.cue.first() {
            Some(_) => self.cue.start,
            None => {
                let content = scene.doc.analysis.tokens_in(*self.of.content.first()?).start;
                (content.saturating_sub(3)..content).find(|k| scene.word(*k) == ":")?
            }
        };
        let first = (sentence.start..limit).find(|k| !self.in_content(scene, *k) && scene.is_word(*k))?;
        let words = scene.span(first..limit);
        // "From the union, Ana Ruiz:" is Ana Ruiz.
        let after_preposition = |span: Span| {
            let k = scene.doc.analysis.tokens_in(span).start;
            let at = k > 0 && scene.low(k - 1) != "the" && is_preposition(scene.low(k - 1));
            at || k > 1 && scene.low(k - 1) == "the" && is_preposition(scene.low(k - 2))
        };
        let free = index
            .within(words)
            .find(|(span, _)| !after_preposition(*span))
            .map(|(span, _)| Span::new(span.start, words.end));
        index.actor(free.unwrap_or(words)).map(|a| a.id.clone())
    }

    /// The subject of another sentence: whom its first words name.
    pub(crate) fn lead_of(&self, scene: &Scene<'_>, sentence: Span, index: &Actors<'_>) -> Option<ActorId> {
        let tokens = scene.doc.analysis.tokens_in(sentence);
        let stop = tokens.start + tokens.len().min(14);
        let clear = (tokens.start..stop).find(|k| !scene.quoted[*k] && scene.is_word(*k))?;
        index.actor(scene.span(clear..stop)).map(|a| a.id.clone())
    }

    /// The verb of "X quoted Y as saying": the source passes on what another said.
    fn citing(&self, scene: &Scene<'_>) -> Option<usize> {
        let first = scene.doc.analysis.tokens_in(self.source()).start.min(self.cue.start);
        let near = first.max(self.cue.end.saturating_sub(16))..self.cue.end;
        let verb = near.rev().find(|k| matches!(lemma(scene.word(*k), scene.lists).as_str(), "cite" | "quote"))?;
        let passive = verb > 0 && matches!(scene.low(verb - 1), "was" | "were" | "is" | "been" | "being");
        let active =
            verb + 1 < scene.len() && !matches!(scene.low(verb + 1), "by" | "as" | "in") && scene.is_word(verb + 1);
        (active && !passive && !scene.quoted[verb]).then_some(verb)
    }

    /// The phrase between "quoted" and "as saying".
    pub(crate) fn cited(&self, scene: &Scene<'_>) -> Option<Span> {
        if let Some(aside) = self.cited_aside(scene) {
            return Some(aside);
        }
        let verb = self.citing(scene)?;
        let limit = self.sentence_tokens(scene).end.min(verb + 24);
        let stop = (verb + 1..limit).find(|k| matches!(scene.low(*k), "as" | "saying" | ":" | "that" | "who"))?;
        (verb + 1 < stop && !scene.quoted[verb + 1]).then(|| scene.span(verb + 1..stop))
    }

    /// "the agency, citing a clerk, reported", "state television reported, quoting the prosecutor, that", "according to the
    /// army, citing border guards,": who is cited beside source and cue.
    fn cited_aside(&self, scene: &Scene<'_>) -> Option<Span> {
        let source = scene.doc.analysis.tokens_in(self.source());
        let first = source.end.min(self.cue.end).max(1);
        let limit = self.sentence_tokens(scene).end.min(source.end.max(self.cue.end) + 12);
        let verb = (first..limit).find(|&k| matches!(scene.low(k), "citing" | "quoting"))?;
        let beside = verb <= source.end.max(self.cue.end) + 3 || source.contains(&verb);
        let stop = (verb + 1..limit)
            .find(|&k| {
                matches!(scene.word(k), "," | "." | ":" | ";" | "“" | "\"") || matches!(scene.low(k), "as" | "that")
            })
            .unwrap_or(limit);
        (beside && verb + 1 < stop && !scene.quoted[verb] && !self.cue.contains(&verb))
            .then(|| scene.span(verb + 1..stop))
    }

    /// "…, the minister said …" inside the content: who says it.
    pub(crate) fn sayer_within(&self, scene: &Scene<'_>, index: &Actors<'_>) -> Option<ActorId> {
        for content in &self.of.content {
            let tokens = scene.doc.analysis.tokens_in(*content);
            for k in tokens.start..tokens.end.min(tokens.start + 14) {
                if scene.quoted[k] || scene.saying(k).is_none() || k == tokens.start {
                    continue;
                }
                let phrase = scene.span(tokens.start..k);
                let first = index.within(phrase).next();
                let near = first.filter(|(m, _)| m.start < phrase.start + 12 && m.end + 24 > phrase.end);
                return near.and_then(|_| index.actor(phrase)).map(|a| a.id.clone());
            }
        }
        None
    }

    /// A document as source: its issuer's phrase if it is written ("the ministry's statement", "a letter by Ana Ruiz").
    pub(crate) fn issued(&self, scene: &Scene<'_>) -> Option<Option<Span>> {
        let tokens = scene.doc.analysis.tokens_in(self.source());
        let is_document = |k: &usize| {
            let word = super::super::who::fold(scene.word(*k));
            matches!(
                word.as_str(),
                "statement"
                    | "communique"
                    | "release"
                    | "letter"
                    | "note"
                    | "ruling"
                    | "verdict"
                    | "indictment"
                    | "decree"
                    | "message"
                    | "post"
                    | "announcement"
                    | "notice"
                    | "memo"
                    | "memorandum"
                    | "bulletin"
                    | "declaration"
                    | "tweet"
                    | "order"
            )
        };
        let noun = tokens.clone().find(is_document)?;
        let before = tokens.start..noun;
        if before.clone().any(|k| scene.is_possessive(k) || scene.is_capital(k) && !scene.opens(k)) {
            return Some(Some(scene.span(before)));
        }
        let by = (noun + 1..tokens.end).find(|k| matches!(scene.low(*k), "by" | "from" | "of"));
        // A person in front is no document: "its spokesman, in a statement".
        let person = before.clone().any(|k| scene.lists.has("persons", scene.low(k)));
        if person {
            return None;
        }
        Some(by.filter(|k| k + 1 < tokens.end).map(|k| scene.span(k + 1..tokens.end)))
    }

    /// In a sentence of the outlet's own voice, who retracts, checks or finds something in it.
    pub(crate) fn performer(&self, scene: &Scene<'_>, index: &Actors<'_>) -> Option<ActorId> {
        const ACTS: &[&str] = &[
            "withdrew",
            "withdrawn",
            "withdraws",
            "retracted",
            "retracts",
            "corrected",
            "corrects",
            "apologised",
            "apologized",
            "geolocated",
            "verified",
            "matched",
            "confirmed",
            "established",
            "debunked",
            "refuted",
            "admitted",
            "admits",
            "took",
            "denied",
            "denies",
            "rejected",
            "rejects",
            "acknowledged",
            "conceded",
        ];
        let sentence = self.sentence_tokens(scene);
        let verb = sentence.clone().take(24).find(|k| ACTS.contains(&scene.low(*k)) && !scene.quoted[*k])?;
        if scene.low(verb) == "took" && !(verb..sentence.end.min(verb + 6)).any(|k| scene.low(k) == "back") {
            return None;
        }
        let negated = (sentence.start..verb)
            .any(|k| matches!(scene.low(k), "not" | "never" | "be" | "been" | "was" | "were" | "no"));
        if negated || sentence.start == verb {
            return None;
        }
        index.actor(scene.span(sentence.start..verb)).map(|a| a.id.clone())
    }
}

fn is_preposition(low: &str) -> bool {
    matches!(
        low,
        "from" | "in" | "at" | "on" | "about" | "of" | "to" | "for" | "with" | "by" | "after" | "near" | "against"
    )
}
