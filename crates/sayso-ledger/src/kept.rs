//! How things are kept, whatever the database: their JSON, their hashes, their ids, and the chain of a journal.

use sayso::intake::redact::masked;
use sayso::report::Report;
use sayso::weigh::decision::{Decision, Entry as Line, Redacted};
use sha2::{Digest, Sha256};

use crate::store::{Damage, Error, Kept, RedactedReport, Redaction};

/// SHA-256 of the parts, one after another, in lower-case hex.
pub(crate) fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn json<T: serde::Serialize>(what: &str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Corrupt { what: what.into(), source })
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| Error::Corrupt { what: what.into(), source })
}

/// A report as it is kept: what is known about it as JSON, without its text and its map.
pub(crate) fn meta(report: &Report, id: &str) -> Result<String, Error> {
    json("report", &Report { id: id.to_owned(), text: String::new(), map: Default::default(), ..report.clone() })
}

/// The hash of where and when a capture came from.
pub(crate) fn provenance(source: &str, fetched: Option<&str>, headers: Option<&str>) -> Result<String, Error> {
    Ok(hash(&[json("capture", &(source, fetched, headers))?.as_bytes()]))
}

/// The same with the capture's own hash: what is kept beside it.
pub(crate) fn capture_checksum(
    sha256: &str,
    source: &str,
    fetched: Option<&str>,
    headers: Option<&str>,
) -> Result<String, Error> {
    Ok(hash(&[sha256.as_bytes(), provenance(source, fetched, headers)?.as_bytes()]))
}

/// What is wrong with where and when a capture came from, if anything is.
pub(crate) fn moved(source: &str, kept: &Kept, checksum: Option<&str>) -> Result<Option<Damage>, Error> {
    let Some(checksum) = checksum else { return Ok(None) };
    let found = capture_checksum(&kept.sha256, source, kept.fetched.as_deref(), kept.headers.as_deref())?;
    let message = format!("where and when it came from ({source}) does not have its hash: it was changed");
    Ok((found != checksum).then(|| damage(format!("capture {}", kept.sha256), message)))
}

/// The id of a report whose own is taken.
pub(crate) fn other_id(report: &Report) -> String {
    let none = String::new();
    let parts =
        [&report.text, &report.source, report.outlet.as_ref().unwrap_or(&none), report.url.as_ref().unwrap_or(&none)];
    let own = hash(&parts.map(|part| part.as_bytes()));
    format!("{}~{}", report.id, &own[..8])
}

/// Whether a report's id is made from its bytes: such ids change with every advertisement on the page.
pub(crate) fn id_of_bytes(report: &Report) -> bool {
    report.sha256.len() >= 16 && report.id.starts_with(&report.sha256[..16])
}

/// The hash before the first line of a journal.
pub(crate) const NOTHING: &str = "";

/// A line of a journal as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) number: u64,
    /// The decision as JSON.
    pub(crate) line: String,
    /// The hash of the line before.
    pub(crate) before: String,
    /// The hash of this line with it.
    pub(crate) hash: String,
}

/// The line that comes after the last one (its number and hash, none when it is the first).
pub(crate) fn next_link(
    last: Option<(u64, String)>,
    at: &str,
    by: &str,
    why: &str,
    decision: Decision,
) -> Result<Link, Error> {
    let (number, before) = last.map_or((1, NOTHING.to_owned()), |(number, hash)| (number + 1, hash));
    if let Decision::Undo { line: undone } = decision
        && (undone == 0 || undone >= number)
    {
        return Err(Error::NoDecision(undone));
    }
    let line = Line { id: number, at: at.into(), by: by.into(), why: why.into(), decision };
    let line = json("decision", &line)?;
    let hash = hash(&[before.as_bytes(), line.as_bytes()]);
    Ok(Link { number, line, before, hash })
}

/// Refuses to take back what cannot be: `line` is what the journal has under the number.
pub(crate) fn may_undo(number: u64, line: &str) -> Result<(), Error> {
    match parse::<Line>(&format!("decision {number}"), line)?.decision {
        Decision::Redact { .. } => Err(Error::ForEver(number)),
        _ => Ok(()),
    }
}

