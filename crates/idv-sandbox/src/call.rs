//! One request as the simulated vendors read it.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Uri};
use serde_json::{Map, Value};

use crate::answer::Answer;

/// A larger request is answered 413; it is recorded without its body.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// A request whose body has been read.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The reason why a body is not the JSON object that an endpoint expects.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NotJson {
    ContentType,
    Malformed,
}

impl NotJson {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::ContentType => "The Content-Type must be application/json.",
            Self::Malformed => "The request body must be a JSON object.",
        }
    }
}

impl Call {
    /// The first value of a header. A value that is not ASCII counts as present, but equals no expected value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"))
    }

    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let query = self.uri.query()?;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub(crate) fn json(&self) -> Result<Map<String, Value>, NotJson> {
        let essence = self.header(CONTENT_TYPE.as_str()).and_then(|value| value.split(';').next());
        if !essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json")) {
            return Err(NotJson::ContentType);
        }
        serde_json::from_slice(&self.body).map_err(|_| NotJson::Malformed)
    }
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Answer;

    async fn from_request(request: Request, _: &S) -> Result<Self, Answer> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| Answer::text(413, "Body too large"))?;
        Ok(Self { method: parts.method, uri: parts.uri, headers: parts.headers, body })
    }
}
