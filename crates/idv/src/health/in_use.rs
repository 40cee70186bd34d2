//! What the calls so far have shown: the breaker and the retry budget. Nobody is asked for it.

use std::time::Duration;

use super::{Findings, HealthCheck as Check, HealthOutcome as Outcome, Origin};
use crate::breaker::{BreakerGauge, BreakerState};
use crate::retrying::RetryBudget;

/// For how long a refused repetition is news.
const RECENT: Duration = Duration::from_secs(60);

pub(super) fn look(origin: &Origin, findings: &mut Findings<'_>) {
    breaker(origin.gauges.breaker.as_ref(), findings);
    budget(&origin.gauges.budget, findings);
}

fn breaker(gauge: Option<&BreakerGauge>, findings: &mut Findings<'_>) {
    let Some(gauge) = gauge else {
        let message = "there is none: it is switched off with `limits.breaker`";
        return findings.add(Check::Breaker, Outcome::NotChecked, message, None);
    };
    let seen = gauge.seen();
    let (outcome, message, advice) = match gauge.state() {
        BreakerState::Closed if seen.calls == 0 => {
            (Outcome::NotChecked, "this process has made no call yet, so it knows nothing".to_owned(), None)
        }
        BreakerState::Closed => {
            let (failed, counted, window) = (seen.failed, seen.counted, seen.window.as_secs());
            let message = format!("closed: {failed} of {counted} calls failed in the last {window} s");
            (Outcome::Fine, message, None)
        }
        BreakerState::Open { remaining } => {
            let advice = "look at the vendor's status page; move new sessions elsewhere with `active` or \
                          `routing.outage`. It closes by itself when the vendor is back";
            let seconds = remaining.as_secs_f64().ceil();
            (Outcome::Broken, format!("open: no call goes out for another {seconds} s"), Some(advice))
        }
        BreakerState::HalfOpen => {
            let advice = "look again after the next call: it shows whether the vendor is back";
            (Outcome::Doubtful, "half open: one call at a time goes out".to_owned(), Some(advice))
        }
    };
    findings.add(Check::Breaker, outcome, message, advice);
}

fn budget(budget: &RetryBudget, findings: &mut Findings<'_>) {
    let record = budget.record();
    let since = record.last_refused.map(|last| last.elapsed());
    let (outcome, message, advice) = match since {
        None if record.calls == 0 => {
            (Outcome::NotChecked, "this process has made no call yet, so it knows nothing".to_owned(), None)
        }
        None => {
            let message = format!("{} calls, {} repetitions, none refused", record.calls, record.granted);
            (Outcome::Fine, message, None)
        }
        Some(since) => {
            let (refused, granted) = (record.refused, record.granted);
            let message = format!(
                "the last repetition was refused {} s ago; {refused} refused and {granted} made so far",
                since.as_secs()
            );
            let advice = "the vendor fails more often than calls may be repeated: look at its status page and \
                          at the errors of your calls";
            match since < RECENT {
                true => (Outcome::Doubtful, message, Some(advice)),
                false => (Outcome::Fine, message, None),
            }
        }
    };
    findings.add(Check::RetryBudget, outcome, message, advice);
}
