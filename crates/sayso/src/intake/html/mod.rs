//! HTML pages as outlets write them: what they say about themselves, and the article's blocks in order.
//!
//! In: a decoded page. Out: one report. The page is cut into tags and text with their bytes ([`tokens`]), made a flat
//! tree ([`tree`]), its visible text collected into leaves ([`leaves`], [`text`]), the article chosen ([`article`],
//! [`furniture`]), its head read ([`metadata`]). May not happen: recursion, a time that is not linear in the page.

mod article;
mod furniture;
mod leaves;
mod metadata;
mod text;
mod tokens;
mod tree;

use leaves::Leaf;

use super::{Capture, TextMap};
use crate::notice::{Code, Notice};
use crate::report::{Block, BlockKind, Report};
use crate::span::Span;
use crate::text::charset::Decoded;

/// What stands between two blocks of the text.
const BETWEEN: &str = "\n\n";

/// Reads one page.
pub(super) fn read(capture: &Capture<'_>, decoded: &Decoded<'_>) -> Report {
    let mut report = page(&decoded.text);
    report.map = report.map.over(&decoded.map);
    capture.finish(report, None, decoded)
}

/// The report of a page, with its map to the page's characters.
pub(super) fn page(page: &str) -> Report {
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
    write(&leaves, &found.leaves, &mut report);
    stated.fill(&tree, &leaves, &found, &mut report);
    report
}

/// Writes the chosen leaves one after the other.
fn write(leaves: &[Leaf], chosen: &[(usize, BlockKind)], report: &mut Report) {
    let mut end = 0;
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
        report.blocks.push(Block { kind: *kind, span: Span::new(start, report.text.len()) });
        end = source.end;
    }
}
