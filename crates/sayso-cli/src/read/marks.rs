//! A report's text cut into pieces that know what they are to which statement: what every page that shows a text rests on.
//!
//! In: a [`Page`]. Out: its blocks, each with its pieces and the statements that belong beside it. May not happen: a character
//! of the text left out, a statement beside no block.

use sayso::reading::Attribution;
use sayso::report::{Block, BlockKind};
use sayso::span::Span;

use super::statement::Page;

/// What a marked stretch is to its statement. The order is the order of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Who,
    How,
    What,
    Hedge,
}

/// A stretch of the text with its role in the statement of that index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    start: usize,
    end: usize,
    pub(crate) role: Role,
    pub(crate) of: usize,
}

/// A stretch of a block in which the same marks hold from end to end.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) span: Span,
    /// By role, the innermost first: a pointer that rests on nested contents means the smallest.
    pub(crate) marks: Vec<Mark>,
    /// The statements whose number stands right after it.
    pub(crate) numbers: Vec<usize>,
}

/// A block with its pieces and the statements that belong beside it.
#[derive(Debug)]
pub(crate) struct Marked {
    pub(crate) kind: BlockKind,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) statements: Vec<usize>,
}

impl Marked {
    /// The HTML element that it is.
    pub(crate) fn element(&self) -> &'static str {
        match self.kind {
            BlockKind::Heading => "h2",
            BlockKind::Quote | BlockKind::Embed => "blockquote",
            BlockKind::Paragraph | BlockKind::Caption => "p",
        }
    }
}

/// The report's text in order; `also` are places of the text at which a piece must begin or end.
pub(crate) fn blocks(page: Page<'_>, also: &[usize]) -> Vec<Marked> {
    let statements = &page.reading.attributions;
    let marks = Marks::of(statements);
    let mut sweep = Sweep { spans: &marks.spans, next: 0, open: Vec::new() };
    let mut waiting = (0..statements.len()).peekable();
    let blocks = all_blocks(page);
    let mut out = Vec::with_capacity(blocks.len());
    for (k, block) in blocks.iter().enumerate() {
        let pieces = pieces(block.span, sweep.enter(block.span), &marks.at, also);
        let last = k + 1 == blocks.len();
        let beside = |n: &usize| last || marks.at[*n] <= block.span.end;
        let statements = std::iter::from_fn(|| waiting.next_if(beside)).collect();
        out.push(Marked { kind: block.kind, pieces, statements });
    }
    out
}

/// The report's blocks, and between them whatever of the text belongs to none.
fn all_blocks(page: Page<'_>) -> Vec<Block> {
    let text = &page.report.text;
    let mut out = Vec::with_capacity(page.report.blocks.len());
    let mut at = 0;
    let between = |out: &mut Vec<Block>, gap: Span| {
        let mut start = gap.start;
        for line in gap.of(text).split_inclusive('\n') {
            let span = Span::new(start, start + line.len()).trim(text);
            if !span.is_empty() {
                out.push(Block { kind: BlockKind::Paragraph, span });
            }
            start += line.len();
        }
    };
    for block in &page.report.blocks {
        between(&mut out, Span::new(at, block.span.start.max(at)));
        out.push(block.clone());
        at = block.span.end.max(at);
    }
    between(&mut out, Span::new(at.min(text.len()), text.len()));
    out
}

/// Every mark, by its start, and where each statement's number stands.
struct Marks {
    spans: Vec<Mark>,
    at: Vec<usize>,
}

impl Marks {
    fn of(statements: &[Attribution]) -> Self {
        let mut spans = Vec::new();
        let mut at = Vec::with_capacity(statements.len());
        for (of, statement) in statements.iter().enumerate() {
            let hedges: Vec<Span> = statement.hedges.iter().map(|hedge| hedge.span).collect();
            let roles = [
                (Role::Who, &statement.source),
                (Role::How, &statement.cue),
                (Role::What, &statement.content),
                (Role::Hedge, &hedges),
            ];
            for (role, places) in roles {
                let filled = places.iter().filter(|span| !span.is_empty());
                spans.extend(filled.map(|span| Mark { start: span.start, end: span.end, role, of }));
            }
            let anchors = [&statement.cue, &statement.content, &statement.source];
            let anchor = anchors.into_iter().find_map(|places| places.iter().map(|span| span.end).min());
            at.push(anchor.unwrap_or_default());
        }
        spans.sort_unstable();
        Self { spans, at }
    }
}

/// Walks the marks once, block by block.
struct Sweep<'a> {
    spans: &'a [Mark],
    next: usize,
    open: Vec<Mark>,
}

impl Sweep<'_> {
    /// The marks that reach into `block`.
    fn enter(&mut self, block: Span) -> &[Mark] {
        while let Some(mark) = self.spans.get(self.next).filter(|mark| mark.start < block.end) {
            self.open.push(*mark);
            self.next += 1;
        }
        self.open.retain(|mark| mark.end > block.start);
        &self.open
    }
}

/// The text of a block, cut wherever a mark begins or ends.
fn pieces(block: Span, marks: &[Mark], at: &[usize], also: &[usize]) -> Vec<Piece> {
    let inside = |byte: usize| byte.clamp(block.start, block.end);
    let mut cuts: Vec<usize> = marks.iter().flat_map(|mark| [inside(mark.start), inside(mark.end)]).collect();
    let mut numbers: Vec<(usize, usize)> = marks.iter().map(|mark| (at[mark.of], mark.of)).collect();
    numbers.retain(|(byte, _)| block.start < *byte && *byte <= block.end);
    numbers.sort_unstable();
    numbers.dedup();
    cuts.extend([block.start, block.end]);
    cuts.extend(numbers.iter().map(|(byte, _)| *byte));
    cuts.extend(also.iter().map(|byte| inside(*byte)));
    cuts.sort_unstable();
    cuts.dedup();
    let mut numbers = numbers.into_iter().peekable();
    let piece = |cut: &[usize]| {
        let span = Span::new(cut[0], cut[1]);
        let mut here: Vec<Mark> =
            marks.iter().filter(|mark| mark.start <= span.start && span.end <= mark.end).copied().collect();
        here.sort_by_key(|mark| (mark.role, mark.end - mark.start, mark.of));
        let after = std::iter::from_fn(|| numbers.next_if(|(byte, _)| *byte == span.end));
        Piece { span, marks: here, numbers: after.map(|(_, of)| of).collect() }
    };
    cuts.windows(2).map(piece).collect()
}
