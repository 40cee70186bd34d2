//! What the tests share.

use std::path::PathBuf;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::testing::{StaticSecrets, context};
use idv_core::{
    BuiltProvider, OptionValue, ProviderFactory, ProviderId, ProviderOptions, SecretResolver, SecretSource,
    SessionRef, StartRequest, Timestamp, VerificationProvider,
};
use idv_session_api::SessionApiFactory;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) const KEY: &str = "sk_live_canary";
pub(crate) const SECRET: &str = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5";
pub(crate) const ID: &str = "6b1d2f34-90ab-4cde-8f01-23456789abcd";

pub(crate) type Provider = Arc<dyn VerificationProvider>;

/// 2026-11-20T12:00:00Z, when every test takes place.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_795_176_000)
}

/// Builds an instance called `sessions`, or gives what is wrong with its options.
pub(crate) fn build(options: &Value) -> Result<Provider, Vec<String>> {
    built(options).map(|built| built.provider)
}

/// The same, where one file can be read.
pub(crate) fn build_with_file(name: &str, text: &str, options: &Value) -> Result<Provider, Vec<String>> {
    built_from(options, OneFile { name: name.into(), text: text.into() }).map(|built| built.provider)
}

/// The usual secrets, and one file.
#[derive(Debug)]
struct OneFile {
    name: PathBuf,
    text: SecretString,
}

impl SecretResolver for OneFile {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        match source {
            SecretSource::File(path) if *path == self.name => Ok(self.text.clone()),
            source => secrets().resolve(source),
        }
    }
}

fn secrets() -> StaticSecrets {
    StaticSecrets::new([("KEY", KEY), ("SECRET", SECRET), ("EMPTY", "")])
}

/// The same, with the warnings.
pub(crate) fn built(options: &Value) -> Result<BuiltProvider, Vec<String>> {
    built_from(options, secrets())
}

fn built_from(options: &Value, secrets: impl SecretResolver) -> Result<BuiltProvider, Vec<String>> {
    let table: OptionValue = serde_json::from_value(options.clone()).unwrap();
    let options = ProviderOptions::new("providers.sessions", None, table);
    let id: ProviderId = "sessions".parse().unwrap();
    SessionApiFactory
        .build(&id, &options, &context(now(), secrets))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// deepidv at an address.
pub(crate) fn deepidv(base: &str) -> Provider {
    deepidv_with(base, json!({}))
}

/// deepidv at an address, with further options.
pub(crate) fn deepidv_with(base: &str, more: Value) -> Provider {
    let options = json!({
        "preset": "deepidv", "base_url": base, "api_key": {"env": "KEY"}, "webhook_secrets": [{"env": "SECRET"}],
    });
    build(&with(options, more)).unwrap()
}

pub(crate) fn with(mut options: Value, more: Value) -> Value {
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

/// Options with others laid over them, table by table. `null` takes a key out.
pub(crate) fn over(mut options: Value, more: Value) -> Value {
    let Value::Object(rows) = more else { return more };
    if !options.is_object() {
        options = json!({});
    }
    let table = options.as_object_mut().unwrap();
    for (key, value) in rows {
        if value.is_null() {
            table.remove(&key);
        } else {
            let below = table.remove(&key).unwrap_or_default();
            table.insert(key, over(below, value));
        }
    }
    options
}

pub(crate) fn applicant() -> StartRequest {
    StartRequest::new("case-7")
        .first_name("Ada")
        .last_name("Canary")
        .email("ada.canary@example.com")
        .phone("+15192223333")
}

pub(crate) fn session(key: &str) -> SessionRef {
    format!("sessions:{key}").parse().unwrap()
}

/// A server that gives one answer to everything.
pub(crate) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

pub(crate) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// An answer of any text.
pub(crate) fn raw(body: String) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}

/// What a server received.
#[derive(Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn line(&self) -> String {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{} {}{query}", self.method, self.path)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The names of the headers that are not the transport's own.
    pub(crate) fn header_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        names.retain(|name| {
            !["host", "content-length", "accept", "accept-encoding", "user-agent"].contains(name)
        });
        names.sort_unstable();
        names
    }
}

pub(crate) async fn sent(server: &MockServer) -> Vec<Sent> {
    let requests = server.received_requests().await.unwrap();
    let read = |request: wiremock::Request| Sent {
        method: request.method.to_string(),
        path: request.url.path().to_owned(),
        query: request.url.query().map(str::to_owned),
        headers: request.headers,
        body: request.body,
    };
    requests.into_iter().map(read).collect()
}

/// A server that reads one request, writes `answer` and hangs up.
pub(crate) async fn hanging_up(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 8192];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

/// An address at which nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub(crate) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let header = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
    };
    pairs.iter().map(header).collect()
}
