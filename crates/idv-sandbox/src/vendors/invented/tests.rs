//! The invented vendor, driven like the others.

use std::time::{Duration, UNIX_EPOCH};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::simulated_vendor::Registration;
use crate::vendors::ALL;
use crate::vendors::invented::vendor::REGISTRATION;

struct World {
    sandbox: Sandbox,
    base_url: String,
    client: Client,
}

impl World {
    async fn new() -> Self {
        let all: Vec<Registration> = ALL.iter().copied().chain([REGISTRATION]).collect();
        let sandbox = Sandbox::builder().seed(7).frozen_at(UNIX_EPOCH).start_with(&all).await.unwrap();
        let base_url = sandbox.vendors().last().unwrap().base_url().to_owned();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        Self { sandbox, base_url, client }
    }

    async fn ask(&self, method: Method, url: String, body: Option<Value>) -> (StatusCode, String) {
        let mut request = self.client.request(method, url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// A call of the control API.
    async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}{path}", self.sandbox.control_url());
        serde_json::from_str(&self.ask(method, url, body).await.1).unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.control(Method::POST, path, Some(body)).await
    }

    async fn get(&self, path: &str) -> Value {
        self.control(Method::GET, path, None).await
    }

    /// A read by the application.
    async fn look(&self, letter: &str) -> (StatusCode, String) {
        self.ask(Method::GET, format!("{}/letters/{letter}", self.base_url), None).await
    }
}

#[tokio::test]
async fn it_is_listed_beside_the_others() {
    let world = World::new().await;
    let vendors = world.get("/vendors").await;
    assert_eq!(vendors["invented"], json!({ "base_url": world.base_url }));
    let overview = world.get("/overview").await;
    let last = overview["vendors"].as_array().and_then(|vendors| vendors.last());
    assert_eq!(last.map(|vendor| &vendor["vendor"]), Some(&json!("invented")));
    let operator = world.ask(Method::GET, world.sandbox.control_url().to_owned(), None).await.1;
    assert!(operator.contains(r#"<option value="invented">Invented</option>"#));
}

#[tokio::test]
async fn it_is_driven_through_the_control_api() {
    let world = World::new().await;
    let made = world.post("/invented/letters", json!({ "reference": "a" })).await;
    assert_eq!(made, json!({ "page": format!("{}/l/a", world.base_url) }));
    let acted = world.post("/invented/verifications/a/act", json!({ "act": "approve" })).await;
    assert_eq!(acted, json!({ "status": "STAMPED", "redirect_url": null }));
    let refused = world.post("/invented/verifications/a/act", json!({ "act": "hold" })).await;
    assert_eq!(refused["error"], "hold is not possible for `a`: letters are stamped or not");
    let found = world.get("/invented/verifications").await["verifications"][0].take();
    assert_eq!((&found["status"], &found["history"][1]["what"]), (&json!("STAMPED"), &json!("approved")));
    let page = world.ask(Method::GET, format!("{}/l/a", world.base_url), None).await.1;
    assert!(
        page.contains("In the invented vendor&#39;s place")
            || page.contains("In the invented vendor's place")
    );
}

#[tokio::test]
async fn its_answers_can_be_made_to_fail() {
    let world = World::new().await;
    world.post("/invented/letters", json!({ "reference": "a" })).await;
    let unknown = json!({ "fault": { "kind": "html" }, "operation": "find" });
    let refused = world.post("/invented/faults", unknown).await;
    assert_eq!(refused["error"], "there is no operation `find`; known are start, check, other");
    let fault = json!({ "fault": { "kind": "unknown_word", "word": "LOST" }, "operation": "check" });
    world.post("/invented/faults", fault).await;
    assert_eq!(world.look("a").await.1, r#"{"word":"LOST"}"#);
    assert_eq!(world.look("a").await.1, r#"{"word":"RECEIVED"}"#);
    let requests = world.get("/invented/requests").await;
    assert_eq!(requests["requests"][0]["fault"], "unknown_word");
}

#[tokio::test]
async fn its_references_script_it() {
    let world = World::new().await;
    let start = || {
        let body = json!({ "reference": "a-503x1-approve" });
        world.ask(Method::POST, format!("{}/letters", world.base_url), Some(body))
    };
    assert_eq!(start().await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(start().await.0, StatusCode::OK);
    assert_eq!(world.look("a-503x1-approve").await.1, r#"{"word":"OPENED"}"#);
    world.sandbox.advance(Duration::from_secs(10));
    assert_eq!(world.look("a-503x1-approve").await.1, r#"{"word":"STAMPED"}"#);
}

#[tokio::test]
async fn its_webhooks_are_signed_repeated_and_disturbed() {
    let (world, receiver) = (World::new().await, Sandbox::start().await.unwrap());
    let url = format!("{}/hook", receiver.nxos().base_url());
    world.post("/invented/letters", json!({ "reference": "a" })).await;
    world.post("/invented/webhook-endpoints", json!({ "url": url })).await;
    let old = world.get("/invented/webhook-endpoints").await["endpoints"][0]["secret"].take();
    let new = world.post("/invented/webhook-secret/rotate", json!({})).await["secret"].take();
    world.post("/invented/mischief", json!({ "kind": "tampered" })).await;
    world.post("/invented/verifications/a/act", json!({ "act": "submit" })).await;
    world.sandbox.webhooks_settled().await;
    world.sandbox.advance(Duration::from_secs(7));
    world.sandbox.webhooks_settled().await;
    let received = receiver.nxos().requests();
    let seals: Vec<_> = received.iter().filter_map(|one| one.header("x-seal")).collect();
    let both = format!("{}{}", new.as_str().unwrap(), old.as_str().unwrap());
    assert_eq!(seals, [&both, &both]);
    assert_eq!(received[1].header("x-time"), Some("7"));
    assert_eq!(received[0].text().trim_end(), r#"{"letter":{"word":"STAMPED"},"type":"letter.changed"}"#);
    let sent = world.get("/invented/webhooks").await["webhooks"][0].take();
    assert_eq!((&sent["vendor"], &sent["state"]), (&json!("invented"), &json!("given_up")));
}
