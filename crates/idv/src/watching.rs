//! Watches verifications until they are settled: one task and one timer queue for all of them.
//!
//! ```no_run
//! # async fn example(registry: idv::Registry, session: idv::VerificationSession) -> idv::Result<()> {
//! use idv::CheckRequest;
//! use idv::watching::Watcher;
//! use std::time::Duration;
//!
//! let watcher = Watcher::new(registry)?;
//! let request = CheckRequest::new(session.reference);
//!
//! let mut watch = watcher.watch(&request);
//! while let Some(change) = watch.next().await {
//!     println!("{}", change?.status);
//! }
//!
//! let state = watcher.wait_until(&request, Duration::from_secs(600)).await?;
//! if !state.status.stops_watching() {
//!     println!("nothing is decided yet");
//! }
//! # Ok(())
//! # }
//! ```

mod driver;
mod handle;
mod moment;
mod policy;
mod schedule;
mod slot;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idv_core::{
    CheckRequest, CredentialOwner, Error, ErrorKind, Operation, OsRandomness, ProviderId, Randomness, Result,
    Retry, SessionRef, Verification,
};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

use crate::Registry;
use driver::Driver;
use moment::Moment;
use policy::Pace;
use schedule::{Id, Schedule, Session};
use slot::Slot;

pub use handle::Watch;
pub use policy::WatchPolicy;
pub use slot::Progress;

/// Watches any number of verifications, at each vendor's own cadence.
///
/// The first check is made at once. After each answer the vendor's word decides when to ask again
/// ([`NextAction::Wait`](idv_core::NextAction::Wait), or else the cadence of the profile); after a while without news
/// the pauses grow, see [`WatchPolicy`]. Each pause is up to a twenty-fifth longer by chance, and never shorter.
///
/// A watch ends after a status at which [`stops_watching`](idv_core::VerificationStatus::stops_watching) says so;
/// `unrecognized` goes on. Errors by which a vendor failed (`rate_limited`, `unavailable`, `timeout`, `connection`,
/// `invalid_response`), and those that may be repeated, are waited out; no error ever becomes a status. Every other
/// error ends the watch: one that forbids repeating, `not_found`, and a refused token of the applicant. A wait that the
/// vendor asks for is obeyed; with `rate_limited` it holds for all sessions of the provider.
///
/// At one provider only so many checks are under way at a time. When more are due, nudged sessions come first, then those
/// with short pauses, and none waits for ever.
///
/// Each check is made by the configuration that holds when it begins, and ends there, whenever the registry is reloaded. A provider that is removed meanwhile ends the watches of its sessions with
/// [`ErrorKind::Config`]; one that is retired goes on.
///
/// Cheap to clone. Watching goes on as long as a watcher or a watch is there, and the Tokio runtime.
#[derive(Debug, Clone)]
pub struct Watcher(Arc<Inner>);

/// Ends the task with the last watcher and watch.
#[derive(Debug)]
pub(crate) struct Inner {
    shared: Arc<Shared>,
    driver: AbortHandle,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Watcher {
    /// A watcher with the default policy and the randomness of the operating system.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] outside of a Tokio runtime.
    pub fn new(registry: Registry) -> Result<Self> {
        Self::with(registry, WatchPolicy::default(), Arc::new(OsRandomness))
    }

    /// A watcher with a policy and a randomness of choice.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] outside of a Tokio runtime.
    pub fn with(registry: Registry, policy: WatchPolicy, random: Arc<dyn Randomness>) -> Result<Self> {
        let runtime = Handle::try_current().map_err(|_| stopped("watching needs a Tokio runtime"))?;
        let shared = Arc::new(Shared {
            registry,
            policy,
            random,
            schedule: Mutex::default(),
            origin: Instant::now(),
            changed: Notify::new(),
        });
        let driver = runtime.spawn(Driver::new(Arc::clone(&shared)).run()).abort_handle();
        Ok(Self(Arc::new(Inner { shared, driver })))
    }

    /// Watches a verification: a stream of its changes.
    ///
    /// The request is used for every check, its deadline for each of them. Two watches of one verification do not know of
    /// each other.
    pub fn watch(&self, request: &CheckRequest) -> Watch {
        let slot = Arc::new(Slot::default());
        let id = self.0.shared.add(request.clone(), Arc::clone(&slot));
        Watch { inner: Arc::clone(&self.0), slot, id }
    }

    /// Waits until a verification is settled, or the time is up: the last value then comes back, and is no error.
    ///
    /// # Errors
    /// The error that ended the watch. When the time is up before any check worked, the error of the last check, or
    /// [`ErrorKind::Timeout`] if there was none.
    pub async fn wait_until(&self, request: &CheckRequest, limit: Duration) -> Result<Verification> {
        let mut watch = self.watch(request);
        if let Ok(end) = timeout(limit, watch.end()).await {
            end?;
        }
        watch.outcome()
    }

    /// Asks about a verification soon, because a webhook or a return of the browser says that there may be news. Says how
    /// many watches that concerns.
    ///
    /// The session counts as fresh again. Between two checks of it lies a second at least, and a wait that the vendor asked
    /// for, so that a storm of webhooks becomes no storm of checks.
    pub fn nudge(&self, reference: &SessionRef) -> usize {
        let found = self.0.shared.lock().nudge(reference, self.0.shared.now());
        self.0.shared.changed.notify_one();
        found
    }

    /// How many watches there are that have not ended.
    #[must_use]
    pub fn watched(&self) -> usize {
        self.0.shared.lock().len()
    }
}

/// What the task, the watcher and the watches share.
struct Shared {
    registry: Registry,
    policy: WatchPolicy,
    random: Arc<dyn Randomness>,
    schedule: Mutex<Schedule>,
    /// What moments are counted from.
    origin: Instant,
    /// There is something to do earlier than was known.
    changed: Notify,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        Moment::now(self.origin)
    }

