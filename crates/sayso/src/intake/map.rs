//! [`TextMap`]: from every character of a text back to the bytes it was made from.

use std::ops::Range;

use crate::span::Span;

/// From every character of a report's text back to the bytes of its capture.
///
/// A list of runs. A run is a row of equal units: each unit is some bytes of text made from some bytes of source.
/// Text copied from UTF-8 is one run of units 1:1; Cyrillic from windows-1251 is 2:1, an entity is a run of one
/// unit (`é` from `&eacute;` is 2:8). The source may be another text (HTML inside an encoding): see [`TextMap::over`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextMap {
    runs: Vec<Run>,
    /// Length of the text.
    len: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// First byte in the text; it goes to the next run's first.
    text: usize,
    /// First byte in the source.
    source: usize,
    /// Bytes of text a unit.
    text_unit: u32,
    /// Bytes of source a unit.
    source_unit: u32,
    /// White space that stands for markup (a paragraph's end), not for characters of the source.
    inserted: bool,
}

/// One unit of a map: some text, the bytes it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Bytes of the text. One character, unless one entity made several.
    pub text: Range<usize>,
    /// Bytes of the source.
    pub source: Range<usize>,
    /// Whether it is white space that stands for markup.
    pub inserted: bool,
}

impl TextMap {
    /// The map of a text of `len` bytes that is its source from byte `at` on.
    #[must_use]
    pub fn identity(len: usize, at: usize) -> Self {
        let mut map = Self::default();
        map.copy(len, at);
        map
    }

    /// Length of the text it maps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it maps an empty text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many runs it holds: its size in memory.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Whether text and source are the same bytes from `at` on.
    #[must_use]
    pub fn is_identity_at(&self, at: usize) -> bool {
        match self.runs.as_slice() {
            [] => true,
            [run] => run.source == at && run.text_unit == 1 && run.source_unit == 1 && !run.inserted,
            _ => false,
        }
    }

    /// The bytes of the source from which the characters of `span` were made, markup between them included.
    #[must_use]
    pub fn source(&self, span: Span) -> Range<usize> {
        let first = self.unit_at(span.start);
        if span.is_empty() {
            return first.source.start..first.source.start;
        }
        let last = self.unit_at(span.end - 1);
        first.source.start..last.source.end.max(first.source.start)
    }

