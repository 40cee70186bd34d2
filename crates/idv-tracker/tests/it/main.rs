//! The tracker against simulated vendors, on SQLite and on PostgreSQL: every test runs on both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod stores;
mod world;

mod late;
mod outbox;
mod polling;
mod starting;
mod webhooks;
