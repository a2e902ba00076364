//! The inputs of a run: files and standard input.
//!
//! In: what was typed. Out: bytes. May not happen: an input given up without a notice.

use std::fs;
use std::io::Read;
use std::path::Path;

use sayso::intake::Hints;
use sayso::notice::{Code, Notice};

use crate::time;

/// What a person says of the inputs, and how they are to be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Told {
    /// When the reports were published (2025-03-04 or 2025-03-04T09:10:00Z), instead of what they say themselves
    #[arg(long, value_name = "DATE", value_parser = time::date)]
    published: Option<String>,
    /// Who published the reports, instead of what they say themselves
    #[arg(long, value_name = "NAME")]
    outlet: Option<String>,
    /// How many threads to use; all cores when left out. The output is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

impl Told {
    /// What intake is told of the reports.
    pub(crate) fn hints(&self) -> Hints {
        Hints { published: self.published.clone(), outlet: self.outlet.clone(), ..Hints::default() }
    }
}

/// Standard input, as it is typed and shown.
pub(crate) const STDIN: &str = "-";

/// Bytes in all inputs together; not known when one of them is standard input.
pub(crate) fn total_bytes(files: &[String]) -> Option<u64> {
    let size = |file: &String| if file == STDIN { None } else { Some(fs::metadata(file).map_or(0, |data| data.len())) };
    files.iter().map(size).sum()
}

/// All bytes of a file or of standard input; a notice when there are none to be had.
pub(crate) fn bytes_of(file: &str) -> Result<Vec<u8>, Notice> {
    let unreadable = |error: std::io::Error| unreadable(file, &error);
    if file == STDIN {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
        return Ok(bytes);
    }
    if fs::metadata(file).is_ok_and(|data| data.is_dir()) {
        return Err(Notice::new(Code::Folder, format!("{file} is a folder: name the files in it, such as {file}/*.")));
    }
    fs::read(file).map_err(unreadable)
}

/// Why a file could not be read.
pub(crate) fn unreadable(file: &str, error: &std::io::Error) -> Notice {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => error.to_string(),
    };
    Notice::new(Code::Unreadable, format!("{} could not be read: {why}.", shown(file)))
}

/// An input's name in a sentence.
pub(crate) fn shown(file: &str) -> &str {
    if file == STDIN { "standard input" } else { file }
}

/// The files of a run: those that were named, and those in folders that were named, in the order of their names. Hidden files are left
/// out, and what `sayso bulk` wrote. A folder that cannot be looked into comes with the notice that says why.
pub(crate) struct Files {
    /// What is still to come, the last first.
    waiting: Vec<String>,
}

/// See [`Files`].
pub(crate) fn files(inputs: &[String]) -> Files {
    Files { waiting: inputs.iter().rev().cloned().collect() }
}

impl Iterator for Files {
    type Item = Result<String, (String, Notice)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let input = self.waiting.pop()?;
            if input == STDIN || !Path::new(&input).is_dir() {
                return Some(Ok(input));
            }
            let Ok(inside) = fs::read_dir(&input) else {
                let notice = Notice::new(Code::Unreadable, format!("{input} could not be looked into."));
                return Some(Err((input, notice)));
            };
            if Path::new(&input).join(BULK).exists() {
                continue;
            }
            let mut paths: Vec<String> = inside.filter_map(|entry| path_of(&entry.ok()?)).collect();
            paths.sort();
            self.waiting.extend(paths.into_iter().rev());
        }
    }
}

/// What marks a folder that `sayso bulk` writes.
pub(crate) const BULK: &str = "_run/begun.json";

fn path_of(entry: &fs::DirEntry) -> Option<String> {
    // A link to a folder above would never end.
    let followed = !entry.file_type().ok()?.is_symlink() || !entry.path().is_dir();
    let hidden = entry.file_name().to_string_lossy().starts_with('.');
    (followed && !hidden).then(|| entry.path().to_string_lossy().into_owned())
}
