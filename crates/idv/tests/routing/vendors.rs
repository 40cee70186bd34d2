//! Vendors that can, need and answer what a test wants.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use idv::adapter::{
    BuildContext, BuiltProvider, Catalogue, HumanDuration, JsonSchema, ProviderFactory, ProviderOptions,
    UrlRule,
};
use idv::config::ConfigDocument;
use idv::profile::InputNeed;
use idv::testing::{Call, FixedClock, ScriptedProvider, StaticSecrets, profile};
use idv::{
    Assurance, ConfigProblem, Error, Input, Operation, ProviderId, ProviderKind, Registry, RegistryBuilder,
    Result, SessionRef, SessionUrl, Timestamp, VerificationSession,
};
use serde::Deserialize;

/// Answers to starts, by provider; `None` opens a session. Without an answer a session is opened, too.
pub(crate) type Script = BTreeMap<&'static str, Vec<Option<Error>>>;

/// The kind `acme`, whose profile is configured.
#[derive(Debug, Default)]
pub(crate) struct Acme {
    script: Mutex<BTreeMap<String, Vec<Option<Error>>>>,
    built: Arc<Mutex<BTreeMap<String, Arc<ScriptedProvider>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcmeConfig {
    vendor: Option<String>,
    #[serde(default)]
    can: Vec<idv::profile::Capability>,
    #[serde(default)]
    requires: Vec<String>,
    recheck_after: Option<HumanDuration>,
}

impl Acme {
    fn saying(script: Script) -> Self {
        let script = script.into_iter().map(|(id, answers)| (id.to_owned(), answers)).collect();
        Self { script: Mutex::new(script), built: Arc::default() }
    }
}

impl ProviderFactory for Acme {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("acme")
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        _: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let config: AcmeConfig = options.parse()?;
        let mut profile = profile();
        profile.vendor = config.vendor.unwrap_or_else(|| id.to_string()).into();
        profile.actions.recheck_after = config.recheck_after.map(HumanDuration::get);
        let required = config.requires.iter().map(|name| Input::new(name));
        profile.inputs.declare(Operation::Start, InputNeed::Required, required);
        for capability in config.can {
            able(&mut profile.capabilities, capability);
        }
        let answers = self.script.lock().unwrap().remove(id.as_str()).unwrap_or_default();
        let spare = (0..4).map(|_| None);
        let provider = answers
            .into_iter()
            .chain(spare)
            .map(|answer| answer.map_or_else(|| Ok(session(id)), Err))
            .fold(ScriptedProvider::with_profile(id.clone(), profile), ScriptedProvider::on_start);
        let provider = Arc::new(provider);
        self.built.lock().unwrap().insert(id.to_string(), Arc::clone(&provider));
        Ok(provider.into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

fn able(can: &mut idv::profile::Capabilities, capability: idv::profile::Capability) {
    match capability {
        idv::profile::Capability::Refresh => can.refresh = true,
        idv::profile::Capability::Find => can.find = true,
        idv::profile::Capability::Import => can.import = true,
        idv::profile::Capability::Redirect => can.redirect = true,
        idv::profile::Capability::Webhooks => can.webhooks = Some(Assurance::Signed),
        idv::profile::Capability::Embed => can.embed = true,
        idv::profile::Capability::IdempotentStart => can.idempotent_start = true,
        _ => panic!("an unknown capability"),
    }
}

fn session(id: &ProviderId) -> VerificationSession {
    let url = SessionUrl::parse("https://acme.example/s", UrlRule::Https).unwrap();
    VerificationSession::new(SessionRef::new(id.clone(), "k1").unwrap(), url)
}

/// A registry, and the vendors behind it.
pub(crate) struct World {
    pub(crate) registry: Registry,
    built: Arc<Mutex<BTreeMap<String, Arc<ScriptedProvider>>>>,
}

impl World {
    /// How often a vendor was asked to open a session.
    pub(crate) fn starts(&self, provider: &str) -> usize {
        let built = self.built.lock().unwrap();
        built[provider].calls().iter().filter(|call| matches!(call, Call::Start(_))).count()
    }

    /// The providers that were asked at all.
    pub(crate) fn asked(&self) -> Vec<String> {
        let ids: Vec<String> = self.built.lock().unwrap().keys().cloned().collect();
        ids.into_iter().filter(|id| self.starts(id) > 0).collect()
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn builder(acme: Acme) -> RegistryBuilder {
    let mut catalogue = Catalogue::empty();
    catalogue.add(acme);
    let secrets = StaticSecrets::new([("KEY", "0123456789abcdef"), ("SHORT", "short")]);
    Registry::builder()
        .catalogue(catalogue)
        .secrets(Arc::new(secrets))
        .clock(Arc::new(FixedClock::new(now())))
}

/// Builds what a TOML text says, with answers to starts.
pub(crate) fn world(
    toml: &str,
    script: Script,
    more: impl FnOnce(RegistryBuilder) -> RegistryBuilder,
) -> Result<World> {
    let acme = Acme::saying(script);
    let built = Arc::clone(&acme.built);
    let registry = more(builder(acme)).build(&ConfigDocument::from_toml_str(toml)?)?;
    Ok(World { registry, built })
}

/// A registry whose configuration can be edited. Only the first instance of each provider answers as scripted.
pub(crate) fn editable(toml: &str, script: Script) -> (Registry, impl Fn(&str) + use<>) {
    let file = Arc::new(Mutex::new(toml.to_owned()));
    let read = Arc::clone(&file);
    let load = move || ConfigDocument::from_toml_str(&read.lock().unwrap());
    let registry = builder(Acme::saying(script)).load(load).unwrap();
    let handle = registry.clone();
    let edit = move |toml: &str| {
        toml.clone_into(&mut file.lock().unwrap());
        handle.reload().unwrap();
    };
    (registry, edit)
}

/// Three providers (`cards` for persons only, `primary`, `sessions`), and what is added to the end of their configuration.
pub(crate) fn three(routing: &str) -> String {
    format!(
        r#"active = "primary"
[providers.primary]
kind = "acme"
can = ["refresh", "idempotent_start"]
recheck_after = "30d"
http.attempts = 1
[providers.cards]
kind = "acme"
requires = ["user_token"]
can = ["refresh"]
http.attempts = 1
[providers.sessions]
kind = "acme"
can = ["find", "redirect"]
http.attempts = 1
{routing}"#
    )
}

/// A registry of the three providers.
pub(crate) fn registry(routing: &str) -> Registry {
    world(&three(routing), Script::new(), |builder| builder).unwrap().registry
}

pub(crate) fn id(text: &str) -> ProviderId {
    text.parse().unwrap()
}
