//! Progress on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A progress line on the terminal that disappears at the end; nothing where stderr is no terminal.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn begin() -> Self {
        let bar = ProgressBar::new_spinner();
        // Where the template cannot be used, the bar keeps its own.
        Self(match ProgressStyle::with_template("{spinner} {msg}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    pub(crate) fn step(&self, what: &str) {
        self.0.set_message(what.to_owned());
        self.0.tick();
    }

    /// Prints while the progress line is hidden.
    pub(crate) fn hidden<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}
