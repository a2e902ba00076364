//! Agglomerative grouping by average likeness.

use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// When groups join.
#[derive(Debug, Clone, Copy)]
pub(in crate::weigh) struct Linkage {
    /// Groups whose average likeness is lower stay apart.
    pub(in crate::weigh) threshold: f64,
    /// The likeness of a pair that was not compared.
    pub(in crate::weigh) not_compared: f64,
}

/// A pair of groups that might join.
#[derive(PartialEq)]
struct Candidate {
    average: f64,
    a: usize,
    b: usize,
    sizes: (usize, usize),
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.average.total_cmp(&other.average).then((other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Agglomerative grouping by average likeness over a sparse graph: the likeliest pair of groups joins first.
///
/// Where a pair that was not compared is below the threshold, groups join along likely pairs alone: each component of those is
/// grouped by itself.
pub(in crate::weigh) fn average_link(n: usize, edges: &[(usize, usize, f64)], linkage: Linkage) -> Vec<Vec<usize>> {
    let component = components(n, edges, linkage);
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut place = vec![0; n];
    for k in 0..n {
        let members = members.entry(component[k]).or_default();
        place[k] = members.len();
        members.push(k);
    }
    let mut within: BTreeMap<usize, Vec<(usize, usize, f64)>> = BTreeMap::new();
    for &(a, b, likeness) in edges.iter().filter(|(a, b, _)| component[*a] == component[*b]) {
        within.entry(component[a]).or_default().push((place[a], place[b], likeness));
    }
    let mut out = Vec::new();
    for (component, members) in members {
        let edges = within.remove(&component).unwrap_or_default();
        let groups = link(members.len(), &edges, linkage);
        out.extend(groups.into_iter().map(|g| g.into_iter().map(|k| members[k]).collect()));
    }
    out
}

/// The first member of each one's component.
fn components(n: usize, edges: &[(usize, usize, f64)], linkage: Linkage) -> Vec<usize> {
    if linkage.not_compared >= linkage.threshold {
        return vec![0; n];
    }
    let mut parent: Vec<usize> = (0..n).collect();
    let find = |parent: &mut [usize], mut k: usize| {
        while parent[k] != k {
            parent[k] = parent[parent[k]];
            k = parent[k];
        }
        k
    };
    for &(a, b, _) in edges.iter().filter(|e| e.2 >= linkage.threshold) {
        let (a, b) = (find(&mut parent, a), find(&mut parent, b));
        parent[a.max(b)] = a.min(b);
    }
    (0..n).map(|k| find(&mut parent, k)).collect()
}

/// The neighbours of a group, each with the sum and the number of the pairs compared. Its order shows nowhere: the heap has its own.
type Row = HashMap<usize, (f64, usize), BuildHasherDefault<Spread>>;

/// A hash of numbers that come in a row.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_usize(self.0 as usize ^ usize::from(byte)));
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The groups of one component.
fn link(n: usize, edges: &[(usize, usize, f64)], linkage: Linkage) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = (0..n).map(|k| vec![k]).collect();
    let mut rows: Vec<Row> = vec![Row::default(); n];
    let mut heap = BinaryHeap::new();
    for &(a, b, likeness) in edges {
        rows[a].insert(b, (likeness, 1));
        rows[b].insert(a, (likeness, 1));
        if likeness >= linkage.threshold {
            heap.push(Candidate { average: likeness, a, b, sizes: (1, 1) });
        }
    }
    while let Some(Candidate { a, b, sizes, .. }) = heap.pop() {
        if sizes != (members[a].len(), members[b].len()) {
            continue;
        }
        let moved = std::mem::take(&mut members[b]);
        members[a].extend(moved);
        for (c, (sum, count)) in std::mem::take(&mut rows[b]) {
            rows[c].remove(&b);
            if c != a {
                for (from, to) in [(a, c), (c, a)] {
                    let entry = rows[from].entry(to).or_insert((0.0, 0));
                    *entry = (entry.0 + sum, entry.1 + count);
                }
            }
        }
        for (&c, &(sum, count)) in &rows[a] {
            let pairs = members[a].len() * members[c].len();
            let average = (sum + (pairs - count) as f64 * linkage.not_compared) / pairs as f64;
            if average >= linkage.threshold {
                let (x, y) = (a.min(c), a.max(c));
                heap.push(Candidate { average, a: x, b: y, sizes: (members[x].len(), members[y].len()) });
            }
        }
    }
    members.into_iter().filter(|g| !g.is_empty()).collect()
}
