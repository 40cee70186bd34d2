//! The providers that storylines are played at.

use std::sync::Arc;

use idv::config::ConfigDocument;
use idv::{Registry, Result, VerificationProvider};
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::Sandbox;

use crate::demo::config;
use crate::failure::broken;

/// The providers of the sandbox's own configuration, without retries: storylines show the errors themselves, and not
/// the result of retrying them.
pub(crate) fn registry(sandbox: &Sandbox) -> Result<Registry> {
    let once = |id: &str| format!("\n[providers.{id}.http]\nattempts = 1\n");
    let ids = ["primary", "cards", "signup", "sessions"];
    let text = config::with_env(sandbox) + &ids.map(once).concat();
    config::registry(sandbox, &ConfigDocument::from_toml_str(&text)?)
}

/// The provider of a flow.
pub(crate) fn provider(registry: &Registry, flow: Flow) -> Result<Arc<dyn VerificationProvider>> {
    let mut all = registry.providers();
    let found = all.find(|provider| provider.profile().kind.as_str() == flow.kind());
    found.ok_or_else(|| broken(format!("nothing is configured for {}", flow.kind())))
}
