//! Which words are a place's name: stretches that the gazetteer has, with what speaks for and against each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cues::{self, Kind};
use super::fold::fold;
use super::gazetteer::{Class, Entry, Found, Gazetteer, NameForm};
use crate::model::{Name, NameKind};
use crate::read::Document;
use crate::span::Span;

/// No name is longer, in tokens.
const LONGEST: usize = 9;
/// How many different unknown names of one report are looked up by their sound.
const SOUNDED: usize = 400;
/// What speaks for a mention must outweigh what speaks against it by this much.
const ENOUGH: f64 = 1.0;
/// Names of places that are words, first names or surnames more often than places.
const WORDS: &str = include_str!("../../../data/place-stops.txt");

/// A stretch of text that may be a place's name.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// Where it stands.
    pub(super) span: Span,
    /// The same in tokens.
    pub(super) first: usize,
    /// One past its last token.
    pub(super) end: usize,
    /// The name, folded.
    pub(super) key: String,
    /// Places of that name.
    pub(super) found: Vec<Found>,
    /// What kind a word beside it makes of it.
    pub(super) kind: Option<Kind>,
    /// The mention of the larger place that follows it after a comma.
    pub(super) within: Option<usize>,
    /// How sure it is that it is a place's name.
    pub(super) weight: f64,
    /// Whether only the sound of the name was found.
    pub(super) by_sound: bool,
}

/// The mentions of places in a document, in order, not overlapping.
pub(super) fn mentions(doc: &Document<'_>, gazetteer: &Gazetteer) -> Vec<Mention> {
    let mut finder = Finder::new(doc, gazetteer);
    let mut all = Vec::new();
    let mut token = 0;
    while token < finder.len() {
        match finder.longest(token) {
            Some(mention) => {
                token = mention.end;
                all.push(mention);
            }
            None => token += 1,
        }
    }
    finder.by_sound(&mut all);
    link(doc, gazetteer, &mut all);
    for k in 0..all.len() {
        let holds = k > 0 && all[k - 1].within == Some(k);
        all[k].weight = finder.weigh(&all[k]) + if holds { 3.0 } else { 0.0 };
    }
    agree(&mut all);
    keep(all)
}

/// Drops what is not sure enough, and points the links at what is left.
fn keep(all: Vec<Mention>) -> Vec<Mention> {
    let mut place = vec![None; all.len()];
    let mut kept = Vec::new();
    for (k, mention) in all.into_iter().enumerate() {
        if mention.weight >= ENOUGH {
            place[k] = Some(kept.len());
            kept.push(mention);
        }
    }
    for mention in &mut kept {
        mention.within = mention.within.and_then(|k| place[k]);
    }
    kept
}

/// A mention that is sure speaks for the others of its name, one that is surely none against them.
fn agree(all: &mut [Mention]) {
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for m in all.iter() {
        let sum = sums.entry(m.key.clone()).or_default();
        sum.0 = sum.0.max(m.weight);
        sum.1 += f64::from(u8::from(m.weight <= -2.0));
    }
    for m in all {
        let (best, against) = sums[&m.key];
        if best >= ENOUGH + 1.5 && m.weight > 0.0 {
            m.weight += 1.5;
        }
        if against > 0.0 && m.weight < ENOUGH + 2.0 && best < ENOUGH + 3.0 {
            m.weight -= 1.0;
        }
    }
}

/// "Alexandria, Louisiana", "Kyiv, Ukraine", "Rapides Parish, La.": the second holds the first.
fn link(doc: &Document<'_>, gazetteer: &Gazetteer, all: &mut [Mention]) {
    for k in 1..all.len() {
        let (inner, outer) = (all[k - 1].end, all[k].first);
        let comma = outer == inner + 1 && doc.word(inner) == ",";
        let open = outer == inner + 1 && doc.word(inner) == "(" || outer == inner && all[k].span.len() <= 3;
        if (comma || open) && holds(gazetteer, &all[k - 1], &all[k]) {
            all[k - 1].within = Some(k);
        }
    }
}

