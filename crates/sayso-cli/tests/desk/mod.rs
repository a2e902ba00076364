//! A folder with a ledger and a few reports on one event, and the shipped program to work on it.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::process::{Command, Stdio};

use assert_cmd::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a ledger and a few reports on one event.
pub(crate) struct Desk(pub(crate) TempDir);

pub(crate) const REPORTS: [(&str, &str); 3] = [
    (
        "a.txt",
        "Title: Dam holds, says engineer\nOutlet: Valley Wire\nPublished: 2025-04-02T08:00:00Z\n\n\
         The water board's engineer Ines Okafor said on Wednesday that the Lower Dam had been opened at night.\n\n\
         Mayor Tomas Rehn denied that the Lower Dam had been opened at night.\n",
    ),
    (
        "b.txt",
        "Title: Dam opened\nOutlet: Hill Post\nPublished: 2025-04-02T11:00:00Z\n\n\
         The Lower Dam had been opened at night, engineer Ines Okafor told Valley Wire.\n",
    ),
    (
        "c.txt",
        "Title: Bakers strike\nOutlet: Hill Post\nPublished: 2025-04-05\n\n\
         The bakers' union said on Saturday that its members would strike for a week.\n",
    ),
];

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self(TempDir::new().unwrap());
        fs::create_dir(desk.0.path().join("in")).unwrap();
        for (name, text) in REPORTS {
            fs::write(desk.0.path().join("in").join(name), text).unwrap();
        }
        desk
    }

    pub(crate) fn added() -> Self {
        let desk = Self::new();
        assert_eq!(desk.run(&["add", "--case", "dam", "in"]).0, 0);
        desk
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("sayso").unwrap();
        command.current_dir(self.0.path()).args(args).stdin(Stdio::null());
        command.env_remove("SAYSO_LOG").env_remove("SAYSO_LEDGER").env_remove("COLUMNS").env("USER", "ed");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let out = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file of the folder.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let (exit, out, err) = self.run(&[args, &["--case", "dam", "--format", "json"]].concat());
        assert_eq!(exit, 0, "{args:?}: {err}");
        serde_json::from_str(&out).unwrap()
    }
}
