//! To which actor each statement is attributed.
//!
//! In: attributions with their spans, and the actors. Out: [`Attribution::speaker`] with the rule that chose it; actors that only a
//! source names are added. May not happen: the nearest name taken where the text names nobody.

use crate::reading::{Actor, ActorId, ActorKind, Attribution, Kind, Reading};
use crate::span::Span;

use super::Document;
use super::chain::credit;
use super::who::{Actors, Lists, Scene, Statements};

mod frame;
pub(crate) use frame::Frame;

/// Fills the speakers of [`Reading::attributions`].
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    let scene = Scene::new(document, Lists::shipped());
    let index = Actors::new(document.text(), &reading.actors);
    let agency = credit(document, &index).map(|credit| credit.actor);
    let outlet = outlet(document, &reading.actors);
    let holds = holding(&reading.attributions);
    let mut said = Said { scene: &scene, index: &index, outlet, agency, past: Vec::new(), holds, added: Vec::new() };
    let mut order: Vec<usize> = (0..reading.attributions.len()).collect();
    order.sort_by_key(|n| (place(&reading.attributions[*n]), *n));
    let mut found = Vec::with_capacity(order.len());
    for n in order {
        let frame = Frame::new(&scene, &reading.attributions[n]);
        let (speaker, rule) = said.speaker(n, &frame);
        said.past.push(Past {
            end: frame.end,
            speaker: speaker.clone(),
            kind: frame.of.kind,
            last: frame.content_end(),
        });
        found.push((n, speaker, rule));
    }
    let added = said.added;
    reading.actors.extend(added);
    for (n, speaker, rule) in found {
        reading.attributions[n].speaker = speaker;
        reading.attributions[n].speaker_rule = rule.to_string();
    }
}

/// Where a statement begins: its first span.
fn place(attribution: &Attribution) -> usize {
    let spans = attribution.source.iter().chain(&attribution.cue).chain(&attribution.content);
    spans.map(|span| span.start).min().unwrap_or(0)
}

/// The id of the report's outlet.
pub(crate) fn outlet(document: &Document<'_>, actors: &[Actor]) -> Option<ActorId> {
    let name = document.report.outlet.as_deref()?;
    let bears = |a: &&Actor| a.name == name || a.aliases.iter().any(|alias| alias == name);
    actors.iter().find(bears).map(|a| a.id.clone())
}

/// A statement that was read already.
struct Past {
    end: usize,
    speaker: Option<ActorId>,
    kind: Kind,
    last: usize,
}

/// What has been said so far, and who stands behind the report.
struct Said<'a> {
    scene: &'a Scene<'a>,
    index: &'a Actors<'a>,
    outlet: Option<ActorId>,
    agency: Option<ActorId>,
    past: Vec<Past>,
    /// For each statement whether another one lies in its content, with a cue of its own.
    holds: Vec<bool>,
    /// Actors that only a source names.
    added: Vec<Actor>,
}

/// For each statement whether the cue of another lies in its content.
fn holding(all: &[Attribution]) -> Vec<bool> {
    let contents = Statements::new(all);
    let mut out = vec![false; all.len()];
    for cue in all.iter().filter_map(|a| a.cue.first()) {
        contents.around(*cue).into_iter().for_each(|(_, n)| out[n] = true);
    }
    out
}

