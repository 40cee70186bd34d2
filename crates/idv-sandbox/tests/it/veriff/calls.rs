//! Calls to the simulated Veriff: signatures, bodies, answers, and control routes.

use idv_sandbox::{Act, CannedAnswer, Fault, FaultKind, Reason};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{MINUTE, ask, client, keys};
use crate::veriff::{
    GOLDEN_ID, SECRET, assert_error, attempts, call, create, created, decision, frozen, hmac, send,
};

#[tokio::test]
async fn calls_and_answers_are_signed_as_in_the_golden_vectors() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    veriff.set_shared_secret(SECRET);
    let body = r#"{"verification":{"callback":"https://app.example/back","vendorData":"user-7"}}"#;
    let start = "211361151baccf43a6cd30b604ecad38453d9354372b0d80f7d952afe8012d85";
    let read = "d3b3c53e0d91f6e2b14b0c60431f864fdba4f34bc7aacc3adc26e97e4024e640";
    let patch = "96565a797833c83d514f245bb9a912ecd54f62d5e5be6204cfe8005ddcd97140";
    let raw = |method, path: &str, signature| {
        let request = client().request(method, format!("{}{path}", veriff.base_url()));
        request
            .header("x-auth-client", veriff.api_key())
            .header("x-hmac-signature", signature)
            .header("content-type", "application/json")
    };
    let answer = ask(raw(Method::POST, "/v1/sessions", start).body(body)).await;
    assert_eq!(answer.status, 201);
    let id = answer.json()["verification"]["id"].as_str().unwrap().to_owned();
    let submitted = r#"{"verification":{"status":"submitted"}}"#;
    let answer = ask(raw(Method::PATCH, &format!("/v1/sessions/{id}"), patch).body(submitted)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = ask(raw(Method::GET, &format!("/v1/sessions/{GOLDEN_ID}/decision"), read)).await;
    assert_eq!(answer.text, r#"{"status":"success","verification":null}"#);
    let signature = "1893eb267504d01a58d67f85322ac7bee262459bed355ef4992ad57d45da0101";
    assert_eq!(answer.header("x-hmac-signature"), Some(signature));
    assert_eq!(answer.header("x-auth-client"), Some(veriff.api_key()));
}

#[tokio::test]
async fn a_session_is_created_as_documented() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let answer =
        create(veriff, json!({ "vendorData": "user-42", "lang": "en", "features": ["selfid"] })).await;
    let (body, base_url) = (answer.json(), veriff.base_url());
    let made = &body["verification"];
    let token = made["sessionToken"].as_str().unwrap();
    let expected = json!({
        "id": made["id"],
        "url": format!("{base_url}/v/{token}"),
        "vendorData": "user-42",
        "host": base_url,
        "status": "created",
        "sessionToken": token,
    });
    assert_eq!((answer.status, &body["status"], made), (201, &json!("success"), &expected));
    assert_eq!(token.split('.').count(), 3);
    assert_eq!(
        answer.header("x-hmac-signature"),
        Some(&*hmac(&veriff.shared_secret(), answer.text.as_bytes()))
    );
    let again = created(veriff, json!({ "vendorData": "user-42" })).await;
    assert_ne!(made["id"], again.as_str(), "each POST makes another session");
    assert_eq!(veriff.sessions().len(), 2);
}

#[tokio::test]
async fn keys_and_signatures_are_checked() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let url = format!("{}/v1/sessions", veriff.base_url());
    let unsigned = || client().post(&url).json(&json!({ "verification": {} }));
    assert_error(&ask(unsigned()).await, 401, "1815");
    assert_error(&ask(unsigned().header("x-auth-client", "wrong")).await, 401, "1815");
    let unsigned = || unsigned().header("x-auth-client", veriff.api_key());
    assert_eq!(ask(unsigned()).await.status, 201, "the key is enough to create");
    assert_error(&ask(unsigned().header("x-hmac-signature", "wrong")).await, 401, "1818");
    let id = created(veriff, json!({})).await;
    let path = format!("/v1/sessions/{id}/decision");
    let bare = client().get(format!("{}{path}", veriff.base_url())).header("x-auth-client", veriff.api_key());
    assert_error(&ask(bare).await, 401, "1818");
    for signed in ["", path.as_str(), GOLDEN_ID] {
        assert_error(&ask(call(veriff, Method::GET, &path, signed.as_bytes())).await, 401, "1818");
    }
    assert_eq!(decision(veriff, &id).await.status, 200);
    let refused = ask(client().get(format!("{}/v1/v1/sessions", veriff.base_url()))).await;
    assert_eq!((refused.status, refused.header("x-auth-client")), (404, Some(veriff.api_key())));
}

