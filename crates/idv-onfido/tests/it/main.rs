//! The adapter of Onfido against a server that keeps what it was sent.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod config;
mod errors;
mod find;
mod simulated;
mod starts;
mod support;
mod webhooks;
