//! The Sumsub adapter against a server that verifies every signature with another library.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod config;
mod creation;
mod identity;
mod search;
mod simulated;
mod support;
mod webhooks;
