//! One JSON call over real sockets.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod authorization;
mod broken;
mod certificates;
mod cut;
mod http2;
mod limits;
mod odd_headers;
mod proxy;
mod requests;
mod statuses;
mod support;
mod tls;
mod useless;
