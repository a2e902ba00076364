//! Leaves: the stretches of visible text between two block borders, in the order of the page.

use std::ops::Range;

use super::text::Collected;
use super::tree::{Node, Tree};
use crate::span::Span;

/// One stretch of visible text without a block border inside.
#[derive(Debug, Clone, Default)]
pub(super) struct Leaf {
    /// The block element around it.
    pub(super) element: usize,
    /// Its first text node.
    pub(super) node: usize,
    /// The text and its map to the page.
    pub(super) text: Collected,
    /// Characters, white space left out.
    pub(super) letters: usize,
    /// How many of them are links.
    pub(super) linked: usize,
    /// How many of them are bold.
    pub(super) bold: usize,
    /// How many of them are in a `<time>`.
    pub(super) timed: usize,
}

impl Leaf {
    /// The text.
    pub(super) fn words(&self) -> &str {
        &self.text.text
    }

    /// The share of it that is links.
    pub(super) fn link_share(&self) -> f64 {
        share(self.linked, self.letters)
    }

    /// How much of it counts as running prose: nothing for labels and links.
    pub(super) fn prose(&self) -> usize {
        let words = self.words().trim_end();
        let closed = words.ends_with(['.', '!', '?', '…', '”', '"', '»', ':', '؟', '۔', '।', '。', '」', ')']);
        let wide = words.chars().next().is_some_and(|c| c >= '\u{2e80}');
        let enough = match (closed, wide) {
            (true, false) => 35,
            (false, false) => 90,
            (_, true) => 15,
        };
        // A character of a wide script is about three letters.
        let weight = if wide { 3 } else { 1 };
        if self.letters < enough || self.link_share() > 0.6 { 0 } else { (self.letters - self.linked) * weight }
    }
}

/// A share of two counts; nothing of nothing is nothing.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    // Counts of characters on a page: far below the precision of a double.
    #[allow(clippy::cast_precision_loss)]
    let share = part as f64 / whole.max(1) as f64;
    share
}

/// The leaves of a page.
pub(super) fn leaves(tree: &Tree<'_>) -> Vec<Leaf> {
    let mut walk = Walk { tree, out: Vec::new(), lines: vec![Leaf::default()], pending: None };
    let mut blocks: Vec<usize> = vec![0];
    let mut marks: [usize; 3] = [0; 3];
    let mut skip = 0;
    for (at, node) in tree.nodes.iter().enumerate().skip(1) {
        if at < skip {
            continue;
        }
        while blocks.len() > 1 && blocks.last().is_some_and(|&block| tree.nodes[block].end <= at) {
            blocks.pop();
            walk.border();
        }
        if !node.is_text() && is_hidden(node) {
            skip = node.end;
            if node.is_block() {
                walk.border();
            }
            continue;
        }
        match node.name {
            "" => walk.text(at, blocks.last().copied().unwrap_or(0), marks.map(|end| end > at)),
            "br" => walk.line_break(node.range.clone()),
            "a" => marks[0] = marks[0].max(node.end),
            "b" | "strong" => marks[1] = marks[1].max(node.end),
            "time" => marks[2] = marks[2].max(node.end),
            _ => {}
        }
        if node.is_block() {
            walk.border();
            blocks.push(at);
        }
    }
    walk.border();
    walk.out
}

struct Walk<'a> {
    tree: &'a Tree<'a>,
    out: Vec<Leaf>,
    /// The lines of the block at hand: `<br>` starts a new one.
    lines: Vec<Leaf>,
    /// A line break behind the last line's text.
    pending: Option<Range<usize>>,
}

impl Walk<'_> {
    fn text(&mut self, at: usize, element: usize, [linked, bold, timed]: [bool; 3]) {
        let range = self.tree.nodes[at].range.clone();
        let raw = &self.tree.page[range.clone()];
        if self.tree.nodes[element].name == "pre" {
            return self.preformatted(at, element, raw, range.start);
        }
        let letters = raw.chars().filter(|c| !c.is_whitespace()).count();
        if letters > 0 && self.pending.take().is_some() {
            self.lines.push(Leaf::default());
        }
        let Some(line) = self.lines.last_mut() else { return };
        if line.letters == 0 {
            (line.element, line.node) = (element, at);
        }
        line.text.add(raw, range.start);
        line.letters += letters;
        line.linked += if linked { letters } else { 0 };
        line.bold += if bold { letters } else { 0 };
        line.timed += if timed { letters } else { 0 };
    }

    /// Old wire copy: blank lines end its paragraphs.
    fn preformatted(&mut self, at: usize, element: usize, raw: &str, start: usize) {
        let mut offset = 0;
        for line in raw.split_inclusive('\n') {
            if line.trim().is_empty() {
                self.border();
            } else if let Some(leaf) = self.lines.last_mut() {
                if leaf.letters == 0 {
                    (leaf.element, leaf.node) = (element, at);
                }
                leaf.text.add(line, start + offset);
                leaf.letters += line.chars().filter(|c| !c.is_whitespace()).count();
            }
            offset += line.len();
        }
    }

    /// One `<br>` may only break a line; two end the paragraph.
    fn line_break(&mut self, at: Range<usize>) {
        if self.pending.replace(at).is_some() {
            self.border();
        }
    }

    /// The end of a block.
    fn border(&mut self) {
        self.pending = None;
        let lines = std::mem::replace(&mut self.lines, vec![Leaf::default()]);
        let lines: Vec<Leaf> = lines.into_iter().filter(|line| !line.words().trim().is_empty()).collect();
        if lines.len() > 1 && !are_paragraphs(&lines) {
            self.out.push(join(&lines));
        } else {
            self.out.extend(lines);
        }
    }
}

/// Whether lines parted by one `<br>` each are paragraphs of their own: long ones, or ones that end as sentences do.
fn are_paragraphs(lines: &[Leaf]) -> bool {
    let letters: usize = lines.iter().map(|line| line.letters).sum();
    let closed = lines
        .iter()
        .filter(|line| line.prose() > 0 && line.words().ends_with(['.', '!', '?', '…', '”', '"', '»', '؟']))
        .count();
    letters > 100 * lines.len() || closed * 3 >= lines.len() * 2
}

/// Lines as one leaf with line breaks.
fn join(lines: &[Leaf]) -> Leaf {
    let place = |leaf: &Leaf| leaf.text.map.source(Span::new(0, leaf.words().len()));
    let mut out = lines[0].clone();
    for line in &lines[1..] {
        let gap = place(&out).end..place(line).start;
        out.text.text.push('\n');
        out.text.map.insert(1, gap);
        out.text.text.push_str(line.words());
        out.text.map.append(&line.text.map);
        out.letters += line.letters;
        out.linked += line.linked;
        out.bold += line.bold;
        out.timed += line.timed;
    }
    out
}

/// Elements that nobody sees, and the insides of controls.
fn is_hidden(node: &Node<'_>) -> bool {
    const NEVER: &[&str] = &[
        "head",
        "title",
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "math",
        "canvas",
        "object",
        "audio",
        "video",
        "select",
        "option",
        "textarea",
        "button",
        "amp-ad",
        "amp-sidebar",
        "amp-consent",
        "amp-social-share",
    ];
    if NEVER.contains(&node.name) && node.name != "head" {
        return true;
    }
    if node.name == "head" || !node.has_attributes() {
        return false;
    }
    let styled = node.attribute("style").is_some_and(|style| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    styled || node.attribute("hidden").is_some() || node.attribute("aria-hidden").is_some_and(|value| value == "true")
}
