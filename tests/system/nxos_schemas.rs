//! What the simulated nxos answers is what the vendor's OpenAPI document declares.

use std::sync::Arc;

use idv_sandbox::{CannedAnswer, LoaState, OrganizationType, Sandbox};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// The vendor's document of "Start verification".
const DOCUMENT: &str = include_str!("../oracles/nxos-openapi.yaml");

struct Nxos {
    sandbox: Sandbox,
    document: Value,
    client: Client,
}

impl Nxos {
    async fn new() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        let sandbox = Sandbox::builder().seed(7).start().await.unwrap();
        Self { sandbox, document: serde_yaml_ng::from_str(DOCUMENT).unwrap(), client }
    }

    fn request(&self, method: Method) -> RequestBuilder {
        let url = format!("{}/v1/organizations/verification", self.sandbox.nxos().base_url());
        self.client
            .request(method, url)
            .bearer_auth(self.sandbox.nxos().api_key())
            .header("content-length", "0")
    }

    /// The schema that the document declares for an answer to the start.
    fn declared(&self, status: u16) -> Value {
        let responses = &self.document["paths"]["/v1/organizations/verification"]["post"]["responses"];
        let schema = &responses[status.to_string()]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "the document declares {status}");
        let mut whole = schema.clone();
        whole["components"] = self.document["components"].clone();
        whole
    }

    /// Sends, and compares the answer with what is declared for its status. Returns where it differs.
    async fn differences(&self, request: RequestBuilder, status: u16) -> Vec<String> {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["content-type"], "application/json");
        let body: Value = response.json().await.unwrap();
        let validator = jsonschema::draft4::new(&self.declared(status)).unwrap();
        validator.iter_errors(&body).map(|error| error.instance_path().to_string()).collect()
    }
}

const NONE: [&str; 0] = [];

#[tokio::test]
async fn every_declared_answer_of_a_start_validates() {
    let nxos = Nxos::new().await;
    let vendor = nxos.sandbox.nxos();
    assert_eq!(nxos.differences(nxos.request(Method::POST), 200).await, NONE);

    let bare = || nxos.client.post(format!("{}/v1/organizations/verification", vendor.base_url()));
    assert_eq!(nxos.differences(bare(), 401).await, NONE);
    assert_eq!(nxos.differences(bare().bearer_auth("nxos_sk_test_wrong"), 401).await, NONE);
    vendor.fail_authentication(1);
    assert_eq!(nxos.differences(nxos.request(Method::POST), 401).await, NONE);

    let unknown = nxos.request(Method::POST).header("nxos-on-behalf-of", "org_nobody");
    assert_eq!(nxos.differences(unknown, 404).await, NONE);

    let keyed = || nxos.request(Method::POST).header("idempotency-key", "one-key");
    vendor.hold();
    let first = tokio::spawn(keyed().send());
    while vendor.requests().iter().filter(|request| request.header("idempotency-key").is_some()).count() < 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(nxos.differences(keyed(), 409).await, NONE);
    vendor.release();
    assert_eq!(first.await.unwrap().unwrap().status(), 200);

    vendor.set_rate_limit(Some(0));
    assert_eq!(nxos.differences(nxos.request(Method::POST), 429).await, NONE);
    vendor.set_rate_limit(None);
    vendor.answer_next(CannedAnswer::nxos_error(
        500,
        "internal_error",
        "An unexpected server error occurred.",
    ));
    assert_eq!(nxos.differences(nxos.request(Method::POST), 500).await, NONE);
}

/// The guide has a code that the document's list lacks; everything else about the answer is declared.
#[tokio::test]
async fn a_missing_letter_differs_from_the_document_by_its_code_alone() {
    let nxos = Nxos::new().await;
    let organization = nxos.sandbox.nxos().add_organization(OrganizationType::Business);
    nxos.sandbox.nxos().set_loa(&organization, LoaState::Revoked).unwrap();
    let request = nxos.request(Method::POST).header("nxos-on-behalf-of", organization);
    assert_eq!(nxos.differences(request, 403).await, ["/error/code"]);
}

#[tokio::test]
async fn what_the_document_does_not_declare_is_seen() {
    let nxos = Nxos::new().await;
    for (body, place) in [
        (json!({ "object": "verification_session", "url": 5, "accessToken": "x" }), "/url"),
        (json!({ "object": "something_else", "url": "x", "accessToken": "x" }), "/object"),
        (json!({ "object": "verification_session", "url": "x" }), ""),
    ] {
        nxos.sandbox.nxos().answer_next(CannedAnswer::json(200, body.to_string()));
        assert_eq!(nxos.differences(nxos.request(Method::POST), 200).await, [place]);
    }
}
