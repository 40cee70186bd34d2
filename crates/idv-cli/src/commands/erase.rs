//! `idv erase`.

use std::io::{BufRead, IsTerminal, stderr, stdin};

use idv::{EraseRequest, Operation, Result};

use super::arguments::{registry, session_ref};
use crate::args::{Args, Erase};
use crate::failure::{Failure, usage};
use crate::input;
use crate::output::{self, Document};
use crate::stop::seen_through;

pub(super) async fn run(args: &Args, erase: &Erase) -> Result<(), Failure> {
    let existing = &erase.existing;
    let session = session_ref(Operation::Erase, &existing.session)?;
    let mut request = EraseRequest::new(session.clone());
    (request.user_token, request.onboarding_id) = input::credentials(&existing.credentials)?;
    let registry = registry(args)?;
    registry.provider(session.provider())?;
    if !erase.yes {
        confirm(&session.to_string())?;
    }
    let erasure = seen_through(Operation::Erase, registry.erase(&request)).await?;
    args.output().show(&Document::Erasure(&erasure))
}

/// Has the reference typed again.
///
/// # Errors
/// A usage error where another text is typed, or where there is no terminal to type it on.
pub(super) fn confirm(reference: &str) -> Result<()> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Err(usage("this deletes the applicant's data for good: say `--yes`".to_owned()));
    }
    output::note(&format!(
        "This has the vendor delete the data of the applicant of `{reference}` for good.\n\
         Type the reference again to go on:"
    ));
    let mut typed = String::new();
    let read = stdin().lock().read_line(&mut typed);
    match read {
        Ok(_) if typed.trim() == reference => Ok(()),
        Ok(_) => Err(usage("the reference is another one: nothing was deleted".to_owned())),
        Err(error) => Err(usage(format!("the terminal cannot be read: {}", error.kind()))),
    }
}
