//! Which format a source is in: its first bytes, then its name.

use super::{feed, json_feed, telegram, telegram_html};

/// A format that Sayso reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text, with a header block or without.
    Plain,
    /// One JSON object a line.
    Jsonl,
    /// A page of a web site.
    Html,
    /// RSS or Atom.
    Feed,
    /// JSON Feed.
    JsonFeed,
    /// Telegram's exported `result.json`.
    Telegram,
    /// Telegram's HTML export.
    TelegramHtml,
}

impl Format {
    /// The format of `text` that came under `name`. What it looks like goes before what it is called.
    #[must_use]
    pub fn of(name: &str, content_type: Option<&str>, text: &str) -> Self {
        let head = head_of(text.trim_start());
        let ending = name.split(['?', '#']).next().and_then(|path| path.rsplit_once('.')).map_or("", |pair| pair.1);
        let ending = ending.to_ascii_lowercase();
        let says = |kind: &str| content_type.is_some_and(|stated| stated.contains(kind));
        let said_json = matches!(ending.as_str(), "jsonl" | "ndjson" | "json") || says("json");
        if head.starts_with('{') || head.starts_with('[') && said_json || said_json && ending != "json" {
            return match head {
                head if json_feed::is_feed(head) => Self::JsonFeed,
                head if telegram::is_export(head) => Self::Telegram,
                _ => Self::Jsonl,
            };
        }
        if feed::is_feed(head) {
            return Self::Feed;
        }
        let said_html =
            matches!(ending.as_str(), "html" | "htm" | "xhtml" | "shtml" | "php" | "asp" | "aspx") || says("html");
        match looks_like_html(text, said_html) {
            true if telegram_html::is_export(head) => Self::TelegramHtml,
            true => Self::Html,
            false => Self::Plain,
        }
    }
}

/// The beginning of a text.
fn head_of(text: &str) -> &str {
    let mut end = text.len().min(16_384);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A doctype or tags at the start; anywhere when the name says that it is a page.
fn looks_like_html(text: &str, said: bool) -> bool {
    let head = head_of(text.trim_start()).to_ascii_lowercase();
    let starts = ["<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<article", "<div", "<p>", "<table"];
    starts.iter().any(|start| head.starts_with(start))
        || head.starts_with(['<']) && ["<html", "<body", "<div", "<p>"].iter().any(|tag| head.contains(tag))
        || said && head.contains('<')
        || said && text.contains("</")
}

/// What kind of binary file it is, by its first bytes; none when it may be text.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"GIF8", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"PK\x03\x04", "a zip archive or an office document"),
        (b"\x1f\x8b", "a compressed file"),
        (b"BZh", "a compressed file"),
        (b"\xfd7zXZ\0", "a compressed file"),
        (b"7z\xbc\xaf", "a compressed archive"),
        (b"\x28\xb5\x2f\xfd", "a compressed file"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90\0", "a program"),
        (b"\xca\xfe\xba\xbe", "a program"),
        (b"\0asm", "a program"),
        (b"\xd0\xcf\x11\xe0", "an office document"),
        (b"SQLite format 3\0", "a database"),
        (b"ID3", "a sound file"),
        (b"OggS", "a sound file"),
        (b"RIFF", "a sound, a video or a picture"),
        (b"\x1aE\xdf\xa3", "a video"),
    ];
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a video or a picture");
    }
    KINDS.iter().find(|kind| bytes.starts_with(kind.0)).map(|kind| kind.1)
}

/// Whether what came out of decoding is no text: mostly control characters or replacements.
pub(super) fn unreadable(text: &str) -> bool {
    let (mut odd, mut all) = (0, 0);
    for c in text.chars().take(8_192) {
        all += 1;
        let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}' | '\u{85}');
        odd += usize::from(control || c == '\u{fffd}');
    }
    odd * 10 > all
}
