//! A provider that announces its calls to the mock vendor, which answers their steps.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use idv_core::{
    CancelRequest, CheckRequest, EraseRequest, Erasure, FindRequest, ImportRequest, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Result, SessionRef, StartRequest,
    Verification, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};

use crate::stand_in::Shared;

/// A provider that announces its calls, and passes everything on as it is.
pub(crate) struct Announced {
    pub(crate) inner: Arc<dyn VerificationProvider>,
    pub(crate) vendor: Arc<Shared>,
}

impl Announced {
    fn go_on(&self, operation: Operation, session: &SessionRef) {
        self.vendor.under_way().go_on(operation, session.key());
    }
}

impl fmt::Debug for Announced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait]
impl VerificationProvider for Announced {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.inner.profile()
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        self.vendor.under_way().begin(Operation::Start, &request.reference);
        let session = self.inner.start(request).await?;
        self.vendor.under_way().learn(session.reference.key(), &request.reference);
        Ok(session)
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.go_on(Operation::Refresh, &request.session);
        self.inner.refresh(request).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.go_on(Operation::Check, &request.session);
        self.inner.check(request).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.vendor.under_way().begin(Operation::Find, &request.reference);
        self.inner.find(request).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        self.vendor.under_way().begin(Operation::Import, "");
        self.inner.import(request).await
    }

    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.go_on(Operation::Cancel, &request.session);
        self.inner.cancel(request).await
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        self.go_on(Operation::Erase, &request.session);
        self.inner.erase(request).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.inner.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.inner.verify_webhook(webhook)
    }
}
