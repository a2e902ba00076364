//! How many independent people are behind a claim: a graph of dependence over the mentions that state it.
//!
//! An edge says that two mentions do not count twice, and why, with the words that show it. Components whose originator is
//! known and had its own access make the minimum; those whose origin the texts leave open are added for the maximum.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::Entry;
use super::actors::Actors;
use super::claim::Draft;
use super::mentions::{Item, is_outlet_itself};
use super::names;
use crate::reading::ActorKind;
use crate::weighing::{Dependence, Stance};

/// The independent origins of a claim.
#[derive(Debug, Clone, Default)]
pub(super) struct Origins {
    /// Each component, by who is behind it.
    pub(super) components: Vec<Component>,
    pub(super) dependences: Vec<Dependence>,
    /// A citation loop, as names.
    pub(super) circle: Vec<String>,
}

/// One origin: a component of the graph.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) name: String,
    /// Index of the originator, if known.
    pub(super) actor: Option<usize>,
    /// Whether its originator is known and had its own access.
    pub(super) known: bool,
}

impl Origins {
    /// Components with a known originator. Somebody must have said it first: a claim that is stated has one at least.
    pub(super) fn least(&self) -> usize {
        let known = self.components.iter().filter(|c| c.known).count();
        if known == 0 { usize::from(!self.components.is_empty()) } else { known }
    }

    /// All components.
    pub(super) fn most(&self) -> usize {
        self.components.len()
    }

    /// The names of the components that count for the minimum.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.components.iter().filter(|c| c.known).map(|c| c.name.clone()).collect();
        if names.is_empty() {
            names.extend(self.components.first().map(|c| c.name.clone()));
        }
        names
    }
}

/// Whether a mention states the claim.
pub(super) fn states(item: &Item) -> bool {
    matches!(item.mention.stance, Stance::Asserts | Stance::Verifies)
}

/// The origins of a draft's mentions.
pub(super) fn find(entries: &[&Entry], actors: &Actors, draft: &Draft) -> Origins {
    let all: Vec<usize> = (0..draft.items.len()).collect();
    of(entries, actors, draft, &all)
}

/// The origins of some of a draft's mentions (for its history).
pub(super) fn of(entries: &[&Entry], actors: &Actors, draft: &Draft, among: &[usize]) -> Origins {
    let stating: Vec<usize> =
        among.iter().copied().filter(|&k| states(&draft.items[k]) || withdrawn(draft, k)).collect();
    let mut graph = Graph { parent: (0..draft.items.len()).collect(), dependences: Vec::new(), cuts: &draft.cuts };
    for (i, &b) in stating.iter().enumerate() {
        for &a in &stating[..i] {
            if let Some((rule, why)) = depends(entries, actors, &draft.items[a], &draft.items[b]) {
                graph.join(draft, b, a, rule, why);
            }
        }
    }
    for &(a, b) in draft.joins.iter().filter(|(a, b)| stating.contains(a) && stating.contains(b)) {
        graph.join(draft, b, a, "decision", "a person decided that they depend on each other".into());
    }
    let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &k in &stating {
        sets.entry(graph.find(k)).or_default().push(k);
    }
    let components = sets.into_values().map(|mentions| component(entries, actors, draft, &mentions)).collect();
    Origins { components, dependences: graph.dependences, circle: circle(actors, draft, &stating) }
}

/// Taken back: its origin still brought the claim into the world.
fn withdrawn(draft: &Draft, k: usize) -> bool {
    draft.items[k].mention.stance == Stance::Retracts && draft.items.len() == 1
}

struct Graph<'a> {
    parent: Vec<usize>,
    dependences: Vec<Dependence>,
    cuts: &'a [(usize, usize)],
}

impl Graph<'_> {
    fn find(&self, mut k: usize) -> usize {
        while self.parent[k] != k {
            k = self.parent[k];
        }
        k
    }

    /// Keeps the edge as evidence when it joins two components.
    fn join(&mut self, draft: &Draft, from: usize, to: usize, rule: &str, why: String) {
        let cut = self.cuts.iter().any(|&pair| pair == (from, to) || pair == (to, from));
        let (a, b) = (self.find(from), self.find(to));
        if cut || a == b {
            return;
        }
        self.parent[a.max(b)] = a.min(b);
        let mention = &draft.items[from].mention;
        let span = mention.spans.first().map(|&s| (mention.report.clone(), s));
        self.dependences.push(Dependence { from, to, rule: rule.into(), why, span });
    }
}

/// Why `later` does not count beside `earlier`, if so.
fn depends(entries: &[&Entry], actors: &Actors, earlier: &Item, later: &Item) -> Option<(&'static str, String)> {
    if let Some((a, b)) = earlier.speaker.zip(later.speaker) {
        let name = |k| actors.get(k).name.as_str();
        if a == b {
            return Some(("same speaker", format!("both are {}'s words", name(a))));
        }
        let (x, y) = (actors.root(a), actors.root(b));
        if x == y {
            return Some(("same organisation", format!("{} and {} both speak for {}", name(a), name(b), name(x))));
        }
    }
    let (source, citing) = (&entries[earlier.entry].report, &entries[later.entry].report);
    let cites = |item: &Item, outlet: Option<&str>| {
        item.via.iter().chain(item.speaker.iter()).any(|&v| is_outlet_itself(actors, v, outlet))
    };
    if later.entry != earlier.entry && cites(later, source.outlet.as_deref()) {
        return Some(("cites", format!("{} cites {}", outlet(citing), outlet(source))));
    }
    if later.entry != earlier.entry && cites(earlier, citing.outlet.as_deref()) {
        return Some(("cites", format!("{} cites {}", outlet(source), outlet(citing))));
    }
    let open = |item: &Item| item.voice || item.speaker.is_none();
    if open(earlier) && open(later) && earlier.entry != later.entry {
        if let Some(credit) = shared_credit(source, citing) {
            return Some(("credit line", format!("both carry the credit {credit}")));
        }
        if same_words(&earlier.mention.text, &later.mention.text) {
            return Some(("same text", format!("{} and {} print the same words", outlet(source), outlet(citing))));
        }
    }
    None
}

