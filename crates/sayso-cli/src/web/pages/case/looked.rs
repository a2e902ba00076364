//! What changed since somebody last looked at a case: since their last visit, not since the last click.
//!
//! In: two cookies of the browser, and when each report and decision came. Out: whether a claim is news, and the cookies for next time.
//! May not happen: marks that vanish while one still looks.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, header};
use axum::response::AppendHeaders;
use sayso::weigh::decision::{Decision, Entry as Line};
use sayso::weighing::{Claim, MentionKey};

use crate::time;

/// A visit is over when nothing was asked for so many seconds.
const VISIT: i64 = 30 * 60;
/// Until when the last visit counts as over: marks compare with it.
const SEEN: &str = "sayso_seen";
/// The last request of the visit that is on.
const HERE: &str = "sayso_here";
/// Cookies are kept for a year.
const KEPT: u32 = 365 * 24 * 60 * 60;

/// The last look, and what came when.
pub(super) struct Looked {
    /// The end of the visit before this one; none at the first.
    pub(super) since: Option<String>,
    now: String,
    received: BTreeMap<String, Option<String>>,
    /// Mentions that people decided about since.
    decided: Vec<MentionKey>,
}

impl Looked {
    pub(super) fn new(headers: &HeaderMap, received: BTreeMap<String, Option<String>>, journal: &[Line]) -> Self {
        let now = time::now();
        let since = since(cookie(headers, SEEN), cookie(headers, HERE), &now);
        let later = |line: &&Line| since.as_ref().is_some_and(|since| line.at > *since);
        let decided = journal.iter().filter(later).flat_map(|line| about(&line.decision)).cloned().collect();
        Self { since, now, received, decided }
    }

    /// Whether a report that mentions it came, or a decision about a mention of it was made, since the last look.
    pub(super) fn changed(&self, claim: &Claim) -> bool {
        let Some(since) = &self.since else { return false };
        claim.mentions.iter().any(|mention| {
            let came = self.received.get(&mention.report).and_then(Option::as_ref);
            came.is_some_and(|came| came > since) || self.decided.contains(&mention.key())
        })
    }

    /// The cookies that remember this look, for pages below `path`.
    pub(super) fn cookies(&self, path: &str) -> AppendHeaders<Vec<(HeaderName, String)>> {
        let cookie = |name: &str, value: &str| {
            (header::SET_COOKIE, format!("{name}={value}; Path={path}; Max-Age={KEPT}; SameSite=Strict; HttpOnly"))
        };
        let since = self.since.as_ref().unwrap_or(&self.now);
        AppendHeaders(vec![cookie(SEEN, since), cookie(HERE, &self.now)])
    }
}

/// The end of the visit before this one.
fn since(seen: Option<String>, here: Option<String>, now: &str) -> Option<String> {
    let here = here?;
    let second = |moment: &str| moment.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second).ok();
    let over = second(now)? - second(&here)? > VISIT;
    if over { Some(here) } else { seen.filter(|seen| second(seen).is_some()) }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).next()
}

/// The mentions that a decision is about.
fn about(decision: &Decision) -> Vec<&MentionKey> {
    match decision {
        Decision::Accept { mention } | Decision::Reject { mention } => vec![mention],
        Decision::Edit { mention, .. } | Decision::State { mention, .. } => vec![mention],
        Decision::Merge { a, b } | Decision::Split { a, b } | Decision::Cut { a, b } | Decision::Join { a, b } => {
            vec![a, b]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_counts_when_the_visit_is_over() {
        let at = |time: &str| Some(format!("2025-05-11T{time}Z"));
        let now = "2025-05-11T12:00:00Z";
        assert_eq!(since(None, None, now), None, "nobody has looked before");
        assert_eq!(since(at("08:00:00"), at("11:50:00"), now), at("08:00:00"), "the same visit: the marks stay");
        assert_eq!(since(at("08:00:00"), at("09:00:00"), now), at("09:00:00"), "a new visit");
        assert_eq!(since(Some("rubbish".into()), at("11:50:00"), now), None);
        assert_eq!(since(at("08:00:00"), Some("rubbish".into()), now), None);
    }

    #[test]
    fn cookies_are_read_one_by_one() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; sayso_here=2025; b=2".parse().unwrap());
        assert_eq!(cookie(&headers, HERE).as_deref(), Some("2025"));
        assert_eq!(cookie(&headers, SEEN), None);
    }
}
