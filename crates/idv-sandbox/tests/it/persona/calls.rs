//! Calls to the simulated Persona.

use reqwest::Method;
use serde_json::{Value, json};

use crate::persona::{assert_error, call, created, get, id, post, start};
use crate::support::{MINUTE, ask, client, frozen, keys};

#[tokio::test]
async fn a_start_is_answered_with_the_inquiry_and_a_link_beside_it() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let made = created(persona, "user-42").await;
    let inquiry = &made["data"];
    assert!(inquiry["type"] == "inquiry" && id(&made).starts_with("inq_"));
    for (name, expected) in [
        ("status", json!("created")),
        ("reference-id", json!("user-42")),
        ("created-at", json!("2026-01-01T00:00:00.000Z")),
        ("expires-at", json!("2026-01-02T00:00:00.000Z")),
        ("started-at", Value::Null),
        ("redacted-at", Value::Null),
        ("next-step-name", json!("start")),
        (
            "fields",
            json!({
                "name-first": { "type": "string", "value": "Ada" },
                "email-address": { "type": "string", "value": "ada@example.com" },
            }),
        ),
    ] {
        assert_eq!(inquiry["attributes"][name], expected, "{name}");
    }
    assert_eq!(inquiry["relationships"]["inquiry-template"]["data"]["id"], persona.template_id());
    let link = made["meta"]["one-time-link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/verify?code=us1-", persona.base_url())));
    let other = created(persona, "user-42").await;
    assert_eq!(other["data"]["relationships"]["account"], made["data"]["relationships"]["account"]);
    assert_ne!(id(&other), id(&made));
}

#[tokio::test]
async fn a_link_that_is_asked_for_in_the_wrong_place_is_not_given() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let mut body = start(persona, "user-42");
    body["data"]["attributes"]["auto-create-one-time-link"] = json!(true);
    body["meta"] = json!({});
    let made = post(persona, "/inquiries", &body).await;
    assert!(made.status == 201 && made.json().get("meta").is_none());
    assert_eq!(persona.verification(id(&made.json())).unwrap().open_pages, [""; 0]);
}

#[tokio::test]
async fn names_are_spelled_as_the_header_asks_or_as_the_key_is_set() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let body =
        json!({ "data": { "attributes": { "inquiryTemplateId": "itmpl_x", "reference_id": "user-42" } } });
    let plain = || {
        let request = client().post(format!("{}/inquiries", persona.api_url())).json(&body);
        request.header("authorization", format!("Bearer {}", persona.api_key()))
    };
    let camel = ask(plain()).await.json();
    assert_eq!(camel["data"]["attributes"]["referenceId"], "user-42", "the key is set to camel");
    let snake = ask(plain().header("key-inflection", "snake")).await.json();
    assert_eq!(snake["data"]["attributes"]["reference_id"], "user-42");
    let refused = ask(plain().header("key-inflection", "shout").header("idempotency-key", "a")).await;
    assert_error(&refused, 400, "Bad Request");
    assert_error(&ask(plain().header("persona-version", "2024-02-30")).await, 400, "Bad Request");
}

#[tokio::test]
async fn keys_are_looked_at_first() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let url = format!("{}/inquiries", persona.api_url());
    assert_error(&ask(client().post(&url)).await, 401, "Must be authenticated to access this endpoint");
    let wrong = client().post(&url).header("authorization", "Bearer persona_sandbox_other");
    assert_error(&ask(wrong).await, 401, "Token is invalid");
    persona.permit(false);
    assert_error(&post(persona, "/inquiries", &start(persona, "user-42")).await, 403, "Forbidden");
}

#[tokio::test]
async fn fields_that_cannot_be_taken_are_refused_in_a_list_without_codes() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let with = |pointer: &str, value: Value| {
        let mut body = start(persona, "user-42");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (body, part) in [
        (json!({}), "data.attributes is missing"),
        (with("/data/attributes/inquiry-template-id", Value::Null), "inquiry-template-id is missing"),
        (with("/data/attributes/reference-id", json!(7)), "reference-id is not a string"),
        (with("/data/attributes/redirect-uri", json!("back")), "redirect-uri is not a valid URI"),
        (with("/meta/auto-create-one-time-link", json!("yes")), "is not a boolean"),
        (
            with("/meta", json!({ "auto-create-account": false, "auto-create-account-reference-id": "a" })),
            "auto-create-account",
        ),
    ] {
        let refused = post(persona, "/inquiries", &body).await;
        assert_error(&refused, 400, "Bad Request");
        assert!(refused.text.contains(part), "{} without {part}", refused.text);
    }
    let template = with("/data/attributes/inquiry-template-id", json!("tmpl_of_another_kind"));
    assert_error(&post(persona, "/inquiries", &template).await, 404, "Record not found");
    assert!(persona.inquiries().is_empty());
}

