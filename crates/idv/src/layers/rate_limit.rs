//! Rate limiter: keeps calls within the vendor's limits, before the vendor has to refuse any.

mod fair_queue;
mod gauge;
mod meter;
mod per_user;
mod policy;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use idv_core::{
    CallContext, Delivery, Error, ErrorKind, Operation, ProviderId, Randomness, Request, Result, UserToken,
};
use tokio::time::Instant;

use super::layer::{Layer, Next};
use super::refusal::{longest_wait, refused};
use fair_queue::{FairQueue, Refusal};
pub(crate) use gauge::LimitGauge;
use per_user::{PerUserQuota, User};
pub use policy::{LimitPolicy, Rate};

/// Rate limiter: keeps the calls of one provider within its limits.
///
/// Calls that come too fast wait in a queue, first come, first served. A vendor can have rates for reads, which are checks and
/// searches, and for all other operations, besides those of all calls. A start counts as many calls as it makes at the vendor.
/// A tenth of each rate of all calls is kept for operations other than check and find: however much is polled, an applicant who
/// begins is not kept waiting for that. A caller that goes away leaves the queue, and those behind move up. A call that would have to wait longer than [`LimitPolicy::longest_wait`] or
/// than half of the request's own deadline (the other half is for the vendor), or that finds the queue full, is refused at
/// once: [`ErrorKind::RateLimited`] with [`Delivery::NotSent`] and the wait in
/// [`Error::retry_after`](idv_core::Error::retry_after). A call that was not sent after all gives its place back.
///
/// Sessions of one user are counted by a keyed hash of the user's token, so another token of the same user counts anew. Calls
/// do not show how many sessions are open and how many failed: there the vendor's own 429 decides. A user whom it refused
/// with a wait is refused here until the wait is over.
///
/// Webhooks and return URLs are never limited. Limits hold for this process: several processes that share a key share the
/// vendor's limit and should each be given their part.
///
/// # Order of layers
/// Right: `ConcurrencyLimit` over `RateLimit`: a call that may be made is made at once.
/// Wrong: `RateLimit` over `ConcurrencyLimit`: calls are counted, then wait for others to end, and reach the vendor
/// together, in a time for which they were not counted.
#[doc(alias = "rate limiter")]
pub struct RateLimit {
    policy: LimitPolicy,
    line: Arc<FairQueue>,
    /// The queue that checks and searches pass first: the rates of reads, and a part of those of all calls, so that the rest is left to
    /// the other operations.
    polls: Arc<FairQueue>,
    /// The queue that all other operations pass first.
    writes: Arc<FairQueue>,
    users: Option<PerUserQuota>,
}

impl RateLimit {
    /// Limits of which nothing is used yet. The random bits key the hash of user tokens.
    #[must_use]
    pub fn new(policy: LimitPolicy, random: &Arc<dyn Randomness>) -> Self {
        let line = Arc::new(FairQueue::new(&policy.rates));
        let parts = policy.rates.iter().map(Rate::for_polls);
        let polls: Vec<Rate> = parts.chain(policy.read_rates.iter().copied()).collect();
        let polls = Arc::new(FairQueue::new(&polls));
        let writes = Arc::new(FairQueue::new(&policy.write_rates));
        let users = policy.starts_per_user.map(|(count, per)| PerUserQuota::new(count, per, &**random));
        Self { policy, line, polls, writes, users }
    }

    /// A gauge that reads it from outside of the layers.
    pub(crate) fn gauge(&self) -> LimitGauge {
        LimitGauge {
            policy: self.policy.clone(),
            line: Arc::clone(&self.line),
            polls: Arc::clone(&self.polls),
            writes: Arc::clone(&self.writes),
        }
    }

