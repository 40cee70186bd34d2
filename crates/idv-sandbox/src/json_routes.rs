//! Parts that the routes of the control API share: parsing, refusing, and common results.

use std::sync::LazyLock;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;
use utoipa::{IntoResponses, ToSchema};

use crate::answer::Answer;
use crate::call::Call;
use crate::error::Error;
use crate::signed::SignedWebhook;

/// A refusal of the control API.
#[derive(Debug)]
pub(crate) struct Refusal(u16, String);

pub(crate) type Outcome<T> = Result<Json<T>, Refusal>;

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refused {
    /// The error, in one sentence.
    error: String,
}

/// The refusals that every route may give, for the document.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "the document is made of the type; refusals are made of `Refusal`")]
pub(crate) enum Refusals {
    /// The request is invalid; the text says why.
    #[response(status = 400)]
    BadRequest(Refused),
    /// The request came with a host name that a foreign web page could have, or from a foreign web page.
    #[response(status = 403)]
    Forbidden(Refused),
    /// The resource does not exist.
    #[response(status = 404)]
    NotFound(Refused),
    /// The act is not possible in this state, or the sandbox has reached its capacity.
    #[response(status = 409)]
    Conflict(Refused),
}

/// The routes of one vendor and their document, made once for the process and shared by all sandboxes.
pub(crate) type Documented<S> = LazyLock<(Router<S>, OpenApi)>;

/// The answer of routes without a result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {}

pub(crate) fn done() -> Outcome<Done> {
    Ok(Json(Done {}))
}

impl Refusal {
    pub(crate) fn new(status: u16, text: impl Into<String>) -> Self {
        Self(status, text.into())
    }

    pub(crate) fn full() -> Self {
        Self::new(409, "the sandbox is full")
    }

    pub(crate) fn unknown(what: &'static str, id: &str) -> Self {
        Error::Unknown { what, id: id.to_owned() }.into()
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::Unknown { .. } => 404,
            Error::NoOpenSession { .. }
            | Error::NoRedirect { .. }
            | Error::NotPossible { .. }
            | Error::TooMany { .. }
            | Error::Delivery(_) => 409,
            Error::Listen { .. }
            | Error::NotLoopback
            | Error::InvalidWebhook(_)
            | Error::BadReason
            | Error::BadWord
            | Error::BadFault(_)
            | Error::UnknownOperation { .. } => 400,
        };
        Self(status, error.to_string())
    }
}

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> axum::response::Response {
        let body = serde_json::to_value(Refused { error: self.1 }).unwrap_or(Value::Null);
        Answer::json(self.0, &body).into_response()
    }
}

pub(crate) async fn unknown_route() -> Refusal {
    Refusal::new(404, "there is no such route; GET /openapi.json lists them all")
}

/// The fields of a POST. The required content type keeps web pages out: they cannot send it across origins without a
/// preflight.
#[derive(Debug)]
pub(crate) struct Input<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let call = Call::from_request(request, state).await;
        let call = call.map_err(|_| Refusal::new(400, "the body is too large, or broke off"))?;
        let fields = if call.body.is_empty() {
            Map::new()
        } else {
            call.json().map_err(|why| Refusal::new(400, why.message()))?
        };
        let input = serde_json::from_value(Value::Object(fields));
        input.map(Self).map_err(|why| Refusal::new(400, why.to_string()))
    }
}

/// The parts of a path.
#[derive(Debug)]
pub(crate) struct Route<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Route<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(found)| Self(found)).map_err(|why| Refusal::new(404, why.body_text()))
    }
}

/// A signed webhook, and the outcome of its delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Names and values.
    #[schema(value_type = Vec<[String; 2]>)]
    headers: Vec<(String, String)>,
    /// The exact text that was signed.
    body: String,
    /// The status that the receiver answered; null where it was not posted or gave no answer.
    delivered: Option<u16>,
    /// The reason why there was no answer.
    error: Option<String>,
}

/// Posts the webhook where a URL is given.
pub(crate) async fn webhook(webhook: SignedWebhook, deliver_to: Option<String>) -> Outcome<Webhook> {
    let (delivered, error) = match deliver_to {
        None => (None, None),
        Some(url) => match webhook.deliver(&url).await {
            Ok(status) => (Some(status), None),
            Err(broken @ Error::Delivery(_)) => (None, Some(broken.to_string())),
            Err(error) => return Err(error.into()),
        },
    };
    let body = String::from_utf8_lossy(&webhook.body).into_owned();
    Ok(Json(Webhook { headers: webhook.headers, body, delivered, error }))
}

/// The fields of a `sign` route.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sign {
    /// Any text.
    pub(crate) body: String,
    /// A plain `http` URL on loopback, to which the webhook is posted once.
    pub(crate) deliver_to: Option<String>,
}
