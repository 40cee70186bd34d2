//! The factories: from options to a Baanx provider.

use http::HeaderName;
use idv_core::signature::HmacHex;
use idv_core::{Adapter, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::{ErrorRules, JsonClient};

use crate::config::Common;
use crate::provider::Parts;
use crate::{
    BaanxRegistrationConfig, BaanxRegistrationProvider, BaanxUserConfig, BaanxUserProvider,
    REGISTRATION_KIND, USER_KIND, mapping, profile,
};

/// The headers of a webhook (docs.baanx.com, guide "Webhooks: security").
const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");

/// Builds instances that verify registered users.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct BaanxUserFactory;

impl Adapter for BaanxUserFactory {
    type Config = BaanxUserConfig;
    type Provider = BaanxUserProvider;

    const KIND: ProviderKind = USER_KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &BaanxUserConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<BaanxUserProvider> {
        let parts = parts(id, &config.common(), &mapping::USER_ERRORS, validator)?;
        Some(BaanxUserProvider::new(id.clone(), profile::user(config), parts))
    }

    fn lint(&self, config: &BaanxUserConfig, validator: &mut OptionsValidator<'_>) {
        lint(&config.common(), validator);
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<BaanxUserConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// Builds instances that verify during the registration.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct BaanxRegistrationFactory;

impl Adapter for BaanxRegistrationFactory {
    type Config = BaanxRegistrationConfig;
    type Provider = BaanxRegistrationProvider;

    const KIND: ProviderKind = REGISTRATION_KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &BaanxRegistrationConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<BaanxRegistrationProvider> {
        let parts = parts(id, &config.common(), &mapping::REGISTRATION_ERRORS, validator)?;
        Some(BaanxRegistrationProvider::new(id.clone(), profile::registration(config), parts))
    }

    fn lint(&self, config: &BaanxRegistrationConfig, validator: &mut OptionsValidator<'_>) {
        lint(&config.common(), validator);
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<BaanxRegistrationConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// Webhook keys are `whk_…` (docs.baanx.com, guide "Webhooks: security"); client keys have no documented form.
fn lint(config: &Common<'_>, validator: &mut OptionsValidator<'_>) {
    validator.warn_about_webhook_secrets("whk_", "webhook_secrets", config.webhook_secrets);
}

fn parts(
    id: &ProviderId,
    config: &Common<'_>,
    errors: &'static ErrorRules,
    validator: &mut OptionsValidator<'_>,
) -> Option<Parts> {
    let client_key = validator.secret_header("client_key", config.client_key, "");
    let webhooks = validator.signing_secrets("webhook_secrets", config.webhook_secrets, |secrets| {
        HmacHex::new(secrets, SIGNATURE, Some(TIMESTAMP))
    });
    let client = JsonClient::new(id.clone(), config.base_url.clone(), errors, validator.context());
    Some(Parts {
        client: validator.client(client)?,
        client_key: client_key?,
        region: config.region,
        webhooks,
        context: validator.context().clone(),
    })
}
