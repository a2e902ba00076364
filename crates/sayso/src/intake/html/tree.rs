//! The elements of a page: one list in the order of the page, each knowing where it ends.
//!
//! Never recursive, never deeper than [`DEEPEST`]. Unclosed and misnested tags are closed as browsers do it, as far as
//! it matters for which text belongs together.

use std::borrow::Cow;
use std::ops::Range;

use super::tokens::{Piece, Pieces, attributes};

/// Elements open at once; tags inside that are left out of the tree, their text is not.
const DEEPEST: usize = 256;

/// An element or a stretch of text.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    /// Lower-case name of a known element, `""` for text, `"?"` for any other element.
    pub(super) name: &'static str,
    /// The start tag, or the text.
    pub(super) range: Range<usize>,
    /// The start tag's attributes as written.
    attributes: &'a str,
    /// The element around it; itself for the outermost.
    pub(super) parent: usize,
    /// Index behind its last descendant.
    pub(super) end: usize,
}

impl Node<'_> {
    pub(super) fn is_text(&self) -> bool {
        self.name.is_empty()
    }

    /// The value of an attribute, unescaped.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let (_, value) = attributes(self.attributes).find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(htmlize::unescape_attribute(value))
    }

    /// Whether it has any attribute.
    pub(super) fn has_attributes(&self) -> bool {
        !self.attributes.trim().is_empty()
    }

    /// Whether a text ends before and after it.
    pub(super) fn is_block(&self) -> bool {
        BLOCK.contains(&self.name)
    }
}

/// A page's nodes in order.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) page: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    /// Whether tags were nested deeper than the bound.
    pub(super) too_deep: bool,
}

const BLOCK: &[&str] = &[
    "p",
    "div",
    "li",
    "td",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "tr",
    "table",
    "article",
    "section",
    "header",
    "footer",
    "aside",
    "nav",
    "main",
    "blockquote",
    "figure",
    "figcaption",
    "form",
    "body",
    "html",
    "head",
    "address",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "dl",
    "dt",
    "fieldset",
    "hgroup",
    "hr",
    "menu",
    "pre",
    "summary",
    "tbody",
    "tfoot",
    "th",
    "thead",
    "option",
    "caption",
    "video",
    "audio",
    "iframe",
    "button",
    "select",
    "noscript",
    "template",
    "title",
    "script",
    "style",
    "textarea",
    "legend",
    "amp-ad",
    "amp-sidebar",
    "amp-consent",
    "amp-embed",
    "amp-social-share",
    "amp-list",
    "amp-carousel",
    "optgroup",
    "object",
    "svg",
];
const INLINE: &[&str] = &[
    "a", "b", "i", "em", "strong", "span", "font", "u", "s", "small", "big", "sub", "sup", "time", "q", "cite", "mark",
    "abbr", "label", "img", "br", "wbr", "meta", "link", "input", "source", "area", "base", "col", "embed", "param",
    "track", "math", "canvas", "ins", "del", "amp-img",
];
const VOID: &[&str] =
    &["br", "hr", "img", "wbr", "meta", "link", "input", "source", "area", "base", "col", "embed", "param", "track"];
/// Elements whose start ends an open paragraph.
const ENDS_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
    "li",
    "dd",
    "dt",
    "td",
    "th",
    "tr",
];

fn known(name: &str) -> &'static str {
    BLOCK.iter().chain(INLINE).find(|known| known.eq_ignore_ascii_case(name)).copied().unwrap_or("?")
}

impl<'a> Tree<'a> {
    /// Builds the tree of a page.
    pub(super) fn new(page: &'a str) -> Self {
        let mut builder =
            Builder { tree: Self { page, nodes: Vec::new(), too_deep: false }, open: Vec::new(), beyond: 0 };
        builder.push("html", 0..0, "");
        builder.open.push(0);
        for (piece, range) in Pieces::new(page) {
            match piece {
                Piece::Start { name, attributes, closed } => builder.start(name, attributes, closed, range),
                Piece::End { name } => builder.end(known(name)),
                Piece::Text | Piece::Raw => {
                    builder.push("", range, "");
                }
            }
        }
        builder.close_to(0);
        builder.tree
    }

    /// The indexes of the elements around a node, innermost first, itself included when it is one.
    pub(super) fn around(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let mut next = Some(node);
        std::iter::from_fn(move || {
            let at = next?;
            let parent = self.nodes[at].parent;
            next = (parent != at).then_some(parent);
            Some(at)
        })
    }

