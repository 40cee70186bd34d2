//! The headers of every request: the credential, further secrets, and constants.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};
use idv_core::{OptionsValidator, SecretSource};
use secrecy::{ExposeSecret, SecretString};

use crate::SessionApiConfig;
use crate::description::spec::{ApiSpec, AuthScheme};

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
        AuthScheme::Key { prefix } => validator.secret_header("api_key", &config.api_key, prefix),
        AuthScheme::Basic { user } => {
            let password = validator.secret("api_key", &config.api_key);
            let user =
                named(config, user, validator).and_then(|(key, source)| validator.secret(&key, source));
            basic(&user?, &password?, validator)
        }
    };
    let mut headers = vec![(spec.auth.header.clone(), credential?)];
    for (header, name) in &spec.auth.secret_headers {
        let (key, source) = named(config, name, validator)?;
        headers.push((header.clone(), validator.secret_header(&key, source, "")?));
    }
    headers.extend(spec.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
    Some(headers)
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
