//! The `idv` command seen from outside: the real program against vendors that are written here, from the vendors' pages
//! alone. Nothing here shares a type with the workspace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod config;
mod direct;
mod doctor;
mod documents;
mod ending;
mod errors;
#[cfg(unix)]
mod hangup;
mod human;
mod identity;
mod mapping;
#[cfg(unix)]
mod output;
mod privacy;
mod references;
mod sandbox;
mod start_inputs;
#[cfg(unix)]
mod stopping;
mod switching;
mod usage;
mod watch;
mod webhooks;
mod wire;
