//! The command as programs and people use it: the real binary against vendors on loopback.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod comparison;
mod config;
mod documents;
mod failures;
mod people;
mod routing;
#[path = "../running/mod.rs"]
mod running;
mod sandbox;
mod support;
