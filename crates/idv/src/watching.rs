//! The watcher: polls verifications until they are settled, with one task and one timer queue for all of them.
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
//! let state = watcher.wait_settled(&request, Duration::from_secs(600)).await?;
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
mod shared;
mod slot;
mod task;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use idv_core::{CheckRequest, OsRandomness, Randomness, Result, SessionRef, Verification};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::Registry;
use driver::Driver;
use shared::{Shared, stopped};
use slot::Slot;
use task::Inner;

pub use handle::Watch;
pub use policy::{Pace, WatchPolicy, is_transient, jittered, wanted_pause};
pub use slot::Progress;

/// Watches any number of verifications, at each vendor's own cadence.
///
/// The first check is made at once. After each answer, the vendor's status decides when to ask again
/// ([`NextAction::Wait`](idv_core::NextAction::Wait), or else the cadence of the profile); after a while without news the
/// pauses grow, see [`WatchPolicy`]. Each pause is up to a twenty-fifth longer by chance, and never shorter.
///
/// A watch ends after a status at which [`stops_watching`](idv_core::VerificationStatus::stops_watching) says so;
/// `unrecognized` goes on. Errors by which a vendor failed (`rate_limited`, `unavailable`, `timeout`, `connection`,
/// `invalid_response`), and those that may be repeated, are waited out; no error ever becomes a status. Every other
/// error ends the watch: one that forbids repeating, `not_found`, and a refused token of the applicant. A wait that the
/// vendor asks for is obeyed; with `rate_limited` it holds for all sessions of the provider.
///
/// At one provider only so many checks are under way at a time. When more are due, woken sessions come first, then those
/// with short pauses, and none waits for ever.
///
/// Each check is made by the configuration that holds when it begins, and ends there, whenever the registry is reloaded. A provider that is removed meanwhile ends the watches of its sessions with
/// [`ErrorKind::Config`](idv_core::ErrorKind::Config); one that is retired goes on.
///
/// Cheap to clone. Watching goes on as long as a watcher or a watch is there, and the Tokio runtime.
#[derive(Debug, Clone)]
pub struct Watcher(Arc<Inner>);

impl Watcher {
    /// A watcher with the default policy and the randomness of the operating system.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](idv_core::ErrorKind::Unavailable) outside of a Tokio runtime.
    pub fn new(registry: Registry) -> Result<Self> {
        Self::with(registry, WatchPolicy::default(), Arc::new(OsRandomness))
    }

    /// A watcher with a policy and a randomness of choice.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](idv_core::ErrorKind::Unavailable) outside of a Tokio runtime.
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
    /// The request is used for every check, its deadline for each of them: as a time from the start of the check, or as one
    /// moment for all. The verified identity is not asked for, because a watch keeps its last value: make a check of its own once
    /// the verification is approved. Two watches of one verification do not know of each other.
    pub fn watch(&self, request: &CheckRequest) -> Watch {
        let slot = Arc::new(Slot::default());
        let mut request = request.clone();
        if request.identity {
            request.identity = false;
        }
        let id = self.0.shared.add(request, Arc::clone(&slot));
        Watch { inner: Arc::clone(&self.0), slot, id }
    }

    /// Waits until a verification is settled, or the time is up: the last value then comes back, and is no error.
    ///
    /// # Errors
    /// The error that ended the watch. When the time is up before any check worked, the error of the last check, or
    /// [`ErrorKind::Timeout`](idv_core::ErrorKind::Timeout) if there was none.
    pub async fn wait_settled(&self, request: &CheckRequest, limit: Duration) -> Result<Verification> {
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
    pub fn wake(&self, reference: &SessionRef) -> usize {
        let found = self.0.shared.lock().wake(reference, self.0.shared.now());
        self.0.shared.changed.notify_one();
        found
    }

    /// How many watches there are that have not ended.
    #[must_use]
    pub fn watched(&self) -> usize {
        self.0.shared.lock().len()
    }
}
