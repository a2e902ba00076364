//! Telegram's HTML export (`messages.html`): one report a message.

use super::html::{Found, find_all};
use super::{Capture, Reports, html, pictures};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::text::charset::Decoded;

/// Whether a page is such an export.
pub(super) fn is_export(head: &str) -> bool {
    head.contains("Exported Data") && head.contains("<html")
}

/// The messages of the page that have words, in order.
pub(super) fn read<'a>(capture: Capture<'a>, decoded: Decoded<'a>) -> Reports<'a> {
    let found = find_all(&decoded.text, |class| {
        let has = |wanted: &str| class.split_whitespace().any(|word| word == wanted);
        let kinds = [
            ("page_header", has("page_header")),
            ("message", has("message") && !has("service")),
            ("service", has("message") && has("service")),
            ("date", has("date") && has("details")),
            ("from", has("from_name")),
            ("forwarded", has("forwarded")),
            ("reply", has("reply_to")),
            ("text", has("text")),
            ("photo", has("photo_wrap")),
        ];
        kinds.into_iter().find(|kind| kind.1).map(|kind| kind.0)
    });
    let chat = found.iter().find(|part| part.kind == "page_header").map(|part| part.words.clone());
    let mut messages: Vec<Message> = Vec::new();
    for part in found {
        collect(part, &mut messages);
    }
    carry_senders(&mut messages);
    if messages.is_empty() {
        let message = format!("{} is a Telegram export without messages.", capture.source.name);
        return Box::new(std::iter::once(Err(Notice::new(Code::Empty, message))));
    }
    let spoken = messages.into_iter().filter(|message| message.text.is_some());
    Box::new(spoken.map(move |message| {
        let Some(range) = message.text.clone() else { return Ok(Report::default()) };
        let mut report = html::fragment(&decoded.text[range.clone()]);
        report.map = report.map.over(&crate::intake::TextMap::identity(range.len(), range.start)).over(&decoded.map);
        report.outlet = chat.clone().or_else(|| message.from.clone());
        report.authors = message.from.clone().filter(|from| Some(from) != report.outlet.as_ref()).into_iter().collect();
        report.published = message.date.clone();
        report.forwarded_from = message.forwarded.clone();
        report.reply_to = message.reply.clone();
        report.shown = message.photos.iter().map(|path| pictures::with_text(path.clone(), &report.text)).collect();
        Ok(capture.finish(report, Some(message.id.trim_start_matches("message")), &decoded))
    }))
}

/// What was found of one message.
#[derive(Default)]
struct Message {
    id: String,
    joined: bool,
    from: Option<String>,
    date: Option<String>,
    forwarded: Option<String>,
    in_forward: bool,
    reply: Option<String>,
    photos: Vec<String>,
    text: Option<std::ops::Range<usize>>,
}

fn collect(part: Found, messages: &mut Vec<Message>) {
    if part.kind == "message" || part.kind == "service" {
        let joined = part.class.split_whitespace().any(|word| word == "joined");
        messages.push(Message { id: part.id, joined, ..Message::default() });
        return;
    }
    let Some(message) = messages.last_mut() else { return };
    match part.kind {
        "date" if message.date.is_none() => message.date = part.title,
        "forwarded" => message.in_forward = true,
        "from" if message.in_forward => message.forwarded = message.forwarded.take().or(Some(part.own_words)),
        "from" => message.from = Some(part.own_words),
        "reply" => {
            let digits: String = part
                .links
                .rsplit("message")
                .next()
                .unwrap_or_default()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            message.reply = Some(digits).filter(|digits| !digits.is_empty());
        }
        "photo" if !part.links.is_empty() => message.photos.push(part.links),
        "text" if message.text.is_none() => message.text = Some(part.inside),
        _ => {}
    }
}

/// A message joined to the one before has its sender.
fn carry_senders(messages: &mut [Message]) {
    let mut sender = None;
    for message in messages {
        if message.joined && message.from.is_none() {
            message.from.clone_from(&sender);
        }
        sender.clone_from(&message.from);
    }
}
