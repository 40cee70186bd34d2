//! The adapter: from a configuration to a provider of Stripe Identity.

use http::{HeaderName, HeaderValue};
use idv_core::signature::{HmacAlgorithm, TimestampedHmac};
use idv_core::{Adapter, BaseUrl, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::JsonClient;
use secrecy::ExposeSecret;

use crate::auth::{Keys, Mode};
use crate::config::VerificationType;
use crate::provider::Parts;
use crate::{KIND, StripeConfig, StripeProvider, mapping, profile};

/// Both modes have one address (docs.stripe.com, "API keys").
const ADDRESS: &str = "https://api.stripe.com";
/// The signatures of an event (docs.stripe.com, "Verify webhook signatures manually").
const SIGNATURE: HeaderName = HeaderName::from_static("stripe-signature");

/// Builds instances of Stripe Identity.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct StripeFactory;

impl Adapter for StripeFactory {
    type Config = StripeConfig;
    type Provider = StripeProvider;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &StripeConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<StripeProvider> {
        let parts = parts(id, config, validator)?;
        Some(StripeProvider::new(id.clone(), profile::of(config, parts.mode), parts))
    }

    fn lint(&self, config: &StripeConfig, validator: &mut OptionsValidator<'_>) {
        validator.warn_about_webhook_secrets("whsec_", "webhook_secrets", &config.webhook_secrets);
        let Ok(key) = validator.context().secrets.resolve(&config.secret_key) else { return };
        let key = key.expose_secret();
        if key.starts_with("pk_") {
            validator
                .add_error("secret_key", "is a publishable key, which is for browsers: use `sk_…` or `rk_…`");
        } else if Mode::of_key(key).is_none() {
            validator.add_error(
                "secret_key",
                "begins with none of `sk_live_`, `sk_test_`, `rk_live_` and `rk_test_`, as documented",
            );
        } else if config.sensitive_results && !key.starts_with("rk_") {
            validator.add_error("sensitive_results", "needs a restricted key, `rk_…`");
        }
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<StripeConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

fn parts(id: &ProviderId, config: &StripeConfig, validator: &mut OptionsValidator<'_>) -> Option<Parts> {
    let key = validator.secret_header("secret_key", &config.secret_key, "Bearer ");
    checks(config, validator);
    let account = account(config, validator);
    let webhooks = validator.signing_secrets("webhook_secrets", &config.webhook_secrets, |secrets| {
        TimestampedHmac::new(HmacAlgorithm::Sha256, secrets, SIGNATURE)
    });
    let base: Option<BaseUrl> = match &config.base_url {
        Some(base) => Some(base.clone()),
        None if validator.has_error_at("base_url") => None,
        None => validator.ok_or_add_error("base_url", ADDRESS.parse()),
    };
    let base = base?;
    if base.as_url().path().trim_end_matches('/').ends_with("/v1") {
        validator.add_error("base_url", "must not end in `/v1`, which is added to it");
    }
    let client = JsonClient::new(id.clone(), base, &mapping::ERROR_RULES, validator.context());
    let (client, key) = (validator.client(client)?, key?);
    let mode = key.to_str().ok().and_then(|key| Mode::of_key(key.trim_start_matches("Bearer ")));
    Some(Parts {
        client,
        mode,
        keys: Keys { key, account },
        config: config.clone(),
        webhooks,
        context: validator.context().clone(),
    })
}

/// A flow brings its own checks, and only the check of a document has options.
fn checks(config: &StripeConfig, validator: &mut OptionsValidator<'_>) {
    let has_flow = config.workflow_id.is_some();
    if config.workflow_id.as_deref().is_some_and(|flow| flow.trim().is_empty()) {
        validator.add_error("workflow_id", "must not be empty");
    }
    if has_flow && config.verification_type.is_some() {
        validator
            .add_error("verification_type", "give either `verification_type` or `workflow_id`, not both");
    }
    let is_document = config.verification_type.unwrap_or_default() == VerificationType::Document;
    if config.document.is_some() && (has_flow || !is_document) {
        validator.add_error("document", "belongs to `verification_type = \"document\"` alone");
    }
}

fn account(config: &StripeConfig, validator: &mut OptionsValidator<'_>) -> Option<HeaderValue> {
    let account = config.account.as_deref()?;
    let value = HeaderValue::from_str(account).ok().filter(|_| account.starts_with("acct_"));
    validator.ok_or_add_error("account", value.ok_or("expected the id of an account, `acct_…`"))
}
