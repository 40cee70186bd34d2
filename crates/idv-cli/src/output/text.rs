//! Text: words for people, coloured on a terminal and plain when piped.

#[cfg(feature = "tracker")]
mod tracked;
pub(crate) mod view;

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use idv::registry::Changes;
use idv::{Error, Result};

use super::document::{Document, Format, Notice, Printed};
use super::hint;
use super::identity;
use crate::failure::Failure;

const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// Words, tables and the next step.
pub(super) struct Text;

impl Format for Text {
    fn document(&self, document: &Document<'_>) -> Printed {
        Printed::Stdout(match document {
            Document::Session(_, session) => view::session(session),
            Document::QrCode(code) => (*code).to_owned(),
            Document::Verification(_, verification) => view::verification(verification),
            Document::Identified(registry, verification) => {
                format!("{}\n{}", view::verification(verification), identity::view(registry, verification))
            }
            Document::Verifications(_, found) => view::verifications(found),
            Document::Erasure(erasure) => view::erasure(erasure),
            Document::Redirect(outcome) => view::redirect(outcome),
            Document::Webhook(outcome) => view::webhook(outcome),
            Document::Route { decision, .. } => view::route(decision),
            Document::Providers(registry) => view::providers(registry),
            Document::Change { state, after, .. } => view::change(state, *after),
            Document::WatchEnd { last, end } => view::watch_end(last, *end),
            Document::Config { path, registry, warnings, .. } => view::config(path, registry, warnings),
            Document::Schema(schema) => format!("{schema:#}"),
            Document::Health(findings) => view::health(findings),
            #[cfg(feature = "tracker")]
            Document::Started(_, started) => tracked::started(started),
            #[cfg(feature = "tracker")]
            Document::Received(outcome, receipt) => tracked::received(outcome, receipt),
            #[cfg(feature = "tracker")]
            Document::Stored(stored) => tracked::of(stored),
            Document::Report { words, .. } => words(),
        })
    }

    fn notice(&self, notice: &Notice<'_>) -> String {
        match notice {
            Notice::Failure(failure) => failed(failure),
            Notice::Usage { explanation, .. } => (*explanation).to_owned(),
            Notice::FailedStart(error) => format!("{CYAN}failed attempt:{CYAN:#} {error}"),
            Notice::Reload(outcome) => reload(outcome),
            Notice::Warning(message) => format!("warning: {message}"),
        }
    }
}

fn failed(failure: &Failure) -> String {
    match failure {
        Failure::ReaderGone => String::new(),
        Failure::Error(error) => problems(error, hint::next_step(error)),
        Failure::Unwritable(error) => problems(error, Some(hint::for_unwritable())),
        Failure::Untold { error, reference } => problems(error, Some(hint::for_untold(reference))),
    }
}

fn reload(outcome: &Result<Changes>) -> String {
    match outcome {
        Ok(changes) => format!("The configuration was read again: {changes}."),
        Err(error) => {
            format!("{}\nThe configuration stays as it was.", problems(error, hint::next_step(error)))
        }
    }
}

/// All problems in words, and the next step.
fn problems(error: &Error, hint: Option<String>) -> String {
    let problems = error.config_problems();
    let first = if problems.is_empty() { error.to_string() } else { error.message().to_owned() };
    let mut text = format!("{RED}error:{RED:#} {first}");
    for problem in problems {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  {problem}");
    }
    if let Some(hint) = hint {
        let _ = write!(text, "\n{CYAN}next:{CYAN:#} {hint}");
    }
    text
}
