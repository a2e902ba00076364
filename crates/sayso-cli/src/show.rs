//! `sayso show`: one claim with the tree of who says it through whom, the words in context, and its history.

use std::collections::BTreeSet;
use std::fmt::Write;

use sayso::weighing::{Claim, Mention, Stance};

use crate::claims::{origins, outlets, status_style};
use crate::columns::paragraph;
use crate::ledger::{Case, OneClaim, Place};
use crate::quote::around;
use crate::terminal::{Style, Terminal};
use crate::text::{clean, wrap};
use crate::{Outcome, output, time};

/// Show one claim: who says it and through whom, in which words, who checked it, and how its standing changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso show 3 --case raid            the third claim of `sayso claims`
  sayso show c-6f2a --case raid       a claim by its id, or the beginning of it
  sayso show 3 --case raid --as-of 2025-05-12")]
pub(crate) struct Args {
    #[command(flatten)]
    asked: OneClaim,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let case = place.case(&args.asked.view.moment)?;
    let (number, claim) = case.claim(&args.asked.claim)?;
    if args.asked.view.form.is_json() {
        output::json(&case.claim_json(claim))?;
    } else {
        output::text(&Sheet::new(&case, Terminal::stdout()).claim(number, claim))?;
    }
    Ok(Outcome::Done)
}

