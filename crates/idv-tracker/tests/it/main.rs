//! The tracker against simulated vendors, on SQLite and on PostgreSQL: every test runs on both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod frozen;
mod receiver;
mod stores;
mod world;

#[cfg(feature = "axum")]
mod axum;
mod canaries;
mod configuration;
mod delivery;
mod disturbed;
mod freeze;
mod late;
mod operating;
mod outbox;
mod plans;
mod polling;
mod schema;
mod silence;
mod starting;
mod webhooks;
