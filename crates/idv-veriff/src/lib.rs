//! Veriff behind `idv`'s one trait.
//!
//! Each start makes another session, which is billed, and no search finds one again: a start whose answer is lost is never
//! repeated. The link of a session stays good for seven days or until a decision, so there is nothing to refresh, and a
//! resubmission goes on with the same link. Requests and answers are signed. Facts are from devdocs.veriff.com: "HMAC
//! authentication and endpoint security", the API pages of `/v1/sessions`, "Verification session status codes", "Decision
//! webhook" and "Event webhook".

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod auth;
mod config;
mod factory;
mod identity;
mod mapping;
mod profile;
mod provider;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::VeriffConfig;
pub use factory::VeriffFactory;
pub use provider::VeriffProvider;

/// The kind of this adapter in configuration: `veriff`.
pub const KIND: ProviderKind = ProviderKind::from_static("veriff");
