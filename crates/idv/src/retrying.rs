//! Repeats calls, where the error says that it may be done, and no longer than that makes sense.

mod attempts;
mod budget;
mod key;
mod policy;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idv_core::{
    CheckRequest, FindRequest, ImportRequest, ProviderId, ProviderProfile, Randomness, Redirect,
    RedirectOutcome, RefreshRequest, Result, StartRequest, Verification, VerificationProvider,
    VerificationSession, WebhookOutcome, WebhookRequest,
};

use attempts::Attempts;
pub(crate) use budget::RetryBudget;
use key::Key;
pub use policy::RetryPolicy;

/// Repeats the calls of one provider.
///
/// Whether a call may be repeated, the error alone says ([`Error::retry`](idv_core::Error::retry)): each adapter knows what
/// a second call costs at its vendor. How often, after which pause and for how long, the [`RetryPolicy`] says. Pauses grow
/// and are random, so that callers who failed together do not come back together; a wait that the vendor asks for is the
/// least pause. A budget for each provider keeps a vendor that is down from being asked several times for every call.
///
/// A start at a vendor that knows idempotency keys gets one here, if the caller gave none, and keeps it as long as nobody
/// knows what became of it. After an answered 401 or 429 it gets a new one, unless an earlier attempt under the old one may
/// have made a session: nxos remembers such answers for a day.
///
/// # Order of layers
/// Right: `Shield::new(Retrying::new(provider, …), …)`: a start whose caller goes away is still repeated and seen through.
/// Wrong: `Retrying::new(Shield::new(provider, …), …)`: a caller who goes away between two attempts takes the second one along,
/// and nobody learns that the first one may have made a session.
pub struct Retrying<P> {
    inner: P,
    policy: RetryPolicy,
    budget: Arc<RetryBudget>,
    random: Arc<dyn Randomness>,
}

impl<P: VerificationProvider> Retrying<P> {
    /// Repeats the calls of a provider.
    pub fn new(inner: P, policy: RetryPolicy, random: Arc<dyn Randomness>) -> Self {
        let budget = Arc::new(RetryBudget::new(policy.budget()));
        Self { inner, policy, budget, random }
    }

    /// What callers may spend, and did.
    pub(crate) fn budget(&self) -> Arc<RetryBudget> {
        Arc::clone(&self.budget)
    }

    fn attempts(&self, deadline: Option<Duration>) -> Attempts<'_> {
        Attempts::new(&self.policy, &self.budget, &*self.random, deadline)
    }

    /// The key of a call: the caller's, else one of our own where the vendor knows such keys.
    fn key(&self, given: Option<String>) -> Key {
        let mints = given.is_none() && self.inner.profile().capabilities.idempotent_start;
        Key::new(given, mints)
    }
}

impl<P: fmt::Debug> fmt::Debug for Retrying<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retrying")
            .field("inner", &self.inner)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<P: VerificationProvider> VerificationProvider for Retrying<P> {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.inner.profile()
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let mut attempts = self.attempts(request.deadline);
        let mut request = request.clone();
        let mut key = self.key(request.idempotency_key.take());
        loop {
            request.idempotency_key = key.of_next(&*self.random);
            request.deadline = Some(attempts.left());
            let error = match self.inner.start(&request).await {
                Ok(session) => return Ok(attempts.succeeded(session)),
                Err(error) => key.answered(error),
            };
            if let Err(error) = attempts.pause_after(error).await {
                return Err(key.told(error));
            }
        }
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let mut attempts = self.attempts(request.deadline);
        let mut request = request.clone();
        let mut key = self.key(request.idempotency_key.take());
        loop {
            request.idempotency_key = key.of_next(&*self.random);
            request.deadline = Some(attempts.left());
            let error = match self.inner.refresh(&request).await {
                Ok(session) => return Ok(attempts.succeeded(session)),
                Err(error) => key.answered(error),
            };
            if let Err(error) = attempts.pause_after(error).await {
                return Err(key.told(error));
            }
        }
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let mut attempts = self.attempts(request.deadline);
        let mut request = request.clone();
        loop {
            request.deadline = Some(attempts.left());
            match self.inner.check(&request).await {
                Ok(verification) => return Ok(attempts.succeeded(verification)),
                Err(error) => attempts.pause_after(error).await?,
            }
        }
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        let mut attempts = self.attempts(request.deadline);
        let mut request = request.clone();
        loop {
            request.deadline = Some(attempts.left());
            match self.inner.find(&request).await {
                Ok(found) => return Ok(attempts.succeeded(found)),
                Err(error) => attempts.pause_after(error).await?,
            }
        }
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        let mut attempts = self.attempts(request.deadline);
        let mut request = request.clone();
        loop {
            request.deadline = Some(attempts.left());
            match self.inner.import(&request).await {
                Ok(verification) => return Ok(attempts.succeeded(verification)),
                Err(error) => attempts.pause_after(error).await?,
            }
        }
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.inner.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.inner.verify_webhook(webhook)
    }
}
