//! Blocks of a plain text: paragraphs by blank lines or by lines, and the headline where the first line is one.

use crate::report::{Block, BlockKind};
use crate::span::Span;
use crate::text::{sentences, tokens};

/// The blocks of `text`, in order. `title` is the headline if one is known.
pub(super) fn blocks(text: &str, title: Option<&str>) -> Vec<Block> {
    let mut out = Vec::new();
    let mut lines: Vec<Span> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trim(text);
        at += line.len();
        if span.is_empty() {
            paragraphs(text, &mut lines, &mut out);
        } else {
            lines.push(span);
        }
    }
    paragraphs(text, &mut lines, &mut out);
    let several = out.len() > 1;
    if let Some(first) = out.first_mut() {
        let words = first.span.of(text);
        let known = title.is_some_and(|title| title.trim().eq_ignore_ascii_case(words));
        if known || several && is_headline(words) {
            first.kind = BlockKind::Heading;
        }
    }
    out
}

/// The lines between two blank ones: one paragraph where they were wrapped to a width, else a paragraph each.
fn paragraphs(text: &str, lines: &mut Vec<Span>, out: &mut Vec<Block>) {
    let paragraph = |span| Block { kind: BlockKind::Paragraph, span };
    match lines.as_slice() {
        [first, .., last] if wrapped(text, lines) => out.push(paragraph(first.cover(*last))),
        _ => out.extend(lines.iter().copied().map(paragraph)),
    }
    lines.clear();
}

/// Whether lines were broken to fit a width: each but the last is nearly as long as the longest, and few end a sentence.
fn wrapped(text: &str, lines: &[Span]) -> bool {
    let len = |span: &Span| span.of(text).chars().count();
    let Some((last, full)) = lines.split_last() else { return false };
    let longest = full.iter().map(len).max().unwrap_or(0);
    if !(40..=110).contains(&longest) || len(last) > longest + 10 {
        return false;
    }
    let filled = full.iter().filter(|line| len(line) * 4 >= longest * 3).count();
    let closed = full.iter().filter(|line| line.of(text).ends_with(['.', '!', '?', '”', '"', ':', ';'])).count();
    filled * 10 >= full.len() * 9 && closed * 2 <= full.len()
}

/// Whether the first line of a text is its headline: short, one sentence, without a closing mark or in title case.
fn is_headline(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    if line.contains('\n') || line.chars().count() > 200 || letters < 3 || line.starts_with("By ") {
        return false;
    }
    if !line.ends_with(['.', '!', '?', '…', ':', ';', ',', '"', '”', '»', ')']) {
        return !line.contains(") - ") && !line.contains(") — ") && !line.contains(") – ");
    }
    if line.ends_with([':', ';', ',']) || sentences(line, &tokens(line), &[]).len() > 2 {
        return false;
    }
    let words: Vec<_> =
        line.split_whitespace().map(|word| word.trim_start_matches(|c: char| !c.is_alphanumeric())).collect();
    let long: Vec<_> = words.iter().filter(|word| word.chars().count() >= 4).collect();
    let upper = long.iter().filter(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())).count();
    long.len() >= 3 && upper * 10 >= long.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        blocks(text, None)
            .iter()
            .map(|block| format!("{:?}: {}", block.kind, block.span.of(text).replace('\n', "⏎")))
            .collect()
    }

    #[test]
    fn headline_and_paragraphs() {
        let text = "Minister Denies New Talks Were Held.\n\nThe minister said so.\nNobody asked.\n\nThe end.\n";
        assert_eq!(
            shown(text),
            [
                "Heading: Minister Denies New Talks Were Held.",
                "Paragraph: The minister said so.",
                "Paragraph: Nobody asked.",
                "Paragraph: The end."
            ]
        );
        assert_eq!(
            shown("Bad, bad morning.\n\nThe train came."),
            ["Paragraph: Bad, bad morning.", "Paragraph: The train came."]
        );
        assert_eq!(shown("\n \n"), [""; 0]);
        assert_eq!(shown("Only a line"), ["Paragraph: Only a line"]);
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "The river rose in the night and by the morning the lower\ntown stood under water, the mayor said, adding that all of\nits people were safe.\n\nSecond.";
        assert_eq!(shown(text).len(), 2);
    }
}
