//! The whole system against other people's programs.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod control_api;
mod nxos_schemas;
mod prism;
mod webhook_oracles;
