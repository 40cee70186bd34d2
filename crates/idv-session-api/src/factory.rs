//! The factory: from options to a provider of a session API.

use idv_core::signature::WebhookVerifier;
use idv_core::{Adapter, Assurance, BaseUrl, JsonSchema, OptionsValidator, ProviderId, ProviderKind};
use idv_http::{ErrorRules, JsonClient};

use crate::provider::Parts;
use crate::spec::ApiSpec;
use crate::spec::{from_config, preset};
use crate::webhook::WebhookShape;
use crate::{KIND, Preset, SessionApiConfig, SessionApiProvider, profile};

/// The shared table fits: deepidv publishes no codes (deepidv, "Create session", errors).
static ERROR_RULES: ErrorRules = ErrorRules::new();

/// The keys that go with a preset. All others describe a vendor.
const COMMON: [&str; 6] =
    ["preset", "base_url", "api_key", "workflow_id", "webhook_secrets", "recheck_after"];

/// Builds instances of session APIs.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct SessionApiFactory;

impl Adapter for SessionApiFactory {
    type Config = SessionApiConfig;
    type Provider = SessionApiProvider;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &SessionApiConfig,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<SessionApiProvider> {
        let spec = match config.preset {
            Some(Preset::Deepidv) => {
                for key in validator.keys().filter(|key| !COMMON.contains(key)) {
                    validator.add_error(key, "`preset` describes the vendor already: remove one of the two");
                }
                Some(preset::deepidv())
            }
            // A key that could not be read may be the preset, or half of a description: more would be guesswork.
            None if !validator.is_ok() => return None,
            None => from_config::spec(config, validator),
        };
        let parts = parts(id, config, spec, validator)?;
        Some(SessionApiProvider::new(id.clone(), profile::of(config, &parts.spec), parts))
    }

    /// deepidv's webhook secrets are `whsec_…` (deepidv, "Event object"); its keys have no documented form.
    fn lint(&self, config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) {
        let prefix = match config.preset {
            Some(Preset::Deepidv) => "whsec_",
            None => {
                warn_about_key_prefix(config, validator);
                ""
            }
        };
        validator.warn_about_webhook_secrets(prefix, "webhook_secrets", &config.webhook_secrets);
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(JsonSchema::of::<SessionApiConfig>());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// The name of a scheme stands apart from the key (RFC 9110, section 11.4); the names are those of IANA's registry that are
/// used with keys, and what vendors made up.
fn warn_about_key_prefix(config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) {
    const SCHEMES: &[&str] = &["apikey", "api-key", "basic", "bearer", "dpop", "key", "oauth", "token"];
    let prefix = config.api_key_prefix.as_deref().unwrap_or_default();
    if SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(prefix)) {
        let message = "has no blank at its end, so the vendor gets it and the key as one word: write it with one, such as \"Bearer \"";
        validator.add_error("api_key_prefix", message);
    }
}

fn parts(
    id: &ProviderId,
    config: &SessionApiConfig,
    spec: Option<ApiSpec>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Parts> {
    let prefix = spec.as_ref().map_or("", |spec| &spec.key_prefix);
    let key = validator.secret_header("api_key", &config.api_key, prefix);
    let base = base_url(config, spec.as_ref().and_then(|spec| spec.base_url), validator);
    let webhooks = webhooks(config, spec.as_ref(), validator);
    workflow(config, spec.as_ref(), validator);
    let client = JsonClient::new(id.clone(), base?, &ERROR_RULES, validator.context());
    Some(Parts {
        client: validator.client(client)?,
        spec: spec?,
        key: key?,
        workflow: config.workflow_id.clone(),
        webhooks,
    })
}

fn base_url(
    config: &SessionApiConfig,
    known: Option<&str>,
    validator: &mut OptionsValidator<'_>,
) -> Option<BaseUrl> {
    match (&config.base_url, known) {
        (Some(base), _) => Some(base.clone()),
        (None, Some(known)) => validator.ok_or_add_error("base_url", known.parse()),
        (None, None) => {
            validator.add_error("base_url", "is required without a `preset`");
            None
        }
    }
}

fn webhooks(
    config: &SessionApiConfig,
    spec: Option<&ApiSpec>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Box<dyn WebhookVerifier>> {
    const KEY: &str = "webhook_secrets";
    let sources = &config.webhook_secrets;
    let Some(WebhookShape { scheme, .. }) = spec.and_then(|spec| spec.webhook.as_ref()) else {
        validator.shared_secrets(KEY, sources);
        if spec.is_some() && !sources.is_empty() {
            let message = "the vendor has no webhooks: `webhook_scheme` says how they are signed";
            validator.add_error(KEY, message);
        }
        return None;
    };
    match scheme.assurance() {
        // All that the header holds is the secret, so `Bearer ` may be a part of it.
        Assurance::SharedSecret => {
            let secrets = validator.shared_secrets(KEY, sources);
            let verifier = (!secrets.is_empty()).then(|| scheme.verifier(&secrets))?;
            validator.ok_or_add_error(KEY, verifier)
        }
        _ => validator.signing_secrets(KEY, sources, |secrets| scheme.verifier(secrets)),
    }
}

fn workflow(config: &SessionApiConfig, spec: Option<&ApiSpec>, validator: &mut OptionsValidator<'_>) {
    let Some(workflow) = &config.workflow_id else { return };
    if workflow.trim().is_empty() || workflow.chars().any(char::is_control) {
        validator.add_error("workflow_id", "must not be empty or have control characters");
    }
    if spec.is_some_and(|spec| !spec.create.takes(&idv_core::Input::WORKFLOW)) {
        validator.add_error(
            "workflow_id",
            "the vendor takes no such input: name one in `request_fields.workflow`",
        );
    }
}
