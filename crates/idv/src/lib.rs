//! One trait for every identity-verification vendor (KYC and KYB), and a registry that chooses the vendor by
//! configuration.
//!
//! ```no_run
//! # async fn example() -> idv::Result<()> {
//! use idv::{CheckRequest, Registry, StartRequest};
//!
//! let registry = Registry::from_toml_file("idv.toml")?;
//! let session = registry.start(&StartRequest::new("case-7").email("ada@example.com")).await?;
//! if let Some(url) = session.url() {
//!     send_to_browser(url.expose());
//! }
//!
//! let state = registry.check(&CheckRequest::new(session.reference)).await?;
//! println!("{}: {}", state.status, state.next_action.as_str());
//! # Ok(())
//! # }
//! # fn send_to_browser(_: &str) {}
//! ```
//!
//! Changing `active` in the configuration moves **new** sessions only: everything that carries a [`SessionRef`] goes to
//! the provider that made it, so a switch never strands an applicant.
//!
//! The contract itself ([`VerificationProvider`], statuses, errors) is `idv-core`, re-exported here. Each vendor is a
//! feature; [`ProviderFactory`](adapter::ProviderFactory) adds kinds from elsewhere in the same way.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

pub mod adapter;
mod catalogue;
pub mod config;
pub mod health;
pub mod layers;
pub mod observe;
pub mod profile;
pub mod registry;
pub mod routing;
mod util;
#[cfg(feature = "watch")]
pub mod watching;

#[cfg(feature = "testing")]
pub use idv_core::testing;
pub use idv_core::{
    AccessToken, Assurance, CancelRequest, Certainty, CheckRequest, ConfigProblem, Correlation, CountryCode,
    CountryCodeError, CredentialOwner, Deadline, Delivery, EraseRequest, Erasure, ErasureState, Error,
    ErrorKind, Expiry, FindRequest, Handoff, IdError, ImportRequest, Input, InputProblem, Invites,
    NextAction, OnboardingId, Operation, Pii, Problem, ProviderId, ProviderKind, Redirect, RedirectClaim,
    RedirectOutcome, RefreshRequest, ReportedReason, Result, Retry, ReturnState, ReturnStateError,
    SessionLink, SessionRef, SessionRefError, SessionUrl, ShareToken, StartRequest, SubjectKind, Timestamp,
    UserToken, VendorWord, Verification, VerificationProvider, VerificationProviderExt, VerificationReason,
    VerificationSession, VerificationStatus, WebhookEvent, WebhookOutcome, WebhookRequest,
};
pub use registry::{Registry, RegistryBuilder};
pub use util::files;

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "nxos"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
