//! Canned answers that replace the vendor's own.

use axum::body::Body;
use axum::http::Response;
use axum::http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::clock::http_date;

/// An answer that replaces the vendor's own, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannedAnswer {
    /// The HTTP status, 200 to 999. Anything else, like a header that HTTP does not allow, is answered 500 with a text
    /// that says so.
    #[schema(minimum = 200, maximum = 999)]
    pub status: u16,
    /// The content type; none is sent where this is empty.
    #[serde(default)]
    pub content_type: String,
    /// Further headers.
    #[serde(default)]
    #[schema(value_type = Vec<[String; 2]>)]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, with = "body_text")]
    #[schema(value_type = String)]
    pub body: Vec<u8>,
    /// A `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<RetryAfter>,
}

/// The two forms of `Retry-After` (RFC 9110, section 10.2.3). In JSON `{"seconds": 5}` or `{"date_in": 5}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// So many seconds.
    Seconds(u32),
    /// The date so many seconds from now on the simulated clock. The answer's `Date` header is then the simulated time,
    /// so that the two agree.
    DateIn(u32),
}

impl CannedAnswer {
    /// An answer with a JSON content type; the body is not checked.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: "application/json".to_owned(),
            headers: Vec::new(),
            body: body.into(),
            retry_after: None,
        }
    }

    /// An answer in plain text.
    pub fn text(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { content_type: "text/plain".to_owned(), ..Self::json(status, body) }
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same answer with a `Retry-After` header.
    #[must_use]
    pub fn retry_after(mut self, retry_after: RetryAfter) -> Self {
        self.retry_after = Some(retry_after);
        self
    }

    /// Whether the status can be sent. An interim status would leave the client waiting for the answer.
    pub(crate) fn is_valid(&self) -> bool {
        self.status >= 200 && self.clone().build(0).is_ok()
    }

    pub(crate) fn into_response(self, now: i64) -> Response<Body> {
        let invalid = || Answer::text(500, "The canned answer is not valid HTTP").into_response();
        if self.status < 200 {
            return invalid();
        }
        self.build(now).unwrap_or_else(|_| invalid())
    }

    fn build(self, now: i64) -> Result<Response<Body>, axum::http::Error> {
        let mut response = Response::builder().status(self.status);
        if !self.content_type.is_empty() {
            response = response.header(CONTENT_TYPE, self.content_type);
        }
        match self.retry_after {
            Some(RetryAfter::Seconds(seconds)) => response = response.header(RETRY_AFTER, seconds),
            Some(RetryAfter::DateIn(seconds)) => {
                let then = now.saturating_add(i64::from(seconds) * 1000);
                response = response.header(DATE, http_date(now)).header(RETRY_AFTER, http_date(then));
            }
            None => {}
        }
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from(self.body))
    }
}

/// In the control API a canned body is a JSON string.
mod body_text {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(body))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        String::deserialize(deserializer).map(String::into_bytes)
    }
}
