//! `sayso review`: decisions from the terminal, one by one or through a queue of what most needs a look.
//!
//! In: what a person typed. Out: lines of the journal. May not happen: a decision that was not made, or made twice.

mod queue;
pub(crate) mod suggest;

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use sayso::weigh::Entry;
use sayso::weigh::conflict::conflicts;
use sayso::weigh::decision::{ActorKey, Decision};
use sayso::weighing::{Mention, MentionKey, Stance};
use sayso_ledger::Ledger;
use serde_json::json;

use crate::ledger::{Case, Moment, Place, Shape};
use crate::show::stance;
use crate::text::{clean, count};
use crate::{Outcome, log, output, time};
use suggest::{About, Suggestion, questions};

/// Decide: what Sayso got right or wrong, which claims are one, what depends on what. Without a decision, go through its suggestions
/// one by one.
///
/// Suggestions are answered with single keys: y yes, n no, u unsure (it is asked again next time), b back, w why, z undo, q quit. Where
/// nobody sits at a terminal, an answer is a line. With --format json they are listed instead.
///
/// Mentions are named CLAIM.NUMBER as `sayso show` numbers them, claims and actors as `sayso claims` and `sayso actors` do. Every
/// decision is kept with who, when and why; `sayso log` lists them; undo is a decision too.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso review --case raid                                 one question after another
  sayso review --only actors --case raid                   only whether names are one actor
  sayso review reject 3.2 --case raid --why \"a caption\"     the second mention of claim 3 is no statement
  sayso review merge 3 7 --case raid                       claims 3 and 7 are one
  sayso review undo 4 --case raid")]
pub(crate) struct Args {
    #[command(subcommand)]
    decision: Option<Typed>,
    /// Why, in your words
    #[arg(long, value_name = "WORDS", default_value = "", global = true)]
    why: String,
    /// Who decides; your user name when left out
    #[arg(long, value_name = "NAME", global = true)]
    by: Option<String>,
    /// Only suggestions about this
    #[arg(long, value_enum, value_name = "WHAT")]
    only: Option<About>,
    #[command(flatten)]
    form: Shape,
}

#[derive(Debug, clap::Subcommand)]
enum Typed {
    /// The extraction is right
    Accept { mention: String },
    /// The extraction is wrong: leave the mention out
    Reject { mention: String },
    /// Another speaker or stance for a mention
    Edit {
        mention: String,
        /// The speaker's name
        #[arg(long)]
        speaker: Option<String>,
        /// asserts, denies, doubts, verifies, refutes or retracts
        #[arg(long, value_parser = parse_stance)]
        stance: Option<Stance>,
    },
    /// Another sentence for a claim
    State { claim: String, sentence: String },
    /// Two claims are one
    Merge { a: String, b: String },
    /// Two mentions are not of one claim
    Split { a: String, b: String },
    /// Two mentions do not depend on each other
    Cut { a: String, b: String },
    /// Two mentions depend on each other
    Join { a: String, b: String },
    /// Two actors are one
    MergeActors { a: String, b: String },
    /// An actor that was joined from several reports: the part in one report is another
    SplitActors {
        actor: String,
        /// The id of the report whose part is another actor
        report: String,
    },
    /// An actor's name
    Name { actor: String, name: String },
    /// The side an actor is on
    Side { actor: String, side: String },
    /// How reliable an actor is as a source, A to F
    Grade { actor: String, reliability: char },
    /// A decision no longer holds
    Undo { number: u64 },
}

fn parse_stance(word: &str) -> Result<Stance, String> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|_| "one of asserts, denies, doubts, verifies, refutes, retracts".to_owned())
}

