//! The bytes that a report was cut out of, as text: shown, never rendered.

use std::io::Read;

use sayso::intake::archived_record;
use sayso::report::Report;
use sayso::text::charset::decode;

/// Characters shown.
const SHOWN: usize = 120_000;
/// Characters before the report's own words, where only a part is shown.
const BEFORE: usize = 2_000;
/// Bytes that a packed record may unpack to.
const LARGEST: u64 = 16 << 20;

/// What is shown of the original.
pub(super) struct Original {
    pub(super) text: String,
    /// What there is to say about it.
    pub(super) about: String,
}

impl Original {
    pub(super) fn new(bytes: Option<Vec<u8>>, report: &Report) -> Self {
        let Some(bytes) = bytes else {
            return Self {
                text: String::new(),
                about: "The ledger does not have the bytes of this report.".to_owned(),
            };
        };
        let Some(bytes) = record(bytes, report) else {
            let about = "This report lies packed in an archive, which is kept as it was received.".to_owned();
            return Self { text: String::new(), about };
        };
        let decoded = decode(&bytes, None);
        let (text, cut) = part(&decoded.text, report);
        let size = bytes.len();
        let about =
            if cut { format!("A part of {size} bytes, as received.") } else { format!("{size} bytes, as received.") };
        Self { text, about: format!("{about} SHA-256 {}", report.sha256) }
    }
}

/// The record of an archive, or the bytes as they are.
fn record(bytes: Vec<u8>, report: &Report) -> Option<Vec<u8>> {
    let Some(archived) = &report.archived else { return (!bytes.starts_with(b"PK\x03\x04")).then_some(bytes) };
    let record = archived_record(&bytes, archived)?;
    if !record.starts_with(&[0x1f, 0x8b]) {
        return Some(record);
    }
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(record.as_slice()).take(LARGEST).read_to_end(&mut out).ok()?;
    Some(out)
}

/// The text, or of a long one the part around the report's own words.
fn part(text: &str, report: &Report) -> (String, bool) {
    if text.len() <= SHOWN {
        return (text.to_owned(), false);
    }
    let first: String =
        report.text.lines().map(str::trim).find(|line| line.len() > 20).unwrap_or_default().chars().take(40).collect();
    let at = if first.is_empty() { 0 } else { text.find(&first).unwrap_or(0) };
    let start = text[..at].char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
    (text[start..].chars().take(SHOWN).collect(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_original_is_shown_around_the_report() {
        let report = Report { text: "The post at the border was taken.".into(), ..Report::default() };
        let long = format!("{}The post at the border was taken.{}", "ä".repeat(SHOWN), "z".repeat(SHOWN));
        let (text, cut) = part(&long, &report);
        assert!(cut && text.chars().count() == SHOWN);
        assert_eq!(text.find("The post"), Some((BEFORE + 1) * 2));
        assert_eq!(part("short", &report), ("short".to_owned(), false));
    }

    #[test]
    fn a_record_outside_its_archive_is_not_shown() {
        let archived = sayso::report::Archived { sha256: String::new(), offset: 3, length: usize::MAX, fetched: None };
        let report = Report { archived: Some(archived), ..Report::default() };
        assert_eq!(record(b"abcdef".to_vec(), &report), None);
    }
}
