//! The credit line: whose dispatch a report prints, as its dateline, its end or its byline say.

use std::sync::LazyLock;

use regex::Regex;

use crate::report::Report;

/// `PORT VARELA, July 14 (Oceanic Press) - `: the agency in the dateline.
static DATELINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[^.!?\n“”]{2,80}[(/]\s?(\p{Lu}[\p{L}\p{N}&'’. -]{1,40}?)\s?[)/][.,]?\s*[-–—:]+\s").ok()
});
/// `Source: Oceanic Press`, alone on a line.
static SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:source|sources|credit|quelle|fuente|fuentes|fonte|źródło|источник|джерело|المصدر|kaynak)\s*:\s*(.{2,60})$").ok()
});
/// `(OP)` or `© OP 2024` at the very end.
static END: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[.!?”»]\s*\((\p{Lu}[\p{Lu}\p{N}&/ -]{1,20})\)$").ok());

/// The credit that the text itself carries; none when it carries none.
pub(super) fn credit(report: &Report) -> Option<String> {
    let line = |k: usize| report.blocks.get(k).map(|block| block.span.of(&report.text));
    let find = |pattern: &LazyLock<Option<Regex>>, words: &str| {
        let found = pattern.as_ref()?.captures(words)?.get(1)?.as_str().trim().to_owned();
        Some(found)
    };
    let last = report.blocks.len().saturating_sub(3)..report.blocks.len();
    (0..4)
        .filter_map(line)
        .find_map(|words| find(&DATELINE, &head(words)))
        .or_else(|| last.clone().filter_map(line).find_map(|words| find(&SOURCE, words)))
        .or_else(|| last.filter_map(line).filter(|words| words.len() < 5_000).find_map(|words| find(&END, words)))
}

/// The beginning of a block, line breaks made spaces.
fn head(words: &str) -> String {
    words.chars().take(160).map(|c| if c == '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::blocks::blocks;

    fn of(text: &str) -> Option<String> {
        credit(&Report { text: text.into(), blocks: blocks(text, None), ..Report::default() })
    }

    #[test]
    fn credits_where_outlets_put_them() {
        assert_eq!(
            of("PORT VARELA, July 14 (Oceanic Press) - Leaders of the hill tribes").as_deref(),
            Some("Oceanic Press")
        );
        assert_eq!(of("By Ann Lee\nTARN, May 3 (OP) — The mayor said no.").as_deref(), Some("OP"));
        assert_eq!(of("МОСТКИ, 3 мая. /ЛИНИЯ/. Мэр отрицает.").as_deref(), None);
        assert_eq!(of("The mayor said no. (OP)").as_deref(), Some("OP"));
        assert_eq!(of("The mayor said no.\n\nSource: Oceanic Press").as_deref(), Some("Oceanic Press"));
        assert_eq!(of("The Water Assembly (AAV) said that the march - the third - was over."), None);
    }
}
