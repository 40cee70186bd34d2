//! Concurrency limit (bulkhead): bounds the calls under way at one provider.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use idv_core::{CallContext, Operation, ProviderId, Request, Result};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::layer::{Layer, Next};
use super::refusal::{longest_wait, refused};

/// The policy of the concurrency limit: how many calls may be under way, and how long others wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConcurrencyPolicy {
    /// How many calls may be under way at a time; default: 100.
    pub in_flight: NonZeroU32,
    /// How many more calls may wait; default: 500.
    pub queue: usize,
    /// How long a call waits; default: 20 s.
    pub longest_wait: Duration,
}

impl Default for ConcurrencyPolicy {
    fn default() -> Self {
        let in_flight = NonZeroU32::MIN.saturating_add(99);
        Self { in_flight, queue: 500, longest_wait: Duration::from_secs(20) }
    }
}

/// Concurrency limit: bounds the calls under way at one provider, so that a vendor that stalls does not take the sockets and
/// the memory of the whole application.
///
/// Further calls wait, first come, first served. A caller that goes away leaves no slot taken, waiting or under way. A call
/// that finds too many waiting, or has waited as long as [`ConcurrencyPolicy::longest_wait`] or for half of the request's own
/// deadline, gets [`ErrorKind::RateLimited`](idv_core::ErrorKind::RateLimited) with
/// [`Delivery::NotSent`](idv_core::Delivery::NotSent), and no wait with it: when a vendor that stalls will answer is unknown.
/// Webhooks and return URLs are never held up.
///
/// # Order of layers
/// Right: `CircuitBreaker` over `ConcurrencyLimit`: where the vendor is known to be down, no call waits for a slot.
/// Wrong: `ConcurrencyLimit` over `Retries`: a call keeps its slot through all its pauses, in which nothing is
/// under way.
#[derive(Debug)]
#[doc(alias = "bulkhead")]
pub struct ConcurrencyLimit {
    policy: ConcurrencyPolicy,
    room: Arc<Room>,
}

/// The calls under way, and those that wait.
#[derive(Debug)]
struct Room {
    slots: Semaphore,
    waiting: AtomicUsize,
}

/// Reads a concurrency limit that is inside other layers.
#[derive(Clone)]
pub(crate) struct ConcurrencyGauge {
    room: Arc<Room>,
    policy: ConcurrencyPolicy,
}

/// The load of a concurrency limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ConcurrencyLoad {
    pub(crate) running: usize,
    pub(crate) max_running: usize,
    pub(crate) queued: usize,
    pub(crate) max_queued: usize,
}

impl ConcurrencyGauge {
    pub(crate) fn seen(&self) -> ConcurrencyLoad {
        let in_flight = slots(&self.policy);
        ConcurrencyLoad {
            running: in_flight.saturating_sub(self.room.slots.available_permits()),
            max_running: in_flight,
            queued: self.room.waiting.load(Ordering::SeqCst),
            max_queued: self.policy.queue,
        }
    }
}

impl fmt::Debug for ConcurrencyGauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConcurrencyGauge").field(&self.seen()).finish()
    }
}

fn slots(policy: &ConcurrencyPolicy) -> usize {
    usize::try_from(policy.in_flight.get()).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

impl ConcurrencyLimit {
    /// A limit with all slots free.
    #[must_use]
    pub fn new(policy: ConcurrencyPolicy) -> Self {
        let room = Room { slots: Semaphore::new(slots(&policy)), waiting: AtomicUsize::new(0) };
        Self { policy, room: Arc::new(room) }
    }

    /// A gauge that reads it from outside of the layers.
    pub(crate) fn gauge(&self) -> ConcurrencyGauge {
        ConcurrencyGauge { room: Arc::clone(&self.room), policy: self.policy }
    }

    /// Waits for a slot.
    async fn enter(
        &self,
        provider: &ProviderId,
        operation: Operation,
        context: &CallContext,
    ) -> Result<SemaphorePermit<'_>> {
        // A semaphore is fair: it gives nothing here while another call waits.
        if let Ok(slot) = self.room.slots.try_acquire() {
            return Ok(slot);
        }
        let full = "our own limit, not the vendor's answer: too many calls are under way, and as many wait";
        let Some(_place) = self.queue_up() else { return Err(refused(provider, operation, full, None)) };
        let arrived = Instant::now();
        let longest = longest_wait(self.policy.longest_wait, context.time_left(arrived.into_std()));
        match timeout(longest, self.room.slots.acquire()).await {
            Ok(Ok(slot)) => {
                context.add_wait(arrived.elapsed());
                Ok(slot)
            }
            _ => {
                let message =
                    "our own limit, not the vendor's answer: too many calls were under way for too long";
                Err(refused(provider, operation, message, None))
            }
        }
    }

    fn queue_up(&self) -> Option<Place<'_>> {
        let more = |waiting| (waiting < self.policy.queue).then_some(waiting + 1);
        let entered = self.room.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more);
        entered.ok().map(|_| Place(&self.room.waiting))
    }
}

/// A place in the queue. A call that is dropped gives it up.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Layer for ConcurrencyLimit {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let _slot = self.enter(next.id(), R::OPERATION, request.context()).await?;
        next.call(request).await
    }
}
