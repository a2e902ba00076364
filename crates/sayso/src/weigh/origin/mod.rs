//! How many independent people are behind a claim: a graph of dependence over the mentions that state it.
//!
//! In: a claim's mentions. Out: its origins. An edge says that two mentions do not count twice, and why, with the words
//! that show it (file `edges`). Components whose originator is known and had its own access make the minimum; those whose
//! origin the texts leave open are added for the maximum. May not happen: an unknown origin that raises the minimum; two
//! known originators joined by a guess about what lies between them.

use std::collections::BTreeMap;

use super::Entry;
use super::actors::Actors;
use super::claim::Draft;
use super::mentions::Item;
use super::same::pair::agree;
use crate::model::sense::cosine;
use crate::reading::ActorKind;
use crate::weighing::{Dependence, Origin, Stance};

mod circle;
mod edges;
mod pictures;

use edges::{Edge, edges};

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
    /// Index of the originator, or of the organisation above it, if known.
    pub(super) actor: Option<usize>,
    /// Whether its originator is known and had its own access.
    pub(super) known: bool,
    /// Whether it is known and surely states the same as another counted one.
    counted: bool,
    /// Indices of its mentions in the draft, in order.
    pub(super) mentions: Vec<usize>,
}

impl Origins {
    /// The components that count for the minimum: those with a known originator that surely state one thing. Somebody must
    /// have said it first, so a claim that is stated has one at least.
    pub(super) fn counted(&self) -> Vec<&Component> {
        let known: Vec<&Component> = self.components.iter().filter(|c| c.counted).collect();
        if known.is_empty() { self.components.iter().take(1).collect() } else { known }
    }

    /// How many count for the minimum.
    pub(super) fn least(&self) -> usize {
        self.counted().len()
    }

    /// All components.
    pub(super) fn most(&self) -> usize {
        self.components.len()
    }

    /// All components, as the claim keeps them.
    pub(super) fn described(&self, actors: &Actors) -> Vec<Origin> {
        let described = |c: &Component| Origin {
            name: c.name.clone(),
            actor: c.actor.map(|a| actors.get(a).id.clone()),
            known: c.known,
            mentions: c.mentions.clone(),
        };
        self.components.iter().map(described).collect()
    }

    /// The names of the components that count for the minimum.
    pub(super) fn names(&self) -> Vec<String> {
        self.counted().into_iter().map(|c| c.name.clone()).collect()
    }
}

/// Whether a mention states the claim.
pub(super) fn states(item: &Item) -> bool {
    matches!(item.mention.stance, Stance::Asserts | Stance::Verifies)
}

/// Why the mentions of one claim depend on each other.
pub(super) struct Graph<'a> {
    entries: &'a [&'a Entry],
    /// The mentions that bring the claim into the world.
    stating: Vec<usize>,
    /// Who is known to be behind each mention.
    known: Vec<Option<usize>>,
    edges: Vec<Edge>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(entries: &'a [&'a Entry], actors: &Actors, items: &[Item]) -> Self {
        let all = || 0..items.len();
        let mut stating: Vec<usize> = all().filter(|&k| states(&items[k])).collect();
        if stating.is_empty() {
            // Who takes a statement back once made it.
            stating = all().filter(|&k| items[k].mention.stance == Stance::Retracts).collect();
        }
        let known: Vec<Option<usize>> = items.iter().map(|item| originator(entries, actors, item)).collect();
        let edges = edges(entries, actors, items, &stating, &known);
        Self { entries, stating, known, edges }
    }

    /// The origins of the first `among` mentions of the draft.
    pub(super) fn origins(&self, actors: &Actors, draft: &Draft, among: usize) -> Origins {
        let stating: Vec<usize> = self.stating.iter().copied().filter(|&k| k < among).collect();
        let mut forest = Forest::new(&self.known, &draft.cuts);
        for &(a, b) in draft.joins.iter().filter(|(a, b)| stating.contains(a) && stating.contains(b)) {
            forest.join(
                draft,
                &Edge::new(b.max(a), b.min(a), "decision", "a person decided that they depend on each other".into()),
            );
        }
        for edge in self.edges.iter().filter(|e| e.from < among && e.to < among) {
            forest.join(draft, edge);
        }
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &k in &stating {
            sets.entry(forest.find(k)).or_default().push(k);
        }
        let mut components: Vec<Component> =
            sets.into_values().map(|mentions| self.component(actors, draft, mentions)).collect();
        count(&mut components, &draft.items);
        let circle = circle::find(self.entries, actors, &draft.items, &stating);
        Origins { components, dependences: forest.dependences, circle }
    }

    fn component(&self, actors: &Actors, draft: &Draft, mentions: Vec<usize>) -> Component {
        let known = mentions.iter().find_map(|&k| self.known[k]);
        let actor = known.or_else(|| mentions.iter().find_map(|&k| draft.items[k].speaker));
        let first = mentions.first().map(|&k| &draft.items[k]);
        let name = actor
            .map(|a| actors.get(a).name.clone())
            .or_else(|| first.and_then(|i| i.outlet.clone()))
            .unwrap_or_else(|| "unknown".into());
        Component { name, actor, known: known.is_some(), counted: false, mentions }
    }
}

