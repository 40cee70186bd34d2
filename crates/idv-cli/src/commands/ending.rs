//! `idv cancel` and `idv erase`.

use std::io::{BufRead, IsTerminal, stderr, stdin};

use idv::{CancelRequest, EraseRequest, Operation, Result, SessionRef};
use serde_json::json;

use super::{registry, session_ref};
use crate::args::{Args, Erase, Existing};
use crate::failure::{Failure, usage};
use crate::stop::seen_through;
use crate::{json, output, subject, view};

pub(crate) async fn cancel(args: &Args, existing: &Existing) -> Result<(), Failure> {
    let mut request = CancelRequest::new(session_ref(Operation::Cancel, &existing.session)?);
    (request.user_token, request.onboarding_id) = subject::credentials_of(&existing.credentials)?;
    let registry = registry(args)?;
    let cancelled = seen_through(Operation::Cancel, registry.cancel(&request)).await?;
    let document = json!({"verification": json::verification(&registry, &cancelled)});
    output::print(args, document, || view::verification(&cancelled))
}

pub(crate) async fn erase(args: &Args, erase: &Erase) -> Result<(), Failure> {
    let existing = &erase.existing;
    let session = session_ref(Operation::Erase, &existing.session)?;
    let mut request = EraseRequest::new(session.clone());
    (request.user_token, request.onboarding_id) = subject::credentials_of(&existing.credentials)?;
    let registry = registry(args)?;
    registry.provider(session.provider())?;
    if !erase.yes {
        confirm(&session)?;
    }
    let erasure = seen_through(Operation::Erase, registry.erase(&request)).await?;
    output::print(args, json::erasure(&erasure), || view::erasure(&erasure))
}

/// Has the reference typed again.
///
/// # Errors
/// A usage error where another text is typed, or where there is no terminal to type it on.
fn confirm(session: &SessionRef) -> Result<()> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Err(usage("this deletes the applicant's data for good: say `--yes`".to_owned()));
    }
    output::note(&format!(
        "This has the vendor delete the data of the applicant of `{session}` for good.\n\
         Type the reference again to go on:"
    ));
    let mut typed = String::new();
    let read = stdin().lock().read_line(&mut typed);
    match read {
        Ok(_) if typed.trim() == session.to_string() => Ok(()),
        Ok(_) => Err(usage("the reference is another one: nothing was deleted".to_owned())),
        Err(error) => Err(usage(format!("the terminal cannot be read: {}", error.kind()))),
    }
}