/// The captures out of which lines of a journal took words: as they were, with the line's number.
pub(crate) fn redacted(links: &[Link]) -> Vec<(u64, String)> {
    let mut out = Vec::new();
    for link in links {
        // A line that does not parse is not one that says so.
        if let Ok(Line { decision: Decision::Redact { captures, .. }, .. }) = parse("decision", &link.line) {
            out.extend(captures.into_iter().map(|capture| (link.number, capture.before)));
        }
    }
    out
}

/// The line of a journal that says that words were taken out of a report.
pub(crate) fn redact_line(report: &RedactedReport, redaction: &Redaction<'_>) -> Decision {
    let captures = redaction.captures.iter().map(|(capture, _)| capture).chain(redaction.inside).cloned().collect();
    Decision::Redact { report: report.entry.report.id.clone(), spans: report.spans.clone(), captures }
}

/// How a line of a journal names a capture as it was before words were taken out.
pub(crate) fn as_redacted(sha256: &str) -> String {
    format!("\"before\":\"{sha256}\"")
}

pub(crate) fn back(number: u64, sha256: &str) -> Damage {
    damage(
        format!("capture {sha256}"),
        format!("decision {number} took words out of it, and it is there again as it was"),
    )
}

/// What is kept of a report whose capture is another one now: as JSON, and its source.
pub(crate) fn moved_meta(meta: &str, capture: &Redacted, redaction: &Redaction<'_>) -> Result<(String, String), Error> {
    let mut report: Report = parse("report", meta)?;
    let renamed = |hash: &mut String| {
        let mut now = std::iter::once(capture).chain(redaction.inside);
        if let Some(now) = now.find(|now| now.before == *hash) {
            hash.clone_from(&now.after);
        }
    };
    renamed(&mut report.sha256);
    if let Some(archived) = &mut report.archived {
        renamed(&mut archived.sha256);
    }
    report.source = masked(&report.source, redaction.words);
    Ok((json("report", &report)?, report.source))
}

pub(crate) fn damage(what: impl Into<String>, message: impl Into<String>) -> Damage {
    Damage { what: what.into(), message: message.into() }
}

/// What is said of bytes that do not have the hash under which they were kept.
pub(crate) fn changed(what: String, bytes: usize, found: &str, expected: &str) -> Damage {
    damage(what, format!("its {bytes} bytes have the hash {found}, not {expected}: they were changed"))
}

/// Lines of a journal that were changed, left out or added. `head` is what was noted as the last line's number and hash.
pub(crate) fn broken_links(case: &str, links: &[Link], head: Option<(u64, String)>) -> Vec<Damage> {
    let (mut out, mut last) = (Vec::new(), (0, NOTHING.to_owned()));
    for link in links {
        let what = format!("decision {} of case {case}", link.number);
        if link.number != last.0 + 1 || link.before != last.1 {
            let message = "it does not follow the line before it: a line was taken out or put in";
            out.push(damage(what.clone(), message));
        }
        if hash(&[link.before.as_bytes(), link.line.as_bytes()]) != link.hash {
            out.push(damage(what, "its words do not have its hash: they were changed"));
        }
        last = (link.number, link.hash.clone());
    }
    let head = head.unwrap_or((0, NOTHING.to_owned()));
    if head != last {
        let message =
            format!("it ends with decision {}, not {}: lines were taken off or put on its end", last.0, head.0);
        out.push(damage(format!("the journal of case {case}"), message));
    }
    out
}

/// The first byte of each statement and its words, sorted: what is found by words as said.
pub(crate) fn statements<'a>(text: &'a str, reading: &sayso::reading::Reading) -> Vec<(usize, &'a str)> {
    let spans =
        reading.attributions.iter().flat_map(|a| if a.propositions.is_empty() { &a.content } else { &a.propositions });
    let spans: std::collections::BTreeSet<_> = spans.copied().collect();
    spans.into_iter().filter_map(|span| Some((span.start, text.get(span.start..span.end)?))).collect()
}

/// The words that a person typed.
pub(crate) fn typed(words: &str) -> impl Iterator<Item = &str> {
    // A NUL ends what SQLite reads.
    words.split(|c: char| c.is_whitespace() || c == '\0').filter(|word| !word.is_empty())
}
