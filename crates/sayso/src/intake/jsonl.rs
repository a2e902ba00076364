//! JSONL: one object a line with `id`, `text` and what else is known. Other keys are ignored.
//!
//! `text` comes back byte for byte. A broken line is a notice and the rest goes on.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Capture, Reports, TextMap, blocks, json, shorten};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::span::Span;
use crate::text::charset::Decoded;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    published: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    outlet: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
}

/// The reports of a JSONL file, line by line; a file that is one JSON object or array of objects is read as well.
pub(super) fn read<'a>(capture: Capture<'a>, decoded: Decoded<'a>) -> Reports<'a> {
    let whole = whole(&decoded.text);
    let (mut at, mut number) = (0, capture.source.hints.lines_before);
    let mut rows = whole.into_iter();
    Box::new(std::iter::from_fn(move || {
        if let Some((row, place)) = rows.next() {
            number += 1;
            at = decoded.text.len();
            return Some(record(&capture, &decoded, &decoded.text[row], place, number));
        }
        while at < decoded.text.len() {
            let rest = &decoded.text[at..];
            let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            let (line, start) = (&rest[..end], at);
            at += end;
            number += 1;
            if !line.trim().is_empty() {
                return Some(record(&capture, &decoded, line, start, number));
            }
        }
        None
    }))
}

/// The objects of a text that is one JSON document over several lines: their ranges, and where each starts.
fn whole(text: &str) -> Vec<(std::ops::Range<usize>, usize)> {
    let trimmed = text.trim();
    let first = trimmed.lines().next().unwrap_or_default();
    if serde_json::from_str::<&RawValue>(first).is_ok() && !first.starts_with('[') {
        return Vec::new();
    }
    let rows = match serde_json::from_str::<Vec<&RawValue>>(trimmed) {
        Ok(rows) => rows,
        Err(_) if trimmed.starts_with('{') => serde_json::from_str::<&RawValue>(trimmed).into_iter().collect(),
        Err(_) => Vec::new(),
    };
    rows.into_iter()
        .map(|row| {
            let start = json::place(row, text);
            (start..start + row.get().len(), start)
        })
        .collect()
}

fn record(
    capture: &Capture<'_>,
    decoded: &Decoded<'_>,
    line: &str,
    start: usize,
    number: usize,
) -> Result<Report, Notice> {
    let bad = |why: String| Notice::new(Code::BadRecord, format!("Line {number} of {} {why}", capture.source.name));
    let parsed: Line<'_> = serde_json::from_str(line)
        .map_err(|error| bad(format!("is no report: {error}. It starts “{}”.", shorten(line.trim()))))?;
    let raw = parsed.text.ok_or_else(|| bad("has no “text”.".into()))?;
    let (text, map) = json::string(raw.get(), start + json::place(raw, line))
        .ok_or_else(|| bad("has a “text” that is no string.".into()))?;
    let own = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned).filter(|value| !value.is_empty());
    let mut report = Report {
        published: own(parsed.published),
        outlet: own(parsed.outlet),
        title: own(parsed.title),
        url: own(parsed.url),
        map: map.over(&decoded.map),
        text,
        ..Report::default()
    };
    set_id(&mut report, parsed.id).map_err(|why| bad(why.into()))?;
    report.blocks = blocks::blocks(&report.text, report.title.as_deref());
    // Notices about charset belong to the line that has the damage.
    let here = Decoded {
        text: Cow::Borrowed(line),
        map: TextMap::default(),
        encoding: decoded.encoding,
        replaced: if decoded.replaced > 0 { line.matches('\u{fffd}').count() } else { 0 },
    };
    debug_assert_eq!(report.map.source(Span::new(0, report.text.len())).is_empty(), report.text.is_empty());
    Ok(capture.finish(report, Some(&number.to_string()), &here))
}

/// A string or a number comes back as it was written.
fn set_id(report: &mut Report, id: Option<&RawValue>) -> Result<(), &'static str> {
    let Some(raw) = id.map(RawValue::get).filter(|raw| *raw != "null") else { return Ok(()) };
    match raw.as_bytes().first() {
        Some(b'"') => report.id = json::string(raw, 0).ok_or("has an “id” that is no string.")?.0,
        Some(b'0'..=b'9' | b'-') => {
            report.id = raw.to_owned();
            report.id_is_number = true;
        }
        _ => return Err("has an “id” that is neither a string nor a number."),
    }
    Ok(())
}
