//! What others can bear witness to: a list of all that a case rests on, and the time stamps on such lists.
//!
//! In: a ledger, of any database. Out: the list of a case, with hashes alone; of every stamp that was kept, what has been changed, taken
//! out or added since. May not happen: a stamp that is believed without its signature; two different things with one line.
//!
//! Hashes within a ledger can be made anew by whoever may write to it. A list whose hash an authority has stamped cannot: so a stamped list
//! names what is missing even where nothing in the ledger does any more.

use std::collections::{BTreeMap, BTreeSet};

use sayso::weigh::decision::{Decision, Entry as Line};
use sha2::{Digest, Sha256};

use crate::kept::{damage, hash, parse, provenance};
use crate::store::{Damage, Error, Store, Thing};
use crate::timestamp::{Token, read};

/// A stamp on a case, and the case held against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The case.
    pub case: String,
    /// What the authority says; none when its answer, or the list that it is about, is not as it was.
    pub token: Option<Token>,
    /// How many things the list has.
    pub things: usize,
    /// What is not as it was stamped.
    pub changed: Vec<Damage>,
    /// What the journal and the newer readings account for.
    pub accounted: Vec<Damage>,
    /// What has come since, each by its name.
    pub added: Vec<String>,
}

/// All that a case rests on, a line a thing: `capture HASH ORIGIN`, `report ID TEXT`, `about ID CAPTURE HASH`, `reading ID HASH READER`,
/// `decision NUMBER HASH`, sorted. docs/formats.md says what each hash is of.
///
/// # Errors
/// When the database refuses.
pub fn list(store: &dyn Store, case: &str) -> Result<String, Error> {
    let known = Known::of(store)?;
    let lines = known.cases.get(case).map(|known| known.lines.iter().map(String::as_str).collect::<Vec<_>>());
    let head = [HEAD.to_owned(), format!("case {}", quoted(case))];
    Ok(head.iter().map(String::as_str).chain(lines.unwrap_or_default()).map(|line| format!("{line}\n")).collect())
}

const HEAD: &str = "sayso list 1";

/// What is stamped: the hash of a list.
#[must_use]
pub fn list_hash(list: &str) -> [u8; 32] {
    Sha256::digest(list).into()
}

/// Every stamp of every case, oldest first, each held against the case as it is now.
///
/// # Errors
/// When the database refuses.
pub fn held(store: &dyn Store) -> Result<Vec<Held>, Error> {
    let (mut known, mut out) = (None, Vec::new());
    for case in store.cases()? {
        let mut of_case = Vec::new();
        for listed in store.lists(&case)?.into_iter().filter(|listed| !listed.answer.is_empty()) {
            let known = match &known {
                Some(known) => known,
                None => known.insert(Known::of(store)?),
            };
            of_case.push(known.hold(&case, &listed.list, &listed.answer));
        }
        let at = |held: &Held| held.token.as_ref().map(|token| token.at.clone());
        of_case.sort_by_key(at);
        out.extend(of_case);
    }
    Ok(out)
}

/// What the ledger has of all cases.
#[derive(Default)]
struct Known {
    cases: BTreeMap<String, Case>,
    /// The lines of each capture, by its hash.
    captures: BTreeMap<String, Vec<String>>,
    /// What each capture that was redacted is now, and whether words were taken out of its address.
    redacted: BTreeMap<String, (String, bool)>,
}

#[derive(Default)]
struct Case {
    lines: BTreeSet<String>,
    /// Reports out of which words were taken, with the sentence that says so.
    redacted: BTreeMap<String, String>,
    /// What is known about reports that lie in an archive inside of their capture (WACZ), which has a hash of its own: with that capture.
    inside: BTreeMap<String, (String, String)>,
}

impl Known {
    fn of(store: &dyn Store) -> Result<Self, Error> {
        let mut out = Self::default();
        store.things(&mut |thing| out.take(thing))?;
        Ok(out)
    }

