//! Carries out the instructions of AMX that `amx.rs` uses where the processor has none, so that the tests run the very machine code that
//! a processor with tiles would: each raises SIGILL, whose handler reads it at the address where it stands, does what Intel's manual
//! (Software Developer's Manual, volume 2: the entries LDTILECFG, TDPBUSD, TILELOADD, TILERELEASE, TILESTORED, TILEZERO) says, and goes
//! on behind it. What the manual calls an invalid use ends the process by the signal, as it would there.

use std::cell::{Cell, RefCell};
use std::sync::OnceLock;

/// Tiles of one thread.
struct Tiles {
    /// How many there are now: none or all.
    configured: bool,
    rows: [usize; 8],
    row_bytes: [usize; 8],
    data: [[[u8; 64]; 16]; 8],
}

const NONE: Tiles = Tiles { configured: false, rows: [0; 8], row_bytes: [0; 8], data: [[[0; 64]; 16]; 8] };

thread_local! {
    // Without a destructor and constant: reading them in a handler allocates nothing and takes no lock.
    static TILES: RefCell<Tiles> = const { RefCell::new(NONE) };
    static SPOILT: Cell<bool> = const { Cell::new(false) };
}

/// From here on this process has tiles. False where it has real ones, which would not raise the signal.
pub(super) fn install() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        // SAFETY: zeros are a valid `sigaction`: no flags, an empty mask. The handler has the signature that `SA_SIGINFO` asks for.
        !super::amx::permitted()
            && unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_flags = libc::SA_SIGINFO;
                action.sa_sigaction = on_illegal_instruction as *const () as usize;
                libc::sigaction(libc::SIGILL, &raw const action, std::ptr::null_mut()) == 0
            }
    })
}

/// Whether this thread's products come out wrong by one.
pub(super) fn spoil(on: bool) {
    SPOILT.set(on);
}

extern "C" fn on_illegal_instruction(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel hands over the state of the thread that was stopped, and takes it back when the handler returns.
    let registers = unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    // The registers in the order of their numbers in instructions.
    let order = [
        libc::REG_RAX,
        libc::REG_RCX,
        libc::REG_RDX,
        libc::REG_RBX,
        libc::REG_RSP,
        libc::REG_RBP,
        libc::REG_RSI,
        libc::REG_RDI,
        libc::REG_R8,
        libc::REG_R9,
        libc::REG_R10,
        libc::REG_R11,
        libc::REG_R12,
        libc::REG_R13,
        libc::REG_R14,
        libc::REG_R15,
    ];
    let value = |number: usize| registers[order[number] as usize] as usize;
    let (start, mut length) = (registers[libc::REG_RIP as usize] as *const u8, 0);
    let next = || {
        // SAFETY: no byte is read but those of the instruction that the processor itself has just read.
        let byte = unsafe { *start.add(length) };
        length += 1;
        byte
    };
    let done = decode(next).and_then(|what| TILES.with(|tiles| tiles.try_borrow_mut().ok()?.carry_out(&what, value)));
    if done.is_some() {
        registers[libc::REG_RIP as usize] += length as i64;
    } else {
        // SAFETY: the instruction is met again, and the signal then ends the process as it would have without us.
        unsafe { libc::signal(libc::SIGILL, libc::SIG_DFL) };
    }
}

/// An operand in memory: registers by number.
#[derive(Debug, PartialEq, Eq)]
struct Memory {
    base: Option<usize>,
    index: Option<usize>,
    /// How far the index is shifted to the left.
    shift: u8,
    offset: i32,
}

