//! Which reports are about one incident, and what is known of it.
//!
//! Reports are compared by their words, weighted by rarity in the case and in news at large (names count more), and grouped by
//! average likeness.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::Entry;
use super::features::stem;
use super::same::{Linkage, average_link};
use crate::weighing::{Claim, Incident};

/// In how many texts of [`NEWS`]' background a stem occurs.
static BACKGROUND: LazyLock<HashMap<&str, f64>> = LazyLock::new(|| {
    include_str!("../../data/document_frequency.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(word, n)| n.parse().ok().map(|n| (word, n)))
        .collect()
});
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{L}{3,}|\d+").expect("a fixed pattern"));

/// Texts of the background.
const NEWS: f64 = 1_415.0;
/// How much more a name weighs than another word.
const NAME: f64 = 2.0;
/// Average likeness under which groups of reports stay apart; chosen on ECB+ train.
const LINKAGE: Linkage = Linkage { threshold: 0.12, not_compared: 0.02 };
/// A word in more reports than this finds no candidates in large cases.
const COMMON: usize = 150;
/// Cases up to this size are compared in full.
const COMPARE_ALL: usize = 400;

/// Which entry is about which incident.
#[derive(Debug, Default)]
pub struct Grouping {
    /// The incident's number, by entry.
    pub of_entry: Vec<usize>,
}

/// Groups the reports, given as their [`words`]. Incidents are numbered in the order of their first report.
#[must_use]
pub(super) fn group(reports: &[&Words]) -> Grouping {
    let vectors = vectors(reports);
    let groups = average_link(reports.len(), &likenesses(&vectors), LINKAGE);
    let mut groups: Vec<Vec<usize>> = groups;
    groups.iter_mut().for_each(|g| g.sort_unstable());
    groups.sort();
    let mut of_entry = vec![0; reports.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|&k| of_entry[k] = number);
    }
    Grouping { of_entry }
}

/// The weights of a report's words, by the words' numbers in alphabetical order.
type Vector = Vec<(usize, f64)>;

/// One vector of length one a report.
fn vectors(counts: &[&Words]) -> Vec<Vector> {
    let mut found: BTreeMap<&str, f64> = BTreeMap::new();
    for word in counts.iter().flat_map(|words| words.keys()) {
        *found.entry(word).or_default() += 1.0;
    }
    let number: HashMap<&str, (usize, f64)> = found.iter().enumerate().map(|(k, (&word, &n))| (word, (k, n))).collect();
    let all = counts.len() as f64 + NEWS + 1.0;
    counts
        .iter()
        .map(|count| {
            let weigh = |word: &str, (n, name): (f64, bool)| {
                let (number, found) = number[word];
                let rarity = (all / (found + BACKGROUND.get(word).copied().unwrap_or(1.0) + 0.5)).ln();
                (number, (1.0 + n.ln()) * rarity.max(0.0) * if name { NAME } else { 1.0 })
            };
            let mut vector: Vector = count.iter().map(|(w, &c)| weigh(w, c)).collect();
            let norm = vector.iter().map(|(_, x)| x * x).sum::<f64>().sqrt().max(1e-9);
            vector.iter_mut().for_each(|(_, x)| *x /= norm);
            vector
        })
        .collect()
}

/// Every stem of a report with its count and whether it stands as a name inside a sentence.
pub(super) type Words = BTreeMap<String, (f64, bool)>;

/// The words of a report's text.
pub(super) fn words(text: &str) -> Words {
    let mut out = Words::new();
    for found in WORD.find_iter(text) {
        let before = &text[..found.start()];
        let name = found.as_str().starts_with(char::is_uppercase) && before.ends_with(' ') && !ends_sentence(before);
        let entry = out.entry(stem(&found.as_str().to_lowercase())).or_default();
        entry.0 += 1.0;
        entry.1 |= name;
    }
    out
}

fn ends_sentence(before: &str) -> bool {
    before.trim_end().ends_with(['.', '!', '?', '”', '"', ':'])
}

