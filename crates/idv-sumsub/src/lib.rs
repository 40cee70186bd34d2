//! Sumsub behind `idv`'s one trait: its own API, and not that of a vendor that runs on it.
//!
//! The applicant is keyed by the caller's reference, so starting again resumes the same applicant and makes no second one. The
//! outcome comes by webhook or by check: an unfinished applicant never expires, only its link does. Requests are signed. Facts are
//! from docs.sumsub.com: "Authentication", "Generate WebSDK external link", "Generate access token", "Get applicant data",
//! "User verification webhooks" and "Rate limits".

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod auth;
mod config;
mod factory;
mod identity;
mod labels;
mod mapping;
mod profile;
mod provider;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::{SumsubConfig, WebhookAlgorithm};
pub use factory::SumsubFactory;
pub use provider::SumsubProvider;

/// The kind of this adapter in configuration: `sumsub`.
pub const KIND: ProviderKind = ProviderKind::from_static("sumsub");
