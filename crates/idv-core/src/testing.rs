//! Test fixtures: a scripted provider, one whose checks are a function, a fixed clock, deterministic randomness and a table of
//! secrets (feature `testing`).

mod check_fn;
mod factory_fn;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{
    ActionPolicy, AfterRejection, BuildContext, Cadence, CancelRequest, Capabilities, CheckRequest, Clock,
    EraseRequest, Erasure, Error, ErrorKind, FindRequest, ImportRequest, InputTable, NotStarted, Operation,
    ProviderId, ProviderKind, ProviderProfile, Randomness, Redirect, RedirectOutcome, RefreshRequest, Result,
    SecretResolver, SecretSource, StartRequest, Timestamp, Verification, VerificationProvider,
    VerificationSession, WebhookOutcome, WebhookRequest,
};

pub use check_fn::CheckFn;
pub use factory_fn::FactoryFn;

/// A profile of no particular vendor.
#[must_use]
pub fn profile() -> ProviderProfile {
    let cadence = Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(5));
    let actions = ActionPolicy::new(NotStarted::StartSession, AfterRejection::ContactSupport, cadence);
    let kind = ProviderKind::from_static("scripted");
    ProviderProfile::new(kind, "Scripted", Capabilities::new(), InputTable::new(), actions)
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// A clock that shows a moment.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let mut now = lock(&self.0);
        *now = now.saturating_add(by);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }
}

/// Randomness that counts: 1, 2, 3.
#[derive(Debug, Default)]
pub struct CountingRandomness(Mutex<u128>);

impl Randomness for CountingRandomness {
    fn bits(&self) -> u128 {
        let mut count = lock(&self.0);
        *count += 1;
        *count
    }
}

/// Secrets from a table instead of environment and files.
#[derive(Debug, Default)]
pub struct StaticSecrets(BTreeMap<String, SecretString>);

impl StaticSecrets {
    /// A table of environment names and values.
    #[must_use]
    pub fn new(env: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self(env.into_iter().map(|(name, value)| (name.to_owned(), SecretString::from(value))).collect())
    }
}

impl SecretResolver for StaticSecrets {
    fn resolve(&self, source: &SecretSource) -> std::result::Result<SecretString, String> {
        match source {
            SecretSource::Env(name) => {
                self.0.get(name).cloned().ok_or_else(|| format!("the environment variable {name} is not set"))
            }
            SecretSource::File(path) => Err(format!("the file {} cannot be read", path.display())),
            SecretSource::Literal(secret) => Ok(secret.clone()),
        }
    }
}

/// A context with a clock at a moment, counted randomness and a table of secrets.
#[must_use]
pub fn context(now: Timestamp, secrets: impl SecretResolver) -> BuildContext {
    let random = Arc::new(CountingRandomness::default());
    BuildContext::new(Arc::new(FixedClock::new(now)), random, Arc::new(secrets))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One call that a [`ScriptedProvider`] received.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Call {
    /// A start.
    Start(StartRequest),
    /// A refresh.
    Refresh(RefreshRequest),
    /// A check.
    Check(CheckRequest),
    /// A find.
    Find(FindRequest),
    /// An import.
    Import(ImportRequest),
    /// A cancellation.
    Cancel(CancelRequest),
    /// An erasure.
    Erase(EraseRequest),
}

#[derive(Debug, Default)]
struct Script {
    start: VecDeque<Result<VerificationSession>>,
    refresh: VecDeque<Result<VerificationSession>>,
    check: VecDeque<Result<Verification>>,
    find: VecDeque<Result<Vec<Verification>>>,
    import: VecDeque<Result<Verification>>,
    cancel: VecDeque<Result<Verification>>,
    erase: VecDeque<Result<Erasure>>,
    redirect: VecDeque<Result<RedirectOutcome>>,
    webhook: VecDeque<Result<WebhookOutcome>>,
    calls: Vec<Call>,
}

/// A provider that returns what a test put in, in order, and records its calls.
///
/// Asked for more than was put in, it fails with [`ErrorKind::Unavailable`].
#[derive(Debug)]
pub struct ScriptedProvider {
    id: ProviderId,
    profile: ProviderProfile,
    script: Mutex<Script>,
}

macro_rules! script {
    ($($(#[$meta:meta])* $method:ident => $queue:ident: $answer:ty;)+) => {$(
        $(#[$meta])*
        #[must_use]
        pub fn $method(self, answer: Result<$answer>) -> Self {
            lock(&self.script).$queue.push_back(answer);
            self
        }
    )+};
}

impl ScriptedProvider {
    /// A provider with the profile of [`profile`].
    #[must_use]
    pub fn new(id: ProviderId) -> Self {
        Self::with_profile(id, profile())
    }

    /// A provider with a profile of its own.
    #[must_use]
    pub fn with_profile(id: ProviderId, profile: ProviderProfile) -> Self {
        Self { id, profile, script: Mutex::default() }
    }

    script! {
        /// The next start gives this.
        on_start => start: VerificationSession;
        /// The next refresh gives this.
        on_refresh => refresh: VerificationSession;
        /// The next check gives this.
        on_check => check: Verification;
        /// The next find gives this.
        on_find => find: Vec<Verification>;
        /// The next import gives this.
        on_import => import: Verification;
        /// The next cancellation gives this.
        on_cancel => cancel: Verification;
        /// The next erasure gives this.
        on_erase => erase: Erasure;
        /// The next return URL reads like this.
        on_redirect => redirect: RedirectOutcome;
        /// The next webhook reads like this.
        on_webhook => webhook: WebhookOutcome;
    }

    /// The calls that were received so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.script).calls.clone()
    }

    fn play<T>(
        &self,
        operation: Operation,
        call: Option<Call>,
        queue: impl FnOnce(&mut Script) -> &mut VecDeque<Result<T>>,
    ) -> Result<T> {
        let mut script = lock(&self.script);
        script.calls.extend(call);
        queue(&mut script).pop_front().unwrap_or_else(|| {
            Err(Error::new(ErrorKind::Unavailable, "the script has nothing more for this operation")
                .with_provider(self.id.clone())
                .with_operation(operation))
        })
    }
}

#[async_trait]
impl VerificationProvider for ScriptedProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        self.play(Operation::Start, Some(Call::Start(request.clone())), |script| &mut script.start)
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.play(Operation::Refresh, Some(Call::Refresh(request.clone())), |script| &mut script.refresh)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.play(Operation::Check, Some(Call::Check(request.clone())), |script| &mut script.check)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.play(Operation::Find, Some(Call::Find(request.clone())), |script| &mut script.find)
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        self.play(Operation::Import, Some(Call::Import(request.clone())), |script| &mut script.import)
    }

    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.play(Operation::Cancel, Some(Call::Cancel(request.clone())), |script| &mut script.cancel)
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        self.play(Operation::Erase, Some(Call::Erase(request.clone())), |script| &mut script.erase)
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.play(Operation::Redirect, None, |script| &mut script.redirect)
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.play(Operation::Webhook, None, |script| &mut script.webhook)
    }
}