/// Who decides: whom they named, else the user of the machine.
pub(crate) fn by(named: Option<&String>) -> String {
    let user = || std::env::var("USER").ok().filter(|user| !user.is_empty());
    named.cloned().or_else(user).unwrap_or_else(|| "unknown".to_owned())
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let by = by(args.by.as_ref());
    let mut desk = Desk { store: place.open_existing()?, name: place.case.clone(), by, why: args.why.clone() };
    let Some(typed) = &args.decision else {
        let case = place.case(&Moment::default())?;
        let waiting: Vec<Suggestion> =
            questions(&case, args.only).into_iter().map(|question| question.suggestion(&case)).collect();
        if args.form.is_json() {
            output::json(&waiting)?;
            return Ok(Outcome::Done);
        }
        if waiting.is_empty() {
            output::text("There is nothing left to decide.\n")?;
            return Ok(Outcome::Done);
        }
        return queue::run(&waiting, &mut desk, &Names::new(&case.entries));
    };
    let (decision, entries) = match typed {
        Typed::Undo { number } => (Decision::Undo { line: *number }, Default::default()),
        typed => {
            let case = place.case(&Moment::default())?;
            (understood(typed, &case)?, case.entries)
        }
    };
    let number = desk.decide(decision.clone())?;
    if args.form.is_json() {
        output::json(&json!({"number": number, "decision": decision}))?;
        return Ok(Outcome::Done);
    }
    output::text(&format!("{number}. {}\n", clean(&Names::new(&entries).sentence(&decision))))?;
    let journal = desk.store.journal(&desk.name)?;
    for other in log::against(&conflicts(&journal), &journal, number) {
        output::text(&clean(&format!(
            "It stands {}: the later holds until one is undone.",
            log::stands_against(other)
        )))?;
        output::text("\n")?;
    }
    Ok(Outcome::Done)
}

/// Where decisions go.
struct Desk {
    store: Ledger,
    name: String,
    by: String,
    why: String,
}

impl Desk {
    fn decide(&mut self, decision: Decision) -> anyhow::Result<u64> {
        Ok(self.store.decide(&self.name, &time::now(), &self.by, &self.why, decision)?)
    }

    /// Takes a line of the journal back; the reason given for others is not the reason for this.
    fn undo(&mut self, line: u64) -> anyhow::Result<u64> {
        Ok(self.store.decide(&self.name, &time::now(), &self.by, "", Decision::Undo { line })?)
    }
}

/// What was typed, with every name looked up.
fn understood(typed: &Typed, case: &Case) -> anyhow::Result<Decision> {
    let mention = |asked: &String| case.mention(asked).map(Mention::key);
    let first = |asked: &String| -> anyhow::Result<MentionKey> {
        let (_, claim) = case.claim(asked)?;
        claim.mentions.first().map(Mention::key).context("the claim has no mentions")
    };
    let of = |asked: &String| actor(case, asked);
    Ok(match typed {
        Typed::Accept { mention: m } => Decision::Accept { mention: mention(m)? },
        Typed::Reject { mention: m } => Decision::Reject { mention: mention(m)? },
        Typed::Edit { speaker: None, stance: None, .. } => {
            bail!("say what to change: --speaker NAME or --stance STANCE")
        }
        Typed::Edit { mention: m, speaker, stance } => {
            Decision::Edit { mention: mention(m)?, speaker: speaker.clone(), stance: *stance }
        }
        Typed::State { claim, sentence } => Decision::State { mention: first(claim)?, statement: sentence.clone() },
        Typed::Merge { a, b } => Decision::Merge { a: first(a)?, b: first(b)? },
        Typed::Split { a, b } => Decision::Split { a: mention(a)?, b: mention(b)? },
        Typed::Cut { a, b } => Decision::Cut { a: mention(a)?, b: mention(b)? },
        Typed::Join { a, b } => Decision::Join { a: mention(a)?, b: mention(b)? },
        Typed::MergeActors { a, b } => Decision::MergeActors { a: of(a)?, b: of(b)? },
        Typed::SplitActors { actor, report } => split_actors(case, actor, report)?,
        Typed::Name { actor, name } => Decision::NameActor { actor: of(actor)?, name: name.clone() },
        Typed::Side { actor, side } => Decision::SetSide { actor: of(actor)?, side: side.clone() },
        Typed::Grade { actor, reliability } => {
            let reliability = reliability.to_ascii_uppercase();
            if !('A'..='F').contains(&reliability) {
                bail!("source reliability goes from A to F");
            }
            Decision::Grade { actor: of(actor)?, reliability }
        }
        Typed::Undo { number } => Decision::Undo { line: *number },
    })
}

/// An actor of the case, as one of its reports has it.
fn actor(case: &Case, asked: &str) -> anyhow::Result<ActorKey> {
    case.actor(asked)?.members.first().cloned().context("the actor is in no report")
}

