//! What an application gives to an operation. Nothing here is checked until a provider takes it: see [`Review`].
//!
//! [`Review`]: crate::Review

mod check;
mod find;
mod import;
mod refresh;
mod start;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

pub use check::CheckRequest;
pub use find::FindRequest;
pub use import::ImportRequest;
pub use refresh::RefreshRequest;
pub use start::{Invites, StartRequest};

use crate::{Operation, Response, Result, SessionRef, UserToken, VerificationProvider};

/// A request on its way to a provider.
pub type Sent<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// An operation with I/O, as a type: what it is, what it is about, and how it is sent. A layer handles all of them with one
/// generic method.
pub trait Request: fmt::Debug + Clone + Send + Sync + 'static {
    /// What a provider gives back.
    type Output: Response;

    /// The operation.
    const OPERATION: Operation;

    /// What the request is about.
    fn target(&self) -> Target<'_>;

    /// How long the whole operation may take, from the call on; `None` where only the configuration limits it.
    fn deadline(&self) -> Option<Duration>;

    /// Sets how long the whole operation may take.
    fn set_deadline(&mut self, deadline: Option<Duration>);

    /// The applicant's own token at the vendor, where the request carries one.
    fn user_token(&self) -> Option<&UserToken> {
        None
    }

    /// The place of the key under which the vendor recognises a repeated call, where the operation has such keys.
    fn idempotency_key_mut(&mut self) -> Option<&mut Option<String>> {
        None
    }

    /// Calls the method of this operation.
    fn send<'a, P: VerificationProvider + ?Sized>(&'a self, provider: &'a P) -> Sent<'a, Self::Output>;
}

/// What a call is about, known before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'a> {
    /// Nothing that has a name yet.
    Nothing,
    /// A verification.
    Session(&'a SessionRef),
    /// The caller's own reference of a case.
    Reference(&'a str),
}