impl Memory {
    /// Where the first row lies, and how far the next ones lie from each other.
    fn rows(&self, value: impl Fn(usize) -> usize) -> (usize, usize) {
        let first = self.base.map_or(0, &value).wrapping_add_signed(self.offset as isize);
        (first, self.index.map_or(0, &value) << self.shift)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Instruction {
    Configure(Memory),
    Release,
    Zero {
        tile: usize,
    },
    Load {
        tile: usize,
        from: Memory,
    },
    Store {
        tile: usize,
        to: Memory,
    },
    /// TDPBUSD: `sums += left * right`.
    Multiply {
        sums: usize,
        left: usize,
        right: usize,
    },
}

/// The instruction whose bytes `next` gives, if it is one of ours: VEX in three bytes, 128 bits, W 0, map 0F38, as volume 2, section 2.3
/// of the manual has it.
fn decode(mut next: impl FnMut() -> u8) -> Option<Instruction> {
    if next() != 0xc4 {
        return None;
    }
    let (one, two) = (next(), next());
    if one & 0x1f != 2 || two & 0x84 != 0 {
        return None;
    }
    // These four are stored inverted.
    let [r, x, b] = [7, 6, 5].map(|bit| usize::from(!one >> bit & 1));
    let second = usize::from(!two >> 3 & 15);
    let (opcode, prefix, modrm) = (next(), two & 3, next());
    let (mode, first, third) = (modrm >> 6, usize::from(modrm >> 3 & 7) | r << 3, usize::from(modrm & 7) | b << 3);
    // There are eight tiles.
    if first > 7 || (opcode != 0x5e && second != 0) {
        return None;
    }
    let (direct, rows) = (mode == 3, mode != 3 && modrm & 7 == 4);
    let mut memory = || operand(modrm, [x, b], &mut next);
    match (opcode, prefix) {
        (0x49, 0) if direct && modrm == 0xc0 && b == 0 => Some(Instruction::Release),
        (0x49, 0) if !direct && first == 0 => Some(Instruction::Configure(memory()?)),
        (0x49, 3) if direct && third == 0 => Some(Instruction::Zero { tile: first }),
        (0x4b, 3) if rows => Some(Instruction::Load { tile: first, from: memory()? }),
        (0x4b, 2) if rows => Some(Instruction::Store { tile: first, to: memory()? }),
        (0x5e, 1) if direct && third < 8 && second < 8 && first != second && second != third && third != first => {
            Some(Instruction::Multiply { sums: first, left: third, right: second })
        }
        _ => None,
    }
}

/// The operand that the byte ModRM and those behind it name; none where it is relative to the instruction.
fn operand(modrm: u8, [x, b]: [usize; 2], next: &mut impl FnMut() -> u8) -> Option<Memory> {
    let mode = modrm >> 6;
    let (mut base, mut index, mut shift) = (modrm & 7, None, 0);
    if base == 4 {
        let sib = next();
        base = sib & 7;
        shift = sib >> 6;
        // Number 4 would be the stack pointer: no index.
        index = Some(usize::from(sib >> 3 & 7) | x << 3).filter(|&index| index != 4);
    } else if base == 5 && mode == 0 {
        return None;
    }
    let without = base == 5 && mode == 0;
    let offset = match mode {
        1 => i32::from(next().cast_signed()),
        0 if !without => 0,
        _ => i32::from_le_bytes(std::array::from_fn(|_| next())),
    };
    Some(Memory { base: (!without).then_some(usize::from(base) | b << 3), index, shift, offset })
}

impl Tiles {
    /// None where the manual says that the processor refuses.
    fn carry_out(&mut self, what: &Instruction, value: impl Fn(usize) -> usize) -> Option<()> {
        match what {
            Instruction::Configure(memory) => {
                let (at, between) = memory.rows(value);
                // SAFETY: the program asks for a read of 64 bytes there.
                self.configure(unsafe { &*(at.wrapping_add(between) as *const [u8; 64]) })
            }
            Instruction::Release => {
                *self = NONE;
                Some(())
            }
            _ if !self.configured => None,
            &Instruction::Zero { tile } => {
                self.data[tile] = [[0; 64]; 16];
                Some(())
            }
            Instruction::Load { tile, from } => {
                let (first, between) = from.rows(value);
                self.data[*tile] = [[0; 64]; 16];
                for row in 0..self.rows[*tile] {
                    let at = first.wrapping_add(row.wrapping_mul(between)) as *const u8;
                    // SAFETY: the program asks for a read of so many bytes there; a row has room for 64.
                    unsafe { at.copy_to(self.data[*tile][row].as_mut_ptr(), self.row_bytes[*tile]) };
                }
                Some(())
            }
            Instruction::Store { tile, to } => {
                let (first, between) = to.rows(value);
                for row in 0..self.rows[*tile] {
                    let at = first.wrapping_add(row.wrapping_mul(between)) as *mut u8;
                    // SAFETY: the program asks for a write of so many bytes there; a row holds 64.
                    unsafe { at.copy_from(self.data[*tile][row].as_ptr(), self.row_bytes[*tile]) };
                }
                Some(())
            }
            &Instruction::Multiply { sums, left, right } => self.multiply(sums, left, right),
        }
    }

    fn configure(&mut self, config: &[u8; 64]) -> Option<()> {
        let mut new = Self { configured: true, ..NONE };
        for tile in 0..8 {
            new.rows[tile] = usize::from(config[48 + tile]);
            new.row_bytes[tile] = usize::from(u16::from_le_bytes([config[16 + 2 * tile], config[17 + 2 * tile]]));
        }
        let reserved = config[2..16].iter().chain(&config[32..48]).chain(&config[56..]);
        let sizes = new.rows.iter().zip(&new.row_bytes);
        let valid = config[..2] == [1, 0]
            && reserved.copied().all(|byte| byte == 0)
            && sizes.clone().all(|(&rows, &bytes)| rows <= 16 && bytes <= 64 && (rows == 0) == (bytes == 0));
        *self = new;
        valid.then_some(())
    }

    fn multiply(&mut self, sums: usize, left: usize, right: usize) -> Option<()> {
        let (rows, inner, columns) = (self.rows[sums], self.row_bytes[left] / 4, self.row_bytes[sums] / 4);
        let fits = self.rows[left] == rows
            && self.rows[right] == inner
            && self.row_bytes[right] == 4 * columns
            && [sums, left, right].iter().all(|&tile| self.rows[tile] > 0 && self.row_bytes[tile].is_multiple_of(4));
        if !fits {
            return None;
        }
        for row in 0..16 {
            let mut out = [0_i32; 16];
            if row < rows {
                for (column, out) in out.iter_mut().enumerate().take(columns) {
                    let before = self.data[sums][row].as_chunks::<4>().0[column];
                    *out = i32::from_le_bytes(before).wrapping_add(i32::from(SPOILT.get()));
                    for k in 0..inner {
                        let four = self.data[left][row].as_chunks::<4>().0[k];
                        let weights = self.data[right][k].as_chunks::<4>().0[column];
                        for (value, weight) in four.iter().zip(weights) {
                            *out = out.wrapping_add(i32::from(*value) * i32::from(weight.cast_signed()));
                        }
                    }
                }
            }
            for (bytes, out) in self.data[sums][row].as_chunks_mut::<4>().0.iter_mut().zip(out) {
                *bytes = out.to_le_bytes();
            }
        }
        Some(())
    }
}

mod tests {
    use super::*;

    /// Of bytes in hexadecimal: all of them make the instruction.
    fn decoded(bytes: &str) -> Option<Instruction> {
        let mut left = bytes.split(' ').map(|byte| u8::from_str_radix(byte, 16).expect("a byte"));
        let found = decode(|| left.next().expect("more bytes"));
        assert!(found.is_none() || left.next().is_none(), "{bytes}");
        found
    }

    /// Bytes as the GNU assembler writes them.
    #[test]
    fn instructions_are_read_as_an_assembler_writes_them() {
        use Instruction::{Configure, Load, Multiply, Release, Store, Zero};
        let memory = |base, index, shift, offset| Memory { base, index, shift, offset };
        let cases = [
            ("ldtilecfg [rax]", "c4 e2 78 49 00", Configure(memory(Some(0), None, 0, 0))),
            ("ldtilecfg [r13+64]", "c4 c2 78 49 45 40", Configure(memory(Some(13), None, 0, 64))),
            ("ldtilecfg [rsp+8]", "c4 e2 78 49 44 24 08", Configure(memory(Some(4), None, 0, 8))),
            ("tilerelease", "c4 e2 78 49 c0", Release),
            ("tilezero tmm0", "c4 e2 7b 49 c0", Zero { tile: 0 }),
            ("tilezero tmm7", "c4 e2 7b 49 f8", Zero { tile: 7 }),
            (
                "tileloadd tmm4, [rdi+rsi*1]",
                "c4 e2 7b 4b 24 37",
                Load { tile: 4, from: memory(Some(7), Some(6), 0, 0) },
            ),
            (
                "tileloadd tmm6, [r13+r12*1]",
                "c4 82 7b 4b 74 25 00",
                Load { tile: 6, from: memory(Some(13), Some(12), 0, 0) },
            ),
            (
                "tileloadd tmm7, [r8+rcx*1+64]",
                "c4 c2 7b 4b 7c 08 40",
                Load { tile: 7, from: memory(Some(8), Some(1), 0, 64) },
            ),
            (
                "tileloadd tmm5, [rbx+r9*8-4096]",
                "c4 a2 7b 4b ac cb 00 f0 ff ff",
                Load { tile: 5, from: memory(Some(3), Some(9), 3, -4096) },
            ),
            (
                "tileloadd tmm3, [rbp+rbp*2]",
                "c4 e2 7b 4b 5c 6d 00",
                Load { tile: 3, from: memory(Some(5), Some(5), 1, 0) },
            ),
            ("tileloadd tmm2, [rsi]", "c4 e2 7b 4b 14 26", Load { tile: 2, from: memory(Some(6), None, 0, 0) }),
            (
                "tileloadd tmm1, [r10*4+4096]",
                "c4 a2 7b 4b 0c 95 00 10 00 00",
                Load { tile: 1, from: memory(None, Some(10), 2, 4096) },
            ),
            (
                "tilestored [rdx+r15*1], tmm0",
                "c4 a2 7a 4b 04 3a",
                Store { tile: 0, to: memory(Some(2), Some(15), 0, 0) },
            ),
            (
                "tilestored [rdx+r15*1+64], tmm1",
                "c4 a2 7a 4b 4c 3a 40",
                Store { tile: 1, to: memory(Some(2), Some(15), 0, 64) },
            ),
            ("tdpbusd tmm0, tmm4, tmm6", "c4 e2 49 5e c4", Multiply { sums: 0, left: 4, right: 6 }),
            ("tdpbusd tmm3, tmm5, tmm7", "c4 e2 41 5e dd", Multiply { sums: 3, left: 5, right: 7 }),
        ];
        for (text, bytes, expected) in cases {
            assert_eq!(decoded(bytes), Some(expected), "{text}");
        }
        let others = [
            ("tdpbusd tmm0, tmm4, tmm4", "c4 e2 59 5e c4"),
            ("tdpbssd tmm0, tmm4, tmm6", "c4 e2 4b 5e c4"),
            ("tdpbsud tmm0, tmm4, tmm6", "c4 e2 4a 5e c4"),
            ("tdpbuud tmm0, tmm4, tmm6", "c4 e2 48 5e c4"),
            ("tileloaddt1 tmm4, [rdi+rsi*1]", "c4 e2 79 4b 24 37"),
            ("sttilecfg [rax]", "c4 e2 79 49 00"),
            ("vpaddd xmm0, xmm4, xmm6", "c5 d9 fe c6"),
            ("ud2", "0f 0b"),
        ];
        for (text, bytes) in others {
            assert_eq!(decoded(bytes), None, "{text}");
        }
    }
}
