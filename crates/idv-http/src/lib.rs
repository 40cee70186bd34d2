//! The one HTTP call with JSON that every adapter of `idv` makes.
//!
//! A [`Call`] is one attempt: nothing here retries, follows a redirect, reads the environment or decides about an applicant.
//! Every failure is an [`Error`](idv_core::Error) that says what happened, whether to retry ([`ReplaySafety`]), and whether the
//! vendor may have processed the call.
//!
//! A [`Poster`] sends to an address that is no vendor's, such as a webhook of the application itself.
//!
//! Adapters outside this workspace may use this crate or any HTTP client of their own: the contract does not know it.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod auth;
mod authority;
mod call;
mod classify;
mod client;
mod clock;
mod content;
mod error_places;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
mod invalid_response;
pub mod json;
mod json_response;
mod post;
mod replay_safety;
mod sequence;
mod target;
mod tls;
mod tls_fault;
mod transport_error;
mod wait;

pub use auth::{
    AccessGrant, Authorize, CachedToken, ClientCredentials, FixedHeader, Outgoing, SignedAnswer, TokenSource,
    VerifyAnswer,
};
pub use call::{Call, secret_header};
pub use classify::{ErrorAnswer, ErrorRules, Override, Verdict};
pub use client::JsonClient;
pub use clock::now;
pub use error_places::{ErrorMeaning, ErrorPlaces};
pub use invalid_response::{decode, invalid_response};
pub use json_response::JsonResponse;
pub use post::{PostAnswer, Poster};
pub use replay_safety::ReplaySafety;
pub use sequence::Sequence;
