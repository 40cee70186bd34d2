//! Stripe's shapes: the form of a start, and the JSON of sessions, lenient in what it accepts.

use std::borrow::Cow;

use idv_core::{ErasureState, Error, ErrorKind, Pii, Result, StartRequest, lookup_ignore_case};
use idv_http::invalid_response;
use idv_http::json::{Found, JsonError, Object};
use serde::Serialize;

use crate::auth::Mode;
use crate::config::{DocumentChecks, VerificationType};
use crate::mapping::LastError;

/// The body of a start (docs.stripe.com, "Create a VerificationSession"). What is `None` is left out of the form.
#[derive(Serialize)]
pub(crate) struct NewSession<'a> {
    #[serde(rename = "type")]
    kind: Option<VerificationType>,
    verification_flow: Option<&'a str>,
    client_reference_id: &'a str,
    return_url: Option<&'a str>,
    options: Option<Options<'a>>,
    provided_details: Details<'a>,
}

#[derive(Serialize)]
struct Options<'a> {
    document: &'a DocumentChecks,
}

#[derive(Serialize)]
struct Details<'a> {
    email: Option<&'a str>,
    phone: Option<&'a str>,
}

/// The check of a session: one of Stripe's own, or a flow of the dashboard, which brings its own options.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'a> {
    Check(VerificationType, Option<&'a DocumentChecks>),
    Flow(&'a str),
}

impl<'a> NewSession<'a> {
    /// The body for a request, with the return URL as it was validated.
    pub(crate) fn of(request: &'a StartRequest, wanted: Wanted<'a>, return_url: Option<&'a str>) -> Self {
        let (kind, verification_flow, document) = match wanted {
            Wanted::Check(kind, document) => (Some(kind), None, document),
            Wanted::Flow(flow) => (None, Some(flow), None),
        };
        Self {
            kind,
            verification_flow,
            client_reference_id: &request.reference,
            return_url,
            options: document.map(|document| Options { document }),
            provided_details: Details {
                email: request.email.as_ref().map(Pii::expose),
                phone: request.phone.as_ref().map(Pii::expose),
            },
        }
    }
}

/// A session (docs.stripe.com, the VerificationSession object). What stands beside id and state must not hide them.
pub(crate) struct Session<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) status: Cow<'a, str>,
    /// The error, where there is one, with its code.
    last_error: Option<Option<Cow<'a, str>>>,
    pub(crate) reference: Option<Cow<'a, str>>,
    /// How far the deletion of its data is, where it was asked for.
    pub(crate) redaction: Option<ErasureState>,
    pub(crate) mode: Option<Mode>,
    /// All members.
    pub(crate) own: Object<'a>,
}

impl<'a> Session<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let answer = Object::parse(text)?;
        answer.refuse_error_envelope()?;
        Ok(Self::of(answer)?)
    }

    pub(crate) fn of(own: Object<'a>) -> Result<Self, JsonError> {
        let last_error = own.object("last_error").optional()?;
        Ok(Self {
            id: named(&own)?,
            status: own.required_text("status")?,
            last_error: last_error.map(|error| error.text("code").given()),
            reference: own.text("client_reference_id").given().filter(|reference| !reference.is_empty()),
            redaction: redaction(&own)?,
            mode: own.word("livemode").given().as_deref().and_then(Mode::of_flag),
            own,
        })
    }

    pub(crate) fn last_error(&self) -> Option<LastError<'_>> {
        self.last_error.as_ref().map(|code| LastError { code: code.as_deref() })
    }

    /// Refuses the answer about a session that was not asked for, or of the other mode than the key's.
    pub(crate) fn ensure(&self, id: Option<&str>, mode: Option<Mode>) -> Result<()> {
        if id.is_some_and(|id| id != self.id) {
            return Err(Error::new(ErrorKind::Conflict, "the vendor answered about another session"));
        }
        match (mode, self.mode) {
            (Some(own), Some(said)) if own != said => {
                Err(invalid_response("the session in the vendor's answer is of the other mode than the key"))
            }
            _ => Ok(()),
        }
    }
}

/// The session that an object is about.
pub(crate) fn named<'a>(object: &Object<'a>) -> Result<Cow<'a, str>, JsonError> {
    let id = object.word("id").filter(|id| !id.is_empty()).optional()?;
    id.ok_or_else(|| JsonError::Missing("id".to_owned()))
}

/// `redaction.status` (docs.stripe.com, "Redact a VerificationSession": it takes up to four days). A word that is not known is not
/// the end.
fn redaction(session: &Object<'_>) -> Result<Option<ErasureState>, JsonError> {
    const DONE: &[(&str, ErasureState)] = &[("redacted", ErasureState::Done)];
    let Some(redaction) = session.object("redaction").optional()? else { return Ok(None) };
    let word = redaction.required_text("status")?;
    Ok(Some(lookup_ignore_case(DONE, &word).unwrap_or(ErasureState::Accepted)))
}

/// One page of a list (docs.stripe.com, "Pagination").
pub(crate) struct Page<'a> {
    pub(crate) sessions: Vec<Session<'a>>,
    pub(crate) has_more: bool,
}

impl<'a> Page<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let answer = Object::parse(text)?;
        answer.refuse_error_envelope()?;
        let data = answer.get("data").and_then(|list| list.list("data")).optional()?;
        let data = data.ok_or_else(|| answer.lacks("data"))?;
        let sessions = data.into_iter().map(|one| match one.object("data") {
            Found::Given(session) => Ok(Session::of(session)?),
            _ => Err(invalid_response("a session in the vendor's list is no object")),
        });
        let has_more = match answer.word("has_more").optional()?.as_deref() {
            Some("true") => true,
            Some("false") => false,
            _ => return Err(invalid_response("the vendor's list does not say whether it goes on")),
        };
        Ok(Self { sessions: sessions.collect::<Result<_>>()?, has_more })
    }
}
