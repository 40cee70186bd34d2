//! What a failure looks like: exit code, words for people, a document for programs.

use std::io::Write;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use idv::{Error, ErrorKind, FailedStart, Input, InputProblem, Operation, Problem};

use crate::{hint, json};

/// The exit code of a command line that cannot be understood.
pub(crate) const USAGE: u8 = 2;

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// Prints a failure, and gives its exit code.
pub(crate) fn report(error: &Error, as_json: bool) -> ExitCode {
    if as_json {
        print_document(error);
    } else {
        print_words(error);
    }
    ExitCode::from(exit_code(error))
}

/// Prints why other providers have no session, each with its own line of stderr.
pub(crate) fn tried(failed: &[FailedStart], as_json: bool) {
    let mut out = anstream::stderr().lock();
    for FailedStart { error, .. } in failed {
        // Printing fails only where nobody reads.
        let _ = match as_json {
            true => writeln!(out, "{}", json::failed_start(error)),
            false => writeln!(out, "{CYAN}tried in vain:{CYAN:#} {error}"),
        };
    }
}

/// The document is the last line of stderr.
pub(crate) fn print_document(error: &Error) {
    // Printing fails only where nobody reads.
    let _ = writeln!(std::io::stderr(), "{}", json::error(error));
}

/// Prints all that is wrong in words.
pub(crate) fn print_words(error: &Error) {
    let mut out = anstream::stderr().lock();
    let problems = error.config_problems();
    let first = if problems.is_empty() { error.to_string() } else { error.message().to_owned() };
    let _ = writeln!(out, "{RED}error:{RED:#} {first}");
    for problem in problems {
        let _ = writeln!(out, "  {problem}");
    }
    if let Some(hint) = hint::next_step(error) {
        let _ = writeln!(out, "{CYAN}next:{CYAN:#} {hint}");
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
