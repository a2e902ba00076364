//! Scored heads to a tree: the best head for each token, then the cheapest repairs that leave one root and no cycle.

/// `candidates[i]` are the possible heads of token `i` with their scores; no head is the root.
/// -> the head of each token. Exactly one token has none, and every other leads to it, as long as the candidates allow:
/// a token for which they do not hangs on the root.
pub(crate) fn tree(candidates: &[Vec<(f32, Option<usize>)>]) -> Vec<Option<usize>> {
    let Some(root) = root(candidates) else { return Vec::new() };
    let mut heads: Vec<Option<usize>> = (0..candidates.len())
        .map(|i| if i == root { None } else { best(&candidates[i], |h| h != i).map_or(Some(root), |(_, h)| Some(h)) })
        .collect();
    let mut groups = Groups((0..heads.len()).collect());
    for (i, head) in heads.iter().enumerate() {
        if let Some(head) = head {
            groups.join(i, *head);
        }
    }
    let mut seen = vec![0; heads.len()];
    let mut walk = 0;
    for start in 0..heads.len() {
        while groups.of(start) != groups.of(root) {
            walk += 1;
            let on_cycle = cycle_above(&heads, &mut seen, walk, start);
            let (token, head) = cheapest_way_out(candidates, &heads, &mut groups, on_cycle, root);
            heads[token] = Some(head);
            groups.join(token, head);
        }
    }
    heads
}

/// A token of the cycle to which the heads lead from `start`. `seen` holds the number of each token's last walk.
fn cycle_above(heads: &[Option<usize>], seen: &mut [usize], walk: usize, start: usize) -> usize {
    let mut token = start;
    while seen[token] != walk {
        seen[token] = walk;
        token = heads[token].unwrap_or(token);
    }
    token
}

/// Of the tokens on a cycle, the one that loses least by hanging on a head outside its group, and that head.
fn cheapest_way_out(
    candidates: &[Vec<(f32, Option<usize>)>],
    heads: &[Option<usize>],
    groups: &mut Groups,
    on_cycle: usize,
    root: usize,
) -> (usize, usize) {
    let group = groups.of(on_cycle);
    let mut found: Option<(f32, usize, usize)> = None;
    let mut token = on_cycle;
    loop {
        let now = candidates[token].iter().find(|c| c.1 == heads[token]).map_or(0.0, |c| c.0);
        if let Some((score, head)) = best(&candidates[token], |h| groups.of(h) != group)
            && found.is_none_or(|f| now - score < f.0)
        {
            found = Some((now - score, token, head));
        }
        token = heads[token].unwrap_or(on_cycle);
        if token == on_cycle {
            return found.map_or((on_cycle, root), |f| (f.1, f.2));
        }
    }
}

/// The token that is likeliest the root: where being it gains most over the best other head.
fn root(candidates: &[Vec<(f32, Option<usize>)>]) -> Option<usize> {
    let gain = |i: usize| {
        let own = candidates[i].iter().filter(|c| c.1.is_none()).map(|c| c.0).fold(f32::NEG_INFINITY, f32::max);
        own - best(&candidates[i], |h| h != i).map_or(0.0, |b| b.0)
    };
    (0..candidates.len())
        .rev()
        .fold(None, |b: Option<(usize, f32)>, i| match b {
            Some((_, g)) if g > gain(i) => b,
            _ => Some((i, gain(i))),
        })
        .map(|b| b.0)
}

/// The first best head among those allowed.
fn best(candidates: &[(f32, Option<usize>)], mut allowed: impl FnMut(usize) -> bool) -> Option<(f32, usize)> {
    let mut found: Option<(f32, usize)> = None;
    for &(score, head) in candidates {
        if let Some(head) = head.filter(|&h| allowed(h))
            && found.is_none_or(|f| score > f.0)
        {
            found = Some((score, head));
        }
    }
    found
}

/// Which tokens hang together.
struct Groups(Vec<usize>);

impl Groups {
    fn of(&mut self, mut token: usize) -> usize {
        while self.0[token] != token {
            self.0[token] = self.0[self.0[token]];
            token = self.0[token];
        }
        token
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a] = b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_broken_where_it_costs_least() {
        let candidates = vec![
            vec![(5.0, None), (1.0, Some(1))],
            vec![(9.0, Some(2)), (8.0, Some(0)), (0.0, None)],
            vec![(9.0, Some(1)), (3.0, Some(0)), (0.0, None)],
        ];
        assert_eq!(tree(&candidates), [None, Some(0), Some(1)]);
    }

    #[test]
    fn every_token_leads_to_the_one_root() {
        assert!(tree(&[]).is_empty());
        assert_eq!(tree(&[vec![(0.0, None)], vec![(0.0, None)]]), [None, Some(0)]);
        let far = vec![
            vec![(9.0, Some(1)), (0.0, None)],
            vec![(9.0, Some(0)), (0.0, None)],
            vec![(1.0, None)],
            vec![(9.0, Some(4))],
            vec![(9.0, Some(3))],
        ];
        let got = tree(&far);
        assert_eq!(got, [Some(2), Some(0), None, Some(2), Some(3)]);
    }
}
