//! Where a C2PA manifest lies in a file, and the boxes in it: bytes within bytes.
//!
//! May not happen: a step outside the bytes, whatever lengths they state; recursion.

use std::ops::Range;

use super::decode::Kind;

/// Boxes in APP11 segments; a camera writes one or two.
const MOST: usize = 32;

/// A manifest store, and where it lies in its file.
type Found = (Vec<u8>, Range<usize>);

/// The manifest store of a file.
pub(super) fn store(file: &[u8]) -> Option<Found> {
    let (bytes, at) = match Kind::of(file)? {
        Kind::Jpeg => jpeg(file),
        Kind::Png => chunk(file, 8, b"caBX", png_chunk),
        Kind::Webp => chunk(file, 12, b"C2PA", riff_chunk),
    }?;
    let inside = Super::all(&bytes).find(|part| part.label == "c2pa")?.inside.to_vec();
    Some((inside, at))
}

pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    bytes.iter().try_fold(0usize, |sum, byte| Some(sum.checked_mul(256)? + usize::from(*byte)))
}

/// A box in several APP11 segments.
struct Pieces {
    number: [u8; 2],
    bytes: Vec<u8>,
    at: Range<usize>,
}

/// The pieces of one box put together: each repeats the box's head.
fn jpeg(file: &[u8]) -> Option<Found> {
    let mut boxes: Vec<Pieces> = Vec::new();
    let mut at = 2;
    while file.get(at) == Some(&0xff) {
        let marker = *file.get(at + 1)?;
        if marker == 0xff {
            at += 1;
            continue;
        }
        // The pixels begin, or the file ends: no segments behind.
        if matches!(marker, 0xda | 0xd9) {
            break;
        }
        let end = at + 2 + number(file, at + 2, 2)?.max(2);
        let segment = file.get(at + 4..end)?;
        if marker == 0xeb
            && let [b'J', b'P', a, b, _, _, _, _, piece @ ..] = segment
        {
            let head = if number(piece, 0, 4)? == 1 { 16 } else { 8 };
            let full = boxes.len() == MOST;
            match boxes.iter_mut().find(|known| known.number == [*a, *b]) {
                Some(known) => {
                    known.bytes.extend(piece.get(head..)?);
                    // They lie one behind the other; what does not is not taken for the manifest's place.
                    known.at.end = if known.at.end == at { end } else { known.at.end };
                }
                None if full => return None,
                None => boxes.push(Pieces { number: [*a, *b], bytes: piece.to_vec(), at: at..end }),
            }
        }
        at = end;
    }
    let is_store = |pieces: &Pieces| Super::all(&pieces.bytes).any(|part| part.label == "c2pa");
    boxes.into_iter().find(is_store).map(|pieces| (pieces.bytes, pieces.at))
}

/// The first chunk of a kind: what is in it, and its place. `read` gives kind, contents and end of the chunk at a byte.
fn chunk(
    file: &[u8],
    mut at: usize,
    wanted: &[u8; 4],
    read: impl Fn(&[u8], usize) -> Option<(&[u8], Range<usize>, usize)>,
) -> Option<Found> {
    loop {
        let (kind, inside, end) = read(file, at)?;
        if kind == wanted {
            return Some((file.get(inside)?.to_vec(), at..end.min(file.len())));
        }
        at = end;
    }
}

fn png_chunk(file: &[u8], at: usize) -> Option<(&[u8], Range<usize>, usize)> {
    let start = at.checked_add(8)?;
    let end = start.checked_add(number(file, at, 4)?)?;
    Some((file.get(at + 4..start)?, start..end, end.checked_add(4)?))
}

fn riff_chunk(file: &[u8], at: usize) -> Option<(&[u8], Range<usize>, usize)> {
    let start = at.checked_add(8)?;
    let length = file.get(at + 4..start)?.iter().rev().fold(0, |sum, byte| sum * 256 + usize::from(*byte));
    let end = start.checked_add(length)?;
    Some((file.get(at..at + 4)?, start..end, end + length % 2))
}

/// The boxes that lie one behind the other: kind and contents. A broken one ends them.
pub(super) struct Boxes<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.0;
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let (start, length) = match number(bytes, 0, 4)? {
            0 => (8, bytes.len()),
            1 => (16, number(bytes, 8, 8)?),
            length => (8, length),
        };
        let inside = bytes.get(start..length)?;
        self.0 = &bytes[length..];
        Some((kind, inside))
    }
}

/// A box of boxes, with its name.
pub(super) struct Super<'a> {
    pub(super) label: &'a str,
    /// All that is in it, its description too: what its hash is made over.
    pub(super) whole: &'a [u8],
    /// The boxes behind its description.
    pub(super) inside: &'a [u8],
}

impl<'a> Super<'a> {
    /// Those that lie one behind the other in `bytes`.
    pub(super) fn all(bytes: &'a [u8]) -> impl Iterator<Item = Super<'a>> {
        Boxes(bytes).filter(|(kind, _)| *kind == b"jumb").filter_map(|(_, inside)| Self::of(inside))
    }

    fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut boxes = Boxes(bytes);
        let (kind, description) = boxes.next()?;
        // A type of 16 bytes, what is there, and the label up to a zero.
        let label = description.get(17..).filter(|_| kind == b"jumd")?.split(|byte| *byte == 0).next()?;
        Some(Self { label: std::str::from_utf8(label).ok()?, whole: bytes, inside: boxes.0 })
    }
}
