//! The folder that a run writes: parts of tables, and how far it is.
//!
//! In: the tables of units. Out: `TABLE/part-NNNNNN.parquet`, and `_run/` with what the folder was begun with and which units are done.
//! May not happen: a part of a unit that counts as done before all of it is there; two runs at once; parts of different runs side by side.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, bail};
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a folder was begun with, by name: only a run of equal words may go on.
pub(super) type Begun = Map<String, Value>;

/// What came of a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) reports: u64,
    pub(super) tokens: u64,
    /// Inputs, records or rows that could not be read.
    pub(super) unread: u64,
}

#[derive(Serialize, Deserialize)]
struct Line {
    unit: usize,
    #[serde(flatten)]
    done: Done,
}

/// The folder of a run under way. It is locked as long as this is kept.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
    log: Mutex<File>,
    done: BTreeMap<usize, Done>,
}

impl Folder {
    /// Makes the folder, or goes on with one that was begun with the same.
    pub(super) fn open(path: &Path, begun: &Begun) -> anyhow::Result<Self> {
        let run = path.join("_run");
        let cannot = || format!("{} cannot be written", path.display());
        refuse_others(path)?;
        fs::create_dir_all(&run).with_context(cannot)?;
        let lock = File::create(run.join("lock")).with_context(cannot)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                bail!("another run is writing to {}: wait for it, or name another folder", path.display())
            }
            Err(fs::TryLockError::Error(error)) => return Err(error).with_context(cannot),
        }
        same_run(&run.join("begun.json"), begun, path)?;
        for table in sayso::tables::TABLES {
            fs::create_dir_all(path.join(table)).with_context(cannot)?;
        }
        let (done, whole) = done(&run.join("units.jsonl"))?;
        let log = File::options().create(true).append(true).open(run.join("units.jsonl")).with_context(cannot)?;
        // A line that was torn when the run was killed never happened.
        log.set_len(whole).with_context(cannot)?;
        Ok(Self { path: path.to_owned(), _lock: lock, log: Mutex::new(log), done })
    }

    /// What came of a unit in a run before.
    pub(super) fn done(&self, unit: usize) -> Option<Done> {
        self.done.get(&unit).copied()
    }

    /// Whether every unit is done; then their sum.
    pub(super) fn finished(&self) -> Option<Done> {
        self.path.join("_SUCCESS").exists().then(|| self.done.values().fold(Done::default(), |sum, unit| sum + *unit))
    }

    /// Writes a unit: all of it, or nothing that counts.
    pub(super) fn write(&self, unit: usize, tables: &[(&'static str, RecordBatch)], done: Done) -> anyhow::Result<()> {
        let part = |table: &str| self.path.join(table).join(format!("part-{unit:06}.parquet"));
        let under_way = |table: &str| self.path.join("_run").join(format!("{unit:06}-{table}"));
        for (table, rows) in tables {
            parquet(&under_way(table), rows)?;
        }
        for (table, _) in tables {
            fs::rename(under_way(table), part(table))?;
        }
        let mut line = serde_json::to_vec(&Line { unit, done })?;
        line.push(b'\n');
        let mut log = self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        log.write_all(&line)?;
        Ok(log.sync_data()?)
    }

    /// Marks the folder as whole, as others do that write Parquet.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        File::create(self.path.join("_SUCCESS"))?;
        Ok(())
    }
}

impl std::ops::Add for Done {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            reports: self.reports + other.reports,
            tokens: self.tokens + other.tokens,
            unread: self.unread + other.unread,
        }
    }
}

/// A folder with other things in it is not written into.
fn refuse_others(path: &Path) -> anyhow::Result<()> {
    let Ok(mut inside) = fs::read_dir(path) else { return Ok(()) };
    if !path.join("_run").exists() && inside.next().is_some() {
        bail!("{} holds other files: name a folder that is empty or not there", path.display());
    }
    Ok(())
}

/// Writes down what the folder is begun with, or compares with what stands there.
fn same_run(file: &Path, begun: &Begun, path: &Path) -> anyhow::Result<()> {
    let Ok(before) = fs::read(file) else {
        let new = file.with_extension("new");
        fs::write(&new, serde_json::to_vec_pretty(begun)?)?;
        return Ok(fs::rename(new, file)?);
    };
    let before: Begun = serde_json::from_slice(&before)
        .with_context(|| format!("{} is damaged: name another folder", file.display()))?;
    let mut other: Vec<&String> = begun.iter().chain(&before).map(|(name, _)| name).collect();
    other.retain(|name| begun.get(*name) != before.get(*name));
    other.sort();
    other.dedup();
    if let Some(name) = other.first() {
        let show = |run: &Begun| run.get(*name).map_or("nothing".to_owned(), ToString::to_string);
        bail!(
            "{} was begun with another {name} ({}, now {}): run it with the same, or name another folder",
            path.display(),
            show(&before),
            show(begun)
        );
    }
    Ok(())
}

/// The units that are done, and the bytes of the whole lines that say so.
fn done(file: &Path) -> anyhow::Result<(BTreeMap<usize, Done>, u64)> {
    let text = match fs::read(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((BTreeMap::new(), 0)),
        read => read.with_context(|| format!("{} cannot be read", file.display()))?,
    };
    let (mut units, mut whole) = (BTreeMap::new(), 0);
    for line in text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
        let Ok(Line { unit, done }) = serde_json::from_slice(line) else { break };
        units.insert(unit, done);
        whole += line.len() as u64;
    }
    Ok((units, whole))
}

/// Writes a table to a file, down to the disk.
fn parquet(path: &Path, rows: &RecordBatch) -> anyhow::Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("sayso {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, rows.schema(), Some(properties))?;
    writer.write(rows)?;
    Ok(writer.into_inner()?.sync_data()?)
}
