//! The clock of deadlines.

use std::time::Instant;

/// This moment, by the clock that all waits go by. A test that stops Tokio's clock stops it too.
///
/// An adapter that makes several calls for one operation begins a copy of the request's context with it, so that the calls
/// share one deadline: [`CallContext::begin`](idv_core::CallContext::begin).
#[must_use]
pub fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
