//! The adapter: from a configuration to a provider of Onfido.

use std::sync::Arc;

use http::HeaderName;
use http::header::AUTHORIZATION;
use idv_core::signature::HmacHex;
use idv_core::{Adapter, BaseUrl, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::{FixedHeader, JsonClient};
use secrecy::ExposeSecret;

use crate::provider::Parts;
use crate::{KIND, OnfidoConfig, OnfidoProvider, auth, mapping, profile};

/// The signature of a webhook. The specification does not name the header; the vendor's clients and many others read this one.
const SIGNATURE: HeaderName = HeaderName::from_static("x-sha2-signature");
/// The version of the API that the adapter is written for, which is a part of the address.
const VERSION: &str = "/v3.6";

/// Builds instances of Onfido.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct OnfidoFactory;

impl Adapter for OnfidoFactory {
    type Config = OnfidoConfig;
    type Provider = OnfidoProvider;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &OnfidoConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<OnfidoProvider> {
        Some(OnfidoProvider::new(id.clone(), profile::of(config), parts(id, config, validator)?))
    }

    fn lint(&self, config: &OnfidoConfig, validator: &mut OptionsValidator<'_>) {
        let has_version = |base: &BaseUrl| base.as_url().path().trim_end_matches('/').ends_with(VERSION);
        if config.base_url.as_ref().is_some_and(|base| !has_version(base)) {
            validator.add_error("base_url", "does not end in `/v3.6`, the version that this adapter is for");
        }
        let Ok(token) = validator.context().secrets.resolve(&config.api_token) else { return };
        if let Some(doubt) = auth::doubt(token.expose_secret(), config.region) {
            validator.add_error("api_token", doubt);
        }
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<OnfidoConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

fn parts(id: &ProviderId, config: &OnfidoConfig, validator: &mut OptionsValidator<'_>) -> Option<Parts> {
    let token = validator.secret_header("api_token", &config.api_token, auth::SCHEME);
    if config.workflow_id.as_deref().is_some_and(|workflow| workflow.trim().is_empty()) {
        validator.add_error("workflow_id", "must not be empty");
    }
    let webhooks = validator.signing_secrets("webhook_secrets", &config.webhook_secrets, |tokens| {
        HmacHex::new(tokens, SIGNATURE, None)
    });
    let base = base_url(config, validator)?;
    let client = JsonClient::new(id.clone(), base, &mapping::ERROR_RULES, validator.context());
    let client = validator.client(client)?;
    Some(Parts {
        client: client.with_authorization(Arc::new(FixedHeader::new(AUTHORIZATION, token?))),
        config: config.clone(),
        webhooks,
        context: validator.context().clone(),
    })
}

fn base_url(config: &OnfidoConfig, validator: &mut OptionsValidator<'_>) -> Option<BaseUrl> {
    match (config.region, &config.base_url) {
        (None, Some(base)) => Some(base.clone()),
        (Some(region), None) => validator.ok_or_add_error("region", region.base_url().parse()),
        (Some(_), Some(_)) => {
            validator.add_error("base_url", "give either `region` or `base_url`, not both");
            None
        }
        (None, None) if validator.has_error_at("base_url") || validator.has_error_at("region") => None,
        (None, None) => {
            let message = "is required: \"eu\", \"us\" or \"ca\", or a `base_url` instead";
            validator.add_error("region", message);
            None
        }
    }
}
