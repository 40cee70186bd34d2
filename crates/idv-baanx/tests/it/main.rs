//! The Baanx adapter over loopback HTTP: against the simulated Baanx, and against canned answers where that one would
//! never give them.

// What is allowed in tests is allowed in their helpers too, which clippy does not take for tests.
#![allow(clippy::panic, clippy::unwrap_used)]

mod calls;
mod config;
mod errors;
mod inputs;
mod sandbox;
mod states;
mod support;
mod webhooks;
