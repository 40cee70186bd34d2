//! Counts of one call.

use std::time::Duration;

/// How often the vendor was asked in one call, and how long the call waited.
#[derive(Clone, Copy)]
pub(super) struct CallCounts {
    pub(super) attempts: u32,
    pub(super) wait: Duration,
}
