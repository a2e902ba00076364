//! What a redaction would take out, and what would be left.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use sayso::intake::redact::{Cannot, Inside, Redacted as Masked, Wanted, Words, masked, redact};
use sayso::intake::{Hints, Source};
use sayso::report::Report;
use sayso::span::{CodePoints, Span};
use sayso::text::charset::decode;
use sayso::weigh::Entry;
use sayso::weigh::decision::Redacted;
use sayso_ledger::{Kept, RedactedReport, Store, Thing};
use sha2::{Digest, Sha256};

use crate::batch::Batch;
use crate::fetch::is_url;
use crate::text::count;

/// What would be done.
pub(super) struct Plan {
    case: String,
    /// The report as it is kept.
    pub(super) report: Report,
    pub(super) words: Vec<Words>,
    /// The places that were typed; none where words were.
    asked: Vec<Span>,
    /// Where words go from its text.
    pub(super) spans: Vec<Span>,
    /// Captures that hold them, and their bytes without.
    pub(super) captures: Vec<(Redacted, Vec<u8>)>,
    /// The web archives inside of those (WACZ) that are others then.
    pub(super) inside: Vec<Redacted>,
    /// The report without them, in its case and in others that have it.
    reports: Vec<(String, Report)>,
    /// What else holds them.
    pub(super) left: Vec<String>,
}

/// Where and when a capture came from.
type Origin = (String, Kept);

/// Where all captures came from, and those that reports are cut out of.
#[derive(Default)]
struct Known {
    origins: Vec<Origin>,
    cut_from: BTreeSet<String>,
}

impl Plan {
    pub(super) fn new(
        store: &dyn Store,
        case: &str,
        asked: &str,
        words: &[String],
        spans: &[Span],
    ) -> anyhow::Result<Self> {
        let (report, own, known) = find(store, case, asked)?;
        let asked = in_bytes(&report, spans)?;
        let typed = words.iter().map(String::as_str).chain(asked.iter().map(|span| span.of(&report.text)));
        let words: Vec<Words> = typed.filter_map(Words::new).collect();
        if words.is_empty() {
            bail!("there is no letter in the words");
        }
        let (spans, captures, inside, reports, left) = Default::default();
        let mut plan = Self { case: case.to_owned(), report, words, asked, spans, captures, inside, reports, left };
        plan.take_captures(store, &own, &known)?;
        plan.look_elsewhere(store, &own, &known.origins)?;
        Ok(plan)
    }

    /// How people know the report.
    pub(super) fn named(&self) -> String {
        let outlet = self.report.outlet.as_deref().unwrap_or(&self.report.source);
        let title = self.report.title.as_deref().map(|title| format!(", “{title}”")).unwrap_or_default();
        format!("{outlet}{title}, of case {}", self.case)
    }

    /// How many places of captures change.
    pub(super) fn places(&self) -> usize {
        self.captures.iter().map(|(capture, _)| capture.places.len()).sum()
    }

    pub(super) fn address(&self) -> bool {
        self.captures.iter().any(|(capture, _)| capture.address)
    }

    pub(super) fn is_from_the_web(&self) -> bool {
        is_url(&self.report.source)
    }

    /// The other cases that have the report, too.
    pub(super) fn other_cases(&self) -> Vec<&str> {
        self.reports.iter().map(|(case, _)| case.as_str()).filter(|case| *case != self.case).collect()
    }

    /// The reports without the words, each with its reading.
    pub(super) fn read_anew(&self, mut batch: Batch) -> Vec<RedactedReport> {
        for (_, report) in &self.reports {
            batch.push(report.clone());
        }
        let entries = batch.read(None, |_, _, _| ()).into_iter();
        let entries = entries.map(|(report, reading, ())| Entry { report, reading });
        let cases = self.reports.iter().map(|(case, _)| case.clone());
        cases.zip(entries).map(|(case, entry)| RedactedReport { case, entry, spans: self.spans.clone() }).collect()
    }

