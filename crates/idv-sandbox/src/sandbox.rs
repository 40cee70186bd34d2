//! Start and stop of all the vendors together.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use crate::clock::Clock;
use crate::control;
use crate::error::Result;
use crate::front::Front;
use crate::hub::Hub;
use crate::profile::Profile;
use crate::random::Random;
use crate::server::{Bound, Server, is_loopback};
use crate::signed::SignedWebhook;
use crate::simulation::Simulation;
use crate::tap::Tap;
use crate::vendors::baanx::{self, Baanx};
use crate::vendors::nxos::{self, Nxos};
use crate::vendors::session_api::{self, SessionApi};
use crate::webhooks::{Outbox, Worker};

const DEFAULT_RECORD: usize = 4096;
/// The number of the random sequence of the first signing keys.
const FIRST_KEYS: u64 = 4;
const DEFAULT_CAPACITY: usize = 10_000;

/// All the simulated vendors, each on a port of its own, on loopback unless [`SandboxBuilder::host`] says otherwise. Dropping the sandbox stops them. Two sandboxes share
/// nothing, so tests can run side by side.
#[derive(Debug)]
pub struct Sandbox {
    simulation: Simulation,
    control_url: String,
    _servers: Vec<Server>,
    _worker: Worker,
}

impl Sandbox {
    /// Starts every vendor on a free port, with ids that differ from every other run.
    ///
    /// # Errors
    /// [`Error::Listen`](crate::Error::Listen) where no port can be had.
    pub async fn start() -> Result<Self> {
        Self::builder().start().await
    }

    /// A sandbox with options.
    #[must_use]
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// The simulated nxos.
    #[must_use]
    pub fn nxos(&self) -> &Nxos {
        &self.simulation.nxos
    }

    /// The simulated Baanx, for both of its flows.
    #[must_use]
    pub fn baanx(&self) -> &Baanx {
        &self.simulation.baanx
    }

    /// The simulated session API, in the shape of deepidv.
    #[must_use]
    pub fn session_api(&self) -> &SessionApi {
        &self.simulation.session_api
    }

    /// The URL of the [control API](crate::control): `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.simulation.clock.system_time()
    }

    /// Moves the simulated time forward, for all vendors. Script steps that become due are performed before it returns;
    /// webhooks that become due are sent soon after, see [`Sandbox::webhooks_settled`].
    pub fn advance(&self, by: Duration) {
        self.simulation.advance(by);
    }

    /// Waits until no webhook is due or under way.
    pub async fn webhooks_settled(&self) {
        self.simulation.webhooks_settled().await;
    }

    /// Posts a webhook to a loopback URL once, and returns the status answered.
    ///
    /// # Errors
    /// As [`SignedWebhook::deliver`].
    pub async fn deliver(&self, webhook: &SignedWebhook, url: &str) -> Result<u16> {
        webhook.deliver(url).await
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // A held request keeps a task alive that nobody could release any more.
        self.simulation.nxos.release();
    }
}

/// Options of a [`Sandbox`].
#[derive(Clone, Debug)]
pub struct SandboxBuilder {
    seed: Option<u64>,
    host: IpAddr,
    nxos_port: u16,
    baanx_port: u16,
    session_api_port: u16,
    control_port: u16,
    capacity: usize,
    recorded_requests: usize,
    frozen_at: Option<SystemTime>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            seed: None,
            host: Ipv4Addr::LOCALHOST.into(),
            nxos_port: 0,
            baanx_port: 0,
            session_api_port: 0,
            control_port: 0,
            capacity: DEFAULT_CAPACITY,
            recorded_requests: DEFAULT_RECORD,
            frozen_at: None,
        }
    }
}

