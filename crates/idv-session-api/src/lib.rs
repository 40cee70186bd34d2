//! Any vendor of hosted sessions with an API key behind `idv`'s one trait: a session is created for a named applicant, who
//! gets a link; the outcome comes by check or webhook.
//!
//! deepidv is built in: `preset = "deepidv"` is all that is needed beside the key. Its facts are from deepidv's pages
//! "Create session", "Retrieve session", "List sessions", "Webhooks: event object" and "Authentication".
//!
//! # A vendor described in configuration
//!
//! Another vendor of this kind needs no Rust: [`SessionApiConfig`] says in one flat table where its calls are, what the
//! request fields are called, where id, URL and status stand in the answers, and what the vendor's words mean. This is
//! the whole description of a made-up vendor, which the tests of this crate run against a server of its own:
//!
//! ```toml
#![doc = include_str!("../examples-config/acme-verify.toml")]
//! ```
//!
//! Requests and answers are JSON; the fields of a request stand at its top level; ids and words are texts. What such a
//! vendor never gets is a way around the rules: a word that the tables do not name is `unrecognized`, a return URL cannot
//! claim a decision, and only a signed webhook carries a status.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod config;
mod factory;
mod mapping;
mod profile;
mod provider;
mod spec;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::{Preset, RequestFields, SessionApiConfig, WebhookScheme};
pub use factory::SessionApiFactory;
pub use provider::SessionApiProvider;

/// The kind of this adapter in configuration: `session-api`.
pub const KIND: ProviderKind = ProviderKind::from_static("session-api");
