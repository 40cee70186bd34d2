//! The factory: from options to an nxos provider.

use http::HeaderValue;
use idv_core::signature::Svix;
use idv_core::{Adapter, BaseUrl, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::JsonClient;
use secrecy::ExposeSecret;

use crate::mapping::OwnOrganization;
use crate::provider::Parts;
use crate::{Environment, KIND, NxosConfig, NxosProvider, mapping, profile};

/// Builds nxos instances.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct NxosFactory;

impl Adapter for NxosFactory {
    type Config = NxosConfig;
    type Provider = NxosProvider;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &NxosConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<NxosProvider> {
        Some(NxosProvider::new(id.clone(), profile::of(config), parts(id, config, validator)?))
    }

    fn lint(&self, config: &NxosConfig, validator: &mut OptionsValidator<'_>) {
        warn_about_key(config, validator);
        validator.warn_about_webhook_secrets("whsec_", "webhook_secrets", &config.webhook_secrets);
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<NxosConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// Keys are `nxos_sk_live_…` or `nxos_sk_test_…` (docs.nxos.io, "Authentication").
fn warn_about_key(config: &NxosConfig, validator: &mut OptionsValidator<'_>) {
    let Ok(key) = validator.context().secrets.resolve(&config.api_key) else { return };
    let begins = |prefix: &str| key.expose_secret().starts_with(prefix);
    match config.environment {
        _ if !begins("nxos_sk_") => {
            validator.add_error("api_key", "does not begin with `nxos_sk_`, as documented");
        }
        Some(Environment::Production) if begins("nxos_sk_test_") => {
            validator.add_error("api_key", "is a key for tests, and the environment is `production`");
        }
        Some(Environment::Sandbox) if begins("nxos_sk_live_") => {
            validator.add_error("api_key", "is a key for production, and the environment is `sandbox`");
        }
        _ => {}
    }
}

fn parts(id: &ProviderId, config: &NxosConfig, validator: &mut OptionsValidator<'_>) -> Option<Parts> {
    let authorization: Option<HeaderValue> = validator.secret_header("api_key", &config.api_key, "Bearer ");
    let base = base_url(config, validator);
    for (key, id) in [("on_behalf_of", &config.on_behalf_of), ("own_organization", &config.own_organization)]
    {
        if id.as_deref().is_some_and(|id| !mapping::is_organization(id)) {
            validator.add_error(key, "expected an organization id such as `org_…`");
        }
    }
    let webhooks = validator.signing_secrets("webhook_secrets", &config.webhook_secrets, Svix::new);
    let client = JsonClient::new(id.clone(), base?, &mapping::ERROR_RULES, validator.context());
    Some(Parts {
        client: validator.client(client)?,
        authorization: authorization?,
        on_behalf_of: config.on_behalf_of.clone(),
        own: OwnOrganization(config.own_organization.clone()),
        webhooks,
        context: validator.context().clone(),
    })
}

fn base_url(config: &NxosConfig, validator: &mut OptionsValidator<'_>) -> Option<BaseUrl> {
    match (config.environment, &config.base_url) {
        (None, Some(base)) => Some(base.clone()),
        (Some(environment), None) => validator.ok_or_add_error("environment", environment.base_url().parse()),
        (Some(_), Some(_)) => {
            validator.add_error("base_url", "give either `environment` or `base_url`, not both");
            None
        }
        (None, None) if validator.has_error_at("base_url") => None,
        (None, None) => {
            validator.add_error(
                "environment",
                "is required: \"sandbox\" or \"production\", or a `base_url` instead",
            );
            None
        }
    }
}
