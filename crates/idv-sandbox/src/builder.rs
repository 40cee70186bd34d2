//! The options of a sandbox, and its start.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::clock::Clock;
use crate::control;
use crate::error::Result;
use crate::front::Front;
use crate::hub::Hub;
use crate::random::Random;
use crate::sandbox::Sandbox;
use crate::server::{Bound, Server, is_loopback};
use crate::simulated_vendor::{self, Registration, SimulatedVendor};
use crate::simulation::Simulation;
use crate::tap::Tap;
use crate::vendor::Vendor;
use crate::vendors;
use crate::webhooks::Outbox;

const DEFAULT_RECORD: usize = 4096;
const DEFAULT_CAPACITY: usize = 10_000;

/// The number of the random sequence of the first signing keys.
const FIRST_KEYS: u64 = 4;

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
}

/// Options of a [`Sandbox`].
#[derive(Clone, Debug)]
pub struct SandboxBuilder {
    seed: Option<u64>,
    host: IpAddr,
    /// The ports asked for; the other vendors take free ones.
    ports: Vec<(Vendor, u16)>,
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
            ports: Vec::new(),
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

    /// The port of a simulated vendor; 0, the default, takes any free one.
    #[must_use]
    pub fn vendor_port(mut self, vendor: Vendor, port: u16) -> Self {
        self.ports.retain(|(known, _)| *known != vendor);
        self.ports.push((vendor, port));
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
        self.start_with(vendors::ALL).await
    }

    pub(crate) async fn start_with(self, registrations: &[Registration]) -> Result<Sandbox> {
        let mut ports = Vec::new();
        for registration in registrations {
            ports.push(Bound::new(self.host, self.port_of(registration.profile.vendor)).await?);
        }
        let control_port = Bound::new(self.host, self.control_port).await?;
        let control_url = control_port.base_url.clone();
        let simulation = self.simulation(registrations, &ports);
        let serve = |(port, vendor): (Bound, &Arc<dyn SimulatedVendor>)| {
            let vendor = vendor.clone();
            port.serve(move || simulated_vendor::router(&*vendor))
        };
        let mut servers: Vec<Server> = ports.into_iter().zip(&*simulation.vendors).map(serve).collect();
        let (controlled, is_open) = (simulation.clone(), !is_loopback(self.host));
        servers.push(control_port.serve(move || control::router(&controlled, is_open)));
        let worker = simulation.clone().work();
        Ok(Sandbox { simulation, control_url, _servers: servers, _worker: worker })
    }

    /// The vendors, each at the address of its port.
    fn simulation(&self, registrations: &[Registration], ports: &[Bound]) -> Simulation {
        let clock = self.frozen_at.map_or_else(Clock::running, Clock::frozen_at);
        let hub = Hub::new();
        let seed = self.seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
        let keys = Random::new(seed, FIRST_KEYS);
        let start = |(registration, port): (&Registration, &Bound)| {
            let profile = registration.profile;
            (registration.start)(Front {
                profile,
                base_url: port.base_url.clone(),
                clock: clock.clone(),
                random: Random::new(seed, profile.stream),
                tap: Tap::new(profile, clock.clone(), self.recorded_requests),
                capacity: self.capacity,
                hub: hub.clone(),
                outbox: Outbox::new(profile, (profile.scheme.new_key)(&keys), hub.clone()),
                return_url: Mutex::default(),
            })
        };
        let vendors = registrations.iter().zip(ports).map(start).collect();
        Simulation { clock, hub, vendors }
    }

    fn port_of(&self, vendor: Vendor) -> u16 {
        self.ports.iter().find(|(known, _)| *known == vendor).map_or(0, |(_, port)| *port)
    }
}
