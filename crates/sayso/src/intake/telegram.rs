//! Telegram's exported `result.json`: one report a message, forwards, edits and replies kept.
//!
//! The messages are read one after the other, so that a cut-off export still gives all messages before the cut.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Capture, Reports, TextMap, blocks, json, pictures};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::text::charset::Decoded;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(default)]
    id: i64,
    #[serde(borrow, default)]
    date: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    date_unixtime: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    edited_unixtime: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    from: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    author: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    forwarded_from: Option<Cow<'a, str>>,
    #[serde(default)]
    reply_to_message_id: Option<i64>,
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
    /// The file of a picture that it came with, where the export has it.
    #[serde(borrow, default)]
    photo: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    text: &'a RawValue,
}

/// Whether a JSON document is such an export.
pub(super) fn is_export(head: &str) -> bool {
    head.contains("\"messages\"") && head.contains("\"type\"") && head.contains("\"date")
}

/// The messages of every chat in the export that have words, in order.
pub(super) fn read<'a>(capture: Capture<'a>, decoded: Decoded<'a>) -> Reports<'a> {
    let mut at = 0;
    let mut chat: Option<String> = None;
    let mut inside = false;
    Box::new(std::iter::from_fn(move || {
        loop {
            if !inside {
                let start = at + list_of_messages(&decoded.text[at..])?;
                chat = name_before(&decoded.text[at..start]).or_else(|| chat.take());
                (at, inside) = (start, true);
            }
            let rest = decoded.text[at..].trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            at = decoded.text.len() - rest.len();
            if rest.is_empty() || rest.starts_with(']') {
                inside = false;
                continue;
            }
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
            let Some(Ok(raw)) = values.next() else {
                at = decoded.text.len();
                let message = format!(
                    "{} is cut off or broken at byte {}; the messages before it were read.",
                    capture.source.name,
                    at - rest.len()
                );
                return Some(Err(Notice::new(Code::BadRecord, message)));
            };
            at += raw.get().len();
            match message(&capture, &decoded, raw, chat.as_deref()) {
                Ok(None) => {}
                Ok(Some(report)) => return Some(Ok(report)),
                Err(notice) => return Some(Err(notice)),
            }
        }
    }))
}

/// The byte behind the `[` of the next list of messages.
fn list_of_messages(text: &str) -> Option<usize> {
    text.match_indices("\"messages\"").find_map(|(at, key)| {
        let rest = text[at + key.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
        Some(text.len() - rest.len())
    })
}

/// The chat's name: the last one stated before its messages.
fn name_before(text: &str) -> Option<String> {
    let rest = text[text.rfind("\"name\"")? + 6..].trim_start().strip_prefix(':')?.trim_start();
    let raw = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>().next()?.ok()?;
    Some(json::string(raw.get(), 0)?.0)
}

/// One message; nothing when it has no words (a picture alone, somebody joined).
fn message(
    capture: &Capture<'_>,
    decoded: &Decoded<'_>,
    raw: &RawValue,
    chat: Option<&str>,
) -> Result<Option<Report>, Notice> {
    let parsed: Message<'_> = serde_json::from_str(raw.get()).map_err(|error| {
        let message = format!(
            "A message at byte {} of {} was not understood: {error}.",
            json::place(raw, &decoded.text),
            capture.source.name
        );
        Notice::new(Code::BadRecord, message)
    })?;
    let Some((text, map)) = parsed.text.and_then(|text| words(text, &decoded.text)) else { return Ok(None) };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let own = |value: Option<Cow<'_, str>>| value.map(Cow::into_owned).filter(|value| !value.is_empty());
    let from = own(parsed.from);
    let outlet = chat.map(str::to_owned).or_else(|| from.clone());
    // "(File not included. …)" stands where a file was left out.
    let photo = own(parsed.photo).filter(|path| !path.starts_with('('));
    let report = Report {
        shown: photo.map(|path| pictures::with_text(path, &text)).into_iter().collect(),
        published: own(parsed.date_unixtime).or_else(|| own(parsed.date)),
        modified: own(parsed.edited_unixtime),
        authors: own(parsed.author).or_else(|| from.filter(|from| Some(from) != outlet.as_ref())).into_iter().collect(),
        outlet,
        forwarded_from: own(parsed.forwarded_from),
        reply_to: parsed.reply_to_message_id.map(|id| id.to_string()),
        blocks: blocks::blocks(&text, None),
        map: map.over(&decoded.map),
        text,
        ..Report::default()
    };
    let here =
        Decoded { text: Cow::Borrowed(raw.get()), map: TextMap::default(), encoding: decoded.encoding, replaced: 0 };
    Ok(Some(capture.finish(report, Some(&parsed.id.to_string()), &here)))
}

/// The words of a message: a string, or a list of strings and of marked stretches.
fn words(raw: &RawValue, of: &str) -> Option<(String, TextMap)> {
    if raw.get().starts_with('"') {
        return json::string(raw.get(), json::place(raw, of));
    }
    let parts: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
    let mut out = (String::new(), TextMap::default());
    for part in parts {
        let part =
            if part.get().starts_with('"') { part } else { serde_json::from_str::<Part<'_>>(part.get()).ok()?.text };
        let (text, map) = json::string(part.get(), json::place(part, of))?;
        out.0.push_str(&text);
        out.1.append(&map);
    }
    Some(out)
}
