//! Words on a terminal: made harmless, measured in cells, wrapped.
//!
//! In: text from anywhere. Out: lines of at most so many cells. May not happen: a control character
//! of the input reaching the terminal, a right-to-left run that turns its neighbours around.

use std::fmt::{self, Display, Formatter, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The text on one line: white space runs become one space, control and direction characters vanish.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !is_direction(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Characters that change the direction of what follows, or show nothing.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Cells that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Lines of at most `cells` cells (at least one), broken at spaces, and inside a word only when it is longer than a line.
pub(crate) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wide = width(word);
        let gap = usize::from(used > 0);
        if used + gap + wide <= cells {
            push(&mut lines, word, gap);
            used += gap + wide;
            continue;
        }
        if used > 0 {
            lines.push(String::new());
            used = 0;
        }
        for cluster in word.graphemes(true) {
            let wide = width(cluster);
            if used + wide > cells && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, cluster, 0);
            used += wide;
        }
    }
    lines.into_iter().map(isolate).collect()
}

fn push(lines: &mut [String], words: &str, gap: usize) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&" "[..gap]);
        line.push_str(words);
    }
}

/// A line with right-to-left letters stands alone, so that the columns beside it keep their places.
fn isolate(line: String) -> String {
    let right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if line.contains(right_to_left) { format!("\u{2068}{line}\u{2069}") } else { line }
}

/// `1 statement`, `2 statements`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Text that no browser takes for markup.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;"),
                '<' => f.write_str("&lt;"),
                '>' => f.write_str("&gt;"),
                '"' => f.write_str("&quot;"),
                '\'' => f.write_str("&#39;"),
                c if c.is_control() && !c.is_whitespace() => f.write_str("\u{fffd}"),
                c => f.write_char(c),
            }?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terminal_controls_of_the_input_vanish() {
        assert_eq!(clean("a\u{1b}[31mred\n\t b\u{202e}c\u{7f} "), "a[31mred bc");
    }

    #[test]
    fn long_words_break_and_wide_letters_count_twice() {
        assert_eq!(wrap("ab abcdefgh", 5), ["ab", "abcde", "fgh"]);
        assert_eq!(wrap("首都圏の人", 4), ["首都", "圏の", "人"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn right_to_left_lines_stand_alone() {
        assert_eq!(wrap("قال الوزير", 40), ["\u{2068}قال الوزير\u{2069}"]);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_no_letter_is_lost(text in "\\PC{0,80}", cells in 4usize..40) {
            let text = clean(&text);
            let lines = wrap(&text, cells);
            for line in &lines {
                prop_assert!(width(line) <= cells || line.graphemes(true).filter(|g| width(g) > 0).count() <= 1, "{line:?}");
            }
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace() && !is_direction(*c)).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
