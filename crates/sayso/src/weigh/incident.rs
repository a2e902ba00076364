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
fn vectors(reports: &[&Words]) -> Vec<Vector> {
    let mut arrived: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<(&Word, f64)> = Vec::new();
    let mut numbers: Vec<Vec<usize>> = Vec::with_capacity(reports.len());
    for words in reports {
        let mut of_report = Vec::with_capacity(words.len());
        for word in *words {
            let next = found.len();
            let k = *arrived.entry(&word.stem).or_insert(next);
            if k == next {
                found.push((word, 0.0));
            }
            found[k].1 += 1.0;
            of_report.push(k);
        }
        numbers.push(of_report);
    }
    let mut alphabet: Vec<usize> = (0..found.len()).collect();
    alphabet.sort_unstable_by_key(|&k| &found[k].0.stem);
    let all = reports.len() as f64 + NEWS + 1.0;
    let mut known = vec![(0, 0.0); found.len()];
    for (number, k) in alphabet.into_iter().enumerate() {
        let (word, n) = found[k];
        known[k] = (number, (all / (n + word.background + 0.5)).ln().max(0.0));
    }
    let vector = |(words, numbers): (&&Words, Vec<usize>)| {
        let weigh = |(word, k): (&Word, usize)| (known[k].0, word.weight * known[k].1);
        let mut vector: Vector = words.iter().zip(numbers).map(weigh).collect();
        let norm = vector.iter().map(|(_, x)| x * x).sum::<f64>().sqrt().max(1e-9);
        vector.iter_mut().for_each(|(_, x)| *x /= norm);
        vector
    };
    reports.iter().zip(numbers).map(vector).collect()
}

/// The words of a report in alphabetical order.
pub(super) type Words = Vec<Word>;

/// A stem of a report.
#[derive(Debug)]
pub(super) struct Word {
    stem: String,
    /// How much its count weighs, more so for a name.
    weight: f64,
    /// In how many texts of the background it occurs.
    background: f64,
}

/// Every stem of a text, with its count and whether it stands as a name inside a sentence.
pub(super) fn words(text: &str) -> Words {
    let mut found: BTreeMap<String, (f64, bool)> = BTreeMap::new();
    for word in WORD.find_iter(text) {
        let before = &text[..word.start()];
        let name = word.as_str().starts_with(char::is_uppercase) && before.ends_with(' ') && !ends_sentence(before);
        let entry = found.entry(stem(&word.as_str().to_lowercase())).or_default();
        entry.0 += 1.0;
        entry.1 |= name;
    }
    let word = |(stem, (n, name)): (String, (f64, bool))| Word {
        weight: (1.0 + n.ln()) * if name { NAME } else { 1.0 },
        background: BACKGROUND.get(stem.as_str()).copied().unwrap_or(1.0),
        stem,
    };
    found.into_iter().map(word).collect()
}

fn ends_sentence(before: &str) -> bool {
    before.trim_end().ends_with(['.', '!', '?', '”', '"', ':'])
}

/// The cosine of a vector with one laid out by the words' numbers.
fn dot(a: &Vector, laid_out: &[f64]) -> f64 {
    a.iter().map(|&(word, x)| x * laid_out[word]).sum()
}

/// Likeness of the pairs worth comparing.
fn likenesses(vectors: &[Vector]) -> Vec<(usize, usize, f64)> {
    let width = vectors.iter().flatten().map(|(word, _)| word + 1).max().unwrap_or(0);
    let mut laid_out = vec![0.0; width];
    let mut index: Vec<Vec<usize>> = vec![Vec::new(); width];
    let mut out = Vec::new();
    for (b, vector) in vectors.iter().enumerate() {
        let near = if vectors.len() <= COMPARE_ALL { (0..b).collect() } else { near(vector, b, &mut index) };
        vector.iter().for_each(|&(word, x)| laid_out[word] = x);
        out.extend(near.into_iter().map(|a| (a, b, dot(&vectors[a], &laid_out))));
        vector.iter().for_each(|&(word, _)| laid_out[word] = 0.0);
    }
    out
}

/// Words of a report by which others are found in large cases.
const TELLING: usize = 25;

/// The reports before `b` that share one of its most telling words; notes its words in the index.
fn near(vector: &Vector, b: usize, index: &mut [Vec<usize>]) -> Vec<usize> {
    let mut telling = vector.clone();
    if telling.len() > TELLING {
        telling.select_nth_unstable_by(TELLING, |x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        telling.truncate(TELLING);
    }
    let mut near = Vec::new();
    for (word, _) in telling {
        near.extend(index[word].iter().rev().take(COMMON));
        index[word].push(b);
    }
    near.sort_unstable();
    near.dedup();
    near
}

/// The incidents with their claims; fills [`Claim::incident`].
#[must_use]
pub fn describe(entries: &[&Entry], grouping: &Grouping, claims: &mut [Claim]) -> Vec<Incident> {
    let of_report: BTreeMap<&str, usize> =
        entries.iter().zip(&grouping.of_entry).map(|(e, &k)| (e.report.id.as_str(), k)).collect();
    let count = grouping.of_entry.iter().max().map_or(0, |k| k + 1);
    let mut members: Vec<Vec<&Entry>> = vec![Vec::new(); count];
    entries.iter().zip(&grouping.of_entry).for_each(|(entry, &k)| members[k].push(entry));
    let mut out: Vec<Incident> = members.iter().map(|members| incident(members)).collect();
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

fn incident(members: &[&Entry]) -> Incident {
    let first = members.first();
    let what = members.iter().find_map(|e| e.report.title.clone()).unwrap_or_else(|| {
        first.map_or(String::new(), |e| e.report.text.lines().next().unwrap_or_default().chars().take(120).collect())
    });
    let mut places: BTreeMap<u32, (usize, &crate::reading::Place)> = BTreeMap::new();
    for entry in members {
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
