//! A vendor that answers at once, so that the database is all that is measured.

use async_trait::async_trait;
use idv::adapter::{BuildContext, BuiltProvider, JsonSchema, ProviderFactory, ProviderOptions};
use idv::config::ConfigDocument;
use idv::profile::{Cadence, Capabilities, ProviderProfile};
use idv::{
    Assurance, CancelRequest, CheckRequest, ConfigProblem, EraseRequest, Erasure, Error, FindRequest,
    ImportRequest, NextAction, Operation, ProviderId, ProviderKind, Redirect, RedirectOutcome,
    RefreshRequest, Registry, Result, SessionRef, StartRequest, Timestamp, VendorWord, Verification,
    VerificationProvider, VerificationSession, VerificationStatus, WebhookEvent, WebhookOutcome,
    WebhookRequest,
};
use std::time::Duration;

/// The id of the only provider.
pub(crate) const ID: &str = "bench";

/// The status that every check gives.
pub(crate) const STATUS: VerificationStatus = VerificationStatus::InReview;

/// The vendor's word for it.
pub(crate) const WORD: &str = "PENDING";

pub(crate) fn registry() -> Registry {
    let document = ConfigDocument::from_toml_str("active = \"bench\"\n[providers.bench]\nkind = \"bench\"\n");
    let document = document.expect("a document");
    Registry::builder().factory(Factory).build(&document).expect("a registry")
}

#[derive(Debug)]
struct Factory;

impl ProviderFactory for Factory {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("bench")
    }

    fn build(
        &self,
        id: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> std::result::Result<BuiltProvider, Vec<ConfigProblem>> {
        let mut profile = idv::testing::profile();
        profile.kind = self.kind();
        profile.capabilities = Capabilities::new().with_webhooks(Assurance::Signed);
        profile.actions.cadence = Cadence::every(Duration::from_secs(60));
        Ok(std::sync::Arc::new(Vendor { id: id.clone(), profile }).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

#[derive(Debug)]
struct Vendor {
    id: ProviderId,
    profile: ProviderProfile,
}

impl Vendor {
    fn never<T>(&self, operation: Operation) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, "only checks and webhooks"))
    }
}

#[async_trait]
impl VerificationProvider for Vendor {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, _: &StartRequest) -> Result<VerificationSession> {
        self.never(Operation::Start)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        self.never(Operation::Refresh)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let action = NextAction::Wait { poll_after: Duration::from_secs(60) };
        Ok(Verification::new(request.session.clone(), STATUS, VendorWord::new(WORD), action))
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.never(Operation::Find)
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.never(Operation::Import)
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.never(Operation::Cancel)
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.never(Operation::Erase)
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.never(Operation::Redirect)
    }

    /// The body is the key of a session: an approval of it. The price of a signature is measured elsewhere.
    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let key = std::str::from_utf8(webhook.body).map_err(|_| Error::webhook_unreadable("no text"))?;
        let reference =
            SessionRef::new(self.id.clone(), key).map_err(|_| Error::webhook_unreadable("no key"))?;
        let id = VendorWord::new(&format!("evt-{key}"));
        let mut event = WebhookEvent::signed(self.id.clone(), id, VendorWord::new("changed"));
        event.reference = Some(reference);
        event.occurred_at = Some(Timestamp::from_unix_millis(webhook.received_at.unix_millis()));
        let status = VerificationStatus::Approved;
        let action = NextAction::Done { recheck_after: None };
        let event = event.with_status(status, VendorWord::new("APPROVED"), Vec::new(), action);
        Ok(WebhookOutcome::Event(Box::new(event)))
    }
}
