//! Builds an adapter for the kit: its options, its secrets, and its environment.

use std::sync::Arc;

use idv_core::testing::{CountingRandomness, FixedClock, StaticSecrets};
use idv_core::{
    BuildContext, ConfigProblem, HttpOptions, OptionValue, ProviderId, ProviderOptions, SecretResolver,
    SecretSource, Timestamp, VerificationProvider,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::announced::Announced;
use crate::stand_in::Shared;
use crate::subject::{Subject, Webhooks};

/// The names under which the secrets of webhooks are configured.
pub(crate) const WEBHOOK_SECRETS: [&str; 2] = ["CONFORMANCE_WEBHOOK_1", "CONFORMANCE_WEBHOOK_2"];

/// An address to which nothing is ever sent.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:9";

/// The webhooks of a subject, where secrets prove them.
fn proved_webhooks(subject: &dyn Subject) -> Option<&dyn Webhooks> {
    subject.webhooks().filter(|webhooks| !webhooks.is_unproved())
}

pub(crate) fn options(subject: &dyn Subject, base_url: &str) -> Value {
    let mut options = subject.options(base_url);
    if let (Some(table), Some(webhooks)) = (options.as_object_mut(), proved_webhooks(subject)) {
        table.insert(webhooks.option().to_owned(), json!([{"env": WEBHOOK_SECRETS[0]}]));
    }
    options
}

/// Options with both secrets of a rotation.
pub(crate) fn rotating(webhooks: &dyn Webhooks, mut options: Value) -> Value {
    if let Some(table) = options.as_object_mut() {
        let both = WEBHOOK_SECRETS.map(|name| json!({"env": name}));
        table.insert(webhooks.option().to_owned(), both.into());
    }
    options
}

pub(crate) fn context(
    secrets: Arc<dyn SecretResolver>,
    clock: &Arc<FixedClock>,
    random: &Arc<CountingRandomness>,
    http: HttpOptions,
) -> BuildContext {
    BuildContext::new(Arc::clone(clock) as _, Arc::clone(random) as _, secrets).with_http(http)
}

/// The secrets of the subject, as they are.
pub(crate) fn secrets(subject: &dyn Subject) -> Arc<StaticSecrets> {
    let mut secrets = subject.secrets();
    secrets.push(("CONFORMANCE_EMPTY", ""));
    if let Some(webhooks) = proved_webhooks(subject) {
        secrets.extend(WEBHOOK_SECRETS.into_iter().zip(webhooks.secrets()));
    }
    Arc::new(StaticSecrets::new(secrets))
}

/// The secrets of the options: key, name of the environment variable, and value.
pub(crate) fn secret_options(subject: &dyn Subject) -> Vec<(String, String, String)> {
    let mut values = subject.secrets();
    values.extend(
        proved_webhooks(subject).iter().flat_map(|own| WEBHOOK_SECRETS.into_iter().zip(own.secrets())),
    );
    let options = options(subject, NOWHERE);
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let secret = |(key, option): (&String, &Value)| {
        let source = option.as_array().and_then(|list| list.first()).unwrap_or(option);
        let name = source.get("env")?.as_str()?;
        Some((key.clone(), name.to_owned(), value(name)?.to_owned()))
    };
    options.as_object().into_iter().flatten().filter_map(secret).collect()
}

/// The secrets of the subject, with another value under one name.
#[derive(Debug)]
pub(crate) struct Swapped {
    pub(crate) rest: Arc<StaticSecrets>,
    pub(crate) name: String,
    pub(crate) text: SecretString,
}

impl SecretResolver for Swapped {
    fn resolve(&self, source: &SecretSource) -> std::result::Result<SecretString, String> {
        match source {
            SecretSource::Env(name) if *name == self.name => Ok(self.text.clone()),
            other => self.rest.resolve(other),
        }
    }
}

/// Builds an instance that announces its calls to the mock vendor.
pub(crate) fn build(
    subject: &dyn Subject,
    vendor: &Arc<Shared>,
    options: &Value,
    context: &BuildContext,
) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
    let inner = subject.wrap(adapter(subject, options, context)?);
    Ok(Arc::new(Announced { inner, vendor: Arc::clone(vendor) }))
}

/// Builds an instance that is asked for its profile alone.
pub(crate) fn alone(
    subject: &dyn Subject,
) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
    let clock = Arc::new(FixedClock::new(Timestamp::from_unix_seconds(0)));
    let random = Arc::new(CountingRandomness::default());
    let context = context(secrets(subject), &clock, &random, HttpOptions::default());
    Ok(subject.wrap(adapter(subject, &options(subject, NOWHERE), &context)?))
}

fn adapter(
    subject: &dyn Subject,
    options: &Value,
    context: &BuildContext,
) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
    let unusable = |_| vec![ConfigProblem::new("", "the options of the subject are not JSON options")];
    let table: OptionValue = serde_json::from_value(options.clone()).map_err(unusable)?;
    let options = ProviderOptions::new("providers.conformance", None, table);
    let id: ProviderId = "conformance"
        .parse()
        .map_err(|_| vec![ConfigProblem::new("", "the id of the kit's provider is no id")])?;
    Ok(subject.factory().build(&id, &options, context)?.provider)
}
