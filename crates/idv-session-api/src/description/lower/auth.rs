//! The credential of requests, and their constant headers.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::OptionsValidator;

use crate::description::document::{AuthTable, Document, OAuth2Table};
use crate::description::spec::{Auth, AuthScheme};

/// Headers that the client writes itself, or that change where a request goes or what it is.
const NOT_OURS: [&str; 12] = [
    "host",
    "connection",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "accept-encoding",
    "expect",
    "te",
    "trailer",
    "upgrade",
    "traceparent",
];

pub(super) fn auth(table: &AuthTable, validator: &mut OptionsValidator<'_>) -> Option<Auth> {
    let mut secret_headers = Vec::new();
    for (header, secret) in &table.secret_headers {
        let key = format!("auth.secret_headers.{header}");
        if secret.is_empty() {
            validator.add_error(&key, "must name a secret of `secrets`");
        }
        let header = own_header(&key, header, validator)?;
        secret_headers.push((header, secret.clone()));
    }
    if let Some(oauth2) = &table.oauth2 {
        return oauth2_of(table, oauth2, secret_headers, validator);
    }
    let Some(user) = &table.basic_user else {
        let header = table.header.as_deref().unwrap_or("x-api-key");
        let header = own_header("auth.header", header, validator)?;
        if secret_headers.iter().any(|(other, _)| *other == header) {
            validator.add_error("auth.secret_headers", "has the header of the API key");
        }
        let prefix = table.prefix.clone().unwrap_or_default();
        return Some(Auth { header, scheme: AuthScheme::Key { prefix }, secret_headers });
    };
    if table.header.is_some() || table.prefix.is_some() {
        let message = "HTTP Basic has a header and a form of its own: remove `header` and `prefix`";
        validator.add_error("auth.basic_user", message);
    }
    if user.is_empty() {
        validator.add_error("auth.basic_user", "must name a secret of `secrets`");
    }
    Some(Auth { header: AUTHORIZATION, scheme: AuthScheme::Basic { user: user.clone() }, secret_headers })
}

fn oauth2_of(
    table: &AuthTable,
    oauth2: &OAuth2Table,
    secret_headers: Vec<(HeaderName, String)>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Auth> {
    if table.header.is_some() || table.prefix.is_some() || table.basic_user.is_some() {
        let message = "has a header and a form of its own: remove `header`, `prefix` and `basic_user`";
        validator.add_error("auth.oauth2", message);
    }
    if oauth2.client_id.is_empty() {
        validator.add_error("auth.oauth2.client_id", "must name a secret of `secrets`");
    }
    let (token_url, client) = (oauth2.token_url.clone(), oauth2.client_id.clone());
    let scheme = AuthScheme::AccessToken { token_url, client, scope: oauth2.scope.clone() };
    Some(Auth { header: AUTHORIZATION, scheme, secret_headers })
}

/// A header that a description may set.
fn own_header(key: &str, name: &str, validator: &mut OptionsValidator<'_>) -> Option<HeaderName> {
    let header = validator.header_name(key, name)?;
    if NOT_OURS.contains(&header.as_str()) {
        validator.add_error(key, "is a header that the HTTP client writes itself");
    }
    Some(header)
}

/// The constant headers: none of the client's, and none that holds a credential.
pub(super) fn constants(document: &Document, validator: &mut OptionsValidator<'_>) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    let credential = document.auth.header.as_deref().unwrap_or("x-api-key");
    let secret = |name: &HeaderName| {
        *name == AUTHORIZATION
            || *name == credential
            || document.auth.secret_headers.keys().any(|header| *name == header.as_str())
            || document.start.idempotency_header.as_deref().is_some_and(|header| *name == header)
    };
    let mut is_fine = true;
    for (name, value) in &document.headers {
        let key = format!("headers.{name}");
        let Some(name) = own_header(&key, name, validator) else {
            is_fine = false;
            continue;
        };
        if secret(&name) {
            validator.add_error(&key, "holds a credential or a key already: it cannot be a constant");
        }
        match HeaderValue::from_str(value) {
            Ok(value) => drop(headers.insert(name, value)),
            Err(_) => validator.add_error(&key, "has characters that cannot stand in a header"),
        }
    }
    is_fine.then_some(headers)
}
