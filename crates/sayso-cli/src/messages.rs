//! What goes to standard error: notices, each a plain sentence with its code, and a progress bar.
//!
//! May not happen: a bar where nobody looks, a message that breaks a bar, an input given up in silence.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sayso::notice::{Code, Notice};

use crate::Outcome;
use crate::add::Listener;
use crate::inputs::shown;
use crate::text::clean;

/// Runs that take no longer than this need no bar.
const BAR_FROM_BYTES: u64 = 128 * 1024;

/// Standard error for one run.
pub(crate) struct Messages {
    bar: ProgressBar,
    outcome: Outcome,
    /// Reports that a run before has done.
    before: usize,
}

impl Messages {
    /// A run over inputs of so many bytes in all; `None` when that is not known.
    pub(crate) fn new(bytes: Option<u64>) -> Self {
        let bar = match bytes {
            Some(bytes) if bytes < BAR_FROM_BYTES => ProgressBar::hidden(),
            Some(bytes) => ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr())
                .with_style(style("{bar:32} {percent:>3} %  {decimal_bytes_per_sec}  {eta} left  {msg}")),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_style(style("{spinner} {elapsed}  {msg}")),
        };
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, outcome: Outcome::Done, before: 0 }
    }

    /// `bytes` of the inputs and `reports` reports are done.
    pub(crate) fn progress(&self, bytes: u64, reports: usize) {
        self.bar.set_position(bytes);
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        let rate = reports.saturating_sub(self.before) as f64 / seconds;
        self.bar.set_message(format!("{reports} reports, {rate:.1} a second"));
    }

    /// A run before has done so many bytes and `more` reports: they say nothing about the time that is left.
    pub(crate) fn done_before(&mut self, bytes: u64, more: usize) {
        self.before += more;
        self.bar.set_position(bytes);
        self.bar.reset_eta();
    }

    /// Lets `write` use standard output while the bar is out of the way.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Names what was noteworthy about an input, and remembers whether it could be read.
    pub(crate) fn notice(&mut self, source: &str, notice: &Notice) {
        let lost = is_loss(notice.code);
        if lost {
            self.outcome = Outcome::SomeUnread;
        }
        if lost || is_about_input(notice.code) {
            let word = if lost { "error" } else { "note" };
            let (place, message) = (clean(shown(source)), clean(&notice.message));
            let line = match message.contains(&place) {
                true => format!("{word}[{}] {message}", notice.code.as_str()),
                false => format!("{word}[{}] {place}: {message}", notice.code.as_str()),
            };
            self.bar.suspend(|| say(&line));
        } else {
            tracing::info!(code = notice.code.as_str(), source, "{}", notice.message);
        }
    }

    /// Ends the run.
    pub(crate) fn finish(self) -> Outcome {
        self.bar.finish_and_clear();
        self.outcome
    }
}

impl Listener for Messages {
    fn notice(&mut self, source: &str, notice: &Notice) {
        Self::notice(self, source, notice);
    }

    fn progress(&mut self, bytes: u64, reports: usize) {
        Self::progress(self, bytes, reports);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Whether an input, or a record of it, could not be read.
pub(crate) fn is_loss(code: Code) -> bool {
    matches!(code, Code::Empty | Code::Binary | Code::Unreadable | Code::Folder | Code::BadRecord | Code::Defect)
}

/// Whether it is about the input as it came, and so worth a line while reading.
fn is_about_input(code: Code) -> bool {
    ["S01", "S04"].iter().any(|group| code.as_str().starts_with(group)) || code == Code::Language
}

/// One line on standard error. A closed standard error is no reason to stop.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
