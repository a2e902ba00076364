//! What stands in each table: a function a kind, a line a column. docs/formats.md says what each means.

use super::Item;
use super::columns::{
    Column, list, maybe_count, maybe_place, maybe_real, maybe_small, maybe_text, place, real, small, spans, text,
    texts, word, yes,
};
use crate::json::unattributed;
use crate::reading::Reading;
use crate::span::Span;

/// The rows of one kind for all items one after the other, and how many each item has.
type Rows = fn(&[&Item]) -> (Vec<Column>, Vec<usize>);

/// As in [`super::TABLES`] behind `reports`.
pub(super) const KINDS: [Rows; 9] =
    [attributions, actors, places, times, quantities, evidence, verification, events, notices];

/// A value with the item it belongs to and its number there.
struct Cell<'a, T> {
    item: &'a Item,
    n: usize,
    value: &'a T,
}

impl<T> Clone for Cell<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Cell<'_, T> {}

impl<'a, T> Cell<'a, T> {
    /// In code points.
    fn span(self, bytes: Span) -> Span {
        self.item.points.span(bytes)
    }

    fn spans(self, bytes: &[Span]) -> Vec<Span> {
        bytes.iter().map(|span| self.item.points.span(*span)).collect()
    }

    /// The words of pieces, joined as they are shown.
    fn words(self, pieces: &[Span]) -> String {
        pieces.iter().map(|span| self.item.words(*span)).collect::<Vec<_>>().join(" … ")
    }

    /// The name of an actor of the same report.
    fn name(self, id: Option<&str>) -> Option<&'a str> {
        let id = id?;
        self.item.reading.actors.iter().find(|actor| actor.id == id).map(|actor| actor.name.as_str())
    }
}

fn cells<'a, T>(items: &[&'a Item], of: fn(&Reading) -> &Vec<T>) -> (Vec<Cell<'a, T>>, Vec<usize>) {
    let counts = items.iter().map(|item| of(&item.reading).len()).collect();
    let cells =
        items.iter().flat_map(|item| of(&item.reading).iter().enumerate().map(|(n, value)| Cell { item, n, value }));
    (cells.collect(), counts)
}

/// `n`, `start`, `end`, `words`: how most tables begin.
fn head<T>(rows: &[Cell<'_, T>], of: fn(&T) -> Span) -> Vec<Column> {
    let mut out = vec![small("n", rows.iter().map(|row| row.n))];
    out.extend(place(rows.iter().map(|row| row.span(of(row.value)))));
    out.push(text("words", rows.iter().map(|row| row.item.words(of(row.value)))));
    out
}

/// One row an item.
pub(super) fn reports(items: &[&Item]) -> Vec<Column> {
    let of = || items.iter().map(|item| &item.report);
    let archived = || of().map(|report| report.archived.as_ref());
    vec![
        maybe_text("id", of().map(|r| Some(&r.id))),
        text("source", of().map(|r| &r.source)),
        maybe_text("sha256", of().map(|r| Some(&r.sha256))),
        maybe_text("outlet", of().map(|r| r.outlet.as_ref())),
        maybe_text("published", of().map(|r| r.published.as_ref())),
        maybe_text("modified", of().map(|r| r.modified.as_ref())),
        maybe_text("title", of().map(|r| r.title.as_ref())),
        texts("authors", of().map(|r| r.authors.as_slice())),
        maybe_text("url", of().map(|r| r.url.as_ref())),
        maybe_text("section", of().map(|r| r.section.as_ref())),
        maybe_text("credit", of().map(|r| r.credit.as_ref())),
        maybe_text("language", of().map(|r| r.language.as_ref())),
        maybe_text("fetched", archived().map(|a| a.and_then(|a| a.fetched.as_ref()))),
        maybe_count("archive_offset", archived().map(|a| a.map(|a| a.offset as u64))),
        maybe_count("archive_length", archived().map(|a| a.map(|a| a.length as u64))),
        small("tokens", items.iter().map(|item| item.tokens)),
        maybe_text("text", of().map(|r| Some(&r.text))),
        blocks(items),
    ]
}

fn blocks(items: &[&Item]) -> Column {
    let counts: Vec<usize> = items.iter().map(|item| item.report.blocks.len()).collect();
    let all: Vec<_> = items.iter().flat_map(|item| item.report.blocks.iter().map(|block| (*item, block))).collect();
    let mut columns = vec![word("kind", all.iter().map(|(_, block)| block.kind))];
    columns.extend(place(all.iter().map(|(item, block)| item.points.span(block.span))));
    list("blocks", columns, &counts)
}

fn attributions(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.attributions);
    let of = || rows.iter().copied();
    let columns = vec![
        small("n", of().map(|a| a.n)),
        yes("voice", of().map(|a| unattributed(a.value))),
        word("kind", of().map(|a| a.value.kind)),
        word("act", of().map(|a| a.value.act)),
        maybe_text("speaker", of().map(|a| a.value.speaker.as_ref())),
        maybe_text("speaker_name", of().map(|a| a.name(a.value.speaker.as_deref()))),
        spans("source", of().map(|a| a.spans(&a.value.source))),
        maybe_text("source_words", of().map(|a| Some(a.words(&a.value.source)))),
        spans("cue", of().map(|a| a.spans(&a.value.cue))),
        maybe_text("cue_words", of().map(|a| Some(a.words(&a.value.cue)))),
        spans("content", of().map(|a| a.spans(&a.value.content))),
        maybe_text("content_words", of().map(|a| Some(a.words(&a.value.content)))),
        spans("propositions", of().map(|a| a.spans(&a.value.propositions))),
        chain(&rows),
        hedges(&rows),
        real("confidence", of().map(|a| a.value.confidence)),
        text("rule", of().map(|a| &a.value.rule)),
        maybe_text("speaker_rule", of().map(|a| Some(&a.value.speaker_rule))),
    ];
    (columns, counts)
}

