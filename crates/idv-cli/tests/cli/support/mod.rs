//! What every test needs: the program, a vendor, a configuration that joins them, and signatures.

mod program;
pub(crate) mod shape;
pub(crate) mod sign;
mod vendor;
mod world;

pub(crate) use program::{Ran, idv};
pub(crate) use vendor::{Reply, Seen, Vendor};
pub(crate) use world::*;
