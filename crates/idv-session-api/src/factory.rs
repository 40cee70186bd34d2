//! The factory: from options to a provider of a session API.

mod credentials;

use idv_core::signature::WebhookVerifier;
use idv_core::{
    Assurance, BaseUrl, BuildContext, BuiltProvider, ConfigProblem, Input, JsonSchema, OptionsValidator,
    ProviderFactory, ProviderId, ProviderKind, ProviderOptions,
};
use idv_http::{ErrorRules, JsonClient};
use std::sync::Arc;

use crate::config::INSTANCE_KEYS;
use crate::description::spec::{ApiSpec, AuthScheme, FindWay, WebhookSpec};
use crate::exchange::Parts;
use crate::{KIND, SessionApiConfig, SessionApiProvider, description, profile};

/// The shared table; what a vendor means otherwise stands in its description.
static ERROR_RULES: ErrorRules = ErrorRules::new();

/// Builds instances of session APIs.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct SessionApiFactory;

impl ProviderFactory for SessionApiFactory {
    fn kind(&self) -> ProviderKind {
        KIND
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let own =
            options.with_table(options.table().map(|table| table.only(INSTANCE_KEYS)).unwrap_or_default());
        let (mut validator, config) = OptionsValidator::read::<SessionApiConfig>(&own, context);
        let Some(config) = config else { return Err(validator.into_errors()) };
        // A key that could not be read may name the vendor: more would be guesswork.
        let is_known = !validator.has_error_at("preset") && !validator.has_error_at("description");
        let spec = is_known.then(|| description::read(options, &config, context));
        let spec = spec.and_then(|read| read.map_err(|problems| validator.add_errors(problems)).ok());
        let warnings = spec.as_ref().map(|spec| lint(options, &config, spec, context));
        let parts = parts(id, &config, spec, &mut validator);
        let parts = validator.finish(parts)?;
        let mut built = BuiltProvider::from(Arc::new(SessionApiProvider::new(parts)));
        built.warnings = warnings.unwrap_or_default();
        Ok(built)
    }

    fn schema(&self) -> Option<JsonSchema> {
        #[cfg(feature = "schema")]
        return Some(crate::schema::schema());
        #[cfg(not(feature = "schema"))]
        None
    }
}

/// Warnings about options that are valid but probably a mistake.
fn lint(
    options: &ProviderOptions,
    config: &SessionApiConfig,
    spec: &ApiSpec,
    context: &BuildContext,
) -> Vec<ConfigProblem> {
    let mut validator = OptionsValidator::new(options, context);
    if let AuthScheme::Key { prefix } = &spec.auth.scheme {
        warn_about_key_prefix(prefix, &mut validator);
    }
    let prefix = spec.webhook.as_ref().map_or("", |webhook| &webhook.secret_prefix);
    validator.warn_about_webhook_secrets(prefix, "webhook_secrets", &config.webhook_secrets);
    validator.into_errors()
}

/// The name of a scheme stands apart from the key (RFC 9110, section 11.4); the names are those of IANA's registry that are
/// used with keys, and what vendors made up.
fn warn_about_key_prefix(prefix: &str, validator: &mut OptionsValidator<'_>) {
    const SCHEMES: &[&str] = &["apikey", "api-key", "basic", "bearer", "dpop", "key", "oauth", "token"];
    if SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(prefix)) {
        let message = "has no blank at its end, so the vendor gets it and the key as one word: write it with one, such as \"Bearer \"";
        validator.add_error("auth.prefix", message);
    }
}

fn parts(
    id: &ProviderId,
    config: &SessionApiConfig,
    spec: Option<Arc<ApiSpec>>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Parts> {
    let headers = credentials::headers(config, spec.as_deref(), validator);
    let base = base_url(config, spec.as_deref(), validator);
    let webhooks = webhooks(config, spec.as_deref(), validator);
    workflow(config, spec.as_deref(), validator);
    let client = JsonClient::new(id.clone(), base?, &ERROR_RULES, validator.context());
    let client = validator.client(client)?;
    let spec = spec?;
    let client = match credentials::authorization(id, config, &spec, validator)? {
        Some(authorization) => client.with_authorization(authorization),
        None => client,
    };
    let mut profile = profile::of(config, &spec);
    profile.system = Some(client.base().authority().to_owned());
    Some(Parts {
        id: id.clone(),
        profile,
        client: client.with_error_places(spec.errors.places.clone()),
        spec,
        headers: headers?,
        workflow: config.workflow_id.clone(),
        webhooks,
        context: validator.context().clone(),
    })
}

fn base_url(
    config: &SessionApiConfig,
    spec: Option<&ApiSpec>,
    validator: &mut OptionsValidator<'_>,
) -> Option<BaseUrl> {
    let known = spec.and_then(|spec| spec.base_url.as_ref());
    let base = config.base_url.as_ref().or(known);
    if base.is_none() && spec.is_some() {
        validator.add_error("base_url", "is required: the description names no address of the vendor");
    }
    base.cloned()
}

fn webhooks(
    config: &SessionApiConfig,
    spec: Option<&ApiSpec>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Box<dyn WebhookVerifier>> {
    const KEY: &str = "webhook_secrets";
    let sources = &config.webhook_secrets;
    let Some(WebhookSpec { scheme, .. }) = spec.and_then(|spec| spec.webhook.as_ref()) else {
        validator.shared_secrets(KEY, sources);
        if spec.is_some() && !sources.is_empty() {
            let message = "the vendor has no webhooks: `[webhook]` says how they are signed";
            validator.add_error(KEY, message);
        }
        return None;
    };
    match scheme.assurance() {
        Assurance::Unsigned => {
            if !sources.is_empty() {
                validator.add_error(KEY, "are of no use: nothing signs this vendor's webhooks");
            }
            validator.ok_or_add_error(KEY, scheme.verifier(&[]))
        }
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
    let Some(workflow) = &config.workflow_id else {
        if spec.and_then(|spec| spec.find.as_ref()).is_some_and(FindWay::needs_workflow) {
            validator.add_error("workflow_id", "is required: the vendor lists the sessions of one workflow");
        }
        return;
    };
    if workflow.trim().is_empty() || workflow.chars().any(char::is_control) {
        validator.add_error("workflow_id", "must not be empty or have control characters");
    }
    if spec.is_some_and(|spec| !spec.start.takes(&Input::WORKFLOW)) {
        validator.add_error(
            "workflow_id",
            "the vendor takes no such input: name a place in `start.fields.workflow`",
        );
    }
}
