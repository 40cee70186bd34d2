//! The factories: from options to a Baanx provider.

use std::sync::Arc;

use http::HeaderName;
use idv_core::signature::HmacHex;
use idv_core::{
    BuildContext, ConfigProblem, JsonSchema, OptionsValidator, ProviderFactory, ProviderId, ProviderKind,
    ProviderOptions, VerificationProvider,
};
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

impl ProviderFactory for BaanxUserFactory {
    fn kind(&self) -> ProviderKind {
        USER_KIND
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        let (mut validator, config) = OptionsValidator::read::<BaanxUserConfig>(options, context);
        let Some(config) = config else { return Err(validator.into_errors()) };
        let parts = parts(id, &config.common(), &mapping::USER_ERRORS, &mut validator);
        let parts = validator.finish(parts)?;
        Ok(Arc::new(BaanxUserProvider::new(id.clone(), profile::user(&config), parts)))
    }

    fn lint(&self, options: &ProviderOptions, context: &BuildContext) -> Vec<ConfigProblem> {
        let (validator, config) = OptionsValidator::read::<BaanxUserConfig>(options, context);
        lint(validator, config.as_ref().map(BaanxUserConfig::common))
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

impl ProviderFactory for BaanxRegistrationFactory {
    fn kind(&self) -> ProviderKind {
        REGISTRATION_KIND
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        let (mut validator, config) = OptionsValidator::read::<BaanxRegistrationConfig>(options, context);
        let Some(config) = config else { return Err(validator.into_errors()) };
        let parts = parts(id, &config.common(), &mapping::REGISTRATION_ERRORS, &mut validator);
        let parts = validator.finish(parts)?;
        Ok(Arc::new(BaanxRegistrationProvider::new(id.clone(), profile::registration(&config), parts)))
    }

    fn lint(&self, options: &ProviderOptions, context: &BuildContext) -> Vec<ConfigProblem> {
        let (validator, config) = OptionsValidator::read::<BaanxRegistrationConfig>(options, context);
        lint(validator, config.as_ref().map(BaanxRegistrationConfig::common))
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<BaanxRegistrationConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// Webhook keys are `whk_…` (docs.baanx.com, guide "Webhooks: security"); client keys have no documented form.
fn lint(mut validator: OptionsValidator<'_>, config: Option<Common<'_>>) -> Vec<ConfigProblem> {
    if let Some(config) = config {
        validator.warn_about_webhook_secrets("whk_", "webhook_secrets", config.webhook_secrets);
    }
    validator.into_errors()
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
