//! Reports that wait until there are enough of them for every thread; then all are read at once.
//!
//! In: reports. Out: their readings in the same order, whatever the number of threads. May not happen: memory
//! that grows with the number of inputs.

use anyhow::Context;
use rayon::prelude::*;
use sayso::model::Network;
use sayso::read::Reader;
use sayso::reading::Reading;
use sayso::report::Report;

use crate::read::Timings;

/// Reports a thread.
const PER_THREAD: usize = 8;
/// And no more text than this at a time.
const BYTES: usize = 8 << 20;

/// Which of the built-in models reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Model {
    /// The one that errs least
    #[default]
    Accurate,
    /// Several times as fast, for archives; it misses more
    Fast,
    /// The accurate one by a general runtime: slower, for comparison
    #[value(hide = true)]
    Reference,
}

impl From<Model> for Network {
    fn from(model: Model) -> Self {
        match model {
            Model::Accurate => Self::Accurate,
            Model::Fast => Self::Fast,
            Model::Reference => Self::Reference,
        }
    }
}

/// So many threads; one for every core when it is not said.
pub(crate) fn threads(number: Option<u16>) -> anyhow::Result<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(number.map_or(0, usize::from)).build();
    pool.context("no threads could be started")
}

/// A reader with the reports that wait for it.
pub(crate) struct Batch {
    reader: Reader,
    pool: rayon::ThreadPool,
    reports: Vec<Report>,
    bytes: usize,
}

impl Batch {
    /// A batch for so many threads; for every core when it is not said.
    pub(crate) fn new(threads: Option<u16>, model: Model) -> anyhow::Result<Self> {
        Ok(Self { reader: Reader::with(model.into()), pool: self::threads(threads)?, reports: Vec::new(), bytes: 0 })
    }

    /// The reader and its model, as readings are filed under.
    pub(crate) fn version(&self) -> String {
        format!("{}+{}", env!("CARGO_PKG_VERSION"), self.reader.model_version())
    }

    /// Adds a report; true when the batch is full.
    pub(crate) fn push(&mut self, report: Report) -> bool {
        self.bytes += report.text.len();
        self.reports.push(report);
        self.bytes >= BYTES || self.reports.len() >= self.pool.current_num_threads() * PER_THREAD
    }

    /// Reads what waits, and makes something of each on the thread that read it; `make` gets the report's number in the batch.
    pub(crate) fn read<T: Send>(
        &mut self,
        timings: Option<&Timings>,
        make: impl Fn(usize, &Report, &Reading) -> T + Sync,
    ) -> Vec<(Report, Reading, T)> {
        self.bytes = 0;
        let (reader, reports) = (&self.reader, std::mem::take(&mut self.reports));
        let read = |(k, report): (usize, Report)| {
            let reading = timings.map_or_else(|| reader.read(&report), |t| t.read(reader, &report));
            let made = make(k, &report, &reading);
            (report, reading, made)
        };
        self.pool.install(|| reports.into_par_iter().enumerate().map(read).collect())
    }
}
