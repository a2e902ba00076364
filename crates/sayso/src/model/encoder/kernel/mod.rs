//! The inner loops: linear maps (unsigned 8-bit rows times signed 8-bit weights, summed in 32 bits) and, where the processor has
//! products of half-length floats, attention. The only folder with `unsafe`: instructions that Rust has no safe name for, chosen at
//! run time by what the processor can do.
//!
//! All kernels of linear maps give the very same sums (whole numbers), tested against [`Kernel::Portable`]; those of attention the same as `attention.rs`
//! finds without them.
#![allow(unsafe_code, reason = "vector and tile instructions; each block says why it is sound")]

use std::ops::{Range, RangeInclusive};
#[cfg(target_arch = "x86_64")]
use std::sync::OnceLock;

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(all(test, target_arch = "x86_64", target_os = "linux"))]
mod emulated;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Outputs that a kernel finds at once.
pub(super) const STRIPE: usize = 32;

/// The weights of 16 outputs for 4 inputs: output after output.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Block(pub(super) [i8; 64]);

impl Default for Block {
    fn default() -> Self {
        Self([0; 64])
    }
}

/// A way to multiply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernel {
    /// AMX, tiles of 16 rows by 64 bytes; what does not fill tiles by the next best.
    #[cfg(target_arch = "x86_64")]
    Amx,
    /// AVX-512 with VNNI.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2. Sums pairs in 16 bits: exact as long as weights keep within 7 bits, as the exporter sees to.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Any processor.
    Portable,
}

impl Kernel {
    /// Rows that any kernel likes to take at once.
    pub(super) const ROWS: usize = 32;

    /// All, the best first.
    const ORDER: &[Self] = &[
        #[cfg(target_arch = "x86_64")]
        Self::Amx,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        Self::Portable,
    ];

    /// The best that this processor has.
    pub(super) fn best() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }

    /// Those that this processor has, the best first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::ORDER.iter().copied().filter(|kernel| kernel.here())
    }

    /// [`Kernel::all`], and those that can be emulated.
    #[cfg(test)]
    pub(super) fn testable() -> Vec<Self> {
        let mut found: Vec<Self> = Self::all().collect();
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        if !found.contains(&Self::Amx) && emulated::install() {
            found.push(Self::Amx);
        }
        found
    }

    fn here(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Amx => {
                static HERE: OnceLock<bool> = OnceLock::new();
                // Never tried on a real processor by us: none is trusted that has not shown that it adds up.
                *HERE.get_or_init(|| amx::permitted() && self.adds_up())
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            Self::Portable => true,
        }
    }

    /// Whether it gives the portable sums of a small made-up map.
    #[cfg(target_arch = "x86_64")]
    fn adds_up(self) -> bool {
        let (count, width) = (21, 128);
        let bytes = |count: usize, step: usize| (0..count).map(move |k| (k * step % 251).to_le_bytes()[0]);
        let rows: Vec<u8> = bytes(count * width, 89).collect();
        let mut blocks = vec![Block::default(); width / 2];
        for (weight, byte) in blocks.iter_mut().flat_map(|block| &mut block.0).zip(bytes(32 * width, 57)) {
            *weight = byte.cast_signed();
        }
        let mut sums = vec![[[0; STRIPE]; 21]; 2];
        self.ready(count, width).multiply(&rows, width, &blocks, &mut sums[0]);
        portable(&rows, width, &blocks, &mut sums[1]);
        sums[0] == sums[1]
    }

    /// How many rows it likes to take at once.
    pub(super) fn rows(self) -> RangeInclusive<usize> {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Amx => amx::ROWS,
            _ => 1..=12,
        }
    }

    /// Made ready, on this thread, for `count` rows of `width`: one at a time on a thread.
    pub(super) fn ready(self, count: usize, width: usize) -> Ready {
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (count, width);
        Ready {
            kernel: self,
            #[cfg(target_arch = "x86_64")]
            tiles: (self == Self::Amx && amx::fits(count.min(Self::ROWS), width)).then(amx::Tiles::configure),
        }
    }

    /// As [`Ready::multiply`], without what needs making ready: for single rows.
    pub(super) fn multiply(self, rows: &[u8], width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        assert!(width.is_multiple_of(4) && rows.len() == width * sums.len() && blocks.len() * 2 == width);
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Amx => {
                let next = Self::ORDER.iter().find(|kernel| **kernel != Self::Amx && kernel.here());
                next.unwrap_or(&Self::Portable).multiply(rows, width, blocks, sums);
            }
            // SAFETY: `best` and `all` name a kernel only where the processor has its instructions; the lengths that
            // the kernels rely on are checked above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { x86::avx512(rows, width, blocks, sums) },
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { x86::avx2(rows, width, blocks, sums) },
            Self::Portable => portable(rows, width, blocks, sums),
        }
    }
}

/// A kernel that is ready on this thread.
pub(super) struct Ready {
    kernel: Kernel,
    #[cfg(target_arch = "x86_64")]
    tiles: Option<amx::Tiles>,
}

impl Ready {
    /// `count` rows in parts as the kernel likes them. The last may begin within the one before it: where a kernel does not like
    /// few rows, some are found again.
    pub(super) fn parts(&self, count: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let (least, most) = self.kernel.rows().into_inner();
        (0..count).step_by(most).map(move |start| start.min(count.saturating_sub(least))..count.min(start + most))
    }

