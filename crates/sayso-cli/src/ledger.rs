//! Which ledger and which case a verb works on, and the case as it weighs.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use sayso::span::CodePoints;
use sayso::weigh::decision::Entry as Line;
use sayso::weigh::{Entry, Weigher};
use sayso::weighing::{CaseActor, Claim, Mention, MentionKey, Weighing};
use sayso_ledger::Ledger;

/// Flags that every verb with a ledger takes, before or after the verb.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// The ledger: a file, or postgres://USER:PASSWORD@HOST/DATABASE; else SAYSO_LEDGER, else sayso.db here
    #[arg(long, value_name = "PATH|URL", global = true)]
    ledger: Option<String>,
    /// The case within the ledger
    #[arg(long, value_name = "NAME", global = true, default_value = "default")]
    pub(crate) case: String,
}

impl Place {
    fn path(&self) -> String {
        let set = || std::env::var("SAYSO_LEDGER").ok().filter(|path| !path.is_empty());
        self.ledger.clone().or_else(set).unwrap_or_else(|| "sayso.db".to_owned())
    }

    /// The case of that name in the ledger at a path.
    pub(crate) fn at(path: &Path, case: &str) -> Self {
        Self { ledger: Some(path.to_string_lossy().into_owned()), case: case.to_owned() }
    }

    /// Opens the ledger for writing; it is made when there is none.
    pub(crate) fn open(&self) -> anyhow::Result<Ledger> {
        let path = self.path();
        if path.contains("://") && !sayso_ledger::is_address(&path) {
            bail!("a ledger is a file or a PostgreSQL database (postgres://…), nothing else");
        }
        sayso_ledger::open(&path).with_context(|| format!("{} is of no use as a ledger", sayso_ledger::shown(&path)))
    }

    /// Opens a ledger that must be there already: a verb that only looks makes no files.
    pub(crate) fn open_existing(&self) -> anyhow::Result<Ledger> {
        let path = self.path();
        if !path.contains("://") && !Path::new(&path).exists() {
            bail!("there is no ledger at {path}: `sayso add FILE...` makes one, --ledger names another");
        }
        self.open()
    }

    /// Where the case's statements stand that have the words, best first.
    pub(crate) fn said(&self, words: &str) -> anyhow::Result<Vec<MentionKey>> {
        Ok(self.open_existing()?.said(&self.case, words)?)
    }

    /// The case as of a moment, weighed.
    pub(crate) fn case(&self, moment: &Moment) -> anyhow::Result<Case> {
        let as_of = moment.as_of.as_deref();
        let store = self.open_existing()?;
        let started = Instant::now();
        let entries = store.entries(&self.case)?;
        let loaded = started.elapsed();
        if entries.is_empty() {
            let cases = store.cases()?;
            let known =
                if cases.is_empty() { "it has none yet".to_owned() } else { format!("it has: {}", cases.join(", ")) };
            bail!("the ledger has no reports in a case named {}; {known}. `sayso add` adds some", self.case);
        }
        let journal = store.journal(&self.case)?;
        tracing::info!(reports = entries.len(), loaded_ms = loaded.as_millis(), "loaded");
        Ok(Case::weigh(&self.case, as_of, Arc::new(entries), journal))
    }
}

/// How a verb that looks at a case shows it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct View {
    #[command(flatten)]
    pub(crate) moment: Moment,
    #[command(flatten)]
    pub(crate) form: Shape,
}

/// One claim, and how to look at it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OneClaim {
    /// A number of `sayso claims`, or an id
    #[arg(value_name = "CLAIM")]
    pub(crate) claim: String,
    #[command(flatten)]
    pub(crate) view: View,
}

/// As of when.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Moment {
    /// As of when: later reports and decisions count as not there (2025-03-04 or 2025-03-04T09:10:00Z)
    #[arg(long, value_name = "TIME", value_parser = crate::time::moment)]
    pub(crate) as_of: Option<String>,
}

/// For the eye or for programs.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Shape {
    /// How to print it
    #[arg(long, short, value_enum, default_value_t = Form::Table, global = true)]
    format: Form,
}

impl Shape {
    /// Whether a program reads it.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Form::Json
    }
}

/// What people or programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For the eye, as wide as the terminal
    Table,
    /// For programs, indented; offsets are code points
    Json,
}

/// A case with what it comes to.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) as_of: Option<String>,
    /// By id.
    pub(crate) entries: Arc<Vec<Entry>>,
    pub(crate) journal: Vec<Line>,
    pub(crate) weighing: Weighing,
}

impl Case {
    /// Weighs entries, which are sorted by id, and decisions.
    pub(crate) fn weigh(name: &str, as_of: Option<&str>, entries: Arc<Vec<Entry>>, journal: Vec<Line>) -> Self {
        Self::weigh_again(&mut Weigher::new(), name, as_of, entries, journal)
    }

