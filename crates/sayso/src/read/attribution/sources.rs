//! Rules about who said it.

#![expect(clippy::ptr_arg, reason = "every rule has one signature")]

use crate::reading::Attribution;
use crate::span::Span;

use super::scene::Scene;

/// Adverbs that attribute to nobody.
const ADVERBS: [&str; 5] = ["reportedly", "allegedly", "purportedly", "supposedly", "ostensibly"];

/// "reportedly" and its like name no source: whatever was linked to it is none.
pub(super) fn adverb_has_no_source(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for a in found.iter_mut() {
        let bare = |cue: &Span| ADVERBS.contains(&cue.of(scene.text).to_lowercase().as_str());
        if !a.cue.is_empty() && a.cue.iter().all(bare) {
            a.source.clear();
        }
    }
}

/// Verbs whose object hears what is said.
const TELLING: [&str; 10] =
    ["tell", "tells", "told", "telling", "inform", "informs", "informed", "reminded", "assured", "notified"];

/// "told Radio Delta": who stands right after such a verb hears it; the source is the subject, if there is one.
pub(super) fn hearer_is_no_source(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for a in found.iter_mut() {
        let Some(last) = a.cue.last().map(|c| scene.analysis.tokens_in(*c)).filter(|c| !c.is_empty()) else { continue };
        let verb = last.end - 1;
        let hears = |s: &Span| scene.analysis.tokens_in(*s).start == verb + 1;
        if TELLING.contains(&scene.word(verb).to_lowercase().as_str()) && a.source.iter().any(hears) {
            a.source.retain(|s| !hears(s));
        }
    }
}

/// A cue without a source takes the subject of its verb, or of the verb that it hangs on.
pub(super) fn subject_of_the_cue(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for a in found.iter_mut() {
        if !a.source.is_empty() || is_adverb(scene, a) {
            continue;
        }
        let verb =
            a.cue.iter().flat_map(|c| scene.analysis.tokens_in(*c)).find(|&t| scene.analysis.tokens[t].pos == "VERB");
        let Some(source) = verb.and_then(|v| scene.subject(v)) else { continue };
        if a.content.len() > 1 && a.cue.iter().all(|c| !c.overlaps(source)) {
            // "Roads were cut, emergency services reported": the subject is no part of what it says.
            a.content.retain(|c| !(source.contains(*c) || c.contains(source) && c.len() < source.len() + 8));
        }
        if !a.content.is_empty() && a.content.iter().chain(&a.cue).all(|x| !x.overlaps(source)) {
            a.source = vec![source];
        }
    }
}

fn is_adverb(scene: &Scene<'_>, a: &Attribution) -> bool {
    a.cue.iter().all(|c| ADVERBS.contains(&c.of(scene.text).to_lowercase().as_str()))
}

impl Scene<'_> {
    /// The subject of a verb in the words of the text: its own, or that of the verb it is joined to. A passive verb's is
    /// whoever did it.
    pub(super) fn subject(&self, verb: usize) -> Option<Span> {
        let tokens = &self.analysis.tokens;
        let mut verb = verb;
        for _ in 0..4 {
            let children: Vec<usize> = self.analysis.children(verb).collect();
            let passive = children.iter().any(|&c| matches!(tokens[c].relation, "aux:pass" | "nsubj:pass"));
            let wanted = if passive { "obl:agent" } else { "nsubj" };
            if let Some(&subject) = children.iter().find(|&&c| tokens[c].relation == wanted) {
                return self.phrase(subject);
            }
            if passive || children.iter().any(|&c| tokens[c].relation == "expl") {
                return None;
            }
            match (tokens[verb].relation, tokens[verb].head) {
                ("root", _) => return self.own_subject(verb),
                ("conj" | "advcl" | "xcomp" | "parataxis", Some(head)) => verb = head,
                ("acl", Some(head)) => return self.phrase(head),
                _ => return None,
            }
        }
        None
    }

    /// The subject that a verb itself has.
    pub(super) fn own_subject(&self, verb: usize) -> Option<Span> {
        let tokens = &self.analysis.tokens;
        let subject_of = |verb: usize| self.analysis.children(verb).find(|&c| tokens[c].relation == "nsubj");
        // "The union, as some called it, denied …": the parse gives the subject to the aside.
        let aside = || self.analysis.children(verb).find(|&c| tokens[c].relation == "acl:relcl" && c < verb);
        let subject = subject_of(verb).or_else(|| subject_of(aside()?))?;
        self.phrase(subject)
    }

    /// A noun with what belongs to it, without relative clauses, appositions and the preposition before it.
    fn phrase(&self, noun: usize) -> Option<Span> {
        let tokens = &self.analysis.tokens;
        if matches!(self.word(noun).to_lowercase().as_str(), "it" | "that" | "there" | "this" | "which" | "what") {
            return None;
        }
        let (mut start, mut end) = (noun, noun);
        let part = |t: usize| {
            let mut at = t;
            for _ in 0..12 {
                match (at == noun, tokens[at].relation, tokens[at].head) {
                    (true, ..) => return true,
                    (_, "acl" | "acl:relcl" | "appos" | "parataxis" | "punct" | "cc" | "conj" | "advcl", _) => {
                        return false;
                    }
                    (_, "case", head) if head == Some(noun) && at < noun => return false,
                    (_, _, Some(head)) => at = head,
                    _ => return false,
                }
            }
            false
        };
        let sentence = self.sentence_at(tokens[noun].span.start);
        while start > sentence.start && part(start - 1) {
            start -= 1;
        }
        while end + 1 < sentence.end && part(end + 1) {
            end += 1;
        }
        self.span(start..end + 1)
    }
}
