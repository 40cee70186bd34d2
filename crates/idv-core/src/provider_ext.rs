//! Convenience methods on top of the trait.

use async_trait::async_trait;

use crate::{
    CheckRequest, Operation, RefreshRequest, Result, SessionRef, Verification, VerificationProvider,
    VerificationSession,
};

/// Convenience methods of every provider. They only call the trait, so a wrapper cannot get them wrong.
#[async_trait]
pub trait VerificationProviderExt: VerificationProvider {
    /// Reads the current state at the vendor, where the reference alone is enough.
    async fn check_session(&self, session: &SessionRef) -> Result<Verification> {
        self.check(&CheckRequest::new(session.clone())).await
    }

    /// Gets a fresh link or token, where the reference alone is enough.
    async fn refresh_session(&self, session: &SessionRef) -> Result<VerificationSession> {
        self.refresh(&RefreshRequest::new(session.clone())).await
    }

    /// Whether the provider can do an operation.
    fn supports(&self, operation: Operation) -> bool {
        self.profile().supports(operation)
    }
}

impl<T: VerificationProvider + ?Sized> VerificationProviderExt for T {}
