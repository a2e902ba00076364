//! How a picture looks, in 64 bits of which rescaling and recompression change few.
//!
//! A discrete cosine transform of a small grey picture; each bit is the sign of one of its 64 slowest waves (after pHash, Zauner 2010).
//! All in whole numbers, so that every machine gives the same bits.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::decode::{CELLS, Grid};

/// The bits, written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Look(u64);

/// Waves from side to side that may be among the slowest.
const WAVES: usize = 11;
/// A cosine of one.
const ONE: f64 = 16_384.0;
/// Cells that differ from their mean by less than this on average (sixteenths of a step of 255) show nothing: a black frame, a sky.
const FLAT: i64 = 16 * 4;

impl Look {
    /// Two pictures whose looks differ in at most so many bits are one: docs/evaluation/pictures.md.
    pub const NEAR: u32 = 8;

    /// In how many bits two looks differ.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// The look of a grid; none where it shows nothing.
    pub(super) fn of(grid: &Grid) -> Option<Self> {
        let cells: Vec<i64> = (0..CELLS * CELLS).map(|k| grid.at(k % CELLS, k / CELLS)).collect();
        let count = (CELLS * CELLS) as i64;
        let mean = cells.iter().sum::<i64>() / count;
        if cells.iter().map(|cell| (cell - mean).abs()).sum::<i64>() / count < FLAT {
            return None;
        }
        let waves = waves();
        // First along the rows, then along the columns.
        let rows: Vec<[i64; WAVES]> = cells.chunks(CELLS).map(|row| waves.map(|wave| dot(&wave, row.iter()))).collect();
        let height = |u: usize, v: usize| dot(&waves[v], rows.iter().map(|row| &row[u]));
        Some(Self(slowest().fold(0, |bits, (u, v)| bits << 1 | u64::from(height(u, v) > 0))))
    }
}

/// The cosines of each wave at the middle of each cell.
fn waves() -> [[i64; CELLS]; WAVES] {
    std::array::from_fn(|wave| {
        std::array::from_fn(|cell| {
            let angle = std::f64::consts::PI * wave as f64 * (2 * cell + 1) as f64 / (2 * CELLS) as f64;
            (angle.cos() * ONE).round() as i64
        })
    })
}

fn dot<'a>(wave: &[i64; CELLS], values: impl Iterator<Item = &'a i64>) -> i64 {
    wave.iter().zip(values).map(|(a, b)| a * b).sum()
}

/// The 64 slowest waves but for the level of the whole, as (along, down).
fn slowest() -> impl Iterator<Item = (usize, usize)> {
    (1..WAVES).flat_map(|sum| (0..=sum).map(move |v| (sum - v, v))).take(64)
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<Look> for String {
    fn from(look: Look) -> Self {
        look.to_string()
    }
}

impl TryFrom<String> for Look {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}