/// A speaker, if any, and the rule that chose it.
type Choice = (Option<ActorId>, &'static str);

impl Said<'_> {
    fn speaker(&mut self, n: usize, frame: &Frame<'_>) -> Choice {
        let scene = self.scene;
        if frame.of.kind == Kind::Voice {
            return self.voice(frame);
        }
        if frame.of.source.is_empty() {
            return self.unsaid(frame);
        }
        let source = frame.who(scene.doc.text());
        let words = source.of(scene.doc.text()).trim();
        if frame.is_impersonal(scene) {
            return self.nobody("impersonal: the text names nobody");
        }
        if is_nobody(words) && frame.could_not(scene) {
            return (self.outlet.clone(), "who could not confirm is the outlet");
        }
        if starts_nobody(words) {
            return self.nobody("the source is nobody in particular");
        }
        if let Some(found) = frame.teller(scene).and_then(|span| self.index.actor(span)) {
            return (Some(found.id.clone()), "the source is who was told");
        }
        if let Some(inner) = self.inner(frame, self.holds[n]) {
            return inner;
        }
        if let Some(found) = self.document(frame) {
            return found;
        }
        if let Some(actor) = frame.relative(scene).and_then(|span| self.index.last(span)) {
            return (Some(actor.id.clone()), "relative clause");
        }
        if let Some(actor) = self.index.actor(source) {
            return (Some(actor.id.clone()), "source");
        }
        if is_nobody(words) {
            return self.nobody("the source is nobody in particular");
        }
        (Some(self.add(source)), "source, named here only")
    }

    /// Nobody is named: in a body's own statement the body speaks, elsewhere nobody knows.
    fn nobody(&self, rule: &'static str) -> Choice {
        let body = self.outlet.as_ref().and_then(|id| self.index.by_id(id)).filter(|a| a.kind != ActorKind::Outlet);
        match body {
            Some(actor) => (Some(actor.id.clone()), "nobody named in a body's own statement"),
            None => (None, rule),
        }
    }

    /// In the outlet's own voice: who retracts, checks or admits something speaks; else the outlet, or the agency it reprints.
    fn voice(&self, frame: &Frame<'_>) -> Choice {
        if let Some(actor) = frame.performer(self.scene, self.index) {
            return (Some(actor), "own voice: the sentence tells of a speaker's act");
        }
        match &self.agency {
            Some(agency) => (Some(agency.clone()), "own voice of the dispatch that is reprinted"),
            None => (self.outlet.clone(), "own voice"),
        }
    }

    /// No source is written: an elided subject, a quotation that runs on, or nobody.
    fn unsaid(&self, frame: &Frame<'_>) -> Choice {
        let (scene, index) = (self.scene, self.index);
        if frame.is_impersonal(scene) {
            return self.nobody("impersonal: the text names nobody");
        }
        if frame.could_not(scene) && !frame.is_quotation(scene) {
            return (self.outlet.clone(), "who could not confirm is the outlet");
        }
        if let Some(found) = frame.subject(scene).and_then(|span| index.actor(span)) {
            return (Some(found.id.clone()), "subject of the cue");
        }
        let sentence = frame.sentence(scene);
        let quoted = frame.is_quotation(scene);
        let before = self.past.iter().rev().take(64).find(|p| p.speaker.is_some() && p.kind != Kind::Voice);
        if let Some(found) = frame.tail(scene).and_then(|span| index.actor(span)).filter(|_| quoted) {
            return (Some(found.id.clone()), "named after the quotation");
        }
        if let Some(past) = before.filter(|p| p.end > sentence.start) {
            return (past.speaker.clone(), "subject left out: as before in the sentence");
        }
        if let Some(found) = frame.lead(scene, index) {
            return (Some(found), "subject of the sentence");
        }
        if let Some(past) = before.filter(|p| quoted && frame.runs_on(scene, p.last)) {
            return (past.speaker.clone(), "quotation runs on");
        }
        if let Some(past) = before.filter(|p| quoted && frame.same_paragraph(scene, p.last)) {
            return (past.speaker.clone(), "as before in the paragraph");
        }
        if let Some(found) =
            frame.sentence_before(scene).and_then(|span| frame.lead_of(scene, span, index)).filter(|_| quoted)
        {
            return (Some(found), "subject of the sentence before");
        }
        (None, "the text names nobody")
    }

    /// "Rosvest quoted the director as saying", "according to state media X, the minister said": the one within.
    /// If that one has a statement of its own, the source is who relays it.
    fn inner(&mut self, frame: &Frame<'_>, holds: bool) -> Option<Choice> {
        let (scene, index) = (self.scene, self.index);
        let outer = index.actor(frame.source())?;
        if let Some(phrase) = frame.cited(scene) {
            if let Some(found) = index.actor(phrase) {
                return Some((Some(found.id.clone()), "quoted by the source"));
            }
            return Some((Some(self.add(phrase)), "quoted by the source"));
        }
        if holds || outer.kind != ActorKind::Outlet || self.outlet.as_ref() == Some(&outer.id) {
            return None;
        }
        let found = frame.sayer_within(scene, index)?;
        (found != outer.id).then_some((Some(found), "speaker within what the source relays"))
    }

    /// "the statement said": whoever issued it.
    fn document(&self, frame: &Frame<'_>) -> Option<Choice> {
        let (scene, index) = (self.scene, self.index);
        let actors = index.all();
        let owner = frame.issued(scene)?;
        if let Some(span) = owner
            && let Some(found) = index.actor(span)
        {
            return Some((Some(found.id.clone()), "issuer of the document"));
        }
        let body = |id: &ActorId| {
            index
                .by_id(id)
                .is_some_and(|a| !matches!(a.kind, ActorKind::Person | ActorKind::Anonymous | ActorKind::Outlet))
        };
        let latest = self.past.iter().rev().take(64).filter_map(|p| p.speaker.clone()).find(|id| body(id));
        let near = index
            .within(Span::new(frame.start.saturating_sub(400), frame.start))
            .filter(|(_, n)| body(&actors[*n].id))
            .last()
            .map(|(_, n)| actors[n].id.clone());
        let issuer = latest.or(near).or_else(|| self.outlet.clone().filter(body));
        Some((issuer, "issuer of the document"))
    }

    /// An actor known from a source alone.
    fn add(&mut self, source: Span) -> ActorId {
        let (scene, text) = (self.scene, self.scene.doc.text());
        let words = source.of(text);
        // The name goes without what follows a comma or a relative clause.
        let cut = [", ", " who ", " which ", " whose ", " (", " — "]
            .iter()
            .filter_map(|m| words.find(m))
            .min()
            .unwrap_or(words.len());
        let span = Span::new(source.start, source.start + cut).trim(text);
        let span = if span.is_empty() { source.trim(text) } else { span };
        let name = span.of(text).trim_matches([',', '.', ':', ';', '“', '”', '"']).trim().to_string();
        if let Some(same) =
            self.added.iter_mut().rev().take(64).find(|a| a.name == name && a.kind != ActorKind::Anonymous)
        {
            same.mentions.push(span);
            same.mentions.sort();
            return same.id.clone();
        }
        let named = name.chars().next().is_some_and(char::is_uppercase)
            && !scene.opens(scene.doc.analysis.tokens_in(span).start);
        let id = format!("a{}", self.index.all().len() + self.added.len() + 1);
        let kind = if named { ActorKind::Organisation } else { ActorKind::Anonymous };
        self.added.push(Actor {
            id: id.clone(),
            name,
            kind,
            mentions: vec![span],
            aliases: Vec::new(),
            belongs_to: None,
            roles: Vec::new(),
            why: Vec::new(),
        });
        id
    }
}

