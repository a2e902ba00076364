//! WACZ archives: a zip whose `archive/` folder holds WARC files.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::warc::{Archive, hash};
use super::{Capture, Reports};
use crate::notice::{Code, Notice};

/// A WARC file larger than this, unpacked, is left out.
pub(super) const LARGEST: u64 = 1 << 30;
/// Text packs to a tenth or a twentieth. What unpacks to more than so many times its size, and is larger than a record may be, is a bomb.
const RATIO: u64 = 200;
const SMALL: u64 = 64 << 20;

pub(super) type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The archive, if bytes are a zip with WARC files in it.
pub(super) fn open(bytes: &[u8]) -> Option<Zip<'_>> {
    let zip = bytes.starts_with(b"PK\x03\x04").then(|| ZipArchive::new(Cursor::new(bytes)).ok())??;
    (!names(&zip).is_empty()).then_some(zip)
}

/// The WARC files inside, sorted.
fn names(zip: &Zip<'_>) -> Vec<String> {
    let mut names: Vec<String> = zip.file_names().flatten().map(Cow::into_owned).filter(|name| is_warc(name)).collect();
    names.sort();
    names
}

pub(super) fn is_warc(name: &str) -> bool {
    name.ends_with(".warc") || name.ends_with(".warc.gz")
}

/// The reports of all WARC files inside, one file after the other, by name.
pub(super) fn read<'a>(capture: Capture<'a>, mut zip: Zip<'a>) -> Reports<'a> {
    Box::new(names(&zip).into_iter().flat_map(move |name| -> Reports<'a> {
        let full = format!("{}#{name}", capture.source.name);
        match unpack(&mut zip, &name) {
            Ok(bytes) => Box::new(Archive::new(&full, hash(&bytes), Cow::Owned(bytes), capture.source.hints.clone())),
            Err(why) => Box::new(std::iter::once(Err(Notice::new(Code::BadRecord, format!("{full} {why}"))))),
        }
    }))
}

/// The WARC file inside that has this hash; none when bytes are no such archive.
pub(super) fn holding(bytes: &[u8], sha256: &str) -> Option<Vec<u8>> {
    let mut zip = open(bytes)?;
    names(&zip).iter().filter_map(|name| unpack(&mut zip, name).ok()).find(|warc| hash(warc) == sha256)
}

pub(super) fn unpack(zip: &mut Zip<'_>, name: &str) -> Result<Vec<u8>, &'static str> {
    let file = zip.by_name(name).map_err(|_| "cannot be unpacked.")?;
    let mut bytes = Vec::new();
    let at_most = LARGEST.min(SMALL.max(file.compressed_size().saturating_mul(RATIO)));
    let mut limited = file.take(at_most);
    limited.read_to_end(&mut bytes).map_err(|_| "is damaged or cut off.")?;
    if limited.limit() == 0 { Err("unpacks to far more than it should; it was left out.") } else { Ok(bytes) }
}