    /// When a watch is due, and how many of its latest checks failed.
    fn outlook(&self, id: Id) -> (Option<Instant>, u32) {
        match self.lock().session(id) {
            Some(session) => (session.due().and_then(|due| due.instant(self.origin)), session.pace.errors()),
            None => (None, 0),
        }
    }

    /// Whom a watch asks, as long as it has not ended.
    fn provider(&self, id: Id) -> Option<ProviderId> {
        self.lock().session(id).map(|session| session.reference().provider().clone())
    }

    fn add(&self, request: CheckRequest, slot: Arc<Slot>) -> Id {
        let now = self.now();
        let cadence = self.cadence(&request.session).map(|cadence| cadence.applicant_busy);
        let pace = Pace::new(now, cadence.unwrap_or_default());
        let mut schedule = self.lock();
        if schedule.closed {
            slot.failed(stopped(CLOSED));
            slot.end();
        }
        let (closed, id) = (schedule.closed, schedule.add(request, slot, pace, now));
        if closed {
            schedule.remove(id);
        }
        drop(schedule);
        self.changed.notify_one();
        id
    }

    fn remove(&self, id: Id) {
        let check = self.lock().remove(id);
        if let Some(check) = check {
            check.abort();
        }
    }

    fn cadence(&self, reference: &SessionRef) -> Option<idv_core::Cadence> {
        let provider = self.registry.provider(reference.provider()).ok()?;
        Some(provider.profile().actions.cadence)
    }

    /// Takes the outcome of a check in.
    fn settle(&self, id: Id, request: &CheckRequest, outcome: Result<Verification>) {
        let now = self.now();
        let provider = request.session.provider();
        let mut schedule = self.lock();
        schedule.lands(provider);
        let Some(session) = schedule.session(id) else { return };
        let slot = Arc::clone(&session.slot);
        let asked = outcome.as_ref().err().and_then(Error::retry_after);
        let throttled = outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::RateLimited);
        let pause = match outcome {
            Ok(verification) => self.answered(session, verification, now),
            Err(error) => self.failed(session, error),
        };
        if let Some(until) = asked.filter(|_| throttled) {
            schedule.pause(provider, now + until);
        }
        if let Some(pause) = pause {
            let due = now + policy::jittered(pause, &*self.random);
            schedule.wait(id, now, due, now + asked.unwrap_or_default());
        } else {
            schedule.remove(id);
            slot.end();
        }
        drop(schedule);
        wake(&slot);
    }

    /// Takes a value in, and says how long to wait; `None` at the end.
    fn answered(&self, session: &mut Session, verification: Verification, now: Moment) -> Option<Duration> {
        let wanted = policy::wanted(&verification, self.cadence(session.reference()));
        let ends = verification.status.stops_watching();
        if session.slot.answer(verification) {
            session.pace.refresh(now);
        }
        (!ends).then(|| session.pace.after_answer(now, wanted, &self.policy))
    }

    /// Takes an error in, and says how long to wait; `None` where waiting does not help.
    fn failed(&self, session: &mut Session, error: Error) -> Option<Duration> {
        let (asked, heals) = (error.retry_after(), heals(&error));
        tracing::debug!(
            idv.provider = %session.reference().provider(), idv.outcome = %error.kind(), ends = !heals,
            "a watched check failed"
        );
        session.slot.failed(error);
        heals.then(|| session.pace.after_error(asked, &self.policy))
    }

    /// Ends all watches, because nobody looks after them any more.
    fn close(&self) {
        let slots = self.lock().close();
        for slot in slots {
            slot.failed(stopped(CLOSED));
            slot.end();
            wake(&slot);
        }
    }
}

/// Tells the holder of a watch. Whoever is woken may drop the watch, so no lock may be held.
fn wake(slot: &Slot) {
    if let Some(waker) = slot.waker() {
        waker.wake();
    }
}

const CLOSED: &str = "the watcher has stopped";

fn stopped(message: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, message).with_operation(Operation::Check)
}

/// Whether waiting can help: the vendor failed, or the error allows to repeat.
fn heals(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Timeout
        | ErrorKind::Connection
        | ErrorKind::InvalidResponse => true,
        ErrorKind::NotFound => false,
        _ if error.credential() == Some(CredentialOwner::User) => false,
        _ => matches!(error.retry(), Retry::Allowed { .. } | Retry::Exhausted),
    }
}
