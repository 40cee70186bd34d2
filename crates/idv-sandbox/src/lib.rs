//! Simulated identity-verification vendors over loopback HTTP, written from the vendors' own documentation.
//!
//! ```
//! # async fn run() -> idv_sandbox::Result<()> {
//! use idv_sandbox::{OrganizationType, Sandbox};
//!
//! let sandbox = Sandbox::start().await?;
//! let organization = sandbox.nxos().add_organization(OrganizationType::Business);
//! // … point a client at sandbox.nxos().base_url() with sandbox.nxos().api_key() …
//! sandbox.nxos().set_status(&organization, "APPROVED")?;
//! for request in sandbox.nxos().requests() {
//!     println!("{} {} {:?}", request.method, request.path, request.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The methods that all vendors have in common are those of [`Runtime`], to which the handles dereference.
//!
//! A reference can script its verification by itself: see [`magic`]. An [`Act`] stands for the applicant or the
//! vendor's staff, a [`Fault`] for a broken answer, a [`Mischief`] for a broken webhook. People use the hosted pages
//! and the operator's page; other languages use the [control API](control).
//!
//! Everything is simulated: no person is verified, no message leaves the machine, and every server listens on 127.0.0.1
//! only, unless [`SandboxBuilder::host`] says otherwise.

mod act;
mod answer;
mod bounded;
mod builder;
mod call;
mod clock;
pub mod control;
mod error;
mod evicted;
pub mod fault;
mod front;
mod history;
mod hub;
mod json_routes;
mod kept;
pub mod magic;
mod omen;
mod pages;
mod profile;
mod random;
mod reason;
mod recorded;
mod runtime;
mod sandbox;
mod script;
mod server;
mod sign;
mod signed;
mod simulated_vendor;
mod simulation;
mod tap;
mod vendor;
mod vendor_state;
mod vendors;
mod verification;
pub mod webhooks;

pub use act::{Act, ActName, Acted, Actor};
pub use builder::SandboxBuilder;
pub use clock::SimulatedClock;
pub use error::{Error, Result};
pub use fault::{CannedAnswer, Fault, FaultKind, FaultMix, RetryAfter};
pub use history::HistoryEntry;
pub use reason::Reason;
pub use recorded::RecordedRequest;
pub use runtime::Runtime;
pub use sandbox::Sandbox;
pub use signed::SignedWebhook;
pub use vendor::Vendor;
pub use vendors::baanx::{Baanx, BaanxEventShape, BaanxUser, Region};
pub use vendors::didit::Didit;
pub use vendors::idenfy::Idenfy;
pub use vendors::nxos::{LoaState, Nxos, NxosEventData, OrganizationType};
pub use vendors::onfido::Onfido;
pub use vendors::persona::{Persona, PersonaInflection};
pub use vendors::plaid::Plaid;
pub use vendors::session_api::{AnswerSpelling, IdField, Invites, RateLimits, SessionApi};
pub use vendors::shufti::Shufti;
pub use vendors::stripe::Stripe;
pub use vendors::sumsub::{Sumsub, SumsubDigest, SumsubRateLimits};
pub use vendors::veriff::{Veriff, VeriffCodes};
pub use vendors::{
    baanx, didit, idenfy, nxos, onfido, persona, plaid, session_api, shufti, stripe, sumsub, veriff,
};
pub use verification::{SimulatedVerification, Subject};
pub use webhooks::{DeliveryState, Mischief, WebhookAttempt, WebhookDelivery, WebhookEndpoint};

/// Compiles and runs the program of the guide.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/sandbox.md")]
struct Guide;