    /// The report's own capture, and others that hold the same text and that no report is cut out of: the same page once more.
    fn take_captures(&mut self, store: &dyn Store, own: &str, known: &Known) -> anyhow::Result<()> {
        let bytes = store.bytes(own)?.with_context(|| gone(own))?;
        let redacted = self.redact(&bytes, origin(&known.origins, own, &self.report), &self.report)?;
        self.spans.clone_from(&redacted.spans);
        self.push(own, redacted, &known.origins);
        for other in known.origins.iter().filter(|(_, kept)| !known.cut_from.contains(&kept.sha256)) {
            let sha256 = &other.1.sha256;
            let done = self.captures.iter().any(|(capture, _)| capture.before == *sha256);
            let Some(bytes) = (if done { None } else { store.bytes(sha256)? }) else { continue };
            let of_capture = Report { source: other.0.clone(), archived: None, ..self.report.clone() };
            // Another article: what it holds of the words is told with the rest.
            if let Ok(redacted) = self.redact(&bytes, Some(other), &of_capture) {
                self.push(sha256, redacted, &known.origins);
            }
        }
        Ok(())
    }

    fn redact(&self, bytes: &[u8], origin: Option<&Origin>, report: &Report) -> Result<Masked, Cannot> {
        let headers = origin.and_then(|(_, kept)| kept.headers.as_deref()).unwrap_or_default();
        let answer = headers.rfind("GET ").map_or("", |at| &headers[at..]);
        let header = |line: &str| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case("content-type").then(|| value.to_owned())
        };
        let content_type = answer.lines().find_map(header);
        let url = answer.lines().next().and_then(|line| line.strip_prefix("GET ")).map(str::to_owned);
        let name = origin.map_or(report.source.as_str(), |(source, _)| source.as_str());
        let hints = Hints { content_type, url, ..Hints::default() };
        redact(&Source { name, bytes, hints }, report, Wanted { words: &self.words, spans: &self.asked })
    }

    fn push(&mut self, before: &str, redacted: Masked, origins: &[Origin]) {
        let holds = |text: &str| masked(text, &self.words) != text;
        let own = origins.iter().filter(|(_, kept)| kept.sha256 == before);
        let address = own.fold(redacted.names, |held, (source, kept)| {
            held || holds(source) || kept.headers.as_deref().is_some_and(holds)
        });
        let after = hash(&redacted.bytes);
        if redacted.left > 0 {
            let places = count(redacted.left, "place");
            self.left.push(format!("capture {}, {places}: outside of this report, or elsewhere in it", short(before)));
        }
        if after == before {
            // The words went from there with those of another report of the same text.
            return;
        }
        for Inside { before, after, places } in redacted.inside {
            self.inside.push(Redacted { before, after, places, address });
        }
        let capture = Redacted { before: before.to_owned(), after, places: redacted.places, address };
        self.captures.push((capture, redacted.bytes));
    }

    /// Copies of the report in other cases, and whatever else in the ledger holds the words.
    fn look_elsewhere(&mut self, store: &dyn Store, own: &str, origins: &[Origin]) -> anyhow::Result<()> {
        let (mut copies, mut left) = (Vec::new(), Vec::new());
        store.everything(&mut |thing| {
            left.extend(self.look(thing, own, &mut copies)?);
            Ok(())
        })?;
        self.left.extend(left);
        let bytes = store.bytes(own)?.with_context(|| gone(own))?;
        for (case, copy) in copies {
            let redacted = self.redact(&bytes, origin(origins, own, &copy), &copy)?;
            self.reports.push((case, redacted.report));
        }
        if self.reports.is_empty() {
            bail!("the report was changed meanwhile: run the same again");
        }
        Ok(())
    }

    /// What to say of a thing that holds the words and is not redacted; copies of the report are gathered.
    fn look(
        &self,
        thing: Thing,
        own: &str,
        copies: &mut Vec<(String, Report)>,
    ) -> Result<Option<String>, sayso_ledger::Error> {
        let holds = |text: &str| self.words.iter().any(|words| !words.find_written(text).is_empty());
        Ok(match thing {
            Thing::Report { case, id, sha256, meta, text, .. } => {
                let parsed = serde_json::from_str(&meta);
                let mut report: Report =
                    parsed.map_err(|source| sayso_ledger::Error::Corrupt { what: format!("report {id}"), source })?;
                report.text = text;
                if sha256 == own && report.text == self.report.text && report.source == self.report.source {
                    let named = holds(&id).then(|| format!("the id of report {id} of case {case}"));
                    copies.push((case, report));
                    return Ok(named);
                }
                // Its source is that of its capture.
                report.source.clear();
                let held = holds(&report.text) || holds(&serde_json::to_string(&report).unwrap_or_default());
                held.then(|| format!("report {id} of case {case}: redact that, too, to take them out there"))
            }
            Thing::Blob { sha256, bytes } => {
                let ours = self.captures.iter().any(|(capture, _)| capture.before == sha256);
                let held = !ours && holds(&decode(&bytes, None).text);
                held.then(|| format!("capture {}", short(&sha256)))
            }
            Thing::Decision { case, number, line, .. } => {
                let held = holds(&line);
                held.then(|| format!("decision {number} of case {case}: nothing is ever taken out of a journal"))
            }
            Thing::Case { case } => holds(&case).then(|| format!("the name of case {case}")),
            Thing::User(user) => holds(&user.name).then(|| format!("the name of user {}", user.name)),
            _ => None,
        })
    }
}

