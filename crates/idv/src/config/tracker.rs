//! The `tracker` table: the database of a tracker, and how it works.

use std::num::NonZeroU32;

use idv_core::{ConfigProblem, HumanDuration, ProviderOptions, SecretSource};
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

/// The `tracker` table: the database in which verifications are kept (crate `idv-tracker`). An application without a tracker
/// can use the same file: the table is checked, and its database is not opened.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    feature = "schema",
    schemars(extend("dependentRequired" = {"deliver_to": ["deliver_secrets"], "deliver_secrets": ["deliver_to"]}))
)]
#[non_exhaustive]
pub struct TrackerTable {
    /// The database: `"sqlite://idv.db"`, a path relative to the configuration file, or `postgres://…`, which is best kept in an
    /// environment variable or a file, because it can hold a password.
    pub url: SecretSource,
    /// How long a session that cannot be looked for is waited for, after its start was lost; default: `"1h"`. Afterwards the
    /// application can start again.
    pub hold: Option<HumanDuration>,
    /// How long an approval counts; default: as long as the vendor does not say otherwise.
    pub approvals_count_for: Option<HumanDuration>,
    /// How long a verification that has ended is kept after its last transition; default: for ever.
    pub keep_for: Option<HumanDuration>,
    /// How many due verifications a worker claims at once; default: 64.
    pub batch: Option<NonZeroU32>,
    /// How many checks of one worker are under way at a time; default: 16.
    pub concurrency: Option<NonZeroU32>,
    /// How long a worker may take for the checks that it claimed; default: `"2m"`. Another worker claims them afterwards.
    pub lease: Option<HumanDuration>,
    /// The part of a vendor's documented rate of calls that polls of all workers together may use, in percent, 1 to 100;
    /// default: 80.
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub quota_percent: Option<NonZeroU32>,
    /// The application's URL, to which a worker sends every transition: `https`, or `http` on loopback; default: none. It can have
    /// a token in it, and then it is best kept in an environment variable or a file.
    pub deliver_to: Option<SecretSource>,
    /// The secrets with which the transitions are signed, with `deliver_to`: one, or several while the receiver changes from one to
    /// the other. Each is `whsec_` and the base64 of 24 to 64 random bytes.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub deliver_secrets: Vec<SecretSource>,
}

impl TrackerTable {
    /// Reads the table. The database's address is not resolved.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    pub fn read(table: &ProviderOptions) -> Result<Self, Vec<ConfigProblem>> {
        let config: Self = table.parse()?;
        let mut problems = Vec::new();
        if config.quota_percent.is_some_and(|percent| percent.get() > 100) {
            problems.push(table.problem("quota_percent", "must not be more than 100"));
        }
        match (&config.deliver_to, config.deliver_secrets.is_empty()) {
            (Some(_), true) => {
                problems.push(table.problem("deliver_to", "needs at least one of `deliver_secrets`"));
            }
            (None, false) => problems.push(table.problem("deliver_secrets", "needs `deliver_to` beside it")),
            _ => {}
        }
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// The keys under which secrets stand in the configuration itself.
    pub(crate) fn literal_secrets(&self) -> Vec<String> {
        let mut keys = Vec::new();
        if self.has_literal_password() {
            keys.push("url".to_owned());
        }
        let secrets = self.deliver_secrets.iter().enumerate();
        let literal = secrets.filter(|(_, secret)| matches!(secret, SecretSource::Literal(_)));
        keys.extend(literal.map(|(index, _)| format!("deliver_secrets.{index}")));
        keys
    }

    /// Whether the configuration itself holds the password of the database.
    fn has_literal_password(&self) -> bool {
        let SecretSource::Literal(url) = &self.url else { return false };
        Url::parse(url.expose_secret()).is_ok_and(|url| {
            url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password")
        })
    }
}
