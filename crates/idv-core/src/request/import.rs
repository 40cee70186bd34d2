//! Taking over a verification that was made elsewhere.

use std::time::Duration;

use super::{Request, Sent, Target};
use crate::{Operation, ShareToken, Verification, VerificationProvider};

/// Takes over a verification that was made elsewhere.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ImportRequest {
    /// The organization that the verification belongs to.
    pub organization: Option<String>,
    /// The single-use token that carries it.
    pub share_token: ShareToken,
    /// How long the whole operation may take, from the call on.
    pub deadline: Option<Duration>,
}

impl ImportRequest {
    /// A request with a share token. A token is good for one call.
    #[must_use]
    pub fn new(share_token: impl Into<ShareToken>) -> Self {
        Self { organization: None, share_token: share_token.into(), deadline: None }
    }

    /// Sets the organization that the verification belongs to.
    #[must_use]
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }

    /// Sets how long the whole operation may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl Request for ImportRequest {
    type Output = Verification;
    const OPERATION: Operation = Operation::Import;

    fn target(&self) -> Target<'_> {
        Target::Nothing
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn set_deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    fn send<'a, P: VerificationProvider + ?Sized>(&'a self, provider: &'a P) -> Sent<'a, Verification> {
        provider.import(self)
    }
}
