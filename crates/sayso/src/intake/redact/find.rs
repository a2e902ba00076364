//! Where words stand: in a text, or in what text is written in (markup, JSON, addresses), however it writes them.
//!
//! Capital letters, kinds of white space and of apostrophes make no difference; between two words may stand white space, a hyphen, an
//! underscore or a plus, as addresses have them. A word is found whole, with `*` behind it also where it goes on (`Lind*`: Lindgren).

use crate::intake::html::entity;
use crate::intake::json::escape;
use crate::span::Span;

/// Words to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    letters: Vec<char>,
    /// Whether the last word may go on.
    open: bool,
}

/// One character, as it is compared, and where it is written.
struct Letter {
    c: char,
    at: Span,
}

impl Words {
    /// None when there is no letter or digit in it.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let (typed, open) = typed.trim().strip_suffix('*').map_or((typed.trim(), false), |typed| (typed, true));
        let letters: String = letters(typed, false).into_iter().map(|letter| letter.c).collect();
        let letters: Vec<char> = letters.trim().chars().collect();
        letters.iter().any(|c| c.is_alphanumeric()).then_some(Self { letters, open })
    }

    /// Every place of a text where they stand, in order.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Span> {
        self.among(&letters(text, false))
    }

    /// The same where characters may be written as entities (`&eacute;`), escapes (`\u00e9`) or codes (`%C3%A9`).
    #[must_use]
    pub fn find_written(&self, text: &str) -> Vec<Span> {
        self.among(&letters(text, true))
    }

    fn among(&self, text: &[Letter]) -> Vec<Span> {
        let (mut out, mut k) = (Vec::new(), 0);
        while k + self.letters.len() <= text.len() {
            match self.ends(text, k) {
                Some(end) => {
                    out.push(text[k].at.cover(text[end - 1].at));
                    k = end;
                }
                None => k += 1,
            }
        }
        out
    }

    /// Behind the last letter of the words that start at letter `k`.
    fn ends(&self, text: &[Letter], k: usize) -> Option<usize> {
        let mut end = k + self.letters.len();
        if !self.letters.iter().zip(&text[k..end]).all(|(c, letter)| *c == letter.c) {
            return None;
        }
        let (first, last) = (self.letters[0], self.letters[self.letters.len() - 1]);
        if k > 0 && one_word(text[k - 1].c, first) && !takes_prefixes(first) {
            return None;
        }
        if self.open {
            end += text[end..].iter().take_while(|letter| letter.c.is_alphanumeric()).count();
        } else if text.get(end).is_some_and(|next| one_word(last, next.c)) {
            return None;
        }
        Some(end)
    }
}

/// Whether two letters side by side belong to one word, where the script puts spaces between words and nothing behind them.
fn one_word(a: char, b: char) -> bool {
    const SPACED: u32 = 0x0e00;
    a.is_alphanumeric() && b.is_alphanumeric() && (a as u32) < SPACED && (b as u32) < SPACED
}

/// Hebrew and Arabic write “and”, “to” and the article onto the word.
fn takes_prefixes(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}')
}

/// The letters of a text, each run of what may stand between two words as one space.
fn letters(text: &str, written: bool) -> Vec<Letter> {
    let (mut out, mut at) = (Vec::<Letter>::with_capacity(text.len()), 0);
    while at < text.len() {
        let (c, len) = one(&text[at..], written);
        let place = Span { start: at, end: at + len };
        at += len;
        if is_invisible(c) {
            continue;
        }
        let c = folded(c);
        match out.last_mut() {
            Some(last) if c == ' ' && last.c == ' ' => last.at.end = place.end,
            _ => out.push(Letter { c, at: place }),
        }
    }
    out
}

/// The character at the start of `rest`, and how many bytes write it.
pub(super) fn one(rest: &str, written: bool) -> (char, usize) {
    let plain = rest.chars().next().map_or((' ', 1), |c| (c, c.len_utf8()));
    let found = match plain.0 {
        '&' if written => entity(rest).and_then(|(text, len)| {
            let mut chars = text.chars();
            Some((chars.next()?, len)).filter(|_| chars.next().is_none())
        }),
        '\\' if written => escape(rest),
        '%' if written => coded(rest),
        _ => None,
    };
    found.unwrap_or(plain)
}

/// `%C3%A9`
fn coded(rest: &str) -> Option<(char, usize)> {
    let byte = |k: usize| {
        let code = rest.get(3 * k..3 * k + 3)?.strip_prefix('%')?;
        u8::from_str_radix(code, 16).ok()
    };
    let bytes: Vec<u8> = (0..4).map_while(byte).collect();
    (1..=bytes.len()).find_map(|len| {
        let c = std::str::from_utf8(&bytes[..len]).ok()?.chars().next()?;
        Some((c, 3 * len))
    })
}

fn folded(c: char) -> char {
    match c {
        '-' | '_' | '+' | '\u{2010}'..='\u{2012}' => ' ',
        c if c.is_whitespace() => ' ',
        '’' | '‘' | 'ʼ' | '`' => '\'',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Soft hyphens and their like stand within words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(words: &str, text: &'a str) -> Vec<&'a str> {
        Words::new(words).unwrap().find_written(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        assert_eq!(
            found("Ana Lind", "Ana Lind, ANA\n  LIND; Diana Lind, Ana Linda, /ana-lind.html ana%20lind"),
            ["Ana Lind", "ANA\n  LIND", "ana-lind", "ana%20lind"]
        );
        assert_eq!(
            found("José", "Jos&eacute; Jos\\u00e9 jos%C3%A9 José Jos&#233; Josef"),
            ["Jos&eacute;", "Jos\\u00e9", "jos%C3%A9", "José", "Jos&#233;"]
        );
        assert_eq!(found("O’Brien", "O'Brien’s O&rsquo;Brien"), ["O'Brien", "O&rsquo;Brien"]);
        assert_eq!(found("Лінд*", "Лінда, Ліндою Лін"), ["Лінда", "Ліндою"]);
        assert_eq!(found("王小明", "他说王小明在"), ["王小明"]);
        assert_eq!(found("أحمد", "وأحمد قال"), ["أحمد"]);
        assert_eq!(found("+49 170 12", "+49 170 12 +49-170-12 0170 12"), ["49 170 12", "49-170-12"]);
        assert_eq!(Words::new(" - *"), None);
    }
}
