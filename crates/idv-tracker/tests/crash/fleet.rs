//! A fleet.
pub(crate) mod worker;