fn holds(gazetteer: &Gazetteer, inner: &Mention, outer: &Mention) -> bool {
    let larger: Vec<_> =
        outer.found.iter().filter(|f| f.form != NameForm::Adjective).map(|f| gazetteer.entry(f.index)).collect();
    inner.found.iter().map(|f| gazetteer.entry(f.index)).any(|e| {
        larger.iter().any(|l| match l.class {
            Class::Country => e.country == l.country && e.class != Class::Country,
            Class::Admin1 => e.admin1 == Some(l.index),
            Class::Admin2 => e.admin2 == Some(l.index),
            _ => false,
        })
    })
}

struct Finder<'a> {
    doc: &'a Document<'a>,
    gazetteer: &'a Gazetteer,
    known: HashMap<String, Vec<Found>>,
    /// Words that the text also has in lower case.
    lower: BTreeSet<&'a str>,
    /// Last words of people's names of more than one word.
    surnames: BTreeSet<&'a str>,
    words: BTreeSet<&'static str>,
    /// Whether the model found any name at all: then the lack of one means something.
    tagged: bool,
}

impl<'a> Finder<'a> {
    fn new(doc: &'a Document<'a>, gazetteer: &'a Gazetteer) -> Self {
        let analysis = &doc.analysis;
        let lower = (0..analysis.tokens.len())
            .map(|k| doc.word(k))
            .filter(|w| w.len() > 2 && w.starts_with(char::is_lowercase))
            .collect();
        let people =
            analysis.names.iter().filter(|n| n.kind == NameKind::Person && n.tokens.len() > 1 && n.confidence > 0.5);
        let surnames = people.map(|n| doc.word(n.tokens.end - 1)).collect();
        let words = WORDS.lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace).collect();
        Self { doc, gazetteer, known: HashMap::new(), lower, surnames, words, tagged: !analysis.names.is_empty() }
    }

    fn len(&self) -> usize {
        self.doc.analysis.tokens.len()
    }

    fn word(&self, token: usize) -> &'a str {
        if token < self.len() { self.doc.analysis.tokens[token].span.of(&self.doc.report.text) } else { "" }
    }

    fn before(&self, token: usize) -> &'a str {
        token.checked_sub(1).map_or("", |k| self.word(k))
    }

    fn lookup(&mut self, name: &str) -> Vec<Found> {
        let key = fold(name);
        if let Some(found) = self.known.get(&key) {
            return found.clone();
        }
        let found = if key.len() < 2 { Vec::new() } else { self.gazetteer.lookup_key(&key) };
        self.known.insert(key, found.clone());
        found
    }

    /// The longest name of the gazetteer that starts at a token.
    fn longest(&mut self, first: usize) -> Option<Mention> {
        if !capital(self.word(first)) {
            return None;
        }
        let text = self.doc.text();
        for end in (first + 1..=(first + LONGEST).min(self.ends(first))).rev() {
            let (last, start) = (self.word(end - 1), self.doc.analysis.tokens[first].span.start);
            let words = Span::new(start, self.doc.analysis.tokens[end - 1].span.end);
            if last != "." && !capital(last) {
                continue;
            }
            let name = words.of(text);
            if matches!(self.word(first), "City" | "State" | "Town" | "County" | "Province" | "Region" | "Village")
                && self.word(first + 1) == "of"
            {
                continue;
            }
            let mut found = self.lookup(name);
            found.retain(|f| written(name, f.form, &self.gazetteer.entry(f.index)));
            if !found.is_empty() {
                return Some(self.mention(words, first..end, found));
            }
        }
        None
    }

    /// How far a name that starts at a token may reach: names do not cross lines, sentences' ends or most signs.
    fn ends(&self, first: usize) -> usize {
        let tokens = &self.doc.analysis.tokens;
        let mut end = first + 1;
        while end < tokens.len() && end < first + LONGEST {
            let gap = &self.doc.text()[tokens[end - 1].span.end..tokens[end].span.start];
            let word = self.word(end);
            let joins = matches!(word, "-" | "'" | "’" | "." | "&" | "–") || word.starts_with(char::is_alphanumeric);
            let abbreviation = self.before(end) != "." || gap.is_empty() || self.word(end - 2).len() <= 4;
            if !joins || !abbreviation || gap.contains('\n') || gap.len() > 2 {
                break;
            }
            end += 1;
        }
        end
    }

    fn mention(&self, span: Span, tokens: std::ops::Range<usize>, found: Vec<Found>) -> Mention {
        let (first, end) = (tokens.start, tokens.end);
        let key = fold(span.of(self.doc.text()));
        let kind = self.kind(first, end);
        Mention { span, first, end, key, found, kind, within: None, weight: 0.0, by_sound: false }
    }

    /// What a word before ("the city of X") or after ("the X region") makes of it.
    fn kind(&self, first: usize, end: usize) -> Option<Kind> {
        let after = self.word(end).to_lowercase();
        if let Some(kind) = cues::kind_of(&after) {
            return Some(kind);
        }
        let noun = if self.before(first) == "of" { first.checked_sub(2)? } else { first.checked_sub(1)? };
        cues::kind_of(&self.word(noun).to_lowercase())
            .filter(|k| *k != Kind::Any && !(noun + 1 == first && *k == Kind::Water))
    }

    /// Names that the model takes for places and the gazetteer lacks: by their sound.
    fn by_sound(&mut self, all: &mut Vec<Mention>) {
        let (doc, mut more, mut sounded) = (self.doc, Vec::new(), 0);
        for name in doc.analysis.names.iter().filter(|n| n.kind == NameKind::Place && n.confidence >= 0.5) {
            let at = all.partition_point(|m| m.span.end <= name.span.start);
            if all.get(at).is_some_and(|m| m.span.overlaps(name.span)) {
                continue;
            }
            let words = name.span.of(doc.text());
            let found = match self.known.get(words) {
                Some(found) => found.clone(),
                None if sounded >= SOUNDED => continue,
                None => {
                    sounded += 1;
                    self.gazetteer.similar(words, 8)
                }
            };
            if !found.is_empty() {
                more.push(Mention { by_sound: true, ..self.mention(name.span, name.tokens.clone(), found.clone()) });
            }
            // Keys are folded, so words as they stand are a key of their own here.
            self.known.insert(words.to_owned(), found);
        }
        all.extend(more);
        all.sort_by_key(|m| m.span);
    }

    /// What speaks for a mention, less what speaks against it.
    fn weigh(&self, m: &Mention) -> f64 {
        self.named(m) + self.prior(m) + self.around(m)
    }

    /// What the model says of its words.
    fn named(&self, m: &Mention) -> f64 {
        let names = &self.doc.analysis.names;
        let at = names.partition_point(|n| n.span.end <= m.span.start);
        let Some(name) = names.get(at).filter(|n| n.span.overlaps(m.span)) else {
            return if self.tagged { -1.0 } else { 0.0 };
        };
        let same = m.span.contains(name.span) || self.same_but_article(name, m);
        let sure = name.confidence.clamp(0.3, 1.0);
        match name.kind {
            NameKind::Place if same => 4.0 * sure,
            NameKind::Place => 0.5,
            NameKind::People if same => 3.0 * sure,
            NameKind::People => 0.0,
            NameKind::Organisation if same => -0.5 * sure,
            NameKind::Other if same => -sure,
            NameKind::Person if same => -2.5 * sure,
            NameKind::Person => -5.0 * sure,
            NameKind::Organisation | NameKind::Other => -2.0 * sure,
        }
    }

    /// Whether a name is the mention but for words in lower case and possessive endings at its ends.
    fn same_but_article(&self, name: &Name, m: &Mention) -> bool {
        let small = |k: usize| {
            let w = self.word(k);
            !capital(w) || matches!(w.to_lowercase().as_str(), "the" | "s")
        };
        (name.tokens.start..m.first).all(small) && (m.end..name.tokens.end).all(small)
    }

    /// What the place alone says: countries are places, villages named like words mostly are not.
    fn prior(&self, m: &Mention) -> f64 {
        let name = m.span.of(self.doc.text());
        let best = m.found.iter().map(|f| {
            let e = self.gazetteer.entry(f.index);
            let known = match e.class {
                Class::Continent | Class::Country => 3.5,
                Class::Capital => 2.5,
                Class::Admin1 => 2.5,
                Class::Region | Class::Water | Class::Land | Class::Spot => {
                    if e.population > 90_000.0 {
                        2.0
                    } else {
                        0.0
                    }
                }
                _ => ((e.population + 1.0).log10() - 4.5).clamp(-1.0, 2.0),
            };
            known - if f.form == NameForm::Other { 0.7 } else { 0.0 }
        });
        let mut weight = best.fold(f64::MIN, f64::max);
        // Postal codes ("PA", "MD") are places behind their town only.
        if name.len() == 2 && m.found.iter().all(|f| self.gazetteer.entry(f.index).class != Class::Country) {
            weight -= 3.0;
        }
        if m.by_sound {
            weight -= 0.5;
        }
        let code = name.len() <= 3 && !name.contains(char::is_lowercase);
        if m.end - m.first == 1 && !code {
            if self.words.contains(m.key.as_str()) {
                weight -= 3.0;
            } else if self.lower.contains(m.key.as_str()) {
                weight -= 2.0;
            }
            if self.surnames.contains(name) {
                weight -= 3.0;
            }
        } else {
            weight += 0.5;
        }
        weight
    }

    /// What the words around it say.
    fn around(&self, m: &Mention) -> f64 {
        let (before, after) = (self.before(m.first), self.word(m.end));
        let (low_before, low_after) = (before.to_lowercase(), after.to_lowercase());
        let mut weight = 0.0;
        if m.within.is_some() {
            weight += 4.0;
        }
        if m.kind.is_some() {
            weight += 1.5;
        }
        if cues::AT.contains(&low_before.as_str()) {
            weight += 2.0;
        } else if cues::TO.contains(&before) {
            weight += 0.5;
        }
        if after == "-"
            && matches!(self.word(m.end + 1), "based" | "born" | "area" | "backed" | "led" | "controlled" | "held")
        {
            weight += 2.0;
        }
        if low_before == "." && m.first >= 2 && cues::TITLES.contains(&self.word(m.first - 2).to_lowercase().as_str())
            || cues::TITLES.contains(&low_before.as_str())
        {
            weight -= 4.0;
        }
        if cues::SPEAKING.contains(&low_after.as_str()) {
            weight -= 1.0;
        }
        let beside = self.glued(m.end.wrapping_sub(1), m.end) && capital(after) && cues::kind_of(&low_after).is_none();
        if beside {
            weight -= if cues::THINGS.contains(&low_after.as_str()) { 3.0 } else { 1.0 };
        }
        let opens = m.first == 0 || !self.glued(m.first - 1, m.first);
        if !opens && capital(before) && !cues::AT.contains(&low_before.as_str()) {
            weight -= 2.0;
        }
        weight
    }

    /// Whether two tokens stand in one line with a space or nothing between them.
    fn glued(&self, a: usize, b: usize) -> bool {
        let tokens = &self.doc.analysis.tokens;
        if b >= tokens.len() {
            return false;
        }
        let ends_sentence = self.doc.analysis.sentence_of(a) != self.doc.analysis.sentence_of(b);
        !ends_sentence && !self.doc.text()[tokens[a].span.end..tokens[b].span.start].contains('\n')
    }
}

/// Whether a word starts with a capital letter.
fn capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
}

/// Whether a name is written as the place's name may be: "US" and never "Us", "Ind." and never "Ind", "Peru" and never "Peru.",
/// "The Hague" and never "The Ukraine".
fn written(name: &str, form: NameForm, place: &Entry<'_>) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = !name.chars().any(char::is_lowercase);
    let short = form == NameForm::Other && matches!(place.class, Class::Country | Class::Admin1);
    let last = name.rsplit(' ').next().unwrap_or_default();
    if name.starts_with("The ") && !place.name.starts_with("The ") || name.ends_with("..") {
        false
    } else if let Some(bare) = last.strip_suffix('.') {
        let dotted = bare.contains('.') && bare.len() <= 5;
        dotted || short && !capitals && matches!(place.country, "US" | "CA" | "AU") && (letters <= 4 || bare == "Calif")
    } else {
        // "U.S" is a part of "U.S.".
        !(last.contains('.') && last.len() <= 5) && (letters > 4 || capitals || !short)
    }
}
