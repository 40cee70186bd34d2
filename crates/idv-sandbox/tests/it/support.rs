//! What the tests share: a client without TLS or proxies, and short ways to ask and to look.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idv_sandbox::Sandbox;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use serde_json::Value;

/// 2026-01-01T00:00:00Z, where frozen sandboxes stand.
pub(crate) const NEW_YEAR: u64 = 1_767_225_600;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A sandbox whose clock moves only by `advance`.
pub(crate) async fn frozen() -> Sandbox {
    let instant = UNIX_EPOCH + Duration::from_secs(NEW_YEAR);
    Sandbox::builder().seed(7).frozen_at(instant).start().await.expect("the sandbox starts")
}

pub(crate) fn client() -> Client {
    builder().build().expect("a client without TLS use")
}

/// Like a browser that shows where it is sent, and does not go there.
pub(crate) fn unmoved() -> Client {
    builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client without TLS use")
}

fn builder() -> ClientBuilder {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).no_proxy()
}

/// Status, headers and JSON body of one answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }
}

pub(crate) async fn ask(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.expect("a body") }
}

pub(crate) async fn get(url: &str) -> Answer {
    ask(client().get(url)).await
}

pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// The keys of a JSON object, sorted.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}
