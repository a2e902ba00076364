//! Which reports are about one incident, and what is known of it.
//!
//! Reports are compared by their words, weighted by rarity in the case and in news at large (names count more), and grouped by
//! average likeness.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::Entry;
use super::features::stem;
use super::same::{Linkage, average_link};
use super::symbols::{Symbol, Symbols};
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

/// Groups the reports, given as their [`words`] among so many. Incidents are numbered in the order of their first report.
#[must_use]
pub(super) fn group(reports: &[&Words], symbols: usize) -> Grouping {
    let vectors = vectors(reports, symbols);
    let likenesses = likenesses(&vectors, symbols);
    let mut groups = average_link(reports.len(), &likenesses, LINKAGE);
    adopt(&mut groups, &likenesses, reports.len());
    groups.iter_mut().for_each(|g| g.sort_unstable());
    groups.sort();
    let mut of_entry = vec![0; reports.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|&k| of_entry[k] = number);
    }
    Grouping { of_entry }
}

/// Where most reports of a case are about one incident, a report that was left alone is about it, too, if its likeness to those is
/// enough on average.
fn adopt(groups: &mut Vec<Vec<usize>>, likenesses: &[(usize, usize, f64)], reports: usize) {
    let Some(main) = groups.iter().position(|group| group.len() * 2 > reports && group.len() >= FAMILY) else { return };
    let members: HashSet<usize> = groups[main].iter().copied().collect();
    let lone: HashSet<usize> = groups.iter().filter(|group| group.len() == 1).flatten().copied().collect();
    let mut sums: HashMap<usize, (f64, usize)> = HashMap::new();
    for &(a, b, likeness) in likenesses {
        for (one, other) in [(a, b), (b, a)] {
            if lone.contains(&one) && members.contains(&other) {
                let (sum, count) = sums.entry(one).or_default();
                (*sum, *count) = (*sum + likeness, *count + 1);
            }
        }
    }
    let size = members.len();
    let average = |(sum, count): (f64, usize)| (sum + (size - count) as f64 * LINKAGE.not_compared) / size as f64;
    let adopted = |k: &usize| sums.get(k).is_some_and(|&sums| average(sums) >= ADOPTED);
    let more: Vec<usize> = lone.into_iter().filter(adopted).collect();
    groups.retain(|group| !matches!(group[..], [k] if more.contains(&k)));
    // Retaining may have moved it.
    if let Some(main) = groups.iter_mut().find(|group| members.contains(&group[0])) {
        main.extend(more);
    }
}

/// Reports that are about a case's incident, at least.
const FAMILY: usize = 3;
/// Average likeness to them from which another is, too.
const ADOPTED: f64 = 0.05;

/// The weights of a report's words, in alphabetical order.
type Vector = Vec<(Symbol, f64)>;

/// One vector of length one a report.
fn vectors(reports: &[&Words], symbols: usize) -> Vec<Vector> {
    let mut found = vec![0.0; symbols];
    reports.iter().flat_map(|words| words.iter()).for_each(|word| found[word.stem] += 1.0);
    let all = reports.len() as f64 + NEWS + 1.0;
    let mut rarity = vec![None; symbols];
    let mut weigh = |word: &Word| {
        let of_case = || (all / (found[word.stem] + word.background + 0.5)).ln().max(0.0);
        (word.stem, word.weight * *rarity[word.stem].get_or_insert_with(of_case))
    };
    let vector = |words: &&Words| {
        let mut vector: Vector = words.iter().map(&mut weigh).collect();
        let norm = vector.iter().map(|(_, x)| x * x).sum::<f64>().sqrt().max(1e-9);
        vector.iter_mut().for_each(|(_, x)| *x /= norm);
        vector
    };
    reports.iter().map(vector).collect()
}

/// The words of a report in alphabetical order.
pub(super) type Words = Vec<Word>;

/// A stem of a report.
#[derive(Debug)]
pub(super) struct Word {
    stem: Symbol,
    /// How much its count weighs, more so for a name.
    weight: f64,
    /// In how many texts of the background it occurs.
    background: f64,
}

