//! The tracker as processes that are killed, stopped and cut off from their database, on SQLite and on PostgreSQL, and as processes whose
//! database is killed.
//!
//! `IDV_CRASH_SEED` chooses another seed, `IDV_CRASH_KILLS` the number of kills on each engine, and `IDV_CRASH_ROWS` the number of
//! verifications that a fleet polls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "totals are for people, and a process tells its parent its port")]

mod child;
mod fleet;
#[path = "../it/frozen/mod.rs"]
#[allow(dead_code, reason = "some of it is for the other tests alone")]
mod frozen;
mod http;
mod kills;
mod outage;
mod process;
mod random;
#[path = "../it/receiver.rs"]
#[allow(dead_code, reason = "some of it is for the other tests alone")]
mod receiver;
mod settings;
#[path = "../it/stores.rs"]
#[allow(dead_code, reason = "some of it is for the other tests alone")]
mod stores;
mod storm;
mod upgrade;
mod wait;