/// A page about a claim, as it is being written.
pub(crate) struct Sheet<'a> {
    case: &'a Case,
    terminal: Terminal,
    out: String,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(case: &'a Case, terminal: Terminal) -> Self {
        Self { case, terminal, out: String::new() }
    }

    fn say(&mut self, style: Style, text: &str, mark: &str) {
        paragraph(&mut self.out, style, text, self.terminal, mark);
    }

    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.out, "\n{}", self.terminal.paint(Style::Quiet, text));
    }

    /// Everything about a claim.
    fn claim(mut self, number: usize, claim: &Claim) -> String {
        self.head(number, claim);
        self.heading("WHO SAYS IT, THROUGH WHOM");
        self.tree(claim);
        self.pictures(claim);
        self.checks(claim);
        self.rivals(claim);
        self.dependences(claim);
        self.history(claim);
        self.out
    }

    /// The sentence and its standing.
    pub(crate) fn head(&mut self, number: usize, claim: &Claim) {
        self.say(Style::Strong, &clean(&claim.statement), "");
        let mut standing = vec![claim.status.clone()];
        for word in [&claim.support, &claim.dispute] {
            if word != "none" && !standing.contains(word) {
                standing.push(word.clone());
            }
        }
        self.say(status_style(&claim.status), &standing.join(" · "), "");
        let names = claim.origins.iter().map(|name| clean(name)).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() { names } else { format!(": {names}") };
        self.say(Style::Plain, &format!("{} · {}{names}", outlets(claim), origins(claim)), "");
        if let Some((low, high)) = claim.figure.filter(|(low, high)| low < high) {
            self.say(Style::Plain, &format!("figures from {low} to {high}"), "");
        }
        if claim.circular {
            self.say(Style::Caution, &format!("circular: {}", clean(&claim.circle.join(" → "))), "");
        }
        let id = format!("claim {number} · {} · suggested credibility {} of 6", claim.id, claim.credibility);
        self.say(Style::Quiet, &id, "");
    }

    /// From the claim to its speakers, and from each to the outlets that carry it.
    fn tree(&mut self, claim: &Claim) {
        let mut speakers: Vec<&str> = Vec::new();
        for mention in &claim.mentions {
            let speaker = speaker(mention);
            if !speakers.contains(&speaker) {
                speakers.push(speaker);
            }
        }
        for (k, name) in speakers.iter().enumerate() {
            let last = k + 1 == speakers.len();
            self.say(Style::Strong, &clean(name), if last { "└─ " } else { "├─ " });
            let below: Vec<(usize, &Mention)> =
                claim.mentions.iter().enumerate().filter(|(_, mention)| speaker(mention) == *name).collect();
            let trunk = if last { "   " } else { "│  " };
            for (i, (n, mention)) in below.iter().enumerate() {
                self.mention(*n + 1, mention, trunk, i + 1 == below.len());
            }
        }
    }

    /// One mention: its number, how it stands, the way it came, the words.
    fn mention(&mut self, number: usize, mention: &Mention, trunk: &str, last: bool) {
        let mut way = vec![self.case.outlet(&mention.report)];
        way.extend(mention.chain.iter().filter(|name| Some(name.as_str()) != mention.speaker.as_deref()).cloned());
        way.dedup();
        let date = mention.published.as_deref().map_or_else(|| "no date".to_owned(), time::shown);
        let line = clean(&format!(".{number} {} · {} · {date}", stance(mention.stance), way.join(" ← ")));
        let style = if mention.stance == Stance::Asserts { Style::Plain } else { Style::Caution };
        self.say(style, &line, &format!("{trunk}{}", if last { "└─ " } else { "├─ " }));
        let indent = format!("{trunk}{}  ", if last { "   " } else { "│  " });
        let (before, words, after) = self.context(mention);
        let text = format!("{before}[{words}]{after}");
        for line in wrap(&clean(&text), self.terminal.width.saturating_sub(indent.chars().count())) {
            let _ = writeln!(self.out, "{}{line}", self.terminal.paint(Style::Quiet, &indent));
        }
        for hedge in &mention.hedges {
            self.say(Style::Caution, &format!("~ {}", clean(hedge)), &indent);
        }
    }

    /// The words of a mention with a little of what stands around them.
    fn context(&self, mention: &Mention) -> (String, String, String) {
        const AROUND: usize = 70;
        let text = self.case.entry(&mention.report).map_or("", |entry| entry.report.text.as_str());
        let Some(found) = around(text, &mention.spans, AROUND) else {
            return (String::new(), mention.text.clone(), String::new());
        };
        let mark = |cut: bool| if cut { "…" } else { "" };
        (
            format!("{}{}", mark(found.cut.0), found.before.of(text)),
            found.words.of(text).to_owned(),
            format!("{}{}", found.after.of(text), mark(found.cut.1)),
        )
    }

    /// The pictures of its reports, and what their manifests say.
    fn pictures(&mut self, claim: &Claim) {
        let reports: BTreeSet<&str> = claim.mentions.iter().map(|mention| mention.report.as_str()).collect();
        let entries = reports.into_iter().filter_map(|id| self.case.entry(id));
        let pictures: Vec<(String, String)> = entries
            .flat_map(|entry| entry.report.pictures.iter().map(|p| (self.case.outlet(&entry.report.id), p.to_string())))
            .collect();
        if pictures.is_empty() {
            return;
        }
        self.heading("PICTURES IN THESE REPORTS");
        for (outlet, picture) in pictures {
            self.say(Style::Plain, &clean(&format!("{outlet}: {picture}")), "  ");
        }
    }

    fn checks(&mut self, claim: &Claim) {
        if claim.verification.is_empty() {
            return;
        }
        self.heading("WHO CHECKED");
        for check in &claim.verification {
            let method = check.method.as_deref().map_or_else(String::new, |method| format!(", by {method}"));
            let date = check.date.as_deref().map_or_else(String::new, |date| format!(", {}", time::shown(date)));
            self.say(Style::Plain, &clean(&format!("{}: {}{method}{date}", check.by, check.outcome)), "  ");
            let words = self.words(&check.report, check.span);
            self.say(Style::Quiet, &words, "    ");
        }
    }

    fn rivals(&mut self, claim: &Claim) {
        if claim.contradictions.is_empty() {
            return;
        }
        self.heading("WHAT CANNOT BE TRUE AT ONCE");
        for rival in &claim.contradictions {
            let (name, statement) = match self.case.claim(&rival.claim) {
                Ok((number, other)) => (number.to_string(), clean(&other.statement)),
                Err(_) => (rival.claim.clone(), String::new()),
            };
            self.say(Style::Caution, &format!("claim {name}: {statement}"), "  ");
            self.say(Style::Quiet, &clean(&format!("{} ({})", rival.why, rival.rule)), "    ");
        }
    }

    /// Why the mentions do not count as so many origins.
    pub(crate) fn dependences(&mut self, claim: &Claim) {
        if claim.dependences.is_empty() {
            return;
        }
        self.heading("WHY THESE ARE NOT MORE ORIGINS");
        for edge in &claim.dependences {
            let text = format!(".{} on .{}: {} ({})", edge.from + 1, edge.to + 1, edge.why, edge.rule);
            self.say(Style::Plain, &clean(&text), "  ");
            if let Some((report, span)) = &edge.span {
                let words = self.words(report, *span);
                self.say(Style::Quiet, &words, "    ");
            }
        }
    }

    fn history(&mut self, claim: &Claim) {
        self.heading("HISTORY");
        for change in &claim.history {
            let date = change.at.as_deref().map_or_else(|| "no date".to_owned(), time::shown);
            let from = change.from.as_deref().map_or_else(String::new, |from| format!("{from} → "));
            let text = format!("{date}  {from}{}  {} ({})", change.to, self.case.outlet(&change.report), change.rule);
            self.say(Style::Plain, &clean(&text), "  ");
        }
    }

    /// Words of a report, in quotation marks, with their outlet.
    fn words(&self, report: &str, span: sayso::span::Span) -> String {
        let words =
            self.case.entry(report).and_then(|entry| entry.report.text.get(span.start..span.end)).unwrap_or_default();
        clean(&format!("“{words}” {}", self.case.outlet(report)))
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

fn speaker(mention: &Mention) -> &str {
    mention.speaker.as_deref().unwrap_or("not said who")
}

/// The word for a stance, as in the JSON.
pub(crate) fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts => "asserts",
        Stance::Denies => "denies",
        Stance::Doubts => "doubts",
        Stance::Verifies => "verifies",
        Stance::Refutes => "refutes",
        Stance::Retracts => "retracts",
    }
}
