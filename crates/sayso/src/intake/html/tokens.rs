//! Tags and text of a page, with their bytes. Follows the HTML standard as far as text depends on it.

use std::ops::Range;

/// One piece of markup or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `<name attributes>`.
    Start { name: &'a str, attributes: &'a str, closed: bool },
    /// `</name>`.
    End { name: &'a str },
    /// Characters, entities and all.
    Text,
    /// The inside of a script, a style or another element without markup.
    Raw,
}

/// Cuts a page into pieces, each with its range of bytes. Comments, doctypes and instructions are left out.
/// Linear: whatever is not closed is looked for once.
pub(super) struct Pieces<'a> {
    page: &'a str,
    at: usize,
    /// The element whose raw content comes next.
    raw: Option<&'a str>,
    /// Some quotation mark in a tag never closes: from there on the next `>` ends a tag.
    quotes_broken: bool,
    /// What was looked for up to the page's end in vain.
    missing: Vec<&'static str>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Self { page, at: 0, raw: None, quotes_broken: false, missing: Vec::new() }
    }

    fn find(&mut self, what: &'static str, from: usize) -> Option<usize> {
        if self.missing.contains(&what) {
            return None;
        }
        let found = memchr::memmem::find(self.page.as_bytes().get(from..)?, what.as_bytes()).map(|at| from + at);
        if found.is_none() {
            self.missing.push(what);
        }
        found
    }

    /// The end of the markup that starts at `at` with `<`; none when this `<` is only a character.
    fn markup_end(&mut self, at: usize) -> Option<usize> {
        let rest = &self.page[at..];
        let letter = |k: usize| rest.as_bytes().get(k).is_some_and(u8::is_ascii_alphabetic);
        let long_mark = [("<!--", "-->"), ("<![CDATA[", "]]>")].into_iter().find(|mark| rest.starts_with(mark.0));
        if let Some((_, close)) = long_mark
            && let Some(end) = self.find(close, at + 2)
        {
            return Some(end + close.len());
        }
        match rest.as_bytes().get(1)? {
            b'!' | b'?' => Some(self.find(">", at).map_or(self.page.len(), |end| end + 1)),
            b'/' if letter(2) => Some(self.find(">", at).map_or(self.page.len(), |end| end + 1)),
            _ if letter(1) => self.tag_end(at),
            _ => None,
        }
    }

    /// The end of a start tag: the first `>` outside quotation marks.
    fn tag_end(&mut self, at: usize) -> Option<usize> {
        let bytes = self.page.as_bytes();
        let mut k = at;
        while !self.quotes_broken && !self.missing.contains(&">") {
            let Some(next) = memchr::memchr3(b'>', b'"', b'\'', &bytes[k..]) else { break };
            k += next;
            if bytes[k] == b'>' {
                return Some(k + 1);
            }
            // Only behind `=` does a quotation mark open a value.
            let opens = self.page[at..k].trim_end().ends_with('=');
            k += 1;
            if opens {
                match memchr::memchr(bytes[k - 1], &bytes[k..]) {
                    Some(end) => k += end + 1,
                    None => self.quotes_broken = true,
                }
            }
        }
        self.find(">", at).map(|end| end + 1)
    }

    fn raw_text(&mut self, name: &str) -> Option<(Piece<'a>, Range<usize>)> {
        let start = self.at;
        let bytes = self.page.as_bytes();
        let end = memchr::memmem::find_iter(&bytes[start..], b"</")
            .map(|at| start + at)
            .find(|at| {
                bytes.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            })
            .unwrap_or(bytes.len());
        self.at = end;
        (end > start).then_some((Piece::Raw, start..end))
    }

    fn tag(&mut self, range: Range<usize>) -> Option<Piece<'a>> {
        let inside = self.page[range].strip_prefix('<')?;
        if let Some(name) = inside.strip_prefix('/') {
            let end = name.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(name.len());
            return Some(Piece::End { name: &name[..end] });
        }
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let inside = inside.strip_suffix('>').unwrap_or(inside);
        let end = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];
        self.raw = RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)).then_some(name);
        Some(Piece::Start { name, attributes, closed: attributes.ends_with('/') })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (Piece<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(name) = self.raw.take()
            && let Some(raw) = self.raw_text(name)
        {
            return Some(raw);
        }
        let mut start = self.at;
        let mut look = start;
        while let Some(at) =
            self.page.as_bytes().get(look..).and_then(|rest| memchr::memchr(b'<', rest)).map(|at| look + at)
        {
            if at > start && self.markup_end(at).is_some() {
                self.at = at;
                return Some((Piece::Text, start..at));
            }
            let Some(end) = self.markup_end(at) else {
                look = at + 1;
                continue;
            };
            self.at = end;
            if let Some(piece) = self.tag(at..end) {
                return Some((piece, at..end));
            }
            (start, look) = (end, end);
        }
        self.at = self.page.len();
        (start < self.page.len()).then_some((Piece::Text, start..self.page.len()))
    }
}

/// The attributes of a start tag: name as written, value still escaped.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let skip = rest.chars().next().map_or(1, char::len_utf8);
        let end = rest[skip..]
            .find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/')
            .map_or(rest.len(), |end| end + skip);
        let (name, behind) = rest.split_at(end);
        let Some(value) = behind.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = behind;
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: &str) -> Vec<String> {
        Pieces::new(page)
            .map(|(piece, range)| match piece {
                Piece::Start { name, attributes, .. } => format!("<{name}|{}>", attributes.trim()),
                Piece::End { name } => format!("</{name}>"),
                Piece::Text => format!("{:?}", &page[range]),
                Piece::Raw => format!("raw {:?}", &page[range]),
            })
            .collect()
    }

    #[test]
    fn tags_text_and_raw_text() {
        assert_eq!(
            shown("<!doctype html><P class='a>b'>x < y<br/><!-- <b> --><script>if(a<b)\"</p>\"</SCRIPT>z</p >"),
            [
                "<P|class='a>b'>",
                "\"x < y\"",
                "<br|/>",
                "<script|>",
                "raw \"if(a<b)\\\"</p>\\\"\"",
                "</SCRIPT>",
                "\"z\"",
                "</p>"
            ]
        );
        assert_eq!(
            shown("a <b title=\"never closed>c</b>d"),
            ["\"a \"", "<b|title=\"never closed>", "\"c\"", "</b>", "\"d\""]
        );
        assert_eq!(shown("<p>a <!-- open <i>b"), ["<p|>", "\"a \"", "\"b\""]);
        assert_eq!(shown("3 < 4 <"), ["\"3 < 4 <\""]);
        assert_eq!(shown("<p"), ["\"<p\""]);
    }

    #[test]
    fn attributes_in_every_form() {
        let found: Vec<_> = attributes(" a=1 b = 'x y' C=\"z\" hidden / data-x=a/b").collect();
        assert_eq!(found, [("a", "1"), ("b", "x y"), ("C", "z"), ("hidden", ""), ("data-x", "a/b")]);
        assert_eq!(attributes("=a \"").count(), 2);
    }
}
