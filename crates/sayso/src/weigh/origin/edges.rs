//! The edges of the dependence graph: why a mention does not count beside an earlier one.
//!
//! Mentions that share something (a speaker, an organisation, a credit line, words, …) are each tied to the first that has
//! it, so that the work grows with the number of mentions and not of their pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::reading::{ActorKind, Kind};
use crate::report::Report;
use crate::span::Span;
use crate::weigh::actors::Actors;
use crate::weigh::mentions::Item;
use crate::weigh::{Entry, names};

/// Words of a run; texts are compared by the runs they share.
const RUN: usize = 4;
/// A run found in more mentions than this finds no candidates.
const COMMON: usize = 40;

/// Why `from` does not count beside `to`.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) rule: &'static str,
    pub(super) why: String,
    /// The words that show it, when they are others than the mention's.
    pub(super) span: Option<(String, Span)>,
    /// Whether it says that two speakers are one origin, and not only how words came from one to the other.
    pub(super) of_speakers: bool,
}

impl Edge {
    pub(super) fn new(from: usize, to: usize, rule: &'static str, why: String) -> Self {
        let of_speakers =
            matches!(rule, "decision" | "same speaker" | "same organisation" | "one government" | "same utterance");
        Self { from, to, rule, why, span: None, of_speakers }
    }
}

/// All edges among the stating mentions: first those that make speakers one, then those on how words came about.
pub(super) fn edges(
    entries: &[&Entry],
    actors: &Actors,
    items: &[Item],
    stating: &[usize],
    known: &[Option<usize>],
) -> Vec<Edge> {
    let scene = Scene { entries, actors, items, known };
    let mut out = Vec::new();
    scene.speakers(stating, &mut out);
    scene.words(stating, &mut out);
    scene.retellings(stating, &mut out);
    scene.passed_on(stating, &mut out);
    scene.of_feeds(stating, &mut out);
    scene.evidence(stating, &mut out);
    scene.pictures(stating, &mut out);
    out.sort_by_key(|e| !e.of_speakers);
    out
}

pub(super) struct Scene<'a> {
    pub(super) entries: &'a [&'a Entry],
    actors: &'a Actors,
    pub(super) items: &'a [Item],
    known: &'a [Option<usize>],
}

