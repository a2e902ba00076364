//! HTML pages as outlets write them: what they say about themselves, and the article's blocks in order.
//!
//! In: a decoded page. Out: one report. The page is cut into tags and text with their bytes ([`tokens`]), made a flat
//! tree ([`tree`]), its visible text collected into leaves ([`leaves`], [`text`]), the article chosen ([`article`],
//! [`furniture`]) with its [`pictures`], its head read ([`metadata`]). May not happen: recursion, a time that is not linear in the page.

mod article;
mod furniture;
mod leaves;
mod metadata;
mod pictures;
mod text;
mod tokens;
mod tree;

use leaves::Leaf;

use super::{Capture, TextMap};
use crate::notice::{Code, Notice};
use crate::report::{Block, BlockKind, Report};
use crate::span::Span;
use crate::text::charset::Decoded;

pub(super) use text::entity;

/// What stands between two blocks of the text.
const BETWEEN: &str = "\n\n";

/// Reads one page.
pub(super) fn read(capture: &Capture<'_>, decoded: &Decoded<'_>) -> Report {
    let mut report = page(&decoded.text);
    report.map = report.map.over(&decoded.map);
    capture.finish(report, None, decoded)
}

/// The report of a page, with its map to the page's characters.
fn page(page: &str) -> Report {
    let tree = tree::Tree::new(page);
    let leaves = leaves::leaves(&tree);
    let stated = metadata::stated(&tree);
    let mut found = article::article(&tree, &leaves, stated.title().as_deref(), stated.is_article);
    let mut report = Report::default();
    if !found.found {
        let message = "No article was found in the page; all of its visible text was taken.";
        report.notices.push(Notice::new(Code::NoArticle, message));
        found.leaves = (0..leaves.len()).map(|k| (k, BlockKind::Paragraph)).collect();
    }
    if tree.too_deep {
        let message = "The page's tags are nested too deeply; inside, text was taken without its structure.";
        report.notices.push(Notice::new(Code::Markup, message));
    }
    let written = write(&leaves, &found.leaves, &mut report);
    report.shown = if found.found { pictures::shown(&tree, &leaves, &found, &written) } else { Vec::new() };
    stated.fill(&tree, &leaves, &found, &mut report);
    report
}

/// Writes the chosen leaves one after the other. Out: which stands where.
fn write(leaves: &[Leaf], chosen: &[(usize, BlockKind)], report: &mut Report) -> Vec<(usize, Block)> {
    let mut end = 0;
    let mut written = Vec::with_capacity(chosen.len());
    for (k, kind) in chosen {
        let collected = &leaves[*k].text;
        let words = Span::new(0, collected.text.len()).trim(&collected.text);
        if words.is_empty() {
            continue;
        }
        let map: TextMap = collected.map.cut(words);
        let source = map.source(Span::new(0, words.len()));
        if !report.text.is_empty() {
            report.text.push_str(BETWEEN);
            report.map.insert(BETWEEN.len(), end..source.start.max(end));
        }
        let start = report.text.len();
        report.text.push_str(words.of(&collected.text));
        report.map.append(&map);
        let block = Block { kind: *kind, span: Span::new(start, report.text.len()) };
        report.blocks.push(block.clone());
        written.push((*k, block));
        end = source.end;
    }
    written
}

/// The text of a piece of HTML that is all content: an entry of a feed, a message.
pub(super) fn fragment(html: &str) -> Report {
    let tree = tree::Tree::new(html);
    let leaves = leaves::leaves(&tree);
    let mut report = Report::default();
    let chosen: Vec<(usize, BlockKind)> = article::plain_kinds(&tree, &leaves);
    write(&leaves, &chosen, &mut report);
    report
}

/// The value of an attribute in a start tag's attributes, unescaped.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, value) = tokens::attributes(attributes).find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(htmlize::unescape_attribute(value).into_owned())
}

/// An element that was looked for by its class.
#[derive(Debug)]
pub(super) struct Found {
    /// What it was found as.
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) class: String,
    pub(super) title: Option<String>,
    /// All its words, and those before its first inner element.
    pub(super) words: String,
    pub(super) own_words: String,
    /// The targets of its links, one after the other.
    pub(super) links: String,
    /// The bytes inside it.
    pub(super) inside: std::ops::Range<usize>,
}

/// The elements whose class `kind` names, in the order of the page.
pub(super) fn find_all(page: &str, kind: impl Fn(&str) -> Option<&'static str>) -> Vec<Found> {
    let tree = tree::Tree::new(page);
    let mut out = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.has_attributes()) {
        let Some(class) = node.attribute("class") else { continue };
        let Some(kind) = kind(&class) else { continue };
        let own = tree.nodes.get(at + 1).filter(|inner| inner.is_text() && at + 1 < node.end);
        let links = (at..node.end.min(at + 20))
            .filter_map(|k| tree.nodes[k].attribute("href").map(std::borrow::Cow::into_owned));
        let end = tree.nodes[at..node.end].iter().map(|inner| inner.range.end).max().unwrap_or(node.range.end);
        out.push(Found {
            kind,
            id: node.attribute("id").unwrap_or_default().into_owned(),
            title: node.attribute("title").map(std::borrow::Cow::into_owned),
            words: if kind == "page_header" { tree.words(at) } else { String::new() },
            own_words: own
                .map(|inner| htmlize::unescape(page[inner.range.clone()].trim()).into_owned())
                .unwrap_or_default(),
            links: links.collect(),
            inside: node.range.end..end.max(node.range.end),
            class: class.into_owned(),
        });
    }
    out
}
