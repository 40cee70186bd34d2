//! Stripe Identity behind `idv`'s one trait.
//!
//! A session lives for ever: it is never declined and never expires, only its link and its client secret do. Each is good for one
//! opening, and a read gives fresh ones, so a refresh is a read and a resubmission goes on with the same session. A start is sent
//! under an idempotency key and may be repeated under it. Bodies are forms, and the version of the API is pinned. Facts are from
//! docs.stripe.com: the API reference of verification sessions, "How sessions work", "Handle verification outcomes", "Access
//! verification results", "Idempotent requests", "Rate limits" and "Webhooks".

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

pub use config::{DocumentChecks, DocumentType, StripeConfig, VerificationType};
pub use factory::StripeFactory;
pub use provider::StripeProvider;

/// The kind of this adapter in configuration: `stripe-identity`.
pub const KIND: ProviderKind = ProviderKind::from_static("stripe-identity");
