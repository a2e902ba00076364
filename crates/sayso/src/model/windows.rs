//! A text cut into overlapping windows of whole tokens, and for each token the window that knows it best.
//!
//! Same as `training/text.py` and `training/predict.py`.

use std::ops::Range;

/// Ranges of tokens whose pieces fit `room`; each starts `stride` of the room after the one before.
/// `pieces` holds the number of pieces of each token, at most `room` each.
pub(crate) fn windows(pieces: &[usize], room: usize, stride: f64) -> Vec<Range<usize>> {
    let mut before = vec![0];
    for &count in pieces {
        before.push(before[before.len() - 1] + count);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number of pieces")]
    let step = (room as f64 * stride) as usize;
    let (mut out, mut start) = (Vec::new(), 0);
    while start < pieces.len() {
        let last_within = |size| before.partition_point(|&b| b <= before[start] + size) - 1;
        let end = last_within(room).max(start + 1);
        out.push(start..end);
        if end >= pieces.len() {
            break;
        }
        start = last_within(step).max(start + 1);
    }
    out
}

/// For each window the tokens that stand in it farther from an edge than in any other (the text's own edges are none; the
/// first of equals): together they cover `count` tokens in order.
pub(crate) fn owned(windows: &[Range<usize>], count: usize) -> Vec<Range<usize>> {
    let margin = |window: &Range<usize>, token: usize| {
        let left = if window.start > 0 { token - window.start } else { usize::MAX };
        let right = if window.end < count { window.end - 1 - token } else { usize::MAX };
        left.min(right)
    };
    let mut out = Vec::with_capacity(windows.len());
    let mut start = 0;
    for (k, window) in windows.iter().enumerate() {
        let next = windows.get(k + 1);
        let better =
            |token: usize| next.is_some_and(|n| n.contains(&token) && margin(n, token) > margin(window, token));
        let end = (start..window.end).find(|&token| better(token)).unwrap_or(window.end);
        out.push(start..end);
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_overlap_and_end_with_the_text() {
        assert!(windows(&[], 8, 0.75).is_empty());
        assert_eq!(windows(&[1; 8], 8, 0.75)[0], 0..8);
        assert_eq!(windows(&[1; 12], 8, 0.75), [0..8, 6..12]);
        assert_eq!(windows(&[3, 3, 3, 3], 8, 0.75), [0..2, 2..4]);
    }

    #[test]
    fn a_token_belongs_where_it_stands_farthest_from_an_edge() {
        assert_eq!(owned(&[0..8, 6..12], 12), [0..7, 7..12]);
        assert_eq!(owned(&[0..2, 2..4], 4), [0..2, 2..4]);
        assert_eq!(owned(&[0..8, 6..14, 12..16], 16), [0..7, 7..13, 13..16]);
        assert!(owned(&[], 0).is_empty());
    }
}