    /// The same without the markup: the stretches of the source that hold characters of `span`, in order.
    #[must_use]
    pub fn pieces(&self, span: Span) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        for piece in self.units_in(span, true) {
            if piece.inserted {
                continue;
            }
            match out.last_mut() {
                Some(last) if last.end == piece.source.start => last.end = piece.source.end,
                _ => out.push(piece.source),
            }
        }
        out
    }

    /// Every unit of the text, in order. In runs 1:1 a unit is a byte: use [`TextMap::source`] for characters there.
    pub fn units(&self) -> impl Iterator<Item = Unit> + '_ {
        self.units_in(Span { start: 0, end: self.len }, false)
    }

    /// The units that share a byte with `span`; with `whole`, runs 1:1 come in one piece.
    fn units_in(&self, span: Span, whole: bool) -> impl Iterator<Item = Unit> + '_ {
        let first = self.runs.partition_point(|run| run.text <= span.start).saturating_sub(1);
        let mut k = first;
        let mut at = span.start;
        std::iter::from_fn(move || {
            if at >= span.end {
                return None;
            }
            let end = self.end_of(k);
            let unit = if whole && self.runs[k].is_copy() {
                let run = self.runs[k];
                let to = end.min(span.end);
                let source = run.source + (at - run.text);
                Unit { text: at..to, source: source..source + (to - at), inserted: false }
            } else {
                self.runs[k].unit(at)
            };
            at = unit.text.end;
            if at >= end {
                k += 1;
            }
            Some(unit)
        })
    }

    fn end_of(&self, run: usize) -> usize {
        self.runs.get(run + 1).map_or(self.len, |next| next.text)
    }

    /// The unit that holds byte `at` of the text; at the text's end, an empty one behind the last.
    fn unit_at(&self, at: usize) -> Unit {
        let k = self.runs.partition_point(|run| run.text <= at);
        let Some(run) = k.checked_sub(1).map(|k| self.runs[k]) else {
            return Unit { text: at..at, source: 0..0, inserted: false };
        };
        if at >= self.len {
            let end = self.len.checked_sub(1).map_or(0, |last| run.unit(last).source.end);
            return Unit { text: at..at, source: end..end, inserted: false };
        }
        run.unit(at)
    }

    /// Adds text of `len` bytes copied from byte `at` of the source.
    pub fn copy(&mut self, len: usize, at: usize) {
        self.rows(len, at, 1, 1, false);
    }

    /// Adds `text_unit` bytes of text made from `source` as one unit.
    pub fn unit(&mut self, text_unit: usize, source: Range<usize>) {
        self.rows(text_unit, source.start, text_unit, source.len(), false);
    }

    /// Adds `len` bytes of white space that stand for the markup at `source`.
    pub fn insert(&mut self, len: usize, source: Range<usize>) {
        self.rows(len, source.start, len, source.len(), true);
    }

    fn rows(&mut self, len: usize, source: usize, text_unit: usize, source_unit: usize, inserted: bool) {
        if len == 0 {
            return;
        }
        // A unit is at most one gap between two blocks; four gigabytes of markup there are cut, never wrong.
        let text_unit = u32::try_from(text_unit).unwrap_or(u32::MAX);
        let source_unit = u32::try_from(source_unit).unwrap_or(u32::MAX);
        let new = Run { text: self.len, source, text_unit, source_unit, inserted };
        let goes_on = self.runs.last().is_some_and(|run| run.goes_on_to(&new));
        if !goes_on {
            self.runs.push(new);
        }
        self.len += len;
    }

    /// Adds all of `other` behind this text.
    pub fn append(&mut self, other: &TextMap) {
        for k in 0..other.runs.len() {
            let run = other.runs[k];
            self.rows(
                other.end_of(k) - run.text,
                run.source,
                run.text_unit as usize,
                run.source_unit as usize,
                run.inserted,
            );
        }
    }

    /// This map's source is the text of `under`: the map from this text to the source of `under`.
    #[must_use]
    pub fn over(&self, under: &TextMap) -> TextMap {
        if let [run] = under.runs.as_slice()
            && run.is_copy()
        {
            let mut out = self.clone();
            out.runs.iter_mut().for_each(|own| own.source += run.source);
            return out;
        }
        let mut out = TextMap::default();
        for (k, run) in self.runs.iter().enumerate() {
            let len = self.end_of(k) - run.text;
            if run.is_copy() {
                out.append(&under.cut(Span { start: run.source, end: run.source + len }));
                continue;
            }
            for nth in 0..len / run.text_unit as usize {
                let unit = run.unit(run.text + nth * run.text_unit as usize);
                let source = under.source(Span { start: unit.source.start, end: unit.source.end });
                out.rows(unit.text.len(), source.start, unit.text.len(), source.len(), unit.inserted);
            }
        }
        out
    }

    /// The map of the part `span` of the text, counted from its start. What is left of a unit cut at its ends is a unit of the same source.
    #[must_use]
    pub fn cut(&self, span: Span) -> TextMap {
        let mut out = TextMap::default();
        let mut k = self.runs.partition_point(|run| run.text <= span.start).saturating_sub(1);
        let mut at = span.start;
        while at < span.end && k < self.runs.len() {
            let (run, end) = (self.runs[k], self.end_of(k).min(span.end));
            let first = run.unit(at);
            let whole = if at == first.text.start { (end - at) / first.text.len() } else { 0 };
            let (len, text_unit) = match whole {
                0 => (first.text.end.min(end) - at, first.text.end.min(end) - at),
                _ => (whole * first.text.len(), first.text.len()),
            };
            out.rows(len, first.source.start, text_unit, first.source.len(), run.inserted);
            at += len;
            k += usize::from(at >= self.end_of(k));
        }
        out
    }
}