/// Reports, rumours and the like, whatever they are about.
fn starts_nobody(words: &str) -> bool {
    let low = super::who::fold(words);
    let first = low
        .split(|c: char| !c.is_alphanumeric())
        .find(|w| !matches!(*w, "" | "the" | "some" | "other" | "these" | "those" | "unconfirmed"));
    matches!(
        first,
        Some(
            "reports"
                | "rumours"
                | "rumors"
                | "rumour"
                | "rumor"
                | "posts"
                | "allegations"
                | "speculation"
                | "information"
                | "estimates"
                | "footage"
                | "videos"
        )
    )
}

/// Words in a source's place that mean no particular actor.
fn is_nobody(words: &str) -> bool {
    let low = super::who::fold(words);
    let last = low.rsplit(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or("");
    let first = low.split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or("");
    const NOBODY: &[&str] = &[
        "it",
        "that",
        "this",
        "which",
        "what",
        "there",
        "reports",
        "report",
        "rumours",
        "rumors",
        "posts",
        "claims",
        "allegations",
        "speculation",
        "accounts",
        "footage",
        "video",
        "videos",
        "images",
        "pictures",
        "photos",
        "evidence",
        "figures",
        "data",
        "law",
    ];
    NOBODY.contains(&last) || NOBODY.contains(&first) || first.is_empty()
}
