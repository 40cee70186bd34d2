//! The simulated Persona against its documentation.

use idv_sandbox::Persona;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, ask, client};

mod calls;
mod life;
mod webhooks;

fn call(persona: &Persona, method: Method, path: &str) -> RequestBuilder {
    let request = client().request(method, format!("{}{path}", persona.api_url()));
    request
        .header("authorization", format!("Bearer {}", persona.api_key()))
        .header("persona-version", "2023-01-05")
        .header("key-inflection", "kebab")
}

async fn get(persona: &Persona, path: &str) -> Answer {
    ask(call(persona, Method::GET, path)).await
}

async fn post(persona: &Persona, path: &str, body: &Value) -> Answer {
    ask(call(persona, Method::POST, path).json(body)).await
}

/// The fields of a start with a link.
fn start(persona: &Persona, reference: &str) -> Value {
    json!({
        "data": { "attributes": {
            "inquiry-template-id": persona.template_id(), "reference-id": reference,
            "redirect-uri": "https://app.example/back?a=b",
            "fields": { "name-first": "Ada", "email-address": "ada@example.com" },
        } },
        "meta": { "auto-create-one-time-link": true },
    })
}

async fn created(persona: &Persona, reference: &str) -> Value {
    let answer = post(persona, "/inquiries", &start(persona, reference)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

fn id(document: &Value) -> &str {
    document["data"]["id"].as_str().expect("an id")
}

async fn status(persona: &Persona, id: &str) -> String {
    let answer = get(persona, &format!("/inquiries/{id}?fields[inquiry]=status")).await.json();
    answer["data"]["attributes"]["status"].as_str().expect("a status").to_owned()
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16, title: &str) {
    let error = answer.json()["errors"][0].take();
    assert_eq!((answer.status, error["title"].as_str()), (status, Some(title)), "{error}");
    assert!(
        answer.header("request-id").is_some_and(|id| id.starts_with("req_")) && error.get("code").is_none()
    );
}
