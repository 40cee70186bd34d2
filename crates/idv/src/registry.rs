//! The registry of all configured providers: sends each call to the right one.

mod assembly;
mod builder;
mod capped;
mod changes;
mod instance;
mod recording_resolver;
mod reload;
mod snapshot;
mod source;
mod start;

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use idv_core::{
    CancelRequest, CheckRequest, ConfigProblem, EraseRequest, Erasure, FindRequest, ImportRequest, Operation,
    ProviderId, Redirect, RedirectOutcome, RefreshRequest, Request, Result, StartRequest, Target,
    Verification, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};

use crate::routing::{RouteRequest, Router};

pub use builder::RegistryBuilder;
pub use changes::{ActiveMoved, Changes};
pub use start::{BeforeAsking, FailedStart, RoutedSession, RoutingFailure};

pub(crate) use instance::Instance;
pub(crate) use snapshot::Snapshot;

use source::Source;

/// All configured providers. New sessions go to the active one, or where `[routing]` sends them; everything that carries a
/// [`SessionRef`](idv_core::SessionRef) goes to the provider that made it.
///
/// Calls are retried where that is safe: see [`Retries`](crate::layers::Retries). A start, a refresh, an import, a cancellation
/// and an erasure run to completion even when the caller goes away: see [`Detach`](crate::layers::Detach). They need a Tokio
/// runtime.
///
/// # Reloading
/// [`reload`](Self::reload) reads the configuration again while calls are under way. It replaces the whole configuration or
/// nothing: where anything is wrong, all of it is reported and the old one stays. A call that is under way ends at the provider
/// where it began, with the options of then. A provider whose table and secrets have not changed is carried over as it is, with
/// its connections, retry budget, circuit breaker and rate limits; what an adapter reads beside those is not looked at. Sessions
/// that count against a cap are capped on in any case.
///
/// ```no_run
/// # async fn example() -> idv::Result<()> {
/// use std::time::Duration;
///
/// use idv::{Registry, StartRequest};
///
/// let registry = Registry::from_toml_file("idv.toml")?;
/// let handle = registry.clone();
/// tokio::spawn(async move {
///     let report = |outcome| match outcome {
///         Ok(changes) => println!("configuration: {changes}"),
///         Err(error) => eprintln!("configuration refused, the old one stays: {error}"),
///     };
///     handle.reload_every(Duration::from_secs(30), report).await;
/// });
/// let session = registry.start(&StartRequest::new("case-7")).await?;
/// # Ok(())
/// # }
/// ```
///
/// Several calls that belong together should see one configuration: take it with [`pinned`](Self::pinned).
///
/// Cheap to clone; all clones change together.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

struct Shared {
    current: ArcSwap<Snapshot>,
    source: Arc<Source>,
}

impl Registry {
    fn new(snapshot: Arc<Snapshot>, source: Arc<Source>) -> Self {
        Self(Arc::new(Shared { current: ArcSwap::new(snapshot), source }))
    }

