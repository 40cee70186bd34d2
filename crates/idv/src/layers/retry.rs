//! Retries: repeats calls where the error allows it, within a retry budget and a total time.

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

/// Retries the calls of one provider.
///
/// The error alone says whether a call may be repeated ([`Error::retry`](idv_core::Error::retry)): each adapter knows what a
/// second call costs at its vendor. The [`RetryPolicy`] says how often, after which pause and for how long. Pauses grow and
/// are random (exponential backoff with full jitter), so that callers that failed together do not come back together; a wait
/// that the vendor asks for is the least pause. A retry budget for each provider keeps a vendor that is down from being asked
/// several times for every call.
///
/// A start or a refresh at a vendor that knows idempotency keys gets one here, if the caller gave none, and keeps it as long
/// as its outcome is unknown. After an answered 401 or 429 it gets a new one, unless an earlier attempt under the old one may
/// have made a session: nxos remembers such answers for a day.
///
/// # Order of layers
/// Right: `Detach` over `Retries`: a start whose caller goes away is still repeated and runs to completion. Wrong: `Retries`
/// over `Detach`: a caller that goes away between two attempts takes the second one along, and it is never learnt that the
/// first one may have made a session.
pub struct Retries {
    policy: RetryPolicy,
    budget: Arc<RetryBudget>,
    random: Arc<dyn Randomness>,
}

impl Retries {
    /// Retries calls as the policy says, with a full budget.
    #[must_use]
    pub fn new(policy: RetryPolicy, random: Arc<dyn Randomness>) -> Self {
        let budget = Arc::new(RetryBudget::new(policy.budget()));
        Self { policy, budget, random }
    }

    /// The retry budget that all callers share.
    pub(crate) fn budget(&self) -> Arc<RetryBudget> {
        Arc::clone(&self.budget)
    }

    /// The key of a call that is minted here, where the caller gave none and the vendor knows such keys.
    fn key<R: Request>(request: &R, profile: &ProviderProfile) -> Option<Key> {
        let opens = matches!(R::OPERATION, Operation::Start | Operation::Refresh);
        let generates_key = opens && profile.capabilities.idempotent_start;
        (generates_key && request.context().idempotency_key().is_none()).then(Key::default)
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
                request.context_mut().set_idempotency_key(Some(key.for_attempt(&*self.random)));
            }
            let error = match next.call(&request).await {
                Ok(answer) => return Ok(attempts.succeeded(answer)),
                Err(error) => error,
            };
            if let Some(key) = &mut key {
                key.on_error(&error);
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
