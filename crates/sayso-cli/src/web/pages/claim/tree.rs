//! The tree of a claim: from the claim to its origins, through what depends on what, and along each chain to the speaker.
//!
//! In: a claim and its case. Out: nodes to nest. May not happen: a mention that stands nowhere in the tree, or twice.

use std::cell::Cell;
use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use sayso::reading::{Kind, Link};
use sayso::weigh::names::key;
use sayso::weighing::{Claim, Dependence, Mention, Origin};

use super::shown::{Part, Shown};
use crate::web::decide::mention_key;
use crate::web::layout::Page;
use crate::web::parts::{Stands, When};
use crate::web::place::Places;
use crate::web::state::CaseView;

/// Deeper dependences stand beside each other.
const DEEPEST: usize = 8;
/// Bytes of a cue from which on its verb stands for it.
const LONG: usize = 40;

/// One step of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    /// How the words came from here: the verb or preposition, and the channel.
    pub(super) verb: String,
    pub(super) name: String,
    pub(super) href: Option<String>,
    /// Whether it is where the chain ends.
    pub(super) speaker: bool,
    /// Whether it closes a loop of citation.
    pub(super) circles: bool,
}

/// The edge above a node: why it does not count beside the node it hangs on.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) rule: String,
    pub(super) why: String,
    /// Concluded from likeness, not said in the words.
    pub(super) inferred: bool,
    /// The keys of its two mentions.
    pub(super) from: String,
    pub(super) to: String,
    /// Numbers of the two mentions.
    pub(super) ends: (usize, usize),
}

/// One mention with what hangs on it.
#[derive(Template)]
#[template(path = "claim_node.html")]
pub(super) struct Node<'a> {
    page: &'a Page,
    number: usize,
    /// Where its words stand.
    words: String,
    stands: Stands,
    outlet: String,
    href: String,
    hops: Vec<Hop>,
    own_voice: bool,
    when: When,
    edge: Option<Edge>,
    circles: bool,
    children: Vec<Node<'a>>,
}

impl HtmlSafe for Node<'_> {}

impl Node<'_> {
    fn class(&self) -> &'static str {
        match &self.edge {
            _ if self.circles => "loop",
            Some(edge) if edge.inferred => "inferred",
            _ => "",
        }
    }
}

/// A branch of the claim: an origin, or those who speak against it.
pub(super) struct Branch<'a> {
    pub(super) title: String,
    pub(super) href: Option<String>,
    pub(super) about: String,
    pub(super) nodes: Vec<Node<'a>>,
}

/// Grows the tree.
pub(super) struct Grower<'a, 'b> {
    pub(super) view: &'a CaseView,
    pub(super) page: &'a Page,
    pub(super) places: &'b Places<'a>,
    pub(super) claim: &'a Claim,
    shown: &'b Shown<'a>,
    /// Mentions that the branch may still show.
    left: Cell<usize>,
}

impl<'a, 'b> Grower<'a, 'b> {
    pub(super) fn new(
        view: &'a CaseView,
        page: &'a Page,
        places: &'b Places<'a>,
        claim: &'a Claim,
        shown: &'b Shown<'a>,
    ) -> Self {
        Self { view, page, places, claim, shown, left: Cell::new(0) }
    }