/// The report that is meant, the hash of its capture, and what is known of captures.
fn find(store: &dyn Store, case: &str, asked: &str) -> anyhow::Result<(Report, String, Known)> {
    let (mut known, mut found) = (Known::default(), Vec::new());
    store.things(&mut |thing| {
        match thing {
            Thing::Capture { source, kept, .. } => known.origins.push((source, kept)),
            Thing::Report { case: of, id, sha256, meta, text, .. } => {
                known.cut_from.insert(sha256.clone());
                if of == case && id.starts_with(asked) {
                    found.push((id, sha256, meta, text));
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    if let Some(exact) = found.iter().position(|(id, ..)| id == asked) {
        found = vec![found.swap_remove(exact)];
    }
    if found.len() > 1 {
        let ids: Vec<&str> = found.iter().take(5).map(|(id, ..)| id.as_str()).collect();
        bail!("several reports begin with {asked}: {}", ids.join(", "));
    }
    let (_, sha256, meta, text) = found
        .pop()
        .with_context(|| format!("the case {case} has no report {asked}: `sayso export --format csv` has their ids"))?;
    let mut report: Report =
        serde_json::from_str(&meta).context("the report cannot be read back: run `sayso verify`")?;
    report.text = text;
    Ok((report, sha256, known))
}

/// Where a report's capture came from: of several sources of the same bytes, the report's own.
fn origin<'a>(origins: &'a [Origin], capture: &str, report: &Report) -> Option<&'a Origin> {
    let mut of_capture = origins.iter().filter(|(_, kept)| kept.sha256 == capture);
    let own = of_capture.clone().find(|(source, _)| report.source.starts_with(source.as_str()));
    own.or_else(|| of_capture.next())
}

/// Places that were typed in characters.
fn in_bytes(report: &Report, spans: &[Span]) -> anyhow::Result<Vec<Span>> {
    let points = CodePoints::new(&report.text);
    let end = points.point(report.text.len());
    if let Some(span) = spans.iter().find(|span| span.end > end) {
        bail!("{}..{} is not in the report: its text has {end} characters", span.start, span.end);
    }
    Ok(spans.iter().map(|span| points.bytes(*span)).collect())
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn gone(capture: &str) -> String {
    format!("the ledger no longer has the bytes of capture {capture}: `sayso verify` tells more")
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
