//! The simulated Onfido against its OpenAPI specification.

use hmac::{Hmac, KeyInit, Mac};
use idv_sandbox::Onfido;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::receiver::Received;
use crate::support::{Answer, ask, client};

mod applicants;
mod calls;
mod events;
mod life;

fn call(onfido: &Onfido, method: Method, path: &str) -> RequestBuilder {
    let request = client().request(method, format!("{}{path}", onfido.api_url()));
    request.header("authorization", format!("Token token={}", onfido.api_token()))
}

async fn get(onfido: &Onfido, path: &str) -> Answer {
    ask(call(onfido, Method::GET, path)).await
}

async fn send(onfido: &Onfido, method: Method, path: &str, body: &Value) -> Answer {
    let request = call(onfido, method, path).header("content-type", "application/json");
    ask(request.body(body.to_string())).await
}

async fn post(onfido: &Onfido, path: &str, body: &Value) -> Answer {
    send(onfido, Method::POST, path, body).await
}

/// The id of a new applicant.
async fn applicant(onfido: &Onfido, last_name: &str) -> String {
    let answer = post(onfido, "/applicants", &json!({"first_name": "Ada", "last_name": last_name})).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    text(&answer.json(), "id").to_owned()
}

/// The body of a start for a new applicant.
async fn wanted(onfido: &Onfido, reference: &str) -> Value {
    let applicant = applicant(onfido, "Lovelace").await;
    json!({
        "workflow_id": onfido.workflow_id(), "applicant_id": applicant, "customer_user_id": reference, "tags": [reference],
    })
}

/// A new run of a new applicant.
async fn created(onfido: &Onfido, reference: &str) -> Value {
    let answer = post(onfido, "/workflow_runs", &wanted(onfido, reference).await).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

async fn run(onfido: &Onfido, id: &str) -> Value {
    get(onfido, &format!("/workflow_runs/{id}")).await.json()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16, kind: &str) {
    let error = answer.json()["error"].take();
    assert_eq!((answer.status, error["type"].as_str()), (status, Some(kind)), "{error}");
    assert!(error["message"].is_string() && error["fields"].is_object());
    assert!(answer.header("x-request-id").is_some());
}

/// Written from the vendor's clients: lower-case hexadecimal HMAC-SHA256 of the raw body.
#[track_caller]
fn assert_signed(token: &str, received: &Received) {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("any key");
    mac.update(&received.body);
    let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(received.header("x-sha2-signature"), Some(&*expected));
}
