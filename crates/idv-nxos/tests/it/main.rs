//! The adapter against the simulated nxos, over real loopback HTTP.

mod config;
mod errors;
mod imports;
mod inputs;
mod sessions;
mod statuses;
mod support;
mod webhooks;
