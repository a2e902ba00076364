//! Mail messages (`.eml`): one report, its text from the plain body, else from the HTML one.

use std::borrow::Cow;

use mail_parser::{Encoding, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{Capture, Reports, TextMap, blocks, html, pictures};
use crate::notice::{Code, Notice};
use crate::report::Report;
use crate::text::charset::{Decoded, decode};

/// Whether bytes start with the headers of a mail.
pub(super) fn is_mail(name: &str, bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8_192)];
    let head = String::from_utf8_lossy(head);
    let has = |header: &str| {
        head.lines().take_while(|line| !line.is_empty()).any(|line| {
            line.len() > header.len()
                && line.is_char_boundary(header.len())
                && line[..header.len()].eq_ignore_ascii_case(header)
        })
    };
    let named = name.to_ascii_lowercase().ends_with(".eml");
    has("from:") && (named || has("subject:") && (has("message-id:") || has("mime-version:") || has("received:")))
}

/// The one report of a mail.
pub(super) fn read<'a>(capture: &Capture<'_>, bytes: &[u8]) -> Reports<'a> {
    Box::new(std::iter::once(message(capture, bytes)))
}

fn message(capture: &Capture<'_>, bytes: &[u8]) -> Result<Report, Notice> {
    let bad = || Notice::new(Code::BadRecord, format!("{} is no mail that can be read.", capture.source.name));
    let mail = MessageParser::default().parse(bytes).ok_or_else(bad)?;
    let body = |plain: bool| {
        let ids = if plain { &mail.text_body } else { &mail.html_body };
        let wanted = |part: &&MessagePart<'_>| match part.body {
            PartType::Text(_) => plain,
            PartType::Html(_) => !plain,
            _ => false,
        };
        ids.iter().filter_map(|&id| mail.parts.get(id as usize)).find(wanted)
    };
    let text = |part: &MessagePart<'_>| body_text(part, bytes);
    let plain = body(true).map(text).filter(|plain| plain.text.trim().len() > 40 || body(false).is_none());
    let mut report = Report::default();
    let replaced;
    if let Some(plain) = plain {
        report = Report { blocks: blocks::blocks(&plain.text, None), map: plain.map.clone(), ..report };
        replaced = plain.replaced;
        report.text = plain.text.into_owned();
    } else if let Some(page) = body(false).map(text) {
        report = html::fragment(&page.text);
        report.map = report.map.over(&page.map);
        replaced = page.replaced;
    } else {
        return Err(bad());
    }
    let from = mail.from().and_then(|from| from.first());
    let name = from.and_then(|from| from.name().or(from.address()).map(str::to_owned));
    report.title = mail.subject().map(str::to_owned);
    report.authors = name.clone().into_iter().collect();
    report.outlet = name;
    report.published = mail.date().map(|date| date.to_rfc3339());
    let none = Decoded { text: Cow::Borrowed(""), map: TextMap::default(), encoding: encoding_rs::UTF_8, replaced };
    let mut report = capture.finish(report, None, &none);
    for (source, bytes) in mail.parts.iter().filter_map(picture) {
        pictures::add(&mut report, &source, bytes, None);
    }
    Ok(report)
}

/// The bytes of a picture that is attached or stands in the text, and what it is called.
fn picture<'a>(part: &'a MessagePart<'_>) -> Option<(String, &'a [u8])> {
    let (PartType::Binary(bytes) | PartType::InlineBinary(bytes)) = &part.body else { return None };
    let is_picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    let name = part.attachment_name().map(str::to_owned);
    let name =
        name.or_else(|| part.content_id().map(|id| format!("cid:{id}"))).unwrap_or_else(|| "attached".to_owned());
    is_picture.then_some((name, bytes))
}

/// The characters of a part, with their map to the mail's bytes: transfer encoding, then charset.
fn body_text(part: &MessagePart<'_>, mail: &[u8]) -> Decoded<'static> {
    let at = part.offset_body as usize;
    let raw = mail.get(at..part.offset_end as usize).unwrap_or_default();
    let (bytes, under) = match part.encoding {
        Encoding::None => (raw.to_vec(), TextMap::identity(raw.len(), at)),
        Encoding::QuotedPrintable => quoted_printable(raw, at),
        Encoding::Base64 => base64(raw, at),
    };
    let charset = part
        .content_type()
        .and_then(|kind| kind.attribute("charset").map(|charset| format!("text/plain; charset={charset}")));
    let decoded = decode(&bytes, charset.as_deref());
    let map = decoded.map.over(&under);
    Decoded { text: Cow::Owned(decoded.text.into_owned()), map, encoding: decoded.encoding, replaced: decoded.replaced }
}

/// `=C3=A9`, and `=` at a line's end where the line goes on.
pub(super) fn quoted_printable(raw: &[u8], at: usize) -> (Vec<u8>, TextMap) {
    let (mut out, mut map) = (Vec::with_capacity(raw.len()), TextMap::default());
    let mut k = 0;
    while k < raw.len() {
        let rest = &raw[k..];
        let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
        if rest.starts_with(b"=\r\n") {
            k += 3;
        } else if rest.starts_with(b"=\n") {
            k += 2;
        } else if let (b'=', Some(high), Some(low)) = (rest[0], hex(rest.get(1)), hex(rest.get(2))) {
            out.extend(u8::try_from(high * 16 + low));
            map.unit(1, at + k..at + k + 3);
            k += 3;
        } else {
            out.push(rest[0]);
            map.copy(1, at + k);
            k += 1;
        }
    }
    (out, map)
}

/// Each byte from the two characters that hold its bits.
pub(super) fn base64(raw: &[u8], at: usize) -> (Vec<u8>, TextMap) {
    let (mut out, mut map) = (Vec::with_capacity(raw.len()), TextMap::default());
    let (mut bits, mut held, mut last) = (0u32, 0, 0);
    for (k, byte) in raw.iter().enumerate() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
            map.unit(1, at + last..at + k + 1);
        }
        last = k;
    }
    (out, map)
}
