//! Role phrases and pronouns: whom each means, in the order of the text.

use std::collections::HashMap;
use std::ops::Range;

use crate::reading::ActorKind;

use super::drafts::{Draft, Drafts, Part, Placed};
use super::heads::{agree, alike, class_of, is_human, is_office, is_pronoun, is_weak};
use super::lists::Gender;
use super::roles::{Article, Role};
use super::scene::Scene;

/// How many actors are remembered as possible antecedents.
const REMEMBERED: usize = 12;

/// Walks the text once and gives every role phrase and pronoun its draft.
pub(crate) struct Resolver<'a> {
    scene: &'a Scene<'a>,
    drafts: &'a mut Drafts,
    outlet: Option<usize>,
    /// Most recent first: draft, token, whether it was a subject.
    recent: Vec<(usize, usize, bool)>,
    /// Drafts by the head noun of a role they have, or a word of their name; the last is the most recent.
    by_noun: HashMap<String, Vec<usize>>,
    /// What every token that starts a mention belongs to.
    pub(crate) at: HashMap<usize, usize>,
}

/// One thing in the text to resolve.
enum Item<'a> {
    Name(&'a Placed),
    Role(&'a Role),
    Pronoun(usize),
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(scene: &'a Scene<'a>, drafts: &'a mut Drafts, outlet: Option<usize>) -> Self {
        Self { scene, drafts, outlet, recent: Vec::new(), by_noun: HashMap::new(), at: HashMap::new() }
    }

    pub(crate) fn walk(&mut self, names: &[Placed], roles: &[Role]) {
        let mut items: Vec<(usize, usize, Item<'_>)> = Vec::new();
        items.extend(names.iter().map(|x| (x.tokens.start, x.tokens.end, Item::Name(x))));
        items.extend(roles.iter().map(|x| (x.tokens.end - 1, x.tokens.end, Item::Role(x))));
        items.extend(
            (0..self.scene.len()).filter(|k| is_pronoun(self.scene.low(*k))).map(|k| (k, k + 1, Item::Pronoun(k))),
        );
        items.sort_by_key(|item| (item.0, item.1));
        let name_at: HashMap<usize, usize> = names.iter().enumerate().map(|(n, x)| (x.tokens.start, n)).collect();
        let name_to: HashMap<usize, usize> = names.iter().enumerate().map(|(n, x)| (x.tokens.end, n)).collect();
        for (_, _, item) in items {
            match item {
                Item::Name(name) => self.name(name),
                Item::Role(role) => self.role(role, names, &name_at, &name_to),
                Item::Pronoun(k) => self.pronoun(k),
            }
        }
    }

    fn name(&mut self, name: &Placed) {
        let draft = self.drafts.root(name.draft);
        self.at.insert(name.tokens.start, draft);
        if self.drafts.get(draft).people {
            return;
        }
        if self.drafts.get(draft).kind != Some(ActorKind::Person) {
            for k in name.tokens.clone() {
                let low = super::lists::singular(self.scene.low(k));
                let heads = k + 1 == name.tokens.end || matches!(self.scene.low(k + 1), "of" | "for" | "in");
                if heads && (self.scene.lists.has("groups", &low) || self.scene.lists.has("outlets", &low)) {
                    self.note(low, draft);
                }
            }
        }
        self.see(draft, name.tokens.start, name.tokens.end);
    }

    fn role(
        &mut self,
        role: &Role,
        names: &[Placed],
        name_at: &HashMap<usize, usize>,
        name_to: &HashMap<usize, usize>,
    ) {
        let owner = role.owner.clone().and_then(|tokens| self.owner(&tokens, names, name_at));
        let draft = match self.apposed(role, names, name_at, name_to) {
            Some(draft) => self.named(draft, role),
            None => self.unnamed(role, owner),
        };
        let persons = self.scene.lists.has("persons", &role.head);
        let entry = self.drafts.edit(draft);
        entry.mentions.insert(self.scene.span(role.tokens.clone()));
        entry.phrases.push(self.scene.text(role.full.clone()).to_string());
        if persons {
            entry.parts.insert(Part { head: role.head.clone(), modifiers: role.modifiers.clone() });
            entry.gender = entry.gender.or(self.scene.lists.gender(&role.head));
            entry.belongs_to = entry.belongs_to.or(owner.filter(|o| *o != draft));
        }
        self.note(class_of(&role.head), draft);
        self.at.entry(role.tokens.start).or_insert(draft);
        self.see(draft, role.tokens.start, role.tokens.end);
    }

    /// The name that a role phrase stands beside: "spokesman Ivan Ost", "Ivan Ost, a spokesman,".
    fn apposed(
        &self,
        role: &Role,
        names: &[Placed],
        name_at: &HashMap<usize, usize>,
        name_to: &HashMap<usize, usize>,
    ) -> Option<usize> {
        let scene = self.scene;
        let fits = |draft: usize, beside: bool| self.fits(draft, role, beside);
        let after = role.full.end.max(role.tokens.end);
        for end in [role.tokens.end, after] {
            let comma = end < scene.len() && scene.word(end) == "," && scene.follows(end);
            let dot = end < scene.len()
                && scene.word(end) == "."
                && scene.gap(end).is_empty()
                && scene.lists.has("titles", &role.head);
            let mut next = end + usize::from(comma || dot);
            // "the newspaper The Lamp": the article is part of the name.
            if scene.low(next) == "the" && (scene.is_capital(next) || name_at.contains_key(&(next + 1))) {
                next += 1;
            }
            // "the colonel, Captain Ana Ruiz": a title may stand between.
            while next < scene.len()
                && scene.follows(next)
                && scene.is_capital(next)
                && scene.lists.has("titles", scene.low(next))
                && !name_at.contains_key(&next)
            {
                let dot = next + 1 < scene.len() && scene.word(next + 1) == "." && scene.gap(next + 1).is_empty();
                next += 1 + usize::from(dot);
            }
            if !scene.follows(next) || (comma && role.article == Article::Bare && role.owner.is_none()) {
                continue;
            }
            if let Some(n) = name_at.get(&next) {
                let close = names[*n].tokens.end;
                let closed = !comma
                    || close >= scene.len()
                    || !scene.follows(close)
                    || !scene.word(close).starts_with(char::is_alphanumeric)
                    || scene.saying(close).is_some()
                    || scene.low(close) == "has"
                    || scene.low(close) == "had";
                let enough = !comma || closed;
                if enough && fits(names[*n].draft, !comma) {
                    return Some(self.drafts.root(names[*n].draft));
                }
            }
            // "who gave only her first name, Gulnar": the sentence says that what follows is the name.
            if let Some(n) = self.given_name(end, name_at) {
                return Some(self.drafts.root(names[n].draft));
            }
        }
        if let Some(draft) = self.inside(role, names, name_to) {
            return Some(draft);
        }
        if role.tokens.start < 2
            || scene.word(role.tokens.start - 1) != ","
            || role.article == Article::Bare && role.owner.is_none()
        {
            return None;
        }
        let mut before = role.tokens.start - 1;
        // "Ana Ruiz, 44, a teacher,"
        if before > 2 && scene.word(before - 2) == "," && scene.word(before - 1).chars().all(|c| c.is_ascii_digit()) {
            before -= 2;
        }
        let n = *name_to.get(&before)?;
        let close = after;
        let closed = close >= scene.len()
            || !scene.follows(close)
            || matches!(
                scene.word(close),
                "," | "." | ";" | ":" | ")" | "(" | "—" | "–" | "\"" | "”" | "who" | "which" | "whose"
            );
        (closed && fits(names[n].draft, false)).then(|| self.drafts.root(names[n].draft))
    }

    /// "the Lakeside news agency", "the Heron group": the name right before the noun that says what it is.
    fn inside(&self, role: &Role, names: &[Placed], name_to: &HashMap<usize, usize>) -> Option<usize> {
        let plain =
            matches!(role.head.as_str(), "group" | "movement" | "militia" | "network" | "company" | "firm" | "party");
        if !plain && !self.scene.lists.has("outlets", &role.head) || role.plural {
            return None;
        }
        let head = role.tokens.end - 1;
        let before = if matches!(self.scene.low(head.checked_sub(1)?), "news" | "state" | "armed" | "opposition") {
            head - 1
        } else {
            head
        };
        let draft = self.drafts.root(names[*name_to.get(&before)?].draft);
        let kind = self.drafts.get(draft).kind;
        (self.fits(draft, role, true) && kind != Some(ActorKind::Person) && kind != Some(ActorKind::Government))
            .then_some(draft)
    }

    /// "…, who asked to be called Ana", "… her first name, Ana": the name that a phrase is given later in its sentence.
    fn given_name(&self, end: usize, name_at: &HashMap<usize, usize>) -> Option<usize> {
        let scene = self.scene;
        let mut k = end + usize::from(end < scene.len() && scene.word(end) == ",");
        if !matches!(scene.low(k), "who" | "which" | "identified" | "named" | "called" | "calling" | "giving" | "known")
        {
            return None;
        }
        let mut told = false;
        while k < scene.len() && k < end + 14 && scene.follows(k) && !matches!(scene.word(k), "." | ";" | "“" | "\"")
        {
            told |= matches!(scene.low(k), "name" | "named" | "called" | "calling" | "calls" | "identified" | "known");
            if let Some(n) = name_at.get(&k) {
                return told.then_some(*n);
            }
            k += 1;
        }
        None
    }

    /// Whether a named draft can have this role.
    fn fits(&self, draft: usize, role: &Role, beside: bool) -> bool {
        let scene = self.scene;
        let draft = self.drafts.get(draft);
        let persons = scene.lists.has("persons", &role.head);
        let person_only = persons && !scene.lists.has("groups", &role.head) && !scene.lists.has("outlets", &role.head);
        // "state agency Lakeside": what stands right beside the name outweighs the model's guess.
        if beside && !draft.sure && !role.plural && !draft.names.is_empty() {
            return !scene.lists.has("platforms", &draft.words.join(" "));
        }
        // "The mayor, Oksana Ridel,": two names beside an office are a person's, whatever the model takes them for.
        let full = person_only && !role.plural && draft.words.len() > 1;
        if draft.people
            || draft.place && draft.kind.is_none() && !full && !matches!(role.head.as_str(), "government" | "state")
        {
            return false;
        }
        if role.plural && draft.kind == Some(ActorKind::Person) {
            return false;
        }
        let gender = scene.lists.gender(&role.head);
        if gender.is_some() && draft.gender.is_some() && gender != draft.gender {
            return false;
        }
        match draft.kind {
            Some(ActorKind::Person) => persons,
            Some(_) => !person_only,
            None => true,
        }
    }

    fn named(&mut self, draft: usize, role: &Role) -> usize {
        let scene = self.scene;
        let persons = scene.lists.has("persons", &role.head);
        let outlet = scene.lists.has("outlets", &role.head);
        let draft = self.drafts.root(draft);
        let words = [role.head.clone()];
        let entry = self.drafts.edit(draft);
        if !entry.sure {
            entry.kind = Some(if persons {
                ActorKind::Person
            } else if outlet {
                ActorKind::Outlet
            } else {
                super::merge::body_kind(scene, &words)
            });
            (entry.sure, entry.place, entry.people) = (true, false, false);
        }
        self.earlier(draft, role);
        draft
    }

    /// "A governor … Governor Ana Ruiz": the unnamed holder of a singular office, named later.
    fn earlier(&mut self, draft: usize, role: &Role) {
        if !is_office(&role.head) || role.plural {
            return;
        }
        let nameless: Vec<usize> = self
            .by_noun
            .get(&role.head)
            .into_iter()
            .flatten()
            .map(|d| self.drafts.root(*d))
            .filter(|d| *d != draft)
            .collect();
        if let [other] = nameless[..] {
            let old = self.drafts.get(other);
            if old.names.is_empty()
                && !old.plural
                && agree(&old.parts.iter().cloned().collect::<Vec<_>>(), role)
                && old.gender.is_none_or(|g| self.drafts.get(draft).gender.is_none_or(|h| g == h))
            {
                let why = format!("The report names the {} later, and has no other.", role.head);
                self.drafts.merge(draft, other, why);
            }
        }
    }

    fn unnamed(&mut self, role: &Role, owner: Option<usize>) -> usize {
        if let Some(known) = self.known(role, owner) {
            return known;
        }
        let scene = self.scene;
        let persons = scene.lists.has("persons", &role.head);
        let kind = if persons && (role.plural || !scene.lists.has("groups", &role.head)) {
            ActorKind::Anonymous
        } else if scene.lists.has("outlets", &role.head) {
            ActorKind::Outlet
        } else {
            super::merge::body_kind(scene, std::slice::from_ref(&role.head))
        };
        self.drafts.add(Draft { kind: Some(kind), plural: role.plural, first: role.tokens.start, ..Draft::default() })
    }

    /// The actor that a phrase points back to.
    fn known(&mut self, role: &Role, owner: Option<usize>) -> Option<usize> {
        let scene = self.scene;
        let own = role.owner.clone().filter(|o| o.len() == 1).map(|o| scene.low(o.start));
        let people = matches!(
            role.head.as_str(),
            "member"
                | "fighter"
                | "supporter"
                | "reporter"
                | "correspondent"
                | "journalist"
                | "editor"
                | "team"
                | "crew"
                | "newspaper"
                | "paper"
                | "channel"
                | "newsroom"
                | "observer"
                | "blog"
        );
        if own == Some("our") && !scene.quoted[role.tokens.start] && (people || scene.lists.has("groups", &role.head)) {
            return self.outlet;
        }
        if matches!(role.head.as_str(), "member" | "fighter" | "supporter")
            && role.plural
            && role.article == Article::Possessive
        {
            return owner.filter(|o| self.drafts.get(*o).kind != Some(ActorKind::Person));
        }
        if role.article == Article::Indefinite || role.article == Article::Bare && role.head != "police" {
            return None;
        }
        let found = self
            .by_noun
            .get(&class_of(&role.head))
            .into_iter()
            .flatten()
            .rev()
            .map(|d| self.drafts.root(*d))
            .take(REMEMBERED)
            .find(|d| self.same(*d, role, owner));
        if found.is_some() || role.article == Article::Possessive && owner.is_some() {
            return found;
        }
        self.generic(role)
    }

    /// Whether a draft with this head noun can be what `role` means.
    fn same(&self, draft: usize, role: &Role, owner: Option<usize>) -> bool {
        let d = self.drafts.get(draft);
        if role.plural != d.plural
            && !(d.names.is_empty() && role.head == "police")
            && !d.names.iter().any(|n| super::lists::fold(n).ends_with(&role.head))
            && role.plural
        {
            return false;
        }
        if let (Some(mine), Some(its)) = (owner, d.belongs_to)
            && self.drafts.root(mine) != self.drafts.root(its)
            && !self.drafts.get(mine).people
            && !self.drafts.get(its).people
        {
            return false;
        }
        if let (Some(g), Some(h)) = (self.scene.lists.gender(&role.head), d.gender)
            && g != h
        {
            return false;
        }
        let parts: Vec<Part> = d.parts.iter().cloned().collect();
        let named = !d.words.is_empty()
            && role.modifiers.iter().filter(|m| !is_weak(m)).all(|m| d.words.iter().any(|w| alike(w, m)));
        let unmodified = role.modifiers.iter().all(|m| is_weak(m));
        unmodified || named || agree(&parts, role) || d.words.iter().any(|w| role.modifiers.iter().any(|m| alike(w, m)))
    }

    /// "the group", "the agency": the latest actor of the kind.
    fn generic(&self, role: &Role) -> Option<usize> {
        use ActorKind::{ArmedGroup, Government, Organisation, Outlet};
        // "the Nations' refugee agency" is one of its own.
        let owned = role.owner.as_ref().is_some_and(|o| self.scene.is_capital(o.start));
        let news = |m: &String| is_weak(m) || matches!(m.as_str(), "news" | "state" | "press" | "media" | "private");
        if role.plural || owned || !role.modifiers.iter().all(news) {
            return None;
        }
        let wanted: &[ActorKind] = match role.head.as_str() {
            "group" | "outfit" | "movement" | "militia" | "network" | "faction" | "squad" => {
                &[ArmedGroup, Organisation]
            }
            "organisation" | "organization" | "institution" | "body" | "institute" | "office" | "company" | "firm"
            | "unit" | "force" => &[Organisation, ArmedGroup, Government],
            "agency" | "newspaper" | "paper" | "magazine" | "channel" | "station" | "site" | "website" | "daily"
            | "tabloid" | "weekly" | "broadcaster" | "outlet" | "portal" | "publication" | "blog" => &[Outlet],
            _ => return None,
        };
        let office = matches!(role.head.as_str(), "office" | "company" | "firm" | "unit" | "force");
        let fits = |d: usize| {
            self.drafts.get(d).kind.is_some_and(|kind| wanted.contains(&kind))
                && !(office && !self.drafts.get(d).names.is_empty() && Some(self.drafts.root(d)) != self.outlet)
        };
        let latest = self
            .recent
            .iter()
            .map(|(d, _, _)| self.drafts.root(*d))
            .find(|d| fits(*d) && !self.drafts.get(*d).names.is_empty());
        latest.or(self.outlet.filter(|o| fits(*o)))
    }

    /// The actor that owner tokens mean.
    fn owner(&self, tokens: &Range<usize>, names: &[Placed], name_at: &HashMap<usize, usize>) -> Option<usize> {
        let named = tokens.clone().find_map(|k| name_at.get(&k)).map(|n| names[*n].draft);
        let found =
            named.or_else(|| tokens.clone().find_map(|k| self.at.get(&k)).copied()).map(|d| self.drafts.root(d));
        found.filter(|d| !self.drafts.get(*d).people)
    }

    fn pronoun(&mut self, k: usize) {
        let scene = self.scene;
        if scene.quoted[k] {
            return;
        }
        let low = scene.low(k);
        let found = match low {
            "he" | "him" | "his" => self.person(k, Gender::Male),
            "she" | "her" | "hers" => self.person(k, Gender::Female),
            "it" | "its" => self.latest(k, |d| !d.plural && d.kind.is_some_and(|kind| !is_human(kind))),
            "they" | "them" | "their" => self
                .latest(k, |d| d.plural)
                .or_else(|| self.latest(k, |d| !matches!(d.kind, Some(ActorKind::Person) | None))),
            "we" | "us" | "our" | "i" | "me" | "my" => self.outlet,
            _ => None,
        };
        let Some(draft) = found else { return };
        self.at.insert(k, draft);
        let gender = match low {
            "he" | "him" | "his" => Some(Gender::Male),
            "she" | "her" | "hers" => Some(Gender::Female),
            _ => None,
        };
        let entry = self.drafts.edit(draft);
        entry.mentions.insert(scene.span(k..k + 1));
        entry.gender = entry.gender.or(gender);
        if matches!(low, "he" | "she" | "it" | "they") {
            self.see(draft, k, k + 1);
        }
    }

    fn person(&self, k: usize, gender: Gender) -> Option<usize> {
        self.latest(k, |d| {
            let human = matches!(d.kind, Some(ActorKind::Person | ActorKind::Anonymous))
                || d.kind.is_none() && !d.place && !d.names.is_empty();
            human && !d.plural && d.gender.is_none_or(|g| g == gender)
        })
    }

    /// The best of the remembered drafts that fits: near, and rather a subject; not across quotation marks.
    fn latest(&self, k: usize, fits: impl Fn(&Draft) -> bool) -> Option<usize> {
        let analysis = &self.scene.doc.analysis;
        let here = analysis.sentence_of(k);
        // Somebody known to be of the other sex does not fit at all; somebody known to be of this one fits better.
        let score = |token: usize, subject: bool, known: bool| {
            let away = here - analysis.sentence_of(token).min(here);
            away * 4 + usize::from(!subject) * 5 + usize::from(self.scene.quoted[token]) * 8 + usize::from(!known) * 10
        };
        let possible =
            self.recent.iter().enumerate().filter(|(_, (d, token, _))| *token < k && fits(self.drafts.get(*d)));
        let best = possible
            .map(|(age, (d, token, subject))| {
                (
                    score(*token, *subject, self.drafts.get(*d).gender.is_some())
                        + age
                        + usize::from(self.drafts.get(*d).kind.is_none()) * 5,
                    self.drafts.root(*d),
                )
            })
            .min();
        best.filter(|(score, _)| *score < 60).map(|(_, d)| d)
    }

    fn note(&mut self, noun: String, draft: usize) {
        let list = self.by_noun.entry(noun).or_default();
        if list.last() != Some(&draft) {
            list.retain(|d| *d != draft);
            list.push(draft);
            if list.len() > REMEMBERED {
                list.remove(0);
            }
        }
    }

    /// Remembers that a draft was mentioned here.
    fn see(&mut self, draft: usize, start: usize, end: usize) {
        let draft = self.drafts.root(draft);
        let here = self.scene.doc.analysis.sentence_of(start);
        let before = self.recent.iter().find(|(d, _, _)| *d == draft);
        let stays =
            before.is_some_and(|(_, token, subject)| *subject && self.scene.doc.analysis.sentence_of(*token) == here);
        let subject = stays || self.is_subject(start, end);
        self.recent.retain(|(d, _, _)| *d != draft);
        self.recent.insert(0, (draft, start, subject));
        self.recent.truncate(REMEMBERED);
        if subject {
            self.drafts.edit(draft).used = true;
        }
    }

    /// Whether the phrase is the subject of its clause, by the parser or by what stands beside it.
    fn is_subject(&self, start: usize, end: usize) -> bool {
        let scene = self.scene;
        let tokens = &scene.doc.analysis.tokens;
        if scene.tagged(start) {
            return (start..end).any(|k| tokens[k].relation.starts_with("nsubj"));
        }
        let before = start > 0 && scene.follows(start) && scene.saying(start - 1).is_some();
        let after = end < scene.len()
            && scene.follows(end)
            && (scene.saying(end).is_some()
                || matches!(scene.low(end), "has" | "had" | "is" | "was" | "will" | "also" | "would" | "could"));
        before || after || (scene.opens(start) && !scene.is_possessive(end))
    }
}
