//! JSON Feed: one report an item.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Capture, Reports, blocks, html, json};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::text::charset::Decoded;

#[derive(Deserialize)]
struct Feed<'a> {
    #[serde(borrow, default)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    content_html: Option<&'a RawValue>,
    #[serde(borrow, default)]
    content_text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    summary: Option<&'a RawValue>,
    #[serde(borrow, default)]
    date_published: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    date_modified: Option<Cow<'a, str>>,
    #[serde(default)]
    authors: Vec<Author>,
}

#[derive(Deserialize)]
struct Author {
    #[serde(default)]
    name: String,
}

/// Whether a JSON document is such a feed.
pub(super) fn is_feed(head: &str) -> bool {
    head.contains("jsonfeed.org/version")
}

/// The items of a feed, in order.
pub(super) fn read<'a>(capture: Capture<'a>, decoded: Decoded<'a>) -> Reports<'a> {
    let bad = |what: &str, error| {
        Notice::new(Code::BadRecord, format!("{what} of {} was not understood: {error}.", capture.source.name))
    };
    let results: Vec<Result<Report, Notice>> = match serde_json::from_str::<Feed<'_>>(&decoded.text) {
        Err(error) => vec![Err(bad("The JSON feed", error))],
        Ok(feed) => {
            let items = feed.items.iter().enumerate().map(|(k, raw)| {
                let parsed: Item<'_> =
                    serde_json::from_str(raw.get()).map_err(|error| bad(&format!("Item {}", k + 1), error))?;
                let mut report = item(parsed, &decoded);
                report.outlet = feed.title.as_ref().map(|title| title.clone().into_owned());
                Ok(capture.finish(report, Some(&(k + 1).to_string()), &decoded))
            });
            items.collect()
        }
    };
    Box::new(results.into_iter())
}

fn item(item: Item<'_>, decoded: &Decoded<'_>) -> Report {
    let text_of = |raw: Option<&RawValue>| raw.and_then(|raw| json::string(raw.get(), json::place(raw, &decoded.text)));
    let own = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned).filter(|value| !value.is_empty());
    let mut report = if let Some((html, map)) = text_of(item.content_html) {
        let mut report = html::fragment(&html);
        report.map = report.map.over(&map);
        report
    } else {
        let (text, map) = text_of(item.content_text).or_else(|| text_of(item.summary)).unwrap_or_default();
        Report { blocks: blocks::blocks(&text, None), text, map, ..Report::default() }
    };
    report.map = report.map.over(&decoded.map);
    report.title = own(item.title);
    report.url = own(item.url);
    report.published = own(item.date_published);
    report.modified = own(item.date_modified);
    report.authors = item.authors.into_iter().map(|author| author.name).filter(|name| !name.is_empty()).collect();
    report
}
