//! The simulated vendors, asked over plain HTTP.

mod baanx;
mod nxos;
mod sandbox;
mod session_api;
mod support;