    /// `sums[r][c]` becomes the sum over `i` of `rows[r * width + i]` times the weight of output `c` for input `i`.
    ///
    /// `blocks` holds two blocks (outputs 0–15 and 16–31) for every 4 inputs; `width` is a multiple of 4.
    ///
    /// # Panics
    /// When the lengths do not fit each other.
    pub(super) fn multiply(&self, rows: &[u8], width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        #[cfg(target_arch = "x86_64")]
        if let Some(tiles) = self.tiles.as_ref().filter(|_| amx::fits(sums.len(), width)) {
            return tiles.multiply(rows, width, blocks, sums);
        }
        self.kernel.multiply(rows, width, blocks, sums);
    }
}

/// Sums of products of floats in the form bfloat16, two and two in one number: held by those whose processor has them (AVX-512 BF16).
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs(());

impl Pairs {
    /// Numbers of a query, a key or a value.
    pub(super) const SIZE: usize = 32;
    /// Rows that are taken at once.
    pub(super) const ROWS: usize = 6;

    /// Those of this processor, if it has them.
    pub(super) fn here() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16") {
            return Some(Self(()));
        }
        None
    }

    /// `scores[r][p]` becomes the product of query `r` and key `p`. `queries` holds 16 pairs each; `keys` holds the first pair of
    /// every key, then the second, and so on: 16 rows as long as those of `scores`, a multiple of 64.
    ///
    /// # Panics
    /// When the lengths do not fit each other.
    pub(super) fn look(self, queries: &[[i32; 16]; Self::ROWS], keys: &[i32], scores: &mut [f32]) {
        let length = scores.len() / Self::ROWS;
        assert!(length.is_multiple_of(64) && keys.len() == length * 16 && scores.len() == length * Self::ROWS);
        // SAFETY: `here` made this only where the processor has the instructions; the lengths are checked above.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            x86::look(queries, keys, scores, length);
        }
    }

    /// `out[r]` becomes the values mixed by the pairs of row `r` of `scores`. `values` holds 32 pairs for each of them.
    ///
    /// # Panics
    /// When the lengths do not fit each other.
    pub(super) fn mix(self, scores: &[i32], values: &[i32], out: &mut [[f32; Self::SIZE]; Self::ROWS]) {
        let length = scores.len() / Self::ROWS;
        assert!(scores.len() == length * Self::ROWS && values.len() == length * Self::SIZE);
        // SAFETY: as for `look`.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            x86::mix(scores, values, out, length);
        }
    }
}

fn portable(rows: &[u8], width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
    for (row, sums) in rows.chunks_exact(width).zip(sums) {
        *sums = [0; STRIPE];
        for (values, pair) in row.as_chunks::<4>().0.iter().zip(blocks.as_chunks::<2>().0) {
            for (half, block) in pair.iter().enumerate() {
                for (sum, weights) in sums[half * 16..].iter_mut().zip(block.0.as_chunks::<4>().0) {
                    *sum += values.iter().zip(weights).map(|(v, w)| i32::from(*v) * i32::from(*w)).sum::<i32>();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_kernel_gives_the_portable_sums(
            rows in 0..=Kernel::ROWS,
            // Half of them as tiles want them.
            groups in prop_oneof![1_usize..40, (1_usize..8).prop_map(|k| 16 * k)],
            seed in any::<u32>(),
        ) {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 24
            };
            let width = 4 * groups;
            let values: Vec<u8> = (0..rows * width).map(|_| next().to_le_bytes()[0]).collect();
            let mut blocks = vec![Block::default(); 2 * groups];
            for weight in blocks.iter_mut().flat_map(|b| &mut b.0) {
                *weight = i8::try_from(next() % 129).unwrap_or(0).saturating_sub(64);
            }
            let mut expected = vec![[1; STRIPE]; rows];
            portable(&values, width, &blocks, &mut expected);
            for kernel in Kernel::testable() {
                let ready = kernel.ready(rows, width);
                // The second time tiles hold something.
                for _ in 0..2 {
                    let mut sums = vec![[2; STRIPE]; rows];
                    ready.multiply(&values, width, &blocks, &mut sums);
                    prop_assert_eq!(&sums, &expected, "{:?}", kernel);
                }
            }
        }
    }

    #[test]
    fn parts_hold_all_rows_and_never_more_than_the_kernel_likes() {
        for kernel in Kernel::ORDER {
            for count in 0..150 {
                let mut next = 0;
                for part in kernel.ready(0, 0).parts(count) {
                    assert!(part.start <= next && part.end > next, "{part:?} after {next}");
                    assert!(
                        count < *kernel.rows().start() || kernel.rows().contains(&part.len()),
                        "{part:?} of {count}"
                    );
                    next = part.end;
                }
                assert_eq!(next, count);
            }
        }
    }

    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    #[test]
    fn a_processor_whose_tiles_do_not_add_up_is_found_out() {
        if emulated::install() {
            assert!(Kernel::Amx.adds_up());
            emulated::spoil(true);
            assert!(!Kernel::Amx.adds_up());
            emulated::spoil(false);
        }
    }
}
