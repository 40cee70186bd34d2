//! All configured providers, and the way to the right one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use idv_core::{
    CancelRequest, CheckRequest, Clock, ConfigProblem, Delivery, EraseRequest, Erasure, Error, ErrorKind,
    FindRequest, ImportRequest, Operation, OptionValue, ProviderId, Redirect, RedirectOutcome,
    RefreshRequest, Request, Result, StartRequest, Target, Verification, VerificationProvider,
    VerificationSession, WebhookOutcome, WebhookRequest,
};

use crate::config::ConfigDocument;
use crate::counted::CountedStart;
use crate::layers::now;
use crate::layers::observe::{self, Observer};
use crate::origin::{Origin, same};
use crate::routing::Choice;
use crate::{
    Decision, FailedStart, Observation, RegistryBuilder, RouteRequest, RoutedSession, Router, RoutingFailure,
    Unclaimed,
};

/// All configured providers. New sessions go to the active one, or where `[routing]` sends them; everything that carries a
/// [`SessionRef`](idv_core::SessionRef) goes to the provider that made it.
///
/// Calls are repeated where that is safe: see [`Retries`](crate::Retries).
///
/// Cheap to clone. A start, a refresh and an import are seen through even when the caller goes away: see
/// [`Detach`](crate::Detach). They need a Tokio runtime.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) active: ProviderId,
    pub(crate) providers: BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    pub(crate) retired: BTreeSet<ProviderId>,
    pub(crate) origins: BTreeMap<ProviderId, Arc<Origin>>,
    pub(crate) router: Router,
    /// The table from which the router was made.
    pub(crate) routing: Option<OptionValue>,
    pub(crate) warnings: Vec<ConfigProblem>,
    pub(crate) unclaimed: Unclaimed,
    pub(crate) observation: Observation,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What became of the providers that were tried and made no session.
#[derive(Default)]
struct Tried {
    failed: Vec<FailedStart>,
    /// Those whose cap was reached since the decision.
    full: Vec<ProviderId>,
}

impl Tried {
    /// Why there is no session: the error of the last provider that was asked. One that cannot serve the request at all says
    /// nothing of what another try may do, so it counts only where nobody else was tried.
    fn take_reason(&mut self) -> Option<Error> {
        let says_more = |failed: &FailedStart| !refuses_the_request(&failed.error);
        let last = self.failed.iter().rposition(says_more).or(self.failed.len().checked_sub(1))?;
        Some(self.failed.remove(last).error)
    }

    /// The error where nobody was asked.
    fn nobody(self, route: &RouteRequest, mut decision: Decision) -> Error {
        decision.fill_up(self.full);
        Router::nobody(route, &decision)
    }
}

/// Whether a provider refused the request itself, before anything was sent.
fn refuses_the_request(error: &Error) -> bool {
    let kind = matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::Unsupported);
    kind && error.delivery() == Delivery::NotSent
}

impl Registry {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Who gets the outcome of a call whose caller went away.
    pub(crate) fn unclaimed(&self) -> &Unclaimed {
        &self.0.unclaimed
    }

    /// What a provider was built from.
    pub(crate) fn origin(&self, id: &ProviderId) -> Option<&Arc<Origin>> {
        self.0.origins.get(id)
    }

    /// Whether new sessions are routed as an earlier registry did.
    pub(crate) fn routes_like(&self, earlier: &Self) -> bool {
        let rules = match (&self.0.routing, &earlier.0.routing) {
            (Some(now), Some(then)) => same(now, then),
            (now, then) => now.is_none() && then.is_none(),
        };
        rules && self.0.router.deals_like(&earlier.0.router)
    }

    /// Whether a provider is the very instance of an earlier registry.
    pub(crate) fn is_carried_over(&self, earlier: &Self, id: &ProviderId) -> bool {
        match (self.origin(id), earlier.origin(id)) {
            (Some(now), Some(then)) => Arc::ptr_eq(now, then),
            _ => false,
        }
    }