    /// An origin a branch, those that count for sure first; then who speaks against it. And how many mentions stand in them: of a
    /// long claim, each branch shows its first.
    pub(super) fn branches(&self) -> (Vec<Branch<'a>>, usize) {
        let hung = self.hung();
        let mut origins: Vec<&Origin> = self.claim.components.iter().collect();
        origins.sort_by_key(|origin| !(origin.known && self.claim.origins.contains(&origin.name)));
        let mut others = vec![true; self.claim.mentions.len()];
        origins.iter().flat_map(|origin| &origin.mentions).for_each(|&k| others[k] = false);
        let others: Vec<usize> = (0..others.len()).filter(|&k| others[k]).collect();
        let most = self.shown.most(Part::Tree);
        let branches = (origins.len() + usize::from(!others.is_empty())).max(1);
        let all = self.claim.mentions.len();
        let each = if all <= most { all } else { (most / branches).max(1) };
        let (mut out, mut in_tree) = (Vec::new(), 0);
        for (k, origin) in origins.iter().enumerate().take(most) {
            self.left.set(each);
            out.push(self.origin(k + 1, origin, &hung));
            in_tree += each - self.left.get();
        }
        if !others.is_empty() {
            self.left.set(each);
            let about = self.carriers(&others);
            let nodes = others.into_iter().map_while(|k| self.next(k, None, &hung, 0)).collect();
            out.push(Branch { title: "Against it, or in doubt".to_owned(), href: None, about, nodes });
            in_tree += each - self.left.get();
        }
        (out, in_tree)
    }

