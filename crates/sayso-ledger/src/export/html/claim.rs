//! One claim of the page.

use std::collections::BTreeMap;
use std::fmt::Write;

use sayso::span::Span;
use sayso::weigh::Entry;
use sayso::weighing::{Claim, Mention, Stance};

use super::{class, count, escape, moment, origins};
use crate::export::{Case, stance};

/// Characters of context on each side of the words.
const AROUND: usize = 160;

type Entries<'a> = BTreeMap<&'a str, &'a Entry>;

pub(super) fn write(out: &mut String, number: usize, claim: &Claim, case: &Case<'_>, entries: &Entries<'_>) {
    let _ = writeln!(
        out,
        "<section class=\"claim\" id=\"claim-{number}\">\n<h3>{number}. {}</h3>",
        escape(&claim.statement)
    );
    standing(out, claim);
    out.push_str("<h4>Who says it, through whom</h4>\n<ol>\n");
    claim.mentions.iter().for_each(|mention| write_mention(out, mention, entries));
    out.push_str("</ol>\n");
    dependences(out, claim, entries);
    rivals(out, claim, case, entries);
    checks(out, claim, entries);
    history(out, claim, entries);
    out.push_str("</section>\n");
}

fn standing(out: &mut String, claim: &Claim) {
    let mut words = vec![claim.status.as_str()];
    for word in [claim.support.as_str(), claim.dispute.as_str()] {
        if word != "none" && !words.contains(&word) {
            words.push(word);
        }
    }
    let _ =
        writeln!(out, "<p class=\"standing\"><span{}>{}</span></p>", class(&claim.status), escape(&words.join(" · ")));
    let names =
        if claim.origins.is_empty() { String::new() } else { format!(": {}", escape(&claim.origins.join(", "))) };
    let _ = writeln!(out, "<p>{}, {}{names}</p>", count(claim.outlets, "outlet"), origins(claim));
    if let Some((low, high)) = claim.figure.filter(|(low, high)| low < high) {
        let _ = writeln!(out, "<p>Figures from {low} to {high}.</p>");
    }
    if claim.circular {
        let _ = writeln!(out, "<p class=\"against\">Circular: {}</p>", escape(&claim.circle.join(" → ")));
    }
    let _ = writeln!(
        out,
        "<p class=\"quiet\">{} · suggested credibility {} of 6</p>",
        escape(&claim.id),
        claim.credibility
    );
}

fn write_mention(out: &mut String, mention: &Mention, entries: &Entries<'_>) {
    let who = escape(mention.speaker.as_deref().unwrap_or("not said who"));
    let against = match mention.stance {
        Stance::Asserts => "",
        Stance::Verifies => " class=\"for\"",
        _ => " class=\"against\"",
    };
    let _ = write!(out, "<li><span class=\"who\">{who}</span> <span{against}>{}</span>", stance(mention));
    let mut way = vec![outlet(&mention.report, entries)];
    way.extend(mention.chain.iter().filter(|name| Some(name.as_str()) != mention.speaker.as_deref()).cloned());
    way.dedup();
    let date = mention.published.as_deref().map_or_else(|| "no date".to_owned(), moment);
    let _ = writeln!(out, "<br><span class=\"place\">{} · {}</span>", escape(&way.join(" ← ")), escape(&date));
    let quote = entries.get(mention.report.as_str()).and_then(|entry| context(&entry.report.text, &mention.spans));
    let _ = writeln!(
        out,
        "<blockquote>{}</blockquote>",
        quote.unwrap_or_else(|| format!("<mark>{}</mark>", escape(&mention.text)))
    );
    if !mention.hedges.is_empty() {
        let _ = writeln!(out, "<p class=\"hedge\">hedged: {}</p>", escape(&mention.hedges.join(" · ")));
    }
    out.push_str("</li>\n");
}

/// The words, marked, with what stands around them in their paragraph. Nothing where the spans are not of this text.
fn context(text: &str, spans: &[Span]) -> Option<String> {
    let (first, last) = (spans.first()?, spans.last()?);
    let before = text.get(..first.start)?;
    let before = before.rsplit('\n').next().unwrap_or_default();
    let cut = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let cut = if cut == 0 { 0 } else { before[cut..].find(' ').map_or(cut, |space| cut + space + 1) };
    let after = text.get(last.end..)?.split('\n').next().unwrap_or_default();
    let keep = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
    let keep = if keep == after.len() { keep } else { after[..keep].rfind(' ').unwrap_or(keep) };
    let mark = |cut: bool| if cut { "…" } else { "" };
    let mut out = format!("{}{}", mark(cut > 0), escape(&before[cut..]));
    let mut at = first.start;
    for span in spans {
        let _ = write!(
            out,
            "{}<mark>{}</mark>",
            escape(text.get(at..span.start)?),
            escape(text.get(span.start..span.end)?)
        );
        at = span.end;
    }
    let _ = write!(out, "{}{}", escape(&after[..keep]), mark(keep < after.len()));
    Some(out)
}