    /// The same by one who has weighed it before, and so has less to do.
    pub(crate) fn weigh_again(
        weigher: &mut Weigher,
        name: &str,
        as_of: Option<&str>,
        entries: Arc<Vec<Entry>>,
        journal: Vec<Line>,
    ) -> Self {
        let started = Instant::now();
        let weighing = weigher.weigh(&entries, &journal, as_of);
        tracing::info!(reports = entries.len(), weighed_ms = started.elapsed().as_millis(), "weighed");
        Self { name: name.to_owned(), as_of: as_of.map(str::to_owned), entries, journal, weighing }
    }

    /// The entry of a report.
    pub(crate) fn entry(&self, report: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| entry.report.id.as_str().cmp(report)).ok()?;
        self.entries.get(at)
    }

    /// A claim with offsets in code points, as JSON has it.
    pub(crate) fn claim_json(&self, claim: &Claim) -> Claim {
        let points: BTreeMap<&str, CodePoints> = claim
            .mentions
            .iter()
            .map(|mention| mention.report.as_str())
            .chain(claim.contradictions.iter().flat_map(|rival| rival.spans.iter().map(|(report, _)| report.as_str())))
            .chain(claim.verification.iter().map(|check| check.report.as_str()))
            .filter_map(|report| Some((report, CodePoints::new(&self.entry(report)?.report.text))))
            .collect();
        claim.to_code_points(|report| points.get(report))
    }

    /// A report as people know it: its outlet, else where it lies.
    pub(crate) fn outlet(&self, report: &str) -> String {
        let entry = self.entry(report);
        entry.map_or_else(
            || report.to_owned(),
            |entry| entry.report.outlet.clone().unwrap_or_else(|| entry.report.source.clone()),
        )
    }

    /// The actors with how many mentions each has, who says most first: the order in which people see and number them.
    pub(crate) fn actors(&self) -> Vec<(usize, &CaseActor)> {
        let mut said: HashMap<&str, usize> = HashMap::new();
        for mention in self.weighing.claims().flat_map(|claim| &claim.mentions) {
            *said.entry(mention.actor.as_deref().unwrap_or_default()).or_default() += 1;
        }
        let count = |actor: &CaseActor| said.get(actor.id.as_str()).copied().unwrap_or(0);
        let mut actors: Vec<_> = self.weighing.actors.iter().map(|actor| (count(actor), actor)).collect();
        actors.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.name.cmp(&b.1.name)).then(a.1.id.cmp(&b.1.id)));
        actors
    }

    /// The actor meant by a number of the list, an id, or an exact name.
    pub(crate) fn actor(&self, asked: &str) -> anyhow::Result<&CaseActor> {
        actor_among(&self.actors(), asked)
    }

    /// The claim meant by a number of the list, an id, or the beginning of an id.
    pub(crate) fn claim(&self, asked: &str) -> anyhow::Result<(usize, &Claim)> {
        let claims = &self.weighing.claims;
        if let Some(number) = asked.parse::<usize>().ok().filter(|number| (1..=claims.len()).contains(number)) {
            return Ok((number, &claims[number - 1]));
        }
        let mut found = claims.iter().enumerate().filter(|(_, claim)| claim.id == asked || claim.id.starts_with(asked));
        match (found.next(), found.next()) {
            (Some((k, claim)), None) => Ok((k + 1, claim)),
            (Some((k, claim)), Some(_)) if claim.id == asked => Ok((k + 1, claim)),
            (Some(_), Some(_)) => bail!("several claims begin with {asked}: write more of the id"),
            _ => bail!("there is no claim {asked}: `sayso claims` numbers them from 1 to {}", claims.len()),
        }
    }

    /// The mention meant by `CLAIM.NUMBER`, as `sayso show` numbers them.
    pub(crate) fn mention(&self, asked: &str) -> anyhow::Result<&Mention> {
        let parts = asked.rsplit_once('.').and_then(|(claim, number)| Some((claim, number.parse::<usize>().ok()?)));
        let (claim, number) =
            parts.with_context(|| format!("{asked} names no mention: write CLAIM.NUMBER, such as 3.2"))?;
        let (_, claim) = self.claim(claim)?;
        let mention = number.checked_sub(1).and_then(|k| claim.mentions.get(k));
        mention.with_context(|| format!("the claim has {} mentions, none is {number}", claim.mentions.len()))
    }
}

/// The actor meant by a number of a list, an id, or an exact name.
pub(crate) fn actor_among<'a>(actors: &[(usize, &'a CaseActor)], asked: &str) -> anyhow::Result<&'a CaseActor> {
    let number = asked.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    if let Some((_, actor)) = number.and_then(|k| actors.get(k)) {
        return Ok(actor);
    }
    let mut found = actors.iter().filter(|(_, actor)| actor.id == asked || actor.name.eq_ignore_ascii_case(asked));
    match (found.next(), found.next()) {
        (Some((_, actor)), None) => Ok(actor),
        (Some(_), Some(_)) => bail!("several actors are called {asked}: take the number that `sayso actors` shows"),
        _ => bail!("there is no actor {asked}: `sayso actors` numbers them from 1 to {}", actors.len()),
    }
}
