//! A provider whose checks are a function.

use std::fmt;

use async_trait::async_trait;

use crate::{
    CancelRequest, CheckRequest, EraseRequest, Erasure, Error, FindRequest, ImportRequest, Operation,
    ProviderId, ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Result, StartRequest,
    Verification, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};

type Webhooks = dyn Fn(&WebhookRequest<'_>) -> Result<WebhookOutcome> + Send + Sync;

/// A provider whose checks are a function, for tests of polling and watching.
///
/// Every other operation fails with [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported), webhooks too unless
/// [`with_webhooks`](Self::with_webhooks) gave a function for them.
///
/// ```
/// use idv_core::testing::{CheckFn, profile};
/// use idv_core::{CheckRequest, NextAction, VendorWord, Verification, VerificationStatus};
///
/// let approves = CheckFn::new("acme".parse().unwrap(), profile(), |request: &CheckRequest| {
///     let session = request.session.clone();
///     async move {
///         let action = NextAction::Done { recheck_after: None };
///         Ok(Verification::new(session, VerificationStatus::Approved, VendorWord::new("OK"), action))
///     }
/// });
/// # let _ = approves;
/// ```
pub struct CheckFn<F> {
    id: ProviderId,
    profile: ProviderProfile,
    check: F,
    webhooks: Option<Box<Webhooks>>,
}

impl<F> CheckFn<F> {
    /// A provider that answers a check with the outcome of the future that `check` makes of the request.
    #[must_use]
    pub fn new<A>(id: ProviderId, profile: ProviderProfile, check: F) -> Self
    where
        F: Fn(&CheckRequest) -> A,
        A: Future<Output = Result<Verification>>,
    {
        Self { id, profile, check, webhooks: None }
    }

    /// The same with webhooks that read as `verify` says.
    #[must_use]
    pub fn with_webhooks(
        mut self,
        verify: impl Fn(&WebhookRequest<'_>) -> Result<WebhookOutcome> + Send + Sync + 'static,
    ) -> Self {
        self.webhooks = Some(Box::new(verify));
        self
    }

    fn unsupported<T>(&self, operation: Operation) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, "the provider of this test has checks alone"))
    }
}

impl<F> fmt::Debug for CheckFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckFn").field("id", &self.id).finish_non_exhaustive()
    }
}

#[async_trait]
impl<F, A> VerificationProvider for CheckFn<F>
where
    F: Fn(&CheckRequest) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Verification>> + Send + 'static,
{
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, _: &StartRequest) -> Result<VerificationSession> {
        self.unsupported(Operation::Start)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        self.unsupported(Operation::Refresh)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        (self.check)(request).await
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.unsupported(Operation::Find)
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(Operation::Import)
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.unsupported(Operation::Cancel)
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.unsupported(Operation::Erase)
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.unsupported(Operation::Redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        match &self.webhooks {
            Some(verify) => verify(webhook),
            None => self.unsupported(Operation::Webhook),
        }
    }
}
