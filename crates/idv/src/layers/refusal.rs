//! Helpers that several layers share: waits and refusals of our own making.

use std::time::Duration;

use idv_core::{Error, ErrorKind, Operation, ProviderId, Retry};

/// The wait that the circuit breaker advises while one call probes whether the vendor is back.
pub(super) const WHILE_PROBING: Duration = Duration::from_secs(1);

/// How long a call may wait. It leaves the vendor half of the deadline: under load, the calls that are let through would
/// otherwise all be those that have just waited for as long as they could, and go out with no time left for an answer.
pub(super) fn longest_wait(policy: Duration, deadline: Option<Duration>) -> Duration {
    deadline.map_or(policy, |left| policy.min(left / 2))
}

/// An error of our own making: the vendor was not asked.
pub(super) fn refused(
    provider: &ProviderId,
    operation: Operation,
    message: &'static str,
    after: Option<Duration>,
) -> Error {
    Error::new(ErrorKind::RateLimited, message)
        .with_provider(provider.clone())
        .with_operation(operation)
        .with_retry(Retry::Allowed { after })
}
