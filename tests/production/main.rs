//! The registry on bad days, against the simulated vendors.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the totals are for people")]

mod lost_answers;