    /// The configuration as it is now.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.0.current.load_full()
    }

    /// A handle that is pinned to the present configuration: later reloads of this registry do not change it. It can be
    /// reloaded itself.
    #[must_use]
    pub fn pinned(&self) -> Self {
        Self::new(self.snapshot(), Arc::clone(&self.0.source))
    }

    /// The provider for new sessions that no rule of `[routing]` sends elsewhere.
    #[must_use]
    pub fn active(&self) -> ProviderId {
        self.snapshot().active.clone()
    }

    /// A configured provider.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) when there is none of this name.
    pub fn provider(&self, id: &ProviderId) -> Result<Arc<dyn VerificationProvider>> {
        self.0.current.load().provider(id).cloned()
    }

    /// The provider that is asked for. A missing one is observed like any other outcome.
    fn asked(
        &self,
        id: &ProviderId,
        operation: Operation,
        target: Target<'_>,
    ) -> Result<Arc<dyn VerificationProvider>> {
        self.0.current.load().asked(id, operation, target).cloned()
    }

    /// The provider that a request about a session asks for.
    fn of<R: Request>(
        &self,
        session: &idv_core::SessionRef,
        request: &R,
    ) -> Result<Arc<dyn VerificationProvider>> {
        self.asked(session.provider(), R::OPERATION, request.target())
    }

    /// All configured providers, in the order of their names.
    pub fn providers(&self) -> impl Iterator<Item = Arc<dyn VerificationProvider>> + use<> {
        self.snapshot().providers.values().cloned().collect::<Vec<_>>().into_iter()
    }

    /// Whether a provider takes no new sessions: see [`Drain`](crate::layers::Drain). It is never the active one.
    #[must_use]
    pub fn is_retired(&self, id: &ProviderId) -> bool {
        self.snapshot().retired.contains(id)
    }

    /// Settings of the configuration that are valid but unwise.
    #[must_use]
    pub fn warnings(&self) -> Vec<ConfigProblem> {
        self.snapshot().warnings.clone()
    }

    /// Decides where new sessions go, by the configuration as it is now.
    #[must_use]
    pub fn router(&self) -> Arc<Router> {
        Arc::clone(&self.snapshot().router)
    }

    /// Opens a session at the active provider, or where `[routing]` sends what the request says of itself: its reference,
    /// country, workflow and attributes. [`start_routed`](Self::start_routed) takes more into account, and tells more.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::start`], and of [`start_routed`](Self::start_routed).
    pub async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        start::start(&self.snapshot(), request).await
    }

    /// Opens a session where `[routing]` sends it. If that fails, `[routing.failover]` is there and the provider certainly
    /// holds no session, the next one is asked: so there is never more than one provider that could hold a session.
    ///
    /// The deadline of the request is that of all starts together. An idempotency key of the request goes to each of them.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::start`] of the last provider that was asked. Refusals before anything is sent
    /// (`InvalidRequest`, `Unsupported`) are returned only where no other provider was tried.
    /// [`ErrorKind::Unavailable`](idv_core::ErrorKind::Unavailable) where the outage switch or a cap leaves no provider,
    /// [`ErrorKind::Unsupported`](idv_core::ErrorKind::Unsupported) where the request itself leaves none, and
    /// [`ErrorKind::InvalidRequest`](idv_core::ErrorKind::InvalidRequest) where its country is no
    /// [`CountryCode`](crate::CountryCode); nothing was sent then.
    pub async fn start_routed(
        &self,
        route: &RouteRequest,
        request: &StartRequest,
    ) -> Result<RoutedSession, RoutingFailure> {
        start::start_routed(&self.snapshot(), route, request, None).await
    }

    /// [`start_routed`](Self::start_routed), with a hook that is called before each provider that is asked.
    ///
    /// # Errors
    /// Those of [`start_routed`](Self::start_routed), and the error of the hook.
    pub async fn start_routed_with(
        &self,
        route: &RouteRequest,
        request: &StartRequest,
        before: &dyn BeforeAsking,
    ) -> Result<RoutedSession, RoutingFailure> {
        start::start_routed(&self.snapshot(), route, request, Some(before)).await
    }

    /// Opens a session at a provider of choice, whatever `[routing]` says.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::start`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown or
    /// retired provider.
    pub async fn start_at(
        &self,
        provider: &ProviderId,
        request: &StartRequest,
    ) -> Result<VerificationSession> {
        start::start_at(&self.snapshot(), provider, request).await
    }

    /// Gets a fresh link or token for the same applicant.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::refresh`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown
    /// provider.
    pub async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.of(&request.session, request)?.refresh(request).await
    }

    /// Reads the current state at the vendor.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::check`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown
    /// provider.
    pub async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.of(&request.session, request)?.check(request).await
    }

    /// Looks for sessions by the caller's own reference.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::find`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown provider.
    pub async fn find(&self, provider: &ProviderId, request: &FindRequest) -> Result<Vec<Verification>> {
        self.asked(provider, Operation::Find, request.target())?.find(request).await
    }

    /// Takes over a verification that was made elsewhere.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::import`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown or
    /// retired provider.
    pub async fn import(&self, provider: &ProviderId, request: &ImportRequest) -> Result<Verification> {
        self.asked(provider, Operation::Import, request.target())?.import(request).await
    }

    /// Withdraws a session that is still open.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::cancel`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown
    /// provider.
    pub async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.of(&request.session, request)?.cancel(request).await
    }

    /// Has the vendor delete the applicant's data.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::erase`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown
    /// provider.
    pub async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        self.of(&request.session, request)?.erase(request).await
    }

    /// Reads a return URL: a hint and no more.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::parse_redirect`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown
    /// provider.
    pub fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let target = Target::Session(redirect.expected);
        self.asked(redirect.expected.provider(), Operation::Redirect, target)?.parse_redirect(redirect)
    }

    /// Verifies and reads a webhook that arrived at the endpoint of a provider.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use idv::{NextAction, ProviderId, Registry, Timestamp, WebhookOutcome, WebhookRequest};
    ///
    /// /// The body has to be the raw bytes, and the answer comes after the event is stored.
    /// fn handle(
    ///     registry: &Registry, id: &ProviderId, headers: &HeaderMap, body: &[u8], now: Timestamp,
    /// ) -> StatusCode {
    ///     let event = match registry.verify_webhook(id, &WebhookRequest::new(headers, body, now)) {
    ///         Ok(WebhookOutcome::Event(event)) => event,
    ///         Ok(_) => return StatusCode::OK,
    ///         Err(error) => return error.webhook_response_status(),
    ///     };
    ///     if is_new(event.id.as_str()) && event.next_action == NextAction::Check {
    ///         look_at(&event.reference);
    ///     }
    ///     StatusCode::OK
    /// }
    /// # fn is_new(_: &str) -> bool { true }
    /// # fn look_at(_: &Option<idv::SessionRef>) {}
    /// ```
    ///
    /// # Errors
    /// Those of [`VerificationProvider::verify_webhook`], and [`ErrorKind::Config`](idv_core::ErrorKind::Config) for an unknown
    /// provider.
    pub fn verify_webhook(
        &self,
        provider: &ProviderId,
        webhook: &WebhookRequest<'_>,
    ) -> Result<WebhookOutcome> {
        self.asked(provider, Operation::Webhook, Target::Nothing)?.verify_webhook(webhook)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registry").field(&self.snapshot()).finish()
    }
}
