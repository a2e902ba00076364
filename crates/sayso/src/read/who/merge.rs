//! Which names are one actor: same words, short forms, brackets, initials, letters in another order.

use std::collections::{BTreeMap, HashMap};

use crate::model::NameKind;
use crate::read::r#where::{Form, State, States};
use crate::reading::ActorKind;
use crate::span::Span;

use super::drafts::{Draft, Drafts, Placed};
use super::lists::Gender;
use super::names::{NameMention, is_acronym, is_body, opens_outlet};
use super::scene::{Scene, is_function_word};

/// How many longer names a short one is held against.
const MANY: usize = 512;

/// Puts every name into a draft and merges the drafts whose names are forms of one another.
pub(crate) fn names(
    scene: &Scene<'_>,
    names: &[NameMention],
    drafts: &mut Drafts,
    outlet: Option<usize>,
    sources: &[Span],
) -> Vec<Placed> {
    let mut keys: HashMap<String, usize> = outlet.map(|o| (drafts.get(o).words.join(" "), o)).into_iter().collect();
    let mut placed = Vec::with_capacity(names.len());
    for name in names {
        let id = match government(scene, name, sources) {
            Some(state) => {
                let id = *keys.entry(format!("state|{}", state.code)).or_insert_with(|| drafts.add(start(scene, name)));
                govern(scene, name, state, drafts.edit(id));
                id
            }
            None => {
                let id = *keys.entry(key(scene, name)).or_insert_with(|| drafts.add(start(scene, name)));
                join(scene, name, drafts.edit(id));
                id
            }
        };
        placed.push(Placed { tokens: name.tokens.clone(), draft: id });
    }
    let roots: Vec<usize> = drafts.roots().collect();
    for id in roots {
        settle(scene, drafts.edit(id));
    }
    in_brackets(scene, names, &placed, drafts);
    call_signs(scene, &placed, drafts);
    other_order(drafts);
    short_forms(drafts, outlet);
    initials(drafts);
    shuffled(scene, drafts);
    placed
}

