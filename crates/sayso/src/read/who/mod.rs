//! Actors: every mention of a person, organisation, armed group, government or outlet, and which are one.
//!
//! In: the document and its attributions. Out: [`Actor`]s with every mention, and a sentence for every merge. May not happen: two
//! actors made one that the text tells apart; an actor without a mention, but for the outlet.

mod drafts;
mod heads;
mod index;
mod lists;
mod merge;
mod names;
mod resolve;
mod roles;
mod scene;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use crate::reading::{Actor, ActorId, ActorKind, Attribution, Reading};
use crate::span::Span;

use super::Document;
pub use index::{Actors, Statements};
pub use lists::{Gender, Lists};
pub(crate) use lists::{fold, lemma};
pub(crate) use scene::Scene;

use drafts::{Draft, Drafts};

/// Fills [`Reading::actors`].
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    reading.actors = find(document, &reading.attributions, Lists::shipped());
}

/// The actors of a report, in the order of first mention; the outlet, if known, is always one of them.
#[must_use]
pub fn find(document: &Document<'_>, attributions: &[Attribution], lists: &Lists) -> Vec<Actor> {
    let scene = Scene::new(document, lists);
    let names = names::find(&scene);
    let at = names::by_token(&names);
    let roles = roles::find(&scene, &names, &at);
    let mut drafts = Drafts::default();
    let outlet = outlet(&scene, &mut drafts);
    let mut sources: Vec<Span> = attributions.iter().flat_map(|a| a.source.iter().chain(&a.cue)).copied().collect();
    sources.sort();
    let placed = merge::names(&scene, &names, &mut drafts, outlet, &sources);
    resolve::Resolver::new(&scene, &mut drafts, outlet).walk(&placed, &roles);
    finish(&drafts, outlet, &sources)
}

/// The report's outlet as a draft of its own, before any name is read.
fn outlet(scene: &Scene<'_>, drafts: &mut Drafts) -> Option<usize> {
    let name = scene.doc.report.outlet.clone().filter(|name| !name.trim().is_empty())?;
    let words: Vec<String> =
        fold(&name).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_string).collect();
    let known = scene.lists.is_publisher(&words.join(" "));
    let kind = match merge::body_kind(scene, &words) {
        _ if known => ActorKind::Outlet,
        ActorKind::Organisation if !words.last().is_some_and(|w| scene.lists.has("groups", w)) => ActorKind::Outlet,
        kind => kind,
    };
    Some(drafts.add(Draft { names: vec![name], words, kind: Some(kind), used: true, sure: true, ..Draft::default() }))
}

/// Drafts to actors: those that somebody needs, with ids in the order of first mention.
fn finish(drafts: &Drafts, outlet: Option<usize>, sources: &[Span]) -> Vec<Actor> {
    let outlet = outlet.map(|o| drafts.root(o));
    let mut kept: Vec<usize> =
        drafts.roots().filter(|id| Some(*id) == outlet || is_actor(drafts.get(*id), sources)).collect();
    kept.sort_by_key(|id| (drafts.get(*id).mentions.first().is_none(), drafts.get(*id).mentions.first().copied(), *id));
    let index: HashMap<usize, usize> = kept.iter().enumerate().map(|(n, draft)| (*draft, n)).collect();
    kept.iter().map(|id| actor(drafts, *id, &index)).collect()
}

fn is_actor(draft: &Draft, sources: &[Span]) -> bool {
    let near = |mention: &Span| {
        let from = sources.partition_point(|s| s.start + 4096 < mention.start);
        sources[from..].iter().take_while(|s| s.start < mention.end).any(|s| s.overlaps(*mention))
    };
    let source = draft.mentions.iter().any(near);
    if draft.people {
        return false;
    }
    if draft.names.is_empty() {
        return source || draft.used || draft.mentions.len() > 1;
    }
    source || !draft.place && (draft.kind.is_some() || draft.used || draft.mentions.len() > 1)
}

fn actor(drafts: &Drafts, id: usize, index: &HashMap<usize, usize>) -> Actor {
    let draft = drafts.get(id);
    let name = display(draft);
    let mut forms: BTreeSet<String> = draft.names.iter().chain(&draft.phrases).cloned().collect();
    forms.remove(&name);
    let kind = draft.kind.unwrap_or(if draft.place { ActorKind::Government } else { ActorKind::Organisation });
    let role = |p: &drafts::Part| {
        if p.modifiers.is_empty() { p.head.clone() } else { format!("{} {}", p.modifiers.join(" "), p.head) }
    };
    let roles: BTreeSet<String> = draft.parts.iter().map(role).collect();
    Actor {
        id: number(index[&id]),
        name,
        kind,
        mentions: draft.mentions.iter().copied().collect(),
        aliases: forms.into_iter().collect(),
        belongs_to: draft
            .belongs_to
            .map(|b| drafts.root(b))
            .filter(|b| *b != id)
            .and_then(|b| index.get(&b))
            .map(|n| number(*n)),
        roles: roles.into_iter().collect(),
        why: draft.why.clone(),
    }
}

fn number(n: usize) -> ActorId {
    format!("a{}", n + 1)
}

/// The fullest name; for the unnamed the phrase that introduces them.
fn display(draft: &Draft) -> String {
    let size = |name: &String| (name.split_whitespace().count(), name.chars().count());
    if let Some(state) = draft.state.as_ref().filter(|state| draft.names.contains(state)) {
        return state.clone();
    }
    let best = draft.names.iter().max_by(|a, b| size(a).cmp(&size(b)).then_with(|| b.cmp(a)));
    best.or(draft.phrases.first()).cloned().unwrap_or_default()
}
