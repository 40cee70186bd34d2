//! The contract of `idv`: one trait for every identity-verification vendor, one status model, typed errors.
//!
//! An application holds a [`VerificationProvider`] (usually through the `idv` crate's registry), starts a
//! [`VerificationSession`] with a [`StartRequest`], hands the applicant over, and later reads a [`Verification`]:
//! one [`VerificationStatus`], its [`VerificationReason`]s, and the [`NextAction`] to take. A vendor crate implements
//! the trait; this crate holds no HTTP client, no runtime and no clock, so that it costs nothing to depend on.
//!
//! # Why it is built like this
//!
//! - **A declined applicant is data, an [`Error`] means that the state is unknown.** No failure ever becomes a verdict.
//! - **A redirect is a hint.** [`RedirectOutcome`] cannot say `approved` or `rejected`: see [`RedirectClaim`].
//! - **Only a signed webhook may carry a status.** [`WebhookEvent::notice`] has no place for one.
//! - **The trait has no default bodies.** A default would let a wrapper forget to pass a call on; conveniences are in
//!   [`VerificationProviderExt`].
//! - **Secrets are types.** What must not be printed cannot be printed; reading it is a visible call to `expose()`.

// A field or a variant more must never be a breaking change of this crate.
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod action;
mod base_url;
mod capability;
mod context;
mod correlation;
mod country;
mod duration;
mod erasure;
mod error;
mod factory;
mod ids;
mod input;
mod options;
mod profile;
mod provider;
mod provider_ext;
mod redact;
mod redirect;
mod redirect_url;
mod request;
mod response;
mod return_state;
mod review;
#[cfg(feature = "schema")]
mod schema;
mod secret_slip;
mod secret_source;
mod session;
mod session_ref;
mod setup;
pub mod signature;
mod status;
mod stored;
mod string_enum;
mod suggest;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;
mod trace_parent;
mod vendor_word;
mod verification;
mod webhook;

pub use action::{ActionPolicy, AfterRejection, Cadence, NextAction, NotStarted, Successor};
pub use base_url::{BaseUrl, BaseUrlError, UrlRule};
pub use capability::{Capabilities, Capability, CapabilityError};
pub use context::{BuildContext, HttpOptions, HttpProblems, OsRandomness, Randomness, SecretResolver};
pub use correlation::Correlation;
pub use country::{CountryCode, CountryCodeError};
pub use duration::HumanDuration;
pub use erasure::{Erasure, ErasureState};
pub use error::{
    ConfigProblem, CredentialOwner, Delivery, Error, ErrorKind, InputProblem, Problem, Result, Retry,
};
pub use factory::{JsonSchema, ProviderFactory};
pub use ids::{IdError, ProviderId, ProviderKind};
pub use input::{Input, InputNeed, Operation};
pub use options::{Location, OptionEntry, OptionTable, OptionValue, ProviderOptions};
pub use profile::{
    Certainty, InputTable, Lifetime, Limit, LimitScope, MappingRow, Note, ProviderProfile, Surface,
};
pub use provider::VerificationProvider;
pub use provider_ext::VerificationProviderExt;
pub use redact::{
    AccessToken, OnboardingId, Pii, SensitiveText, SessionUrl, SessionUrlError, ShareToken, UserToken,
};
pub use redirect::{Redirect, RedirectClaim, RedirectNames, RedirectOutcome, RedirectParameters};
pub use redirect_url::{RedirectUrl, RedirectUrlError};
pub use request::{
    CallContext, CallStats, CancelInput, CancelRequest, CheckInput, CheckRequest, Deadline, EraseInput,
    EraseRequest, FindInput, FindRequest, ImportInput, ImportRequest, Invites, RefreshInput, RefreshRequest,
    Request, Sent, StartInput, StartRequest, Target,
};
pub use response::{Answer, Response};
pub use return_state::{ReturnState, ReturnStateError};
pub use review::RequestValidator;
pub use secret_slip::{SecretSlip, is_variable_name};
pub use secret_source::SecretSource;
pub use session::{Expiry, Handoff, SessionLink, VerificationSession};
pub use session_ref::{SessionRef, SessionRefError};
pub use setup::OptionsValidator;
pub use status::{VerificationReason, VerificationStatus};
pub use suggest::did_you_mean;
pub use time::{Clock, Timestamp, TimestampError};
pub use trace_parent::{TraceParent, TraceParentError, TraceSource};
pub use vendor_word::{VendorWord, lookup_ignore_case};
pub use verification::{ReportedReason, SubjectKind, Verification};
pub use webhook::{Assurance, WebhookEvent, WebhookOutcome, WebhookRequest};
