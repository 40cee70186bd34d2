//! Onfido's JSON: the bodies of a start, and applicants and runs, lenient in what it accepts.

use std::borrow::Cow;

use idv_core::{Error, ErrorKind, Pii, Result, StartRequest, Timestamp};
use idv_http::invalid_response;
use idv_http::json::{Found, JsonError, Object, Value};
use serde::Serialize;

use crate::mapping::{self, Outcome};

/// The body that makes an applicant (OpenAPI specification, `applicant_builder`).
#[derive(Serialize)]
pub(crate) struct NewApplicant<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dob: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
}

impl<'a> NewApplicant<'a> {
    pub(crate) fn of(request: &'a StartRequest) -> Self {
        let told = |fact: &'a Option<Pii>| fact.as_ref().map(Pii::expose);
        Self {
            first_name: told(&request.first_name),
            last_name: told(&request.last_name),
            email: told(&request.email),
            dob: told(&request.date_of_birth),
            phone_number: told(&request.phone),
        }
    }
}

/// The body that makes a run (OpenAPI specification, `workflow_run_builder`). The reference stands in `customer_user_id`, and in the
/// tags too, because a search knows these alone.
#[derive(Serialize)]
pub(crate) struct NewRun<'a> {
    pub(crate) workflow_id: &'a str,
    pub(crate) applicant_id: &'a str,
    pub(crate) customer_user_id: &'a str,
    pub(crate) tags: [Cow<'a, str>; 1],
    #[serde(skip_serializing_if = "NewLink::is_empty")]
    pub(crate) link: NewLink<'a>,
}

/// The link of a run that is made. A browser that opens a link too late comes back as well.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct NewLink<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) completed_redirect_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expired_redirect_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<&'static str>,
}

impl NewLink<'_> {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The id of an applicant who was made (OpenAPI specification, `applicant`).
pub(crate) fn applicant(text: &str) -> Result<String> {
    let answer = Object::parse(text)?;
    answer.refuse_error_envelope()?;
    let id = named(&answer)?;
    match mapping::is_id(&id) {
        true => Ok(id.into_owned()),
        false => Err(invalid_response("the id of the applicant in the vendor's answer is no UUID")),
    }
}

/// A run (OpenAPI specification, `workflow_run`). Details beside id and state must not hide them.
pub(crate) struct Run<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) outcome: Outcome<'a>,
    pub(crate) applicant: Option<Cow<'a, str>>,
    /// The application's reference.
    pub(crate) reference: Option<Cow<'a, str>>,
    pub(crate) updated_at: Option<Timestamp>,
    /// All members.
    pub(crate) own: Object<'a>,
}

impl<'a> Run<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        Self::of(Object::parse(text)?)
    }

    /// Reads a run. One that ended with an error has that error beside it; beside any other state, an error is an envelope.
    fn of(own: Object<'a>) -> Result<Self> {
        let status = own.text("status").optional()?;
        if !status.as_deref().is_some_and(mapping::is_error) {
            own.refuse_error_envelope()?;
        }
        let status = status.ok_or_else(|| own.lacks("status"))?;
        Ok(Self {
            id: named(&own)?,
            outcome: Outcome { status, reasons: reasons(&own), error: error_type(&own) },
            applicant: own.text("applicant_id").given().filter(|id| !id.is_empty()),
            reference: own.text("customer_user_id").given().filter(|reference| !reference.is_empty()),
            updated_at: own.text("updated_at").given().and_then(|time| time.parse().ok()),
            own,
        })
    }

    /// Refuses the answer about a run that was not asked for.
    pub(crate) fn ensure(&self, id: &str) -> Result<()> {
        match self.id == id {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Conflict, "the vendor answered about another workflow run")),
        }
    }

    /// The runs of one page of a list, which is a bare array.
    pub(crate) fn page(text: &'a str) -> Result<Vec<Self>> {
        let page = Value::parse(text)?.list("workflow runs").optional()?;
        let page = page.ok_or_else(|| invalid_response("the vendor's list of workflow runs is `null`"))?;
        let run = |one: Value<'a>| match one.object("workflow run") {
            Found::Given(run) => Self::of(run),
            _ => Err(invalid_response("a workflow run in the vendor's list is no object")),
        };
        page.into_iter().map(run).collect()
    }
}

/// The id of an object.
fn named<'a>(object: &Object<'a>) -> Result<Cow<'a, str>, JsonError> {
    let id = object.word("id").filter(|id| !id.is_empty()).optional()?;
    id.ok_or_else(|| JsonError::Missing("id".to_owned()))
}

/// `reasons`: texts that the author of the workflow wrote.
pub(crate) fn reasons<'a>(run: &Object<'a>) -> Vec<Cow<'a, str>> {
    let list = run.get("reasons").and_then(|list| list.list("reasons")).given().unwrap_or_default();
    list.into_iter().filter_map(Value::lossy_text).filter(|reason| !reason.is_empty()).collect()
}

/// `error.type`. The `message` beside it is for people at the vendor.
pub(crate) fn error_type<'a>(run: &Object<'a>) -> Option<Cow<'a, str>> {
    run.object("error").given()?.text("type").given().filter(|code| !code.is_empty())
}
