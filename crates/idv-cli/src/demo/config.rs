//! Configurations that use the simulated vendors.

use std::collections::BTreeMap;
use std::sync::Arc;

use idv::adapter::{Clock, SecretResolver, SecretSource};
use idv::config::ConfigDocument;
use idv::{Registry, Timestamp};
use idv_sandbox::Sandbox;
use secrecy::SecretString;

/// The secrets of the simulated vendors, by the names of environment variables.
pub(crate) fn secrets(sandbox: &Sandbox) -> [(&'static str, String); 6] {
    let (nxos, baanx, sessions) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    [
        ("NXOS_API_KEY", nxos.api_key().to_owned()),
        ("NXOS_WEBHOOK_SECRET", nxos.webhook_secret()),
        ("BAANX_CLIENT_KEY", baanx.client_key().to_owned()),
        ("BAANX_WEBHOOK_KEY", baanx.webhook_key()),
        ("DEEPIDV_API_KEY", sessions.api_key().to_owned()),
        ("DEEPIDV_WEBHOOK_SECRET", sessions.webhook_secret()),
    ]
}

fn template(sandbox: &Sandbox) -> String {
    format!(
        r#"active = "primary"

[providers.primary]
kind = "nxos"
base_url = "{nxos}"
api_key = NXOS_API_KEY
webhook_secrets = [NXOS_WEBHOOK_SECRET]

[providers.cards]
kind = "baanx-user"
base_url = "{baanx}"
client_key = BAANX_CLIENT_KEY
webhook_secrets = [BAANX_WEBHOOK_KEY]

[providers.signup]
kind = "baanx-registration"
base_url = "{baanx}"
client_key = BAANX_CLIENT_KEY
webhook_secrets = [BAANX_WEBHOOK_KEY]
successor = "cards"

[providers.sessions]
kind = "session-api"
preset = "deepidv"
base_url = "{sessions}"
api_key = DEEPIDV_API_KEY
webhook_secrets = [DEEPIDV_WEBHOOK_SECRET]
"#,
        nxos = sandbox.nxos().base_url(),
        baanx = sandbox.baanx().base_url(),
        sessions = sandbox.session_api().base_url(),
    )
}

/// A configuration that names environment variables, as a real one does.
pub(crate) fn with_env(sandbox: &Sandbox) -> String {
    secrets(sandbox)
        .iter()
        .fold(template(sandbox), |text, (name, _)| text.replace(name, &format!("{{ env = \"{name}\" }}")))
}

/// A configuration that can be used as it is: the keys of simulated vendors are no secrets.
pub(crate) fn literal(sandbox: &Sandbox) -> String {
    secrets(sandbox)
        .iter()
        .fold(template(sandbox), |text, (name, value)| text.replace(name, &format!("\"{value}\"")))
}

/// The providers of a configuration that names environment variables, with the secrets and the time of the sandbox.
pub(crate) fn registry(sandbox: &Sandbox, document: &ConfigDocument) -> idv::Result<Registry> {
    Registry::builder()
        .clock(Arc::new(SandboxClock(sandbox.now().into())))
        .secrets(Arc::new(SandboxSecrets::of(sandbox)))
        .build(document)
}

/// The time of the simulated vendors at the beginning of the demonstration, which takes only a moment.
#[derive(Debug)]
struct SandboxClock(Timestamp);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0
    }
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
