//! Veriff's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use idv_core::{Error, Result, StartRequest, Timestamp};
use idv_http::invalid_response;
use idv_http::json::{Found, JsonError, Object};
use serde::Serialize;

use crate::profile::END_USER_ID;

/// The body of a start (devdocs.veriff.com, "POST /v1/sessions").
#[derive(Serialize)]
pub(crate) struct NewSession<'a> {
    verification: NewVerification<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewVerification<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<&'a str>,
    #[serde(skip_serializing_if = "Person::is_empty")]
    person: Person<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Document<'a>>,
    vendor_data: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_user_id: Option<&'a str>,
}

#[derive(Serialize, PartialEq, Default)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_of_birth: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

impl Person<'_> {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    country: Cow<'a, str>,
}

impl<'a> NewSession<'a> {
    /// The body for a request, with the return URL as it was validated.
    pub(crate) fn of(request: &'a StartRequest, callback: Option<&'a str>) -> Self {
        let text = |pii: &'a Option<idv_core::Pii>| pii.as_ref().map(idv_core::Pii::expose);
        Self {
            verification: NewVerification {
                callback,
                person: Person {
                    first_name: text(&request.first_name),
                    last_name: text(&request.last_name),
                    phone_number: text(&request.phone),
                    date_of_birth: text(&request.date_of_birth),
                    email: text(&request.email),
                },
                document: request
                    .country
                    .as_deref()
                    .map(|country| Document { country: country.to_ascii_uppercase().into() }),
                vendor_data: &request.reference,
                end_user_id: request.attributes.get(END_USER_ID.as_str()).map(idv_core::Pii::expose),
            },
        }
    }
}

/// A session as a start gives it. Older answers have neither `vendorData` nor `status`.
pub(crate) struct Session<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) url: Cow<'a, str>,
    pub(crate) vendor_data: Option<Cow<'a, str>>,
}

impl<'a> Session<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let answer = succeeded(text)?;
        let session =
            answer.object("verification").optional()?.ok_or_else(|| answer.lacks("verification"))?;
        Ok(Self {
            id: session.required_text("id")?,
            url: session.required_text("url")?,
            vendor_data: session.text("vendorData").optional()?,
        })
    }
}

/// The decision of an answer; `None` until there is one, which the vendor says by `null` and never by leaving it out.
pub(crate) fn decision(text: &str) -> Result<Option<Object<'_>>> {
    let answer = succeeded(text)?;
    match answer.has("verification") {
        true => Ok(answer.object("verification").optional()?),
        false => Err(answer.lacks("verification").into()),
    }
}

/// A decision (devdocs.veriff.com, "GET /v1/sessions/{id}/decision", "Decision webhook"). It is not always the last one.
pub(crate) struct Decision<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) attempt: Option<Cow<'a, str>>,
    pub(crate) status: Cow<'a, str>,
    pub(crate) reason_code: Option<Cow<'a, str>>,
    pub(crate) vendor_data: Option<Cow<'a, str>>,
    pub(crate) at: Option<Timestamp>,
}

impl<'a> Decision<'a> {
    /// Reads the object of a decision. What stands beside id and state must not hide them.
    pub(crate) fn of(decision: &Object<'a>) -> Result<Self, JsonError> {
        let time = |name: &str| decision.text(name).given().and_then(|at| at.parse().ok());
        Ok(Self {
            id: named(decision)?,
            attempt: decision.text("attemptId").given(),
            status: decision.required_text("status")?,
            reason_code: decision.word("reasonCode").given(),
            vendor_data: decision.text("vendorData").given(),
            // `acceptanceTime` is that of the session, not of the decision.
            at: time("decisionTime"),
        })
    }
}

/// The session that an object is about. An id in another form is that of another session.
fn named<'a>(object: &Object<'a>) -> Result<Cow<'a, str>, JsonError> {
    let id = object.word("id").filter(|id| !id.is_empty()).optional()?;
    id.ok_or_else(|| JsonError::Missing("id".to_owned()))
}

/// One try of the applicant.
pub(crate) struct Attempt {
    pub(crate) id: Option<String>,
    pub(crate) status: String,
    pub(crate) at: Option<Timestamp>,
}

/// The latest attempt (devdocs.veriff.com, "GET /v1/sessions/{id}/attempts"); `None` where there is none.
pub(crate) fn latest_attempt(text: &str) -> Result<Option<Attempt>> {
    let answer = succeeded(text)?;
    let attempts = answer.get("verifications").and_then(|list| list.list("verifications")).optional()?;
    let attempts = attempts.ok_or_else(|| answer.lacks("verifications"))?;
    let mut latest: Option<Attempt> = None;
    for attempt in attempts {
        let attempt = attempt.object("verifications").optional()?.ok_or_else(unreadable)?;
        let attempt = Attempt {
            id: attempt.text("id").given().map(Cow::into_owned),
            status: attempt.required_text("status")?.into_owned(),
            at: attempt.text("createdTime").given().and_then(|at| at.parse().ok()),
        };
        if latest.as_ref().is_none_or(|before| before.at <= attempt.at) {
            latest = Some(attempt);
        }
    }
    Ok(latest)
}

fn unreadable() -> Error {
    invalid_response("an attempt in the vendor's answer is no object")
}

/// The id in the answer to a deletion (devdocs.veriff.com, "DELETE /v1/sessions/{id}").
pub(crate) fn deleted(text: &str) -> Result<String> {
    let answer = succeeded(text)?;
    let session = answer.object("verification").optional()?.ok_or_else(|| answer.lacks("verification"))?;
    Ok(named(&session)?.into_owned())
}

/// An answer that says that it worked, and not `"status":"fail"`.
fn succeeded(text: &str) -> Result<Object<'_>> {
    let answer = Object::parse(text)?;
    answer.refuse_error_envelope()?;
    match answer.text("status") {
        Found::Given(word) if !word.eq_ignore_ascii_case("success") => {
            Err(invalid_response("the vendor's answer is an error envelope, which is no state"))
        }
        Found::Unreadable(error) => Err((*error).into()),
        _ => Ok(answer),
    }
}
