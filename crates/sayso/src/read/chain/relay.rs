//! Links in the words around a statement: who was told, who cites, per whom.

use crate::read::speaker::Frame;
use crate::reading::Link;
use crate::span::Span;

use super::Links;

/// "told Newsweek", "boasted to the Courier", "in an interview with Radio Nord".
pub(super) fn told(links: &Links<'_>, frame: &Frame<'_>) -> Option<Link> {
    let scene = links.scene;
    let sentence = frame.sentence_tokens(scene);
    let clear = |k: &usize| !frame.in_content(scene, *k) && !scene.quoted[*k];
    // Right after the cue's verb, where nobody else can stand.
    let after = frame.cue.end;
    if scene
        .saying(frame.cue.end.saturating_sub(1))
        .is_some_and(|verb| matches!(verb.as_str(), "tell" | "inform" | "assure"))
    {
        let stop = (after..sentence.end.min(after + 8))
            .find(|k| {
                frame.in_content(scene, *k)
                    || matches!(scene.word(*k), "," | "." | ":")
                    || matches!(scene.low(*k), "that" | "in" | "on" | "by")
            })
            .unwrap_or(sentence.end.min(after + 8));
        if after < stop {
            let actor = links.publisher(scene.span(after..stop))?;
            return Some(links.link(Some(actor.clone()), scene.span(frame.cue.clone()), "told an outlet"));
        }
    }
    let reach = frame.cue.start.saturating_sub(24).max(sentence.start)..sentence.end.min(frame.cue.end + 40);
    for k in reach.clone().filter(clear) {
        let way = match scene.low(k) {
            "to" => speaks_to(links, frame, k),
            "with" => {
                (reach.start..k).rev().take(4).any(|j| matches!(scene.low(j), "interview" | "conversation" | "talk"))
            }
            _ => false,
        };
        let stop = sentence.end.min(k + 7);
        if !way || k + 1 >= stop {
            continue;
        }
        let end = (k + 1..stop).find(|j| matches!(scene.word(*j), "," | "." | ":" | "“" | "\"")).unwrap_or(stop);
        if k + 1 < end
            && let Some(actor) = links.publisher(scene.span(k + 1..end))
        {
            return Some(links.link(Some(actor.clone()), scene.span(k..k + 1), "spoke to an outlet"));
        }
    }
    None
}

/// Whether "to" at `k` follows a verb of saying or a channel: "stressed to", "in a message to".
fn speaks_to(links: &Links<'_>, frame: &Frame<'_>, k: usize) -> bool {
    let scene = links.scene;
    if k == 0 {
        return false;
    }
    let channel = |j: usize| {
        matches!(
            scene.low(j),
            "interview"
                | "message"
                | "remarks"
                | "comments"
                | "statement"
                | "letter"
                | "email"
                | "mail"
                | "call"
                | "briefing"
                | "speaking"
                | "speech"
                | "reply"
                | "note"
                | "video"
        )
    };
    let after_cue = frame.cue.end == k || frame.cue.end + 1 == k && scene.pos(k - 1) == "ADV";
    after_cue || channel(k - 1) || scene.low(k - 1) == "speaking" || k > 1 && channel(k - 2)
}

/// "per state media X", "cited by X", "was quoted as saying by X", "X cited the colonel", "in a statement carried by X".
pub(super) fn passed_on(links: &Links<'_>, frame: &Frame<'_>) -> Vec<Link> {
    let scene = links.scene;
    let sentence = frame.sentence_tokens(scene);
    let mut out = Vec::new();
    let mut k = sentence.start;
    while k < sentence.end {
        let Some(next) = introduces(links, frame, k) else {
            k += 1;
            continue;
        };
        let stop = sentence.end.min(next + 8);
        let end = (next..stop)
            .find(|j| {
                matches!(scene.word(*j), "," | "." | ":" | ";" | "“" | "\"" | "(")
                    || matches!(scene.low(*j), "that" | "as" | "which" | "who")
            })
            .unwrap_or(stop);
        let inside = frame.in_content(scene, k) && frame.of.source.iter().all(|s| s.start > scene.span(k..k + 1).start);
        if next < end && !inside {
            let phrase = scene.span(next..end);
            if let Some(actor) = links.publisher(phrase).filter(|a| Some(*a) != frame.of.speaker.as_ref())
                && !foreign(links, frame, phrase)
            {
                out.push(links.link(Some(actor.clone()), scene.span(k..next), "passed on by an outlet"));
            }
        }
        k = end.max(k + 1);
    }
    out
}

/// The token after words that introduce a relay at `k`.
fn introduces(links: &Links<'_>, frame: &Frame<'_>, k: usize) -> Option<usize> {
    let scene = links.scene;
    let low = |j: usize| scene.low(j);
    if scene.quoted[k] {
        return None;
    }
    match low(k) {
        "per" | "via" => Some(k + 1),
        "according" if low(k + 1) == "to" => Some(k + 2),
        "by" => {
            let before: Vec<&str> = (k.saturating_sub(3)..k).map(low).collect();
            let passes = before.iter().any(|w| {
                matches!(
                    *w,
                    "cited"
                        | "quoted"
                        | "saying"
                        | "carried"
                        | "reported"
                        | "published"
                        | "aired"
                        | "broadcast"
                        | "relayed"
                        | "distributed"
                        | "released"
                        | "shown"
                )
            });
            passes.then_some(k + 1)
        }
        "that"
            if matches!(low(k + 1), "was" | "is" | "appeared")
                && low(k + 2) == "in"
                && k > 0
                && scene.word(k - 1) == "," =>
        {
            Some(k + 3)
        }
        "as" if k + 2 < scene.len() && low(k + 1) == "first" && matches!(low(k + 2), "reported" | "published") => {
            Some(if low(k + 3) == "by" { k + 4 } else { k + 3 })
        }
        "in" if frame.cue.clone().any(|j| matches!(low(j), "quoted" | "cited"))
            && (frame.cue.end..frame.cue.end + 4).contains(&k) =>
        {
            Some(k + 1)
        }
        _ => None,
    }
}

/// Whether a relay's words are the source of another statement that has nothing to do with this one.
fn foreign(links: &Links<'_>, frame: &Frame<'_>, phrase: Span) -> bool {
    // Attributions stand nearly in the order of the text: a window around this one is enough.
    let from = links.all.partition_point(|a| start(a) + 4000 < frame.start);
    let other = links.all[from..].iter().take_while(|a| start(a) < frame.end + 2000);
    let mut others = other.filter(|a| !std::ptr::eq(*a, frame.of) && a.source.iter().any(|s| s.overlaps(phrase)));
    others.any(|a| {
        let holds = |s: &Span| a.content.iter().any(|c| c.overlaps(*s));
        let shares = frame.of.content.iter().chain(&frame.of.cue).any(holds);
        !shares
    })
}

fn start(a: &crate::reading::Attribution) -> usize {
    a.source.iter().chain(&a.cue).chain(&a.content).map(|s| s.start).min().unwrap_or(0)
}
