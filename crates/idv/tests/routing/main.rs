//! Routing and failover of new sessions.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod caps;
mod config;
mod deciding;
mod failover;
mod reloading;
mod retired;
mod shares;
mod vendors;
