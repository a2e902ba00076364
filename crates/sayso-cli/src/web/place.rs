//! Places in reports as addresses, and words of reports as quotations that lead there.
//!
//! In: a report's id and spans in bytes. Out: `reports/ID?at=120-180#s120-180`, in code points. May not happen: words that the text
//! does not have.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use sayso::reading::HedgeOwner;
use sayso::span::{CodePoints, Span};
use sayso::weigh::Entry;
use sayso::weighing::Mention;

use super::layout::{Page, encode};
use super::state::CaseView;
use crate::quote::around;

/// Characters on each side of quoted words.
const AROUND: usize = 160;

/// Leads to places in the reports of a case.
pub(crate) struct Places<'a> {
    view: &'a CaseView,
    page: &'a Page,
    points: RefCell<HashMap<String, Rc<CodePoints>>>,
}

/// A stretch of a quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) words: String,
    /// Whether it is what was said, and not what stands around it.
    pub(crate) said: bool,
    /// Whose hedge it is, if it is one.
    pub(crate) hedge: Option<&'static str>,
}

/// Words of a report, in their outlet's name.
#[derive(Debug, Clone)]
pub(crate) struct Quoted {
    pub(crate) words: String,
    pub(crate) outlet: String,
    pub(crate) href: String,
}

impl<'a> Places<'a> {
    pub(crate) fn new(view: &'a CaseView, page: &'a Page) -> Self {
        Self { view, page, points: RefCell::default() }
    }

    fn points(&self, entry: &Entry) -> Rc<CodePoints> {
        let mut known = self.points.borrow_mut();
        let made = || Rc::new(CodePoints::new(&entry.report.text));
        known.entry(entry.report.id.clone()).or_insert_with(made).clone()
    }

    /// The address of a stretch of a report.
    pub(crate) fn href(&self, report: &str, span: Span) -> String {
        let Some(entry) = self.view.entry(report) else { return self.page.report(report) };
        let Span { start, end } = self.points(entry).span(span);
        let path = format!("reports/{}?at={start}-{end}", encode(report));
        format!("{}#s{start}-{end}", self.page.link(&path))
    }

    /// The address of a mention's words.
    pub(crate) fn of(&self, mention: &Mention) -> String {
        match mention.spans.first().zip(mention.spans.last()) {
            Some((first, last)) => self.href(&mention.report, first.cover(*last)),
            None => self.page.report(&mention.report),
        }
    }

    /// The words of a span.
    pub(crate) fn quoted(&self, report: &str, span: Span) -> Quoted {
        let text = self.view.entry(report).and_then(|entry| entry.report.text.get(span.start..span.end));
        Quoted {
            words: text.unwrap_or_default().to_owned(),
            outlet: self.view.outlet(report),
            href: self.href(report, span),
        }
    }

    /// A mention's words with what stands around them, the hedges marked.
    pub(crate) fn parts(&self, mention: &Mention) -> Vec<Part> {
        let entry = self.view.entry(&mention.report);
        let parts = entry.and_then(|entry| parts(&entry.report.text, &mention.spans, &hedges(entry, mention)));
        parts.unwrap_or_else(|| vec![Part { words: mention.text.clone(), said: true, hedge: None }])
    }

    /// Words of a report with what stands around them.
    pub(crate) fn around(&self, entry: &Entry, span: Span) -> Vec<Part> {
        parts(&entry.report.text, &[span], &[]).unwrap_or_default()
    }
}

/// Words of a text with what stands around them, cut wherever something begins or ends; none when they are not of this text.
fn parts(text: &str, said: &[Span], hedges: &[(Span, &'static str)]) -> Option<Vec<Part>> {
    let found = around(text, said, AROUND)?;
    let whole = found.before.cover(found.after);
    let mut cuts: Vec<usize> =
        said.iter().chain(hedges.iter().map(|(span, _)| span)).flat_map(|span| [span.start, span.end]).collect();
    cuts.extend([whole.start, whole.end]);
    cuts.retain(|at| (whole.start..=whole.end).contains(at));
    cuts.sort_unstable();
    cuts.dedup();
    let part = |cut: &[usize]| {
        let span = Span::new(cut[0], cut[1]);
        let within = |outer: &Span| outer.contains(span);
        Part {
            words: span.of(text).to_owned(),
            said: said.iter().any(within),
            hedge: hedges.iter().find(|(hedge, _)| within(hedge)).map(|(_, whose)| *whose),
        }
    };
    let dots = || Part { words: "…".to_owned(), said: false, hedge: None };
    let mut out: Vec<Part> = found.cut.0.then(dots).into_iter().collect();
    out.extend(cuts.windows(2).map(part));
    out.extend(found.cut.1.then(dots));
    Some(out)
}

/// The hedges of a mention: where, and whose.
pub(crate) fn hedges(entry: &Entry, mention: &Mention) -> Vec<(Span, &'static str)> {
    let Some(attribution) = entry.reading.attributions.get(mention.attribution) else { return Vec::new() };
    let whose = |owner| match owner {
        HedgeOwner::Outlet => "the outlet's",
        HedgeOwner::Speaker => "the speaker's",
    };
    let here = attribution.hedges.iter().filter(|hedge| {
        let words = entry.report.text.get(hedge.span.start..hedge.span.end);
        words.is_some_and(|words| mention.hedges.iter().any(|known| known == words))
    });
    here.map(|hedge| (hedge.span, whose(hedge.by))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hedges_are_parts_of_their_own() {
        let text = "The unit reportedly took the post, it said.";
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let found = parts(text, &[at("reportedly took the post")], &[(at("reportedly"), "the outlet's")]).unwrap();
        let shown: Vec<(&str, bool, bool)> =
            found.iter().map(|part| (part.words.as_str(), part.said, part.hedge.is_some())).collect();
        assert_eq!(
            shown,
            [
                ("The unit ", false, false),
                ("reportedly", true, true),
                (" took the post", true, false),
                (", it said.", false, false)
            ]
        );
    }
}
