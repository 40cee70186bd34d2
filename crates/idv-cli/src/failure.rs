//! What a failure looks like: exit code, words for people, a document for programs.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use idv::{Error, ErrorKind, FailedStart, Input, InputProblem, Operation, Problem, SessionRef};

use crate::{hint, json, output};

/// The exit code of a command line that cannot be understood.
pub(crate) const USAGE: u8 = 2;

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// Why a command ends before it has done and told everything.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What it was asked for cannot be had.
    Error(Error),
    /// Standard output cannot be written.
    Unwritable(Error),
    /// Something was made at a vendor, and standard output cannot be written.
    Untold { error: Error, reference: SessionRef },
    /// The reader of standard output wants no more: no failure.
    ReaderGone,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Prints a failure, and gives its exit code.
pub(crate) fn report(failure: &Failure, as_json: bool) -> ExitCode {
    let (error, reference, hint) = match failure {
        Failure::ReaderGone => return ExitCode::SUCCESS,
        Failure::Error(error) => (error, None, hint::next_step(error)),
        Failure::Unwritable(error) => (error, None, Some(hint::for_unwritable())),
        Failure::Untold { error, reference } => (error, Some(reference), Some(hint::for_untold(reference))),
    };
    if as_json {
        output::note(&json::error(error, reference).to_string());
    } else {
        print_words(error, hint);
    }
    ExitCode::from(exit_code(error))
}

/// Prints why other providers have no session, each with its own line of stderr.
pub(crate) fn tried(failed: &[FailedStart], as_json: bool) {
    for FailedStart { error, .. } in failed {
        output::note(&match as_json {
            true => json::failed_start(error).to_string(),
            false => format!("{CYAN}tried in vain:{CYAN:#} {error}"),
        });
    }
}

/// Prints all that is wrong in words, and what to do next.
pub(crate) fn print_words(error: &Error, hint: Option<String>) {
    let problems = error.config_problems();
    let first = if problems.is_empty() { error.to_string() } else { error.message().to_owned() };
    output::note(&format!("{RED}error:{RED:#} {first}"));
    for problem in problems {
        output::note(&format!("  {problem}"));
    }
    if let Some(hint) = hint {
        output::note(&format!("{CYAN}next:{CYAN:#} {hint}"));
    }
}

/// The contract of exit codes.
pub(crate) fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Config => USAGE,
        ErrorKind::InvalidRequest if is_malformed_reference(error) => USAGE,
        ErrorKind::InvalidRequest
        | ErrorKind::Unsupported
        | ErrorKind::Unauthenticated
        | ErrorKind::Forbidden
        | ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::PaymentRequired => 3,
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Timeout
        | ErrorKind::Connection
        | ErrorKind::InvalidResponse => 4,
        ErrorKind::WebhookRejected | ErrorKind::RedirectRejected => 5,
        _ => 1,
    }
}

fn is_malformed_reference(error: &Error) -> bool {
    error.input_problems().iter().any(|problem| problem.input == Input::SESSION)
}

/// A text that is no session reference.
pub(crate) fn malformed_reference(operation: Operation, why: &idv::SessionRefError) -> Error {
    let message = format!("is not a reference: {why}");
    Error::inputs(operation, vec![InputProblem::new(Input::SESSION, Problem::Invalid, message)])
}

/// Something on the command line, or in a file that it names, cannot be used.
pub(crate) fn usage(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message.into())
}
