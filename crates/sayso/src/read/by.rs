//! By whose count, and on which side: what quantities owe to the statements around them.
//!
//! In: a reading with speakers and quantities. Out: each quantity's `by` (who states it) and `side` (whose they are who were
//! counted). May not happen: a count laid upon somebody whose statement it does not stand in.

use super::Document;
use super::who::{Actors, Statements};
use crate::reading::{ActorId, ActorKind, Quantity, Reading};
use crate::span::Span;

/// Fills [`Quantity::by`] and [`Quantity::side`].
pub(super) fn answer(document: &Document<'_>, reading: &mut Reading) {
    let statements = Statements::new(&reading.attributions);
    let index = Actors::new(document.text(), &reading.actors);
    for quantity in &mut reading.quantities {
        let holder = statements.at(quantity.span).or_else(|| statements.at(tail(quantity.span)));
        quantity.by = holder.and_then(|n| reading.attributions[n].speaker.clone());
        quantity.side = side(document.text(), &index, quantity);
    }
}

/// The last byte of a span, for a quantity that begins before the content that holds its number.
fn tail(span: Span) -> Span {
    Span::new(span.end.saturating_sub(1).max(span.start), span.end)
}

/// Who or what is counted belongs to somebody: "12 Legion fighters", "three of its soldiers", "two guards of the Command".
fn side(text: &str, index: &Actors<'_>, quantity: &Quantity) -> Option<ActorId> {
    let body = |n: usize| {
        let actor = &index.all()[n];
        (actor.kind != ActorKind::Anonymous && actor.kind != ActorKind::Person).then(|| actor.id.clone())
    };
    let all = quantity.who.map_or(quantity.span, |who| who.cover(quantity.span));
    if let Some(id) = index.within(all).find_map(|(_, n)| body(n)) {
        return Some(id);
    }
    let rest = &text[all.end..];
    let of = [" of the ", " of ", " from the "].iter().find(|o| rest.starts_with(**o))?;
    let at = all.end + of.len();
    let owner = Span::new(at, at + 1);
    let end = text.ceil_char_boundary(owner.end);
    index.within(Span::new(at, end)).find(|(m, _)| m.start <= at && m.start + of.len() >= at).and_then(|(_, n)| body(n))
}
