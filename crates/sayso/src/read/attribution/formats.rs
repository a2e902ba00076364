//! Rules about pages with a form: interviews, transcripts, press releases, headlines with a speaker and a colon, signed
//! quotations.

use std::ops::Range;

use crate::reading::Attribution;
use crate::report::BlockKind;
use crate::span::Span;

use super::scene::{Scene, made};

/// A label of at most so many words names a speaker.
const LONGEST_LABEL: usize = 6;

/// A signature has at most so many tokens.
const LONGEST_SIGNATURE: usize = 14;

/// "Mbeki: Nobody did.": the name is the source, the colon the cue, the rest the content, in a report in which a label
/// comes back (an interview, a transcript), or before a quotation. Questions are no statements.
pub(super) fn speaker_labels(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    let labels: Vec<Option<Label>> = (0..scene.blocks.len()).map(|block| label(scene, block)).collect();
    let mut names: Vec<&str> = labels.iter().flatten().map(|label| label.source.of(scene.text)).collect();
    names.sort_unstable();
    let transcript = names.windows(2).any(|pair| pair[0] == pair[1]);
    for (label, block) in labels.into_iter().zip(&scene.blocks) {
        let Some(label) = label else { continue };
        if !(label.quoted || transcript && block.kind != BlockKind::Heading) {
            continue;
        }
        let name = label.source.of(scene.text);
        // What the heads made of the label itself is about the same words.
        found.retain(|a| !a.cue.iter().chain(&a.source).any(|s| s.overlaps(label.source)));
        nobody_elses(found, label.content);
        if !matches!(name, "Q" | "Question" | "QUESTION") {
            found.push(made("speaker label", vec![label.source], vec![label.colon], vec![label.content]));
        }
    }
}

/// “…” — Ann Lee, nurse: a block that is a quotation, a dash and a name: the name is the source, the dash the cue. What
/// stands behind a comma in the name may be any words.
pub(super) fn signed_quotation(scene: &Scene<'_>, found: &mut Vec<Attribution>) {
    for quote in scene.quotes.iter().filter(|q| q.closed) {
        let block = scene.blocks[quote.block].span;
        let after = scene.analysis.tokens_in(Span::new(quote.span.end, block.end.max(quote.span.end)));
        let dashes = after.clone().take_while(|&t| matches!(scene.word(t), "—" | "–" | "―" | "-")).count();
        let name = super::lexical::marks_off(scene, after.start + dashes..after.end);
        let cue = scene.span(after.start..after.start + dashes);
        let (Some(cue), Some(source)) = (cue, scene.span(name.clone())) else { continue };
        let bare = name.start..name.clone().find(|&t| scene.word(t) == ",").unwrap_or(name.end);
        if quote.span.start == block.start && name.len() <= LONGEST_SIGNATURE && is_name(scene, bare).is_some() {
            found.retain(|a| !a.cue.iter().chain(&a.source).any(|s| s.overlaps(source) || s.overlaps(cue)));
            nobody_elses(found, quote.span);
            found.push(made("signed quotation", vec![source], vec![cue], vec![quote.span]));
        }
    }
}

/// Takes out of `content` what was given to a cue outside of it.
fn nobody_elses(found: &mut Vec<Attribution>, content: Span) {
    for a in found.iter_mut().filter(|a| !a.cue.iter().any(|c| c.overlaps(content))) {
        a.content.retain(|c| !c.overlaps(content));
    }
    found.retain(|a| !a.content.is_empty());
}

/// The capitalised words of a name or title; none when other words stand there too.
fn is_name(scene: &Scene<'_>, tokens: Range<usize>) -> Option<usize> {
    let mut words = 0;
    for word in tokens.map(|token| scene.word(token)) {
        let small = matches!(word, "of" | "the" | "de" | "al" | "bin" | "van" | "von" | "." | "-" | "'" | "’" | ",");
        let upper = word.starts_with(char::is_uppercase);
        words += usize::from(upper);
        if !(upper || small) {
            return None;
        }
    }
    (words > 0).then_some(words)
}

struct Label {
    source: Span,
    colon: Span,
    content: Span,
    /// A quotation follows the colon.
    quoted: bool,
}

/// The label at the start of a block, if there is one.
fn label(scene: &Scene<'_>, block: usize) -> Option<Label> {
    let block = scene.blocks[block].span;
    let tokens = scene.analysis.tokens_in(block);
    let colon = tokens.clone().take(LONGEST_LABEL + 3).find(|&t| scene.word(t) == ":")?;
    // In some transcripts an opening mark stands before every label.
    let marked = matches!(scene.word(tokens.start), "\"" | "“" | "«");
    let name: Range<usize> = tokens.start + usize::from(marked)..colon;
    let words = is_name(scene, name.clone())?;
    let content = Span::new(scene.analysis.tokens[colon].span.end, block.end).trim(scene.text);
    let spaced = content.start > scene.analysis.tokens[colon].span.end;
    if words > LONGEST_LABEL || scene.words(content) < 2 || !spaced {
        return None;
    }
    let quote = scene.quote_at(content);
    Some(Label {
        source: scene.span(name)?,
        colon: scene.analysis.tokens[colon].span,
        content,
        quoted: quote.is_some_and(|q| q.span.start == content.start && q.span.end == content.end),
    })
}