/// The state whose government a name stands for here: "Moscow said", "the Kremlin", "according to Kyiv".
fn government(scene: &Scene<'_>, name: &NameMention, sources: &[Span]) -> Option<&'static State> {
    if name.tokens.len() > 4 || name.title.is_some() {
        return None;
    }
    let words = scene.text(name.tokens.clone());
    let (form, state) = States::shipped().of(words)?;
    let (start, end) = (name.tokens.start, name.tokens.end);
    let first = if start > 0 && scene.follows(start) && scene.low(start - 1) == "the" { start - 1 } else { start };
    let before = if first > 0 && scene.follows(first) { scene.low(first - 1) } else { "" };
    let speaks = end < scene.len() && scene.follows(end) && scene.saying(end).is_some()
        || scene.follows(end + 1)
            && matches!(scene.low(end), "has" | "had" | "also" | "later")
            && scene.saying(end + 1).is_some()
        || first > 1 && scene.low(first - 1) == "to" && scene.low(first - 2) == "according"
        || first > 0 && scene.follows(first) && scene.saying(first - 1).is_some_and(|verb| verb == "say");
    let span = scene.span(name.tokens.clone());
    let near = sources.partition_point(|s| s.start + 5 < span.start);
    let source = sources[near..]
        .iter()
        .take_while(|s| s.start <= span.start)
        .any(|s| s.end >= span.end && s.end <= span.end + 2);
    match form {
        Form::Seat => Some(state),
        Form::Name | Form::Capital if is_located(before) => None,
        Form::Name | Form::Capital => (speaks || source).then_some(state),
        Form::Adjective | Form::People => None,
    }
}

/// One more mention of a state's government.
fn govern(scene: &Scene<'_>, name: &NameMention, state: &State, draft: &mut Draft) {
    let form = scene.text(name.tokens.clone()).to_string();
    (draft.kind, draft.sure) = (Some(ActorKind::Government), true);
    draft.state = Some(state.name.clone());
    draft.mentions.insert(scene.span(name.tokens.clone()));
    let why = format!("“{form}” stands for the government of {}.", state.name);
    if form != state.name && !draft.why.contains(&why) {
        draft.why.push(why);
    }
    if !draft.names.contains(&form) {
        draft.names.push(form);
    }
}

/// Whether a word in front says that a place is meant as a place.
fn is_located(before: &str) -> bool {
    matches!(before, "in" | "at" | "near" | "from" | "around" | "outside" | "across" | "towards")
}

fn key(scene: &Scene<'_>, name: &NameMention) -> String {
    let mut key = words(scene, name).join(" ");
    if name.tokens.len() == 1 {
        match title_gender(scene, name) {
            Some(Gender::Male) => key.push_str("|m"),
            Some(Gender::Female) => key.push_str("|f"),
            None => {}
        }
    }
    key
}

fn words(scene: &Scene<'_>, name: &NameMention) -> Vec<String> {
    name.tokens
        .clone()
        .map(|k| scene.low(k))
        .filter(|low| low.starts_with(char::is_alphanumeric))
        .map(str::to_string)
        .collect()
}

fn title_gender(scene: &Scene<'_>, name: &NameMention) -> Option<Gender> {
    name.title.clone().and_then(|title| title.into_iter().find_map(|k| scene.lists.gender(scene.low(k))))
}

fn start(scene: &Scene<'_>, name: &NameMention) -> Draft {
    Draft {
        names: vec![scene.text(name.tokens.clone()).to_string()],
        words: words(scene, name),
        first: name.tokens.start,
        ..Draft::default()
    }
}

/// What one more mention tells of a draft.
fn join(scene: &Scene<'_>, name: &NameMention, draft: &mut Draft) {
    draft.mentions.insert(scene.span(name.tokens.clone()));
    draft.gender = draft.gender.or(title_gender(scene, name));
    let listed = scene.lists.is_publisher(&draft.words.join(" "));
    let certain = if listed || in_dateline(scene, name.tokens.start) {
        Some(ActorKind::Outlet)
    } else if is_body(scene, &name.tokens) {
        Some(body_kind(scene, &draft.words))
    } else {
        name.title.as_ref().map(|_| ActorKind::Person)
    };
    if certain.is_some() && !draft.sure {
        draft.kind = certain;
        draft.sure = true;
    }
    let before =
        name.tokens.start.checked_sub(1).filter(|_| scene.follows(name.tokens.start)).map_or("", |k| scene.low(k));
    let located = matches!(before, "in" | "at" | "near" | "from" | "around" | "outside" | "across" | "towards");
    let told = name.tokens.start.checked_sub(2).map_or("", |k| scene.low(k));
    let addressed = matches!(before, "told" | "tells")
        || before == "to" && matches!(told, "message" | "interview" | "remarks" | "comments" | "statement");
    if addressed && name.kind != Some(NameKind::Person) {
        *draft.votes.entry(NameKind::Organisation).or_default() += 4;
    }
    if let Some(kind) = name.kind.or(located.then_some(NameKind::Place)) {
        *draft.votes.entry(kind).or_default() += 1;
    }
}

/// What a draft is by the model's word on most of its mentions, where its own words do not say.
fn settle(scene: &Scene<'_>, draft: &mut Draft) {
    if scene.lists.has("platforms", &draft.words.join(" ")) {
        draft.people = true;
    }
    if draft.sure || draft.kind.is_some() {
        return;
    }
    let most =
        draft.votes.iter().max_by_key(|(kind, count)| (**count, std::cmp::Reverse(**kind))).map(|(kind, _)| *kind);
    match most {
        Some(NameKind::Person) => draft.kind = Some(ActorKind::Person),
        Some(NameKind::Organisation) => draft.kind = Some(ActorKind::Organisation),
        Some(NameKind::Place) => draft.place = true,
        Some(NameKind::People) => draft.people = true,
        Some(NameKind::Other) | None => {}
    }
}

/// What a body is by its name's words: its last noun, or the one before "of".
pub(crate) fn body_kind(scene: &Scene<'_>, words: &[String]) -> ActorKind {
    let cut = words.iter().position(|w| matches!(w.as_str(), "of" | "for")).unwrap_or(words.len());
    let heads: Vec<&str> = words[..cut].iter().rev().take(1).chain(words.last()).map(String::as_str).collect();
    let is = |section: &str| heads.iter().any(|w| scene.lists.has(section, w));
    let states_own = words
        .iter()
        .any(|w| matches!(w.as_str(), "national" | "royal" | "federal" | "state" | "republican" | "presidential"));
    if is("armed") && !is("state") && !states_own {
        ActorKind::ArmedGroup
    } else if is("state") || states_own && is("groups") {
        ActorKind::Government
    } else if is("outlets") || words.len() > 1 && opens_outlet(&words[0]) && !is("groups") {
        ActorKind::Outlet
    } else {
        ActorKind::Organisation
    }
}

/// "Free River Front (FRF)", "the Assembly, known by its initials AAV".
fn in_brackets(scene: &Scene<'_>, names: &[NameMention], placed: &[Placed], drafts: &mut Drafts) {
    for n in 1..names.len() {
        let (long, short) = (&names[n - 1], &names[n]);
        let between = long.tokens.end..short.tokens.start;
        if short.tokens.len() != 1
            || !is_acronym(scene.word(short.tokens.start))
            || between.is_empty()
            || between.len() > 9
        {
            continue;
        }
        let bracket = between.len() == 1 && scene.word(between.start) == "(" && scene.follows(short.tokens.start);
        let called =
            between.clone().any(|k| matches!(scene.low(k), "abbreviated" | "initials" | "acronym" | "shortened"))
                && between.clone().all(|k| scene.word(k) != ".");
        let person = drafts.get(placed[n - 1].draft).kind == Some(ActorKind::Person);
        if (bracket || called) && !person && !in_dateline(scene, short.tokens.start) {
            let why = format!(
                "“{}” is introduced as the short form of “{}”.",
                scene.word(short.tokens.start),
                scene.text(long.tokens.clone())
            );
            drafts.merge(placed[n - 1].draft, placed[n].draft, why);
        }
    }
}

/// Whether a token stands in the brackets of a dateline: "KISUMU, May 2 (Lakeside) -".
pub(crate) fn in_dateline(scene: &Scene<'_>, k: usize) -> bool {
    let open = (k.saturating_sub(6)..k).any(|j| scene.word(j) == "(");
    let close = (k..scene.len().min(k + 8)).find(|j| scene.word(*j) == ")");
    open && close
        .is_some_and(|j| j + 1 < scene.len() && scene.follows(j + 1) && matches!(scene.word(j + 1), "-" | "–" | "—"))
}

/// "Marko Vuk, who goes by the call sign “Heron”".
fn call_signs(scene: &Scene<'_>, placed: &[Placed], drafts: &mut Drafts) {
    for n in 1..placed.len() {
        let (long, short) = (&placed[n - 1], &placed[n]);
        let (from, to) = (long.tokens.end, short.tokens.start);
        if to <= from || to - from > 10 || !matches!(scene.word(to - 1), "“" | "\"" | "«" | "‘" | "„" | "'") {
            continue;
        }
        let says = |k: usize| {
            matches!(scene.low(k), "callsign" | "nicknamed" | "nickname" | "alias" | "codenamed" | "dubbed")
                || (matches!(scene.low(k), "known" | "goes") && matches!(scene.low(k + 1), "as" | "by"))
                || (scene.low(k) == "call" && scene.low(k + 1) == "sign")
                || (scene.low(k) == "guerre")
        };
        if (from..to).any(says) && drafts.get(long.draft).kind != Some(ActorKind::Organisation) {
            let why = format!(
                "The report gives “{}” as a name that “{}” goes by.",
                scene.text(short.tokens.clone()),
                scene.text(long.tokens.clone())
            );
            drafts.edit(short.draft).place = false;
            drafts.merge(long.draft, short.draft, why);
        }
    }
}

fn content(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).filter(|w| !is_function_word(w)).collect()
}

