//! The adapter of Stripe Identity against a server that keeps what it was sent.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod changes;
mod config;
mod errors;
mod identity;
mod simulated;
mod support;
mod webhooks;
