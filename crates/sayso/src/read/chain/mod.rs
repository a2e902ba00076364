//! Through whom the words came: the links from the outlet back to the speaker.
//!
//! In: attributions with their speakers, and the actors. Out: [`Attribution::chain`], the link nearest to the outlet first. May not
//! happen: a link that the report itself does not name.

use crate::reading::{ActorId, ActorKind, Attribution, Link, Reading};
use crate::span::Span;

use super::Document;
use super::speaker::{Frame, outlet};
use super::who::{Actors, Lists, Scene, Statements};

mod channel;
mod credit;
mod relay;
#[cfg(test)]
mod tests;

pub(super) use credit::credit;

/// Fills the chains of [`Reading::attributions`].
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    let scene = Scene::new(document, Lists::shipped());
    let index = Actors::new(document.text(), &reading.actors);
    let outlet = outlet(document, &reading.actors);
    let chains: Vec<Vec<Link>> = {
        let links = Links {
            scene: &scene,
            index: &index,
            all: &reading.attributions,
            contents: Statements::new(&reading.attributions),
            credit: credit(document, &index),
            outlet,
        };
        links.chains()
    };
    for (attribution, chain) in reading.attributions.iter_mut().zip(chains) {
        attribution.chain = chain;
    }
    speakers_name_is_no_content(reading);
    let relayed = relayed(document, reading);
    let mut relayed = relayed.iter();
    reading.attributions.retain(|_| relayed.next() != Some(&true));
}

/// "…, citing a clerk,": the phrase that names the speaker is nothing that the speaker says.
fn speakers_name_is_no_content(reading: &mut Reading) {
    let Reading { attributions, actors, .. } = reading;
    attributions.retain_mut(|a| {
        let Some(speaker) = actors.iter().find(|x| Some(&x.id) == a.speaker.as_ref()) else { return true };
        let names =
            |c: &Span| speaker.mentions.iter().any(|m| m.contains(*c) || c.contains(*m) && c.len() < m.len() + 4);
        a.content.retain(|c| a.speaker_rule != "quoted by the source" || !names(c));
        !a.content.is_empty()
    });
}

/// For each statement whether it only relays: an outlet's, whose content is another statement that has the outlet in its
/// chain. It is that link then, and no statement of its own.
fn relayed(document: &Document<'_>, reading: &Reading) -> Vec<bool> {
    let contents = Statements::new(&reading.attributions);
    let words = |a: &Attribution| -> usize { a.content.iter().map(|c| document.analysis.tokens_in(*c).len()).sum() };
    let outlets: Vec<&ActorId> = reading.actors.iter().filter(|a| a.kind == ActorKind::Outlet).map(|a| &a.id).collect();
    let mut out = vec![false; reading.attributions.len()];
    for inner in &reading.attributions {
        let Some(cue) = inner.cue.first() else { continue };
        for (_, n) in contents.around(*cue) {
            let outer = &reading.attributions[n];
            let linked = outer
                .speaker
                .as_ref()
                .filter(|s| outlets.contains(s))
                .is_some_and(|speaker| inner.chain.iter().any(|link| link.actor.as_ref() == Some(speaker)));
            out[n] |= linked && outer.kind != crate::reading::Kind::Voice && words(inner) * 2 > words(outer);
        }
    }
    out
}

/// What the rules for links look at.
struct Links<'a> {
    scene: &'a Scene<'a>,
    index: &'a Actors<'a>,
    all: &'a [Attribution],
    contents: Statements,
    credit: Option<credit::Credit>,
    outlet: Option<ActorId>,
}

