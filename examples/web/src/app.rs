//! The state that all requests share.

use std::error::Error;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use idv::adapter::{Clock, SystemClock};
use idv::{Registry, VerificationSession};
use idv_tracker::{Tracked, Tracker};
use secrecy::SecretString;
use url::Url;

use crate::accounts::{Accounts, Credentials, NoAccounts};
use crate::configuration::{Configuration, Source};
use crate::database;
use crate::links::Links;
use crate::news::News;
use crate::sandbox::Simulated;
use crate::settings::Settings;
use crate::sign_in::Doors;
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
    pub(crate) site: Site,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stop: Stop,
}

/// Addresses.
#[derive(Debug)]
pub(crate) struct Site {
    /// The application's own, as browsers and vendors see it.
    pub(crate) url: Url,
    /// Where vendors send applicants back to, without a nonce.
    pub(crate) return_url: Url,
    /// The script of the embedded component.
    pub(crate) websdk: Url,
    /// Where a person plays the vendor.
    pub(crate) simulation: Option<String>,
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
            site: Site::new(settings, port, simulated)?,
            clock,
            stop,
        })))
    }
}

impl Site {
    fn new(settings: &Settings, port: u16, simulated: Option<&Simulated>) -> Result<Self, Box<dyn Error>> {
        let url = match &settings.public_url {
            Some(url) => url.clone(),
            None => format!("http://127.0.0.1:{port}/").parse()?,
        };
        Ok(Self {
            return_url: url.join("return")?,
            url,
            websdk: simulated.map_or_else(|| Ok(settings.websdk.clone()), Simulated::websdk)?,
            simulation: simulated.map(Simulated::operator_url),
        })
    }

    /// Whether browsers reach it over TLS; without, it is on loopback.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
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
