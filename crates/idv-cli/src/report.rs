//! Failures on standard error: words for people, a document for programs.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use idv::Error;
use idv::registry::FailedStart;

use crate::failure::{Failure, exit_code};
use crate::{hint, json, output};

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

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

/// Prints the failed starts at other providers, each with its own line of stderr.
pub(crate) fn tried(failed: &[FailedStart], as_json: bool) {
    for FailedStart { error, .. } in failed {
        output::note(&match as_json {
            true => json::failed_start(error).to_string(),
            false => format!("{CYAN}failed attempt:{CYAN:#} {error}"),
        });
    }
}

/// Prints all problems in words, and the next step.
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
