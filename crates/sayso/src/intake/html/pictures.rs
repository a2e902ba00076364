//! The pictures of an article: those in its element, or between its headline and its text; no logos, no portraits of authors, no
//! teasers of other articles.

use super::article::{Article, said};
use super::leaves::Leaf;
use super::tree::{Node, Tree};
use crate::intake::pictures::join;
use crate::report::{Block, BlockKind, Shown};
use crate::span::Span;

/// Pictures of a page, and addresses of one picture, that are looked at.
const MOST: usize = 60;
const ADDRESSES: usize = 24;

/// The article's pictures, in the order of the page. `written` tells where its leaves stand in the text.
pub(super) fn shown(tree: &Tree<'_>, leaves: &[Leaf], article: &Article, written: &[(usize, Block)]) -> Vec<Shown> {
    let base = tree.nodes.iter().find(|node| node.name == "base").and_then(|node| node.attribute("href"));
    let pictures = tree.nodes.iter().enumerate().filter(|(_, node)| matches!(node.name, "img" | "amp-img"));
    let own = pictures.filter(|(at, _)| is_own(tree, leaves, article, *at));
    let shown = own.map(|(at, _)| Shown {
        addresses: addresses(tree, at).map(|address| join(base.as_deref().unwrap_or_default(), &address)).collect(),
        caption: caption(tree, leaves, written, at),
    });
    shown.filter(|shown| !shown.addresses.is_empty()).take(MOST).collect()
}

/// Whether a picture belongs to the article.
fn is_own(tree: &Tree<'_>, leaves: &[Leaf], article: &Article, at: usize) -> bool {
    let node_of = |leaf: Option<&(usize, BlockKind)>| leaf.map(|(leaf, _)| leaves[*leaf].node);
    let (first, last) = (node_of(article.leaves.first()), node_of(article.leaves.last()));
    let body = article.body..tree.nodes[article.body].end;
    let behind = leaves.partition_point(|leaf| leaf.node < at);
    let follows = article.leaves.last().is_some_and(|(leaf, _)| *leaf + 1 == behind);
    let within = first.is_some_and(|first| first < at) && last.is_some_and(|last| at < last);
    let leads = article.body != 0 && body.contains(&at) && last.is_some_and(|last| at < last);
    (within || leads || follows)
        && !article.ruled_out.iter().any(|range| range.contains(&at))
        && !tree.around(at).take(6).map(|up| said(&tree.nodes[up])).any(|says| says.byline || says.always_out)
        && !said(&tree.nodes[at]).out
        && !is_teaser(tree, at)
}

/// A picture that leads elsewhere than to itself in a larger size.
fn is_teaser(tree: &Tree<'_>, at: usize) -> bool {
    let link = tree.around(at).take(6).find(|&up| tree.nodes[up].name == "a");
    link.and_then(|link| tree.nodes[link].attribute("href")).is_some_and(|target| {
        let path = target.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let kinds = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"];
        !path.is_empty() && !path.starts_with("javascript:") && !kinds.iter().any(|kind| path.ends_with(kind))
    })
}

/// The caption in the picture's figure, or right behind the picture.
fn caption(tree: &Tree<'_>, leaves: &[Leaf], written: &[(usize, Block)], at: usize) -> Option<Span> {
    let mut captions = written.iter().filter(|(_, block)| block.kind == BlockKind::Caption);
    let figure = tree.around(at).take(8).find(|&up| tree.nodes[up].name == "figure").map(|up| up..tree.nodes[up].end);
    let behind = leaves.partition_point(|leaf| leaf.node < at);
    let fits = |leaf: usize| match &figure {
        Some(figure) => figure.contains(&leaves[leaf].node),
        None => leaf == behind,
    };
    captions.find(|(leaf, _)| fits(*leaf)).map(|(_, block)| block.span)
}

/// Where the bytes of a picture may be: pages that load late have a place holder in `src`, others name several sizes.
fn addresses<'a>(tree: &'a Tree<'_>, at: usize) -> impl Iterator<Item = String> + 'a {
    const ONE: &[&str] = &["src", "data-src", "data-original", "data-lazy-src", "data-full-src", "data-image"];
    let node = &tree.nodes[at];
    let one = ONE.iter().filter_map(|name| node.attribute(name)).map(|address| address.trim().to_owned());
    // <picture>: its sources stand before the picture.
    let around = &tree.nodes[node.parent];
    let sources = tree.nodes[node.parent..at].iter().filter(|node| around.name == "?" && node.name == "source");
    let sets = std::iter::once(node).chain(sources).flat_map(in_set);
    one.chain(sets).filter(|address| !address.is_empty()).take(ADDRESSES)
}

/// The addresses in `srcset`: each may have a width or a density behind it.
fn in_set<'a>(node: &'a Node<'_>) -> impl Iterator<Item = String> + use<'a> {
    let sets = ["srcset", "data-srcset"].into_iter().filter_map(|name| node.attribute(name));
    let words: Vec<String> =
        sets.flat_map(|set| set.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
    let is_size = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(['w', 'x', 'h']);
    let words = words.into_iter().map(|word| word.trim_matches(',').to_owned());
    words.filter(move |word| !is_size(word))
}
