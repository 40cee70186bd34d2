//! The simulated vendors, asked over plain HTTP.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod baanx;
mod control;
mod nxos;
mod sandbox;
mod session_api;
mod support;