impl SandboxBuilder {
    /// Makes keys, ids and tokens a function of this number and of the order of requests.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The address to listen on, 127.0.0.1 unless set. On any but a loopback address every machine that reaches it can
    /// use the control API, which has no authentication: it is for a container whose ports are published on the
    /// loopback of its host, and for networks of containers.
    ///
    /// The URLs that the sandbox gives out stay on loopback, where it listens in any case. The control API then takes
    /// requests that name another host too, if it is an address, or a name that no foreign web page can have: one
    /// without a dot, such as that of a container, or one below `.internal`, `.local` or `.localhost`.
    #[must_use]
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The port of the simulated nxos; 0, the default, takes any free one.
    #[must_use]
    pub fn nxos_port(mut self, port: u16) -> Self {
        self.nxos_port = port;
        self
    }

    /// The port of the simulated Baanx; 0, the default, takes any free one.
    #[must_use]
    pub fn baanx_port(mut self, port: u16) -> Self {
        self.baanx_port = port;
        self
    }

    /// The port of the simulated session API; 0, the default, takes any free one.
    #[must_use]
    pub fn session_api_port(mut self, port: u16) -> Self {
        self.session_api_port = port;
        self
    }

    /// The port of the [control API](crate::control); 0, the default, takes any free one.
    #[must_use]
    pub fn control_port(mut self, port: u16) -> Self {
        self.control_port = port;
        self
    }

    /// The capacity: the most organizations, users and onboardings, and sessions that each vendor keeps, 10 000 unless
    /// set. Beyond it the oldest of those that were created over HTTP is evicted, and answers to later requests say so.
    /// Additions of a test through the handles stay.
    #[must_use]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity;
        self
    }

    /// The number of recorded requests for each vendor, 4096 unless set, and fewer where their bodies take more than 64
    /// MiB together.
    #[must_use]
    pub fn recorded_requests(mut self, limit: usize) -> Self {
        self.recorded_requests = limit;
        self
    }

    /// Stops the simulated clock at this instant; only [`Sandbox::advance`] moves it. Limits per second or minute can
    /// then be tested to the last request.
    #[must_use]
    pub fn frozen_at(mut self, instant: SystemTime) -> Self {
        self.frozen_at = Some(instant);
        self
    }

    /// Starts the servers.
    ///
    /// # Errors
    /// [`Error::Listen`](crate::Error::Listen) where a port cannot be had.
    pub async fn start(self) -> Result<Sandbox> {
        let seed = self.seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
        let clock = self.frozen_at.map_or_else(Clock::running, Clock::frozen_at);
        let hub = Hub::new();
        let keys = Random::new(seed, FIRST_KEYS);
        let front = |bound: &Bound, profile: &'static Profile| Front {
            profile,
            base_url: bound.base_url.clone(),
            clock: clock.clone(),
            random: Random::new(seed, profile.stream),
            tap: Tap::new(profile, clock.clone(), self.recorded_requests),
            capacity: self.capacity,
            hub: hub.clone(),
            outbox: Outbox::new(profile, (profile.scheme.new_key)(&keys), hub.clone()),
            return_url: Mutex::default(),
        };
        let nxos_port = Bound::new(self.host, self.nxos_port).await?;
        let baanx_port = Bound::new(self.host, self.baanx_port).await?;
        let session_api_port = Bound::new(self.host, self.session_api_port).await?;
        let control_port = Bound::new(self.host, self.control_port).await?;
        let control_url = control_port.base_url.clone();
        let nxos = Nxos::new(front(&nxos_port, &nxos::PROFILE));
        let baanx = Baanx::new(front(&baanx_port, &baanx::PROFILE));
        let session_api = SessionApi::new(front(&session_api_port, &session_api::PROFILE));
        let simulation = Simulation { clock, hub, nxos, baanx, session_api };
        let servers = vec![
            nxos_port.serve(nxos::router(&simulation.nxos)),
            baanx_port.serve(baanx::router(&simulation.baanx)),
            session_api_port.serve(session_api::router(&simulation.session_api)),
            control_port.serve(control::router(&simulation, !is_loopback(self.host))),
        ];
        let worker = simulation.clone().work();
        Ok(Sandbox { simulation, control_url, _servers: servers, _worker: worker })
    }
}
