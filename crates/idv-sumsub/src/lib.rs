//! Sumsub behind `idv`'s one trait: its own API, and not that of a vendor that runs on it.
//!
//! The applicant is keyed by the caller's reference, so starting again resumes the same applicant and makes no second one. A start is
//! one call, and two where names, a date of birth or a country are known: the first makes the applicant with them. The
//! outcome comes by webhook or by check: an unfinished applicant never expires, only its link does. Requests are signed. Facts are
//! from docs.sumsub.com: "Authentication", "Generate WebSDK external link", "Generate access token", "Create applicant", "Get applicant data",
//! "User verification webhooks" and "Rate limits".

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod applicants;
mod auth;
mod config;
mod creation;
mod factory;
mod identity;
mod labels;
mod mapping;
mod profile;
mod provider;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::{ApplicantType, SumsubConfig, WebhookAlgorithm};
pub use factory::SumsubFactory;
pub use provider::SumsubProvider;

/// The kind of this adapter in configuration: `sumsub`.
pub const KIND: ProviderKind = ProviderKind::from_static("sumsub");
