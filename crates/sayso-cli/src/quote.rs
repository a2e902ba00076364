//! Words of a report with a little of what stands around them in their paragraph.

use sayso::span::Span;

/// Three stretches of a text that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Around {
    pub(crate) before: Span,
    /// From the first to the last of the words.
    pub(crate) words: Span,
    pub(crate) after: Span,
    /// Whether the paragraph goes on before and after.
    pub(crate) cut: (bool, bool),
}

/// About so many characters on each side of `spans`, whole words only; nothing where the spans are not of this text.
pub(crate) fn around(text: &str, spans: &[Span], characters: usize) -> Option<Around> {
    let (first, last) = (spans.first()?.start, spans.last()?.end);
    text.get(first..last)?;
    let (left, right) = (&text[..first], &text[last..]);
    let line = left.rfind('\n').map_or(0, |at| at + 1);
    let before = &left[line..];
    let start = before.char_indices().rev().nth(characters).map_or(0, |(at, _)| at);
    let start = if start == 0 { 0 } else { before[start..].find(' ').map_or(start, |space| start + space + 1) };
    let after = right.split('\n').next().unwrap_or_default();
    let end = after.char_indices().nth(characters).map_or(after.len(), |(at, _)| at);
    let end = if end == after.len() { end } else { after[..end].rfind(' ').unwrap_or(end) };
    Some(Around {
        before: Span::new(line + start, first),
        words: Span::new(first, last),
        after: Span::new(last, last + end),
        cut: (start > 0, end < after.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_the_same_paragraph() {
        let text = "Title\nThe mayor of the town said it had fallen, and nobody asked.\nMore.";
        let said = text.find("it had").unwrap();
        let found = around(text, &[Span::new(said, said + 13)], 10).unwrap();
        assert_eq!(
            (found.before.of(text), found.words.of(text), found.after.of(text)),
            ("town said ", "it had fallen", ", and")
        );
        assert_eq!(found.cut, (true, true));
        let all = around(text, &[Span::new(said, said + 13)], 400).unwrap();
        assert_eq!((all.before.of(text), all.cut), ("The mayor of the town said ", (false, false)));
        assert_eq!(around(text, &[Span::new(5, 900)], 10), None);
        assert_eq!(around(text, &[], 10), None);
    }
}
