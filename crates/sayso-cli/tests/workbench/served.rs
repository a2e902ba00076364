//! The shipped program, serving on a free port until the test is over.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use assert_cmd::prelude::*;

pub(crate) struct Served {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    /// The address that it printed, with the key.
    pub(crate) printed: String,
}

impl Served {
    /// `sayso serve` with these arguments; ready when this returns.
    pub(crate) fn new(args: &[&str], dir: &std::path::Path) -> Self {
        let mut command = Command::cargo_bin("sayso").unwrap();
        command.current_dir(dir).args(["serve", "--listen", "127.0.0.1:0"]).args(args);
        command.env_remove("SAYSO_LOG").env_remove("SAYSO_LEDGER").env("USER", "ed");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("http://"))).unwrap().unwrap();
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        let printed = address.to_owned();
        let host = address.trim_start_matches("http://").split('/').next().unwrap();
        let address = format!("http://{host}");
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, printed }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
