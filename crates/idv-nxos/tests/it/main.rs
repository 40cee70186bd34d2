//! The adapter against the simulated nxos, over real loopback HTTP.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod config;
mod errors;
mod imports;
mod inputs;
mod sessions;
mod statuses;
mod support;
mod webhooks;
