//! Looking for sessions by the caller's own reference.

use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;

/// Looks for sessions by the caller's own reference. The deadline is that of the whole search, however many pages the vendor's
/// list has.
#[derive(Debug, Clone)]
pub struct FindRequest {
    input: Arc<FindInput>,
    context: CallContext,
}

/// Input of a search.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FindInput {
    /// The reference that was given to start.
    pub reference: String,
}

impl FindRequest {
    /// A request for a reference.
    #[must_use]
    pub fn new(reference: impl Into<String>) -> Self {
        FindInput { reference: reference.into() }.into()
    }
}

request_of!(FindRequest(FindInput));
