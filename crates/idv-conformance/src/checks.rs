//! The checks, family by family. Each is a plain async function; [`suite!`](crate::suite) makes a test of each.

pub mod config;
pub mod contract;
pub mod ending;
pub mod errors;
pub mod privacy;
pub mod redirect;
pub mod retry;
pub mod start;
pub mod status;
pub mod time;
pub mod webhook;
