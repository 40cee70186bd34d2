//! Baanx behind `idv`'s one trait: verification of card users, run by Veriff.
//!
//! There are two kinds, for the two moments of a user's life. `baanx-registration` verifies during the registration,
//! before the user has a token: the onboarding id stands in for it. `baanx-user` verifies registered users, and takes
//! over those whom the registration rejected. Neither flow returns a session id or a reason, so the caller's reference
//! is the key, and reasons come by webhook only. Facts are from docs.baanx.com: "Start User Verification", "Generate
//! KYC Verification Session", "Get user", and the webhooks guide.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod config;
mod factory;
mod mapping;
mod profile;
mod provider;
mod webhook;
mod wire;

use idv_core::ProviderKind;

pub use config::{BaanxRegistrationConfig, BaanxUserConfig, Region};
pub use factory::{BaanxRegistrationFactory, BaanxUserFactory};
pub use provider::{BaanxRegistrationProvider, BaanxUserProvider};

/// The kind that verifies registered users: `baanx-user`.
pub const USER_KIND: ProviderKind = ProviderKind::from_static("baanx-user");

/// The kind that verifies during the registration: `baanx-registration`.
pub const REGISTRATION_KIND: ProviderKind = ProviderKind::from_static("baanx-registration");