fn dot(a: &Vector, b: &Vector) -> f64 {
    let (mut sum, mut b) = (0.0, b.iter().peekable());
    for &(word, x) in a {
        while b.next_if(|y| y.0 < word).is_some() {}
        if let Some(&(_, y)) = b.next_if(|y| y.0 == word) {
            sum += x * y;
        }
    }
    sum
}

/// Likeness of the pairs worth comparing.
fn likenesses(vectors: &[Vector]) -> Vec<(usize, usize, f64)> {
    let n = vectors.len();
    if n <= COMPARE_ALL {
        return (0..n)
            .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
            .map(|(a, b)| (a, b, dot(&vectors[a], &vectors[b])))
            .collect();
    }
    let mut index: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut out = Vec::new();
    for (b, vector) in vectors.iter().enumerate() {
        let mut telling = vector.clone();
        telling.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        let mut near = BTreeSet::new();
        for (word, _) in telling.into_iter().take(25) {
            let before = index.entry(word).or_default();
            near.extend(before.iter().rev().take(COMMON));
            before.push(b);
        }
        out.extend(near.into_iter().map(|a| (a, b, dot(&vectors[a], vector))));
    }
    out
}

/// The incidents with their claims; fills [`Claim::incident`].
#[must_use]
pub fn describe(entries: &[&Entry], grouping: &Grouping, claims: &mut [Claim]) -> Vec<Incident> {
    let of_report: BTreeMap<&str, usize> =
        entries.iter().zip(&grouping.of_entry).map(|(e, &k)| (e.report.id.as_str(), k)).collect();
    let count = grouping.of_entry.iter().max().map_or(0, |k| k + 1);
    let mut out: Vec<Incident> = (0..count).map(|k| incident(entries, grouping, k)).collect();
    for claim in claims {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for mention in &claim.mentions {
            if let Some(&k) = of_report.get(mention.report.as_str()) {
                *votes.entry(k).or_default() += 1;
            }
        }
        if let Some((&k, _)) = votes.iter().max_by_key(|&(k, n)| (*n, std::cmp::Reverse(*k))) {
            claim.incident = Some(out[k].id.clone());
            out[k].claims.push(claim.id.clone());
        }
    }
    out.iter_mut().for_each(|i| i.claims.sort());
    out.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
    out
}

fn incident(entries: &[&Entry], grouping: &Grouping, number: usize) -> Incident {
    let members: Vec<&Entry> =
        entries.iter().zip(&grouping.of_entry).filter(|(_, k)| **k == number).map(|(e, _)| *e).collect();
    let first = members.first();
    let what = members.iter().find_map(|e| e.report.title.clone()).unwrap_or_else(|| {
        first.map_or(String::new(), |e| e.report.text.lines().next().unwrap_or_default().chars().take(120).collect())
    });
    let mut places: BTreeMap<u32, (usize, &crate::reading::Place)> = BTreeMap::new();
    for entry in &members {
        let here: BTreeSet<u32> = entry.reading.places.iter().map(|p| p.geonameid).collect();
        for place in entry.reading.places.iter().filter(|p| p.geonameid != 0 && p.class != "country" && p.lat.is_some())
        {
            let slot = places.entry(place.geonameid).or_insert((0, place));
            slot.0 += usize::from(here.contains(&place.geonameid));
        }
    }
    let place = places.values().max_by_key(|(n, p)| (*n, std::cmp::Reverse(p.geonameid))).map(|(_, p)| *p);
    let mut reports: Vec<String> = members.iter().map(|e| e.report.id.clone()).collect();
    reports.sort();
    Incident {
        id: format!("i-{}", reports.first().map_or("", String::as_str)),
        what,
        place: place.map(|p| p.name.clone()),
        point: place.and_then(|p| p.lat.zip(p.lon)),
        date: members.iter().filter_map(|e| e.report.published.as_deref()).min().map(|d| d.chars().take(10).collect()),
        reports,
        claims: Vec::new(),
    }
}
