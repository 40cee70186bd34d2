//! Any vendor of hosted sessions with an API key behind `idv`'s one trait: a session is created for a named applicant, who
//! gets a link; the outcome comes by check or webhook.
//!
//! The vendor is described by a TOML document, and this crate has no code for any single one. Built in are
//! the documents of the folder `vendors`: `preset = "deepidv"` is all that is needed beside the key.
//!
//! # A vendor described in configuration
//!
//! Another vendor of this kind needs no Rust: a document says where its calls are, what the request fields are called,
//! where id, URL and status stand in the answers, and what the vendor's words mean. It stands in a file (`description =
//! "acme.toml"`), or beside the other options. This is the whole description of a made-up vendor, which the tests
//! of this crate run against a server of its own:
//!
//! ```toml
#![doc = include_str!("../examples-config/acme-verify.toml")]
//! ```
//!
//! Requests and answers are JSON. What such a vendor never gets is a way around the rules: a word that the tables do not name is
//! `unrecognized`, a return URL cannot claim a decision, and only a signed webhook carries a status.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod config;
mod describe;
mod description;
mod exchange;
mod factory;
mod identity;
mod mapping;
mod places;
mod profile;
mod provider;
mod reason_places;
mod record;
mod return_url;
mod sample;
#[cfg(feature = "schema")]
mod schema;
mod webhook;

use idv_core::ProviderKind;

pub use config::SessionApiConfig;
pub use describe::{Description, SampleOutcome};
pub use factory::SessionApiFactory;
pub use provider::SessionApiProvider;

/// The kind of this adapter in configuration: `session-api`.
pub const KIND: ProviderKind = ProviderKind::from_static("session-api");
