//! Quotations: which characters stand in quotation marks, whatever the marks. An odd mark spoils at most its block.

use crate::span::Span;

/// One quotation of the outermost level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    /// With its marks.
    pub(super) span: Span,
    /// The block it stands in.
    pub(super) block: usize,
    /// Whether it has a closing mark in its block.
    pub(super) closed: bool,
}

/// The quotations of `text`, block by block, in order.
pub(super) fn quotes(text: &str, blocks: &[Span]) -> Vec<Quote> {
    let mut out = Vec::new();
    for (block, span) in blocks.iter().enumerate() {
        let marks = Marks::new(span.of(text));
        for (start, end, closed) in marks.pairs() {
            out.push(Quote { span: Span::new(span.start + start, span.start + end), block, closed });
        }
    }
    out
}

/// What a mark does where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Closes,
    /// A straight mark that stands between words on both sides or neither.
    Either,
}

/// The marks of one block: place, character, role.
struct Marks<'a> {
    text: &'a str,
    marks: Vec<(usize, char, Role)>,
}

impl<'a> Marks<'a> {
    fn new(text: &'a str) -> Self {
        let marks = text.char_indices().filter_map(|(at, c)| role(text, at, c).map(|role| (at, c, role))).collect();
        Self { text, marks }
    }

    /// Start, end and whether there is a closing mark, of every outermost quotation.
    fn pairs(&self) -> Vec<(usize, usize, bool)> {
        let (mut out, mut k) = (Vec::new(), 0);
        while k < self.marks.len() {
            let (at, c, role) = self.marks[k];
            if role == Role::Closes {
                k += 1;
                continue;
            }
            match self.closing(k) {
                Some(end) => {
                    let (close, mark, _) = self.marks[end];
                    out.push((at, close + mark.len_utf8(), true));
                    k = end + 1;
                }
                // Unclosed single marks are apostrophes.
                None if is_single(c) => k += 1,
                None => {
                    out.push((at, self.text.trim_end().len().max(at + c.len_utf8()), false));
                    break;
                }
            }
        }
        out
    }

    /// The mark that closes the quotation that the mark `open` opens; quotations of the other kind inside are skipped.
    fn closing(&self, open: usize) -> Option<usize> {
        let (_, opener, _) = self.marks[open];
        let mut depth = 0;
        for (k, &(_, c, role)) in self.marks.iter().enumerate().skip(open + 1) {
            if !matches(opener, c) {
                depth += usize::from(c == opener && role == Role::Opens && opener != '"' && opener != '\'');
                continue;
            }
            if role == Role::Opens && (opener == '"' || opener == '\'') && self.closes_later(k, opener) {
                continue;
            }
            if depth == 0 {
                return Some(k);
            }
            depth -= 1;
        }
        None
    }

    /// Whether two more marks that close this kind follow: then a straight mark that seems to open one does.
    fn closes_later(&self, from: usize, opener: char) -> bool {
        self.marks.iter().skip(from + 1).filter(|m| matches(opener, m.1) && m.2 == Role::Closes).count() > 1
    }
}

fn is_single(c: char) -> bool {
    matches!(c, '‘' | '’' | '‚' | '‹' | '›' | '\'')
}

/// Whether `close` can end what `open` began.
fn matches(open: char, close: char) -> bool {
    match open {
        '“' | '„' => matches!(close, '”' | '“' | '"') && !(open == '“' && close == '“'),
        '«' => close == '»',
        '»' => close == '«',
        '"' => matches!(close, '"' | '”'),
        '‘' | '‚' => matches!(close, '’' | '‘') && !(open == '‘' && close == '‘'),
        '‹' => close == '›',
        '\'' => close == '\'',
        _ => false,
    }
}

fn role(text: &str, at: usize, c: char) -> Option<Role> {
    let before = text[..at].chars().next_back();
    let after = text[at + c.len_utf8()..].chars().next();
    let word_before = before.is_some_and(|b| {
        !b.is_whitespace() && !matches!(b, '(' | '[' | '—' | '–' | '-' | '“' | '‘' | '"' | '\'' | '«')
    });
    let word_after =
        after.is_some_and(|a| !a.is_whitespace() && !matches!(a, ')' | ']' | ',' | '.' | ';' | ':' | '!' | '?'));
    let letters = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    match c {
        '„' | '‚' => Some(Role::Opens),
        '“' => Some(if word_before && !word_after { Role::Closes } else { Role::Opens }),
        '”' => Some(Role::Closes),
        '«' | '»' | '‹' | '›' => Some(match (word_before, word_after) {
            (true, false) => Role::Closes,
            (false, true) => Role::Opens,
            _ if matches!(c, '«' | '‹') => Role::Opens,
            _ => Role::Closes,
        }),
        '‘' => (!letters).then_some(Role::Opens),
        '’' => (!letters && word_before).then_some(Role::Closes),
        // An inch mark follows a digit.
        '"' => match (word_before, word_after) {
            (true, true) if letters => None,
            (false, true) => Some(Role::Opens),
            (true, false) => Some(Role::Closes),
            _ => Some(Role::Either),
        },
        '\'' if letters || after.is_some_and(|a| a.is_ascii_digit()) => None,
        '\'' => match (word_before, word_after) {
            (false, true) => Some(Role::Opens),
            (true, _) => Some(Role::Closes),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let (mut blocks, mut at) = (Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            blocks.push(Span::new(at, at + line.len()).trim(text));
            at += line.len();
        }
        quotes(text, &blocks).iter().map(|q| q.span.of(text)).collect()
    }

    #[test]
    fn all_kinds_of_marks() {
        assert_eq!(found("“We left,” he said. \"No.\" «Oui», «non»."), ["“We left,”", "\"No.\"", "«Oui»", "«non»"]);
        assert_eq!(found("„Wir gehen“, sagte er. »Nein«"), ["„Wir gehen“", "»Nein«"]);
        assert_eq!(
            found("She wrote: ‘It’s ours’ and 'don't ask the boys' mother' too."),
            ["‘It’s ours’", "'don't ask the boys'"]
        );
    }

    #[test]
    fn nested_marks_are_one_quotation() {
        assert_eq!(
            found("“He told me ‘go’ and “run” and I did,” she said."),
            ["“He told me ‘go’ and “run” and I did,”"]
        );
    }

    #[test]
    fn apostrophes_are_no_marks() {
        assert_eq!(found("The soldiers’ boots weren't theirs, in the ’90s or '80s. O’Hara’s."), Vec::<&str>::new());
    }

    #[test]
    fn an_odd_mark_spoils_at_most_its_block() {
        assert_eq!(
            found("“We left, he said.\nThen \"fire\" came.\nHe” went.\n“Go.”"),
            ["“We left, he said.", "\"fire\"", "“Go.”"]
        );
    }
}
