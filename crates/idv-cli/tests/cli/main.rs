//! The `idv` command seen from outside: the real program against vendors that are written here, from the vendors' pages
//! alone. What it prints is kept as transcripts in `snapshots`; `INSTA_UPDATE=always cargo test -p idv-cli --test cli`
//! writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod comparison;
mod config;
mod demo;
mod describe;
mod doctor;
mod documents;
mod erase;
mod errors;
#[cfg(unix)]
mod hangup;
mod identity;
#[cfg(unix)]
mod output;
mod privacy;
mod references;
mod routing;
#[path = "../running/mod.rs"]
mod running;
mod sandbox;
mod sandbox_in_use;
mod start_inputs;
#[cfg(unix)]
mod stopping;
mod terminal;
#[cfg(feature = "tracker")]
mod tracker;
mod usage;
mod watch;
mod webhooks;
