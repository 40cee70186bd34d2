//! The simulated vendors, asked over plain HTTP.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail like tests"
)]

mod authorizations;
mod baanx;
mod control;
mod didit;
mod eviction;
mod faults;
mod host;
mod idenfy;
mod mischief;
mod nxos;
mod onfido;
mod pages;
mod persona;
mod plaid;
mod receiver;
mod registration;
mod sandbox;
mod scripts;
mod session_api;
mod shufti;
mod stripe;
mod sumsub;
mod support;
mod veriff;
mod webhook_endpoints;
mod webhooks;