    /// The text inside a node, unescaped, white space made one space; the head of it where it is very long.
    pub(super) fn words(&self, node: usize) -> String {
        let mut out = String::new();
        for inner in &self.nodes[node..self.nodes[node].end] {
            if inner.is_text() {
                out.push_str(&htmlize::unescape(&self.page[inner.range.clone()]));
            } else {
                out.push(' ');
            }
            if out.len() > 5_000 {
                break;
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

struct Builder<'a> {
    tree: Tree<'a>,
    /// Indexes of the open elements, outermost first.
    open: Vec<usize>,
    /// How many elements are open beyond the bound.
    beyond: usize,
}

impl<'a> Builder<'a> {
    fn push(&mut self, name: &'static str, range: Range<usize>, attributes: &'a str) -> usize {
        let at = self.tree.nodes.len();
        let parent = self.open.last().copied().unwrap_or(at);
        self.tree.nodes.push(Node { name, range, attributes, parent, end: at + 1 });
        at
    }

    fn start(&mut self, name: &str, attributes: &'a str, closed: bool, range: Range<usize>) {
        let name = known(name);
        // The outermost element is there already; a second body is none.
        if matches!(name, "html") || name == "body" && self.find(|open| open == "body").is_some() {
            if name == "html" && self.tree.nodes[0].attributes.is_empty() {
                self.tree.nodes[0].attributes = attributes;
            }
            return;
        }
        self.close_implied(name);
        let foreign = closed && (name == "?" || name.starts_with("amp-") || name == "svg");
        if self.open.len() >= DEEPEST && !VOID.contains(&name) {
            self.tree.too_deep = true;
            if !closed {
                self.beyond += 1;
            }
            return;
        }
        let at = self.push(name, range, attributes);
        if !VOID.contains(&name) && !foreign {
            self.open.push(at);
        }
    }

    /// Position among the open elements of the innermost one that `is` accepts.
    fn find(&self, is: impl Fn(&str) -> bool) -> Option<usize> {
        self.open.iter().rposition(|&at| is(self.tree.nodes[at].name))
    }

    fn close_implied(&mut self, name: &'static str) {
        let (closes, within): (&[&str], &[&str]) = match name {
            "body" => (&["head"], &["body"]),
            "li" => (&["li"], &["ul", "ol", "menu", "dir", "td", "table"]),
            "dd" | "dt" => (&["dd", "dt"], &["dl", "td", "table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["tbody", "thead", "tfoot", "table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            "option" | "optgroup" => (&["option"], &["select"]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                (&["h1", "h2", "h3", "h4", "h5", "h6"], &["div", "td", "section", "article"])
            }
            "a" => (&["a"], BLOCK),
            _ => (&[], &[]),
        };
        if let Some(at) = self.find(|open| closes.contains(&open) || within.contains(&open))
            && closes.contains(&self.tree.nodes[self.open[at]].name)
        {
            self.close_to(at);
        }
        if ENDS_PARAGRAPH.contains(&name)
            && let Some(at) = self.find(|open| {
                matches!(open, "p" | "table" | "td" | "th" | "caption" | "button" | "object" | "li" | "div")
            })
            && self.tree.nodes[self.open[at]].name == "p"
        {
            self.close_to(at);
        }
    }

    fn end(&mut self, name: &'static str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if VOID.contains(&name) {
            if name == "br" {
                let at = self.tree.nodes.last().map_or(0, |node| node.range.end);
                self.push("br", at..at, "");
            }
            return;
        }
        if matches!(name, "body" | "html" | "?") {
            return self.end_unknown(name);
        }
        let block = BLOCK.contains(&name);
        // An inline end tag does not reach out of its block, nor any end tag out of its table cell.
        let stops = |open: &str| {
            if block { matches!(open, "td" | "th") && !CELLS.contains(&name) } else { BLOCK.contains(&open) }
        };
        if let Some(at) = self.find(|open| open == name || stops(open))
            && self.tree.nodes[self.open[at]].name == name
        {
            self.close_to(at);
        }
    }

    /// `</thing>` of an element that is not known closes the innermost unknown one, if no block is between.
    fn end_unknown(&mut self, name: &'static str) {
        if name == "?"
            && let Some(at) = self.find(|open| open == "?" || BLOCK.contains(&open))
            && self.tree.nodes[self.open[at]].name == "?"
        {
            self.close_to(at);
        }
    }

    /// Closes the open elements from position `at` on.
    fn close_to(&mut self, at: usize) {
        let end = self.tree.nodes.len();
        for closed in self.open.drain(at..) {
            self.tree.nodes[closed].end = end;
        }
    }
}

/// What may end a table cell.
const CELLS: &[&str] = &["td", "th", "tr", "tbody", "thead", "tfoot", "table"];

#[cfg(test)]
mod tests {
    use super::*;

    /// Elements and texts as nested brackets.
    fn shown(page: &str) -> String {
        let tree = Tree::new(page);
        let mut out = String::new();
        let mut ends: Vec<usize> = Vec::new();
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            while ends.last().is_some_and(|end| *end <= at) {
                ends.pop();
                out.push(')');
            }
            if node.is_text() {
                out.push_str(page[node.range.clone()].trim());
            } else {
                out.push_str(&format!("({} ", node.name));
                ends.push(node.end);
            }
        }
        out + &")".repeat(ends.len())
    }

    #[test]
    fn unclosed_and_misnested_tags() {
        assert_eq!(shown("<p>a<p>b<b>c<p>d</b>e"), "(p a)(p b(b c))(p de)");
        assert_eq!(shown("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>x"), "(ul (li a)(li b(ul (li c)))(li d))x");
        assert_eq!(
            shown("<table><tr><td>a<td>b<tr><td><p>c</div>d</table>e"),
            "(table (tr (td a)(td b))(tr (td (p cd))))e"
        );
        assert_eq!(shown("<p>a<div>b</p>c</div>d"), "(p a)(div bc)d");
        assert_eq!(shown("<body><x-y>a</x-y>b</body></html>c"), "(body (? a)bc)");
        assert_eq!(shown("a</br>b<p/>c"), "a(br )b(p c)");
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let page = format!("{}x{}<p>y", "<div><i>".repeat(50_000), "</i></div>".repeat(50_000));
        let tree = Tree::new(&page);
        assert!(tree.too_deep && tree.nodes.len() < 600);
        assert!(tree.nodes.iter().any(|node| node.name == "p"));
    }
}
