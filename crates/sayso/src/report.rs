//! One report: a text by one outlet, cut out of a capture, with what is known about it.

use serde::{Deserialize, Serialize};

use crate::intake::TextMap;
use crate::notice::Notice;
use crate::picture::Picture;
use crate::span::Span;

/// What a stretch of a report's text is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockKind {
    /// The report's own headline, where it stands in the text, or a heading inside it.
    Heading,
    /// A paragraph, or an item of a list.
    Paragraph,
    /// A block quotation set off by the outlet.
    Quote,
    /// A caption of a picture or a video.
    Caption,
    /// A post or a document embedded from elsewhere.
    Embed,
}

/// One block of the article, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in [`Report::text`].
    pub span: Span,
}

/// A record of a web archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    /// SHA-256 of the archive's bytes.
    pub sha256: String,
    /// First byte of the record in the archive, compressed where the archive is.
    pub offset: usize,
    /// Bytes of the record in the archive.
    pub length: usize,
    /// When the page was fetched.
    pub fetched: Option<String>,
}

/// A picture that a report shows, before its bytes are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where its bytes may lie, in several sizes perhaps: URLs, or paths as the page has them.
    pub addresses: Vec<String>,
    /// The words under it.
    pub caption: Option<Span>,
}

/// One report, ready to be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Stable id: given by the input (JSONL), else derived from the capture's hash and the record.
    pub id: String,
    /// Whether the input gave the id as a JSON number: it is written back as one.
    pub id_is_number: bool,
    /// Path or URL it came from, with `#record` when the capture holds several reports.
    pub source: String,
    /// SHA-256 of the capture's bytes, lower-case hex.
    pub sha256: String,
    /// The publisher's name.
    pub outlet: Option<String>,
    /// First publication, RFC 3339 UTC (`2025-03-04T09:10:00Z`), or a date alone when no time is known.
    pub published: Option<String>,
    /// Last change, in the same form.
    pub modified: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The names in the byline.
    pub authors: Vec<String>,
    /// Canonical URL.
    pub url: Option<String>,
    /// The section of the outlet.
    pub section: Option<String>,
    /// The credit line, such as `AP` or `Reuters, AFP`.
    pub credit: Option<String>,
    /// Whom it was forwarded from, as a channel shows it.
    pub forwarded_from: Option<String>,
    /// The address of the feed that an item of another feed says it came from (RSS `<source url="…">`).
    pub came_from: Option<String>,
    /// The record of the same capture that it replies to.
    pub reply_to: Option<String>,
    /// The archive that its capture was cut out of.
    pub archived: Option<Archived>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// The text that is read. All spans count in it.
    pub text: String,
    /// The text's blocks, in order, not overlapping.
    pub blocks: Vec<Block>,
    /// From every character of the text to the capture's bytes.
    #[serde(skip)]
    pub map: TextMap,
    /// The pictures that it shows and that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// Those whose bytes lie elsewhere: [`see`](crate::intake::see) takes them in.
    #[serde(skip)]
    pub shown: Vec<Shown>,
    /// What was noteworthy about the input.
    pub notices: Vec<Notice>,
}

impl Report {
    /// The names in the credit line.
    pub fn credits(&self) -> impl Iterator<Item = &str> {
        self.credit.iter().flat_map(|credit| credit.split([',', '/', ';']))
    }

    /// The text as far as it is read: to the end of its last block (intake bounds them), or all of it when it has none.
    #[must_use]
    pub fn readable(&self) -> &str {
        self.blocks.last().map_or(self.text.as_str(), |block| &self.text[..block.span.end])
    }
}
