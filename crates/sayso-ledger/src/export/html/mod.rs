//! One self-contained page about a case that prints well: every claim with who said it, through whom, in which words, how many origins
//! there are and why not more, who disputes it, who checked it, and how its standing changed.
//!
//! May not happen: a script, a request to anywhere, a character of a capture that is taken for markup.

mod claim;

use std::fmt::Write;
use std::sync::Arc;

use sayso::weigh::Entry;
use sayso::weighing::{CaseActor, Claim};

use super::Case;

const STYLE: &str = include_str!("page.css");

/// The page.
#[must_use]
pub fn export(case: &Case<'_>) -> String {
    let name = escape(case.name);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{name}: on whose say-so</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    head(&mut out, case);
    contents(&mut out, &case.weighing.claims);
    let entries = case.by_id();
    let _ = writeln!(out, "<h2 class=\"part\">Claims, one by one</h2>");
    for (number, claim) in case.weighing.claims().enumerate() {
        claim::write(&mut out, number + 1, claim, case, &entries);
    }
    incidents(&mut out, case);
    actors(&mut out, &case.weighing.actors);
    reports(&mut out, case);
    decisions(&mut out, case);
    out.push_str("</body>\n</html>\n");
    out
}

fn head(out: &mut String, case: &Case<'_>) {
    let _ = writeln!(out, "<h1>{}</h1>", escape(case.name));
    let as_of = case.as_of.map_or_else(String::new, |at| format!(", as of {}", escape(&moment(at))));
    let _ = writeln!(
        out,
        "<p class=\"quiet\">{} reports, {} claims, {} incidents{as_of}. Made by sayso {}.</p>",
        case.reports().count(),
        case.weighing.claims.len(),
        case.weighing.incidents.len(),
        env!("CARGO_PKG_VERSION")
    );
    out.push_str(
        "<p>This page shows on whose say-so each claim stands. It does not decide what is true. An origin is where a claim enters the \
         world as far as the reports tell: ten outlets that repeat one interview are one origin. “1–3 origins” means that one is known \
         to be independent and the reports leave open whether two more are.</p>\n",
    );
}

fn contents(out: &mut String, claims: &[Arc<Claim>]) {
    out.push_str("<h2>Claims</h2>\n<table class=\"contents\">\n<tr><th></th><th>Standing</th><th>Said by</th><th>Claim</th></tr>\n");
    for (number, claim) in claims.iter().enumerate() {
        let _ = writeln!(
            out,
            "<tr><td class=\"n\">{n}</td><td{}>{}</td><td>{}<br>{}</td><td><a href=\"#claim-{n}\">{}</a></td></tr>",
            class(&claim.status),
            escape(&claim.status),
            count(claim.outlets, "outlet"),
            origins(claim),
            escape(&claim.statement),
            n = number + 1,
        );
    }
    out.push_str("</table>\n");
}

fn incidents(out: &mut String, case: &Case<'_>) {
    if case.weighing.incidents.is_empty() {
        return;
    }
    out.push_str("<h2 class=\"part\">Incidents</h2>\n<table>\n<tr><th>When</th><th>Where</th><th>What</th><th>Reports</th></tr>\n");
    for incident in &case.weighing.incidents {
        let or_unknown = |value: &Option<String>| escape(value.as_deref().unwrap_or("not known"));
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            or_unknown(&incident.date),
            or_unknown(&incident.place),
            escape(&incident.what),
            incident.reports.len()
        );
    }
    out.push_str("</table>\n");
}

fn actors(out: &mut String, actors: &[CaseActor]) {
    out.push_str(
        "<h2 class=\"part\">Actors</h2>\n<table>\n<tr><th>Name</th><th>Also</th><th>Why these are one</th></tr>\n",
    );
    for actor in actors {
        let side = actor.side.as_ref().map_or_else(String::new, |side| format!("<br>side: {}", escape(side)));
        let grade =
            if actor.reliability == 'F' { String::new() } else { format!("<br>reliability {}", actor.reliability) };
        let _ = writeln!(
            out,
            "<tr><td><span class=\"who\">{}</span>{side}{grade}</td><td>{}</td><td>{}</td></tr>",
            escape(&actor.name),
            escape(&actor.aliases.join(" · ")),
            escape(&actor.why.join(" "))
        );
    }
    out.push_str("</table>\n");
}

fn reports(out: &mut String, case: &Case<'_>) {
    out.push_str(
        "<h2 class=\"part\">Reports</h2>\n<table>\n<tr><th>Outlet</th><th>Published</th><th>Report</th></tr>\n",
    );
    for Entry { report, .. } in case.reports() {
        let title = escape(report.title.as_deref().unwrap_or(&report.source));
        let title = match report.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"))
        {
            Some(url) => format!("<a href=\"{}\" rel=\"noreferrer\">{title}</a>", escape(url)),
            None => title,
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{title}<br><span class=\"quiet\">{} · {} · SHA-256 {}</span></td></tr>",
            escape(report.outlet.as_deref().unwrap_or("not known")),
            escape(&report.published.as_deref().map_or_else(|| "no date".to_owned(), moment)),
            escape(&report.id),
            escape(report.url.as_deref().unwrap_or(&report.source)),
            escape(&report.sha256)
        );
    }
    out.push_str("</table>\n");
}

fn decisions(out: &mut String, case: &Case<'_>) {
    if case.journal.is_empty() {
        return;
    }
    out.push_str("<h2 class=\"part\">Decisions</h2>\n<table>\n<tr><th></th><th>When</th><th>Who</th><th>What and why</th></tr>\n");
    for line in case.journal.iter().filter(|line| case.as_of.is_none_or(|limit| line.at.as_str() <= limit)) {
        let what = serde_json::to_string(&line.decision).unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}<br><span class=\"quiet\">{}</span></td></tr>",
            line.id,
            escape(&moment(&line.at)),
            escape(&line.by),
            escape(&line.why),
            escape(&what)
        );
    }
    out.push_str("</table>\n");
}

/// Text as text: nothing of it can become markup, turn the lines around it, or reach out of an attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// `2025-03-04T09:10:00Z` as people write it.
fn moment(at: &str) -> String {
    match at.strip_suffix('Z').and_then(|at| at.split_once('T')) {
        Some((day, time)) => format!("{day} {} UTC", time.strip_suffix(":00").unwrap_or(time)),
        None => at.to_owned(),
    }
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

fn origins(claim: &Claim) -> String {
    match (claim.independent_min, claim.independent_max) {
        (low, high) if low == high => count(low, "origin"),
        (low, high) => format!("{low}–{high} origins"),
    }
}

/// How a status is set off.
fn class(status: &str) -> &'static str {
    match status {
        "retracted" | "refuted" | "contested" => " class=\"against\"",
        "verified" | "corroborated" => " class=\"for\"",
        _ => "",
    }
}
