//! Files, clocks, hashes and error texts that several rooms use.

pub mod files;
pub(crate) mod keyed_hash;
pub(crate) mod suggestion;
pub(crate) mod system;
