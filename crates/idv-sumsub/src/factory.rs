//! The adapter: from a configuration to a Sumsub provider.

use std::sync::Arc;

use http::HeaderName;
use idv_core::signature::HmacHex;
use idv_core::{Adapter, BaseUrl, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::JsonClient;
use secrecy::ExposeSecret;

use crate::auth::Keys;
use crate::provider::Parts;
use crate::{KIND, SumsubConfig, SumsubProvider, mapping, profile};

/// Sandbox and production have one address (docs.sumsub.com, "Authentication").
const ADDRESS: &str = "https://api.sumsub.com";
/// The beginnings of app tokens (docs.sumsub.com, "Authentication").
const PRODUCTION: &str = "prd:";
const SANDBOX: &str = "sbx:";
/// The digest of a webhook (docs.sumsub.com, "Webhooks").
const DIGEST: HeaderName = HeaderName::from_static("x-payload-digest");

/// Builds Sumsub instances.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct SumsubFactory;

impl Adapter for SumsubFactory {
    type Config = SumsubConfig;
    type Provider = SumsubProvider;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &SumsubConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<SumsubProvider> {
        Some(SumsubProvider::new(id.clone(), profile::of(config), parts(id, config, validator)?))
    }

    fn lint(&self, config: &SumsubConfig, validator: &mut OptionsValidator<'_>) {
        validator.warn_about_webhook_secrets("", "webhook_secrets", &config.webhook_secrets);
        let Ok(token) = validator.context().secrets.resolve(&config.app_token) else { return };
        if ![PRODUCTION, SANDBOX].iter().any(|start| token.expose_secret().starts_with(start)) {
            validator.add_error("app_token", "begins neither with `prd:` nor with `sbx:`, as documented");
        }
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<SumsubConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

fn parts(id: &ProviderId, config: &SumsubConfig, validator: &mut OptionsValidator<'_>) -> Option<Parts> {
    let token = validator.secret_header("app_token", &config.app_token, "");
    let secret = validator.secret("secret_key", &config.secret_key);
    if config.level.as_deref().is_some_and(|level| level.trim().is_empty()) {
        validator.add_error("level", "must not be empty");
    }
    let webhooks = validator.signing_secrets("webhook_secrets", &config.webhook_secrets, |secrets| {
        HmacHex::with_algorithm(config.webhook_algorithm.hmac(), secrets, DIGEST, None)
    });
    let base: Option<BaseUrl> = match &config.base_url {
        Some(base) => Some(base.clone()),
        None if validator.has_error_at("base_url") => None,
        None => validator.ok_or_add_error("base_url", ADDRESS.parse()),
    };
    let client = JsonClient::new(id.clone(), base?, &mapping::ERROR_RULES, validator.context());
    let client = validator.client(client)?;
    let is_production =
        token.as_ref().is_some_and(|token| token.as_bytes().starts_with(PRODUCTION.as_bytes()));
    Some(Parts {
        client: client.with_authorization(Arc::new(Keys { token: token?, secret: secret? })),
        level: config.level.clone(),
        applicant_type: config.applicant_type,
        lifetime: profile::lifetime(config),
        embed: config.embed,
        webhooks,
        is_production,
        context: validator.context().clone(),
    })
}
