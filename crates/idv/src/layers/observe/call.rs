//! The observation of one call, from its beginning to whatever ends it.

use std::sync::Arc;
use std::time::Duration;

use idv_core::{Answer, CallContext, CallStats, Error, Operation, Response, Result, SessionRef, Target};
use tokio::time::Instant;
use tracing::Span;
use tracing::field::{Empty, display};

use super::counts::CallCounts;
use super::observer::Observer;
use super::outcome;
use super::pseudonym::Pseudonym;
use super::record::{AuditRecord, AuditResult, in_millis};
use crate::util::keyed_hash::KeyedHash;

/// A call under way. Dropped before its end, by a caller that goes away or by a panic, it is reported as cancelled.
pub(super) struct Call<'a> {
    observer: &'a Observer,
    operation: Operation,
    target: Target<'a>,
    began: Instant,
    span: Span,
    /// Statistics of the inner layers; `None` for operations that ask the vendor once at most.
    stats: Option<Arc<CallStats>>,
    ended: bool,
}

impl<'a> Call<'a> {
    /// `None` where nothing is observed: then a call costs nothing more.
    pub(super) fn begin(observer: &'a Observer, operation: Operation, target: Target<'a>) -> Option<Self> {
        let span = tracing::info_span!(
            "idv.call", otel.status_code = Empty, idv.provider = observer.provider.as_ref().map(display),
            idv.kind = observer.kind.as_ref().map(display),
            idv.operation = %operation, idv.session = Empty, idv.reference = Empty, idv.outcome = Empty,
            idv.status = Empty, idv.provider_status = Empty, idv.found = Empty, idv.http_status = Empty,
            idv.code = Empty, idv.request_id = Empty, idv.delivery = Empty, idv.retry = Empty,
            idv.attempts = Empty, idv.wait_ms = Empty, idv.duration_ms = Empty,
        );
        if span.is_disabled() && !cfg!(feature = "metrics") && !observer.observation.is_audited() {
            return None;
        }
        observer.meters.began(operation);
        let call =
            Self { observer, operation, target, began: Instant::now(), span, stats: None, ended: false };
        if !call.span.is_disabled() {
            match target {
                Target::Session(session) => call.record_session(session),
                Target::Reference(reference) => {
                    call.span.record(
                        "idv.reference",
                        display(observer.observation.pseudonym_of_reference(reference)),
                    );
                }
                _ => {}
            }
        }
        Some(call)
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// Lets the layers inside count in the context of the call.
    pub(super) fn counts_in(&mut self, context: &mut CallContext) {
        let stats = context.stats().cloned().unwrap_or_default();
        context.set_stats(Arc::clone(&stats));
        self.stats = Some(stats);
    }

    fn counts(&self) -> CallCounts {
        match &self.stats {
            Some(stats) => CallCounts { attempts: stats.attempts(), wait: stats.waited() },
            None => CallCounts { attempts: 1, wait: Duration::ZERO },
        }
    }

    fn record_session(&self, session: &SessionRef) {
        self.span.record("idv.session", display(self.observer.observation.pseudonym(session)));
    }

    /// Reports the outcome, and passes it on.
    pub(super) fn end<T: Response>(mut self, outcome: Result<T>) -> Result<T> {
        self.ended = true;
        match &outcome {
            Ok(answer) => self.answered(answer.answer()),
            Err(error) => self.failed(error, self.counts()),
        }
        outcome
    }

    /// Reports an error with which the call ended before it reached the provider.
    fn refused(mut self, error: &Error) {
        self.ended = true;
        self.failed(error, CallCounts { attempts: 0, wait: Duration::ZERO });
    }

    fn answered(&self, answer: Answer<'_>) {
        if !self.span.is_disabled() {
            self.describe(answer);
        }
        for (status, _) in outcome::statuses(answer) {
            self.observer.meters.status(self.operation, status);
        }
        let counts = self.counts();
        self.close("ok", counts);
        self.audit(answer.session(), counts, |hash| outcome::audited(answer, hash));
    }

    fn describe(&self, answer: Answer<'_>) {
        if let Some(session) = answer.session() {
            if !matches!(self.target, Target::Session(asked) if asked == session) {
                self.record_session(session);
            }
            if let Some((status, word)) = outcome::statuses(answer).next() {
                self.span.record("idv.status", status.as_str());
                self.span.record("idv.provider_status", word.map(display));
            }
        }
        if self.operation == Operation::Find {
            self.span.record("idv.found", outcome::statuses(answer).count());
        }
    }

    fn failed(&self, error: &Error, counts: CallCounts) {
        self.span.record("otel.status_code", "ERROR");
        self.span.record("idv.http_status", error.http_status());
        self.span.record("idv.code", error.code().map(display));
        self.span.record("idv.request_id", error.request_id().map(display));
        self.span.record("idv.delivery", error.delivery().as_str());
        self.span.record("idv.retry", error.retry().as_str());
        self.close(error.kind().as_str(), counts);
        self.audit(None, counts, |_| AuditResult::from(error));
    }

    fn close(&self, outcome: &'static str, counts: CallCounts) {
        let duration = self.began.elapsed();
        self.observer.meters.ended(self.operation, outcome, counts, duration);
        self.span.record("idv.outcome", outcome);
        self.span.record("idv.attempts", counts.attempts);
        self.span.record("idv.wait_ms", in_millis(counts.wait));
        self.span.record("idv.duration_ms", in_millis(duration));
        tracing::debug!(parent: &self.span, "ended");
    }

    fn audit(
        &self,
        came_about: Option<&SessionRef>,
        counts: CallCounts,
        result: impl FnOnce(&KeyedHash) -> AuditResult,
    ) {
        if !self.observer.observation.is_audited() {
            return;
        }
        let hash = self.observer.observation.hash();
        let (reference, asked) = match self.target {
            Target::Session(session) => (None, Some(session)),
            Target::Reference(reference) => (Some(reference), None),
            _ => (None, None),
        };
        self.observer.observation.tell(&AuditRecord {
            at: self.observer.clock.now(),
            provider: self.observer.provider.clone(),
            kind: self.observer.kind.clone(),
            operation: self.operation,
            reference: reference.map(|reference| Pseudonym::of_reference(hash, reference)),
            session: came_about.or(asked).map(|session| Pseudonym::of_session(hash, session)),
            attempts: counts.attempts,
            wait: counts.wait,
            duration: self.began.elapsed(),
            result: result(hash),
        });
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let counts = self.counts();
            self.close("cancelled", counts);
            self.audit(None, counts, |_| AuditResult::Cancelled);
        }
    }
}

impl Observer {
    /// Reports a call that was refused before it reached the provider, and passes the error on.
    pub(crate) fn refused(&self, operation: Operation, target: Target<'_>, error: Error) -> Error {
        if let Some(call) = Call::begin(self, operation, target) {
            let span = call.span().clone();
            span.in_scope(|| call.refused(&error));
        }
        error
    }
}
