//! Which place a name means: among namesakes, what the report itself says decides.
//!
//! Each name has one place in a report, except where the text itself adds a larger place after a comma. Rounds of
//! votes: the places chosen so far lend weight to candidates of the same country, the same first-level unit and near by.

use std::collections::BTreeMap;

use super::detect::Mention;
use super::gazetteer::{Class, Entry, Found, Gazetteer, NameForm};

/// Candidates of one name that are looked at, the most populous ones.
const CANDIDATES: usize = 60;
/// Names of a report whose places vote, the most frequent ones.
const VOTERS: usize = 80;
const ROUNDS: usize = 3;

/// A mention's place, and the rule that chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// Number of the entry.
    pub(super) index: usize,
    /// The rule.
    pub(super) rule: &'static str,
}

/// One name of the report with its candidates.
struct Group<'a> {
    candidates: Vec<Candidate<'a>>,
    count: usize,
    /// Which candidate is chosen.
    choice: usize,
}

struct Candidate<'a> {
    entry: Entry<'a>,
    /// What speaks for it apart from the other places.
    alone: f64,
    form: NameForm,
}

/// The place of each mention, in order.
pub(super) fn resolve(mentions: &[Mention], gazetteer: &Gazetteer) -> Vec<Choice> {
    let mut index: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut group_of = Vec::new();
    let mut stated: BTreeMap<&str, &Mention> = BTreeMap::new();
    for m in mentions.iter().filter(|m| m.within.is_some()) {
        stated.entry(&m.key).or_insert(m);
    }
    for m in mentions {
        // A place once given in full ("Alexandria, Louisiana") is that place for the rest of the report.
        let full = if m.within.is_some() { Some(m) } else { stated.get(m.key.as_str()).copied() };
        let outer = full.and_then(|f| f.within).map(|k| mentions[k].key.clone());
        let at = *index.entry((m.key.clone(), outer)).or_insert_with(|| {
            let larger = full.and_then(|f| f.within).map(|k| mentions[k].found.as_slice());
            groups.push(group(m, larger, gazetteer));
            groups.len() - 1
        });
        groups[at].count += 1;
        if let Some(kind) = m.kind.filter(|_| groups[at].count == 1) {
            // A word beside its first mention counts for all.
            for c in &mut groups[at].candidates {
                c.alone += if kind.fits(c.entry.class) { 1.0 } else { -0.5 };
            }
        }
        group_of.push(at);
    }
    vote(&mut groups);
    mentions.iter().zip(group_of).map(|(m, at)| choice(m, &groups[at])).collect()
}

fn choice(mention: &Mention, group: &Group<'_>) -> Choice {
    let chosen = &group.candidates[group.choice];
    let first_alone = group.candidates.iter().all(|c| c.alone <= chosen.alone);
    let rule = match () {
        () if mention.by_sound => "sound",
        () if mention.within.is_some() => "containment",
        () if chosen.form == NameForm::Adjective => "adjective",
        () if group.candidates.len() == 1 => "only",
        () if first_alone => "prior",
        () => "context",
    };
    Choice { index: chosen.entry.index, rule }
}

fn group<'a>(m: &Mention, larger: Option<&[Found]>, gazetteer: &'a Gazetteer) -> Group<'a> {
    let mut candidates: Vec<Candidate<'a>> = m
        .found
        .iter()
        .map(|f| {
            let entry = gazetteer.entry(f.index);
            let held = larger.is_some_and(|l| l.iter().any(|l| inside(&entry, &gazetteer.entry(l.index))));
            let alone = alone(&entry, f.form) + if held { 8.0 } else { 0.0 };
            Candidate { entry, alone, form: f.form }
        })
        .collect();
    candidates.sort_by(|a, b| b.alone.total_cmp(&a.alone).then(a.entry.index.cmp(&b.entry.index)));
    candidates.truncate(CANDIDATES);
    Group { candidates, count: 0, choice: 0 }
}

fn inside(inner: &Entry<'_>, outer: &Entry<'_>) -> bool {
    match outer.class {
        Class::Country => inner.country == outer.country && inner.class != Class::Country,
        Class::Admin1 => inner.admin1 == Some(outer.index),
        Class::Admin2 => inner.admin2 == Some(outer.index),
        _ => false,
    }
}

