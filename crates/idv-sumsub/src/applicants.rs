//! Reads of applicants by the caller's reference.

use idv_core::{CallContext, Error, ErrorKind, Operation, Result};
use idv_http::{Call, JsonClient, ReplaySafety};

use crate::wire::Applicant;

/// The path of applicants.
pub(crate) const APPLICANTS: [&str; 2] = ["resources", "applicants"];

/// The applicant of a reference, who has to be there.
pub(crate) async fn one<T>(
    client: &JsonClient,
    (operation, context): (Operation, &CallContext),
    external_id: &str,
    read: impl FnOnce(Applicant<'_>) -> Result<T>,
) -> Result<T> {
    let call = Call::get(operation, ReplaySafety::Idempotent, APPLICANTS)
        .endpoint("applicant")
        .matrix("-", "externalUserId", external_id)
        .segment("one")
        .context(context);
    let read = |text: &str| {
        let applicant = Applicant::read(text)?;
        is_about(&applicant, external_id)?;
        read(applicant)
    };
    Ok(client.send_and_read(call, read).await?.body)
}

/// The applicant of a reference, where there is one.
pub(crate) async fn search<T>(
    client: &JsonClient,
    (operation, context): (Operation, &CallContext),
    external_id: &str,
    read: impl FnOnce(Applicant<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let call = Call::get(operation, ReplaySafety::Idempotent, APPLICANTS)
        .endpoint("search by external id")
        .segment("-")
        .segment("byExternalUserId")
        .opaque_segment(external_id)
        .context(context);
    let read = |text: &str| {
        let Some(applicant) = Applicant::search(text)? else { return Ok(None) };
        is_about(&applicant, external_id)?;
        read(applicant).map(Some)
    };
    Ok(client.send_and_read(call, read).await?.body)
}

/// Refuses the applicant of another reference.
pub(crate) fn is_about(applicant: &Applicant<'_>, external_id: &str) -> Result<()> {
    match applicant.external_id == external_id {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Conflict, "the vendor answered about another applicant")),
    }
}