impl Run {
    fn is_copy(&self) -> bool {
        self.text_unit == 1 && self.source_unit == 1 && !self.inserted
    }

    /// The unit that holds byte `at` of the text.
    fn unit(&self, at: usize) -> Unit {
        let (text_unit, source_unit) = (self.text_unit as usize, self.source_unit as usize);
        let nth = (at - self.text) / text_unit;
        let (text, source) = (self.text + nth * text_unit, self.source + nth * source_unit);
        Unit { text: text..text + text_unit, source: source..source + source_unit, inserted: self.inserted }
    }

    /// Whether `next` is only more of the same units.
    fn goes_on_to(&self, next: &Run) -> bool {
        let len = next.text - self.text;
        self.text_unit == next.text_unit
            && self.source_unit == next.source_unit
            && !self.inserted
            && !next.inserted
            && len.is_multiple_of(self.text_unit as usize)
            && self.source + len / self.text_unit as usize * self.source_unit as usize == next.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Bé—b` from `<p>B&eacute;&mdash;b`, from byte 3.
    fn sample() -> TextMap {
        let mut map = TextMap::default();
        map.copy(1, 3);
        map.unit(2, 4..12);
        map.unit(3, 12..19);
        map.copy(1, 19);
        map
    }

    #[test]
    fn spans_go_back_to_their_bytes() {
        let map = sample();
        assert_eq!(map.source(Span::new(0, 1)), 3..4);
        assert_eq!(map.source(Span::new(1, 3)), 4..12);
        assert_eq!(map.source(Span::new(0, 7)), 3..20);
        assert_eq!(map.source(Span::new(7, 7)), 20..20);
        assert_eq!(map.pieces(Span::new(0, 7)), vec![3..20]);
    }

    #[test]
    fn equal_units_share_a_run() {
        let mut map = TextMap::default();
        for k in 0..5 {
            map.unit(2, k..k + 1);
        }
        assert_eq!((map.runs(), map.len()), (1, 10));
        assert_eq!(map.source(Span::new(4, 8)), 2..4);
    }

    #[test]
    fn maps_stack() {
        // The text of `sample` lies in UTF-16: every byte of that (ASCII) source is two below.
        let mut utf16 = TextMap::default();
        for k in 0..20 {
            utf16.unit(1, 2 + 2 * k..4 + 2 * k);
        }
        let map = sample().over(&utf16);
        assert_eq!(map.source(Span::new(0, 1)), 8..10);
        assert_eq!(map.source(Span::new(1, 3)), 10..26);
        assert_eq!(map.source(Span::new(6, 7)), 40..42);
        assert_eq!(sample().over(&TextMap::identity(20, 100)).source(Span::new(1, 3)), 104..112);
    }

    #[test]
    fn cuts_count_from_their_start() {
        let map = sample().cut(Span::new(1, 7));
        assert_eq!(map.len(), 6);
        assert_eq!(map.source(Span::new(0, 2)), 4..12);
        assert_eq!(map.source(Span::new(5, 6)), 19..20);
    }

    #[test]
    fn what_is_left_of_a_unit_is_one() {
        let mut map = TextMap::default();
        map.unit(4, 0..6);
        map.unit(4, 6..12);
        let cut = map.cut(Span::new(1, 6));
        assert_eq!((cut.len(), cut.source(Span::new(0, 3)), cut.source(Span::new(3, 5))), (5, 0..6, 6..12));
        let mut under = TextMap::default();
        (0..12).for_each(|k| under.unit(1, 2 * k..2 * k + 2));
        let over = cut.over(&under);
        assert_eq!((over.len(), over.source(Span::new(0, 3)), over.source(Span::new(3, 5))), (5, 0..12, 12..24));
    }
}