/// What speaks for a candidate before any other place is looked at: its people, what it is, and that the name is its main one.
fn alone(e: &Entry<'_>, form: NameForm) -> f64 {
    let people = (e.population + 10.0).log10();
    let class = match e.class {
        Class::Continent => 5.0,
        Class::Country => 4.0,
        Class::Admin1 => 0.7,
        Class::Capital => 2.3,
        _ if e.class.is_town() && e.population > 1e6 => 1.2,
        Class::Seat1 => 0.7,
        Class::Region | Class::Water | Class::Land | Class::Spot => 0.3,
        Class::Seat2 | Class::City => 0.2,
        Class::Seat3 => 0.0,
        Class::Admin2 => -0.7,
        Class::Admin3 => -1.0,
        Class::Section => -0.5,
    };
    people + class
        - match form {
            NameForm::Main => 0.0,
            NameForm::Adjective => 0.2,
            NameForm::Other => 1.2,
        }
}

/// Rounds of votes until nothing changes.
fn vote(groups: &mut [Group<'_>]) {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|&g| (std::cmp::Reverse(groups[g].count), g));
    order.truncate(VOTERS);
    for _ in 0..ROUNDS {
        let votes = Votes::of(groups, &order);
        let mut changed = false;
        for (k, group) in groups.iter_mut().enumerate() {
            if group.candidates.len() == 1 {
                continue;
            }
            let best = (0..group.candidates.len())
                .map(|c| (c, group.candidates[c].alone + votes.lent(k, &group.candidates[c].entry)))
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
                .map_or(0, |b| b.0);
            changed |= best != group.choice;
            group.choice = best;
        }
        if !changed {
            break;
        }
    }
}

/// What the places chosen so far say.
struct Votes {
    voters: Vec<Voter>,
}

struct Voter {
    group: usize,
    country: String,
    unit: Option<usize>,
    town: bool,
    lat: f64,
    lon: f64,
    weight: f64,
}

impl Votes {
    fn of(groups: &[Group<'_>], order: &[usize]) -> Self {
        let voters = order.iter().map(|&g| {
            let group = &groups[g];
            let e = &group.candidates[group.choice].entry;
            // A name with one strong meaning says more than a guess among twenty.
            let lead = group
                .candidates
                .iter()
                .enumerate()
                .filter(|c| c.0 != group.choice)
                .map(|c| c.1.alone)
                .fold(0.0, f64::max);
            let sure = (group.candidates[group.choice].alone - lead).clamp(-1.0, 2.0) + 1.5;
            Voter {
                group: g,
                country: e.country.to_owned(),
                unit: if e.class == Class::Admin1 { Some(e.index) } else { e.admin1 },
                town: e.class > Class::Admin1 && e.class != Class::Region,
                lat: e.lat,
                lon: e.lon,
                weight: sure * (1.0 + (group.count as f64).ln()),
            }
        });
        Self { voters: voters.collect() }
    }

    /// What the places of the other groups lend to a candidate.
    fn lent(&self, group: usize, e: &Entry<'_>) -> f64 {
        let (mut all, mut country, mut unit, mut near) = (0.0, 0.0, 0.0, 0.0f64);
        let own = if e.class == Class::Admin1 { Some(e.index) } else { e.admin1 };
        for v in self.voters.iter().filter(|v| v.group != group) {
            all += v.weight;
            if !e.country.is_empty() && v.country == e.country {
                country += v.weight;
                if own.is_some() && v.unit == own {
                    unit += v.weight;
                }
            }
            if v.town {
                near += v.weight * (-kilometres(v.lat, v.lon, e.lat, e.lon) / 100.0).exp();
            }
        }
        let share = |x: f64| x / (all + 2.0);
        3.0 * share(country) + 4.0 * share(unit) + 3.0 * (near / 3.0).min(1.0)
    }
}

/// Distance on the ground.
fn kilometres(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let (a, b, c, d) = (a.to_radians(), b.to_radians(), c.to_radians(), d.to_radians());
    let h = ((c - a) / 2.0).sin().powi(2) + a.cos() * c.cos() * ((d - b) / 2.0).sin().powi(2);
    12_742.0 * h.sqrt().min(1.0).asin()
}
