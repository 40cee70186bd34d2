//! Runtime checks: the state of circuit breaker, retry budget, concurrency limit and rate limits, as the calls so far left
//! it. No I/O.

use std::time::Duration;

use idv_core::HumanDuration;

use super::finding::{Findings, HealthCheck as Check, HealthOutcome as Outcome};
use crate::layers::{BreakerGauge, BreakerState, ConcurrencyGauge, Gauges, LimitGauge, Rate, RetryBudget};
use crate::registry::Instance;

/// The time for which a refused retry is reported.
const RECENT: Duration = Duration::from_secs(60);

pub(super) fn look(instance: &Instance, findings: &mut Findings<'_>) {
    let Gauges { guards, budget: repetitions } = &instance.gauges;
    breaker(guards.breaker.as_ref(), findings);
    budget(repetitions, findings);
    let has_called = repetitions.record().calls > 0;
    bulkhead(&guards.bulkhead, has_called, findings);
    limits(&guards.limits, has_called, findings);
}

const NO_CALL: &str = "this process has made no call yet, so it knows nothing";

fn breaker(gauge: Option<&BreakerGauge>, findings: &mut Findings<'_>) {
    let Some(gauge) = gauge else {
        let message = "there is none: it is switched off with `limits.breaker`";
        return findings.add(Check::Breaker, Outcome::NotChecked, message, None);
    };
    let seen = gauge.seen();
    let (outcome, message, advice) = match gauge.state() {
        BreakerState::Closed if seen.calls == 0 => (Outcome::NotChecked, NO_CALL.to_owned(), None),
        BreakerState::Closed => {
            let (failed, counted, window) = (seen.failed, seen.counted, seen.window.as_secs());
            let message = format!("closed: {failed} of {counted} calls failed in the last {window} s");
            (Outcome::Fine, message, None)
        }
        BreakerState::Open { remaining } => {
            let advice = "look at the vendor's status page; move new sessions elsewhere with `active` or \
                          `routing.outage`. It closes by itself when the circuit breaker closes: the vendor answers again";
            let seconds = remaining.as_secs_f64().ceil();
            (Outcome::Broken, format!("open: no call goes out for another {seconds} s"), Some(advice))
        }
        BreakerState::HalfOpen => {
            let advice = "look again after the next call: it shows whether the circuit breaker closes: the vendor answers again";
            (Outcome::Doubtful, "half open: one call at a time goes out".to_owned(), Some(advice))
        }
    };
    findings.add(Check::Breaker, outcome, message, advice);
}

fn budget(budget: &RetryBudget, findings: &mut Findings<'_>) {
    let record = budget.record();
    let since = record.last_refused.map(|last| last.elapsed());
    let (outcome, message, advice) = match since {
        None if record.calls == 0 => (Outcome::NotChecked, NO_CALL.to_owned(), None),
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

fn bulkhead(gauge: &ConcurrencyGauge, has_called: bool, findings: &mut Findings<'_>) {
    if !has_called {
        return findings.add(Check::Concurrency, Outcome::NotChecked, NO_CALL, None);
    }
    let seen = gauge.seen();
    let message = format!(
        "{} of {} calls under way, {} of {} waiting",
        seen.running, seen.max_running, seen.queued, seen.max_queued
    );
    let is_full = seen.running >= seen.max_running;
    let advice = "the vendor answers more slowly than calls come: look at its status page, or allow more with \
                  `limits.in_flight` and `limits.queue`";
    if is_full && seen.queued >= seen.max_queued {
        let message = format!("{message}: the next call is refused");
        findings.add(Check::Concurrency, Outcome::Broken, message, advice);
    } else if is_full || seen.queued > 0 {
        findings.add(
            Check::Concurrency,
            Outcome::Doubtful,
            format!("{message}: the next call waits"),
            advice,
        );
    } else {
        findings.add(Check::Concurrency, Outcome::Fine, message, None);
    }
}

fn limits(gauge: &LimitGauge, has_called: bool, findings: &mut Findings<'_>) {
    let seen = gauge.seen();
    let kinds = [
        ("", &seen.left),
        (" for checks and searches", &seen.reads_left),
        (" for other operations", &seen.writes_left),
    ];
    let left: Vec<String> =
        kinds.iter().flat_map(|(kind, rates)| rates.iter().map(move |rate| left(rate) + kind)).collect();
    if left.is_empty() {
        let message = "there are none: the vendor documents none for calls, and `limits` sets none";
        return findings.add(Check::RateLimits, Outcome::NotChecked, message, None);
    }
    if !has_called {
        return findings.add(Check::RateLimits, Outcome::NotChecked, NO_CALL, None);
    }
    let message = format!("calls left: {}", left.join(", "));
    let advice = "calls come faster than the vendor allows: make fewer, or have the vendor raise the limit and set it in \
                  `limits`";
    let seconds = |wait: Duration| wait.as_secs_f64().ceil();
    let (outcome, message, advice) = if seen.wait > seen.longest_wait {
        let message = format!(
            "{message}; every call is refused for another {} s",
            seconds(seen.wait - seen.longest_wait)
        );
        (Outcome::Broken, message, Some(advice))
    } else if !seen.wait.is_zero() {
        let message =
            format!("{message}; {} wait, and the next one waits {} s", seen.waiting, seconds(seen.wait));
        (Outcome::Doubtful, message, Some(advice))
    } else if !seen.polls_wait.is_zero() {
        let (waiting, wait) = (seen.waiting, seconds(seen.polls_wait));
        let message = format!("{message}, for starts; {waiting} wait, and the next check waits {wait} s");
        (Outcome::Doubtful, message, Some(advice))
    } else {
        (Outcome::Fine, message, None)
    };
    findings.add(Check::RateLimits, outcome, message, advice);
}

/// The calls that a rate leaves.
fn left((rate, left): &(Rate, u32)) -> String {
    match rate {
        Rate::PerSecond { calls, burst } => format!("{left} of {burst} at once ({calls} a second)"),
        Rate::Window { calls, per } => format!("{left} of {calls} in {}", HumanDuration::from(*per)),
    }
}
