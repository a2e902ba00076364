//! Plain text: a header block (`Title:`, `Outlet:`, `Published:`, `URL:`) where there is one, then the text.

use super::{Capture, blocks};
use crate::report::Report;
use crate::span::Span;
use crate::text::charset::Decoded;

/// One report. With a header block the text is everything behind the first blank line, else everything.
pub(super) fn read(capture: &Capture<'_>, decoded: &Decoded<'_>) -> Report {
    let mut report = Report::default();
    let start = header(&decoded.text, &mut report);
    report.text = decoded.text[start..].to_owned();
    report.map = decoded.map.cut(Span::new(start, decoded.text.len()));
    report.blocks = blocks::blocks(&report.text, report.title.as_deref());
    capture.finish(report, None, decoded)
}

/// Reads the header block into `report`; returns where the text starts.
fn header(text: &str, report: &mut Report) -> usize {
    let mut known = 0;
    let mut at = 0;
    let mut found = Report::default();
    for line in text.split_inclusive('\n').take(40) {
        at += line.len();
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let Some((key, value)) = line.split_once(':') else { return 0 };
        if key.is_empty() || key.len() > 30 || !key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        {
            return 0;
        }
        known += usize::from(set(&mut found, key, value.trim()));
        if known == 0 {
            return 0;
        }
    }
    // One line "Title: …" may be a sentence; a header has its blank line.
    if known == 0 || !text[..at].trim_start().contains('\n') || at == text.len() {
        return 0;
    }
    *report = found;
    at
}

fn set(report: &mut Report, key: &str, value: &str) -> bool {
    let text = Some(value.to_owned()).filter(|value| !value.is_empty());
    match key.trim().to_ascii_lowercase().as_str() {
        "title" | "headline" => report.title = text,
        "outlet" | "publisher" | "source" => report.outlet = text,
        "published" | "date" => report.published = text,
        "modified" | "updated" => report.modified = text,
        "url" | "link" => report.url = text,
        "author" | "authors" | "by" | "byline" => report.authors = text.map(|names| vec![names]).unwrap_or_default(),
        "section" => report.section = text,
        "credit" => report.credit = text,
        "language" | "lang" => report.language = text,
        _ => return false,
    }
    true
}
