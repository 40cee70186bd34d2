//! The adapter over loopback HTTP: against the simulated vendor, against canned answers, and against a made-up vendor
//! that is described in configuration alone.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod acme;
mod broken;
mod calls;
mod check;
mod config;
mod didit;
mod errors;
mod find;
mod hostile;
mod idenfy;
mod identity;
mod numbers;
mod persona;
mod plaid;
mod redirect;
mod samples;
mod sandbox;
mod schemes;
mod shufti;
mod simulated;
mod start;
mod support;
mod webhook;
