//! Conveniences on top of the trait.

use async_trait::async_trait;

use crate::{
    CheckRequest, Operation, RefreshRequest, Result, SessionRef, Verification, VerificationProvider,
    VerificationSession,
};

/// Conveniences for every provider. They only call the trait, so a wrapper cannot get them wrong.
#[async_trait]
pub trait VerificationProviderExt: VerificationProvider {
    /// Reads what the vendor says now, where the reference alone is enough.
    async fn check_session(&self, session: &SessionRef) -> Result<Verification> {
        self.check(&CheckRequest::new(session.clone())).await
    }

    /// Gets a fresh link or token, where the reference alone is enough.
    async fn refresh_session(&self, session: &SessionRef) -> Result<VerificationSession> {
        self.refresh(&RefreshRequest::new(session.clone())).await
    }

    /// Whether the provider can do an operation.
    fn supports(&self, operation: Operation) -> bool {
        let capabilities = self.profile().capabilities;
        match operation {
            Operation::Start | Operation::Check => true,
            Operation::Refresh => capabilities.refresh,
            Operation::Find => capabilities.find,
            Operation::Import => capabilities.import,
            Operation::Cancel => capabilities.cancel,
            Operation::Erase => capabilities.erase,
            Operation::Redirect => capabilities.redirect,
            Operation::Webhook => capabilities.webhooks.is_some(),
        }
    }
}

impl<T: VerificationProvider + ?Sized> VerificationProviderExt for T {}
