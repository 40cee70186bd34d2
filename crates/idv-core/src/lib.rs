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
//! - **Only a signed webhook may carry a status.** [`WebhookEvent::shared_secret`] has no place for one.
//! - **The trait has no default bodies.** A default would let a wrapper forget to pass a call on; conveniences are in
//!   [`VerificationProviderExt`].
//! - **Secrets are types.** What must not be printed cannot be printed; reading it is a visible call to `expose()`.

// A field or a variant more must never be a breaking change of this crate.
#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod adapter;
mod error;
mod model;
mod profile;
mod provider;
mod provider_ext;
mod request;
mod response;
mod string_enum;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

// What an application uses.
pub use error::{
    ConfigProblem, CredentialOwner, Delivery, Error, ErrorKind, InputProblem, Problem, Result, Retry,
};
pub use model::{
    AccessToken, ActionPolicy, AfterRejection, Assurance, Cadence, Clock, Correlation, CountryCode,
    CountryCodeError, HumanDuration, IdError, IdentityField, NextAction, NotStarted, OnboardingId, Operation,
    Pii, PolicyAction, ProviderId, ProviderKind, SensitiveText, SessionRef, SessionRefError, SessionUrl,
    SessionUrlError, ShareToken, Successor, Timestamp, TimestampError, TraceParent, TraceParentError,
    TraceSource, UrlRule, UserToken, VendorWord, VerificationReason, VerificationStatus, lookup_ignore_case,
};
pub use profile::{
    Capabilities, Capability, CapabilityError, Certainty, Input, InputNeed, InputTable, Lifetime, Limit,
    LimitScope, MappingRow, Note, ProviderProfile, Surface,
};
pub use provider::VerificationProvider;
pub use provider_ext::VerificationProviderExt;
pub use request::{
    CallContext, CallStats, CancelInput, CancelRequest, CheckInput, CheckRequest, Deadline, EraseInput,
    EraseRequest, FindInput, FindRequest, ImportInput, ImportRequest, Invites, RefreshInput, RefreshRequest,
    Request, Sent, StartInput, StartRequest, Target,
};
pub use response::{
    Answer, DocumentKind, Erasure, ErasureState, Expiry, Handoff, Redirect, RedirectClaim, RedirectNames,
    RedirectOutcome, RedirectParameters, ReportedReason, Response, ReturnState, ReturnStateError,
    SessionLink, SubjectKind, Verification, VerificationSession, VerifiedDocument, VerifiedIdentity,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};

// What the author of an adapter uses.
pub use adapter::{
    Adapter, BaseUrl, BaseUrlError, BuildContext, BuiltProvider, HttpOptions, HttpProblems, JsonSchema,
    Location, OptionEntry, OptionTable, OptionValue, OptionsValidator, OsRandomness, ProviderFactory,
    ProviderOptions, Randomness, RedirectUrl, RedirectUrlError, RequestValidator, SecretResolver, SecretSlip,
    SecretSource, VERIFF_REASONS, did_you_mean, is_variable_name,
};
pub use adapter::{identity, signature};
