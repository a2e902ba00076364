//! An input in pieces small enough to hold: what is kept and read together.
//!
//! In: a file or standard input. Out: its bytes, whole; or, where a large one holds a report a line, several lines at a time.
//! May not happen: memory that grows with a corpus; a line in two pieces.

use std::fs::File;
use std::io::Read;

use sayso::intake::Format;
use sayso::notice::{Code, Notice};

use crate::inputs::{STDIN, shown, unreadable};

/// A JSONL file is cut up from this size on, in pieces of about this size.
const PIECE: usize = 8 << 20;
/// Anything else, and a line of JSONL, is held whole: up to so much.
const WHOLE: usize = 900 << 20;

/// Bytes that are kept as one capture.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    /// Lines of the same input before it.
    pub(crate) lines_before: usize,
}

/// The pieces of one input, in order.
pub(crate) struct Pieces {
    name: String,
    reader: Box<dyn Read>,
    /// Read and not yet given out.
    rest: Vec<u8>,
    lines: usize,
    /// Whether it is given out in pieces; not known before the first.
    cut: Option<bool>,
    ended: bool,
}

impl Pieces {
    /// Opens a file or standard input.
    pub(crate) fn open(file: &str) -> Result<Self, Notice> {
        let reader: Box<dyn Read> = match file {
            STDIN => Box::new(std::io::stdin().lock()),
            _ => Box::new(File::open(file).map_err(|error| unreadable(file, &error))?),
        };
        Ok(Self { name: shown(file).to_owned(), reader, rest: Vec::new(), lines: 0, cut: None, ended: false })
    }

    /// Reads until there are so many bytes or no more.
    fn fill(&mut self, bytes: usize) -> Result<(), Notice> {
        let wanted = bytes.saturating_sub(self.rest.len()) as u64;
        let read = self.reader.by_ref().take(wanted).read_to_end(&mut self.rest);
        let read = read.map_err(|error| unreadable(&self.name, &error))?;
        self.ended = (read as u64) < wanted;
        Ok(())
    }

    /// The next piece; none when all are given out.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>, Notice> {
        let first = self.cut.is_none();
        if self.ended && self.rest.is_empty() && !first {
            return Ok(None);
        }
        self.fill(PIECE)?;
        let cut = *self.cut.get_or_insert_with(|| !self.ended && is_lines(&self.name, &self.rest));
        if !cut {
            self.fill(WHOLE)?;
        }
        let mut size = PIECE;
        let end = loop {
            let last = self.rest.iter().rposition(|byte| *byte == b'\n').filter(|_| cut);
            match last {
                _ if self.ended => break self.rest.len(),
                Some(last) => break last + 1,
                None if self.rest.len() >= WHOLE => return Err(self.too_large()),
                None => size = (size * 2).min(WHOLE),
            }
            self.fill(size)?;
        };
        if self.rest.is_empty() && !first {
            return Ok(None);
        }
        let rest = self.rest.split_off(end);
        let bytes = std::mem::replace(&mut self.rest, rest);
        let lines_before = self.lines;
        self.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        Ok(Some(Piece { bytes, lines_before }))
    }

    fn too_large(&mut self) -> Notice {
        self.rest = Vec::new();
        self.ended = true;
        let message = format!("{} is larger than {} MB in one piece: cut it up.", self.name, WHOLE >> 20);
        Notice::new(Code::Unreadable, message)
    }
}

/// Whether it is a report a line, by its first lines.
fn is_lines(name: &str, head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let Some(first) = lines.next() else { return false };
    // A document of JSON over several lines ends on none of them.
    let whole = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(first).is_ok();
    whole && Format::of(name, None, &String::from_utf8_lossy(first)) == Format::Jsonl
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: String) -> Vec<Piece> {
        let reader = Box::new(std::io::Cursor::new(text.into_bytes()));
        let mut pieces = Pieces { name: "x.jsonl".into(), reader, rest: Vec::new(), lines: 0, cut: None, ended: false };
        std::iter::from_fn(|| pieces.next().ok().flatten()).collect()
    }

    #[test]
    fn a_large_file_of_lines_is_cut_at_line_ends() {
        let line = format!("{{\"id\":\"r\",\"text\":\"{}\"}}\n", "word ".repeat(200_000));
        let text = line.repeat(30);
        let pieces = pieces(text.clone());
        assert!(pieces.len() > 2, "{}", pieces.len());
        let mut lines = 0;
        for piece in &pieces {
            assert_eq!(piece.lines_before, lines);
            assert!(piece.bytes.ends_with(b"\n") && piece.bytes.len() <= PIECE);
            lines += piece.bytes.iter().filter(|b| **b == b'\n').count();
        }
        assert_eq!(pieces.iter().flat_map(|piece| piece.bytes.clone()).collect::<Vec<_>>(), text.into_bytes());
    }

    #[test]
    fn a_line_longer_than_a_piece_stays_whole() {
        let long = format!("{{\"id\":\"a\",\"text\":\"{}\"}}", "word ".repeat(PIECE / 4));
        let sizes: Vec<usize> =
            pieces(format!("{long}\n{{\"id\":\"b\",\"text\":\"x\"}}")).iter().map(|p| p.bytes.len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), long.len() + 1 + 21);
        assert!(sizes[0] > long.len());
    }

    #[test]
    fn anything_else_is_one_piece() {
        for text in [String::new(), "Plain words.\n".repeat(1_000_000), "{\"id\":\"a\",\"text\":\"x\"}\n".to_owned()] {
            let pieces = pieces(text.clone());
            assert_eq!((pieces.len(), pieces[0].bytes.len()), (1, text.len()));
        }
    }
}
