//! The providers that a migration report can be about: those that are configured, and the flows of the sandbox.

use std::path::Path;
use std::sync::Arc;

use idv::adapter::{SecretResolver, SecretSource};
use idv::config::ConfigDocument;
use idv::profile::ProviderProfile;
use idv::{Registry, Result, VerificationProvider};
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::Sandbox;
use secrecy::SecretString;

use crate::args::Args;
use crate::{failure, simulated};

/// One side of a migration.
#[derive(Debug)]
pub(crate) struct Subject {
    /// The id of the provider, configured or of the sandbox.
    pub(crate) id: String,
    pub(crate) profile: ProviderProfile,
    /// Whether the provider is in the configuration file.
    pub(crate) configured: bool,
}

/// All providers that can be named.
pub(crate) struct Known {
    configured: Option<Registry>,
    sandbox: Registry,
}

impl Known {
    /// Reads the configuration file. It may be missing, unless an option names it; if it exists, it must be valid.
    pub(crate) fn of(args: &Args, sandbox: &Sandbox) -> Result<Self> {
        let path = &args.config;
        let optional = path == Path::new("idv.toml") && !path.exists();
        let configured = if optional { None } else { Some(facts_of(path)?) };
        Ok(Self { configured, sandbox: simulated::without_retries(sandbox)? })
    }

    /// The provider that an option names. Configured ids come first, then the sandbox's ids, then kinds.
    pub(crate) fn find(&self, option: &str, id: &Option<String>) -> Result<Subject> {
        let Some(id) = id else {
            return Err(failure::usage(format!(
                "{option} is missing: a move goes --from one --to another ({})",
                self.list()
            )));
        };
        let configured = self.configured.iter().flat_map(Registry::providers).map(|one| (one, true));
        let simulated = self.sandbox.providers().map(|one| (one, false));
        let by_id = configured.chain(simulated).find(|(one, _)| one.id().as_str() == id);
        let by_kind = || {
            let flow = Flow::of_kind(id)?;
            let found = self.sandbox.providers().find(|one| one.id().as_str() == flow.id());
            found.map(|one| (one, false))
        };
        let (found, configured) = by_id.or_else(by_kind).ok_or_else(|| {
            failure::usage(format!("{option}: no provider of this name is known ({})", self.list()))
        })?;
        Ok(Subject { id: found.id().to_string(), profile: found.profile().clone(), configured })
    }

    fn list(&self) -> String {
        let ids = |registry: &Registry| -> Vec<String> {
            registry.providers().map(|one| one.id().to_string()).collect()
        };
        let kinds: Vec<&str> = Flow::kinds().map(Flow::kind).collect();
        let configured =
            self.configured.as_ref().map(|registry| format!("configured: {}; ", ids(registry).join(", ")));
        format!(
            "{}in the sandbox: {}; kinds: {}",
            configured.unwrap_or_default(),
            ids(&self.sandbox).join(", "),
            kinds.join(", ")
        )
    }
}

/// The configured providers, for their profiles alone: no secret is read, so none has to be there.
fn facts_of(path: &Path) -> Result<Registry> {
    Registry::builder().secrets(Arc::new(Placeholders)).build(&ConfigDocument::from_toml_file(path)?)
}

/// A placeholder for every secret, in a form that all schemes accept.
#[derive(Debug)]
struct Placeholders;

impl SecretResolver for Placeholders {
    fn resolve(&self, _: &SecretSource) -> Result<SecretString, String> {
        Ok(SecretString::from("whsec_cGxhY2Vob2xkZXI="))
    }
}
