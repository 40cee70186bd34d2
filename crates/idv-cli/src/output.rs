//! Everything that the command prints: documents on standard output and notices on standard error, in the format that
//! the command line asks for. A format is one file of this folder, and a place in [`Output`].

mod available;
mod document;
mod hint;
mod identity;
pub(crate) mod json;
mod progress;
mod qr;
mod stream;
mod table;
pub(crate) mod text;
#[cfg(feature = "tracker")]
mod tracked;

use std::io::ErrorKind as IoErrorKind;
use std::process::ExitCode;

use idv::registry::FailedStart;
use idv::{Delivery, Error, ErrorKind, Operation, Retry, SessionRef, SessionUrl};

use crate::failure::{self, Failure};
use document::{Format, Printed};

pub(crate) use document::{Document, Notice, WatchEnd};
pub(crate) use progress::Progress;
pub(crate) use stream::note;
pub(crate) use table::{Cell, Table};
#[cfg(feature = "tracker")]
pub(crate) use tracked::Stored;

/// The output of the command: the options that choose its format.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Output {
    /// Print one JSON document on stdout; on failure the last line of stderr is one too.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Output {
    /// The output that a command line asks for which cannot be parsed.
    pub(crate) fn of_invalid_command_line() -> Self {
        let given: Vec<_> = std::env::args_os().collect();
        let format = given.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
        Self { json: format || given.iter().any(|arg| arg == "--json" || arg == "--format=json") }
    }

    fn format(self) -> &'static dyn Format {
        if self.json { &json::Json } else { &text::Text }
    }

    /// Prints a document.
    ///
    /// # Errors
    /// [`Failure::ReaderGone`] where the reader closed the pipe, else [`Failure::Unwritable`].
    pub(crate) fn show(self, document: &Document<'_>) -> Result<(), Failure> {
        self.write(document).map_err(unwritable)
    }

    /// Prints what a call has created at a vendor. If that fails, because the disk is full or the reader closed the
    /// pipe, the error carries the reference, which is stored nowhere else.
    ///
    /// # Errors
    /// [`Failure::Untold`] with its reference.
    pub(crate) fn show_made(
        self,
        operation: Operation,
        made: &SessionRef,
        document: &Document<'_>,
    ) -> Result<(), Failure> {
        self.write(document).map_err(|kind| untold(operation, made, kind))
    }

    /// Prints the link of a session as a QR code.
    ///
    /// # Errors
    /// Those of [`Output::show`], and [`ErrorKind::Unsupported`] where the session has no link, or one that is too long
    /// for a code.
    pub(crate) fn show_qr_code(self, url: Option<&SessionUrl>) -> Result<(), Failure> {
        self.show(&Document::QrCode(&qr::render(url)?))
    }

    /// Prints a notice. If that fails, there is no stream left to report it on.
    pub(crate) fn notice(self, notice: &Notice<'_>) {
        note(&self.format().notice(notice));
    }

    /// Prints the failed starts at other providers.
    pub(crate) fn failed_starts(self, failed: &[FailedStart]) {
        for FailedStart { error, .. } in failed {
            self.notice(&Notice::FailedStart(error));
        }
    }

    /// Prints the failure of the command, and gives its exit code.
    pub(crate) fn failure(self, failure: &Failure) -> ExitCode {
        let Some(error) = failure.error() else { return ExitCode::SUCCESS };
        self.notice(&Notice::Failure(failure));
        ExitCode::from(failure::exit_code(error))
    }

    fn write(self, document: &Document<'_>) -> Result<(), IoErrorKind> {
        match self.format().document(document) {
            Printed::Stdout(text) => stream::write(&text),
            Printed::Stderr(text) => {
                note(&text);
                Ok(())
            }
            Printed::Nothing => Ok(()),
        }
    }
}

/// Prints a text on standard output as it is, in every format.
///
/// # Errors
/// [`Failure::ReaderGone`] where the reader closed the pipe, else [`Failure::Unwritable`].
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    stream::write(text).map_err(unwritable)
}

fn unwritable(kind: IoErrorKind) -> Failure {
    match kind {
        IoErrorKind::BrokenPipe => Failure::ReaderGone,
        kind => {
            let message = format!("standard output cannot be written: {kind}");
            Failure::Unwritable(Error::new(ErrorKind::Unavailable, message))
        }
    }
}

fn untold(operation: Operation, made: &SessionRef, kind: IoErrorKind) -> Failure {
    let what = match operation {
        Operation::Refresh => "got a fresh link",
        Operation::Import => "was imported",
        _ => "was opened",
    };
    let message = format!("`{made}` {what}, but standard output cannot be written: {kind}");
    let error = Error::new(ErrorKind::Unavailable, message)
        .with_provider(made.provider().clone())
        .with_operation(operation)
        .with_delivery(Delivery::Answered)
        .with_retry(Retry::AfterCheck);
    Failure::Untold { error, reference: made.clone() }
}
