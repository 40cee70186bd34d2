//! The one HTTP call with JSON that every adapter of `idv` makes.
//!
//! A [`Call`] is one attempt: nothing here retries, follows a redirect, reads the environment or decides about an applicant.
//! Every failure is an [`Error`](idv_core::Error) that says what happened, whether to retry ([`Repeat`]), and whether the
//! vendor may have processed the call.
//!
//! Adapters outside this workspace may use this crate or any HTTP client of their own: the contract does not know it.

#![warn(clippy::exhaustive_enums, clippy::exhaustive_structs)]

mod answer;
mod authority;
mod broken;
mod call;
mod classify;
mod client;
mod clock;
mod content;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod json;
mod query;
mod repeat;
mod tls;
mod tls_fault;
mod unusable;
mod wait;

pub use answer::Answer;
pub use call::{Call, secret_header};
pub use classify::{ErrorRules, Override, Verdict};
pub use client::JsonClient;
pub use clock::now;
pub use repeat::Repeat;
pub use unusable::{decode, unusable};
