//! The first call of a start of two: it makes the applicant, with what is stated of a person.

use http::StatusCode;
use idv_core::{CallContext, Delivery, Error, ErrorKind, Input, Operation, ProviderId, Result, StartRequest};
use idv_http::{Call, JsonClient, ReplaySafety};

use crate::applicants::{APPLICANTS, search};
use crate::wire::{self, Applicant, FixedInfo, NewApplicant};

/// The outcome of the first call.
#[derive(Debug, Default)]
pub(crate) struct Introduced {
    /// The inputs that were not taken, because there was an applicant already, of whom something else or nothing was stated.
    pub(crate) unused: Vec<Input>,
    /// Whether the call was made.
    was_sent: bool,
}

impl Introduced {
    /// The error of the second call as one of the start: the applicant is there, even where the second call was never sent. A repeated
    /// start goes on with the same applicant.
    pub(crate) fn verdict(&self, error: Error) -> Error {
        match (self.was_sent, error.delivery()) {
            (true, Delivery::NotSent) => error.with_delivery(Delivery::Answered),
            _ => error,
        }
    }
}

/// Makes the applicant, where something is stated that only this call takes. It may be repeated: the applicant of an earlier attempt,
/// whose answer may have been lost, is adopted.
pub(crate) async fn introduce(
    client: &JsonClient,
    provider: &ProviderId,
    request: &StartRequest,
    level: &str,
    context: &CallContext,
) -> Result<Introduced> {
    let Some(stated) = FixedInfo::of(request) else { return Ok(Introduced::default()) };
    let external_id = &*request.reference;
    let call = Call::post(Operation::Start, ReplaySafety::Idempotent, APPLICANTS)
        .endpoint("create applicant")
        .query("levelName", level)
        .context(context)
        .json(&NewApplicant::individual(external_id, &stated))?;
    let unused = match client.send_and_read(call, |text| wire::created(text, external_id)).await {
        Ok(_) => Vec::new(),
        Err(error) if is_taken(&error) => {
            adopt(client, request, &stated, context).await.map_err(|error| named(error, provider))?
        }
        Err(error) => return Err(error),
    };
    Ok(Introduced { unused, was_sent: true })
}

/// Goes on with the applicant who is there already, and gives the inputs of which the vendor knows another value or none.
async fn adopt(
    client: &JsonClient,
    request: &StartRequest,
    stated: &FixedInfo<'_>,
    context: &CallContext,
) -> Result<Vec<Input>> {
    let read = |applicant: Applicant<'_>| Ok(stated.differing(&applicant));
    let unused = match search(client, (Operation::Start, context), &request.reference, read).await {
        Ok(Some(unused)) => unused,
        Ok(None) => return Err(unreadable()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(unreadable()),
        Err(error) => return Err(error),
    };
    let refused: Vec<&str> =
        unused.iter().filter(|input| request.musts.contains(input)).map(Input::as_str).collect();
    match refused.is_empty() {
        true => Ok(unused),
        false => Err(conflict(format!(
            "the applicant is there already, and the vendor knows another value or none of what must be used: {}",
            refused.join(", ")
        ))),
    }
}

/// The vendor refuses to make the applicant because there is one, and shows none.
fn unreadable() -> Error {
    conflict(
        "the vendor says that there is an applicant of this reference already, and shows none to this app token: it was deleted or \
         made by another token, so use another reference"
            .to_owned(),
    )
}

fn conflict(message: String) -> Error {
    Error::new(ErrorKind::Conflict, message)
        .with_operation(Operation::Start)
        .with_delivery(Delivery::Answered)
}

fn named(error: Error, provider: &ProviderId) -> Error {
    error.with_provider(provider.clone())
}

/// Whether the external id is taken. Of all conflicts this one has no code (docs.sumsub.com, "Error codes").
fn is_taken(error: &Error) -> bool {
    error.http_status() == Some(StatusCode::CONFLICT.as_u16()) && error.code().is_none()
}

#[cfg(test)]
mod tests {
    use idv_core::Retry;

    use super::*;

    #[test]
    fn an_applicant_who_was_made_is_not_forgotten_where_the_second_call_is_not_sent() {
        for (was_sent, delivery, told) in [
            (true, Delivery::NotSent, Delivery::Answered),
            (true, Delivery::Unknown, Delivery::Unknown),
            (false, Delivery::NotSent, Delivery::NotSent),
        ] {
            let error = Error::new(ErrorKind::Connection, "refused")
                .with_delivery(delivery)
                .with_retry(Retry::Allowed { after: None });
            let error = Introduced { unused: Vec::new(), was_sent }.verdict(error);
            assert_eq!((error.delivery(), error.retry()), (told, Retry::Allowed { after: None }));
        }
    }
}
