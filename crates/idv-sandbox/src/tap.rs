//! What stands before every simulated vendor: it records the request, and may answer in the vendor's place.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;

/// A larger request is answered 413; it is recorded without its body.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// One request that a simulated vendor received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method, such as `POST`.
    pub method: String,
    /// The path, percent-encoded as sent.
    pub path: String,
    /// The query without its question mark, percent-encoded as sent.
    pub query: Option<String>,
    /// The headers in the order received, names in lower case. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body as sent; empty where it was larger than one mebibyte.
    pub body: Vec<u8>,
    /// The status answered; `None` while the vendor is still at work, or when the client left before the answer.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The value of the first header of this name; the name is compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An answer that replaces the vendor's own, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CannedAnswer {
    /// The HTTP status, 200 to 999. Anything else, like a header that HTTP does not allow, is answered 500 with a text
    /// that says so.
    pub status: u16,
    /// The content type; none is sent where this is empty.
    #[serde(default)]
    pub content_type: String,
    /// Further headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, with = "body_text")]
    pub body: Vec<u8>,
}

impl CannedAnswer {
    /// An answer whose body is said to be JSON; whether it is, is the caller's business.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type: "application/json".to_owned(), headers: Vec::new(), body: body.into() }
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

    fn into_response(self) -> Response<Body> {
        let invalid = || Answer::text(500, "The canned answer is not valid HTTP").into_response();
        // An interim status is no answer, and the connection would hang.
        if self.status < 200 {
            return invalid();
        }
        let mut response = Response::builder().status(self.status);
        if !self.content_type.is_empty() {
            response = response.header(CONTENT_TYPE, self.content_type);
        }
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from(self.body)).unwrap_or_else(|_| invalid())
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

/// The record and the queue of canned answers of one vendor.
#[derive(Clone, Debug)]
pub(crate) struct Tap {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    cap: usize,
    /// The number of requests ever dropped from the front, so that a late answer finds its request.
    dropped: u64,
    requests: VecDeque<RecordedRequest>,
    canned: VecDeque<CannedAnswer>,
}

impl Tap {
    pub(crate) fn new(cap: usize) -> Self {
        let inner = Inner { cap, dropped: 0, requests: VecDeque::new(), canned: VecDeque::new() };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(crate) fn clear_requests(&self) {
        let mut inner = self.lock();
        inner.dropped += inner.requests.len() as u64;
        inner.requests.clear();
    }

    pub(crate) fn answer_next(&self, answer: CannedAnswer) {
        self.lock().canned.push_back(answer);
    }

    pub(crate) fn queued_answers(&self) -> usize {
        self.lock().canned.len()
    }

    /// The middleware.
    pub(crate) async fn watch(State(tap): State<Self>, request: Request, next: Next) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_LIMIT).await;
        let (number, canned) = tap.lock().arrive(&parts, body.as_deref().unwrap_or_default());
        let response = match (canned, body) {
            (Some(canned), _) => canned.into_response(),
            (None, Err(_)) => Answer::text(413, "Payload Too Large").into_response(),
            (None, Ok(body)) => next.run(Request::from_parts(parts, Body::from(body))).await,
        };
        tap.lock().leave(number, response.status());
        response
    }
}

impl Inner {
    fn arrive(&mut self, parts: &Parts, body: &[u8]) -> (u64, Option<CannedAnswer>) {
        self.requests.push_back(record(parts, body));
        let number = self.dropped + self.requests.len() as u64;
        while self.requests.len() > self.cap {
            self.requests.pop_front();
            self.dropped += 1;
        }
        (number, self.canned.pop_front())
    }

    fn leave(&mut self, number: u64, status: StatusCode) {
        let Some(position) = number.checked_sub(self.dropped + 1) else { return };
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        if let Some(request) = self.requests.get_mut(position) {
            request.status = Some(status.as_u16());
        }
    }
}

fn record(parts: &Parts, body: &[u8]) -> RecordedRequest {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = parts.headers.iter();
    RecordedRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
        body: body.to_vec(),
        status: None,
    }
}

/// What every vendor handle has: where it listens, the clock, and the tap.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) base_url: String,
    pub(crate) clock: crate::clock::Clock,
    pub(crate) tap: Tap,
    /// Over HTTP no more organizations, users or sessions than this are taken.
    pub(crate) capacity: usize,
}

/// The methods that the three vendor handles share.
macro_rules! front_methods {
    ($handle:ident) => {
        impl $handle {
            pub(crate) fn tap(&self) -> &crate::tap::Tap {
                &self.shared.front.tap
            }

            /// `http://127.0.0.1:PORT`, without a trailing slash.
            #[must_use]
            pub fn base_url(&self) -> &str {
                &self.shared.front.base_url
            }

            /// The requests received so far, oldest first. Visits to hosted pages are not among them. Beyond the
            /// limit set in [`SandboxBuilder::recorded_requests`](crate::SandboxBuilder::recorded_requests) the
            /// oldest are forgotten.
            #[must_use]
            pub fn requests(&self) -> Vec<crate::RecordedRequest> {
                self.shared.front.tap.requests()
            }

            /// Forgets the requests received so far.
            pub fn clear_requests(&self) {
                self.shared.front.tap.clear_requests();
            }

            /// The next request gets this answer instead of the vendor's, whatever it asks and whether or not it is
            /// authenticated. The request is recorded, changes nothing at the vendor, and spends no limit. Several
            /// canned answers queue up.
            pub fn answer_next(&self, answer: crate::CannedAnswer) {
                self.shared.front.tap.answer_next(answer);
            }
        }
    };
}
pub(crate) use front_methods;
