//! The text of a report with its marks, and the notes beside it.

use std::collections::BTreeMap;

use sayso::reading::Kind;
use sayso::report::BlockKind;
use sayso::span::{CodePoints, Span};

use crate::read::marks::{self, Mark, Role};
use crate::read::statement::{Page as Statements, act_word, is_against};
use crate::web::layout::Page;
use crate::web::parts::Counts;
use crate::web::state::CaseView;

/// Places that can be lit at once.
const MOST_LIT: usize = 50;

/// A block of the text.
pub(super) struct Block {
    pub(super) class: &'static str,
    pub(super) element: &'static str,
    pub(super) pieces: Vec<Piece>,
    pub(super) notes: Vec<Note>,
}

/// A stretch of text that looks the same from end to end.
pub(super) struct Piece {
    pub(super) words: String,
    /// `w`, `c`, `q`, `h` for who, how, what, hedge, and `at` when the address names it.
    pub(super) class: String,
    /// Of each role, the numbers of the statements, the innermost first.
    pub(super) of: Vec<(char, String)>,
    /// `s120-180`, where a place that the address names begins.
    pub(super) id: Option<String>,
    /// Statements whose number stands after it.
    pub(super) numbers: Vec<usize>,
}

/// One statement, in the margin.
pub(super) struct Note {
    pub(super) number: usize,
    pub(super) own: bool,
    pub(super) speaker: String,
    pub(super) actor: Option<String>,
    pub(super) act: &'static str,
    pub(super) against: bool,
    pub(super) cue: String,
    pub(super) via: Option<String>,
    pub(super) hedges: Vec<(String, &'static str)>,
    pub(super) claims: Vec<Stated>,
}

/// A claim that a statement makes.
pub(super) struct Stated {
    pub(super) href: String,
    pub(super) statement: String,
    pub(super) counts: Counts,
}

/// The whole text; `lit` are places in code points as the address has them.
pub(super) fn blocks(view: &CaseView, page: &Page, statements: Statements<'_>, lit: &str) -> Vec<Block> {
    let lit = places(lit, &statements.report.text);
    let also: Vec<usize> = lit.iter().flat_map(|(span, _)| [span.start, span.end]).collect();
    let mut made = made(view, page, &statements.report.id);
    let block = |block: marks::Marked| Block {
        class: class(block.kind),
        element: block.element(),
        pieces: block.pieces.iter().map(|found| piece(statements, found, &lit)).collect(),
        notes: block.statements.iter().map(|&n| note(statements, n, &mut made)).collect(),
    };
    marks::blocks(statements, &also).into_iter().map(block).collect()
}

/// `120-180,200-210`: spans of bytes, with the id of each. What is no place in the text is passed over.
fn places(lit: &str, text: &str) -> Vec<(Span, String)> {
    if lit.is_empty() {
        return Vec::new();
    }
    let points = CodePoints::new(text);
    let one = |place: &str| {
        let (start, end) = place.split_once('-')?;
        let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
        let most = points.point(text.len());
        let span = (start < end && end <= most).then(|| points.bytes(Span::new(start, end)))?;
        Some((span, format!("s{start}-{end}")))
    };
    lit.split(',').take(MOST_LIT).filter_map(one).collect()
}

fn piece(statements: Statements<'_>, found: &marks::Piece, lit: &[(Span, String)]) -> Piece {
    let mut class = String::new();
    let mut of = Vec::new();
    for (role, letter) in [(Role::Who, 'w'), (Role::How, 'c'), (Role::What, 'q'), (Role::Hedge, 'h')] {
        let these: Vec<&Mark> = found.marks.iter().filter(|mark| mark.role == role).collect();
        if these.is_empty() {
            continue;
        }
        let said = |mark: &&Mark| statements.reading.attributions[mark.of].kind != Kind::Voice;
        if role != Role::What || these.iter().any(said) {
            class.push(letter);
            class.push(' ');
        }
        of.push((letter, these.iter().map(|mark| (mark.of + 1).to_string()).collect::<Vec<_>>().join(" ")));
    }
    let inside = lit.iter().find(|(span, _)| span.contains(found.span));
    if inside.is_some() {
        class.push_str("at");
    }
    Piece {
        words: statements.words(found.span).to_owned(),
        class: class.trim_end().to_owned(),
        of,
        id: lit
            .iter()
            .find(|(span, _)| span.start == found.span.start && !found.span.is_empty())
            .map(|(_, id)| id.clone()),
        numbers: found.numbers.iter().map(|n| n + 1).collect(),
    }
}

/// The claims that each statement of a report makes, and its speaker in the case.
#[derive(Default)]
struct Made {
    claims: Vec<Stated>,
    actor: Option<String>,
}

fn made(view: &CaseView, page: &Page, report: &str) -> BTreeMap<usize, Made> {
    let mut out: BTreeMap<usize, Made> = BTreeMap::new();
    for (claim, _, mention) in view.mentions_in(report) {
        let href = page.claim(&claim.id);
        let made = out.entry(mention.attribution).or_default();
        made.actor = made.actor.take().or_else(|| mention.actor.as_ref().map(|id| page.actor(id)));
        if !made.claims.iter().any(|stated| stated.href == href) {
            made.claims.push(Stated { href, statement: claim.statement.clone(), counts: Counts::of(claim) });
        }
    }
    out
}

fn note(statements: Statements<'_>, n: usize, made: &mut BTreeMap<usize, Made>) -> Note {
    let statement = &statements.reading.attributions[n];
    let own = statement.kind == Kind::Voice;
    let Made { claims, actor } = made.remove(&n).unwrap_or_default();
    Note {
        number: n + 1,
        own,
        speaker: statements.speaker(statement).unwrap_or_else(|| "not said who".to_owned()),
        actor,
        act: act_word(statement.act),
        against: !own && is_against(statement.act),
        cue: statements.joined(&statement.cue),
        via: statements.chain(statement),
        hedges: statements.hedges(statement).map(|(words, owner)| (words.to_owned(), owner)).collect(),
        claims,
    }
}

fn class(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Quote => "quotation",
        BlockKind::Caption => "caption",
        BlockKind::Embed => "embed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_in_code_points() {
        let text = "“Ja” — the mayor.";
        let found = places("7-10,x,9-2,3-900,0-4", text);
        let words: Vec<(&str, &str)> = found.iter().map(|(span, id)| (span.of(text), id.as_str())).collect();
        assert_eq!(words, [("the", "s7-10"), ("“Ja”", "s0-4")]);
    }

    #[test]
    fn every_character_of_the_text_is_shown() {
        let (view, page) = (crate::web::fixture::view(), crate::web::fixture::page());
        let entry = view.entry("ferry").unwrap();
        let statements = Statements { report: &entry.report, reading: &entry.reading };
        let found = blocks(&view, &page, statements, "3-9,40-60");
        let shown: String = found.iter().flat_map(|block| &block.pieces).map(|piece| piece.words.as_str()).collect();
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(letters(&shown), letters(&entry.report.text));
        let ids: Vec<&str> =
            found.iter().flat_map(|block| &block.pieces).filter_map(|piece| piece.id.as_deref()).collect();
        assert_eq!(ids, ["s3-9", "s40-60"]);
        let notes: usize = found.iter().map(|block| block.notes.len()).sum();
        assert_eq!(notes, entry.reading.attributions.len());
    }
}
