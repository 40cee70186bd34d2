//! What the control routes of all vendors share.

use axum::extract::{FromRequest, Request, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::error::Error;
use crate::fault::{CannedAnswer, Fault, FaultKind};
use crate::recorded::RecordedRequest;
use crate::signed::SignedWebhook;
use crate::tap::Tap;

/// A refusal of the control API.
#[derive(Debug)]
pub(super) struct Refusal(u16, String);

pub(super) type Outcome = Result<Json<Value>, Refusal>;

impl Refusal {
    pub(super) fn full() -> Self {
        Self(409, "the sandbox is full".to_owned())
    }

    pub(super) fn unknown(what: &'static str, id: &str) -> Self {
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
            | Error::TooMany { .. } => 409,
            Error::Delivery(_) => 502,
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
        Answer::json(self.0, &json!({ "error": self.1 })).into_response()
    }
}

pub(super) async fn unknown_route() -> Refusal {
    Refusal(404, "there is no such route; see the documentation of `idv_sandbox::control`".to_owned())
}

pub(super) fn done() -> Outcome {
    Ok(Json(json!({})))
}

/// The fields of a POST. Demanding the content type keeps web pages out: they cannot send it across origins unasked.
#[derive(Debug)]
pub(super) struct Input<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let call = Call::from_request(request, state).await;
        let call = call.map_err(|_| Refusal(400, "the body is too large".to_owned()))?;
        let fields = if call.body.is_empty() {
            Map::new()
        } else {
            call.json().map_err(|why| Refusal(400, why.message().to_owned()))?
        };
        let input = serde_json::from_value(Value::Object(fields));
        input.map(Self).map_err(|why| Refusal(400, why.to_string()))
    }
}

/// The part of an input that says where a webhook goes.
pub(super) async fn webhook(webhook: SignedWebhook, deliver_to: Option<String>) -> Outcome {
    let delivered = match deliver_to {
        Some(url) => Some(webhook.deliver(&url).await?),
        None => None,
    };
    let body = String::from_utf8_lossy(&webhook.body);
    Ok(Json(json!({ "headers": webhook.headers, "body": body, "delivered": delivered })))
}

/// The routes about requests and canned answers.
pub(super) fn tap_routes(tap: &Tap) -> Router {
    Router::new()
        .route("/requests", get(requests).delete(clear_requests))
        .route("/answers", post(answer_next))
        .with_state(tap.clone())
}

async fn requests(State(tap): State<Tap>) -> Json<Value> {
    let requests: Vec<Value> = tap.requests().iter().map(describe).collect();
    Json(json!({ "requests": requests }))
}

fn describe(request: &RecordedRequest) -> Value {
    json!({
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": request.headers,
        "body": request.text(),
        "body_base64": STANDARD.encode(&request.body),
        "status": request.status,
    })
}

async fn clear_requests(State(tap): State<Tap>) -> Outcome {
    tap.clear_requests();
    done()
}

async fn answer_next(State(tap): State<Tap>, Input(answer): Input<CannedAnswer>) -> Outcome {
    tap.add_fault(Fault::new(FaultKind::Answer(answer)))?;
    done()
}

/// The fields of the `sign` route.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    pub(super) body: String,
    pub(super) deliver_to: Option<String>,
}
