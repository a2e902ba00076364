//! The products with the tiles of x86-64 (AMX: Intel, Instruction Set Extensions, chapter 3; Software Developer's Manual, volume 1, chapter
//! 18). Rust has no stable names for them, so they are written in assembly. No processor with tiles was at hand: `emulated.rs` carries
//! the instructions out in the tests.

use std::arch::asm;
use std::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use super::{Block, STRIPE};

/// Rows of a tile.
const TILE: usize = 16;
/// Rows that [`Tiles::multiply`] takes: two tiles of them, which may overlap.
pub(super) const ROWS: RangeInclusive<usize> = TILE..=2 * TILE;
/// Bytes of a tile's row.
const BYTES: usize = 64;

/// Bytes from one row of a tile to the next: of weights, two blocks side by side; of sums, a row of them.
const LINE: usize = 2 * size_of::<Block>();
const _: () = assert!(LINE == size_of::<[i32; STRIPE]>() && size_of::<Block>() == BYTES);

/// Whether [`Tiles::multiply`] takes so many rows of so many values.
pub(super) fn fits(count: usize, width: usize) -> bool {
    ROWS.contains(&count) && width > 0 && width.is_multiple_of(BYTES)
}

/// Whether the processor multiplies tiles of bytes, and the system lets this process do so.
pub(super) fn permitted() -> bool {
    // Leaf 7, EDX: bit 24 says tiles, bit 25 products of bytes in them. XCR0, bits 17 and 18: the system keeps tiles and how they are cut.
    const INSTRUCTIONS: u32 = 1 << 24 | 1 << 25;
    const KEPT: u64 = 1 << 17 | 1 << 18;

    #[target_feature(enable = "xsave")]
    fn kept() -> u64 {
        // SAFETY: register 0 is there where the instruction is.
        unsafe { _xgetbv(0) }
    }

    // AVX-512 tells that the system has switched XGETBV on, and is the next best for what fills no tile.
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("xsave")
        && __cpuid(0).eax >= 7
        && __cpuid_count(7, 0).edx & INSTRUCTIONS == INSTRUCTIONS
        // SAFETY: XSAVE is there.
        && unsafe { kept() } & KEPT == KEPT
        && asked()
}

/// Asks Linux for the use of tiles, for all threads of the process: without leave the first use would end it. Leave is not given
/// where a signal's stack is too small to keep them.
#[cfg(target_os = "linux")]
fn asked() -> bool {
    const ARCH_PRCTL: i64 = 158;
    const ARCH_REQ_XCOMP_PERM: u64 = 0x1023;
    const XFEATURE_XTILEDATA: u64 = 18;
    let answer: i64;
    // SAFETY: this call reads and writes no memory of ours; what the kernel leaves changed is named.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") ARCH_PRCTL => answer,
            in("rdi") ARCH_REQ_XCOMP_PERM,
            in("rsi") XFEATURE_XTILEDATA,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    answer == 0
}

/// Elsewhere nobody has tried.
#[cfg(not(target_os = "linux"))]
fn asked() -> bool {
    false
}

/// How the tiles are cut, as LDTILECFG reads it.
#[repr(C, align(64))]
struct Config {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// All eight of full size.
static FULL: Config = Config {
    palette: 1,
    start_row: 0,
    reserved: [0; 14],
    row_bytes: [64, 64, 64, 64, 64, 64, 64, 64, 0, 0, 0, 0, 0, 0, 0, 0],
    rows: [16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0],
};

/// The tiles of this thread, cut; given back when dropped, so that the system need not keep them while other threads run. While two
/// were alive on a thread, dropping one would take the tiles of the other, and its next instruction would end the process.
pub(super) struct Tiles {
    /// Of this thread, hence never sent to another.
    thread: PhantomData<*const ()>,
}

impl Tiles {
    /// Only where the processor has tiles and they are [`permitted`].
    pub(super) fn configure() -> Self {
        // SAFETY: `Kernel::Amx` is used only where the instructions are there (or emulated, in tests); 64 bytes are read; what the tiles
        // held is named as lost.
        unsafe {
            asm!(
                "ldtilecfg [{}]",
                in(reg) &raw const FULL,
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, preserves_flags),
            );
        }
        Self { thread: PhantomData }
    }

    /// As [`super::Ready::multiply`], where it [`fits`]. The second sixteen rows begin within the first where there are fewer: their
    /// sums are found twice, and are the same.
    ///
    /// # Panics
    /// When the lengths do not fit each other, or tiles.
    pub(super) fn multiply(&self, rows: &[u8], width: usize, blocks: &[Block], sums: &mut [[i32; STRIPE]]) {
        let count = sums.len();
        assert!(fits(count, width) && rows.len() == width * count && blocks.len() * 2 == width);
        let (second, first_sums) = (count - TILE, sums.as_mut_ptr());
        // SAFETY: tiles are there and cut, as `self` shows. Each step reads 64 bytes of 16 rows twice, and 16 rows of 128 bytes of
        // `blocks`: those of 64 inputs, as Rust lays blocks out. `width / 64` steps, at least one, read `width` bytes of each row and
        // all blocks, whose lengths are checked above. The stores fill 16 sums from the first, and from `second`: up to the last.
        unsafe {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "tilezero tmm2",
                "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{upper} + {width}*1]",
                "tileloadd tmm6, [{blocks} + {line}*1]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{blocks} + {line}*1 + 64]",
                "tdpbusd tmm1, tmm4, tmm7",
                "tileloadd tmm5, [{lower} + {width}*1]",
                "tdpbusd tmm2, tmm5, tmm6",
                "tdpbusd tmm3, tmm5, tmm7",
                "add {upper}, 64",
                "add {lower}, 64",
                "add {blocks}, 2048",
                "dec {steps}",
                "jnz 2b",
                "tilestored [{first} + {line}*1], tmm0",
                "tilestored [{first} + {line}*1 + 64], tmm1",
                "tilestored [{second} + {line}*1], tmm2",
                "tilestored [{second} + {line}*1 + 64], tmm3",
                upper = inout(reg) rows.as_ptr() => _,
                lower = inout(reg) rows.as_ptr().add(second * width) => _,
                width = in(reg) width,
                blocks = inout(reg) blocks.as_ptr() => _,
                line = in(reg) LINE,
                steps = inout(reg) width / BYTES => _,
                first = in(reg) first_sums,
                second = in(reg) first_sums.add(second),
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        }
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: as for `configure`.
        unsafe {
            asm!(
                "tilerelease",
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack, preserves_flags),
            );
        }
    }
}
