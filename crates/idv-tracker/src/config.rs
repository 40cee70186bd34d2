//! The configuration of a tracker: the table `[tracker]`.

use std::path::Path;

use idv::adapter::{HumanDuration, ProviderOptions, SecretResolver, SecretSlip, SecretSource};
use idv::config::{ConfigDocument, TrackerTable};
use idv::{ConfigProblem, Registry};
use secrecy::{ExposeSecret, SecretString};

use crate::{Delivery, DeliveryError, StoreOptions, Tracker, TrackerBuilder, TrackerOptions};

/// The tracker that a configuration asks for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TrackerConfig {
    /// The database.
    pub store: StoreOptions,
    /// How it works.
    pub options: TrackerOptions,
    /// How transitions are sent to the application's URL, where it has one.
    pub delivery: Option<Delivery>,
}

impl TrackerConfig {
    /// Reads the table `[tracker]`; `None` where the configuration has none. A relative path of SQLite is looked for in the folder
    /// of the configuration.
    ///
    /// ```
    /// use idv::adapter::ProcessSecrets;
    /// use idv::config::ConfigDocument;
    /// use idv_tracker::TrackerConfig;
    ///
    /// let document = ConfigDocument::from_toml_str("[tracker]\nurl = \"sqlite://idv.db\"\nhold = \"2h\"").unwrap();
    /// let config = TrackerConfig::from_document(&document, &ProcessSecrets::default()).unwrap().unwrap();
    /// assert_eq!(config.options.hold.as_secs(), 7200);
    /// ```
    ///
    /// # Errors
    /// Everything that is wrong with the table, each problem with its place. No message repeats an address or a secret.
    pub fn from_document(
        document: &ConfigDocument,
        secrets: &dyn SecretResolver,
    ) -> Result<Option<Self>, Vec<ConfigProblem>> {
        let Some(table) = document.parsed().tracker else { return Ok(None) };
        let config = TrackerTable::read(&table)?;
        let store = store(&config.url, document.base(), secrets);
        let store = store.map_err(|message| vec![table.problem("url", message)]);
        match (store, delivery(&table, &config, secrets)) {
            (Ok(store), Ok(delivery)) => Ok(Some(Self { store, options: options(&config), delivery })),
            (store, delivery) => {
                let problems = store.err().into_iter().chain(delivery.err());
                Err(problems.flatten().collect())
            }
        }
    }

    /// A tracker of the verifications of a registry, as the configuration says.
    #[must_use]
    pub fn builder(self, registry: Registry) -> TrackerBuilder {
        let builder = Tracker::builder(registry, self.store).options(self.options);
        match self.delivery {
            Some(delivery) => builder.delivery(delivery),
            None => builder,
        }
    }
}

fn store(url: &SecretSource, folder: &Path, secrets: &dyn SecretResolver) -> Result<StoreOptions, String> {
    let url = secrets.resolve(url)?;
    // A path may look like much that is no secret.
    if !url.expose_secret().starts_with("sqlite:") {
        without_slip(&url)?;
    }
    StoreOptions::new(url).beside(folder).map_err(|error| error.message().to_owned())
}

fn delivery(
    table: &ProviderOptions,
    config: &TrackerTable,
    secrets: &dyn SecretResolver,
) -> Result<Option<Delivery>, Vec<ConfigProblem>> {
    let Some(url) = &config.deliver_to else { return Ok(None) };
    let mut problems = Vec::new();
    let mut resolved = |key: &str, source: &SecretSource| {
        let secret = secrets.resolve(source).and_then(|secret| without_slip(&secret).map(|()| secret));
        secret.map_err(|message| problems.push(table.problem(key, message))).ok()
    };
    let url = resolved("deliver_to", url);
    let keys: Vec<SecretString> = config
        .deliver_secrets
        .iter()
        .enumerate()
        .filter_map(|(index, secret)| resolved(&format!("deliver_secrets.{index}"), secret))
        .collect();
    let (Some(url), true) = (url, problems.is_empty()) else { return Err(problems) };
    Delivery::new(url.expose_secret(), &keys).map(Some).map_err(|error| {
        let key = match error {
            DeliveryError::Secret { number } => format!("deliver_secrets.{}", number.saturating_sub(1)),
            DeliveryError::NoSecret => "deliver_secrets".to_owned(),
            _ => "deliver_to".to_owned(),
        };
        vec![table.problem(&key, error.to_string())]
    })
}

/// A text in place of an address or a secret is refused.
fn without_slip(secret: &SecretString) -> Result<(), String> {
    SecretSlip::of(secret.expose_secret()).map_or(Ok(()), |slip| Err(slip.to_string()))
}

fn options(config: &TrackerTable) -> TrackerOptions {
    let defaults = TrackerOptions::default();
    TrackerOptions {
        hold: config.hold.map_or(defaults.hold, HumanDuration::get),
        approvals_count_for: config.approvals_count_for.map(HumanDuration::get),
        keep_for: config.keep_for.map(HumanDuration::get),
        batch: config.batch.map_or(defaults.batch, std::num::NonZero::get),
        concurrency: config
            .concurrency
            .map_or(defaults.concurrency, |checks| usize::try_from(checks.get()).unwrap_or(usize::MAX)),
        lease: config.lease.map_or(defaults.lease, HumanDuration::get),
        quota_percent: config.quota_percent.map_or(defaults.quota_percent, std::num::NonZero::get),
        ..defaults
    }
}
