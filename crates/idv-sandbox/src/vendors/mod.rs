//! The simulated vendors, a folder each.

pub mod baanx;
pub mod nxos;
pub mod session_api;