impl Links<'_> {
    fn chains(&self) -> Vec<Vec<Link>> {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|n| (Frame::new(self.scene, &self.all[*n]).start, *n));
        let mut out = vec![Vec::new(); self.all.len()];
        let mut last: Option<(usize, Vec<Link>)> = None;
        for n in order {
            let frame = Frame::new(self.scene, &self.all[n]);
            let mut near = self.near(&frame, &out);
            if let Some((past, links)) = last.as_ref().filter(|_| near.is_empty())
                && self.carries_on(*past, &frame)
            {
                near = links
                    .iter()
                    .map(|link| Link { rule: "carried on from the statement before".into(), ..link.clone() })
                    .collect();
            }
            if frame.of.speaker.is_some() && frame.of.kind != crate::reading::Kind::Voice {
                last = Some((n, near.iter().filter(|link| link.actor.is_some()).cloned().collect()));
            }
            out[n] = self.whole(&frame, near);
        }
        out
    }

    /// The links of one statement without the credit line, the outermost first.
    fn near(&self, frame: &Frame<'_>, done: &[Vec<Link>]) -> Vec<Link> {
        let own = frame.of.speaker.is_some() && frame.of.speaker == self.outlet;
        if own || frame.of.kind == crate::reading::Kind::Voice {
            return Vec::new();
        }
        let mut links = self.around(frame, done);
        links.extend(self.source_relays(frame));
        links.extend(relay::passed_on(self, frame));
        links.extend(relay::told(self, frame));
        if let Some(found) = channel::named(self.scene, frame) {
            match links.last_mut().filter(|link| link.channel.is_none()) {
                Some(link) => link.channel = Some(found.channel.clone().unwrap_or_default()),
                None => links.push(found),
            }
        }
        links
    }

    /// The statement that this one lies in: its chain, then its speaker. "the agency quoted the governor, who said …".
    fn around(&self, frame: &Frame<'_>, done: &[Vec<Link>]) -> Vec<Link> {
        let Some(inner) = frame.of.cue.first().filter(|_| frame.of.speaker != self.outlet) else { return Vec::new() };
        let other = |n: &usize| !std::ptr::eq(&self.all[*n], frame.of) && self.all[*n].speaker != frame.of.speaker;
        let Some(outer) = self.contents.around(*inner).into_iter().map(|(_, n)| n).rfind(other) else {
            return Vec::new();
        };
        let mut links = done[outer].clone();
        if let (Some(actor), Some(cue)) = (&self.all[outer].speaker, self.all[outer].cue.first()) {
            links.push(self.link(Some(actor.clone()), *cue, "within another's statement"));
        }
        links
    }

    /// The source that quotes somebody else is a link, not the speaker.
    fn source_relays(&self, frame: &Frame<'_>) -> Option<Link> {
        if !matches!(frame.of.speaker_rule.as_str(), "quoted by the source" | "speaker within what the source relays") {
            return None;
        }
        let actor = self.index.actor(frame.source())?;
        Some(self.link(Some(actor.id.clone()), *frame.of.cue.first()?, "the source quotes the speaker"))
    }

    /// Credit line first; nobody twice, neither outlet nor speaker.
    fn whole(&self, frame: &Frame<'_>, near: Vec<Link>) -> Vec<Link> {
        let credit = self.credit.as_ref().map(|c| Link {
            actor: Some(c.actor.clone()),
            cue: c.span,
            verb: None,
            channel: None,
            rule: "credit line".into(),
        });
        let mut out: Vec<Link> = Vec::new();
        for link in credit.into_iter().chain(near) {
            let Some(actor) = &link.actor else {
                out.push(link);
                continue;
            };
            let twice = out.iter().any(|l| l.actor.as_ref() == Some(actor));
            if !twice && Some(actor) != self.outlet.as_ref() && Some(actor) != frame.of.speaker.as_ref() {
                out.push(link);
            }
        }
        out
    }

    /// Whether a statement goes on with what the one before was told through: the same speaker, right after.
    fn carries_on(&self, past: usize, frame: &Frame<'_>) -> bool {
        let before = &self.all[past];
        if before.speaker != frame.of.speaker || before.speaker.is_none() {
            return false;
        }
        let end = Frame::new(self.scene, before).end;
        let between = self.scene.doc.text().get(end..frame.start).unwrap_or("");
        if between.matches('\n').count() > 2 || between.len() > 400 {
            return false;
        }
        let sentence = frame.sentence_tokens(self.scene);
        let clear = |k: &usize| !frame.in_content(self.scene, *k) && !self.scene.quoted[*k];
        let on = |k: usize| matches!(self.scene.low(k), "also" | "added" | "adding" | "continued" | "adds");
        let goes_on = sentence.filter(clear).any(on);
        let earlier = Frame::new(self.scene, before)
            .cue
            .clone()
            .any(|k| k > 0 && self.scene.low(k - 1) == "had" || self.scene.low(k) == "had");
        goes_on || !earlier
    }

    pub(crate) fn link(&self, actor: Option<ActorId>, cue: Span, rule: &str) -> Link {
        let words = self.scene.doc.analysis.tokens_in(cue);
        let verb = words.clone().find(|k| self.scene.saying(*k).is_some()).or_else(|| words.clone().next());
        let verb = verb.map(|k| super::who::lemma(self.scene.word(k), self.scene.lists));
        Link { actor, cue, verb, channel: None, rule: rule.to_string() }
    }

    /// The publisher that a phrase names, if it is one: a known outlet, or a bare name that no word makes a body of another kind.
    pub(crate) fn publisher(&self, span: Span) -> Option<&ActorId> {
        let actor = self.index.actor(span)?;
        let words = super::who::fold(&actor.name);
        let plain = !words
            .split_whitespace()
            .any(|w| ["groups", "state", "armed", "persons"].iter().any(|s| self.scene.lists.has(s, w)));
        let named = actor.name.starts_with(char::is_uppercase)
            && !words.starts_with("communique")
            && !words.starts_with("statement");
        let fits = actor.kind == ActorKind::Outlet
            || Some(&actor.id) == self.outlet.as_ref()
            || actor.kind == ActorKind::Organisation && plain && named;
        fits.then_some(&actor.id)
    }
}