impl Scene<'_> {
    fn report(&self, k: usize) -> &Report {
        &self.entries[self.items[k].entry].report
    }

    pub(super) fn outlet(&self, k: usize) -> &str {
        self.report(k).outlet.as_deref().unwrap_or(&self.report(k).id)
    }

    /// Same speaker, speakers of one organisation, organs of one government.
    fn speakers(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let name = |k: usize| self.actors.get(k).name.as_str();
        let mut by_actor: BTreeMap<usize, usize> = BTreeMap::new();
        let mut by_root: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let mut by_organ: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for &k in stating {
            let Some(speaker) = self.items[k].speaker else { continue };
            let first = *by_actor.entry(speaker).or_insert(k);
            if first != k {
                out.push(Edge::new(k, first, "same speaker", format!("both are {}'s words", name(speaker))));
            }
            let root = self.actors.root(speaker);
            let (first, other) = *by_root.entry(root).or_insert((k, speaker));
            if other != speaker {
                let why = format!("{} and {} both speak for {}", name(other), name(speaker), name(root));
                out.push(Edge::new(k, first, "same organisation", why));
            }
            let Some(organ) = self.actors.organ(speaker) else { continue };
            let (first, other) = *by_organ.entry(organ).or_insert((k, root));
            if other != root {
                let why = format!("{} and {} are organs of one government", name(other), name(root));
                out.push(Edge::new(k, first, "one government", why));
            }
        }
    }

    /// Whether the texts leave open where a mention comes from.
    pub(super) fn open(&self, k: usize) -> bool {
        self.known[k].is_none()
    }

    /// Mentions in much the same words: one utterance when both are quoted, else one text.
    fn words(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut runs_of: BTreeMap<usize, usize> = BTreeMap::new();
        for &k in stating {
            let runs = runs(&self.items[k].mention.text);
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for run in &runs {
                let before = index.entry(run.clone()).or_default();
                before.iter().for_each(|&b| *shared.entry(b).or_default() += 1);
                if before.len() < COMMON {
                    before.push(k);
                }
            }
            runs_of.insert(k, runs.len());
            for (b, count) in shared {
                let least = runs.len().min(runs_of[&b]);
                if least >= 3 && count * 2 >= least {
                    out.extend(self.same_words(k, b, count * 5 >= runs.len().max(runs_of[&b]) * 4));
                }
            }
        }
    }

    fn same_words(&self, k: usize, first: usize, whole: bool) -> Option<Edge> {
        let quoted = |k: usize| {
            let item = &self.items[k];
            let attributions = &self.entries[item.entry].reading.attributions;
            attributions.get(item.mention.attribution).is_some_and(|a| matches!(a.kind, Kind::Direct | Kind::Mixed))
        };
        let unnamed = |k: usize| self.items[k].speaker.is_none_or(|s| self.actors.get(s).kind == ActorKind::Anonymous);
        if whole && quoted(k) && quoted(first) && (unnamed(k) || unnamed(first)) && self.near_in_time(k, first) {
            let why = format!("{} and {} quote the same words", self.outlet(first), self.outlet(k));
            return Some(Edge::new(k, first, "same utterance", why));
        }
        if !self.open(k) && !self.open(first) || self.items[k].entry == self.items[first].entry {
            return None;
        }
        let (a, b) = (self.outlet(first), self.outlet(k));
        let body = |k: usize| self.known[k].is_some() && self.items[k].voice;
        let (rule, why) = if body(first) || body(k) {
            ("press release", format!("{a} and {b} print the words of one statement"))
        } else {
            ("same text", format!("{a} and {b} print much the same words"))
        };
        Some(Edge::new(k, first, rule, why))
    }

    /// Whether two reports came out on the same or the next day.
    fn near_in_time(&self, a: usize, b: usize) -> bool {
        let day = |k: usize| self.report(k).published.as_deref().and_then(day_number);
        day(a).zip(day(b)).is_none_or(|(a, b)| a.abs_diff(b) <= 1)
    }

    /// An outlet that says in its own voice what somebody says in the same report.
    fn retellings(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let mut said: BTreeMap<usize, usize> = BTreeMap::new();
        for &k in stating.iter().filter(|&&k| !self.open(k)) {
            said.entry(self.items[k].entry).or_insert(k);
        }
        for &k in stating.iter().filter(|&&k| self.open(k) && self.items[k].voice) {
            if let Some(&first) = said.get(&self.items[k].entry) {
                let who = self.known[first].map_or("somebody", |a| self.actors.get(a).name.as_str());
                let why = format!("{} repeats in its own voice what {who} says in the same report", self.outlet(k));
                out.push(Edge::new(k, first, "retold", why));
            }
        }
    }

    /// Mentions that came through the same hands: cited outlets, credit lines, canonical links, forwards, publishers.
    fn passed_on(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let mut open: BTreeMap<String, usize> = BTreeMap::new();
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for &k in stating.iter().filter(|&&k| !self.open(k)) {
            for hand in self.hands(k).into_iter().filter(|h| h.rule == "cites") {
                told.entry(hand.key).or_insert(k);
            }
        }
        for &k in stating.iter().filter(|&&k| self.open(k)) {
            for hand in self.hands(k) {
                let first = *open.entry(hand.key.clone()).or_insert(k);
                let mut tie = |to: usize, why: String| {
                    out.push(Edge { span: hand.span.clone(), ..Edge::new(k, to, hand.rule, why) });
                };
                if first != k && self.items[first].entry != self.items[k].entry {
                    tie(first, format!("{} and {}: {}", self.outlet(first), self.outlet(k), hand.why));
                }
                if let Some(&to) = told.get(&hand.key).filter(|_| hand.rule == "own") {
                    tie(to, format!("{} names {} as the way it came", self.outlet(to), self.outlet(k)));
                }
            }
        }
    }

    /// Open mentions of items that name one feed as their source, and of reports that stand where such a feed does.
    fn of_feeds(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let open = || stating.iter().copied().filter(|&k| self.open(k));
        let mut named: BTreeMap<&str, usize> = BTreeMap::new();
        let mut tie = |a: usize, b: usize, why: String| {
            if self.items[a].entry != self.items[b].entry {
                out.push(Edge::new(a.max(b), a.min(b), "RSS source", why));
            }
        };
        for k in open() {
            let Some(site) = self.report(k).came_from.as_deref().and_then(site) else { continue };
            let first = *named.entry(site).or_insert(k);
            let why = format!(
                "{} and {}: the items of both feeds name {site} as their source",
                self.outlet(first),
                self.outlet(k)
            );
            tie(k, first, why);
        }
        for k in open().filter(|&k| self.report(k).came_from.is_none()) {
            let Some(site) = self.report(k).url.as_deref().and_then(site) else { continue };
            if let Some(&item) = named.get(site) {
                let why = format!(
                    "{}: the item names {site} as its source, where {} stands",
                    self.outlet(item),
                    self.outlet(k)
                );
                tie(k, item, why);
            }
        }
    }

    /// The hands that a mention came through.
    fn hands(&self, k: usize) -> Vec<Hand> {
        let (item, report) = (&self.items[k], self.report(k));
        let mut out = Vec::new();
        let mut push = |name: &str, rule: &'static str, why: String, span: Option<Span>| {
            let key = names::key(
                self.actors.named(name).map_or(name, |a| self.actors.get(self.actors.root(a)).name.as_str()),
            );
            if !key.is_empty() {
                out.push(Hand { key: format!("by {key}"), rule, why, span: span.map(|s| (report.id.clone(), s)) });
            }
        };
        let reading = &self.entries[item.entry].reading;
        let cue = |v: usize| {
            let link = reading.attributions.get(item.mention.attribution)?.chain.iter();
            link.clone()
                .find(|l| l.actor.as_ref().and_then(|id| self.actors.find(&report.id, id)) == Some(v))
                .map(|l| l.cue)
        };
        let outlets = |v: &&usize| self.actors.get(**v).kind == ActorKind::Outlet;
        for &v in item.via.iter().chain(item.speaker.iter().filter(|_| !item.voice)).filter(outlets) {
            let name = &self.actors.get(v).name;
            push(name, "cites", format!("the words came through {name}"), cue(v));
        }
        for credit in report.credits() {
            push(credit, "credit line", format!("the credit is {}", credit.trim()), None);
        }
        if let Some(from) = &report.forwarded_from {
            push(from, "forwarded", format!("forwarded from {from}"), None);
        }
        if let Some(outlet) = &report.outlet {
            push(outlet, "own", format!("{outlet} is the one publisher"), None);
        }
        if let Some(url) = &report.url {
            let why = "one page is the canonical address of both".to_owned();
            out.push(Hand { key: format!("at {url}"), rule: "canonical link", why, span: None });
        }
        out
    }

    /// Open mentions that lean on the same footage or document of one maker.
    fn evidence(&self, stating: &[usize], out: &mut Vec<Edge>) {
        let mut first_of: BTreeMap<(String, usize), usize> = BTreeMap::new();
        for &k in stating {
            let item = &self.items[k];
            let entry = self.entries[item.entry];
            let sentence = sentence(&entry.report.text, item.mention.spans[0]);
            for evidence in entry.reading.evidence.iter().filter(|e| sentence.overlaps(e.span)) {
                let by = evidence.by.as_ref().and_then(|id| self.actors.find(&entry.report.id, id));
                let Some(by) = by.map(|by| self.actors.root(by)) else { continue };
                let first = *first_of.entry((evidence.kind.clone(), by)).or_insert(k);
                if first != k && (self.open(k) || self.open(first)) {
                    let why = format!("both lean on the same {} by {}", evidence.kind, self.actors.get(by).name);
                    let span = Some((entry.report.id.clone(), evidence.span));
                    out.push(Edge { span, ..Edge::new(k, first, "same evidence", why) });
                }
            }
        }
    }
}