#[tokio::test]
async fn a_stored_failure_is_replayed_for_ever_under_its_key() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let keyed = |key: &str, reference: &str| {
        let request = call(persona, Method::POST, "/inquiries").header("idempotency-key", key);
        ask(request.json(&start(persona, reference)))
    };
    persona.break_next_starts(1);
    assert_eq!(keyed("a", "user-42").await.status, 500);
    assert_eq!(keyed("a", "user-42").await.status, 500, "the failure is what is stored");
    let first = keyed("b", "user-42").await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
    let again = keyed("b", "user-42").await;
    assert_eq!((again.status, again.json(), persona.inquiries().len()), (201, first.json(), 1));
    assert_error(&keyed("b", "user-43").await, 409, "Conflict");
    sandbox.advance(crate::support::DAY);
    assert_eq!(keyed("a", "user-42").await.status, 201, "a day later the key is forgotten");
}

#[tokio::test]
async fn limits_are_told_on_every_answer_and_stored_nowhere() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let keyed = || {
        let request = call(persona, Method::POST, "/inquiries").header("idempotency-key", "a");
        ask(request.json(&start(persona, "user-42")))
    };
    for number in 0..150 {
        created(persona, &format!("user-{number}")).await;
    }
    let refused = keyed().await;
    assert_error(&refused, 429, "Quota exceeded");
    assert_eq!(
        (refused.header("ratelimit-limit"), refused.header("ratelimit-remaining")),
        (Some("300"), Some("149"))
    );
    assert_eq!((refused.header("quota-reset"), refused.header("retry-after")), (Some("60"), None));
    for _ in 0..149 {
        assert_eq!(get(persona, "/inquiries/inq_none").await.status, 404);
    }
    assert_error(&get(persona, "/inquiries/inq_none").await, 429, "Rate limit exceeded");
    sandbox.advance(MINUTE);
    assert_eq!(keyed().await.status, 201);
}

#[tokio::test]
async fn sparse_fields_leave_the_applicant_out() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let id = id(&created(persona, "user-42").await).to_owned();
    let whole = get(persona, &format!("/inquiries/{id}")).await;
    assert!(whole.text.contains("Ada"));
    let path = format!("/inquiries/{id}?fields%5Binquiry%5D=status,reference-id");
    let sparse = get(persona, &path).await;
    assert_eq!(keys(&sparse.json()["data"]["attributes"]), ["reference-id", "status"]);
    assert!(!sparse.text.contains("Ada"));
}

#[tokio::test]
async fn lists_are_paged_by_a_path_and_newest_first() {
    let sandbox = frozen().await;
    let persona = sandbox.persona();
    let mut made = Vec::new();
    for number in 0..5 {
        made.push(id(&created(persona, "user-42").await).to_owned());
        created(persona, &format!("other-{number}")).await;
    }
    made.reverse();
    let mut path = "/inquiries?filter%5Breference-id%5D=user-42&page%5Bsize%5D=2".to_owned();
    let mut found = Vec::new();
    let mut pages = 0;
    loop {
        let page = get(persona, &path).await.json();
        found.extend(
            page["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        let Some(next) = page["links"]["next"].as_str() else { break };
        assert!(next.starts_with("/api/v1/inquiries?page%5Bafter%5D=inq_"), "{next}");
        path = next.trim_start_matches("/api/v1").to_owned();
    }
    assert_eq!((&found, pages), (&made, 3));
    let last = get(persona, &path).await.json();
    let back = last["links"]["prev"].as_str().unwrap().trim_start_matches("/api/v1").to_owned();
    let middle = get(persona, &back).await.json();
    let ids: Vec<&Value> = middle["data"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, made[2..4].iter().collect::<Vec<_>>());
    assert_eq!(get(persona, "/inquiries").await.json()["links"]["prev"], Value::Null);
    assert_error(&get(persona, "/inquiries?page%5Bsize%5D=101").await, 400, "Bad Request");
}
