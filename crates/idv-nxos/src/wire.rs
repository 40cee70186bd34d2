//! nxos's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use idv_core::{Result, Timestamp};
use idv_http::json::{self, Found, JsonError, Object};
use serde::Serialize;

/// "VerificationSession" (docs.nxos.io, "Start verification").
pub(crate) struct Session<'a> {
    pub(crate) url: Cow<'a, str>,
    pub(crate) access_token: Option<Cow<'a, str>>,
}

impl<'a> Session<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let object = Object::parse_only(text, &["url", "accessToken"])?;
        Ok(Self { url: object.required_text("url")?, access_token: object.text("accessToken").optional()? })
    }
}

/// "OrganizationVerification" (docs.nxos.io, "Get verification"). Only the status has to have its documented form: what
/// stands beside it must not hide it. nxos does not say which organization it is.
pub(crate) struct OrganizationVerification<'a> {
    pub(crate) status: Cow<'a, str>,
    pub(crate) subject: Option<Cow<'a, str>>,
    pub(crate) updated_at: Option<Timestamp>,
}

impl<'a> OrganizationVerification<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let object = Object::parse_only(text, &["status", "type", "updatedAt", "object", "error", "errors"])?;
        object.refuse_error_envelope()?;
        Ok(Self {
            status: object.required_text("status")?,
            subject: object.text("type").given(),
            updated_at: object.text("updatedAt").given().and_then(|at| at.parse().ok()),
        })
    }
}

/// The body of an import (docs.nxos.io, "Import verification").
#[derive(Serialize)]
pub(crate) struct Import<'a> {
    #[serde(rename = "shareToken")]
    pub(crate) share_token: &'a str,
}

/// A webhook (docs.nxos.io, "Webhooks"). The fields of its `data` are not documented, so it stays open: what is of another
/// kind there is as if it were not there. An organization that stands twice is none, and then nobody's status stands there.
pub(crate) struct Event<'a> {
    pub(crate) event_type: Cow<'a, str>,
    pub(crate) timestamp: Option<Timestamp>,
    pub(crate) organization: Option<Cow<'a, str>>,
    pub(crate) status: Option<Cow<'a, str>>,
}

impl<'a> Event<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, JsonError> {
        let object = Object::parse_only(json::text_of(body)?, &["type", "timestamp", "data"])?;
        let data = object.object_only("data", &["organizationId", "status"]);
        let in_data = |name: &str| match &data {
            Found::Given(data) => data.text(name),
            _ => Found::Absent,
        };
        let organization = in_data("organizationId");
        let is_clear = !matches!(organization, Found::Unreadable(JsonError::Twice(_)));
        Ok(Self {
            event_type: object.required_text("type")?,
            timestamp: object.text("timestamp").given().and_then(|at| at.parse().ok()),
            organization: organization.given(),
            status: in_data("status").given().filter(|_| is_clear),
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
