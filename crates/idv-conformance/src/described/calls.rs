//! The calls of a document: which request is which, and whether it is authorized.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idv_core::Operation;
use serde_json::{Value, json};

use super::document::Document;
use crate::received::Received;

/// The path of the token endpoint, which is at the mock vendor too.
pub(super) const TOKEN_PATH: &str = "/conformance/token";

/// The access token of every exchange.
const TOKEN: &str = "described-access-token-canary";

/// Whether the request exchanges the credentials for an access token.
pub(super) fn asks_for_token(document: &Document, request: &Received) -> bool {
    !document.at("/auth/oauth2").is_null() && request.path == TOKEN_PATH
}

/// The answer to an exchange.
pub(super) fn token() -> Value {
    json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})
}

/// The names of the secrets beside the key.
pub(super) fn secrets(document: &Document) -> Vec<String> {
    let headers = document.table("/auth/secret_headers").filter_map(|(_, name)| name.as_str());
    let users =
        ["/auth/basic_user", "/auth/oauth2/client_id"].into_iter().filter_map(|key| document.text(key));
    let mut names: Vec<String> = users.chain(headers).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// The operation whose own request this is.
pub(super) fn operation(document: &Document, request: &Received) -> Option<Operation> {
    let find = if document.at("/find/fields").is_null() { "GET" } else { "POST" };
    let check = if document.at("/check/id_field").is_null() { "GET" } else { "POST" };
    let identity = if document.at("/identity/call/id_field").is_null() { "GET" } else { "POST" };
    let cancel = document.text("/cancel/method").unwrap_or("POST");
    let erase = document.text("/erase/method").unwrap_or("DELETE");
    let calls = [
        ("start", "POST", Operation::Start),
        ("find", find, Operation::Find),
        ("check", check, Operation::Check),
        ("identity/call", identity, Operation::Check),
        ("refresh", "POST", Operation::Refresh),
        ("cancel", cancel, Operation::Cancel),
        ("erase", erase, Operation::Erase),
    ];
    let is = |table: &str, method: &str| {
        request.method == method && leads(document.text(&format!("/{table}/path")), request)
    };
    calls.into_iter().find(|(table, method, _)| is(table, method)).map(|(.., operation)| operation)
}

/// Whether the request brings a session back to life.
pub(super) fn revives(document: &Document, request: &Received) -> bool {
    request.method == "POST" && leads(document.text("/refresh/revive/path"), request)
}

/// Whether a path leads where a request went.
fn leads(path: Option<&str>, request: &Received) -> bool {
    let Some(path) = path else { return false };
    let (wanted, found): (Vec<_>, Vec<_>) = (path.split('/').skip(1).collect(), request.segments());
    let fits = |(wanted, found): (&&str, &&str)| wanted == found || (*wanted == "{id}" && !found.is_empty());
    wanted.len() == found.len() && wanted.iter().zip(&found).all(fits)
}

/// Whether the request asks for another page than the first, where pages are counted.
pub(super) fn is_later_page(document: &Document, request: &Received) -> bool {
    let is_later = |key: &str, first: &str| {
        let Some(parameter) = document.text(key) else { return false };
        let mut query = url::form_urlencoded::parse(request.query.as_bytes());
        query.any(|(name, value)| name == parameter && value != first)
    };
    operation(document, request) == Some(Operation::Find)
        && (is_later("/find/next_page", "1") || is_later("/find/next_offset", "0"))
}

/// Whether the request has the credential, the further secrets and the constant headers. `known` are the values of the secrets: that
/// of the key first.
pub(super) fn authentic(
    document: &Document,
    known: &[(&str, &str)],
    request: &Received,
) -> Result<(), String> {
    let names = secrets(document);
    let value = |name: &str| {
        let index = names.iter().position(|known| known == name).map_or(0, |index| index + 1);
        known.get(index).map_or("", |(_, value)| value)
    };
    let key = known.first().map_or("", |(_, value)| value);
    let basic = |user: &str| {
        let pair = STANDARD.encode(format!("{}:{key}", value(user)));
        vec![("authorization".to_owned(), format!("Basic {pair}"))]
    };
    if asks_for_token(document, request) {
        return lacking(&basic(document.text("/auth/oauth2/client_id").unwrap_or_default()), request);
    }
    let mut wanted = match document.text("/auth/basic_user") {
        Some(user) => basic(user),
        None if !document.at("/auth/oauth2").is_null() => {
            vec![("authorization".to_owned(), format!("Bearer {TOKEN}"))]
        }
        None => {
            let header = document.text("/auth/header").unwrap_or("x-api-key").to_owned();
            vec![(header, format!("{}{key}", document.text("/auth/prefix").unwrap_or_default()))]
        }
    };
    let secret = |(header, name): (&str, &Value)| {
        (header.to_owned(), value(name.as_str().unwrap_or_default()).to_owned())
    };
    wanted.extend(document.table("/auth/secret_headers").map(secret));
    let constant =
        |(header, text): (&str, &Value)| (header.to_owned(), text.as_str().unwrap_or_default().to_owned());
    wanted.extend(document.table("/headers").map(constant));
    lacking(&wanted, request)
}

/// The first of some headers that the request has not.
fn lacking(wanted: &[(String, String)], request: &Received) -> Result<(), String> {
    let lacks = |(name, value): &&(String, String)| {
        request.header(&name.to_ascii_lowercase()) != Some(value.as_str())
    };
    match wanted.iter().find(lacks) {
        None => Ok(()),
        Some((name, _)) => Err(format!("the header {name} is not as the document says")),
    }
}
