//! From options to an adapter.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::{HeaderMap, HeaderName};
use idv_core::signature::{HmacAlgorithm, HmacHex, sign_hex};
use idv_core::{
    BaseUrl, BuildContext, BuiltProvider, ConfigProblem, JsonSchema, OptionValue, OptionsValidator,
    ProviderFactory, ProviderId, ProviderKind, ProviderOptions, SecretSource,
};
use idv_http::{Authorize, ErrorRules, JsonClient, Outgoing};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::tokens::TokenAndSignature;
use super::{AcmeProvider, profile};
use crate::flaw::Flaw;

const KIND: ProviderKind = ProviderKind::from_static("acme");
const RULES: ErrorRules = ErrorRules::new();

#[derive(Debug)]
pub(crate) struct AcmeFactory {
    pub(crate) flaw: Option<Flaw>,
    pub(crate) hosts_a_page: bool,
    pub(crate) in_steps: bool,
    pub(crate) stores_failures: bool,
    pub(crate) has_event_types: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    base_url: BaseUrl,
    api_key: SecretSource,
    #[serde(default)]
    webhook_secrets: Vec<SecretSource>,
}

/// The same, and never mind what else there is.
#[derive(Deserialize)]
struct Careless {
    base_url: BaseUrl,
    api_key: SecretSource,
    #[serde(default)]
    webhook_secrets: Vec<SecretSource>,
}

impl AcmeFactory {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    fn read<'a>(
        &self,
        options: &'a ProviderOptions,
        context: &'a BuildContext,
    ) -> (OptionsValidator<'a>, Option<Config>) {
        if !self.has(Flaw::IgnoresUnknownKeys) {
            return OptionsValidator::read::<Config>(options, context);
        }
        let (validator, config) = OptionsValidator::read::<Careless>(options, context);
        let careful =
            |Careless { base_url, api_key, webhook_secrets }| Config { base_url, api_key, webhook_secrets };
        (validator, config.map(careful))
    }
}

impl ProviderFactory for AcmeFactory {
    fn kind(&self) -> ProviderKind {
        KIND
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let (mut validator, config) = self.read(options, context);
        let Some(config) = config else { return Err(self.spoil(validator.into_errors(), options)) };
        let key = match context.secrets.resolve(&config.api_key) {
            Ok(key) if self.has(Flaw::TakesEmptySecrets) => Some(key),
            Ok(key) if self.has(Flaw::TakesPlaceholders) && key.expose_secret().starts_with('$') => Some(key),
            _ => validator.secret("api_key", &config.api_key),
        };
        let secrets = validator.secrets("webhook_secrets", &config.webhook_secrets);
        let [signature, time] = ["acme-signature", "acme-time"].map(HeaderName::from_static);
        let webhooks = match secrets.is_empty() {
            true => None,
            false => {
                validator.ok_or_add_error("webhook_secrets", HmacHex::new(&secrets, signature, Some(time)))
            }
        };
        let mut http = context.clone();
        if self.has(Flaw::IgnoresTheHttpOptions) {
            (http.http.proxy, http.http.response_limit) = (None, 1 << 20);
        }
        let client = JsonClient::new(id.clone(), config.base_url, &RULES, &http);
        let client = validator.ok_or_add_error("http", client);
        let signer = key.clone().map(|key| Arc::new(Signer { key, flaw: self.flaw }));
        let client = client.zip(signer).map(|(client, signer)| {
            let signed = client.with_authorization(Arc::clone(&signer) as _);
            match self.in_steps {
                true => signed
                    .clone()
                    .with_authorization(Arc::new(TokenAndSignature::new(signed, signer, self.flaw))),
                false => signed,
            }
        });
        let built = validator.finish(client.zip(key)).map_err(|problems| self.spoil(problems, options))?;
        Ok(Arc::new(AcmeProvider {
            id: id.clone(),
            profile: profile::of(KIND, self.flaw, self.in_steps),
            client: built.0,
            key: built.1.expose_secret().to_owned(),
            webhooks,
            context: context.clone(),
            flaw: self.flaw,
            hosts_a_page: self.hosts_a_page,
            in_steps: self.in_steps,
            stores_failures: self.stores_failures,
            has_event_types: self.has_event_types,
            busy: AtomicBool::new(false),
            last: Mutex::default(),
        })
        .into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        let keys = r#"{"base_url": {}, "api_key": {}, "webhook_secrets": {}}"#;
        Some(JsonSchema::new(format!(r#"{{"properties": {keys}, "additionalProperties": false}}"#)))
    }
}

impl AcmeFactory {
    fn spoil(&self, mut problems: Vec<ConfigProblem>, options: &ProviderOptions) -> Vec<ConfigProblem> {
        if let (true, Ok(values)) = (self.has(Flaw::RepeatsValues), options.parse::<OptionValue>()) {
            problems.push(ConfigProblem::new("", format!("in {}", show(&values))));
        }
        problems
    }
}

/// Every text in a value.
fn show(value: &OptionValue) -> String {
    match value {
        OptionValue::Text(text) => text.clone(),
        OptionValue::List(entries) => entries.iter().map(|entry| show(&entry.value)).collect(),
        OptionValue::Table(entries) => entries.iter().map(|(.., entry)| show(&entry.value)).collect(),
        _ => String::new(),
    }
}

/// Signs method, target and body of every request.
#[derive(Debug)]
struct Signer {
    key: SecretString,
    flaw: Option<Flaw>,
}

#[async_trait]
impl Authorize for Signer {
    async fn authorize(&self, request: &Outgoing<'_>) -> idv_core::Result<HeaderMap> {
        let target = match self.flaw {
            Some(Flaw::SignsThePathAlone) => request.target.split('?').next().unwrap_or_default(),
            _ => request.target,
        };
        let body = match (self.flaw, serde_json::from_slice::<serde_json::Value>(request.body)) {
            (Some(Flaw::SignsAnotherBody), Ok(body)) => format!("{body:#}").into_bytes(),
            _ => request.body.to_vec(),
        };
        let head = format!("{} {target} ", request.method);
        let signature = sign_hex(HmacAlgorithm::Sha256, &self.key, &[head.as_bytes(), &body]);
        let name = HeaderName::from_static("acme-request-signature");
        Ok([(name, idv_http::secret_header(&signature)?)].into_iter().collect())
    }

    fn refused(&self) {}
}