    /// Builds a registry with other parts than those of the real world, or with kinds of one's own.
    #[must_use]
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    /// Builds a registry from a TOML file.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] with everything that is wrong, each problem with line and column.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::builder().build(&ConfigDocument::from_toml_file(path)?)
    }

    /// Builds a registry from TOML text.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] with everything that is wrong, each problem with line and column.
    pub fn from_toml_str(text: &str) -> Result<Self> {
        Self::builder().build(&ConfigDocument::from_toml_str(text)?)
    }

    /// The provider for new sessions that no rule of `[routing]` sends elsewhere.
    #[must_use]
    pub fn active(&self) -> &ProviderId {
        &self.0.active
    }

    /// A configured provider.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] when there is none of this name.
    pub fn provider(&self, id: &ProviderId) -> Result<&Arc<dyn VerificationProvider>> {
        self.0.providers.get(id).ok_or_else(|| {
            let configured: Vec<&str> = self.0.providers.keys().map(ProviderId::as_str).collect();
            let message = format!("no provider `{id}` is configured (configured: {})", configured.join(", "));
            Error::new(ErrorKind::Config, message).with_provider(id.clone())
        })
    }

    /// The provider that is asked for. Where there is none, that is told of like any other outcome.
    pub(crate) fn asked(
        &self,
        id: &ProviderId,
        operation: Operation,
        target: Target<'_>,
    ) -> Result<&Arc<dyn VerificationProvider>> {
        self.provider(id).map_err(|error| self.nobody_for(Some(id)).refused(operation, target, error))
    }

    fn nobody_for(&self, asked_for: Option<&ProviderId>) -> Observer {
        Observer::of_nobody(asked_for.cloned(), self.0.observation.clone(), Arc::clone(&self.0.clock))
    }

    /// Tells of a start for which there is no provider.
    fn nobody_starts(&self, request: &StartRequest, error: Error) -> Error {
        self.nobody_for(None).refused(Operation::Start, Target::Reference(&request.reference), error)
    }

    /// All configured providers, in the order of their names.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<dyn VerificationProvider>> {
        self.0.providers.values()
    }

    /// Whether a provider only sees its sessions through: see [`Drain`](crate::Drain). It is never the active one.
    #[must_use]
    pub fn is_retired(&self, id: &ProviderId) -> bool {
        self.0.retired.contains(id)
    }

    /// What is not wrong in the configuration but unwise.
    #[must_use]
    pub fn warnings(&self) -> &[ConfigProblem] {
        &self.0.warnings
    }

    /// Decides where new sessions go.
    #[must_use]
    pub fn router(&self) -> &Router {
        &self.0.router
    }

    /// Opens a session at the active provider, or where `[routing]` sends what the request says of itself: its reference,
    /// workflow and attributes. [`start_routed`](Self::start_routed) takes more into account, and tells more.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::start`], and of [`start_routed`](Self::start_routed).
    pub async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let (router, route) = (&self.0.router, RouteRequest::from(request));
        let choice = router.claim(&route);
        let (session, mut tried) = self.start_in_order(&choice, request).await;
        session.ok_or_else(|| match tried.take_reason() {
            Some(error) => error,
            None => self.nobody_starts(request, tried.nobody(&route, router.explain(&route, &choice))),
        })
    }

    /// Opens a session where `[routing]` sends it. If that fails, `[routing.failover]` is there and the provider certainly
    /// holds no session, the next one is asked: so there is never more than one provider that could hold a session.
    ///
    /// The deadline of the request is that of all starts together. An idempotency key of the request goes to each of them.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::start`] of the last provider that was asked; one that refuses what is missing in the
    /// request, or cannot do it, asks nobody, and its error counts only where no other was tried. [`ErrorKind::Unavailable`] where the
    /// outage switch or a cap leaves no provider, [`ErrorKind::Unsupported`] where the request itself leaves none, and
    /// [`ErrorKind::InvalidRequest`] where its country is no [`CountryCode`](crate::CountryCode);
    /// nothing was sent then.
    pub async fn start_routed(
        &self,
        route: &RouteRequest,
        request: &StartRequest,
    ) -> Result<RoutedSession, RoutingFailure> {
        let choice = self.0.router.claim(route);
        let mut decision = self.0.router.explain(route, &choice);
        let (session, mut tried) = self.start_in_order(&choice, request).await;
        decision.fill_up(std::mem::take(&mut tried.full));
        match session {
            Some(session) => Ok(RoutedSession { session, decision, failed: tried.failed }),
            None => {
                let nobody = || self.nobody_starts(request, Router::nobody(route, &decision));
                let error = tried.take_reason().unwrap_or_else(nobody);
                Err(RoutingFailure { decision: Box::new(decision), failed: tried.failed, error })
            }
        }
    }

    /// Asks one provider after the other, as long as those that failed certainly hold no session. Those whose cap was reached
    /// since the decision are passed over.
    async fn start_in_order(
        &self,
        choice: &Choice<'_>,
        request: &StartRequest,
    ) -> (Option<VerificationSession>, Tried) {
        let mut tried = Tried::default();
        let router = &self.0.router;
        let mut request = request.clone();
        request.context_mut().begin(now());
        for (index, &provider) in choice.order.iter().enumerate() {
            // The first one is counted already.
            if index > 0 && !router.begin(provider) {
                tried.full.push(provider.clone());
                continue;
            }
            let error = match self.start_counted(provider, &request).await {
                Ok(session) => return (Some(session), tried),
                Err(error) => error,
            };
            let is_over = request.context().time_left(now()).is_some_and(|left| left.is_zero());
            let goes_on = router.goes_on_after(&error) && !is_over;
            let kind = error.kind();
            tried.failed.push(FailedStart { provider: provider.clone(), error });
            if !goes_on {
                break;
            }
            observe::failed_over(provider);
            tracing::warn!(
                idv.provider = %provider, idv.outcome = %kind, "a start made no session, so the next provider is asked"
            );
        }
        (None, tried)
    }

    /// Makes a start that is counted already, and takes the count back where there is certainly no session.
    async fn start_counted(
        &self,
        provider: &ProviderId,
        request: &StartRequest,
    ) -> Result<VerificationSession> {
        CountedStart::new(self, provider, request).await
    }

    /// Opens a session at a provider of choice, whatever `[routing]` says.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::start`], and [`ErrorKind::Config`] for an unknown or retired provider.
    pub async fn start_at(
        &self,
        provider: &ProviderId,
        request: &StartRequest,
    ) -> Result<VerificationSession> {
        self.0.router.begin_uncapped(provider);
        self.start_counted(provider, request).await
    }

    /// Gets a fresh link or token for the same applicant.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::refresh`], and [`ErrorKind::Config`] for an unknown provider.
    pub async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let target = Target::Session(&request.session);
        self.asked(request.session.provider(), Operation::Refresh, target)?.refresh(request).await
    }

    /// Reads what the vendor says now.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::check`], and [`ErrorKind::Config`] for an unknown provider.
    pub async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let target = Target::Session(&request.session);
        self.asked(request.session.provider(), Operation::Check, target)?.check(request).await
    }

    /// Looks for sessions by the caller's own reference.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::find`], and [`ErrorKind::Config`] for an unknown provider.
    pub async fn find(&self, provider: &ProviderId, request: &FindRequest) -> Result<Vec<Verification>> {
        let target = Target::Reference(&request.reference);
        self.asked(provider, Operation::Find, target)?.find(request).await
    }

    /// Takes over a verification that was made elsewhere.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::import`], and [`ErrorKind::Config`] for an unknown or retired provider.
    pub async fn import(&self, provider: &ProviderId, request: &ImportRequest) -> Result<Verification> {
        self.asked(provider, Operation::Import, Target::Nothing)?.import(request).await
    }

    /// Withdraws a session that is still open.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::cancel`], and [`ErrorKind::Config`] for an unknown provider.
    pub async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.asked(request.session.provider(), Operation::Cancel, request.target())?.cancel(request).await
    }

    /// Has the vendor delete the applicant's data.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::erase`], and [`ErrorKind::Config`] for an unknown provider.
    pub async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        self.asked(request.session.provider(), Operation::Erase, request.target())?.erase(request).await
    }

    /// Reads a return URL: a hint and no more.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::parse_redirect`], and [`ErrorKind::Config`] for an unknown provider.
    pub fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let target = Target::Session(redirect.expected);
        self.asked(redirect.expected.provider(), Operation::Redirect, target)?.parse_redirect(redirect)
    }

    /// Verifies and reads a webhook that arrived at the endpoint of a provider.
    ///
    /// # Errors
    /// Those of [`VerificationProvider::verify_webhook`], and [`ErrorKind::Config`] for an unknown provider.
    pub fn verify_webhook(
        &self,
        provider: &ProviderId,
        webhook: &WebhookRequest<'_>,
    ) -> Result<WebhookOutcome> {
        self.asked(provider, Operation::Webhook, Target::Nothing)?.verify_webhook(webhook)
    }
}
