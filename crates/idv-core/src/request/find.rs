//! Looking for sessions by the caller's own reference.

use std::time::Duration;

use super::{Request, Sent, Target};
use crate::{Operation, Verification, VerificationProvider};

/// Looks for sessions by the caller's own reference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FindRequest {
    /// The reference that was given to start.
    pub reference: String,
    /// How long the whole operation may take, from the call on, however many pages the vendor's list has.
    pub deadline: Option<Duration>,
}

impl FindRequest {
    /// A request for a reference.
    #[must_use]
    pub fn new(reference: impl Into<String>) -> Self {
        Self { reference: reference.into(), deadline: None }
    }

    /// Sets how long the whole operation may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl Request for FindRequest {
    type Output = Vec<Verification>;
    const OPERATION: Operation = Operation::Find;

    fn target(&self) -> Target<'_> {
        Target::Reference(&self.reference)
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn set_deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    fn send<'a, P: VerificationProvider + ?Sized>(&'a self, provider: &'a P) -> Sent<'a, Vec<Verification>> {
        provider.find(self)
    }
}