/// Every stem of a text, with its count and whether it stands as a name inside a sentence.
pub(super) fn words(text: &str, symbols: &mut Symbols) -> Words {
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
        stem: symbols.of(&stem),
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
fn likenesses(vectors: &[Vector], symbols: usize) -> Vec<(usize, usize, f64)> {
    let mut laid_out = vec![0.0; symbols];
    let mut index = Index { by_word: vec![Vec::new(); symbols], shared: vec![0.0; vectors.len()] };
    let mut out = Vec::new();
    for (b, vector) in vectors.iter().enumerate() {
        let near = if vectors.len() <= COMPARE_ALL { (0..b).collect() } else { index.near(vector, b) };
        vector.iter().for_each(|&(word, x)| laid_out[word] = x);
        out.extend(near.into_iter().map(|a| (a, b, dot(&vectors[a], &laid_out))));
        vector.iter().for_each(|&(word, _)| laid_out[word] = 0.0);
    }
    out
}

/// Words of a report by which others are found in large cases.
const TELLING: usize = 25;
/// Likeness by these words alone below which reports are not compared.
const UNLIKE: f64 = 0.04;

/// The reports by their most telling words.
struct Index {
    by_word: Vec<Vec<(usize, f64)>>,
    /// How much each report has in common with the one that is looked at.
    shared: Vec<f64>,
}

impl Index {
    /// The reports before `b` that share enough of its most telling words; notes its words.
    fn near(&mut self, vector: &Vector, b: usize) -> Vec<usize> {
        let mut telling: Vec<usize> = (0..vector.len()).collect();
        if telling.len() > TELLING {
            telling.select_nth_unstable_by(TELLING, |&x, &y| vector[y].1.total_cmp(&vector[x].1).then(x.cmp(&y)));
            telling.truncate(TELLING);
        }
        let mut near = Vec::new();
        for (word, x) in telling.into_iter().map(|k| vector[k]) {
            for &(a, y) in self.by_word[word].iter().rev().take(COMMON) {
                if self.shared[a] == 0.0 {
                    near.push(a);
                }
                self.shared[a] += x * y;
            }
            self.by_word[word].push((b, x));
        }
        near.sort_unstable();
        near.dedup();
        let like: Vec<usize> = near.iter().copied().filter(|&a| self.shared[a] >= UNLIKE).collect();
        near.into_iter().for_each(|a| self.shared[a] = 0.0);
        like
    }
}

/// Fills [`Claim::incident`]: the one that most mentions are about. `incidents` are those of the entries, which no other entry shares.
pub(super) fn assign(entries: &[&Entry], incidents: &[usize], claims: &mut [Claim]) {
    let of_report: HashMap<&str, usize> =
        entries.iter().zip(incidents).map(|(e, &k)| (e.report.id.as_str(), k)).collect();
    let ids: Vec<String> = members(entries, incidents).iter().map(|members| id(members)).collect();
    for claim in claims {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for mention in &claim.mentions {
            if let Some(&k) = of_report.get(mention.report.as_str()) {
                *votes.entry(k).or_default() += 1;
            }
        }
        let most = votes.iter().max_by_key(|&(k, n)| (*n, std::cmp::Reverse(*k)));
        claim.incident = most.map(|(&k, _)| ids[k].clone());
    }
}

/// The incidents with their claims.
#[must_use]
pub(super) fn describe(entries: &[&Entry], grouping: &Grouping, claims: &[Arc<Claim>]) -> Vec<Incident> {
    let mut out: Vec<Incident> = members(entries, &grouping.of_entry).iter().map(|members| incident(members)).collect();
    let places: HashMap<String, usize> = out.iter().enumerate().map(|(k, incident)| (incident.id.clone(), k)).collect();
    for claim in claims {
        if let Some(&k) = claim.incident.as_ref().and_then(|id| places.get(id)) {
            out[k].claims.push(claim.id.clone());
        }
    }
    out.iter_mut().for_each(|i| i.claims.sort());
    out.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
    out
}

/// The entries of each incident.
fn members<'a>(entries: &[&'a Entry], incidents: &[usize]) -> Vec<Vec<&'a Entry>> {
    let mut out = vec![Vec::new(); incidents.iter().max().map_or(0, |k| k + 1)];
    entries.iter().zip(incidents).for_each(|(entry, &k)| out[k].push(*entry));
    out
}

/// What the incident of these entries is called.
fn id(members: &[&Entry]) -> String {
    format!("i-{}", members.iter().map(|e| e.report.id.as_str()).min().unwrap_or_default())
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
        id: id(members),
        what,
        place: place.map(|p| p.name.clone()),
        point: place.and_then(|p| p.lat.zip(p.lon)),
        date: members.iter().filter_map(|e| e.report.published.as_deref()).min().map(|d| d.chars().take(10).collect()),
        reports,
        claims: Vec::new(),
    }
}