    fn take(&mut self, thing: Thing) -> Result<(), Error> {
        match thing {
            Thing::Capture { source, kept, .. } => {
                let origin = provenance(&source, kept.fetched.as_deref(), kept.headers.as_deref())?;
                let line = format!("capture {} {origin}", kept.sha256);
                self.captures.entry(kept.sha256).or_default().push(line);
            }
            Thing::Report { case, id, sha256, meta, text, .. } => {
                let Case { lines, inside, .. } = self.cases.entry(case).or_default();
                lines.extend(self.captures.get(&sha256).into_iter().flatten().cloned());
                let id = quoted(&id);
                lines.insert(format!("report {id} {}", hash(&[text.as_bytes()])));
                // What is known about a report names its capture: that has a column of its own.
                let known = meta.replace(&sha256, "");
                lines.insert(format!("about {id} {sha256} {}", hash(&[known.as_bytes()])));
                if meta.contains("\"archived\":{") && !known.contains("\"archived\":{\"sha256\":\"\"") {
                    inside.insert(id, (sha256, known));
                }
            }
            Thing::Reading { case, report, reader, sha256, .. } => {
                let line = format!("reading {} {sha256} {}", quoted(&report), quoted(&reader));
                self.cases.entry(case).or_default().lines.insert(line);
            }
            Thing::Decision { case, number, line, hash, .. } => {
                let of = self.cases.entry(case).or_default();
                of.lines.insert(format!("decision {number} {hash}"));
                // A line that does not parse is for `verify` to name.
                let Ok(line) = parse::<Line>("decision", &line) else { return Ok(()) };
                let Decision::Redact { report, captures, .. } = line.decision else { return Ok(()) };
                let said = format!("words were taken out of it by {} on {} (decision {number})", line.by, line.at);
                of.redacted.insert(quoted(&report), said);
                let now = captures.into_iter().map(|capture| (capture.before, (capture.after, capture.address)));
                self.redacted.extend(now);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a capture is kept, whatever reports are cut out of by now.
    fn keeps(&self, sha256: &str, line: &str) -> bool {
        self.captures.get(sha256).is_some_and(|lines| lines.iter().any(|own| own == line))
    }

    /// What a capture is now, if words were taken out of it, and whether of its address, too.
    fn now(&self, capture: &str) -> Option<(&str, bool)> {
        let (mut now, mut address) = (self.redacted.get(capture)?, false);
        // Hashes make no circles, but whoever writes hashes could.
        for _ in 0..self.redacted.len() {
            address |= now.1;
            match self.redacted.get(&now.0) {
                Some(next) => now = next,
                None => break,
            }
        }
        Some((&now.0, address))
    }

    /// Whether `about` is the hash of what is known about a report with the hash that the archive inside of its capture had before.
    fn was(&self, now: &Case, name: &str, after: &str, about: &str) -> bool {
        let Some((capture, known)) = now.inside.get(name) else { return false };
        let mut known = known.clone();
        for _ in 0..=self.redacted.len() {
            if hash(&[known.as_bytes()]) == about {
                return capture == after;
            }
            let back = |(before, (after, _)): (&String, &(String, bool))| {
                known.contains(after.as_str()).then(|| known.replace(after.as_str(), before))
            };
            match self.redacted.iter().find_map(back) {
                Some(before) => known = before,
                None => break,
            }
        }
        false
    }

    fn hold(&self, case: &str, list: &str, answer: &[u8]) -> Held {
        let mut out = Held {
            case: case.to_owned(),
            token: None,
            things: 0,
            changed: Vec::new(),
            accounted: Vec::new(),
            added: Vec::new(),
        };
        match read(answer) {
            Ok(token) if token.hash == list_hash(list) => out.token = Some(token),
            Ok(token) => {
                let message = format!("the list that {} stamped on {} was changed", token.authority, token.at);
                out.changed.push(damage(format!("the time stamp of case {case}"), message));
            }
            Err(wrong) => out.changed.push(damage(format!("the time stamp of case {case}"), wrong.to_string())),
        }
        let Some(token) = &out.token else { return out };
        if list.lines().nth(1) != Some(&format!("case {}", quoted(case))) {
            let message =
                format!("the list that {} stamped on {} is of a case of another name", token.authority, token.at);
            out.changed.push(damage(format!("the time stamp of case {case}"), message));
        }
        let since = format!("since {} stamped it on {}", token.authority, token.at);
        let nothing = Case::default();
        let now = self.cases.get(case).unwrap_or(&nothing);
        let then: BTreeSet<&str> = list.lines().skip(2).collect();
        out.things = then.len();
        let added: Vec<&str> = now.lines.iter().map(String::as_str).filter(|line| !then.contains(line)).collect();
        let mut broken_off = None;
        for line in then.iter().copied().filter(|line| !now.lines.contains(*line)) {
            let (kind, name, rest) = parts(line);
            if kind == "capture" && self.keeps(name, line) {
                continue;
            }
            if kind == "decision" {
                // Every line after one that was changed has another hash, too: the first tells.
                let number = name.parse().unwrap_or(u64::MAX);
                broken_off = Some(broken_off.map_or(number, |first: u64| first.min(number)));
                continue;
            }
            match self.account(now, &then, kind, name, rest) {
                Some(why) => out.accounted.push(damage(named(line, case), why)),
                None => {
                    let there = added.iter().any(|other| parts(other).0 == kind && parts(other).1 == name);
                    let what = if there { "changed" } else { "taken out" };
                    out.changed.push(damage(named(line, case), format!("it was {what} {since}")));
                }
            }
        }
        if let Some(first) = broken_off {
            let message = format!("it, or a line before it, was changed or taken out {since}");
            out.changed.push(damage(format!("decision {first} of case {case}"), message));
        }
        let fresh = |line: &&&str| !matches!(parts(line).0, "about");
        out.added = added.iter().filter(fresh).map(|line| named(line, case)).collect();
        for list in [&mut out.changed, &mut out.accounted] {
            list.sort_by(|a, b| a.what.cmp(&b.what));
            list.dedup();
        }
        out.added.sort();
        out.added.dedup();
        out
    }

    /// Why a line of a stamped list may be gone: words were taken out, or the report was read anew; none when nothing accounts for it.
    fn account(&self, now: &Case, then: &BTreeSet<&str>, kind: &str, name: &str, rest: &str) -> Option<String> {
        if kind == "capture" {
            let (after, address) = self.now(name)?;
            let stays = address || self.keeps(after, &format!("capture {after} {rest}"));
            return stays.then(|| format!("words were taken out of it: it is {after} now"));
        }
        if let Some(said) = now.redacted.get(name) {
            return Some(said.clone());
        }
        if kind == "about"
            && let Some((capture, about)) = rest.split_once(' ')
            && let Some((after, address)) = self.now(capture)
            && (address
                || now.lines.contains(&format!("about {name} {after} {about}"))
                || self.was(now, name, after, about))
        {
            return Some(format!("words of another report were taken out of its capture, which is {after} now"));
        }
        let prefix = format!("reading {name} ");
        let newer = now.lines.range(prefix.clone()..).take_while(|line| line.starts_with(&prefix));
        let newer = newer.filter(|line| !then.contains(line.as_str())).last()?;
        let reader = newer.rsplit(' ').next().unwrap_or_default();
        // A reading that was there stays: only what a reader cuts out of the capture may be new.
        (kind != "reading").then(|| format!("it was cut out of its capture and read anew, by {reader}"))
    }
}

/// Kind, name, and the rest of a line.
fn parts(line: &str) -> (&str, &str, &str) {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    (kind, name, rest)
}

/// The thing of a line, as `verify` names things.
fn named(line: &str, case: &str) -> String {
    match parts(line) {
        ("capture", name, _) => format!("capture {name}"),
        ("about", name, _) => format!("report {name} of case {case}"),
        (kind, name, _) => format!("{kind} {name} of case {case}"),
    }
}

/// A name without white space, so that a line has one meaning.
fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_whitespace() || c.is_control() || c == '%' {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        } else {
            out.push(c);
        }
    }
    out
}
