//! Who did it and to whom: by dependencies where the model has run, else by who stands before and after the trigger.

use std::ops::Range;

use crate::model::Analysis;
use crate::read::Document;
use crate::read::who::Actors;
use crate::read::words::Words;
use crate::reading::ActorId;

type Roles = (Option<ActorId>, Option<ActorId>);

/// The agent and the patient of the event whose trigger is `trigger`.
pub(super) fn of(
    doc: &Document<'_>,
    words: &Words<'_>,
    sentence: &Range<usize>,
    trigger: Range<usize>,
    actors: &Actors<'_>,
) -> Roles {
    let parsed = trigger.clone().any(|k| doc.analysis.tokens[k].head.is_some());
    let (agent, patient) = if parsed {
        by_dependencies(&doc.analysis, words, &trigger, actors)
    } else {
        by_order(words, sentence, &trigger, actors)
    };
    let patient = patient.filter(|p| agent.as_ref() != Some(p));
    (agent, patient)
}

fn by_dependencies(analysis: &Analysis, words: &Words<'_>, trigger: &Range<usize>, actors: &Actors<'_>) -> Roles {
    // The word of the trigger that the others hang on.
    let head = trigger
        .clone()
        .find(|&k| analysis.tokens[k].head.is_none_or(|h| !trigger.contains(&h)))
        .unwrap_or(trigger.start);
    let mut roles = (None, None);
    around(analysis, words, head, actors, &mut roles);
    if analysis.tokens[head].pos != "VERB" {
        // "launched an attack", "an attack killed": the verb's subject acted.
        let (relation, verb) = (analysis.tokens[head].relation, analysis.tokens[head].head);
        if let Some(verb) = verb.filter(|_| matches!(relation, "obj" | "nsubj:pass" | "obl")) {
            let mut outer = (None, None);
            around(analysis, words, verb, actors, &mut outer);
            roles.0 = roles.0.or(outer.0);
            roles.1 = roles.1.or(outer.1);
        }
    } else if roles.0.is_none() && matches!(analysis.tokens[head].relation, "conj" | "xcomp" | "advcl") {
        // "came and took", "trying to take": the subject stands with the first verb.
        let mut outer = (None, None);
        if let Some(verb) = analysis.tokens[head].head {
            around(analysis, words, verb, actors, &mut outer);
        }
        roles.0 = outer.0;
    }
    roles
}

/// Fills what the children of one word say.
fn around(analysis: &Analysis, words: &Words<'_>, head: usize, actors: &Actors<'_>, roles: &mut Roles) {
    let noun = analysis.tokens[head].pos != "VERB";
    for child in analysis.children(head) {
        let case = |word: &str| {
            analysis.children(child).any(|c| analysis.tokens[c].relation == "case" && words.get(c) == word)
        };
        let first = analysis.children(child).filter(|c| *c < child).min().unwrap_or(child);
        let actor = || actors.at(words.span(first, child + 1)).cloned();
        match analysis.tokens[child].relation {
            "nsubj" if !noun => roles.0 = roles.0.take().or_else(actor),
            "nsubj:pass" | "obj" => roles.1 = roles.1.take().or_else(actor),
            "obl:agent" => roles.0 = roles.0.take().or_else(actor),
            "obl" | "nmod" if case("by") => roles.0 = roles.0.take().or_else(actor),
            "obl" | "nmod" if case("on") || case("against") || case("of") && noun => {
                roles.1 = roles.1.take().or_else(actor)
            }
            "nmod:poss" | "amod" | "compound" if noun => roles.0 = roles.0.take().or_else(actor),
            _ => {}
        }
    }
}

/// Without a parse: who is named last before the trigger acts, who is named first after it suffers; a passive turns it round.
fn by_order(words: &Words<'_>, sentence: &Range<usize>, trigger: &Range<usize>, actors: &Actors<'_>) -> Roles {
    let start = trigger.start;
    let passive = (1..=3).any(|n| {
        start >= sentence.start + n
            && matches!(words.before(start, n), "was" | "were" | "been" | "being" | "is" | "are")
    });
    let last_before =
        (start > sentence.start).then(|| words.span(sentence.start, start)).and_then(|s| actors.within(s).last());
    let first_after = (trigger.end < sentence.end)
        .then(|| words.span(trigger.end, sentence.end))
        .and_then(|s| actors.within(s).next());
    let id = |mention: Option<(crate::span::Span, usize)>| mention.and_then(|(span, _)| actors.at(span).cloned());
    let by = (trigger.end..sentence.end.min(trigger.end + 6)).any(|k| words.get(k) == "by");
    match (passive, by) {
        (true, true) => (id(first_after), id(last_before)),
        (true, false) => (None, id(last_before)),
        _ => (id(last_before), id(first_after)),
    }
}