fn split_actors(case: &Case, asked: &str, report: &str) -> anyhow::Result<Decision> {
    let whole = case.actor(asked)?;
    let part = whole.members.iter().find(|member| member.0 == report);
    let other = whole.members.iter().find(|member| member.0 != report);
    match (part, other) {
        (Some(part), Some(other)) => Ok(Decision::SplitActors { a: part.clone(), b: other.clone() }),
        (None, _) => bail!("{} is not in report {report}: it is in {}", whole.name, members(&whole.members)),
        (_, None) => bail!("{} is in report {report} alone", whole.name),
    }
}

fn members(members: &[ActorKey]) -> String {
    let mut reports: Vec<&str> = members.iter().map(|member| member.0.as_str()).collect();
    reports.dedup();
    reports.join(", ")
}

/// The beginning of a hash, as people compare it.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// What decisions name, in words: their keys are places in reports.
pub(crate) struct Names<'a>(BTreeMap<&'a str, &'a Entry>);

impl<'a> Names<'a> {
    pub(crate) fn new(entries: &'a [Entry]) -> Self {
        Self(entries.iter().map(|entry| (entry.report.id.as_str(), entry)).collect())
    }

    /// `“Two villages …” (Valley Wire)`
    fn words(&self, key: &MentionKey) -> String {
        const SHOWN: usize = 60;
        let entry = self.0.get(key.report.as_str());
        let Some(text) = entry.and_then(|entry| entry.report.text.get(key.start..)) else {
            return format!("the statement at {} of report {}", key.start, key.report);
        };
        let line = text.lines().next().unwrap_or_default();
        let end = line.char_indices().nth(SHOWN).map_or(line.len(), |(at, _)| at);
        let more = if end < line.len() { "…" } else { "" };
        format!("“{}{more}” ({})", &line[..end], self.outlet(&key.report))
    }

    /// `“Legion” (Valley Wire)`
    fn actor(&self, (report, id): &ActorKey) -> String {
        let entry = self.0.get(report.as_str());
        let name = entry.and_then(|entry| entry.reading.actors.iter().find(|actor| actor.id == *id));
        name.map_or_else(
            || format!("{id} of report {report}"),
            |name| format!("“{}” ({})", name.name, self.outlet(report)),
        )
    }

    fn outlet(&self, report: &str) -> &str {
        let known = self.0.get(report).map(|entry| &entry.report);
        known.map_or("", |known| known.outlet.as_deref().unwrap_or(&known.source))
    }

    /// A decision in a sentence.
    pub(crate) fn sentence(&self, decision: &Decision) -> String {
        let at = |key: &MentionKey| self.words(key);
        let who = |key: &ActorKey| self.actor(key);
        match decision {
            Decision::Accept { mention } => format!("accepted {}", at(mention)),
            Decision::Reject { mention } => format!("rejected {}", at(mention)),
            Decision::Edit { mention, speaker, stance: new } => {
                let speaker = speaker.as_ref().map(|speaker| format!(" {speaker}")).unwrap_or_default();
                let new = new.map(|new| format!(" {}", stance(new))).unwrap_or_default();
                format!("edited {}: now{speaker}{new}", at(mention))
            }
            Decision::State { mention, statement } => format!("stated the claim of {} as: {statement}", at(mention)),
            Decision::Merge { a, b } => format!("merged the claims of {} and {}", at(a), at(b)),
            Decision::Split { a, b } => format!("split {} from {}", at(b), at(a)),
            Decision::Cut { a, b } => format!("cut the dependence between {} and {}", at(a), at(b)),
            Decision::Join { a, b } => format!("made {} depend on {}", at(a), at(b)),
            Decision::MergeActors { a, b } => format!("merged the actors {} and {}", who(a), who(b)),
            Decision::SplitActors { a, b } => format!("split the actor {} from {}", who(a), who(b)),
            Decision::NameActor { actor, name } => format!("named the actor {}: {name}", who(actor)),
            Decision::SetSide { actor, side } => format!("put the actor {} on the side: {side}", who(actor)),
            Decision::Grade { actor, reliability } => format!("graded the actor {}: {reliability}", who(actor)),
            Decision::Undo { line } => format!("undid decision {line}"),
            Decision::Redact { report, spans, captures } => format!(
                "took words out of report {report} ({}) for ever: {} instead of {}",
                count(spans.len(), "place"),
                captures.iter().map(|capture| short(&capture.after)).collect::<Vec<_>>().join(", "),
                captures.iter().map(|capture| short(&capture.before)).collect::<Vec<_>>().join(", "),
            ),
        }
    }
}
