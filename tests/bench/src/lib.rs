//! The cost of idv, measured against the same work written by hand.
//!
//! A [`Case`] is one thing that idv does, beside the same thing done otherwise. Each is measured in three ways: processor
//! time, allocations and instructions. Subjects that are no single operation measure themselves and give
//! [`Figure`]s. `cargo xtask bench` runs all of them; its table is in `docs/performance.md`.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement fails by panicking"
)]
#![allow(clippy::print_stdout, reason = "figures are printed")]

mod allocations;
mod by_hand;
mod calls;
mod case;
mod command;
mod concurrency;
mod configuration;
mod figure;
mod measure;
mod reading;
mod signed_by_hand;
mod starting;
pub mod stripe_by_hand;
mod vendor;
mod watching;
pub mod webhooks;

pub use allocations::Allocations;
pub use case::{Aims, Case, Run, Side};
pub use command::main;
pub use figure::{Aim, Figure};
pub use vendor::Vendors;
