//! What the tests of `idv` share: other people's programs to compare with, servers that have a bad day, and a log that
//! forgets nothing. A failure here is the failure of a test, so it panics.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "support of tests")]

mod bad_server;
mod browser;
mod json_text;
mod log;
mod oracle;
mod printed;
mod prism;
mod process;
mod schemathesis;
mod sign;

pub use bad_server::{BadServer, Connection, Step};
pub use browser::Browser;
pub use json_text::json_texts;
pub use log::{Log, assert_clean};
pub use oracle::{Oracle, Scheme};
pub use printed::Printed;
pub use prism::Prism;
pub use schemathesis::schemathesis;
pub use sign::{sign_hmac_hex, sign_svix};
