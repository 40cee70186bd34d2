//! What the fuzz targets share: how an input is read, the providers under test, and what must be true of their answers.
//!
//! Properties are stated a second time here, from the vendors' documentation and not from the adapters' tables, so that
//! an adapter cannot be wrong in both places at once.

pub mod answers;
pub mod message;
pub mod properties;
pub mod providers;
pub mod texts;
pub mod webhooks;
pub mod words;

/// Stands in inputs where a secret would stand. No error may repeat it.
pub const CANARY: &str = "planted-canary-8c1d";
