//! Sense vectors: a sentence as the sum of its pieces' static vectors (Model2Vec; made by `training/senses.py`).

use std::sync::LazyLock;

use super::wordpiece::WordPiece;
use crate::text::tokens;

static TABLE: &[u8] = include_bytes!("../../../../models/senses.bin");
static PIECES: LazyLock<WordPiece> = LazyLock::new(|| WordPiece::new(include_str!("../../../../models/vocab.txt")));

/// Bytes before the first row: number of pieces and of dimensions.
const HEADER: usize = 8;

/// Numbers of a sense.
pub const DIMENSIONS: usize = 128;

/// The sense of `text`: a vector of length one, or of zeros when it has no words.
#[must_use]
pub fn sense(text: &str) -> Vec<f32> {
    let mut sum = [0i32; DIMENSIONS];
    for token in tokens(text) {
        for piece in PIECES.pieces(&token.of(text).to_lowercase(), 8) {
            let start = HEADER + usize::try_from(piece).unwrap_or(0) * DIMENSIONS;
            for (s, &byte) in sum.iter_mut().zip(&TABLE[start..][..DIMENSIONS]) {
                *s += i32::from(byte.cast_signed());
            }
        }
    }
    let norm = sum.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
    sum.iter().map(|&x| if norm > 0.0 { (f64::from(x) / norm) as f32 } else { 0.0 }).collect()
}

/// The cosine of two senses.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum()
}
