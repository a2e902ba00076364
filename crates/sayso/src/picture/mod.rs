//! Pictures that reports show: what of them can be told without looking.
//!
//! In: a file's bytes. Out: its hash, its size, how it looks (`look`: a hash that rescaling and recompression leave nearly as it is),
//! and what a C2PA manifest in it says (`manifest`) and whether it is as it was signed (`seal`). May not happen: a panic, a picture that takes more memory or time than its
//! bounds allow, a judgement on what it shows.

mod certificate;
mod decode;
mod look;
mod manifest;
mod seal;
mod store;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::span::Span;

pub use look::Look;
pub use manifest::{Action, Binding, Manifest};
pub use seal::Signature;

/// A picture that a report shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its address as the report has it: a URL, a path beside the report, `cid:…`; of a `data:` URL the beginning.
    pub source: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Pixels from side to side.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// How it looks; none when its pixels cannot be read, or are all much the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub look: Option<Look>,
    /// The words under it: its caption, the text of the post that it came with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub caption: Option<Span>,
    /// What a C2PA manifest in the file says, and whether it is as its key signed it. Whose key that is is not checked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub manifest: Option<Manifest>,
}

/// Files larger than this are not looked at.
pub const LARGEST: usize = 32 << 20;
/// Shorter sides than this, in pixels, are those of icons, logos, portraits of authors.
pub const SMALLEST: u32 = 200;
/// A file of a kind that is not read, and shorter than this, is an icon.
const ICON: usize = 16 << 10;

impl Picture {
    /// The picture in `bytes`, from `source`; none when it is as small as an icon. With it, or instead, what could not be read of it: a
    /// sentence without its subject ("is cut off or damaged.").
    #[must_use]
    pub fn read(source: &str, bytes: &[u8]) -> (Option<Self>, Option<String>) {
        if bytes.len() > LARGEST {
            return (None, Some(format!("has {} bytes, more than {LARGEST}: it was left out.", bytes.len())));
        }
        let pixels = match decode::pixels(bytes) {
            Ok(pixels) => pixels,
            Err(why) => {
                let worth_a_word = bytes.len() >= ICON || decode::Kind::of(bytes).is_some();
                return (None, worth_a_word.then_some(why));
            }
        };
        let (width, height) = pixels.size;
        if width.min(height) < SMALLEST {
            return (None, None);
        }
        let (manifest, unread) =
            Manifest::read(bytes).transpose().map_or_else(|why| (None, Some(why)), |read| (read, None));
        let (grid, trouble) = pixels.grid.map_or_else(|why| (None, Some(why)), |grid| (Some(grid), unread));
        let picture = Self {
            source: shortened(source),
            sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            width,
            height,
            look: grid.and_then(|grid| Look::of(&grid)),
            caption: None,
            manifest,
        };
        (Some(picture), trouble)
    }

    /// How many of the 64 bits of their looks differ, when two pictures are one: 0 for the same file. None when they are two, or when that
    /// cannot be told.
    #[must_use]
    pub fn same(&self, other: &Self) -> Option<u32> {
        if self.sha256 == other.sha256 {
            return Some(0);
        }
        self.look.zip(other.look).map(|(a, b)| a.distance(b)).filter(|&apart| apart <= Look::NEAR)
    }
}

/// Its name, its size, and what its manifest says.
impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} × {} pixels", self.source, self.width, self.height)?;
        self.manifest.as_ref().map_or(Ok(()), |manifest| write!(f, "; {manifest}"))
    }
}

/// A `data:` URL may be as long as the picture.
fn shortened(source: &str) -> String {
    const LONGEST: usize = 2_000;
    let at_most = if source.starts_with("data:") { 40 } else { LONGEST };
    match source.char_indices().nth(at_most) {
        Some((end, _)) => format!("{}…", &source[..end]),
        None => source.to_owned(),
    }
}
