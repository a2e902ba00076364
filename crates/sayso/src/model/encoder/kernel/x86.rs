//! The products with vector instructions of x86-64: linear maps with AVX-512 VNNI and AVX2, attention with AVX-512 BF16.

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
pub(super) unsafe fn mix(scores: &[i32], values: &[i32], out: &mut [[f32; Pairs::SIZE]; Pairs::ROWS], length: usize) {
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
