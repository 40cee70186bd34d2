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
//! # Terms
//! A *vendor* is a company that verifies. An *adapter* is the code for one of its APIs, and its name in configuration is a
//! *kind*; [`Adapter`](adapter::Adapter) adds kinds from elsewhere. A *provider* is a configured instance of an adapter, and the
//! [`Registry`] holds all of them. An operation that opens something gives a *session*, whose [`SessionRef`] (session reference)
//! an application stores; the state of what it began is a [`Verification`]. A *vendor word* ([`VendorWord`]) is a status, code or
//! id as the vendor wrote it.
//!
//! The contract itself ([`VerificationProvider`], statuses, errors) is `idv-core`, re-exported here.
//!
//! # Features
//! | feature | adds |
//! |---|---|
//! | `nxos`, `baanx`, `onfido`, `session-api`, `stripe`, `sumsub`, `veriff` (all on by default) | the kinds of that vendor; without any, only kinds that the application adds |
//! | `watch` | [`watching`]: polling until a verification is settled |
//! | `metrics` | counters, gauges and histograms for the recorder of the crate `metrics` |
//! | `schema` | the JSON Schema of the configuration |
//! | `matching` | comparing a verified identity with what the application believes |
//! | `testing` | a scripted provider for tests of applications |

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

pub mod adapter;
mod catalogue;
pub mod config;
pub mod health;
pub mod layers;
#[cfg(feature = "matching")]
pub mod matching;
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
    CountryCodeError, CredentialOwner, Deadline, Delivery, DocumentKind, EraseRequest, Erasure, ErasureState,
    Error, ErrorKind, Expiry, FindRequest, Handoff, IdError, IdentityField, ImportRequest, Input,
    InputProblem, Invites, NextAction, OnboardingId, Operation, Pii, Problem, ProviderId, ProviderKind,
    Redirect, RedirectClaim, RedirectOutcome, RefreshRequest, ReportedReason, Result, Retry, ReturnState,
    ReturnStateError, SessionLink, SessionRef, SessionRefError, SessionUrl, ShareToken, StartRequest,
    SubjectKind, Timestamp, UserToken, VendorWord, Verification, VerificationProvider,
    VerificationProviderExt, VerificationReason, VerificationSession, VerificationStatus, VerifiedDocument,
    VerifiedIdentity, WebhookEvent, WebhookOutcome, WebhookRequest,
};
pub use registry::{Registry, RegistryBuilder};
pub use util::files;

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "nxos"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
