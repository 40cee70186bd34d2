//! The simulated Veriff against its documentation.

use std::time::{Duration, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use idv_sandbox::{Sandbox, Veriff};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::receiver::{Received, Receiver};
use crate::support::{Answer, NEW_YEAR, ask, client};

mod calls;
mod life;
mod webhooks;

/// The secret and the session id of the golden vectors.
const SECRET: &str = "vk-veriff-shared-03";
const GOLDEN_ID: &str = "8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10";

/// Written from Veriff's page on HMAC authentication.
fn hmac(secret: &str, text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    mac.update(text);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn frozen() -> Sandbox {
    let instant = UNIX_EPOCH + Duration::from_secs(NEW_YEAR);
    Sandbox::builder().seed(7).frozen_at(instant).start().await.unwrap()
}

fn call(veriff: &Veriff, method: Method, path: &str, signed: &[u8]) -> RequestBuilder {
    client()
        .request(method, format!("{}{path}", veriff.base_url()))
        .header("x-auth-client", veriff.api_key())
        .header("x-hmac-signature", hmac(&veriff.shared_secret(), signed))
}

async fn send(veriff: &Veriff, method: Method, path: &str, body: &str) -> Answer {
    let request = call(veriff, method, path, body.as_bytes()).header("content-type", "application/json");
    ask(request.body(body.to_owned())).await
}

async fn create(veriff: &Veriff, verification: Value) -> Answer {
    send(veriff, Method::POST, "/v1/sessions", &json!({ "verification": verification }).to_string()).await
}

async fn created(veriff: &Veriff, verification: Value) -> String {
    let answer = create(veriff, verification).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["verification"]["id"].as_str().unwrap().to_owned()
}

async fn decision(veriff: &Veriff, id: &str) -> Answer {
    let path = format!("/v1/sessions/{id}/decision");
    ask(call(veriff, Method::GET, &path, id.as_bytes())).await
}

async fn attempts(veriff: &Veriff, id: &str) -> Vec<(String, String)> {
    let path = format!("/v1/sessions/{id}/attempts");
    let answer = ask(call(veriff, Method::GET, &path, id.as_bytes())).await.json();
    assert_eq!(answer["status"], "success");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    answer["verifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["id"]), text(&one["status"])))
        .collect()
}

async fn delete(veriff: &Veriff, id: &str) -> Answer {
    ask(call(veriff, Method::DELETE, &format!("/v1/sessions/{id}"), id.as_bytes())).await
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!(
        (answer.status, body["status"].as_str(), body["code"].as_str()),
        (status, Some("fail"), Some(code))
    );
    assert!(body["message"].is_string());
}

#[track_caller]
fn assert_signed(veriff: &Veriff, received: &Received) {
    assert_eq!(received.header("x-auth-client"), Some(veriff.api_key()));
    assert_eq!(received.header("x-hmac-signature"), Some(&*hmac(&veriff.shared_secret(), &received.body)));
    assert_eq!(received.header("content-type"), Some("application/json"));
}

/// The word and the code of each webhook.
fn told(receiver: &Receiver) -> Vec<(String, i64)> {
    let line = |one: &Received| {
        let body = one.json();
        let (word, code) = match body.get("verification") {
            Some(verification) => (&verification["status"], &verification["code"]),
            None => (&body["action"], &body["code"]),
        };
        (word.as_str().unwrap().to_owned(), code.as_i64().unwrap())
    };
    receiver.received().iter().map(line).collect()
}

fn lines(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(word, code)| ((*word).to_owned(), *code)).collect()
}