    /// A mention as a node, if the branch may show one more.
    fn next(&self, k: usize, edge: Option<&Dependence>, hung: &Hung<'_>, depth: usize) -> Option<Node<'a>> {
        self.left.set(self.left.get().checked_sub(1)?);
        Some(self.node(k, edge, hung, depth))
    }

    fn origin(&self, number: usize, origin: &Origin, hung: &Hung<'_>) -> Branch<'a> {
        let access = if origin.known { "known, with access of its own" } else { "the texts leave its access open" };
        let of_claim = origin.mentions.iter().filter(|k| !hung.above.contains_key(k));
        Branch {
            title: format!("Origin {number}: {}", origin.name),
            href: origin.actor.as_ref().map(|id| self.page.actor(id)),
            about: format!("{access} · {}", self.carriers(&origin.mentions)),
            nodes: of_claim.map_while(|&k| self.next(k, None, hung, 0)).collect(),
        }
    }

    /// `3 mentions in 2 outlets`.
    fn carriers(&self, mentions: &[usize]) -> String {
        let outlets: std::collections::BTreeSet<String> =
            mentions.iter().map(|&k| self.view.outlet(&self.claim.mentions[k].report)).collect();
        format!("{} in {}", crate::text::count(mentions.len(), "mention"), crate::text::count(outlets.len(), "outlet"))
    }

    /// Which mention hangs on which. The edges are a forest; each is turned so that it leads up to the earliest mention.
    fn hung(&self) -> Hung<'a> {
        let mut neighbours: BTreeMap<usize, Vec<(usize, &'a Dependence)>> = BTreeMap::new();
        let count = self.claim.mentions.len();
        for edge in self.claim.dependences.iter().filter(|edge| edge.from < count && edge.to < count) {
            neighbours.entry(edge.from).or_default().push((edge.to, edge));
            neighbours.entry(edge.to).or_default().push((edge.from, edge));
        }
        let mut hung = Hung::default();
        let mut seen = vec![false; count];
        for root in 0..count {
            if std::mem::replace(&mut seen[root], true) {
                continue;
            }
            let mut open = std::collections::VecDeque::from([root]);
            while let Some(at) = open.pop_front() {
                for &(next, edge) in neighbours.get(&at).into_iter().flatten() {
                    if !std::mem::replace(&mut seen[next], true) {
                        hung.above.insert(next, edge);
                        hung.below.entry(at).or_default().push(next);
                        open.push_back(next);
                    }
                }
            }
        }
        hung
    }

    fn node(&self, k: usize, edge: Option<&Dependence>, hung: &Hung<'_>, depth: usize) -> Node<'a> {
        let mention = &self.claim.mentions[k];
        let outlet = self.view.outlet(&mention.report);
        let hops = self.hops(mention, &outlet);
        let own_voice = hops.is_empty();
        let below = hung.below.get(&k).map_or(&[][..], Vec::as_slice);
        let children = if depth < DEEPEST { below.to_vec() } else { Vec::new() };
        let mut children: Vec<Node<'a>> =
            children.into_iter().map_while(|c| self.next(c, hung.above.get(&c).copied(), hung, depth + 1)).collect();
        if depth + 1 == DEEPEST {
            // What hangs deeper stands here, so that nothing is left out.
            let deeper: Vec<usize> = below.iter().flat_map(|&c| hung.all_below(c)).collect();
            let flat = Hung { above: hung.above.clone(), below: BTreeMap::new() };
            children
                .extend(deeper.into_iter().map_while(|c| self.next(c, hung.above.get(&c).copied(), &flat, DEEPEST)));
        }
        Node {
            page: self.page,
            number: k + 1,
            words: self.shown.words(k + 1),
            stands: Stands(mention.stance),
            href: self.places.of(mention),
            when: When::new(mention.published.as_deref()),
            edge: edge.map(|edge| self.edge(edge)),
            circles: hops.iter().any(|hop| hop.circles),
            outlet,
            own_voice,
            hops,
            children,
        }
    }

    pub(super) fn edge(&self, edge: &Dependence) -> Edge {
        let at = |k: usize| self.claim.mentions.get(k).map(mention_key).unwrap_or_default();
        Edge {
            rule: if edge.rule == "own" { "the way it came".to_owned() } else { edge.rule.clone() },
            why: edge.why.clone(),
            inferred: is_inferred(&edge.rule),
            from: at(edge.from),
            to: at(edge.to),
            ends: (edge.from + 1, edge.to + 1),
        }
    }

    /// From the outlet back to the speaker; empty when the outlet says it in its own voice.
    fn hops(&self, mention: &Mention, outlet: &str) -> Vec<Hop> {
        let entry = self.view.entry(&mention.report);
        let attribution = entry.and_then(|entry| entry.reading.attributions.get(mention.attribution));
        let own_voice = attribution.is_some_and(|a| a.kind == Kind::Voice);
        if mention.chain.is_empty() && (own_voice || mention.speaker.as_deref() == Some(outlet)) {
            return Vec::new();
        }
        let words = |span: sayso::span::Span| entry.and_then(|entry| entry.report.text.get(span.start..span.end));
        let links = attribution.map_or(&[][..], |a| a.chain.as_slice());
        let channel = |link: &Link| link.channel.clone().filter(|channel| !channel.is_empty());
        let through: Vec<_> = links.iter().filter(|link| link.actor.is_some()).collect();
        let mut from = outlet;
        let mut out = Vec::new();
        for (k, name) in mention.chain.iter().enumerate() {
            let link = through.get(k);
            // A cue may be no more than the name: "the Meridian dispatch".
            let cue = |link: &&&Link| {
                words(link.cue).filter(|cue| cue.len() < LONG && !name.contains(*cue)).map(str::to_owned)
            };
            let verb = link.and_then(|link| cue(&link).or(link.verb.clone()));
            let via = link.and_then(|link| channel(link)).map(|channel| format!(" ({channel})"));
            let actor = self.view.actor_named(name);
            let href = actor.map(|actor| self.page.actor(&actor.id));
            out.push(self.hop(from, name, verb.unwrap_or_default() + &via.unwrap_or_default(), false, href));
            from = name;
        }
        let cue = attribution.map(|a| a.cue.iter().filter_map(|&span| words(span)).collect::<Vec<_>>().join(" … "));
        let via = links.iter().filter(|link| link.actor.is_none()).filter_map(channel).next();
        let verb = cue.unwrap_or_default() + &via.map(|via| format!(" ({via})")).unwrap_or_default();
        let name = mention.speaker.as_deref().unwrap_or("not said who");
        let href = mention.actor.as_ref().map(|id| self.page.actor(id));
        out.push(self.hop(from, name, verb, true, href));
        out
    }

    fn hop(&self, from: &str, name: &str, verb: String, speaker: bool, href: Option<String>) -> Hop {
        let circles = self.claim.circle.windows(2).any(|pair| pair[0] == key(from) && pair[1] == key(name));
        Hop { verb: verb.trim().to_owned(), name: name.to_owned(), href, speaker, circles }
    }
}

/// What hangs on what.
#[derive(Default)]
struct Hung<'a> {
    above: BTreeMap<usize, &'a Dependence>,
    below: BTreeMap<usize, Vec<usize>>,
}

impl Hung<'_> {
    fn all_below(&self, k: usize) -> Vec<usize> {
        let mut out = self.below.get(&k).cloned().unwrap_or_default();
        let mut at = 0;
        while at < out.len() {
            out.extend(self.below.get(&out[at]).into_iter().flatten());
            at += 1;
        }
        out
    }
}

/// Whether a rule concludes from likeness; the others rest on what the words say or on a person's decision.
fn is_inferred(rule: &str) -> bool {
    matches!(rule, "same text" | "same utterance" | "same evidence" | "same picture" | "retold" | "press release")
}

#[cfg(test)]
mod tests {
    use super::super::shown::Asked;
    use super::*;
    use crate::web::fixture::{page, view};