/// The site that an address is of: its host, without `www`.
fn site(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|host| !host.is_empty())
}

/// Somebody through whose hands words came.
struct Hand {
    key: String,
    rule: &'static str,
    why: String,
    span: Option<(String, Span)>,
}

/// A text's runs of words, folded to lower case.
fn runs(text: &str) -> BTreeSet<String> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.windows(RUN).map(|w| w.join(" ")).collect()
}

/// The days from a fixed day to the day of an RFC 3339 date, months counted as 31 days.
fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.get(..10)?.split('-').map(|p| p.parse::<i64>().ok());
    Some(parts.next()?? * 372 + parts.next()?? * 31 + parts.next()??)
}

/// Words by which an outlet says that it was there or checked.
static OWN_ACCESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(our|its) (own )?(correspondent|reporter|journalist|team|crew|photographer|observer)s?\b",
        r"|\bwe (\w+ )?(saw|heard|counted|found|reviewed|geolocated|verified|witnessed|compared|obtained|matched|measured|filmed|recorded|visited|examined|checked|interviewed)\b",
        r"|\b(a|an|the) [\w ]{0,20}(reporter|correspondent|journalist|photographer)s? (at the scene |on the scene )?(saw|heard|counted|witnessed|visited)\b|\bseen by\b",
    ))
    .expect("a fixed pattern")
});

/// Whether the sentence of a mention says that its outlet was there or checked.
pub(super) fn own_access(entries: &[&Entry], item: &Item) -> bool {
    let text = &entries[item.entry].report.text;
    let sentence = sentence(text, item.mention.spans[0]);
    OWN_ACCESS.is_match(sentence.of(text))
}

/// Whether a sentence in the outlet's voice says in itself who else said it: the words of another attribution's source or
/// cue stand in it.
pub(super) fn frames_another(entries: &[&Entry], item: &Item) -> bool {
    let span = item.mention.spans[0];
    let others = entries[item.entry].reading.attributions.iter().enumerate();
    others
        .filter(|(k, a)| *k != item.mention.attribution && a.kind != Kind::Voice)
        .any(|(_, a)| a.source.iter().chain(&a.cue).any(|s| s.overlaps(span)))
}

/// From the end of the sentence before a span to the end of its own.
pub(super) fn sentence(text: &str, span: Span) -> Span {
    let start = text[..span.start].rfind(['.', '\n', '!', '?']).map_or(0, |k| k + 1);
    let end = text[span.end..].find(['.', '\n', '!', '?']).map_or(text.len(), |k| span.end + k);
    Span::new(start, end)
}
