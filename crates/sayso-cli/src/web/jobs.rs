//! What is being added to cases at this moment: each in a thread of its own, with what it says on the way.
//!
//! In: files, bytes, URLs. Out: a [`Job`] that tells how far it is. May not happen: an addition that is lost when its page is closed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sayso::intake::Hints;
use sayso::notice::Notice;
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::state::Desk;
use crate::add::{Counts, Listener, Run};
use crate::batch::{Batch, Model};
use crate::fetch::Reach;
use crate::text::count;

/// Jobs that are remembered after they are done.
const REMEMBERED: usize = 50;
/// Notices of one job that are kept.
const NOTICES: usize = 200;

/// Something to add.
pub(crate) enum Input {
    /// Fetched first.
    Url(String),
    /// What was pasted or uploaded, under a name.
    Bytes(String, Vec<u8>),
}

/// How far a job is.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Progress {
    /// Bytes read, of so many; 0 when that is not known.
    pub(crate) read: u64,
    pub(crate) of: u64,
    /// Reports read so far.
    pub(crate) reports: usize,
    pub(crate) new: usize,
    pub(crate) known: usize,
    pub(crate) unchanged: usize,
    /// What was noteworthy: source, code, sentence.
    pub(crate) notices: Vec<(String, String, String)>,
    pub(crate) done: bool,
    /// What ended it before its end.
    pub(crate) failed: Option<String>,
}

/// An addition, under way or done.
pub(crate) struct Job {
    pub(crate) id: u64,
    pub(crate) case: String,
    /// What is added, in words.
    pub(crate) what: String,
    progress: Mutex<Progress>,
}

impl Job {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, done: anyhow::Result<Counts>) {
        let mut progress = self.lock();
        progress.done = true;
        match done {
            Ok(counts) => {
                progress.read = progress.of;
                (progress.new, progress.known, progress.unchanged) = (counts.new, counts.known, counts.unchanged);
            }
            Err(error) => progress.failed = Some(format!("{error:#}")),
        }
    }

    /// How far it is, now.
    pub(crate) fn progress(&self) -> Progress {
        self.lock().clone()
    }

    /// How far it is, in words.
    pub(crate) fn words(&self) -> String {
        let progress = self.lock();
        match (&progress.failed, progress.done) {
            (Some(error), _) => format!("{}: {error}", self.what),
            (None, true) => format!("{}: {} added", self.what, count(progress.new, "report")),
            (None, false) => format!("Reading {}: {} so far", self.what, count(progress.reports, "report")),
        }
    }
}

struct Told<'a>(&'a Job, &'a Desk);

impl Listener for Told<'_> {
    fn notice(&mut self, source: &str, notice: &Notice) {
        let line = (source.to_owned(), notice.code.as_str().to_owned(), notice.message.clone());
        let mut progress = self.0.lock();
        if progress.notices.len() < NOTICES {
            progress.notices.push(line);
        }
    }

    fn progress(&mut self, bytes: u64, reports: usize) {
        {
            let mut progress = self.0.lock();
            (progress.read, progress.reports) = (bytes, reports);
        }
        self.1.written();
    }
}

/// All additions of this run of the program.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: Mutex<(u64, VecDeque<Arc<Job>>)>,
}

impl Jobs {
    fn lock(&self) -> MutexGuard<'_, (u64, VecDeque<Arc<Job>>)> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A job by its number.
    pub(crate) fn get(&self, id: u64) -> Option<Arc<Job>> {
        self.lock().1.iter().find(|job| job.id == id).cloned()
    }

    /// The jobs of a case, newest first.
    pub(crate) fn of(&self, case: &str) -> Vec<Arc<Job>> {
        self.lock().1.iter().rev().filter(|job| job.case == case).cloned().collect()
    }

    /// What is being read into a case, in words.
    pub(crate) fn words(&self, case: &str) -> Option<String> {
        self.of(case).into_iter().find(|job| !job.lock().done).map(|job| job.words())
    }

    /// Begins to add inputs to a case.
    pub(crate) fn start(&self, desk: &Arc<Desk>, case: &str, what: &str, inputs: Vec<Input>, hints: Hints) -> Arc<Job> {
        let of =
            inputs.iter().map(|input| if let Input::Bytes(_, bytes) = input { bytes.len() as u64 } else { 0 }).sum();
        let progress = Mutex::new(Progress { of, ..Progress::default() });
        let mut jobs = self.lock();
        jobs.0 += 1;
        let job = Arc::new(Job { id: jobs.0, case: case.to_owned(), what: what.to_owned(), progress });
        jobs.1.push_back(job.clone());
        if jobs.1.len() > REMEMBERED
            && let Some(old) = jobs.1.iter().position(|job| job.lock().done)
        {
            jobs.1.remove(old);
        }
        drop(jobs);
        let (desk, mine) = (desk.clone(), job.clone());
        spawn_blocking(move || {
            let done = run(&desk, &mine, inputs, hints);
            mine.end(done);
            desk.written();
        });
        job
    }
}

fn run(desk: &Desk, job: &Job, inputs: Vec<Input>, hints: Hints) -> anyhow::Result<Counts> {
    let batch = Batch::new(None, Model::default())?;
    let mut told = Told(job, desk);
    let mut run = Run::new(desk.open_ledger()?, &job.case, batch, "", &mut told);
    run.hints = hints;
    run.reach = if desk.allow_private { Reach::Anywhere } else { Reach::Public };
    for input in inputs {
        match input {
            Input::Url(url) => run.input(&url)?,
            Input::Bytes(name, bytes) => run.bytes(&name, &bytes)?,
        }
    }
    run.flush()?;
    Ok(run.counts)
}
