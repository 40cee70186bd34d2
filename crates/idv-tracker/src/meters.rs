//! Counters and gauges, for the application's recorder of the crate `metrics`.

#[cfg(feature = "metrics")]
mod recorded {
    use metrics::{counter, gauge};

    use crate::{Counts, Polled, Receipt};

    /// Describes the metrics to the recorder that is installed.
    pub fn describe_metrics() {
        use metrics::{describe_counter, describe_gauge};
        describe_counter!("idv_tracker_webhooks_total", "Webhooks taken, by outcome.");
        describe_counter!("idv_tracker_polls_total", "Checks of due verifications, by outcome.");
        describe_gauge!("idv_tracker_due", "Verifications that are due.");
        describe_gauge!("idv_tracker_overdue_seconds", "By how much the oldest of them is overdue.");
        describe_gauge!("idv_tracker_parked", "Events whose session is not known.");
        describe_gauge!("idv_tracker_uncertain", "Starts whose answer was lost.");
        describe_gauge!("idv_tracker_undelivered", "Transitions on their way to the application's URL.");
        describe_gauge!(
            "idv_tracker_dead_letters",
            "Transitions that the application's URL refused for good."
        );
    }

    pub(crate) fn webhook(receipt: Option<&Receipt>) {
        let outcome = match receipt {
            Some(Receipt::Recorded(_)) => "recorded",
            Some(Receipt::Parked) => "parked",
            Some(Receipt::Duplicate) => "duplicate",
            Some(Receipt::Ignored) => "ignored",
            None => "refused",
        };
        counter!("idv_tracker_webhooks_total", "outcome" => outcome).increment(1);
    }

    pub(crate) fn polled(polled: &Polled) {
        let count = |number: usize, outcome: &'static str| {
            let number = u64::try_from(number).unwrap_or(u64::MAX);
            counter!("idv_tracker_polls_total", "outcome" => outcome).increment(number);
        };
        count(polled.news, "news");
        count(polled.lost, "lost");
        count(polled.checks.saturating_sub(polled.news + polled.lost), "quiet");
    }

    pub(crate) fn counts(counts: &Counts) {
        let set = |name: &'static str, value: i64| gauge!(name).set(value as f64);
        set("idv_tracker_due", counts.due);
        set("idv_tracker_parked", counts.parked);
        set("idv_tracker_uncertain", counts.uncertain);
        set("idv_tracker_undelivered", counts.undelivered);
        set("idv_tracker_dead_letters", counts.dead);
        gauge!("idv_tracker_overdue_seconds").set(counts.overdue_ms as f64 / 1000.0);
    }
}

#[cfg(not(feature = "metrics"))]
mod recorded {
    use crate::{Counts, Polled, Receipt};

    pub(crate) fn webhook(_: Option<&Receipt>) {}

    pub(crate) fn polled(_: &Polled) {}

    pub(crate) fn counts(_: &Counts) {}
}

pub(crate) use recorded::{counts, polled, webhook};

#[cfg(feature = "metrics")]
pub use recorded::describe_metrics;
