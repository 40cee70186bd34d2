//! A registry whose configuration can change while it is in use.

mod changes;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use idv_core::{
    CancelRequest, CheckRequest, EraseRequest, Erasure, Error, ErrorKind, FindRequest, ImportRequest,
    ProviderId, Redirect, RedirectOutcome, RefreshRequest, Result, StartRequest, Verification,
    VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};

use crate::config::ConfigDocument;
use crate::{Finding, Registry, RegistryBuilder, RouteRequest, RoutedSession, RoutingFailure};

pub use changes::{ActiveMoved, Changes};

/// The shortest pause between two looks at the configuration.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

/// A [`Registry`] whose configuration can be read again while calls are under way.
///
/// [`reload`](Self::reload) replaces the whole configuration or nothing: where anything is wrong, all of it is reported and
/// the old one stays. A call that is under way ends at the provider where it began, with the options of then. A provider
/// whose table and secrets have not changed is carried over as it is, with its connections, retry budget, breaker and rate
/// limits; what an adapter reads beside those is not looked at. Sessions that count against a cap are counted on in any case.
///
/// ```no_run
/// # async fn example() -> idv::Result<()> {
/// use std::time::Duration;
///
/// use idv::{ReloadableRegistry, StartRequest};
///
/// let registry = ReloadableRegistry::from_toml_file("idv.toml")?;
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
/// Several calls that belong together should see one configuration: take it with [`current`](Self::current).
///
/// Cheap to clone; all clones change together.
#[derive(Clone)]
pub struct ReloadableRegistry(Arc<Shared>);

type Load = Box<dyn Fn() -> Result<ConfigDocument> + Send + Sync>;

struct Shared {
    current: RwLock<Registry>,
    /// Held while a configuration is read, so that an older one never replaces a newer one.
    turn: Mutex<()>,
    builder: RegistryBuilder,
    load: Load,
}

impl ReloadableRegistry {
    /// Builds a registry from a TOML file, which `reload` reads again.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] with everything that is wrong, each problem with line and column.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        Self::new(Registry::builder(), move || ConfigDocument::from_toml_file(&path))
    }

    /// Builds a registry with the parts of a builder, from configurations that come from anywhere: a file, a service,
    /// another format.
    ///
    /// # Errors
    /// Those of `load`, and [`ErrorKind::Config`] with everything that is wrong.
    pub fn new(
        builder: RegistryBuilder,
        load: impl Fn() -> Result<ConfigDocument> + Send + Sync + 'static,
    ) -> Result<Self> {
        let current = RwLock::new(builder.build_after(&load()?, None)?);
        Ok(Self(Arc::new(Shared { current, turn: Mutex::new(()), builder, load: Box::new(load) })))
    }

    /// The registry as it is now. It stays as it is when the configuration changes.
    #[must_use]
    pub fn current(&self) -> Registry {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the configuration and all secrets again. Every call that begins afterwards sees the new one.
    ///
    /// It reads files; asynchronous code calls it on a thread that may block, such as that of
    /// [`tokio::task::spawn_blocking`].
    ///
    /// # Errors
    /// Those of the first time. The old configuration stays.
    pub fn reload(&self) -> Result<Changes> {
        let _turn = self.0.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.current();
        let new = self.0.builder.build_after(&(self.0.load)()?, Some(&old))?;
        let changes = Changes::between(&old, &new);
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(changes)
    }

    /// Reloads after each interval, a second at least, and reports changes and refusals. A configuration that stays broken
    /// is reported each time. It never ends; dropping it stops it.
    pub async fn reload_every(&self, interval: Duration, mut report: impl FnMut(Result<Changes>)) {
        loop {
            tokio::time::sleep(interval.max(SHORTEST_INTERVAL)).await;
            let registry = self.clone();
            let outcome = tokio::task::spawn_blocking(move || registry.reload()).await;
            match outcome {
                Ok(Ok(changes)) if changes.is_empty() => {}
                Ok(outcome) => report(outcome),
                Err(_) => {
                    report(Err(Error::new(ErrorKind::Config, "reading the configuration was cut short")))
                }
            }
        }
    }

    /// The provider for new sessions.
    #[must_use]
    pub fn active(&self) -> ProviderId {
        self.current().active().clone()
    }

    /// A configured provider, as it is now.
    ///
    /// # Errors
    /// Those of [`Registry::provider`].
    pub fn provider(&self, id: &ProviderId) -> Result<Arc<dyn VerificationProvider>> {
        self.current().provider(id).cloned()
    }

    /// All configured providers, in the order of their names.
    #[must_use]
    pub fn providers(&self) -> Vec<Arc<dyn VerificationProvider>> {
        self.current().providers().cloned().collect()
    }

    /// Looks for what is wrong with the providers as they are now: see [`Registry::health`].
    pub async fn health(&self) -> Vec<Finding> {
        self.current().health().await
    }

    /// Opens a session at the active provider, or where `[routing]` sends it.
    ///
    /// # Errors
    /// Those of [`Registry::start`].
    pub async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        self.current().start(request).await
    }

    /// Opens a session where `[routing]` sends it.
    ///
    /// # Errors
    /// Those of [`Registry::start_routed`].
    pub async fn start_routed(
        &self,
        route: &RouteRequest,
        request: &StartRequest,
    ) -> Result<RoutedSession, RoutingFailure> {
        self.current().start_routed(route, request).await
    }

    /// Opens a session at a provider of choice.
    ///
    /// # Errors
    /// Those of [`Registry::start_at`].
    pub async fn start_at(
        &self,
        provider: &ProviderId,
        request: &StartRequest,
    ) -> Result<VerificationSession> {
        self.current().start_at(provider, request).await
    }

    /// Gets a fresh link or token for the same applicant.
    ///
    /// # Errors
    /// Those of [`Registry::refresh`].
    pub async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.current().refresh(request).await
    }

    /// Reads what the vendor says now.
    ///
    /// # Errors
    /// Those of [`Registry::check`].
    pub async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.current().check(request).await
    }

    /// Looks for sessions by the caller's own reference.
    ///
    /// # Errors
    /// Those of [`Registry::find`].
    pub async fn find(&self, provider: &ProviderId, request: &FindRequest) -> Result<Vec<Verification>> {
        self.current().find(provider, request).await
    }

    /// Takes over a verification that was made elsewhere.
    ///
    /// # Errors
    /// Those of [`Registry::import`].
    pub async fn import(&self, provider: &ProviderId, request: &ImportRequest) -> Result<Verification> {
        self.current().import(provider, request).await
    }

    /// Withdraws a session that is still open.
    ///
    /// # Errors
    /// Those of [`Registry::cancel`].
    pub async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.current().cancel(request).await
    }

    /// Has the vendor delete the applicant's data.
    ///
    /// # Errors
    /// Those of [`Registry::erase`].
    pub async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        self.current().erase(request).await
    }

    /// Reads a return URL: a hint and no more.
    ///
    /// # Errors
    /// Those of [`Registry::parse_redirect`].
    pub fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.current().parse_redirect(redirect)
    }

    /// Verifies and reads a webhook that arrived at the endpoint of a provider.
    ///
    /// # Errors
    /// Those of [`Registry::verify_webhook`].
    pub fn verify_webhook(
        &self,
        provider: &ProviderId,
        webhook: &WebhookRequest<'_>,
    ) -> Result<WebhookOutcome> {
        self.current().verify_webhook(provider, webhook)
    }
}

impl fmt::Debug for ReloadableRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReloadableRegistry").field(&self.current()).finish()
    }
}