    fn grown<'a>(view: &'a CaseView, page: &'a Page, claim: &'a Claim, tree: usize) -> (Vec<Branch<'a>>, usize) {
        let places = Places::new(view, page);
        let shown = Shown::new(page, claim, Asked { tree: Some(tree), ..Asked::default() });
        Grower::new(view, page, &places, claim, &shown).branches()
    }

    /// A claim of so many mentions of which each depends on the one before, in the first words of one report.
    fn row(view: &CaseView, count: usize) -> Claim {
        let mention = view.weighing.claims[0].mentions[0].clone();
        let tie = |k: usize| Dependence {
            from: k,
            to: k - 1,
            rule: if k == 2 { "same text" } else { "same speaker" }.into(),
            why: format!("reason {k}"),
            span: None,
        };
        Claim {
            mentions: vec![mention; count],
            dependences: (1..count).map(tie).collect(),
            components: vec![Origin { name: "X".into(), actor: None, known: true, mentions: (0..count - 1).collect() }],
            origins: vec!["X".into()],
            ..Claim::default()
        }
    }

    fn numbers(nodes: &[Node<'_>], out: &mut Vec<usize>) {
        for node in nodes {
            out.push(node.number);
            numbers(&node.children, out);
        }
    }

    #[test]
    fn every_mention_stands_in_the_tree_once() {
        let (view, page) = (view(), page());
        for count in [2, 3, DEEPEST, DEEPEST + 1, 40] {
            let claim = row(&view, count);
            let (branches, in_tree) = grown(&view, &page, &claim, 1_000);
            let mut seen = Vec::new();
            branches.iter().for_each(|branch| numbers(&branch.nodes, &mut seen));
            assert_eq!(in_tree, seen.len());
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen, (1..=count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn of_a_long_claim_each_branch_shows_its_first() {
        let (view, page) = (view(), page());
        let claim = row(&view, 60);
        let (branches, in_tree) = grown(&view, &page, &claim, 0);
        let mut seen = Vec::new();
        branches.iter().for_each(|branch| numbers(&branch.nodes, &mut seen));
        assert_eq!(
            (branches.len(), in_tree, seen.len()),
            (2, 11, 11),
            "ten of the origin, and the one that is left over"
        );
    }

    #[test]
    fn an_edge_says_what_it_rests_on_and_can_be_cut() {
        let (view, page) = (view(), page());
        let claim = row(&view, 4);
        let (branches, _) = grown(&view, &page, &claim, 1_000);
        let html: String = branches[0].nodes.iter().map(ToString::to_string).collect();
        assert!(html.contains("name=\"decision\" value=\"cut\"") && html.contains("same text, inferred"), "{html}");
        assert!(html.contains("reason 1") && html.contains("/c/sea/reports/"), "{html}");
    }
}
