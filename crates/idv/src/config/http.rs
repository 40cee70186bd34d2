//! The `http` table of a provider: time-outs, retries, proxy and certificate authorities.

use std::num::NonZeroU32;
use std::path::PathBuf;

use idv_core::{
    ConfigProblem, HttpOptions, HumanDuration, ProviderOptions, SecretResolver, SecretSlip, SecretSource,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::ConfigDocument;
use crate::layers::RetryPolicy;
use crate::util::files;
use crate::util::system::unreadable;

/// The `http` table that every provider can have: how the vendor is called, and how often a call is repeated.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HttpConfig {
    /// How long to wait for a connection; default: `"5s"`.
    pub connect_timeout: Option<HumanDuration>,
    /// How long one attempt may take, answer included; default: `"30s"`.
    pub attempt_timeout: Option<HumanDuration>,
    /// How long a call may take in total, with all its attempts and the pauses between them; default: `"90s"`.
    pub total_timeout: Option<HumanDuration>,
    /// How often a call is made where its errors say that it may be repeated, the first time included; default: 3.
    pub attempts: Option<NonZeroU32>,
    /// The longest pause between two attempts; default: `"20s"`. Where the vendor asks for more, the error goes back to the
    /// caller, with the wait in it.
    pub longest_wait: Option<HumanDuration>,
    /// The largest answer that is read, in bytes; default: 1048576.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub response_limit: Option<usize>,
    /// The proxy to use, as a URL; default: none. Environment variables such as `HTTPS_PROXY` are never consulted.
    pub proxy: Option<SecretSource>,
    /// Files of further certificate authorities to trust, relative to the configuration file; default: none. Each is PEM with
    /// any number of certificates and nothing else, or one certificate as DER, and at most 4 MiB large.
    #[serde(default)]
    pub extra_ca: Vec<PathBuf>,
}

/// The URL of the proxy, which may hold a password.
fn proxy(source: &SecretSource, secrets: &dyn SecretResolver) -> Result<SecretString, String> {
    let proxy = secrets.resolve(source)?;
    match SecretSlip::of(proxy.expose_secret()) {
        Some(slip) => Err(slip.to_string()),
        None => Ok(proxy),
    }
}

impl HttpConfig {
    /// Reads the table into options and a policy, and the files that it names.
    pub(crate) fn resolve(
        table: &ProviderOptions,
        document: &ConfigDocument,
        secrets: &dyn SecretResolver,
    ) -> Result<(HttpOptions, RetryPolicy), Vec<ConfigProblem>> {
        let config: Self = table.parse()?;
        let policy = config.policy();
        let (mut options, mut problems) = (HttpOptions::default(), Vec::new());
        if let Some(timeout) = config.connect_timeout {
            options.connect_timeout = timeout.get();
        }
        if let Some(timeout) = config.attempt_timeout {
            options.attempt_timeout = timeout.get();
        }
        match config.response_limit {
            Some(0) => problems.push(table.problem("response_limit", "must not be 0")),
            Some(limit) => options.response_limit = limit,
            None => {}
        }
        match config.proxy.map(|source| proxy(&source, secrets)).transpose() {
            Ok(proxy) => options.proxy = proxy,
            Err(message) => problems.push(table.problem("proxy", message)),
        }
        for (index, path) in config.extra_ca.iter().enumerate() {
            match files::read(&document.base().join(path), files::AUTHORITY_LIMIT) {
                Ok(file) => options.extra_ca.push(file),
                Err(error) => {
                    let message = unreadable(document.base(), Some(path), &error);
                    problems.push(table.problem(&format!("extra_ca.{index}"), message));
                }
            }
        }
        if problems.is_empty() { Ok((options, policy)) } else { Err(problems) }
    }

    fn policy(&self) -> RetryPolicy {
        let mut policy = RetryPolicy::default();
        if let Some(attempts) = self.attempts {
            policy.attempts = attempts.get();
        }
        if let Some(timeout) = self.total_timeout {
            policy.total_timeout = timeout.get();
        }
        if let Some(wait) = self.longest_wait {
            policy.longest_wait = wait.get();
        }
        policy
    }
}
