//! Metrics: counters, gauges and histograms, for whichever recorder the application has installed.

use std::sync::Arc;
use std::time::Duration;

use idv_core::{Operation, ProviderId, VerificationStatus};
use metrics::{Label, SharedString, Unit, counter, gauge, histogram};

use super::counts::CallCounts;

/// Registers the description and the unit of every metric with the recorder of the crate `metrics`. Call it once, after the
/// recorder is installed.
///
/// Counters: `idv_calls_total`, `idv_statuses_total`, `idv_failovers_total`, `idv_unclaimed_outcomes_total`. Gauges:
/// `idv_calls_in_flight`, `idv_breaker_open`. Histograms: `idv_call_duration_seconds`, `idv_call_wait_seconds`,
/// `idv_call_attempts`.
pub fn describe_metrics() {
    metrics::describe_counter!(
        "idv_calls_total",
        "Calls that ended, by outcome: ok, cancelled or a kind of error"
    );
    metrics::describe_gauge!("idv_calls_in_flight", "Calls under way, those that wait included");
    metrics::describe_histogram!(
        "idv_call_duration_seconds",
        Unit::Seconds,
        "How long calls took, waiting included"
    );
    metrics::describe_histogram!(
        "idv_call_wait_seconds",
        Unit::Seconds,
        "How long calls waited for their turn and between attempts"
    );
    metrics::describe_histogram!("idv_call_attempts", "How often the vendor was asked in one call");
    metrics::describe_counter!(
        "idv_statuses_total",
        "Statuses of verifications in answers and signed webhooks"
    );
    metrics::describe_gauge!("idv_breaker_open", "1 while the circuit breaker of a vendor is open");
    metrics::describe_counter!(
        "idv_failovers_total",
        "Starts that went on from this provider to another one"
    );
    metrics::describe_counter!("idv_unclaimed_outcomes_total", "Outcomes whose caller had gone away");
}

/// Counts the calls of one provider.
pub(super) struct Meters {
    provider: SharedString,
    kind: SharedString,
}

impl Meters {
    pub(super) fn new(provider: &str, kind: &str) -> Self {
        let shared = |text: &str| SharedString::from_shared(Arc::from(text));
        Self { provider: shared(provider), kind: shared(kind) }
    }

    fn labels(&self, operation: Operation) -> Vec<Label> {
        vec![
            Label::new("provider", self.provider.clone()),
            Label::new("kind", self.kind.clone()),
            Label::new("operation", operation.as_str()),
        ]
    }

    pub(super) fn began(&self, operation: Operation) {
        gauge!("idv_calls_in_flight", self.labels(operation)).increment(1.0);
    }

    pub(super) fn ended(
        &self,
        operation: Operation,
        outcome: &'static str,
        counts: CallCounts,
        duration: Duration,
    ) {
        let mut labels = self.labels(operation);
        gauge!("idv_calls_in_flight", labels.clone()).decrement(1.0);
        labels.push(Label::new("outcome", outcome));
        counter!("idv_calls_total", labels.clone()).increment(1);
        histogram!("idv_call_attempts", labels.clone()).record(f64::from(counts.attempts));
        histogram!("idv_call_wait_seconds", labels.clone()).record(counts.wait);
        histogram!("idv_call_duration_seconds", labels).record(duration);
    }

    pub(super) fn status(&self, operation: Operation, status: VerificationStatus) {
        let mut labels = self.labels(operation);
        labels.push(Label::new("status", status.as_str()));
        counter!("idv_statuses_total", labels).increment(1);
    }
}

/// One breaker more of a provider is open, or one less. After a reload there can be two for a while.
pub(crate) fn breaker(provider: &ProviderId, is_open: bool) {
    gauge!("idv_breaker_open", "provider" => provider.to_string()).increment(if is_open {
        1.0
    } else {
        -1.0
    });
}

/// A start went on to another provider.
pub(crate) fn failed_over(from: &ProviderId) {
    counter!("idv_failovers_total", "provider" => from.to_string()).increment(1);
}

/// An outcome whose caller had gone away.
pub(crate) fn unclaimed(provider: &ProviderId, operation: Operation) {
    counter!(
        "idv_unclaimed_outcomes_total", "provider" => provider.to_string(), "operation" => operation.as_str()
    )
    .increment(1);
}
