//! The simulated vendors, asked over plain HTTP.

mod nxos;
mod sandbox;
mod support;
