//! Rules about how far contents go: over headings, after their cue, after a colon, over paragraphs.

#![expect(clippy::ptr_arg, reason = "every rule has one signature")]

use crate::reading::Attribution;
use crate::report::BlockKind;
use crate::span::Span;

use super::quotes::Quote;
use super::rules::{is_cue, taken};
use super::scene::{Scene, extent, made};

/// No span runs from one block into the next, and a content of a paragraph's cue does not lie in a heading.
pub(super) fn blocks_keep_apart(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for a in found.iter_mut() {
        let Some(cue) = a.cue.first().map(|c| scene.block_of(c.start)) else { continue };
        let mixes = |span: &Span| {
            let block = scene.block_of(span.start);
            block != cue && (scene.is_heading(block) || scene.is_heading(cue))
        };
        a.content = a.content.iter().flat_map(|&span| by_block(scene, span)).filter(|s| !mixes(s)).collect();
        a.source = a
            .source
            .iter()
            .filter_map(|&span| nearest(by_block(scene, span), cue, scene))
            .filter(|s| !mixes(s))
            .collect();
    }
    found.retain(|a| !a.content.is_empty());
}

/// The part that stands in a block, or else the last.
fn nearest(parts: Vec<Span>, block: usize, scene: &Scene<'_>) -> Option<Span> {
    let own = parts.iter().find(|part| scene.block_of(part.start) == block).copied();
    own.or_else(|| parts.last().copied())
}

/// What stands outside quotation marks and in another sentence than the cue is not said by it, if something nearer is.
pub(super) fn unquoted_content_stays_near(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for a in found.iter_mut().filter(|a| a.content.len() > 1) {
        let cues: Vec<usize> = a.cue.iter().map(|c| scene.sentence_at(c.start).start).collect();
        let near = |span: &Span| scene.quote_at(*span).is_some() || cues.contains(&scene.sentence_at(span.start).start);
        if !cues.is_empty() && a.content.iter().any(near) {
            a.content.retain(near);
        }
    }
}

/// The parts of a span that stand in different blocks.
fn by_block(scene: &Scene<'_>, span: Span) -> Vec<Span> {
    let blocks = &scene.blocks[scene.block_of(span.start)..];
    let inside = blocks.iter().take_while(|b| b.span.start < span.end);
    let parts = inside.map(|b| Span::new(b.span.start.max(span.start), b.span.end.min(span.end)).trim(scene.text));
    let parts: Vec<Span> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { vec![span] } else { parts }
}

/// “First half,” she said. “Second half.”: the second belongs to the attribution that the first ends with.
pub(super) fn second_half(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    let mut order: Vec<(Span, usize)> = found.iter().enumerate().map(|(k, a)| (extent(a), k)).collect();
    order.sort_by_key(|x| (x.0.end, x.1));
    for quote in &scene.quotes {
        let tokens = scene.analysis.tokens_in(quote.span);
        if tokens.clone().any(|t| taken[t]) || scene.words(quote.span) < 2 {
            continue;
        }
        let Some(&(before, k)) = order[..order.partition_point(|x| x.0.end <= quote.span.start)].last() else {
            continue;
        };
        let a = &mut found[k];
        let block = scene.block_of(quote.span.start);
        let bare = scene.words(Span::new(before.end, quote.span.start)) == 0;
        let first = a.content.last().is_some_and(|c| scene.quote_at(*c).is_some() && scene.block_of(c.start) == block);
        let ends = a.cue.iter().chain(&a.source).any(|s| a.content.last().is_some_and(|c| s.start >= c.end));
        if bare && first && ends {
            a.content.push(quote.span);
        }
    }
}

