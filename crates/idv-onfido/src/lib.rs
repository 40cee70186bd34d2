//! Onfido Studio workflow runs behind `idv`'s one trait.
//!
//! A start is two calls: one makes the applicant, the other the workflow run. Onfido knows no idempotency keys, so the reference is
//! stored in the run and in its tags, by which a run whose answer was lost is found. A run keeps its link for life, and the meaning of
//! its verdicts is that of the workflow, which its author decides. Facts are from the vendor's OpenAPI specification
//! (github.com/onfido/onfido-openapi-spec, API v3.6) and from documentation.onfido.com; a fact that others observed says so.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod auth;
mod config;
mod factory;
mod mapping;
mod profile;
mod provider;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::{OnfidoConfig, Region};
pub use factory::OnfidoFactory;
pub use provider::OnfidoProvider;

/// The kind of this adapter in configuration: `onfido`.
pub const KIND: ProviderKind = ProviderKind::from_static("onfido");
