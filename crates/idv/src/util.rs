//! Files, clocks, hashes and error texts that several modules use.

pub mod files;
pub(crate) mod keyed_hash;
pub(crate) mod suggestion;
pub(crate) mod system;
