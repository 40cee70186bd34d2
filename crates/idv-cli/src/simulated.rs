//! Configurations that use the simulated vendors, and the providers of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use idv::adapter::{SecretResolver, SecretSource};
use idv::config::ConfigDocument;
use idv::{Registry, Result, VerificationProvider};
use idv_conformance::storyline::sandbox::{Flow, SandboxClock};
use idv_sandbox::Sandbox;
use secrecy::SecretString;

use crate::failure::broken;

/// The secrets of the simulated vendors, by the names of environment variables.
pub(crate) fn secrets(sandbox: &Sandbox) -> BTreeMap<&'static str, String> {
    Flow::all().flat_map(|flow| flow.secrets(sandbox)).collect()
}

/// A configuration that names environment variables, as a real one does.
pub(crate) fn with_env(sandbox: &Sandbox) -> String {
    configuration(|flow| flow.configuration(sandbox))
}

/// A configuration that can be used as it is: the keys of simulated vendors are no secrets.
pub(crate) fn literal(sandbox: &Sandbox) -> String {
    configuration(|flow| flow.literal_configuration(sandbox))
}

/// A configuration whose first flow is the active one.
fn configuration(table: impl Fn(Flow) -> String) -> String {
    let active = Flow::all().next().map(|flow| format!("active = \"{}\"\n", flow.id()));
    let tables = Flow::all().map(|flow| format!("\n{}", table(flow)));
    active.into_iter().chain(tables).collect()
}

/// The providers of a configuration that names environment variables, with the secrets and the time of the sandbox.
pub(crate) fn registry(sandbox: &Sandbox, configuration: &str) -> Result<Registry> {
    Registry::builder()
        .clock(Arc::new(SandboxClock::of(sandbox)))
        .secrets(Arc::new(SandboxSecrets::of(sandbox)))
        .build(&ConfigDocument::from_toml_str(configuration)?)
}

/// The providers of all flows, without retries: storylines show the errors themselves, and not the result of retrying
/// them.
pub(crate) fn without_retries(sandbox: &Sandbox) -> Result<Registry> {
    let table = |flow: Flow| flow.configuration(sandbox) + "http.attempts = 1\n";
    registry(sandbox, &configuration(table))
}

/// The provider of a flow.
pub(crate) fn provider(registry: &Registry, flow: Flow) -> Result<Arc<dyn VerificationProvider>> {
    registry.provider(&flow.id().parse().map_err(broken)?)
}

/// The values of the environment variables that [`with_env`] names.
#[derive(Debug)]
struct SandboxSecrets(BTreeMap<&'static str, SecretString>);

impl SandboxSecrets {
    fn of(sandbox: &Sandbox) -> Self {
        Self(secrets(sandbox).into_iter().map(|(name, value)| (name, SecretString::from(value))).collect())
    }
}

impl SecretResolver for SandboxSecrets {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        match source {
            SecretSource::Env(name) => {
                self.0.get(name.as_str()).cloned().ok_or_else(|| format!("the sandbox has no {name}"))
            }
            _ => Err("the sandbox keeps its secrets by name".to_owned()),
        }
    }
}
