//! `sayso watch`: asks feeds again and again, adds what is new, and says which claims changed.
//!
//! In: a file that names feeds. Out: reports in the ledger, lines on the terminal, and JSON to an address if the file names one. May not happen: two
//! requests at once; a feed asked more often than once a minute, or soon again when it failed; a feed that keeps another waiting for ever.

mod feeds;

use std::thread::sleep;
use std::time::{Duration, Instant};

use sayso::intake::Hints;
use serde_json::json;

use crate::add::{Listener, Run};
use crate::batch::{Batch, Model};
use crate::changes::{Changed, Standing, Standings, between, standings};
use crate::fetch::{Answer, Known, Limits, Reach, ask, post};
use crate::ledger::{Case, Place};
use crate::messages::{Messages, say};
use crate::text::{clean, count};
use crate::{Outcome, output, time};
use feeds::{Feed, Feeds};

/// A feed that fails is asked again after twice as long, up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 60 * 60);

/// Watch feeds: add what is new, and say which claims changed.
///
/// Each feed is asked whether it has changed since it was last read, one after another; one that fails is left alone for longer each time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sayso watch feeds.toml --case raid
  sayso watch feeds.toml --case raid --once    ask each feed once, then end: for cron

feeds.toml:
  minutes = 10                                # how often, unless a feed says otherwise; at least 1
  about = [\"dam\", \"Okafor\"]                   # only claims with one of these words; all when left out
  webhook = \"https://desk.example.org/hook\"   # changes are sent there as JSON; may be left out

  [[feed]]
  url = \"https://example.org/news.xml\"
  minutes = 5
  outlet = \"Example\"                          # instead of what the feed says")]
pub(crate) struct Args {
    /// The file that names the feeds
    #[arg(value_name = "FEEDS.toml")]
    feeds: String,
    /// Ask each feed once, then end
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    limits: Limits,
}

pub(crate) fn run(args: &Args, place: &Place) -> anyhow::Result<Outcome> {
    let feeds = Feeds::read(&args.feeds)?;
    drop(place.open()?);
    let mut watch = Watch {
        turns: feeds.feed.iter().map(|feed| Turn { feed, known: None, at: Instant::now(), failed: 0 }).collect(),
        feeds: &feeds,
        place,
        limits: args.limits,
        standings: now(place)?,
        outcome: Outcome::Done,
    };
    if args.once {
        (0..watch.turns.len()).try_for_each(|k| watch.turn(k))?;
        return Ok(watch.outcome);
    }
    output::text(&format!(
        "Watching {} for case {}. Ctrl+C ends it.\n",
        count(feeds.feed.len(), "feed"),
        clean(&place.case)
    ))?;
    while let Some(next) = (0..watch.turns.len()).min_by_key(|&k| watch.turns[k].at) {
        sleep(watch.turns[next].at.saturating_duration_since(Instant::now()));
        watch.turn(next)?;
    }
    Ok(watch.outcome)
}

/// When a feed is asked next, and with what.
struct Turn<'a> {
    feed: &'a Feed,
    /// None before it was asked by this run.
    known: Option<Known>,
    at: Instant,
    /// How often in a row.
    failed: u32,
}

struct Watch<'a> {
    feeds: &'a Feeds,
    place: &'a Place,
    turns: Vec<Turn<'a>>,
    limits: Limits,
    standings: Standings,
    outcome: Outcome,
}

