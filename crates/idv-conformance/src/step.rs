//! Steps: the requests that an operation makes beside its own, and the vendor's answers to them.

use idv_core::Operation;

use crate::Reply;

/// A call of the adapter that is under way at the mock vendor.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The operation that was called.
    pub operation: Operation,
    /// The vendor's id of the session, as in [`Subject::started`](crate::Subject::started).
    pub session: &'a str,
    /// The word of the session's state, as in [`Subject::state`](crate::Subject::state).
    pub word: &'a str,
    /// Whether the session is cancelled already, and the call cancels it once more.
    pub is_cancelled: bool,
}

/// A request beside an operation's own, and the vendor's answer to it. See [`Subject::step`](crate::Subject::step).
#[derive(Debug, Clone)]
pub struct Step {
    pub(crate) reply: Reply,
    pub(crate) is_shared: bool,
    pub(crate) gives: Vec<String>,
}

impl Step {
    /// A step of the operation, made in every call of it. A failed one ends the operation.
    #[must_use]
    pub fn new(reply: Reply) -> Self {
        Self { reply, is_shared: false, gives: Vec::new() }
    }

    /// A request for many calls, such as the exchange of credentials for an access token. The adapter keeps the result, so the kit
    /// does not expect the request in every call.
    #[must_use]
    pub fn shared(reply: Reply) -> Self {
        Self { reply, is_shared: true, gives: Vec::new() }
    }

    /// A value of the answer that a later request of the same start has to name, such as the id of an applicant for whom a session
    /// is made then. Make it from [`Call::session`], so that no two starts have the same.
    #[must_use]
    pub fn gives(mut self, value: impl Into<String>) -> Self {
        self.gives.push(value.into());
        self
    }
}
