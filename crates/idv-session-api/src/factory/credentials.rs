//! The headers of every request: the credential, further secrets, and constants.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};
use idv_core::{OptionsValidator, ProviderId, SecretSource};
use idv_http::{Authorize, CachedToken, ClientCredentials, ErrorRules, JsonClient};
use secrecy::{ExposeSecret, SecretString};

use crate::SessionApiConfig;

use crate::description::spec::{ApiSpec, AuthScheme};

/// The rules of the token endpoint: the shared table.
static ERROR_RULES: ErrorRules = ErrorRules::new();

pub(super) fn headers(
    config: &SessionApiConfig,
    spec: Option<&ApiSpec>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let Some(spec) = spec else {
        validator.secret_header("api_key", &config.api_key, "");
        return None;
    };
    unknown_secrets(config, spec, validator);
    let credential = match &spec.auth.scheme {
        AuthScheme::Key { prefix } => Some(validator.secret_header("api_key", &config.api_key, prefix)?),
        AuthScheme::Basic { user } => {
            let (user, password) = pair(config, user, validator)?;
            Some(basic(&user, &password, validator)?)
        }
        AuthScheme::AccessToken { .. } => None,
    };
    let mut headers: Vec<_> = credential.into_iter().map(|value| (spec.auth.header.clone(), value)).collect();
    for (header, name) in &spec.auth.secret_headers {
        let (key, source) = named(config, name, validator)?;
        headers.push((header.clone(), validator.secret_header(&key, source, "")?));
    }
    headers.extend(spec.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
    Some(headers)
}

/// The authorization of every request, where it is made anew. `None` where it cannot be made; the reasons are noted in the validator.
pub(super) fn authorization(
    id: &ProviderId,
    config: &SessionApiConfig,
    spec: &ApiSpec,
    validator: &mut OptionsValidator<'_>,
) -> Option<Option<Arc<dyn Authorize>>> {
    let AuthScheme::AccessToken { token_url, client, scope } = &spec.auth.scheme else { return Some(None) };
    let (client, secret) = pair(config, client, validator)?;
    let endpoint = JsonClient::new(id.clone(), token_url.clone(), &ERROR_RULES, validator.context());
    let source = ClientCredentials::new(validator.client(endpoint)?, &client, &secret, scope.clone());
    let source = validator.ok_or_add_error("api_key", source)?;
    Some(Some(Arc::new(CachedToken::new(source))))
}

/// The user, or the client, that the description names, and the key that belongs to it.
fn pair(
    config: &SessionApiConfig,
    name: &str,
    validator: &mut OptionsValidator<'_>,
) -> Option<(SecretString, SecretString)> {
    let key = validator.secret("api_key", &config.api_key);
    let user = named(config, name, validator).and_then(|(key, source)| validator.secret(&key, source));
    Some((user?, key?))
}

/// The key and the source of a secret that the description names.
fn named<'a>(
    config: &'a SessionApiConfig,
    name: &str,
    validator: &mut OptionsValidator<'_>,
) -> Option<(String, &'a SecretSource)> {
    let key = format!("secrets.{name}");
    let source = config.secrets.get(name);
    if source.is_none() {
        validator.add_error(&key, "is required by the description of this vendor");
    }
    Some((key, source?))
}

fn unknown_secrets(config: &SessionApiConfig, spec: &ApiSpec, validator: &mut OptionsValidator<'_>) {
    for name in config.secrets.keys().filter(|name| !spec.auth.secrets().any(|known| known == name.as_str()))
    {
        let known: Vec<&str> = spec.auth.secrets().collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let message = format!("is no secret of this vendor, whose description has {known}");
        validator.add_error(&format!("secrets.{name}"), message);
    }
}

/// `Basic …` (RFC 7617), in UTF-8.
fn basic(
    user: &SecretString,
    password: &SecretString,
    validator: &mut OptionsValidator<'_>,
) -> Option<HeaderValue> {
    if user.expose_secret().contains(':') {
        validator.add_error("secrets", "the user of HTTP Basic must not have a colon in it");
        return None;
    }
    let pair = format!("{}:{}", user.expose_secret(), password.expose_secret());
    let value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)));
    let mut value = validator.ok_or_add_error("api_key", value)?;
    value.set_sensitive(true);
    Some(value)
}
