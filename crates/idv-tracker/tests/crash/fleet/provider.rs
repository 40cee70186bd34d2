//! The provider with which workers ask the vendor of a fleet.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idv::adapter::{BuildContext, BuiltProvider, JsonSchema, ProviderFactory, ProviderOptions};
use idv::config::ConfigDocument;
use idv::profile::{Cadence, ProviderProfile};
use idv::{
    CancelRequest, CheckRequest, ConfigProblem, EraseRequest, Erasure, Error, ErrorKind, FindRequest,
    ImportRequest, NextAction, Operation, ProviderId, ProviderKind, Redirect, RedirectOutcome,
    RefreshRequest, Registry, Result, StartRequest, VendorWord, Verification, VerificationProvider,
    VerificationSession, VerificationStatus, WebhookOutcome, WebhookRequest,
};

use crate::http;

/// The id of the provider.
pub(super) const ID: &str = "fleet";

/// Nothing is due again within a test.
const PAUSE: Duration = Duration::from_secs(3600);

/// A registry whose provider asks the vendor at a port, as a worker of this number.
pub(super) fn registry(port: u16, worker: usize) -> Registry {
    let document = ConfigDocument::from_toml_str("active = \"fleet\"\n[providers.fleet]\nkind = \"fleet\"\n");
    Registry::builder().factory(Factory { port, worker }).build(&document.unwrap()).unwrap()
}

#[derive(Debug)]
struct Factory {
    port: u16,
    worker: usize,
}

impl ProviderFactory for Factory {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("fleet")
    }

    fn build(
        &self,
        id: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> std::result::Result<BuiltProvider, Vec<ConfigProblem>> {
        let mut profile = idv::testing::profile();
        profile.kind = self.kind();
        profile.actions.cadence = Cadence::every(PAUSE);
        let path = format!("/check/{}", self.worker);
        Ok(Arc::new(Vendor { id: id.clone(), profile, port: self.port, path }).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

#[derive(Debug)]
struct Vendor {
    id: ProviderId,
    profile: ProviderProfile,
    port: u16,
    path: String,
}

impl Vendor {
    fn never<T>(&self, operation: Operation) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, "only checks"))
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
        let path = format!("{}/{}", self.path, request.session.key());
        let answer = http::post(self.port, &path, &::http::HeaderMap::new(), b"").await;
        let (_, word) = answer.map_err(|error| Error::new(ErrorKind::Unavailable, error.to_string()))?;
        let word = VendorWord::new(&String::from_utf8_lossy(&word));
        let action = NextAction::Wait { poll_after: PAUSE };
        Ok(Verification::new(request.session.clone(), VerificationStatus::InReview, word, action))
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

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.never(Operation::Webhook)
    }
}
