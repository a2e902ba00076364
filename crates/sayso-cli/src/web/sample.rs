//! The sample case: fiction that comes with the program, read at start into a ledger that is gone afterwards.

use std::sync::Arc;

use anyhow::Context;
use sayso::intake::Hints;
use tempfile::TempDir;

use super::jobs::Input;
use super::state::Desk;
use crate::ledger::Place;

/// The sample case's name.
pub(super) const CASE: &str = "maktaaral-raid";

macro_rules! sample {
    ($($name:literal)*) => {
        &[$(($name, include_bytes!(concat!("../../../../samples/maktaaral-raid/", $name)))),*]
    };
}

const REPORTS: &[(&str, &[u8])] = sample!("r01.txt" "r02.txt" "r03.html" "r04.txt" "r05.txt" "r06.txt" "r07.txt" "r08.txt" "r09.txt"
    "r10.txt" "r11.txt" "r12.txt" "r13.txt" "r14.html");

/// A ledger for the sample.
pub(super) struct Sample(TempDir);

impl Sample {
    pub(super) fn new() -> anyhow::Result<Self> {
        TempDir::with_prefix("sayso-sample-").map(Self).context("there is no room for the sample's ledger")
    }

    pub(super) fn place(&self) -> Place {
        Place::at(&self.0.path().join("sample.db"), CASE)
    }
}

/// Begins to read the sample; pages answer meanwhile.
pub(super) fn read(desk: &Arc<Desk>) {
    let inputs = REPORTS.iter().map(|&(name, bytes)| Input::Bytes(format!("samples/{CASE}/{name}"), bytes.to_vec()));
    desk.jobs.start(desk, CASE, "the fictional sample", inputs.collect(), Hints::default());
}