fn chain(rows: &[Cell<'_, crate::reading::Attribution>]) -> Column {
    let counts: Vec<usize> = rows.iter().map(|a| a.value.chain.len()).collect();
    let all: Vec<_> = rows.iter().flat_map(|a| a.value.chain.iter().map(|link| (*a, link))).collect();
    let mut columns = vec![
        maybe_text("actor", all.iter().map(|(_, link)| link.actor.as_ref())),
        maybe_text("actor_name", all.iter().map(|(a, link)| a.name(link.actor.as_deref()))),
    ];
    columns.extend(place(all.iter().map(|(a, link)| a.span(link.cue))));
    columns.push(maybe_text("verb", all.iter().map(|(_, link)| link.verb.as_ref())));
    columns.push(maybe_text("channel", all.iter().map(|(_, link)| link.channel.as_ref())));
    columns.push(text("rule", all.iter().map(|(_, link)| &link.rule)));
    list("chain", columns, &counts)
}

fn hedges(rows: &[Cell<'_, crate::reading::Attribution>]) -> Column {
    let counts: Vec<usize> = rows.iter().map(|a| a.value.hedges.len()).collect();
    let all: Vec<_> = rows.iter().flat_map(|a| a.value.hedges.iter().map(|hedge| (*a, hedge))).collect();
    let mut columns: Vec<Column> = place(all.iter().map(|(a, hedge)| a.span(hedge.span))).into();
    columns.push(text("words", all.iter().map(|(a, hedge)| a.item.words(hedge.span))));
    columns.push(word("by", all.iter().map(|(_, hedge)| hedge.by)));
    let scope = all.iter().map(|(a, hedge)| hedge.scope.map(|scope| a.span(scope)));
    columns.extend(maybe_place(["scope_start", "scope_end"], scope));
    columns.push(text("rule", all.iter().map(|(_, hedge)| &hedge.rule)));
    list("hedges", columns, &counts)
}

fn actors(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.actors);
    let of = || rows.iter().copied();
    let columns = vec![
        text("id", of().map(|x| &x.value.id)),
        text("name", of().map(|x| &x.value.name)),
        word("kind", of().map(|x| x.value.kind)),
        spans("mentions", of().map(|x| x.spans(&x.value.mentions))),
        texts("aliases", of().map(|x| x.value.aliases.as_slice())),
        maybe_text("belongs_to", of().map(|x| x.value.belongs_to.as_ref())),
        texts("roles", of().map(|x| x.value.roles.as_slice())),
        texts("why", of().map(|x| x.value.why.as_slice())),
    ];
    (columns, counts)
}

fn places(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.places);
    let of = || rows.iter().map(|row| row.value);
    let mut columns = head(&rows, |x| x.span);
    columns.extend([
        text("name", of().map(|x| &x.name)),
        small("geonameid", of().map(|x| x.geonameid as usize)),
        maybe_real("lat", of().map(|x| x.lat)),
        maybe_real("lon", of().map(|x| x.lon)),
        maybe_text("country", of().map(|x| x.country.as_ref())),
        maybe_text("class", of().map(|x| Some(&x.class))),
        text("rule", of().map(|x| &x.rule)),
    ]);
    (columns, counts)
}

