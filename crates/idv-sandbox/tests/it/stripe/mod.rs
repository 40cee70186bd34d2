//! The simulated Stripe Identity against its documentation.

use hmac::{Hmac, KeyInit, Mac};
use idv_sandbox::Stripe;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use sha2::Sha256;

use crate::receiver::Received;
use crate::support::{Answer, ask, client};

mod calls;
mod events;
mod life;

const PATH: &str = "/v1/identity/verification_sessions";
const FORM: &str = "application/x-www-form-urlencoded";

fn call(stripe: &Stripe, method: Method, path: &str) -> RequestBuilder {
    let request = client().request(method, format!("{}{path}", stripe.base_url()));
    request.header("authorization", format!("Bearer {}", stripe.secret_key()))
}

async fn get(stripe: &Stripe, path: &str) -> Answer {
    ask(call(stripe, Method::GET, path)).await
}

async fn post(stripe: &Stripe, path: &str, body: &str) -> Answer {
    ask(call(stripe, Method::POST, path).header("content-type", FORM).body(body.to_owned())).await
}

/// A start under a key.
async fn keyed(stripe: &Stripe, key: &str, body: &str) -> Answer {
    let request =
        call(stripe, Method::POST, PATH).header("content-type", FORM).header("idempotency-key", key);
    ask(request.body(body.to_owned())).await
}

async fn created(stripe: &Stripe, reference: &str) -> Value {
    let answer = post(stripe, PATH, &format!("type=document&client_reference_id={reference}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn session(stripe: &Stripe, id: &str) -> Value {
    get(stripe, &format!("{PATH}/{id}")).await.json()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16, kind: &str, code: Option<&str>) {
    let error = answer.json()["error"].take();
    assert_eq!(
        (answer.status, error["type"].as_str(), error["code"].as_str()),
        (status, Some(kind), code),
        "{error}"
    );
    assert!(
        error["message"].is_string() && answer.header("request-id").is_some_and(|id| id.starts_with("req_"))
    );
}

/// Written from Stripe's page on verifying signatures by hand.
#[track_caller]
fn assert_signed(secrets: &[String], received: &Received) {
    let header = received.header("stripe-signature").unwrap();
    let parts: Vec<(&str, &str)> = header.split(',').map(|part| part.split_once('=').unwrap()).collect();
    assert_eq!(parts[0].0, "t");
    let expected: Vec<(&str, String)> = secrets
        .iter()
        .map(|secret| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
            mac.update(format!("{}.", parts[0].1).as_bytes());
            mac.update(&received.body);
            ("v1", mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
        })
        .collect();
    let given: Vec<(&str, String)> =
        parts[1..].iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    assert_eq!(given, expected);
}
