//! What is said of calls: spans and events, metrics, traces, the audit.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
#[cfg(feature = "metrics")]
mod metered;
mod sandboxed;
mod spans;
mod traced;
