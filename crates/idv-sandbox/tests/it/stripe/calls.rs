//! Calls to the simulated Stripe Identity.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stripe::{FORM, PATH, assert_error, call, created, get, keyed, post, session, text};
use crate::support::{DAY, HOUR, ask, client, frozen};

#[tokio::test]
async fn a_session_has_the_documented_form() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let body = "type=document&client_reference_id=user-7&metadata[user_id]=user-7&provided_details[email]=ada%40example.com&\
                options[document][require_matching_selfie]=true&return_url=https%3A%2F%2Fapp.example%2Fback";
    let answer = post(stripe, PATH, body).await;
    let made = answer.json();
    assert_eq!((answer.status, text(&made, "object")), (200, "identity.verification_session"));
    assert!(text(&made, "id").starts_with("vs_") && text(&made, "url").starts_with(stripe.base_url()));
    assert!(text(&made, "client_secret").starts_with(text(&made, "id")));
    for (name, expected) in [
        ("client_reference_id", json!("user-7")),
        ("created", json!(1_767_225_600)),
        ("last_error", Value::Null),
        ("last_verification_report", Value::Null),
        ("livemode", json!(false)),
        ("metadata", json!({ "user_id": "user-7" })),
        ("options", json!({ "document": { "require_matching_selfie": true } })),
        ("provided_details", json!({ "email": "ada@example.com", "phone": null })),
        ("redaction", Value::Null),
        ("status", json!("requires_input")),
        ("type", json!("document")),
        ("verification_flow", Value::Null),
        ("verified_outputs", Value::Null),
    ] {
        assert_eq!(made[name], expected, "{name}");
    }
}

#[tokio::test]
async fn keys_are_looked_at_first() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    assert!(stripe.secret_key().starts_with("sk_test_") && stripe.restricted_key().starts_with("rk_test_"));
    let url = format!("{}{PATH}", stripe.base_url());
    let invalid = "invalid_request_error";
    assert_error(&ask(client().post(&url)).await, 401, invalid, None);
    let with = |key: &str| client().post(&url).header("authorization", format!("Bearer {key}"));
    assert_error(&ask(with("sk_test_other")).await, 401, invalid, None);
    let form = |key: &str| with(key).header("content-type", FORM).body("type=document");
    assert_eq!(ask(form(stripe.restricted_key())).await.status, 200);
    stripe.permit(false);
    assert_error(&ask(form(stripe.restricted_key())).await, 403, invalid, None);
    assert_eq!(ask(form(stripe.secret_key())).await.status, 200);
}

#[tokio::test]
async fn a_body_is_a_form_of_known_fields() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let invalid = "invalid_request_error";
    let json = call(stripe, Method::POST, PATH).header("content-type", "application/json");
    assert_error(&ask(json.body(r#"{"type":"document"}"#)).await, 400, invalid, None);
    for (body, code, param) in [
        ("client_reference_id=user-7", "parameter_missing", "type"),
        ("type=document&colour=blue", "parameter_unknown", "colour"),
        ("type=document&options[document][colour]=blue", "parameter_unknown", "options[document][colour]"),
        ("type=document&return_url=nowhere", "url_invalid", "return_url"),
    ] {
        let answer = post(stripe, PATH, body).await;
        assert_error(&answer, 400, invalid, Some(code));
        assert_eq!(answer.json()["error"]["param"], param);
    }
    let missing = get(stripe, &format!("{PATH}/vs_nobody")).await;
    assert_error(&missing, 404, invalid, Some("resource_missing"));
    assert_error(&get(stripe, "/v1/tea").await, 404, invalid, None);
}

/// The first answer under a key comes again for a day, with its link, whatever has become of the session.
#[tokio::test]
async fn a_key_replays_its_first_answer() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let first = keyed(stripe, "start-7", "type=document&client_reference_id=user-7").await;
    assert_eq!(first.header("idempotent-replayed"), None);
    let id = text(&first.json(), "id").to_owned();
    assert_eq!(post(stripe, &format!("{PATH}/{id}/cancel"), "").await.json()["status"], "canceled");
    sandbox.advance(DAY - HOUR);
    let again = keyed(stripe, "start-7", "type=document&client_reference_id=user-7").await;
    assert_eq!(
        (again.text.as_str(), again.header("idempotent-replayed")),
        (first.text.as_str(), Some("true"))
    );
    assert_eq!(ask(client().get(text(&again.json(), "url"))).await.status, 410);
    let other = keyed(stripe, "start-7", "type=document&client_reference_id=user-8").await;
    assert_error(&other, 400, "idempotency_error", None);
    // A refused field leaves no trace.
    assert_eq!(keyed(stripe, "start-8", "type=selfie").await.status, 400);
    assert_eq!(keyed(stripe, "start-8", "type=document").await.status, 200);
    sandbox.advance(HOUR);
    let fresh = keyed(stripe, "start-7", "type=document&client_reference_id=user-7").await;
    assert_ne!(text(&fresh.json(), "id"), id);
}

#[tokio::test]
async fn a_list_is_filtered_and_has_pages() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, text(&created(stripe, "user-7").await, "id").to_owned());
    }
    created(stripe, "user-8").await;
    let listed = async |query: &str| {
        let list = get(stripe, &format!("{PATH}?client_reference_id=user-7{query}")).await.json();
        assert_eq!(list["object"], "list");
        let data = list["data"].as_array().unwrap();
        assert!(data.iter().all(|session| session["url"].is_null() && session["client_secret"].is_null()));
        let ids: Vec<String> = data.iter().map(|session| text(session, "id").to_owned()).collect();
        (ids, list["has_more"].as_bool().unwrap())
    };
    assert_eq!(listed("").await, (ids.clone(), false));
    assert_eq!(listed("&limit=2").await, (ids[..2].to_vec(), true));
    assert_eq!(listed(&format!("&limit=2&starting_after={}", ids[1])).await, (ids[2..].to_vec(), false));
    assert_eq!(listed("&status=verified").await.0, Vec::<String>::new());
    let refused = get(stripe, &format!("{PATH}?limit=101")).await;
    assert_error(&refused, 400, "invalid_request_error", Some("parameter_invalid_integer"));
}

#[tokio::test]
async fn no_more_than_25_requests_a_second_are_answered() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    for _ in 0..25 {
        assert_eq!(get(stripe, PATH).await.status, 200);
    }
    assert_error(&get(stripe, PATH).await, 429, "invalid_request_error", Some("rate_limit"));
    sandbox.advance(std::time::Duration::from_secs(1));
    assert_eq!(get(stripe, PATH).await.status, 200);
}

#[tokio::test]
async fn an_update_changes_an_open_session_only() {
    let sandbox = frozen().await;
    let stripe = sandbox.stripe();
    let id = text(&created(stripe, "user-7").await, "id").to_owned();
    let path = format!("{PATH}/{id}");
    assert_eq!(post(stripe, &path, "metadata[a]=b").await.json()["metadata"], json!({ "a": "b" }));
    for field in ["return_url=https%3A%2F%2Fapp.example", "client_reference_id=user-8"] {
        assert_error(
            &post(stripe, &path, field).await,
            400,
            "invalid_request_error",
            Some("parameter_unknown"),
        );
    }
    stripe.act(&id, &idv_sandbox::Act::Submit).unwrap();
    assert_eq!(post(stripe, &path, "metadata[a]=c").await.status, 400);
    assert_eq!(session(stripe, &id).await["metadata"], json!({ "a": "b" }));
}