/// What a paragraph's last sentence announces with a colon is what the next paragraph says, if that is a quotation.
pub(super) fn after_a_colon(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    for (k, pair) in scene.blocks.windows(2).enumerate() {
        let [block, next] = pair else { continue };
        if !block.span.of(scene.text).ends_with(':') {
            continue;
        }
        let quoted = scene.quote_at(next.span).is_some_and(|q| q.span.start == next.span.start);
        let free = |span: Span| scene.analysis.tokens_in(span).all(|t| !taken[t]);
        if !(quoted || next.kind == BlockKind::Quote || next.kind == BlockKind::Embed) || !free(next.span) {
            continue;
        }
        let content = scene.quote_at(next.span).filter(|_| quoted).map_or(next.span, |q| q.span);
        let sentence = scene.sentence_at(block.span.end - 1);
        let announces = |a: &&mut Attribution| {
            a.cue
                .first()
                .is_some_and(|c| sentence.contains(&scene.analysis.tokens_in(*c).start) && scene.block_of(c.start) == k)
        };
        if let Some(a) = found.iter_mut().rev().find(announces) {
            a.content.push(content);
        } else if let Some(cue) = sentence.clone().rev().find(|&t| is_cue(scene.word(t))) {
            let source = scene.subject(cue).into_iter().collect();
            found.push(made("after a colon", source, vec![scene.analysis.tokens[cue].span], vec![content]));
        }
    }
}

/// A quotation that goes on in the next paragraph: no closing mark at the end, an opening mark at the next start.
pub(super) fn over_paragraphs(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    let mut ends: Vec<(usize, usize)> =
        found.iter().enumerate().flat_map(|(k, a)| a.content.iter().map(move |c| (c.end, k))).collect();
    ends.sort_unstable();
    for pair in scene.quotes.windows(2) {
        let [quote, next] = pair else { continue };
        let goes_on = !quote.closed && next.block == quote.block + 1 && starts_block(scene, next);
        if !goes_on || scene.analysis.tokens_in(next.span).any(|t| taken[t]) {
            continue;
        }
        let last = ends.partition_point(|e| e.0 <= quote.span.end).checked_sub(1).map(|e| ends[e]);
        if let Some((end, k)) = last.filter(|e| e.0 > quote.span.start && e.0 + 2 >= quote.span.end) {
            found[k].content.push(next.span);
            let at = ends.partition_point(|e| e.0 <= next.span.end);
            debug_assert!(end <= next.span.end, "contents are in the order of the text");
            ends.insert(at, (next.span.end, k));
        }
    }
}

/// A paragraph that is one quotation, with no word of whose, right after a paragraph that quotes: the same speaker's.
pub(super) fn quotation_without_a_cue(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let taken = taken(scene, found);
    let mut last: Option<(usize, Vec<Span>)> = None;
    let mut quoting: Vec<(usize, usize)> = Vec::new();
    for (k, a) in found.iter().enumerate() {
        if let Some(content) = a.content.iter().rev().find(|c| scene.quote_at(**c).is_some()) {
            quoting.push((content.end, k));
        }
    }
    quoting.sort_unstable();
    for quote in &scene.quotes {
        let block = scene.blocks[quote.block].span;
        let whole = starts_block(scene, quote) && scene.words(block) == scene.words(quote.span);
        if !whole || scene.words(block) < 4 || scene.analysis.tokens_in(quote.span).any(|t| taken[t]) {
            continue;
        }
        let before = quoting[..quoting.partition_point(|q| q.0 <= quote.span.start)].last();
        let by_heads = before.map(|&(end, k)| (scene.block_of(end - 1), found[k].source.clone()));
        let nearest = last.take().max_by_block(by_heads);
        if let Some((_, source)) = nearest.filter(|n| n.0 + 1 == quote.block && !n.1.is_empty()) {
            found.push(made("quotation without a cue", source.clone(), Vec::new(), vec![quote.span]));
            last = Some((quote.block, source));
        }
    }
}

/// The later of two findings.
trait Later {
    fn max_by_block(self, other: Self) -> Self;
}

impl Later for Option<(usize, Vec<Span>)> {
    fn max_by_block(self, other: Self) -> Self {
        match (&self, &other) {
            (Some(a), Some(b)) if b.0 > a.0 => other,
            (None, _) => other,
            _ => self,
        }
    }
}

fn starts_block(scene: &Scene<'_>, quote: &Quote) -> bool {
    quote.span.start == scene.blocks[quote.block].span.start
}