impl Watch<'_> {
    /// Asks one feed.
    fn turn(&mut self, k: usize) -> anyhow::Result<()> {
        let feed = self.turns[k].feed;
        let known = match self.turns[k].known.clone() {
            Some(known) => known,
            None => self.before(&feed.url)?,
        };
        let mut wait = self.feeds.every(feed);
        match ask(&feed.url, self.limits, Reach::Anywhere, &known) {
            Ok(Answer::Unchanged) => (self.turns[k].known, self.turns[k].failed) = (Some(known), 0),
            Ok(Answer::Page(page, known)) => {
                (self.turns[k].known, self.turns[k].failed) = (Some(known), 0);
                let mut messages = Messages::new(Some(0));
                let new = self.add(feed, page, &mut messages)?;
                if messages.finish() != Outcome::Done {
                    self.outcome = Outcome::SomeUnread;
                }
                if new > 0 {
                    self.tell(&format!("{}: {} new", feed.url, count(new, "report")))?;
                    self.compare()?;
                }
            }
            Err(failed) => {
                self.turns[k].failed += 1;
                let doubled = wait.saturating_mul(1 << self.turns[k].failed.min(16)).min(LONGEST_WAIT.max(wait));
                wait = doubled.max(Duration::from_secs(failed.later.unwrap_or(0).min(LONGEST_WAIT.as_secs())));
                let mut messages = Messages::new(Some(0));
                messages.notice(&feed.url, &failed.notice);
                self.outcome = messages.finish();
            }
        }
        self.turns[k].at = Instant::now() + wait;
        Ok(())
    }

    /// What the server said when an earlier run asked.
    fn before(&self, url: &str) -> anyhow::Result<Known> {
        let captures = self.place.open()?.captures(url)?;
        Ok(captures.last().and_then(|last| last.headers.as_deref()).map(Known::recorded).unwrap_or_default())
    }

    fn add(&self, feed: &Feed, page: crate::fetch::Page, listener: &mut dyn Listener) -> anyhow::Result<usize> {
        let mut run = Run::new(self.place.open()?, &self.place.case, Batch::new(None, Model::default())?, "", listener);
        run.hints = Hints { outlet: feed.outlet.clone(), ..Hints::default() };
        run.fetched(&feed.url, page)?;
        run.flush()?;
        Ok(run.counts.new)
    }

    /// Says what changed, of what is watched.
    fn compare(&mut self) -> anyhow::Result<()> {
        let after = now(self.place)?;
        let watched = |changed: &Changed| {
            [&changed.before, &changed.after]
                .into_iter()
                .flatten()
                .any(|standing| self.feeds.watches(&standing.statement))
        };
        let changes: Vec<Changed> = between(&self.standings, &after)
            .into_iter()
            .filter(|changed| changed.after.is_some() && watched(changed))
            .collect();
        self.standings = after;
        for changed in &changes {
            self.tell(&sentence(changed))?;
        }
        if let Some(webhook) = self.feeds.webhook.as_ref().filter(|_| !changes.is_empty()) {
            let body = json!({"case": self.place.case, "at": time::now(), "changes": changes}).to_string();
            if let Err(why) = post(webhook, &body, self.limits) {
                say(&format!("note: {} was not told: {why}", clean(webhook)));
            }
        }
        Ok(())
    }

    fn tell(&self, line: &str) -> anyhow::Result<()> {
        output::text(&format!("{}  {}\n", time::shown(&time::now()), clean(line)))
    }
}

/// How the claims stand now.
fn now(place: &Place) -> anyhow::Result<Standings> {
    let ledger = place.open()?;
    let entries = ledger.entries(&place.case)?;
    let journal = ledger.journal(&place.case)?;
    Ok(standings(&Case::weigh(&place.case, None, entries.into(), journal)))
}

/// `contested, was single-origin: … (2 outlets, 1–2 origins) c-1f…`
fn sentence(changed: &Changed) -> String {
    let Some(after) = &changed.after else { return format!("gone: {}", changed.claim) };
    let was = |before: &Standing| (before.status != after.status).then(|| format!(", was {}", before.status));
    let was = changed.before.as_ref().map_or_else(|| Some(", new".to_owned()), was).unwrap_or_default();
    let origins = if after.independent_origins == after.independent_max {
        count(after.independent_max, "origin")
    } else {
        format!("{}–{} origins", after.independent_origins, after.independent_max)
    };
    format!(
        "{}{was}: {} ({}, {origins}) {}",
        after.status,
        after.statement,
        count(after.outlets, "outlet"),
        changed.claim
    )
}
