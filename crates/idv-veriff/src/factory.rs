//! The adapter: from a configuration to a Veriff provider.

use std::sync::Arc;

use idv_core::signature::HmacHex;
use idv_core::{Adapter, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::JsonClient;

use crate::auth::{Keys, SIGNATURE};
use crate::provider::Parts;
use crate::{KIND, VeriffConfig, VeriffProvider, mapping, profile};

/// Builds Veriff instances.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct VeriffFactory;

impl Adapter for VeriffFactory {
    type Config = VeriffConfig;
    type Provider = VeriffProvider;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &VeriffConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<VeriffProvider> {
        Some(VeriffProvider::new(id.clone(), profile::of(config), parts(id, config, validator)?))
    }

    fn lint(&self, config: &VeriffConfig, validator: &mut OptionsValidator<'_>) {
        validator.warn_about_webhook_secrets("", "shared_secrets", &config.shared_secrets);
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<VeriffConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

fn parts(id: &ProviderId, config: &VeriffConfig, validator: &mut OptionsValidator<'_>) -> Option<Parts> {
    let client_key = validator.secret_header("api_key", &config.api_key, "");
    if config.base_url.as_url().path().trim_end_matches('/').ends_with("/v1") {
        validator.add_error("base_url", "must not end in `/v1`, which is added to it");
    }
    if config.shared_secrets.is_empty() && !validator.has_error_at("shared_secrets") {
        validator.add_error("shared_secrets", "at least one is needed: it signs requests");
    }
    let secrets = validator.secrets("shared_secrets", &config.shared_secrets);
    let signatures = match secrets.is_empty() {
        true => None,
        false => validator.ok_or_add_error("shared_secrets", HmacHex::new(&secrets, SIGNATURE, None)),
    };
    let client =
        JsonClient::new(id.clone(), config.base_url.clone(), &mapping::ERROR_RULES, validator.context());
    let client = validator.client(client)?;
    let keys =
        Arc::new(Keys { client: client_key?, secret: secrets.into_iter().next()?, signatures: signatures? });
    Some(Parts {
        client: client
            .with_authorization(Arc::clone(&keys) as _)
            .with_answer_verifier(Arc::clone(&keys) as _),
        keys,
        context: validator.context().clone(),
    })
}