    /// Waits until a call may be made.
    async fn pass(
        &self,
        provider: &ProviderId,
        operation: Operation,
        context: &CallContext,
        token: Option<&UserToken>,
    ) -> Result<Permit<'_>> {
        let user = self.users.as_ref().zip(token).map(|(users, token)| users.user(token));
        let arrived = Instant::now();
        self.of_user(provider, operation, |users, user| users.check(user, arrived), user)?;
        let longest = longest_wait(self.policy.longest_wait, context.time_left(arrived.into_std()));
        let refused = |refusal| refuse_rate(provider, operation, refusal);
        let mut earlier = Vec::new();
        if operation == Operation::Start {
            for _ in 1..self.policy.start_calls {
                earlier.push(self.turn(operation, arrived, longest).await.map_err(refused)?);
            }
        }
        let (taken, last) = self.turn(operation, arrived, longest).await.map_err(refused)?;
        context.add_wait(taken.saturating_duration_since(arrived));
        self.of_user(provider, operation, |users, user| users.acquire(user, taken), user)?;
        let earlier = earlier.into_iter().map(|(_, places)| places.map(Place::keep)).collect();
        Ok(Permit { layer: self, taken, places: last.map(Place::keep), earlier, user })
    }

    /// Waits until one call may be made, and counts it in the queue of its kind and in that of all calls. Says when that was.
    async fn turn(
        &self,
        operation: Operation,
        arrived: Instant,
        longest: Duration,
    ) -> std::result::Result<(Instant, [Place<'_>; 2]), Refusal> {
        let own = match operation {
            Operation::Check | Operation::Find => &*self.polls,
            _ => &*self.writes,
        };
        let queue = self.policy.queue;
        let first = own.pass(queue, longest.saturating_sub(arrived.elapsed())).await?;
        let first = Place { line: own, taken: Some(first) };
        let taken = self.line.pass(queue, longest.saturating_sub(arrived.elapsed())).await?;
        Ok((taken, [Place { line: &self.line, taken: Some(taken) }, first]))
    }

    /// Asks the count of a user's sessions, where there is one.
    fn of_user(
        &self,
        provider: &ProviderId,
        operation: Operation,
        ask: impl FnOnce(&PerUserQuota, User) -> std::result::Result<(), Duration>,
        user: Option<User>,
    ) -> Result<()> {
        let Some((users, user)) = self.users.as_ref().zip(user) else { return Ok(()) };
        let message = "our own limit, not the vendor's answer: this user has had all sessions that the vendor allows for now";
        ask(users, user).map_err(|wait| refused(provider, operation, message, Some(wait)))
    }
}

fn refuse_rate(provider: &ProviderId, operation: Operation, refusal: Refusal) -> Error {
    let message = match refusal {
        Refusal::Full(_) => "our own limit, not the vendor's answer: too many calls wait already",
        Refusal::TooLong(_) => "our own limit, not the vendor's answer: the wait would be too long",
    };
    let (Refusal::Full(wait) | Refusal::TooLong(wait)) = refusal;
    refused(provider, operation, message, Some(wait))
}

/// A call that was counted in a queue. Dropped, it is forgotten there.
struct Place<'a> {
    line: &'a FairQueue,
    taken: Option<Instant>,
}

impl<'a> Place<'a> {
    /// Counts it for good.
    fn keep(mut self) -> Option<(&'a FairQueue, Instant)> {
        self.taken.take().map(|taken| (self.line, taken))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(taken) = self.taken {
            self.line.give_back(taken);
        }
    }
}

/// The places in which one call is counted for good.
type Kept<'a> = [Option<(&'a FairQueue, Instant)>; 2];

/// A call that may be made now, and is counted.
struct Permit<'a> {
    layer: &'a RateLimit,
    taken: Instant,
    /// Where it is counted.
    places: Kept<'a>,
    /// The same of the calls before the last one, where a start makes several.
    earlier: Vec<Kept<'a>>,
    user: Option<User>,
}

impl Permit<'_> {
    /// Gives back what the call did not use. A call that was cut short keeps its place: it may have been sent.
    fn settle<T>(self, result: Result<T>) -> Result<T> {
        let Err(error) = &result else { return result };
        if error.delivery() == Delivery::NotSent {
            let all = std::iter::once(&self.places).chain(&self.earlier);
            all.flatten().flatten().for_each(|(line, taken)| line.give_back(*taken));
        }
        // An error that was answered made no session.
        if error.delivery() != Delivery::Unknown
            && let Some((users, user)) = self.layer.users.as_ref().zip(self.user)
        {
            users.give_back(user, self.taken);
            if let (ErrorKind::RateLimited, Delivery::Answered, Some(wait)) =
                (error.kind(), error.delivery(), error.retry_after())
            {
                users.block(user, Instant::now(), wait);
            }
        }
        result
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Layer for RateLimit {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let opens = matches!(R::OPERATION, Operation::Start | Operation::Refresh);
        let token = request.user_token().filter(|_| opens);
        let permit = self.pass(next.id(), R::OPERATION, request.context(), token).await?;
        permit.settle(next.call(request).await)
    }
}
