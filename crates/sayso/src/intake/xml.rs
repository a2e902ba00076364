//! XML as feeds have it: elements with their bytes. No custom entities, so no entity bombs; no recursion.

use std::ops::Range;

/// A start tag with the range of what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// Name with its prefix, as written.
    pub(super) name: &'a str,
    /// Attributes as written.
    pub(super) attributes: &'a str,
    /// What stands between start and end tag.
    pub(super) inside: Range<usize>,
    /// Behind the end tag.
    pub(super) end: usize,
}

/// The elements directly inside `range` of `text`, in order. An element that is never closed ends with the range.
pub(super) fn children(text: &str, range: Range<usize>) -> impl Iterator<Item = Element<'_>> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        loop {
            let (tag, next) = tag(text, at, range.end)?;
            at = next;
            let Tag::Start { name, attributes, closed } = tag else { continue };
            if closed {
                return Some(Element { name, attributes, inside: next..next, end: next });
            }
            let (inside_end, end) = close(text, name, next, range.end);
            at = end;
            return Some(Element { name, attributes, inside: next..inside_end, end });
        }
    })
}

enum Tag<'a> {
    Start { name: &'a str, attributes: &'a str, closed: bool },
    End { name: &'a str },
}

/// The next tag from `at` on, comments, CDATA and instructions skipped, and the byte behind it.
fn tag(text: &str, mut at: usize, end: usize) -> Option<(Tag<'_>, usize)> {
    loop {
        at += memchr::memchr(b'<', text.as_bytes().get(at..end)?)?;
        let rest = &text[at..end];
        let skip = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")]
            .into_iter()
            .find(|pair| rest.starts_with(pair.0));
        if let Some((_, close)) = skip {
            at += rest.find(close)? + close.len();
            continue;
        }
        let close = at + rest.find('>')?;
        let inside = &text[at + 1..close];
        if let Some(name) = inside.strip_prefix('/') {
            return Some((Tag::End { name: name.trim() }, close + 1));
        }
        let (inside, closed) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let (name, attributes) = inside.split_at(inside.find(char::is_whitespace).unwrap_or(inside.len()));
        if name.starts_with(|c: char| c.is_alphabetic()) {
            return Some((Tag::Start { name, attributes, closed }, close + 1));
        }
        at += 1;
    }
}

/// Where the element `name`, whose inside starts at `at`, ends: before and behind its end tag.
fn close(text: &str, name: &str, mut at: usize, end: usize) -> (usize, usize) {
    let mut open = 1;
    while let Some((tag, next)) = tag(text, at, end) {
        match tag {
            Tag::Start { name: other, closed: false, .. } if other == name => open += 1,
            Tag::End { name: other } if other == name => open -= 1,
            _ => {}
        }
        if open == 0 {
            let start = text[..next].rfind("</").unwrap_or(next);
            return (start, next);
        }
        at = next;
    }
    (end, end)
}
