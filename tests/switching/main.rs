//! Edits of the configuration while applicants are under way: nobody is lost, and nobody is asked about at a vendor that
//! does not know them.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod applicant;
mod config;
mod defaults;
mod dice;
mod flow;
mod in_flight;
mod ledger;
mod load;
mod redirects;
mod removal;
mod story;
mod webhooks;
mod weights;
mod world;
