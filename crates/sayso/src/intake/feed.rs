//! Feeds (RSS, Atom): one report an entry, from its content or, failing that, its summary.
//!
//! An entry's content is HTML written as text inside XML, so its characters go back through both.

use std::ops::Range;

use super::html::{self, entity};
use super::{Capture, Reports, TextMap, xml};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::text::charset::Decoded;
use xml::{Element, children};

/// Whether a document is a feed.
pub(super) fn is_feed(head: &str) -> bool {
    let head = head.trim_start();
    head.starts_with('<')
        && ["<rss", "<feed", "<rdf:RDF"].iter().any(|root| head.contains(root))
        && !head.contains("<html")
}

/// The entries of a feed, in order.
pub(super) fn read<'a>(capture: Capture<'a>, decoded: Decoded<'a>) -> Reports<'a> {
    let text = decoded.text.as_ref();
    let root = children(text, 0..text.len()).find(|root| matches!(local(root.name), "rss" | "feed" | "RDF"));
    let Some(root) = root else {
        return Box::new(std::iter::once(Err(Notice::new(
            Code::BadRecord,
            format!("{} is no feed that can be read.", capture.source.name),
        ))));
    };
    let channel = children(text, root.inside.clone()).find(|child| local(child.name) == "channel");
    let lists = [channel.as_ref().map(|channel| channel.inside.clone()), Some(root.inside.clone())];
    let head = lists[0].clone().unwrap_or(root.inside);
    let outlet = child(text, head.clone(), "title").map(|title| words(text, title.inside));
    let language = child(text, head, "language").map(|language| words(text, language.inside));
    let mut entries: Vec<(Range<usize>, usize)> = Vec::new();
    for list in lists.into_iter().flatten() {
        entries.extend(
            children(text, list)
                .filter(|entry| matches!(local(entry.name), "item" | "entry"))
                .map(|entry| (entry.inside, entry.end)),
        );
    }
    entries.sort_by_key(|entry| entry.0.start);
    entries.dedup();
    let cut = entries.last().is_some_and(|last| last.0.end == last.1);
    if entries.is_empty() {
        return Box::new(std::iter::once(Err(Notice::new(
            Code::Empty,
            format!("{} is a feed without entries.", capture.source.name),
        ))));
    }
    let count = entries.len();
    Box::new(entries.into_iter().enumerate().map(move |(k, (range, _))| {
        let mut report = entry(&decoded.text, range);
        report.outlet = report.outlet.or_else(|| outlet.clone());
        report.language = report.language.or_else(|| language.clone());
        report.map = report.map.over(&decoded.map);
        if cut && k + 1 == count {
            report.notices.push(Notice::new(Code::BadRecord, "The feed is cut off inside this entry."));
        }
        Ok(capture.finish(report, Some(&(k + 1).to_string()), &decoded))
    }))
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn child<'a>(text: &'a str, inside: Range<usize>, name: &str) -> Option<Element<'a>> {
    children(text, inside).find(|child| child.name == name)
}

/// The plain words of an element: its text unescaped, tags taken out.
fn words(text: &str, inside: Range<usize>) -> String {
    let (html, _) = unescaped(text, inside);
    html::fragment(&html).text.replace("\n\n", " ")
}

fn entry(text: &str, inside: Range<usize>) -> Report {
    let find = |names: &[&str]| names.iter().find_map(|name| child(text, inside.clone(), name));
    let said = |names: &[&str]| find(names).map(|found| words(text, found.inside)).filter(|words| !words.is_empty());
    let content = ["content:encoded", "content", "description", "summary"].iter().find_map(|name| {
        let found = child(text, inside.clone(), name)?;
        let (html, map) = if found.attributes.contains("xhtml") {
            as_written(text, found.inside)
        } else {
            unescaped(text, found.inside)
        };
        let mut report = html::fragment(&html);
        report.map = report.map.over(&map);
        (!report.text.is_empty()).then_some(report)
    });
    let mut report = content.unwrap_or_default();
    report.title = said(&["title"]);
    report.published = said(&["pubDate", "published", "dc:date", "updated"]);
    report.modified = said(&["updated"]).filter(|date| Some(date) != report.published.as_ref());
    report.url = link(text, inside.clone());
    report.outlet = said(&["source"]);
    let source = find(&["source"]).and_then(|source| html::attribute(source.attributes, "url"));
    report.came_from = source.filter(|url| url.starts_with("http"));
    report.section = said(&["category"]);
    let author = find(&["dc:creator", "author"]);
    report.authors = author
        .map(|author| child(text, author.inside.clone(), "name").unwrap_or(author))
        .map(|name| words(text, name.inside))
        .filter(|name| !name.is_empty())
        .into_iter()
        .collect();
    report
}

/// `<link>url</link>` of RSS, `<link href="url" rel="alternate"/>` of Atom, else a guid that is a link.
fn link(text: &str, inside: Range<usize>) -> Option<String> {
    let links = children(text, inside.clone()).filter(|child| child.name == "link");
    let found = links.filter_map(|link| {
        let attribute = |name: &str| html::attribute(link.attributes, name);
        if attribute("rel").is_some_and(|rel| rel != "alternate") {
            return None;
        }
        attribute("href").or_else(|| Some(words(text, link.inside.clone())))
    });
    let mut found = found.filter(|url| url.starts_with("http"));
    found.next().or_else(|| {
        child(text, inside, "guid").map(|guid| words(text, guid.inside)).filter(|url| url.starts_with("http"))
    })
}

fn as_written(text: &str, inside: Range<usize>) -> (String, TextMap) {
    (text[inside.clone()].to_owned(), TextMap::identity(inside.len(), inside.start))
}

/// The text of an element: entities resolved, CDATA as it is.
fn unescaped(text: &str, inside: Range<usize>) -> (String, TextMap) {
    let (mut out, mut map) = (String::new(), TextMap::default());
    let mut at = inside.start;
    while at < inside.end {
        let rest = &text[at..inside.end];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let len = data.find("]]>").unwrap_or(data.len());
            out.push_str(&data[..len]);
            map.copy(len, at + 9);
            at = (at + 9 + len + 3).min(inside.end);
        } else if let Some((character, len)) = rest.starts_with('&').then(|| entity(rest)).flatten() {
            out.push_str(&character);
            map.unit(character.len(), at..at + len);
            at += len;
        } else {
            let len = memchr::memchr2(b'<', b'&', &rest.as_bytes()[1..]).map_or(rest.len(), |len| len + 1);
            out.push_str(&rest[..len]);
            map.copy(len, at);
            at += len;
        }
    }
    (out, map)
}
