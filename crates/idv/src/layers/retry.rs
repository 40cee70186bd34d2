//! Repeats calls, where the error says that it may be done, and no longer than that makes sense.

mod attempts;
mod budget;
mod key;
mod policy;

use std::fmt;
use std::sync::Arc;

use idv_core::{Operation, ProviderProfile, Randomness, Request, Result};

use attempts::Attempts;
pub(crate) use budget::RetryBudget;
use key::Key;
pub use policy::RetryPolicy;

use super::layer::{Layer, Next};

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
/// Right: `Detach` over `Retries`: a start whose caller goes away is still repeated and seen through.
/// Wrong: `Retries` over `Detach`: a caller who goes away between two attempts takes the second one along,
/// and nobody learns that the first one may have made a session.
pub struct Retries {
    policy: RetryPolicy,
    budget: Arc<RetryBudget>,
    random: Arc<dyn Randomness>,
}

impl Retries {
    /// Repeats calls as the policy says, with a full budget.
    #[must_use]
    pub fn new(policy: RetryPolicy, random: Arc<dyn Randomness>) -> Self {
        let budget = Arc::new(RetryBudget::new(policy.budget()));
        Self { policy, budget, random }
    }

    /// What callers may spend, and did.
    pub(crate) fn budget(&self) -> Arc<RetryBudget> {
        Arc::clone(&self.budget)
    }

    /// The key of a call that is minted here, where the caller gave none and the vendor knows such keys.
    fn key<R: Request>(request: &R, profile: &ProviderProfile) -> Option<Key> {
        let opens = matches!(R::OPERATION, Operation::Start | Operation::Refresh);
        let mints = opens && profile.capabilities.idempotent_start;
        (mints && request.context().idempotency_key().is_none()).then(Key::default)
    }
}

impl fmt::Debug for Retries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retries").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Layer for Retries {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let mut attempts = Attempts::new(&self.policy, &self.budget, &*self.random, request.context());
        let mut key = Self::key(request, next.profile());
        let mut request = request.clone();
        request.context_mut().set_deadline(Some(attempts.end()));
        loop {
            if let Some(key) = &mut key {
                request.context_mut().set_idempotency_key(Some(key.of_next(&*self.random)));
            }
            let error = match next.call(&request).await {
                Ok(answer) => return Ok(attempts.succeeded(answer)),
                Err(error) => error,
            };
            if let Some(key) = &mut key {
                key.answered(&error);
            }
            if let Err(error) = attempts.pause_after(error, request.context()).await {
                return Err(match key {
                    Some(key) => key.told(error),
                    None => error,
                });
            }
        }
    }
}
