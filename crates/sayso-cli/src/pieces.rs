//! An input in pieces small enough to hold: what is kept and read together.
//!
//! In: a file or standard input. Out: its bytes, whole; or, where a large one holds a report a line or is an archive, several lines or
//! records at a time. May not happen: memory that grows with a corpus; a line or a record in two pieces.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use sayso::intake::{Format, Hints, last_record};
use sayso::notice::{Code, Notice};

use crate::inputs::{STDIN, shown, unreadable};

/// A JSONL file or an archive is cut up from this size on, in pieces of about this size.
const PIECE: usize = 8 << 20;
/// Anything else, and a line of JSONL, is held whole: up to so much.
const WHOLE: usize = 900 << 20;

/// Bytes that are kept as one capture.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    /// Lines of the same input before it.
    pub(crate) lines_before: usize,
    /// Bytes of the same input before it.
    pub(crate) bytes_before: usize,
}

impl Piece {
    /// What is known of the input, with the place of this piece in it.
    pub(crate) fn hints(&self, hints: &Hints) -> Hints {
        Hints { lines_before: self.lines_before, bytes_before: self.bytes_before, ..hints.clone() }
    }
}

/// What an input is cut between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nothing,
    Lines,
    Records,
}

/// The pieces of one input, in order.
pub(crate) struct Pieces {
    name: String,
    reader: Box<dyn Read + Send>,
    /// Read and not yet given out.
    rest: Vec<u8>,
    lines: usize,
    bytes: usize,
    /// Whether archives are cut up as well.
    archives: bool,
    /// How it is given out; not known before the first piece.
    cut: Option<Cut>,
    ended: bool,
    /// Why it ended before its end.
    broken: Option<Notice>,
}

impl Pieces {
    /// Opens a file or standard input, which are kept as they are received.
    pub(crate) fn open(file: &str) -> Result<Self, Notice> {
        let reader: Box<dyn Read + Send> = match file {
            STDIN => Box::new(std::io::stdin()),
            _ => Box::new(File::open(file).map_err(|error| unreadable(file, &error))?),
        };
        Ok(Self::new(shown(file), reader))
    }

    /// What a file holds: unpacked where it is packed by gzip or zstd, archives record by record. `read` counts the file's bytes.
    pub(crate) fn unpacked(name: &str, file: File, read: Arc<AtomicU64>) -> std::io::Result<Self> {
        let mut raw = BufReader::with_capacity(1 << 18, Counted { file, read });
        let head = raw.fill_buf()?;
        let archive = sayso::intake::is_warc(head);
        let reader: Box<dyn Read + Send> = match head {
            _ if archive => Box::new(raw),
            [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(raw)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::Decoder::with_buffer(raw)?),
            _ => Box::new(raw),
        };
        Ok(Self { archives: archive, ..Self::new(name, reader) })
    }

    fn new(name: &str, reader: Box<dyn Read + Send>) -> Self {
        let (rest, cut) = (Vec::new(), None);
        Self {
            name: name.to_owned(),
            reader,
            rest,
            lines: 0,
            bytes: 0,
            archives: false,
            cut,
            ended: false,
            broken: None,
        }
    }

    /// Reads until there are so many bytes or no more.
    fn fill(&mut self, bytes: usize) {
        let wanted = bytes.saturating_sub(self.rest.len()) as u64;
        match self.reader.by_ref().take(wanted).read_to_end(&mut self.rest) {
            Ok(read) => self.ended |= (read as u64) < wanted,
            Err(error) => {
                self.ended = true;
                self.broken.get_or_insert_with(|| unreadable(&self.name, &error));
            }
        }
    }

    /// The next piece; none when all are given out.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>, Notice> {
        let first = self.cut.is_none();
        if self.ended && self.rest.is_empty() && !first {
            return self.broken.take().map_or(Ok(None), Err);
        }
        self.fill(PIECE);
        let whole = self.ended && self.broken.is_none();
        let cut = *self.cut.get_or_insert_with(|| match whole {
            false if self.archives => Cut::Records,
            false if is_lines(&self.name, &self.rest) => Cut::Lines,
            _ => Cut::Nothing,
        });
        let mut size = if cut == Cut::Nothing { WHOLE } else { PIECE };
        let end = loop {
            self.fill(size);
            let end = match cut {
                _ if self.ended => Some(self.rest.len()),
                Cut::Nothing => None,
                Cut::Lines => self.rest.iter().rposition(|byte| *byte == b'\n').map(|last| last + 1),
                Cut::Records => last_record(&self.rest),
            };
            match end {
                Some(end) => break end,
                None if self.rest.len() >= WHOLE => return Err(self.too_large()),
                None => size = (size * 2).min(WHOLE),
            }
        };
        // Of what was cut off, whole lines can be read.
        let lost = self.rest.is_empty() && !first || cut == Cut::Nothing && self.broken.is_some();
        if lost {
            return self.broken.take().map_or(Ok(None), Err);
        }
        let rest = self.rest.split_off(end);
        let bytes = std::mem::replace(&mut self.rest, rest);
        let piece = Piece { bytes, lines_before: self.lines, bytes_before: self.bytes };
        self.lines += piece.bytes.iter().filter(|byte| **byte == b'\n').count();
        self.bytes += piece.bytes.len();
        Ok(Some(piece))
    }

    fn too_large(&mut self) -> Notice {
        self.rest = Vec::new();
        self.ended = true;
        let message = format!("{} is larger than {} MB in one piece: cut it up.", self.name, WHOLE >> 20);
        Notice::new(Code::Unreadable, message)
    }
}

/// A file that counts what is read of it.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
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
        let mut pieces = Pieces::new("x.jsonl", reader);
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