/// "Free River Front" and "Front of the Free River"; "River Freedom Front".
fn other_order(drafts: &mut Drafts) {
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for id in drafts.roots() {
        let draft = drafts.get(id);
        let words = content(&draft.words);
        if words.len() >= 3 && draft.kind != Some(ActorKind::Person) && !draft.people {
            let mut stems: Vec<String> = words.iter().map(|w| w.chars().take(4).collect()).collect();
            stems.sort();
            groups.entry(stems).or_default().push(id);
        }
    }
    for ids in groups.values().filter(|ids| ids.len() > 1) {
        for id in &ids[1..] {
            let why = format!(
                "“{}” and “{}” are the same words in another order.",
                drafts.get(ids[0]).names[0],
                drafts.get(*id).names[0]
            );
            drafts.merge(ids[0], *id, why);
        }
    }
}

/// "Ruiz" for "Ana Ruiz", "the Legion" for "Free Steppe Legion": only where one longer name fits.
fn short_forms(drafts: &mut Drafts, outlet: Option<usize>) {
    let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
    let roots: Vec<usize> = drafts.roots().collect();
    for id in &roots {
        let words = &drafts.get(*id).words;
        if words.len() > 1 {
            for end in [words.first(), words.last()].into_iter().flatten() {
                by_word.entry(end.clone()).or_default().push(*id);
            }
        }
    }
    let mut short: Vec<usize> = roots.into_iter().filter(|id| !drafts.get(*id).people).collect();
    short.sort_by_key(|id| std::cmp::Reverse(drafts.get(*id).words.len()));
    for id in short {
        let draft = drafts.get(id).clone();
        let mut fits: Vec<usize> = Vec::new();
        for end in [draft.words.first(), draft.words.last()].into_iter().flatten() {
            for other in by_word.get(end).into_iter().flatten().take(MANY) {
                let root = drafts.root(*other);
                if root != drafts.root(id)
                    && !fits.contains(&root)
                    && is_short_for(&draft, drafts.get(root), outlet.map(|o| drafts.root(o)) == Some(root))
                    && fits.len() < 3
                {
                    fits.push(root);
                }
            }
        }
        if fits.len() > 1 {
            fits.retain(|f| drafts.get(*f).first < draft.first);
        }
        if let [full] = fits[..] {
            let why = format!(
                "“{}” is a short form of “{}”, and no other name here fits it.",
                draft.names[0],
                drafts.get(full).names[0]
            );
            drafts.merge(full, id, why);
        }
    }
}

