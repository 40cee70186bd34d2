//! The request recorder and fault injector in front of every simulated vendor.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;

use crate::answer::Answer;
use crate::call::BODY_LIMIT;
use crate::clock::Clock;
use crate::error::Result;
use crate::fault::{CannedAnswer, Fault, FaultKind, FaultMix, Hangup, Plan, disturb, hang_up};
use crate::omen::Omens;
use crate::profile::Profile;
use crate::recorded::RecordedRequest;

/// The most bytes that all recorded bodies take together.
const RECORD_LIMIT: usize = 64 * BODY_LIMIT;

/// The recorder and the fault plan of one vendor.
#[derive(Clone, Debug)]
pub(crate) struct Tap {
    profile: &'static Profile,
    clock: Clock,
    inner: Arc<Mutex<Inner>>,
    omens: Arc<Omens>,
}

#[derive(Debug)]
struct Inner {
    cap: usize,
    /// The number of requests ever evicted, so that a late answer finds its request.
    dropped: u64,
    requests: VecDeque<RecordedRequest>,
    /// The sum of the lengths of the recorded bodies.
    bytes: usize,
    plan: Plan,
}

impl Tap {
    pub(crate) fn new(profile: &'static Profile, clock: Clock, cap: usize) -> Self {
        let plan = Plan::new(profile.operations);
        let inner = Inner { cap, dropped: 0, requests: VecDeque::new(), bytes: 0, plan };
        let (inner, omens) = (Arc::new(Mutex::new(inner)), Arc::new(Omens::new(profile)));
        Self { profile, clock, inner, omens }
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

    /// An answer that HTTP does not allow is answered 500 with a text that says so.
    pub(crate) fn answer_next(&self, answer: CannedAnswer) {
        self.lock().plan.push(Fault::new(FaultKind::Answer { answer }));
    }

    pub(crate) fn add_fault(&self, fault: Fault) -> Result<()> {
        self.lock().plan.add(fault)
    }

    pub(crate) fn mix_faults(&self, mix: Option<FaultMix>) -> Result<()> {
        self.lock().plan.mix(mix)
    }

    pub(crate) fn clear_faults(&self) {
        self.lock().plan.clear();
    }

    pub(crate) fn pending_faults(&self) -> Vec<Fault> {
        self.lock().plan.pending()
    }

    /// The middleware.
    pub(crate) async fn watch(State(tap): State<Self>, request: Request, next: Next) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let planned = tap.planned(&parts);
        if planned == Some(FaultKind::ResetBefore) {
            tap.lock().arrive(&parts, &[], planned.as_ref());
            return hang_up();
        }
        let body = to_bytes(body, BODY_LIMIT).await;
        let fault = planned.or_else(|| tap.omens.read(&parts, body.as_deref().unwrap_or_default()));
        let number = tap.lock().arrive(&parts, body.as_deref().unwrap_or_default(), fault.as_ref());
        let response = tap.meet(fault, parts, body, next).await;
        let status = response.extensions().get::<Hangup>().is_none().then(|| response.status());
        tap.lock().leave(number, status);
        response
    }

    fn planned(&self, parts: &Parts) -> Option<FaultKind> {
        let mut inner = self.lock();
        if inner.plan.is_empty() {
            return None;
        }
        inner.plan.next((self.profile.operations.of)(&parts.method, parts.uri.path()))
    }

    async fn meet(
        &self,
        fault: Option<FaultKind>,
        parts: Parts,
        body: Result<Bytes, axum::Error>,
        next: Next,
    ) -> Response<Body> {
        match (fault, body) {
            (Some(FaultKind::ResetBefore), _) => hang_up(),
            (Some(FaultKind::Answer { answer }), _) => answer.into_response(self.clock.now()),
            (_, Err(_)) => Answer::text(413, "Payload Too Large").into_response(),
            (fault, Ok(body)) => {
                let response = next.run(Request::from_parts(parts, Body::from(body))).await;
                match fault {
                    Some(kind) => disturb(&kind, self.profile.state_fields, response).await,
                    None => response,
                }
            }
        }
    }
}

impl Inner {
    fn arrive(&mut self, parts: &Parts, body: &[u8], fault: Option<&FaultKind>) -> u64 {
        let mut recorded = RecordedRequest::new(parts, body);
        recorded.fault = fault.map(FaultKind::name);
        self.requests.push_back(recorded);
        self.bytes += body.len();
        let number = self.dropped + self.requests.len() as u64;
        while self.requests.len() > self.cap || self.bytes > RECORD_LIMIT {
            let Some(oldest) = self.requests.pop_front() else { break };
            self.bytes -= oldest.body.len();
            self.dropped += 1;
        }
        number
    }

    fn leave(&mut self, number: u64, status: Option<StatusCode>) {
        let Some(position) = number.checked_sub(self.dropped + 1) else { return };
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        if let Some(request) = self.requests.get_mut(position) {
            request.status = status.map(|status| status.as_u16());
        }
    }
}