fn times(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.times);
    let of = || rows.iter().map(|row| row.value);
    let mut columns = head(&rows, |x| x.span);
    columns.extend([
        text("type", of().map(|x| &x.kind)),
        text("value", of().map(|x| &x.value)),
        maybe_text("from", of().map(|x| x.from.as_ref())),
        maybe_text("to", of().map(|x| x.to.as_ref())),
        maybe_text("precision", of().map(|x| Some(&x.precision))),
        maybe_text("modifier", of().map(|x| Some(&x.modifier))),
        text("rule", of().map(|x| &x.rule)),
    ]);
    (columns, counts)
}

fn quantities(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.quantities);
    let of = || rows.iter().map(|row| row.value);
    let mut columns = head(&rows, |x| x.span);
    columns.extend([
        text("of", of().map(|x| &x.of)),
        maybe_count("low", of().map(|x| Some(x.low))),
        maybe_count("high", of().map(|x| x.high)),
    ]);
    let who = rows.iter().map(|row| row.value.who.map(|who| row.span(who)));
    columns.extend(maybe_place(["who_start", "who_end"], who));
    columns.extend([
        maybe_text("scope", of().map(|x| Some(&x.scope))),
        maybe_text("modifier", of().map(|x| Some(&x.modifier))),
        maybe_count("acled", of().map(|x| x.acled)),
        maybe_text("by", of().map(|x| x.by.as_ref())),
        maybe_text("side", of().map(|x| x.side.as_ref())),
        text("rule", of().map(|x| &x.rule)),
    ]);
    (columns, counts)
}

fn evidence(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.evidence);
    let of = || rows.iter().map(|row| row.value);
    let mut columns = head(&rows, |x| x.span);
    columns.extend([text("kind", of().map(|x| &x.kind)), yes("purported", of().map(|x| x.purported))]);
    let shows = rows.iter().map(|row| row.value.shows.map(|span| row.span(span)));
    columns.extend(maybe_place(["shows_start", "shows_end"], shows));
    let at = rows.iter().map(|row| row.value.place.map(|span| row.span(span)));
    columns.extend(maybe_place(["place_start", "place_end"], at));
    columns.extend([maybe_text("by", of().map(|x| x.by.as_ref())), text("rule", of().map(|x| &x.rule))]);
    (columns, counts)
}

fn verification(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.verification);
    let of = || rows.iter().map(|row| row.value);
    let mut columns = head(&rows, |x| x.span);
    columns.extend([
        text("outcome", of().map(|x| &x.outcome)),
        maybe_text("by", of().map(|x| x.by.as_ref())),
        spans("about", rows.iter().map(|row| row.spans(&row.value.about))),
        maybe_text("method", of().map(|x| x.method.as_ref())),
        text("rule", of().map(|x| &x.rule)),
    ]);
    (columns, counts)
}

fn events(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.events);
    let of = || rows.iter().map(|row| row.value);
    let mut columns = head(&rows, |x| x.trigger);
    columns.extend([
        text("type", of().map(|x| &x.kind)),
        maybe_text("plover", of().map(|x| Some(&x.plover))),
        maybe_text("agent", of().map(|x| x.agent.as_ref())),
        maybe_text("patient", of().map(|x| x.patient.as_ref())),
        maybe_small("place", of().map(|x| x.place)),
        maybe_small("time", of().map(|x| x.time)),
        maybe_text("standing", of().map(|x| Some(&x.standing))),
        text("rule", of().map(|x| &x.rule)),
    ]);
    (columns, counts)
}

fn notices(items: &[&Item]) -> (Vec<Column>, Vec<usize>) {
    let (rows, counts) = cells(items, |reading| &reading.notices);
    let of = || rows.iter().copied();
    let mut columns = vec![
        text("source", of().map(|x| &x.item.report.source)),
        text("code", of().map(|x| x.value.code.as_str())),
        text("message", of().map(|x| &x.value.message)),
    ];
    columns.extend(maybe_place(["start", "end"], of().map(|x| x.value.span.map(|span| x.span(span)))));
    (columns, counts)
}
