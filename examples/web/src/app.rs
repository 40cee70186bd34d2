//! The state that all requests share.

use std::error::Error;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use idv::adapter::{Clock, SystemClock};
use idv::{Registry, VerificationSession};
use idv_tracker::{Tracked, Tracker};
use secrecy::SecretString;

use crate::accounts::{Accounts, Credentials, NoAccounts};
use crate::addresses::Addresses;
use crate::configuration::{Configuration, Source};
use crate::database;
use crate::doors::Doors;
use crate::links::Links;
use crate::news::News;
use crate::sandbox::Simulated;
use crate::settings::Settings;
use crate::start_limit::StartLimit;
use crate::stop::Stop;

/// The state that all requests share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) tracker: Tracker,
    pub(crate) configuration: Configuration,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) doors: Doors,
    pub(crate) links: Links,
    pub(crate) news: News,
    pub(crate) start_limit: StartLimit,
    pub(crate) addresses: Addresses,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stop: Stop,
}

impl App {
    /// Opens the database. `port` is the one that is listened on.
    pub(crate) async fn open(
        settings: &Settings,
        port: u16,
        simulated: Option<&Simulated>,
        stop: Stop,
    ) -> Result<Self, Box<dyn Error>> {
        let source = match (&settings.configuration, simulated) {
            (Some(path), _) => Source::File(path.clone()),
            (None, Some(simulated)) => Source::Text(simulated.configuration()),
            (None, None) => return Err("no vendors are configured".into()),
        };
        let configuration = Configuration::new(source);
        let accounts =
            simulated.map_or_else(|| Arc::new(NoAccounts) as Arc<dyn Accounts>, Simulated::accounts);
        let clock = simulated.map_or_else(|| Arc::new(SystemClock) as Arc<dyn Clock>, |here| here.clock());
        let registry = configuration.registry(Registry::builder().clock(Arc::clone(&clock)))?;
        let database =
            settings.database.clone().or_else(|| simulated.map(|here| SecretString::from(here.database())));
        let tracker = database::tracker(database, &configuration, registry)?
            .credentials(Arc::new(Credentials(Arc::clone(&accounts))))
            .clock(Arc::clone(&clock));
        Ok(Self(Arc::new(Shared {
            tracker: tracker.open().await?,
            configuration,
            accounts,
            doors: Doors::new(settings.accounts.clone()),
            links: Links::default(),
            news: News::default(),
            start_limit: StartLimit::default(),
            addresses: Addresses::new(settings, port, simulated)?,
            clock,
            stop,
        })))
    }
}

impl Shared {
    pub(crate) fn registry(&self) -> &Registry {
        self.tracker.registry()
    }

    /// The hand-off of a verification, where there is one.
    pub(crate) fn link(&self, verification: &Tracked) -> Option<VerificationSession> {
        self.links.get(verification, self.clock.now())
    }

    /// Whether the applicant can go on with a verification.
    pub(crate) fn is_open(&self, verification: &Tracked) -> bool {
        self.links.is_open(verification, self.clock.now())
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// For the handler of webhooks, which the tracker brings.
impl FromRef<App> for Tracker {
    fn from_ref(app: &App) -> Self {
        app.tracker.clone()
    }
}
