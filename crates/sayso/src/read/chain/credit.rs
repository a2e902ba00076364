//! Credit lines: the agency whose dispatch is reprinted as a whole.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::Document;
use crate::read::speaker::outlet;
use crate::read::who::{Actors, Lists, fold};
use crate::reading::ActorId;
use crate::span::Span;

/// An agency that is credited, and where.
#[derive(Debug, Clone)]
pub(crate) struct Credit {
    pub(crate) actor: ActorId,
    pub(crate) span: Span,
}

/// "KISUMU, May 2 (Lakeside) -".
static BRACKETS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[\p{Lu}][^\n(]{1,70}\(([\p{Lu}][^()\n]{1,40})\)\s?[-–—]").expect("a fixed pattern"));

/// "MOSCOW, May 3, Interfax -", "LAGOS. NAN -".
static COMMAS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}{2}[\p{Lu} .'-]{1,30}[,.][^\n]{0,20}?\b(\p{Lu}[\p{L} ]{1,30}?)\s[-–—]\s")
        .expect("a fixed pattern")
});

/// A line that is a credit and nothing more: "(AP)", "— Reuters".
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*[(\[—–-]?\s*(?:©|Source:|With|By)?\s*(\p{Lu}[\p{L} .&'-]{1,40}?)\s*[)\]]?\s*$")
        .expect("a fixed pattern")
});

/// The agency that the report as a whole is from, if it names one that is not its outlet.
pub(crate) fn credit(document: &Document<'_>, index: &Actors<'_>) -> Option<Credit> {
    let text = document.text();
    let own = outlet(document, index.all());
    let mut at = 0;
    let mut places: Vec<Span> = Vec::new();
    // The dateline stands in the first lines, a closing credit in the last.
    let lines: Vec<Span> = text
        .split('\n')
        .map(|line| {
            let span = Span::new(at, at + line.len());
            at += line.len() + 1;
            span
        })
        .filter(|s| !s.trim(text).is_empty())
        .collect();
    for line in lines.iter().take(4) {
        let words = line.of(text);
        for pattern in [&BRACKETS, &COMMAS] {
            let found = pattern.captures(words).and_then(|c| c.get(1));
            places.extend(found.map(|m| Span::new(line.start + m.start(), line.start + m.end())));
        }
    }
    for line in lines.iter().take(3).chain(lines.iter().rev().take(2)) {
        let found = LINE.captures(line.of(text)).and_then(|c| c.get(1));
        places.extend(
            found
                .filter(|m| Lists::shipped().is_publisher(&fold(m.as_str())))
                .map(|m| Span::new(line.start + m.start(), line.start + m.end())),
        );
    }
    let known = |span: &Span| index.actor(*span).filter(|a| Some(&a.id) != own.as_ref());
    for span in places {
        let is_outlet = document.report.outlet.as_deref().is_some_and(|o| same(o, span.of(text)));
        if is_outlet {
            return None;
        }
        if let Some(actor) = known(&span) {
            return Some(Credit { actor: actor.id.clone(), span });
        }
    }
    let given = document.report.credit.as_deref()?;
    let named =
        given.split([',', '/', ';']).map(|part| fold(part.trim())).find(|part| Lists::shipped().is_publisher(part))?;
    let actor = index.all().iter().find(|a| fold(&a.name) == named || a.aliases.iter().any(|x| fold(x) == named))?;
    let span = actor.mentions.first().copied()?;
    (Some(&actor.id) != own.as_ref()).then(|| Credit { actor: actor.id.clone(), span })
}

/// Whether two names of an outlet are one: the same words, or the first word or the initials of the other.
fn same(outlet: &str, name: &str) -> bool {
    let (outlet, name) = (fold(outlet), fold(name));
    let words: Vec<&str> = outlet.split_whitespace().filter(|w| *w != "the").collect();
    let initials: String = words.iter().filter_map(|w| w.chars().next()).collect();
    outlet == name || words.join(" ").starts_with(&name) || initials == name
}
