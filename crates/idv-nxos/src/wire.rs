//! nxos's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use idv_core::{Result, Timestamp};
use idv_http::json::{self, JsonError, Places};
use serde::Serialize;

/// "VerificationSession" (docs.nxos.io, "Start verification").
pub(crate) struct Session<'a> {
    pub(crate) url: Cow<'a, str>,
    pub(crate) access_token: Option<Cow<'a, str>>,
}

#[derive(Clone, Copy, PartialEq)]
enum SessionFact {
    Url,
    AccessToken,
}

static SESSION: Places<SessionFact> =
    Places::new(&[(SessionFact::Url, &["url"]), (SessionFact::AccessToken, &["accessToken"])]);

impl<'a> Session<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let session = SESSION.read(text)?;
        Ok(Self {
            url: session.required_text(SessionFact::Url)?,
            access_token: session.text(SessionFact::AccessToken).optional()?,
        })
    }
}

/// "OrganizationVerification" (docs.nxos.io, "Get verification"). Only the status has to have its documented form: what
/// stands beside it must not hide it. nxos does not say which organization it is.
pub(crate) struct OrganizationVerification<'a> {
    pub(crate) status: Cow<'a, str>,
    pub(crate) subject: Option<Cow<'a, str>>,
    pub(crate) updated_at: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq)]
enum VerificationFact {
    Status,
    Subject,
    UpdatedAt,
}

static VERIFICATION: Places<VerificationFact> = Places::new(&[
    (VerificationFact::Status, &["status"]),
    (VerificationFact::Subject, &["type"]),
    (VerificationFact::UpdatedAt, &["updatedAt"]),
]);

impl<'a> OrganizationVerification<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let verification = VERIFICATION.read(text)?;
        verification.refuse_error_envelope()?;
        Ok(Self {
            status: verification.required_text(VerificationFact::Status)?,
            subject: verification.text(VerificationFact::Subject).given(),
            updated_at: verification.text(VerificationFact::UpdatedAt).given().and_then(|at| at.parse().ok()),
        })
    }
}

/// The body of an import (docs.nxos.io, "Import verification").
#[derive(Serialize)]
pub(crate) struct Import<'a> {
    #[serde(rename = "shareToken")]
    pub(crate) share_token: &'a str,
}

/// A webhook (docs.nxos.io, "Webhooks"). The fields of its `data` are not documented, so it stays open: a field of another
/// kind counts as absent. An organization that is given twice counts as absent, and so does the status beside it.
pub(crate) struct Event<'a> {
    pub(crate) event_type: Cow<'a, str>,
    pub(crate) timestamp: Option<Timestamp>,
    pub(crate) organization: Option<Cow<'a, str>>,
    pub(crate) status: Option<Cow<'a, str>>,
}

#[derive(Clone, Copy, PartialEq)]
enum EventFact {
    EventType,
    Timestamp,
    Organization,
    Status,
}

static EVENT: Places<EventFact> = Places::new(&[
    (EventFact::EventType, &["type"]),
    (EventFact::Timestamp, &["timestamp"]),
    (EventFact::Organization, &["data", "organizationId"]),
    (EventFact::Status, &["data", "status"]),
]);

impl<'a> Event<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, JsonError> {
        let event = EVENT.read(json::text_of(body)?)?;
        let organization = event.text(EventFact::Organization);
        let status = match organization.is_repeated() {
            true => None,
            false => event.text(EventFact::Status).given(),
        };
        Ok(Self {
            event_type: event.required_text(EventFact::EventType)?,
            timestamp: event.text(EventFact::Timestamp).given().and_then(|at| at.parse().ok()),
            organization: organization.given(),
            status,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_no_webhook() {
        for body in [r#"["x"]"#, r#" ["x","2026-07-01T09:12:44Z",{"status":"APPROVED"}]"#] {
            assert!(Event::parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn a_fact_that_stands_twice_is_none() {
        let event = |data: &str| {
            let body = format!(r#"{{"type":"x","data":{data}}}"#);
            let event = Event::parse(body.as_bytes()).unwrap();
            (event.organization.map(Cow::into_owned), event.status.map(Cow::into_owned))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(event(r#"{"status":"a","organizationId":"b"}"#), (some("b"), some("a")));
        assert_eq!(event(r#"{"status":"a","status":"c","organizationId":"b"}"#), (some("b"), None));
        assert_eq!(event(r#"{"status":"a","organizationId":"b","organization\u0049d":"c"}"#), (None, None));
        assert!(Event::parse(br#"{"type":"x","type":"y"}"#).is_err());
        let twice = br#"{"type":"x","data":{"status":"a"},"data":{"status":"b"}}"#;
        assert!(Event::parse(twice).unwrap().status.is_none());
    }
}