#[tokio::test]
async fn bad_bodies_are_400_and_create_nothing() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    for (body, code) in [("{}", "1102"), ("[]", "1104"), ("{", "1104"), (r#"{"verification":1}"#, "1104")] {
        assert_error(&send(veriff, Method::POST, "/v1/sessions", body).await, 400, code);
    }
    for (fields, code) in [
        (json!({ "callback": "http://app.example/back" }), "1302"),
        (json!({ "callback": "http://127.0.0.1/back" }), "1302"),
        (json!({ "callback": 7 }), "1104"),
        (json!({ "vendorData": "x".repeat(1001) }), "1500"),
        (json!({ "vendorData": 7 }), "1501"),
        (json!({ "endUserId": "user-7" }), "1104"),
        (json!({ "person": [] }), "1104"),
        (json!({ "person": { "dateOfBirth": "2.1.1990" } }), "1203"),
        (json!({ "document": { "type": "LIBRARY_CARD" } }), "1104"),
        (json!({ "document": { "country": "EST" } }), "1104"),
        (json!({ "timestamp": "yesterday" }), "1201"),
        (json!({ "timestamp": "2025-12-31T22:59:59Z" }), "1202"),
        (json!({ "features": "selfid" }), "1301"),
        (json!({ "consents": [{ "type": "bipa", "approved": false }] }), "1104"),
    ] {
        assert_error(&create(veriff, fields).await, 400, code);
    }
    assert!(veriff.sessions().is_empty());
    veriff.allow_loopback_callbacks(true);
    created(veriff, json!({ "callback": "http://127.0.0.1:8080/back", "vendorData": "ä".repeat(1000) }))
        .await;
}

#[tokio::test]
async fn a_decision_is_null_until_there_is_one() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({ "vendorData": "user-7" })).await;
    let null = json!({ "status": "success", "verification": null });
    for act in [Act::Open, Act::Submit] {
        assert_eq!(decision(veriff, &id).await.json(), null);
        veriff.act(&id, &act).unwrap();
    }
    assert_eq!(decision(veriff, &id).await.json(), null);
    sandbox.advance(MINUTE);
    veriff.act(&id, &Act::Reject { reason: Some(Reason::new("document_tampered").unwrap()) }).unwrap();
    let answer = decision(veriff, &id).await.json();
    let made = &answer["verification"];
    assert_eq!(answer["technicalData"]["ip"], "0.0.0.0");
    assert_eq!((&made["status"], &made["code"]), (&json!("declined"), &json!(9102)));
    assert_eq!((&made["reason"], &made["reasonCode"]), (&json!("Suspected document tampering"), &json!(102)));
    assert_eq!(made["acceptanceTime"], "2026-01-01T00:00:00.000Z");
    assert_eq!(made["decisionTime"], "2026-01-01T00:01:00.000000Z");
    assert_eq!((&made["vendorData"], &made["endUserId"]), (&json!("user-7"), &Value::Null));
    assert_eq!(
        attempts(veriff, &id).await,
        [(made["attemptId"].as_str().unwrap().to_owned(), "declined".into())]
    );
    let documented =
        ["additionalVerifiedData", "comments", "document", "highRisk", "person", "riskLabels", "riskScore"];
    assert!(documented.iter().all(|name| keys(made).contains(name)), "{made}");
    veriff.reason_codes_as_text(true);
    assert_eq!(decision(veriff, &id).await.json()["verification"]["reasonCode"], "102");
    veriff.act(&id, &Act::Approve).unwrap();
    let changed = decision(veriff, &id).await.json();
    assert_eq!(
        (&changed["verification"]["code"], &changed["verification"]["reason"]),
        (&json!(9001), &Value::Null)
    );
}

#[tokio::test]
async fn ids_malformed_or_unknown_are_told_apart_except_by_the_decision() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let read =
        |id: &str| ask(call(veriff, Method::GET, &format!("/v1/sessions/{id}/attempts"), id.as_bytes()));
    assert_error(&read("case-7").await, 400, "1002");
    assert_error(&read(GOLDEN_ID).await, 404, "1001");
    assert_eq!(decision(veriff, GOLDEN_ID).await.json()["verification"], Value::Null);
}

#[tokio::test]
async fn answers_changed_by_faults_are_signed_and_canned_ones_are_not() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({})).await;
    veriff.act(&id, &Act::Approve).unwrap();
    let fault = Fault::new(FaultKind::UnknownWord { word: Some("new_word".to_owned()) });
    veriff.add_fault(fault.operation("check")).unwrap();
    let answer = decision(veriff, &id).await;
    let body = answer.json();
    assert_eq!((&body["status"], &body["verification"]["status"]), (&json!("success"), &json!("new_word")));
    assert_eq!(
        answer.header("x-hmac-signature"),
        Some(&*hmac(&veriff.shared_secret(), answer.text.as_bytes()))
    );
    veriff.answer_next(CannedAnswer::veriff_error(500, "500", "Internal error"));
    let answer = decision(veriff, &id).await;
    assert_error(&answer, 500, "500");
    assert_eq!(answer.header("x-hmac-signature"), None);
}

#[tokio::test]
async fn it_has_control_routes_of_its_own() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff();
    let id = created(veriff, json!({})).await;
    let post = |path: &str, body: Value| {
        ask(client().post(format!("{}/veriff{path}", sandbox.control_url())).json(&body))
    };
    assert_eq!(post(&format!("/sessions/{id}/webhook"), json!({})).await.status, 409);
    assert_eq!(post(&format!("/verifications/{id}/act"), json!({ "act": "void" })).await.status, 409);
    let acted = post(&format!("/verifications/{id}/act"), json!({ "act": "expire" })).await;
    assert_eq!(acted.json()["status"], "expired");
    let settings =
        json!({ "codes": "decision_table", "text_reason_codes": true, "loopback_callbacks": true });
    assert_eq!(post("/settings", settings).await.status, 200);
    let webhook = post(&format!("/sessions/{id}/webhook"), json!({})).await.json();
    assert!(webhook["body"].as_str().unwrap().contains("9104"));
    let listed = ask(client().get(format!("{}/veriff/sessions", sandbox.control_url()))).await.json();
    assert_eq!(listed["sessions"], json!([{ "id": id, "status": "expired", "attempts": 1 }]));
}