fn is_short_for(short: &Draft, full: &Draft, outlet: bool) -> bool {
    use ActorKind::Person;
    let (a, b) = (&short.words, &full.words);
    let differ = |x: bool, y: bool| x != y;
    if short.state.is_some()
        || a.len() >= b.len()
        || short.place && !full.place
        || full.place && !short.place && full.kind.is_none()
        || full.people
    {
        return false;
    }
    if let (Some(x), Some(y)) = (short.kind, full.kind)
        && differ(x == Person, y == Person)
        && (!outlet || short.sure)
    {
        return false;
    }
    if short.gender.is_some() && full.gender.is_some() && short.gender != full.gender {
        return false;
    }
    // The same first name and another last name is somebody else: "Ana Ruiz", "Ana Ruiz Soto" agree in all of the shorter.
    let head = b.starts_with(a);
    let tail = b.ends_with(a);
    let ends = a.len() > 1 && a.first() == b.first() && a.last() == b.last();
    head || tail || ends
}

/// "RDU" for "Rail Drivers' Union" that never stood in brackets.
fn initials(drafts: &mut Drafts) {
    let mut forms: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for id in drafts.roots() {
        let draft = drafts.get(id);
        if draft.words.len() > 1 && draft.kind != Some(ActorKind::Person) && !draft.people {
            let all: String = draft.words.iter().filter(|w| *w != "s").filter_map(|w| w.chars().next()).collect();
            let main: String =
                content(&draft.words).iter().filter(|w| **w != "s").filter_map(|w| w.chars().next()).collect();
            for form in std::collections::BTreeSet::from([all, main]) {
                forms.entry(form).or_default().push(id);
            }
        }
    }
    let short: Vec<usize> = drafts.roots().filter(|id| lone_acronym(drafts.get(*id)).is_some()).collect();
    for id in short {
        let Some(letters) = lone_acronym(drafts.get(id)) else { continue };
        if let Some([full]) = forms.get(&letters).map(Vec::as_slice) {
            let why = format!(
                "“{}” are the initials of “{}”, and of no other name here.",
                drafts.get(id).names[0],
                drafts.get(*full).names[0]
            );
            drafts.merge(*full, id, why);
        }
    }
}

/// The letters of a draft that is nothing but an acronym.
fn lone_acronym(draft: &Draft) -> Option<String> {
    let only =
        draft.words.len() == 1 && is_acronym(&draft.names[0]) && draft.kind != Some(ActorKind::Outlet) && !draft.people;
    only.then(|| draft.words[0].clone())
}

/// "FRL" where the report has an "RFL" and nobody else who could be meant.
fn shuffled(scene: &Scene<'_>, drafts: &mut Drafts) {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let mut bearers: BTreeMap<Vec<char>, Vec<usize>> = BTreeMap::new();
    for id in drafts.roots() {
        let draft = drafts.get(id);
        if draft.people || draft.kind == Some(ActorKind::Person) {
            continue;
        }
        let mut forms: Vec<Vec<char>> =
            draft.names.iter().filter(|n| is_acronym(n)).map(|n| sorted(&super::lists::fold(n))).collect();
        if draft.words.len() > 1 {
            forms.push(sorted(&content(&draft.words).iter().filter_map(|w| w.chars().next()).collect::<String>()));
        }
        forms.sort();
        forms.dedup();
        for form in forms.into_iter().filter(|form| form.len() > 2) {
            bearers.entry(form).or_default().push(id);
        }
    }
    let short: Vec<usize> = drafts.roots().filter(|id| lone_acronym(drafts.get(*id)).is_some()).collect();
    for id in short {
        let Some(letters) = lone_acronym(drafts.get(id)).filter(|w| w.len() > 2 && !scene.lists.is_publisher(w)) else {
            continue;
        };
        let mut others: Vec<usize> = bearers
            .get(&sorted(&letters))
            .into_iter()
            .flatten()
            .map(|other| drafts.root(*other))
            .filter(|other| *other != drafts.root(id))
            .collect();
        others.dedup();
        if let [full] = others[..] {
            let why = format!(
                "“{}” has the letters of “{}” in another order, and nobody else here bears it.",
                drafts.get(id).names[0],
                drafts.get(full).names[0]
            );
            drafts.merge(full, id, why);
        }
    }
}
