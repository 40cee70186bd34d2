//! Requests of an application to an operation. Nothing here is checked until a provider takes it: see [`RequestValidator`].
//!
//! [`RequestValidator`]: crate::RequestValidator

mod cancel;
mod check;
mod context;
mod erase;
mod find;
mod import;
mod operations;
mod refresh;
mod shared;
mod start;
mod target;

use std::fmt;
use std::pin::Pin;

pub use cancel::{CancelInput, CancelRequest};
pub use check::{CheckInput, CheckRequest};
pub use context::{CallContext, CallStats, Deadline};
pub use erase::{EraseInput, EraseRequest};
pub use find::{FindInput, FindRequest};
pub use import::{ImportInput, ImportRequest};
pub use refresh::{RefreshInput, RefreshRequest};
pub use start::{Invites, StartInput, StartRequest};
pub use target::Target;

use crate::{Operation, Response, Result, UserToken, VerificationProvider};

/// A request on its way to a provider.
pub type Sent<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// An operation with I/O, as a type: which operation, its target, and how it is sent. A layer handles all of them with one
/// generic method.
///
/// A copy of a request shares its input and has a [`CallContext`] of its own, so it costs next to nothing.
pub trait Request: fmt::Debug + Clone + Send + Sync + 'static {
    /// The result of the operation.
    type Output: Response;

    /// The operation.
    const OPERATION: Operation;

    /// The target of the request.
    fn target(&self) -> Target<'_>;

    /// The context of this call.
    fn context(&self) -> &CallContext;

    /// The context of this call, to be changed.
    fn context_mut(&mut self) -> &mut CallContext;

    /// The applicant's own token at the vendor, where the request carries one.
    fn user_token(&self) -> Option<&UserToken> {
        None
    }

    /// Calls the method of this operation.
    fn send<'a, P: VerificationProvider + ?Sized>(&'a self, provider: &'a P) -> Sent<'a, Self::Output>;
}
