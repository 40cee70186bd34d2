//! What keeps an application from asking too much of a vendor, on a clock that moves only when everybody waits.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod breaker;
mod bulkhead;
mod health;
mod outage;
mod rates;
#[cfg(all(feature = "baanx", feature = "nxos", feature = "session-api"))]
mod sandbox;
mod support;
mod users;
