//! Failures of commands, their exit codes, and the errors that the command itself makes.

use idv::{Error, ErrorKind, Input, InputProblem, Operation, Problem, SessionRef};

/// The exit code of a command line that cannot be understood.
pub(crate) const USAGE: u8 = 2;

/// The message about a vendor's description with problems.
pub(crate) const UNUSABLE_DESCRIPTION: &str = "the description cannot be used";

/// The reason why a command fails, or ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The requested result is not available.
    Error(Error),
    /// Standard output cannot be written.
    Unwritable(Error),
    /// Something was made at a vendor, and standard output cannot be written.
    Untold { error: Error, reference: SessionRef },
    /// The reader closed standard output: no failure.
    ReaderGone,
}

impl Failure {
    /// The error; none where the reader closed standard output.
    pub(crate) fn error(&self) -> Option<&Error> {
        match self {
            Self::Error(error) | Self::Unwritable(error) | Self::Untold { error, .. } => Some(error),
            Self::ReaderGone => None,
        }
    }

    /// The reference of anything created that could not be printed.
    pub(crate) fn untold(&self) -> Option<&SessionRef> {
        match self {
            Self::Untold { reference, .. } => Some(reference),
            _ => None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The exit codes, which are a contract.
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

/// A fault of the sandbox, which is ours.
pub(crate) fn broken(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Unavailable, format!("the sandbox failed: {error}"))
}
