//! nxos behind `idv`'s one trait: verification of organizations, business or individual, run by Sumsub.
//!
//! The applicant is keyed by the organization, so starting again gives a new token and never a second applicant. There
//! is no return URL: the outcome comes by webhook or by check. Facts are from docs.nxos.io: "Start verification",
//! the "Verification" guide, "Idempotency and rate limits", and "Webhooks".

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod config;
mod factory;
mod mapping;
mod profile;
mod provider;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::{Environment, NxosConfig};
pub use factory::NxosFactory;
pub use provider::NxosProvider;

/// The kind of this adapter in configuration: `nxos`.
pub const KIND: ProviderKind = ProviderKind::from_static("nxos");
