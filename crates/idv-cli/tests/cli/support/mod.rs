//! The parts of every test: the program, a vendor, a configuration that joins them, transcripts, and signatures.

mod desk;
mod direct;
mod program;
pub(crate) mod shape;
pub(crate) mod sign;
mod transcript;
mod vendor;
mod world;

pub(crate) use desk::Desk;
pub(crate) use program::{Ran, idv};
pub(crate) use vendor::{Reply, Vendor};
pub(crate) use world::*;
