//! The factories: from options to a Baanx provider.

use std::sync::Arc;

use http::HeaderName;
use idv_core::signature::HmacHex;
use idv_core::{
    BuildContext, ConfigProblem, JsonSchema, ProviderFactory, ProviderId, ProviderKind, ProviderOptions,
    Setup, VerificationProvider,
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
        let (mut setup, config) = Setup::read::<BaanxUserConfig>(options, context);
        let Some(config) = config else { return Err(setup.problems()) };
        let parts = parts(id, &config.common(), &mapping::USER_ERRORS, &mut setup);
        let parts = setup.finish(parts)?;
        Ok(Arc::new(BaanxUserProvider::new(id.clone(), profile::user(&config), parts)))
    }

    fn doubts(&self, options: &ProviderOptions, context: &BuildContext) -> Vec<ConfigProblem> {
        let (setup, config) = Setup::read::<BaanxUserConfig>(options, context);
        doubts(setup, config.as_ref().map(BaanxUserConfig::common))
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
        let (mut setup, config) = Setup::read::<BaanxRegistrationConfig>(options, context);
        let Some(config) = config else { return Err(setup.problems()) };
        let parts = parts(id, &config.common(), &mapping::REGISTRATION_ERRORS, &mut setup);
        let parts = setup.finish(parts)?;
        Ok(Arc::new(BaanxRegistrationProvider::new(id.clone(), profile::registration(&config), parts)))
    }

    fn doubts(&self, options: &ProviderOptions, context: &BuildContext) -> Vec<ConfigProblem> {
        let (setup, config) = Setup::read::<BaanxRegistrationConfig>(options, context);
        doubts(setup, config.as_ref().map(BaanxRegistrationConfig::common))
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<BaanxRegistrationConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// Webhook keys are `whk_…` (docs.baanx.com, guide "Webhooks: security"); client keys have no documented form.
fn doubts(mut setup: Setup<'_>, config: Option<Common<'_>>) -> Vec<ConfigProblem> {
    if let Some(config) = config {
        setup.doubt_webhook_secrets("whk_", "webhook_secrets", config.webhook_secrets);
    }
    setup.problems()
}

fn parts(
    id: &ProviderId,
    config: &Common<'_>,
    errors: &'static ErrorRules,
    setup: &mut Setup<'_>,
) -> Option<Parts> {
    let client_key = setup.secret_header("client_key", config.client_key, "");
    let webhooks = setup.signing_secrets("webhook_secrets", config.webhook_secrets, |secrets| {
        HmacHex::new(secrets, SIGNATURE, Some(TIMESTAMP))
    });
    let client = JsonClient::new(id.clone(), config.base_url.clone(), errors, setup.context());
    Some(Parts {
        client: setup.client(client)?,
        client_key: client_key?,
        region: config.region,
        webhooks,
        context: setup.context().clone(),
    })
}
