//! A reading drawn under the words of its report.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sayso::reading::{Event, HedgeOwner, Place, Reading, Time};
use sayso::report::Report;
use sayso::span::Span;

use super::{act_name, actor};

/// A reading drawn under its text: each line of the text, then one line for everything found in it.
pub(crate) fn draw(report: &Report, reading: &Reading) -> String {
    let mut out = String::new();
    let text = &report.text;
    let notes = notes(reading, text);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let whole = Span::new(at, at + line.len());
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        for piece in pieces(text, whole) {
            let _ = writeln!(out, "  {}", piece.of(text).trim_end());
            let here = notes.iter().filter(|n| n.marks.iter().any(|(s, _)| s.overlaps(piece)));
            for note in joined(here) {
                let _ = writeln!(out, "{}", under(text, piece, &note));
            }
        }
        out.push('\n');
    }
    out
}

/// A line cut at sentence ends, so that the drawing stays narrow.
fn pieces(text: &str, line: Span) -> Vec<Span> {
    let words = line.of(text);
    let mut out = Vec::new();
    let mut start = 0;
    for (k, _) in words.match_indices(['.', '?', '!']) {
        let rest = &words[k + 1..];
        let close = rest.len() - rest.trim_start_matches(['"', '”', '’', ')']).len();
        let next = rest[close..].strip_prefix(' ').and_then(|r| r.chars().next());
        if k + 1 - start > 60 && next.is_some_and(|c| !c.is_lowercase()) {
            out.push(Span::new(line.start + start, line.start + k + 1 + close));
            start = k + 1 + close + 1;
        }
    }
    out.push(Span::new(line.start + start, line.end));
    out
}

/// One line of the drawing: what stands where, and what it is.
struct Note {
    marks: Vec<(Span, char)>,
    label: String,
}

fn notes(reading: &Reading, text: &str) -> Vec<Note> {
    let name = |id: Option<&String>| actor(reading, id).map_or("?".to_owned(), |a| a.name.clone());
    let mut out = Vec::new();
    for a in &reading.attributions {
        let mark = |spans: &[Span], c: char| spans.iter().map(|s| (*s, c)).collect::<Vec<_>>();
        let marks = [mark(&a.content, '='), mark(&a.source, 's'), mark(&a.cue, 'c')].concat();
        let chain: String = a
            .chain
            .iter()
            .map(|l| {
                format!(
                    " < {}",
                    l.actor
                        .as_ref()
                        .map_or_else(|| format!("({})", l.channel.as_deref().unwrap_or("?")), |id| name(Some(id)))
                )
            })
            .collect();
        out.push(Note { marks, label: format!("{} {}{chain}", name(a.speaker.as_ref()), act_name(a)) });
        for h in &a.hedges {
            out.push(Note {
                marks: vec![(h.span, 'h')],
                label: format!("hedge of the {}", if h.by == HedgeOwner::Outlet { "outlet" } else { "speaker" }),
            });
        }
    }
    for v in &reading.verification {
        let about: Vec<&str> = v.about.iter().map(|s| s.of(text)).collect();
        let how = v.method.as_ref().map_or(String::new(), |m| format!(" by {m}"));
        out.push(Note {
            marks: vec![(v.span, 'v')],
            label: format!("check: {} by {}{how}, about {}", v.outcome, name(v.by.as_ref()), about.join(" | ")),
        });
    }
    for e in &reading.evidence {
        let by = e.by.as_ref().map_or(String::new(), |b| format!(" by {}", name(Some(b))));
        let shows = e.shows.map_or(String::new(), |s| format!(" shows {}", s.of(text)));
        let word = if e.purported { "purported " } else { "" };
        out.push(Note { marks: vec![(e.span, 'e')], label: format!("evidence: {word}{}{by}{shows}", e.kind) });
    }
    for q in &reading.quantities {
        let high = q.high.map_or("more".to_owned(), |h| h.to_string());
        let side = q.side.as_ref().map_or(String::new(), |s| format!(" of {}", name(Some(s))));
        let scope = if q.scope.is_empty() { String::new() } else { format!(", {}", q.scope) };
        out.push(Note {
            marks: vec![(q.span, 'n')],
            label: format!("{}: {} to {high}{side} by {}{scope}", q.of, q.low, name(q.by.as_ref())),
        });
    }
    out.extend(lists(reading));
    out.sort_by_key(|n| n.marks.iter().map(|(s, _)| s.start).min());
    out
}

/// The notes of one line of text, with all places, all times and all events in one note each, behind the others.
fn joined<'a>(notes: impl Iterator<Item = &'a Note>) -> Vec<Note> {
    let (mut out, mut kinds): (Vec<Note>, BTreeMap<char, Note>) = (Vec::new(), BTreeMap::new());
    for note in notes {
        match note.marks.first() {
            Some(&(_, mark)) if matches!(mark, 'p' | 't' | 'x') => {
                let all = kinds.entry(mark).or_insert_with(|| Note { marks: Vec::new(), label: String::new() });
                all.marks.extend(&note.marks);
                all.label = [all.label.as_str(), note.label.as_str()].join("; ").trim_start_matches("; ").to_owned();
            }
            _ => out.push(Note { marks: note.marks.clone(), label: note.label.clone() }),
        }
    }
    out.extend(kinds.into_values());
    out
}

/// Places, times and events: one line of each kind under a line of the text.
fn lists(reading: &Reading) -> Vec<Note> {
    let name = |id: Option<&String>| actor(reading, id).map_or("?", |a| a.name.as_str());
    let place = |p: &Place| (p.span, 'p', format!("{} {}", p.name, p.country.as_deref().unwrap_or("?")));
    let time = |t: &Time| (t.span, 't', [t.kind.as_str(), &t.value, &t.modifier].join(" ").trim().to_owned());
    let event = |e: &Event| {
        let who = format!("({}, {})", name(e.agent.as_ref()), name(e.patient.as_ref()));
        (e.trigger, 'x', format!("{}{who}", e.kind))
    };
    let all = reading.places.iter().map(place);
    let all = all.chain(reading.times.iter().map(time)).chain(reading.events.iter().map(event));
    all.map(|(span, mark, label)| Note { marks: vec![(span, mark)], label }).collect()
}

fn under(text: &str, piece: Span, note: &Note) -> String {
    let mut row: Vec<char> = vec![' '; piece.of(text).chars().count()];
    for (span, mark) in &note.marks {
        if span.overlaps(piece) {
            let from = text[piece.start..span.start.max(piece.start)].chars().count();
            let to = text[piece.start..span.end.min(piece.end)].chars().count();
            row[from..to].fill(*mark);
        }
    }
    let row: String = row.into_iter().collect();
    format!("  {}  {}", row.trim_end(), note.label)
}
