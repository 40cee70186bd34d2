//! What stands before every simulated vendor: it records the request, and may answer in the vendor's place.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;

use crate::answer::Answer;
use crate::canned::CannedAnswer;
use crate::recorded::RecordedRequest;

/// A larger request is answered 413; it is recorded without its body.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// All the bodies on record together take no more than this.
const RECORD_LIMIT: usize = 64 * BODY_LIMIT;

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
    /// The sum of the lengths of the recorded bodies.
    bytes: usize,
    canned: VecDeque<CannedAnswer>,
}

impl Tap {
    pub(crate) fn new(cap: usize) -> Self {
        let inner = Inner { cap, dropped: 0, requests: VecDeque::new(), bytes: 0, canned: VecDeque::new() };
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
        inner.bytes = 0;
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
        self.requests.push_back(RecordedRequest::new(parts, body));
        self.bytes += body.len();
        let number = self.dropped + self.requests.len() as u64;
        while self.requests.len() > self.cap || self.bytes > RECORD_LIMIT {
            let Some(oldest) = self.requests.pop_front() else { break };
            self.bytes -= oldest.body.len();
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
