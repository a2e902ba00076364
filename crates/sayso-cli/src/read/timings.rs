//! Where the time of reading goes: question by question.
//!
//! In: readings under way. Out: a table of seconds and shares, over all reports and threads.

use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sayso::read::Reader;
use sayso::reading::Reading;
use sayso::report::Report;

/// Time by question, in the order in which they are asked.
#[derive(Debug, Default)]
pub(crate) struct Timings(Mutex<Vec<(&'static str, Duration)>>);

impl Timings {
    /// Reads a report and takes the time of every question.
    pub(crate) fn read(&self, reader: &Reader, report: &Report) -> Reading {
        let since = Cell::new(Instant::now());
        reader.read_watched(report, &|question| {
            let now = Instant::now();
            self.add(question, now - since.replace(now));
        })
    }

    fn add(&self, question: &'static str, time: Duration) {
        let Ok(mut all) = self.0.lock() else { return };
        match all.iter_mut().find(|(name, _)| *name == question) {
            Some((_, sum)) => *sum += time,
            None => all.push((question, time)),
        }
    }

    /// A line a question: seconds and share; then what attribution alone is of the whole.
    pub(crate) fn table(&self) -> String {
        let all = self.0.lock().map(|all| all.clone()).unwrap_or_default();
        let whole: f64 = all.iter().map(|(_, time)| time.as_secs_f64()).sum();
        let mut out = String::from("question          seconds   share");
        for (name, time) in &all {
            let _ = write!(out, "\n{name:<16} {:>8.3} {:>6.1} %", time.as_secs_f64(), share(time.as_secs_f64(), whole));
        }
        let _ = write!(out, "\n{:<16} {whole:>8.3} {:>6.1} %", "all", share(whole, whole));
        out
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { 100.0 * part / whole } else { 0.0 }
}