fn dependences(out: &mut String, claim: &Claim, entries: &Entries<'_>) {
    if claim.dependences.is_empty() {
        return;
    }
    out.push_str("<h4>Why these are not more origins</h4>\n<ul>\n");
    for edge in &claim.dependences {
        let words = edge.span.as_ref().map_or_else(String::new, |(report, span)| words(report, *span, entries));
        let _ = writeln!(
            out,
            "<li>{} on {}: {} <span class=\"quiet\">({})</span>{words}</li>",
            edge.from + 1,
            edge.to + 1,
            escape(&edge.why),
            escape(&edge.rule)
        );
    }
    out.push_str("</ul>\n");
}

fn rivals(out: &mut String, claim: &Claim, case: &Case<'_>, entries: &Entries<'_>) {
    if claim.contradictions.is_empty() {
        return;
    }
    out.push_str("<h4>What cannot be true at once</h4>\n<ul>\n");
    for rival in &claim.contradictions {
        let other = case.weighing.claims().position(|other| other.id == rival.claim);
        let other = other.map_or_else(
            || escape(&rival.claim),
            |k| {
                format!(
                    "<a href=\"#claim-{n}\">claim {n}</a>: {}",
                    escape(&case.weighing.claims[k].statement),
                    n = k + 1
                )
            },
        );
        let quotes: String = rival.spans.iter().map(|(report, span)| words(report, *span, entries)).collect();
        let _ = writeln!(
            out,
            "<li><span class=\"against\">{other}</span><br>{} <span class=\"quiet\">({})</span>{quotes}</li>",
            escape(&rival.why),
            escape(&rival.rule)
        );
    }
    out.push_str("</ul>\n");
}

fn checks(out: &mut String, claim: &Claim, entries: &Entries<'_>) {
    out.push_str("<h4>Who checked</h4>\n");
    if claim.verification.is_empty() {
        out.push_str("<p class=\"quiet\">No report tells of a check.</p>\n");
        return;
    }
    out.push_str("<ul>\n");
    for check in &claim.verification {
        let method = check.method.as_ref().map_or_else(String::new, |method| format!(", by {}", escape(method)));
        let date = check.date.as_deref().map_or_else(String::new, |date| format!(", {}", escape(&moment(date))));
        let quote = words(&check.report, check.span, entries);
        let _ = writeln!(out, "<li>{}: {}{method}{date}{quote}</li>", escape(&check.by), escape(&check.outcome));
    }
    out.push_str("</ul>\n");
}

fn history(out: &mut String, claim: &Claim, entries: &Entries<'_>) {
    out.push_str("<h4>History</h4>\n<ul>\n");
    for change in &claim.history {
        let date = change.at.as_deref().map_or_else(|| "no date".to_owned(), moment);
        let from = change.from.as_ref().map_or_else(String::new, |from| format!("{} → ", escape(from)));
        let _ = writeln!(
            out,
            "<li>{}: {from}{}, {} <span class=\"quiet\">({})</span></li>",
            escape(&date),
            escape(&change.to),
            escape(&outlet(&change.report, entries)),
            escape(&change.rule)
        );
    }
    out.push_str("</ul>\n");
}

/// A report as people know it.
fn outlet(report: &str, entries: &Entries<'_>) -> String {
    let known = entries.get(report);
    known.map_or_else(|| report.to_owned(), |e| e.report.outlet.clone().unwrap_or_else(|| e.report.source.clone()))
}

/// Words of a report as a quotation.
fn words(report: &str, span: Span, entries: &Entries<'_>) -> String {
    let words = entries.get(report).and_then(|entry| entry.report.text.get(span.start..span.end));
    words.map_or_else(String::new, |words| {
        format!(
            "<blockquote>{} <span class=\"place\">{}</span></blockquote>",
            escape(words),
            escape(&outlet(report, entries))
        )
    })
}
