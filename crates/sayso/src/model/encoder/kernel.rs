//! The inner loops: linear maps (unsigned 8-bit rows times signed 8-bit weights, summed in 32 bits) and, where the processor has
//! products of half-length floats, attention. The only file with `unsafe`: instructions that Rust has no safe name for, chosen at
//! run time by what the processor can do.
//!
//! All kernels of linear maps give the very same sums (whole numbers), tested against [`Kernel::Portable`]; those of attention the same as `attention.rs`
//! finds without them.
#![allow(unsafe_code, reason = "vector instructions; each block says why it is sound")]

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
    /// Rows that [`Kernel::multiply`] takes at most.
    pub(super) const ROWS: usize = 12;

    /// The best that this processor has.
    pub(super) fn best() -> Self {
        Self::all()[0]
    }

    /// Those that this processor has, the best first.
    pub(super) fn all() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni") {
                found.push(Self::Avx512);
            }
            if is_x86_feature_detected!("avx2") {
                found.push(Self::Avx2);
            }
        }
        found.push(Self::Portable);
        found
    }

    /// `sums[r][c]` becomes the sum over `i` of `rows[r * width + i]` times the weight of output `c` for input `i`.
    ///
    /// `blocks` holds two blocks (outputs 0–15 and 16–31) for every 4 inputs; `width` is a multiple of 4.
    ///
    /// # Panics
    /// When the lengths do not fit each other.
    pub(super) fn multiply(self, rows: &[u8], width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        assert!(width.is_multiple_of(4) && rows.len() == width * sums.len() && blocks.len() * 2 == width);
        match self {
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

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512bh, __m512i, _mm256_add_epi32, _mm256_load_si256, _mm256_madd_epi16, _mm256_maddubs_epi16,
        _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_si256, _mm512_dpbf16_ps,
        _mm512_dpbusd_epi32, _mm512_load_si512, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_ps,
        _mm512_setzero_si512, _mm512_storeu_ps, _mm512_storeu_si512,
    };
    use std::mem::transmute;

    use super::{Block, Pairs, STRIPE};

    /// # Safety
    /// The processor has AVX-512 F and BF16; `keys` holds 16 rows of `length`, `scores` as many as there are queries.
    #[target_feature(enable = "avx512f,avx512bf16")]
    pub(super) unsafe fn look(queries: &[[i32; 16]; Pairs::ROWS], keys: &[i32], scores: &mut [f32], length: usize) {
        for first in (0..length).step_by(64) {
            let mut sums = [[_mm512_setzero_ps(); 4]; Pairs::ROWS];
            for k in 0..16 {
                let from = &keys[k * length + first..][..64];
                // SAFETY: 64 numbers lie at `from`; the reads need not be aligned. Any bits are valid halves.
                let keys: [__m512bh; 4] = std::array::from_fn(|v| unsafe {
                    transmute(_mm512_loadu_si512(from.as_ptr().add(16 * v).cast::<__m512i>()))
                });
                for (sums, query) in sums.iter_mut().zip(queries) {
                    // SAFETY: any bits are valid halves.
                    let query: __m512bh = unsafe { transmute(_mm512_set1_epi32(query[k])) };
                    for (sum, key) in sums.iter_mut().zip(keys) {
                        *sum = _mm512_dpbf16_ps(*sum, query, key);
                    }
                }
            }
            for (sums, row) in sums.into_iter().zip(scores.chunks_exact_mut(length)) {
                for (sum, out) in sums.into_iter().zip(row[first..].as_chunks_mut::<16>().0) {
                    // SAFETY: `out` is 16 floats; the store need not be aligned.
                    unsafe { _mm512_storeu_ps(out.as_mut_ptr(), sum) };
                }
            }
        }
    }

    /// # Safety
    /// The processor has AVX-512 F and BF16; `scores` holds [`Pairs::ROWS`] rows of `length`, `values` 32 times `length`.
    #[target_feature(enable = "avx512f,avx512bf16")]
    pub(super) unsafe fn mix(
        scores: &[i32],
        values: &[i32],
        out: &mut [[f32; Pairs::SIZE]; Pairs::ROWS],
        length: usize,
    ) {
        let mut sums = [[_mm512_setzero_ps(); 2]; Pairs::ROWS];
        for (place, values) in values.as_chunks::<32>().0.iter().enumerate() {
            // SAFETY: 32 numbers lie at `values`; the reads need not be aligned. Any bits are valid halves.
            let values: [__m512bh; 2] = std::array::from_fn(|v| unsafe {
                transmute(_mm512_loadu_si512(values.as_ptr().add(16 * v).cast::<__m512i>()))
            });
            for (r, sums) in sums.iter_mut().enumerate() {
                let score = scores[r * length + place];
                // SAFETY: any bits are valid halves.
                let score: __m512bh = unsafe { transmute(_mm512_set1_epi32(score)) };
                sums[0] = _mm512_dpbf16_ps(sums[0], score, values[0]);
                sums[1] = _mm512_dpbf16_ps(sums[1], score, values[1]);
            }
        }
        for (out, sums) in out.iter_mut().zip(sums) {
            for (out, sum) in out.as_chunks_mut::<16>().0.iter_mut().zip(sums) {
                // SAFETY: `out` is 16 floats; the store need not be aligned.
                unsafe { _mm512_storeu_ps(out.as_mut_ptr(), sum) };
            }
        }
    }

    /// Four values of a row as one number, for all lanes.
    ///
    /// # Safety
    /// `row` points to at least `4 * group + 4` bytes.
    #[inline(always)]
    unsafe fn four(row: *const u8, group: usize) -> i32 {
        // SAFETY: the caller's promise; the read need not be aligned.
        unsafe { row.add(4 * group).cast::<i32>().read_unaligned() }
    }

    /// # Safety
    /// The processor has AVX-512 F and VNNI; `rows` holds `width` values for each of `sums`, `blocks` holds `width / 2`.
    #[target_feature(enable = "avx512f,avx512vnni")]
    pub(super) unsafe fn avx512(rows: &[u8], width: usize, blocks: &[Block], mut sums: &mut [[i32; STRIPE]]) {
        let mut row = rows.as_ptr();
        while !sums.is_empty() {
            let count = match sums.len() {
                12.. => 12,
                6.. => 6,
                2.. => 2,
                _ => 1,
            };
            let (now, later) = sums.split_at_mut(count);
            // SAFETY: `count` more rows lie at `row`, as there are that many sums left.
            unsafe {
                match count {
                    12 => tile512::<12>(row, width, blocks, now),
                    6 => tile512::<6>(row, width, blocks, now),
                    2 => tile512::<2>(row, width, blocks, now),
                    _ => tile512::<1>(row, width, blocks, now),
                }
                row = row.add(count * width);
            }
            sums = later;
        }
    }

    /// # Safety
    /// As [`avx512`], for `R` rows at `rows` and `R` sums.
    #[inline]
    #[target_feature(enable = "avx512f,avx512vnni")]
    unsafe fn tile512<const R: usize>(rows: *const u8, width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        let mut all = [[_mm512_setzero_si512(); 2]; R];
        for (group, pair) in blocks.as_chunks::<2>().0.iter().enumerate() {
            // SAFETY: blocks are 64 bytes, aligned to 64; row `r` has `width` values, four for each pair of blocks.
            unsafe {
                let weights = pair.each_ref().map(|block| _mm512_load_si512(block.0.as_ptr().cast::<__m512i>()));
                for (r, sums) in all.iter_mut().enumerate() {
                    let values = _mm512_set1_epi32(four(rows.add(r * width), group));
                    sums[0] = _mm512_dpbusd_epi32(sums[0], values, weights[0]);
                    sums[1] = _mm512_dpbusd_epi32(sums[1], values, weights[1]);
                }
            }
        }
        for (out, all) in sums.iter_mut().zip(all) {
            for (out, sum) in out.as_chunks_mut::<16>().0.iter_mut().zip(all) {
                // SAFETY: `out` is 16 numbers of 32 bits; the store need not be aligned.
                unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast::<__m512i>(), sum) };
            }
        }
    }

    /// # Safety
    /// The processor has AVX2; lengths as for [`avx512`].
    #[target_feature(enable = "avx2")]
    pub(super) unsafe fn avx2(rows: &[u8], width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        let (mut pairs, mut row) = (sums.chunks_exact_mut(2), rows.as_ptr());
        for pair in &mut pairs {
            // SAFETY: two more rows lie at `row`.
            unsafe {
                tile256::<2>(row, width, blocks, pair);
                row = row.add(2 * width);
            }
        }
        if let [last] = pairs.into_remainder() {
            // SAFETY: one more row lies at `row`.
            unsafe { tile256::<1>(row, width, blocks, std::slice::from_mut(last)) };
        }
    }

    /// # Safety
    /// As [`avx2`], for `R` rows at `rows` and `R` sums.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn tile256<const R: usize>(rows: *const u8, width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        let ones = _mm256_set1_epi16(1);
        let mut all = [[_mm256_setzero_si256(); 4]; R];
        for (group, pair) in blocks.as_chunks::<2>().0.iter().enumerate() {
            for quarter in 0..4 {
                // SAFETY: a block is two aligned halves of 32 bytes; row `r` has four values for each pair of blocks.
                unsafe {
                    let half = pair[quarter / 2].0.as_ptr().cast::<__m256i>().add(quarter % 2);
                    let weights = _mm256_load_si256(half);
                    for (r, sums) in all.iter_mut().enumerate() {
                        let values = _mm256_set1_epi32(four(rows.add(r * width), group));
                        let products = _mm256_madd_epi16(_mm256_maddubs_epi16(values, weights), ones);
                        sums[quarter] = _mm256_add_epi32(sums[quarter], products);
                    }
                }
            }
        }
        for (out, all) in sums.iter_mut().zip(all) {
            for (out, sum) in out.as_chunks_mut::<8>().0.iter_mut().zip(all) {
                // SAFETY: `out` is 8 numbers of 32 bits; the store need not be aligned.
                unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast::<__m256i>(), sum) };
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
        fn every_kernel_gives_the_portable_sums(rows in 0_usize..=12, groups in 1_usize..40, seed in any::<u32>()) {
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
            for kernel in Kernel::all() {
                let mut sums = vec![[2; STRIPE]; rows];
                kernel.multiply(&values, width, &blocks, &mut sums);
                prop_assert_eq!(&sums, &expected, "{:?}", kernel);
            }
        }
    }
}
