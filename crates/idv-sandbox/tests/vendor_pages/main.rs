//! The example requests and promises of the vendors' own pages, replayed. Only hosts and credentials differ from what the
//! pages print; an answer must have the page's names, types and fixed words.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod baanx_registration;
mod baanx_user;
mod nxos;
mod page;
mod session_api;