/// Components on their way.
struct Forest<'a> {
    parent: Vec<usize>,
    known: Vec<Option<usize>>,
    dependences: Vec<Dependence>,
    cuts: &'a [(usize, usize)],
}

impl<'a> Forest<'a> {
    fn new(known: &[Option<usize>], cuts: &'a [(usize, usize)]) -> Self {
        Self { parent: (0..known.len()).collect(), known: known.to_vec(), dependences: Vec::new(), cuts }
    }

    fn find(&self, mut k: usize) -> usize {
        while self.parent[k] != k {
            k = self.parent[k];
        }
        k
    }

    /// Keeps the edge as evidence when it joins two components.
    fn join(&mut self, draft: &Draft, edge: &Edge) {
        let (from, to) = (edge.from, edge.to);
        let cut = self.cuts.iter().any(|&pair| pair == (from, to) || pair == (to, from));
        let (a, b) = (self.find(from), self.find(to));
        let two = self.known[a].zip(self.known[b]).is_some_and(|(x, y)| x != y);
        if cut || a == b || (two && !edge.of_speakers) {
            return;
        }
        let (keep, gone) = (a.min(b), a.max(b));
        self.parent[gone] = keep;
        self.known[keep] = self.known[keep].or(self.known[gone]);
        let mention = &draft.items[from].mention;
        let span = edge.span.clone().or_else(|| mention.spans.first().map(|&s| (mention.report.clone(), s)));
        self.dependences.push(Dependence { from, to, rule: edge.rule.into(), why: edge.why.clone(), span });
    }
}

/// Who is known to be behind a mention, with access of its own: the organisation of its speaker, its outlet when it was
/// there or checked itself.
fn originator(entries: &[&Entry], actors: &Actors, item: &Item) -> Option<usize> {
    let speaker = item.speaker?;
    let root = actors.root(speaker);
    let frame = item.voice && edges::frames_another(entries, item);
    if frame || item.mention.text.starts_with("whether ") {
        return None;
    }
    if answers(actors, speaker) || (speaker != root && stands_for(actors, root)) {
        return Some(root);
    }
    let witness = item.mention.stance == Stance::Verifies || item.voice && edges::own_access(entries, item);
    witness.then_some(root)
}

/// Whether an actor answers for what it says: whoever is named and does not only pass words on.
fn answers(actors: &Actors, k: usize) -> bool {
    !matches!(actors.get(k).kind, ActorKind::Anonymous | ActorKind::Outlet)
}

/// Whether the unnamed who belong to an organisation speak for it: a state's, an armed group's, or one that several
/// reports know.
fn stands_for(actors: &Actors, root: usize) -> bool {
    let actor = actors.get(root);
    match actor.kind {
        ActorKind::Government | ActorKind::ArmedGroup => true,
        ActorKind::Organisation => actors.in_several_reports(root),
        _ => false,
    }
}

/// Chooses which known components count: the one with most mentions, and all that surely say the same as one that counts.
/// Where likeness of words alone put two statements together, a second origin would be a guess.
fn count(components: &mut [Component], items: &[Item]) {
    let known = components.iter().enumerate().filter(|(_, c)| c.known);
    let Some((first, _)) = known.max_by_key(|(k, c)| (c.mentions.len(), std::cmp::Reverse(*k))) else { return };
    let mut open = vec![first];
    components[first].counted = true;
    while let Some(at) = open.pop() {
        for k in 0..components.len() {
            let (a, b) = (&components[at], &components[k]);
            if b.known && !b.counted && one_statement(a, b, items) {
                components[k].counted = true;
                open.push(k);
            }
        }
    }
}

/// Mentions of a component that are compared.
const SAMPLE: usize = 12;

fn one_statement(a: &Component, b: &Component, items: &[Item]) -> bool {
    let sample = |c: &Component| c.mentions.iter().take(SAMPLE).map(|&k| &items[k]).collect::<Vec<_>>();
    let (a, b) = (sample(a), sample(b));
    a.iter().any(|x| b.iter().any(|y| surely_same(x, y)))
}

/// Whether two mentions surely say the same: alike in sense, and with words or a figure in common.
pub(super) fn surely_same(a: &Item, b: &Item) -> bool {
    let (x, y) = (&a.features, &b.features);
    let shared = x.stems.iter().filter(|s| y.stems.binary_search(s).is_ok()).count();
    let least = x.stems.len().min(y.stems.len());
    let figure = x.figures.iter().any(|n| y.figures.iter().any(|m| agree(n, m)));
    let words = shared * 5 >= least * 2 || shared >= 3 || (figure && shared > 0);
    shared > 0 && words && cosine(&x.sense, &y.sense) >= SAME_SENSE
}

/// From which likeness of sense on two mentions may surely say the same.
const SAME_SENSE: f64 = 0.5;