fn outlet(report: &crate::report::Report) -> &str {
    report.outlet.as_deref().unwrap_or(&report.id)
}

/// The agency that both reports, or one report and the other's outlet, credit.
fn shared_credit(a: &crate::report::Report, b: &crate::report::Report) -> Option<String> {
    let keys = |r: &crate::report::Report| -> BTreeSet<String> {
        let credit = r.credit.as_deref().unwrap_or_default();
        credit.split([',', '/', ';']).map(names::key).filter(|k| !k.is_empty()).collect()
    };
    let own = |r: &crate::report::Report| r.outlet.as_deref().map(names::key).unwrap_or_default();
    let (x, y) = (keys(a), keys(b));
    x.intersection(&y)
        .next()
        .cloned()
        .or_else(|| x.contains(&own(b)).then(|| own(b)))
        .or_else(|| y.contains(&own(a)).then(|| own(a)))
}

/// Whether one text's runs of four words are mostly the other's: copied, verbatim or lightly rewritten.
fn same_words(a: &str, b: &str) -> bool {
    let runs = |text: &str| -> BTreeSet<String> {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
        words.windows(4).map(|w| w.join(" ")).collect()
    };
    let (a, b) = (runs(a), runs(b));
    let least = a.len().min(b.len());
    least >= 3 && a.intersection(&b).count() * 2 >= least
}

/// Words by which an outlet says that it was there or checked.
static OWN_ACCESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(our|its) (own )?(correspondent|reporter|journalist|team|crew|photographer)s?\b|\bwe (saw|heard|counted|spoke|found|reviewed|geolocated|verified|witnessed|compared|obtained)\b|\b(a|an|the) [\w ]{0,20}(reporter|correspondent|journalist|photographer)s? (at the scene |on the scene )?(saw|heard|counted|witnessed|visited)\b|\bseen by\b",
    )
    .expect("a fixed pattern")
});

fn component(entries: &[&Entry], actors: &Actors, draft: &Draft, mentions: &[usize]) -> Component {
    let items = || mentions.iter().map(|&k| (k, &draft.items[k]));
    let named = items().find(|(_, i)| i.speaker.is_some_and(|s| has_access(actors, s)) && !i.voice);
    let witnessed = items().find(|(_, i)| i.voice && own_access(entries, i));
    let (actor, known) = match (named, witnessed) {
        (Some((_, item)), _) => (item.speaker.map(|s| actors.root(s)), true),
        (None, Some((_, item))) => (item.speaker, true),
        (None, None) => (items().find_map(|(_, i)| i.speaker), false),
    };
    let first = &draft.items[mentions[0]];
    let name =
        actor.map(|a| actors.get(a).name.clone()).or_else(|| first.outlet.clone()).unwrap_or_else(|| "unknown".into());
    Component { name, actor, known }
}

/// Whether a speaker answers for what it says: everybody who is named and is no outlet that only passes words on.
fn has_access(actors: &Actors, speaker: usize) -> bool {
    !matches!(actors.get(speaker).kind, ActorKind::Anonymous | ActorKind::Outlet)
}

fn own_access(entries: &[&Entry], item: &Item) -> bool {
    let text = &entries[item.entry].report.text;
    let span = item.mention.spans[0];
    let start = text[..span.start].rfind(['.', '\n', '!', '?']).map_or(0, |k| k + 1);
    let end = text[span.end..].find(['.', '\n', '!', '?']).map_or(text.len(), |k| span.end + k);
    item.mention.stance == Stance::Verifies || OWN_ACCESS.is_match(&text[start..end])
}

/// A loop of citation: an outlet that is cited for the claim itself cites, directly or through others, the one citing it.
fn circle(actors: &Actors, draft: &Draft, stating: &[usize]) -> Vec<String> {
    let mut cites: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for &k in stating {
        let item = &draft.items[k];
        let Some(outlet) = item.outlet.as_deref().map(names::key) else { continue };
        for &v in &item.via {
            let via = actors.get(v);
            if via.kind == ActorKind::Outlet {
                cites.entry(outlet.clone()).or_default().insert(names::key(&via.name));
            }
        }
    }
    for start in cites.keys() {
        let mut path = vec![start.clone()];
        if walk(&cites, start, start, &mut path) {
            return path;
        }
    }
    Vec::new()
}

/// Depth-first search for a way back to `start`.
fn walk(cites: &BTreeMap<String, BTreeSet<String>>, at: &str, start: &str, path: &mut Vec<String>) -> bool {
    for next in cites.get(at).into_iter().flatten() {
        if next == start {
            path.push(next.clone());
            return true;
        }
        if !path.contains(next) && path.len() < 16 {
            path.push(next.clone());
            if walk(cites, next, start, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}
