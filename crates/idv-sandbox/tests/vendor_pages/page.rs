//! Comparing an answer with what a page prints.

use std::time::{Duration, UNIX_EPOCH};

use idv_sandbox::Sandbox;
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

/// A sandbox whose clock moves only by `advance`.
pub(crate) async fn sandbox() -> Sandbox {
    let new_year = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    Sandbox::builder().seed(7).frozen_at(new_year).start().await.expect("the sandbox starts")
}

pub(crate) fn client() -> Client {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).no_proxy().build().expect("a client without TLS use")
}

/// One answer, compared piece by piece.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// Has the status and exactly the body that the page prints.
    pub(crate) fn is(&self, status: u16, page: &str) {
        let page: Value = serde_json::from_str(page).expect("the page's JSON");
        assert_eq!((self.status, self.json()), (status, page), "{self:?}");
        assert_eq!(self.content_type, "application/json");
    }

    /// Has the page's names and types, and its words where `fixed` names the field.
    pub(crate) fn looks_like(&self, page: &str, fixed: &[&str]) -> Value {
        let page: Value = serde_json::from_str(page).expect("the page's JSON");
        assert_eq!((self.status, self.content_type.as_str()), (200, "application/json"), "{self:?}");
        same_shape("", &self.json(), &page);
        for name in fixed {
            assert_eq!(self.json()[*name], page[*name], "{name}");
        }
        self.json()
    }
}

fn same_shape(path: &str, actual: &Value, page: &Value) {
    match (actual, page) {
        (Value::Object(actual), Value::Object(page)) => {
            let names = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(actual), names(page), "names at `{path}`");
            for (name, value) in actual {
                same_shape(&format!("{path}.{name}"), value, &page[name]);
            }
        }
        (Value::Array(_), Value::Array(_))
        | (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => {}
        _ => panic!("`{path}` is {actual}, and {page} on the page"),
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let content_type =
        response.headers().get("content-type").map(|value| value.to_str().expect("ASCII").to_owned());
    let text = response.text().await.expect("a body");
    Answer { status, content_type: content_type.unwrap_or_default(), text }
}
