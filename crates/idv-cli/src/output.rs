//! The two output streams of the command. Everything that it prints goes through here.

use std::io::{ErrorKind as IoErrorKind, Result as IoResult, Write};

use idv::{Delivery, Error, ErrorKind, Operation, Retry, SessionRef};
use serde_json::Value;

use crate::args::Args;
use crate::failure::Failure;

/// Prints a text on standard output as it is, up to its last byte.
///
/// # Errors
/// [`Failure::ReaderGone`] where the reader closed the pipe, else [`Failure::Unwritable`].
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    write(text).map_err(|kind| match kind {
        IoErrorKind::BrokenPipe => Failure::ReaderGone,
        kind => {
            let message = format!("standard output cannot be written: {kind}");
            Failure::Unwritable(Error::new(ErrorKind::Unavailable, message))
        }
    })
}

/// Prints a document for programs, or words for people.
///
/// # Errors
/// Those of [`print_text`].
pub(crate) fn print(args: &Args, document: Value, words: impl FnOnce() -> String) -> Result<(), Failure> {
    print_text(&text(args, &document, words))
}

/// Prints what a call has created at a vendor. If that fails, because the disk is full or the reader closed the pipe,
/// the error carries the reference, which is stored nowhere else.
///
/// # Errors
/// [`Failure::Untold`] with its reference.
pub(crate) fn print_made(
    args: &Args,
    operation: Operation,
    made: &SessionRef,
    document: Value,
    words: impl FnOnce() -> String,
) -> Result<(), Failure> {
    write(&text(args, &document, words)).map_err(|kind| {
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
    })
}

/// Writes a line on stderr. If that fails, there is no stream left to report it on.
pub(crate) fn note(line: &str) {
    let _ = anstream::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

fn text(args: &Args, document: &Value, words: impl FnOnce() -> String) -> String {
    if args.wants_json() { document.to_string() } else { words() }
}

/// Writes and flushes at once: buffered output would be lost at the end of the process without an error.
fn write(text: &str) -> Result<(), IoErrorKind> {
    let line = format!("{}\n", text.trim_end());
    let written = |mut out: anstream::AutoStream<std::io::StdoutLock<'static>>| -> IoResult<()> {
        out.write_all(line.as_bytes())?;
        out.flush()
    };
    written(anstream::stdout().lock()).map_err(|error| error.kind())
}
