//! The tracker: what all its parts share.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use idv::adapter::{Clock, OsRandomness, Randomness, SystemClock};
use idv::watching::WatchPolicy;
use idv::{ProviderKind, Registry, Timestamp};
use tokio::sync::watch;

use crate::credentials::CredentialSource;
use crate::group::Group;
use crate::intake::Incoming;
use crate::merge::OrderingPolicy;
use crate::outbox::Delivery;
use crate::single_flight::SingleFlight;
use crate::start::Started;
use crate::store::{Announcer, Listener, Store, open};
use crate::{Receipt, StoreError, StoreOptions};

/// How a tracker works. [`Default`] has what an application wants that has no wishes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TrackerOptions {
    /// How often the vendor is asked about a verification.
    pub cadence: WatchPolicy,
    /// How long a worker may take for the checks that it claimed; default: two minutes. Another worker claims them afterwards.
    pub lease: Duration,
    /// How many due verifications a worker claims at once; default: 64.
    pub batch: u32,
    /// How many checks of one worker at one provider are under way at a time; default: 16.
    pub concurrency: usize,
    /// How long a start may take until another process takes it over; default: two minutes.
    pub start_lease: Duration,
    /// How long a session that cannot be looked for is waited for, after its start was lost; default: one hour. Afterwards the
    /// application can start again.
    pub hold: Duration,
    /// How long an approval counts; default: as long as the vendor does not say otherwise.
    pub approvals_count_for: Option<Duration>,
    /// How long a verification that has ended is kept after its last transition, and an event that belongs to none; default: for
    /// ever. Its rows are then removed like those of an erasure, here alone.
    pub keep_for: Option<Duration>,
    /// The part of a vendor's documented rate of calls that polls of all workers together may use, in percent; default: 80.
    pub quota_percent: u32,
    /// How long a consumer waits at most until it asks the database again, where nothing wakes it before; default: one second.
    pub consumer_pause: Duration,
    /// How the observations of a kind of provider are ordered, where not by the default.
    pub ordering: BTreeMap<ProviderKind, OrderingPolicy>,
}

impl Default for TrackerOptions {
    fn default() -> Self {
        Self {
            cadence: WatchPolicy::default(),
            lease: Duration::from_secs(120),
            batch: 64,
            concurrency: 16,
            start_lease: Duration::from_secs(120),
            hold: Duration::from_secs(3600),
            approvals_count_for: None,
            keep_for: None,
            quota_percent: 80,
            consumer_pause: Duration::from_secs(1),
            ordering: BTreeMap::new(),
        }
    }
}

/// Keeps verifications in a database: starts them, takes webhooks, polls, and tells the application of every transition.
///
/// Cheap to clone. Any number of trackers, in any number of processes, can work on one PostgreSQL database; on SQLite, on one
/// machine.
#[derive(Clone)]
pub struct Tracker(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) registry: Registry,
    pub(crate) store: Store,
    pub(crate) options: TrackerOptions,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Randomness>,
    pub(crate) credentials: Option<Arc<dyn CredentialSource>>,
    pub(crate) delivery: Option<Delivery>,
    /// Events that are stored together.
    pub(crate) intake: Group<Incoming, Result<Receipt, StoreError>>,
    /// Starts that are under way in this process.
    pub(crate) starts: SingleFlight<Started>,
    /// Changes when this process stored a transition.
    pub(crate) news: watch::Sender<u64>,
    listener: Listener,
    announcer: Announcer,
}

/// Builds a [`Tracker`].
pub struct TrackerBuilder {
    registry: Registry,
    store: StoreOptions,
    options: TrackerOptions,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
    credentials: Option<Arc<dyn CredentialSource>>,
    delivery: Option<Delivery>,
}

impl TrackerBuilder {
    /// Other options than the defaults.
    #[must_use]
    pub fn options(mut self, options: TrackerOptions) -> Self {
        self.options = options;
        self
    }

    /// Another clock than that of the machine.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another randomness than that of the operating system.
    #[must_use]
    pub fn randomness(mut self, random: Arc<dyn Randomness>) -> Self {
        self.random = random;
        self
    }

    /// Where applicants' credentials come from, for vendors that read a verification with them alone.
    #[must_use]
    pub fn credentials(mut self, credentials: Arc<dyn CredentialSource>) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sends every transition to the application's URL; the [worker](Tracker::run) does it.
    #[must_use]
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = Some(delivery);
        self
    }

    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] where the address is wrong, the database cannot be reached, or its tables are of a newer version.
    pub async fn open(self) -> Result<Tracker, StoreError> {
        Ok(Tracker(Arc::new(Shared {
            registry: self.registry,
            store: open(&self.store).await?,
            options: self.options,
            clock: self.clock,
            random: self.random,
            credentials: self.credentials,
            delivery: self.delivery,
            intake: Group::default(),
            starts: SingleFlight::default(),
            news: watch::Sender::new(0),
            listener: Listener::default(),
            announcer: Announcer::default(),
        })))
    }
}

impl fmt::Debug for TrackerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrackerBuilder")
            .field("options", &self.options)
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

impl Tracker {
    /// A tracker of the verifications of a registry, in a database.
    #[must_use]
    pub fn builder(registry: Registry, store: StoreOptions) -> TrackerBuilder {
        TrackerBuilder {
            registry,
            store,
            options: TrackerOptions::default(),
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandomness),
            credentials: None,
            delivery: None,
        }
    }

    /// Opens a tracker with all defaults.
    ///
    /// # Errors
    /// Those of [`TrackerBuilder::open`].
    pub async fn open(registry: Registry, store: StoreOptions) -> Result<Self, StoreError> {
        Self::builder(registry, store).open().await
    }

    /// The registry whose providers are asked.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl fmt::Debug for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracker").field("store", &self.0.store).finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Has transitions of other processes announced in this one too, where the database can.
    pub(crate) fn listen(&self) {
        self.listener.start(&self.store, &self.news);
    }

    /// Tells those who wait for transitions that some were committed: in this process, and in others where the database can.
    pub(crate) fn announce(&self) {
        self.announcer.announce(&self.store);
        self.news.send_modify(|count| *count = count.wrapping_add(1));
    }
}
