//! The simulated Veriff against its documentation.

use std::time::{Duration, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use idv_sandbox::{
    Act, CannedAnswer, DeliveryState, Error, Fault, FaultKind, Mischief, Reason, Sandbox, Vendor, Veriff,
    VeriffCodes,
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::receiver::{Received, Receiver};
use crate::support::{Answer, DAY, HOUR, MINUTE, NEW_YEAR, ask, client, keys, unmoved};

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
    Sandbox::builder().seed(7).frozen_at(instant).with_veriff().start().await.unwrap()
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

#[tokio::test]
async fn it_starts_only_where_it_is_asked_for() {
    let without = Sandbox::start().await.unwrap();
    assert!(without.veriff().is_none());
    assert_eq!(without.vendors().count(), 3);
    let sandbox = frozen().await;
    assert_eq!(sandbox.vendors().last().unwrap().vendor(), Vendor::VERIFF);
    let listed = ask(client().get(format!("{}/vendors", sandbox.control_url()))).await.json();
    let veriff = sandbox.veriff().unwrap();
    let expected = json!({
        "base_url": veriff.base_url(),
        "api_key": veriff.api_key(),
        "shared_secret": veriff.shared_secret(),
    });
    assert_eq!(listed["veriff"], expected);
}

#[tokio::test]
async fn calls_and_answers_are_signed_as_in_the_golden_vectors() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
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
async fn webhooks_are_signed_as_in_the_golden_vectors() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
    veriff.set_shared_secret(SECRET);
    for (body, signature) in [
        (
            r#"{"status":"success","verification":{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","status":"resubmission_requested","code":9103,"vendorData":"user-7"}}"#,
            "db52f5063cb33bdcc98aa334b2ccbf3f746a234d9ed49084f50d9c97e1078c1f",
        ),
        (
            r#"{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","feature":"selfid","code":7002,"action":"submitted","vendorData":"user-7"}"#,
            "89f781957f680e1af4825bcce7ce6b60ca69f3272728136a2550bc39325f23c7",
        ),
    ] {
        let webhook = veriff.sign(body.as_bytes());
        assert_eq!(webhook.header("x-hmac-signature"), Some(signature));
        assert_eq!(webhook.header("x-auth-client"), Some(veriff.api_key()));
    }
}

#[tokio::test]
async fn a_session_is_created_as_documented() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
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
    let veriff = sandbox.veriff().unwrap();
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
    let veriff = sandbox.veriff().unwrap();
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
    let veriff = sandbox.veriff().unwrap();
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
    let veriff = sandbox.veriff().unwrap();
    let read =
        |id: &str| ask(call(veriff, Method::GET, &format!("/v1/sessions/{id}/attempts"), id.as_bytes()));
    assert_error(&read("case-7").await, 400, "1002");
    assert_error(&read(GOLDEN_ID).await, 404, "1001");
    assert_eq!(decision(veriff, GOLDEN_ID).await.json()["verification"], Value::Null);
}

#[tokio::test]
async fn both_tables_of_codes_can_be_had() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
    for (codes, expected) in [
        (VeriffCodes::StatusTable, [("expired", 9104), ("abandoned", 9104), ("review", 9121)]),
        (VeriffCodes::DecisionTable, [("expired", 9104), ("abandoned", 9121), ("review", 9121)]),
    ] {
        veriff.codes(codes);
        let acts: [&[Act]; 3] = [&[Act::Expire], &[Act::Open, Act::Expire], &[Act::Submit, Act::Hold]];
        for (acts, (word, code)) in acts.iter().zip(expected) {
            let id = created(veriff, json!({})).await;
            for act in *acts {
                veriff.act(&id, act).unwrap();
            }
            let made = decision(veriff, &id).await.json()["verification"].take();
            assert_eq!((&made["status"], &made["code"]), (&json!(word), &json!(code)));
        }
    }
}

#[tokio::test]
async fn webhooks_tell_the_way_to_a_decision() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff().unwrap();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    let user = "3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a";
    let id = created(veriff, json!({ "vendorData": "user-7", "endUserId": user })).await;
    for act in [Act::Submit, Act::Hold, Act::Reject { reason: None }, Act::Approve] {
        veriff.act(&id, &act).unwrap();
    }
    sandbox.webhooks_settled().await;
    let expected =
        [("started", 7001), ("submitted", 7002), ("review", 9121), ("declined", 9102), ("approved", 9001)];
    assert_eq!(told(&receiver), lines(&expected));
    let received = receiver.received();
    received.iter().for_each(|one| assert_signed(veriff, one));
    let attempt = &attempts(veriff, &id).await[0].0;
    let event = json!({
        "id": id, "attemptId": attempt, "feature": "selfid", "code": 7001, "action": "started",
        "vendorData": "user-7", "endUserId": user,
    });
    assert_eq!(received[0].json(), event);
    assert_eq!(received[4].json(), decision(veriff, &id).await.json());
    assert_eq!(received[4].body, veriff.decision_webhook(&id).unwrap().body);
}

#[tokio::test]
async fn a_resubmission_is_told_after_five_minutes_unless_it_came_before() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff().unwrap();
    let id = created(veriff, json!({})).await;
    veriff.act(&id, &Act::Submit).unwrap();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    veriff.act(&id, &Act::RequireResubmission).unwrap();
    let first = decision(veriff, &id).await.json()["verification"]["attemptId"].take();
    sandbox.advance(MINUTE * 4);
    sandbox.webhooks_settled().await;
    assert!(receiver.received().is_empty());
    sandbox.advance(MINUTE);
    sandbox.webhooks_settled().await;
    assert_eq!(told(&receiver), lines(&[("resubmission_requested", 9103)]));
    receiver.forget();

    veriff.act(&id, &Act::Submit).unwrap();
    assert_eq!(
        decision(veriff, &id).await.json()["verification"]["attemptId"],
        first,
        "until the next decision"
    );
    veriff.act(&id, &Act::RequireResubmission).unwrap();
    veriff.act(&id, &Act::Submit).unwrap();
    veriff.act(&id, &Act::Approve).unwrap();
    sandbox.advance(MINUTE * 10);
    sandbox.webhooks_settled().await;
    let again = [("started", 7001), ("submitted", 7002)];
    assert_eq!(told(&receiver), lines(&[&again[..], &again, &[("approved", 9001)]].concat()));
    let words: Vec<String> = attempts(veriff, &id).await.into_iter().map(|(_, word)| word).collect();
    assert_eq!(words, ["resubmission_requested", "resubmission_requested", "approved"]);
    assert_ne!(decision(veriff, &id).await.json()["verification"]["attemptId"], first);
}

#[tokio::test]
async fn the_tenth_attempt_is_declined() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
    let id = created(veriff, json!({})).await;
    let unreadable = Act::Fail { reason: Reason::new("document_unreadable").unwrap() };
    for attempt in 1..10 {
        assert_eq!(veriff.act(&id, &unreadable).unwrap().status, "resubmission_requested");
        assert_eq!(veriff.attempts(&id), Some(attempt));
    }
    assert_eq!(decision(veriff, &id).await.json()["verification"]["reasonCode"], 204);
    assert_eq!(veriff.act(&id, &Act::Submit).unwrap().status, "declined");
    let made = decision(veriff, &id).await.json()["verification"].take();
    assert_eq!(
        (&made["code"], &made["reasonCode"], veriff.attempts(&id)),
        (&json!(9102), &json!(539), Some(10))
    );
    assert!(matches!(veriff.act(&id, &Act::Submit), Err(Error::NoOpenSession { .. })));
}

#[tokio::test]
async fn unfinished_sessions_end_after_seven_days() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff().unwrap();
    let acts: [&[Act]; 4] = [&[], &[Act::Open], &[Act::Submit], &[Act::Submit, Act::RequireResubmission]];
    let mut ids = Vec::new();
    for acts in acts {
        let id = created(veriff, json!({})).await;
        acts.iter().for_each(|act| drop(veriff.act(&id, act).unwrap()));
        ids.push(id);
    }
    sandbox.advance(DAY * 7 - MINUTE);
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    sandbox.advance(MINUTE);
    sandbox.webhooks_settled().await;
    let words: Vec<_> = ids.iter().map(|id| veriff.status(id).unwrap()).collect();
    assert_eq!(words, ["expired", "abandoned", "submitted", "abandoned"]);
    let mut told = told(&receiver);
    told.sort();
    assert_eq!(told, lines(&[("abandoned", 9104), ("abandoned", 9104), ("expired", 9104)]));
    assert!(matches!(veriff.act(&ids[0], &Act::Open), Err(Error::NoOpenSession { .. })));
    veriff.act(&ids[0], &Act::Approve).unwrap();
}

#[tokio::test]
async fn deletion_leaves_nothing_and_ends_what_is_unfinished() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff().unwrap();
    let [open, approved, submitted] = [
        created(veriff, json!({})).await,
        created(veriff, json!({})).await,
        created(veriff, json!({})).await,
    ];
    veriff.act(&approved, &Act::Approve).unwrap();
    veriff.act(&submitted, &Act::Submit).unwrap();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    assert_error(&delete(veriff, &submitted).await, 400, "1304");
    for id in [&open, &approved] {
        let answer = delete(veriff, id).await;
        assert_eq!(answer.json(), json!({ "status": "success", "verification": { "id": id } }));
        assert_eq!((decision(veriff, id).await.status, delete(veriff, id).await.status), (404, 404));
        assert_eq!(veriff.status(id), None);
    }
    sandbox.webhooks_settled().await;
    assert_eq!(told(&receiver), lines(&[("expired", 9104)]));
    assert_error(&delete(veriff, &submitted).await, 429, "429");
    sandbox.advance(HOUR);
    assert_error(&delete(veriff, &submitted).await, 400, "1304");
    veriff.allow_deletion(false);
    assert_eq!(delete(veriff, &submitted).await.status, 403);
}

#[tokio::test]
async fn uploads_are_submitted_by_the_application_and_told_at_once() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff().unwrap();
    let id = created(veriff, json!({})).await;
    let update = |word: &str| {
        let body = json!({ "verification": { "status": word } }).to_string();
        let path = format!("/v1/sessions/{id}");
        async move { send(veriff, Method::PATCH, &path, &body).await }
    };
    assert_error(&update("approved").await, 400, "1303");
    assert_eq!(update("submitted").await.json()["verification"]["status"], "submitted");
    assert_error(&update("submitted").await, 400, "1304");
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    veriff.act(&id, &Act::RequireResubmission).unwrap();
    sandbox.webhooks_settled().await;
    assert_eq!(told(&receiver), lines(&[("resubmission_requested", 9103)]));
}

#[tokio::test]
async fn webhooks_are_repeated_hourly_for_seven_days() {
    let (sandbox, receiver) = (frozen().await, Receiver::start(vec![500; 200]).await);
    let veriff = sandbox.veriff().unwrap();
    let id = created(veriff, json!({})).await;
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    veriff.act(&id, &Act::Approve).unwrap();
    for _ in 0..7 * 24 + 5 {
        sandbox.webhooks_settled().await;
        sandbox.advance(HOUR);
    }
    assert_eq!(receiver.received().len(), 7 * 24 + 1);
    assert_eq!(veriff.webhooks()[0].state, DeliveryState::GivenUp);
    receiver.received().iter().for_each(|one| assert_signed(veriff, one));
}

#[tokio::test]
async fn the_hosted_page_leads_back_without_parameters() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
    let answer = create(veriff, json!({ "callback": "https://app.example/back?case=7" })).await.json();
    let (id, url) =
        (answer["verification"]["id"].as_str().unwrap(), answer["verification"]["url"].as_str().unwrap());
    assert_eq!(ask(client().get(url)).await.status, 200);
    assert_eq!(veriff.status(id).as_deref(), Some("started"));
    for choice in ["leave", "submit"] {
        let page = url.replace("/v/", "/l/");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let request = unmoved().post(page).header(form[0].0, form[0].1).body(format!("act={choice}"));
        let answer = ask(request).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("https://app.example/back?case=7"))
        );
    }
    assert_eq!(veriff.status(id).as_deref(), Some("submitted"));
    assert_eq!(ask(client().get(url)).await.status, 410);
}

#[tokio::test]
async fn references_script_sessions() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
    let start = |reference: &'static str| create(veriff, json!({ "vendorData": reference }));
    assert_error(&start("case-503x1-reject:539").await, 503, "503");
    let id = created(veriff, json!({ "vendorData": "case-503x1-reject:539" })).await;
    assert_eq!(decision(veriff, &id).await.json()["verification"], Value::Null);
    assert_eq!(attempts(veriff, &id).await[0].1, "submitted");
    assert_eq!(decision(veriff, &id).await.json()["verification"]["reasonCode"], 539);

    let answer = start("case-resubmit").await.json();
    let id = answer["verification"]["id"].as_str().unwrap();
    sandbox.advance(Duration::from_secs(20));
    assert_eq!(veriff.status(id).as_deref(), Some("resubmission_requested"));
    ask(client().get(answer["verification"]["url"].as_str().unwrap())).await;
    let other = created(veriff, json!({ "vendorData": "case-resubmit" })).await;
    sandbox.advance(Duration::from_secs(20));
    assert_eq!(
        (veriff.status(&other).as_deref(), veriff.attempts(&other)),
        (Some("resubmission_requested"), Some(1))
    );
    assert_eq!((veriff.status(id).as_deref(), veriff.attempts(id)), (Some("approved"), Some(2)));
}

#[tokio::test]
async fn a_script_goes_on_with_the_next_session_of_its_reference() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
    for word in ["resubmission_requested", "approved"] {
        let id = created(veriff, json!({ "vendorData": "case-resubmit" })).await;
        sandbox.advance(Duration::from_secs(20));
        assert_eq!(veriff.status(&id).as_deref(), Some(word));
    }
}

#[tokio::test]
async fn webhooks_go_wrong_on_request() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let veriff = sandbox.veriff().unwrap();
    veriff.add_webhook_endpoint(&receiver.url).unwrap();
    let id = created(veriff, json!({})).await;
    let reject = Act::Reject { reason: None };
    for mischief in [Mischief::Tampered, Mischief::Unsigned, Mischief::Duplicate, Mischief::Lost] {
        veriff.add_mischief(mischief).unwrap();
        veriff.act(&id, &reject).unwrap();
        sandbox.webhooks_settled().await;
    }
    let received = receiver.received();
    let words: Vec<_> = told(&receiver).into_iter().map(|(word, _)| word).collect();
    assert_eq!(words, ["approved", "declined", "declined", "declined"]);
    assert_eq!(received[0].json()["status"], "success");
    assert_ne!(
        received[0].header("x-hmac-signature"),
        Some(&*hmac(&veriff.shared_secret(), &received[0].body))
    );
    assert_eq!(received[1].header("x-hmac-signature"), None);
    received[2..].iter().for_each(|one| assert_signed(veriff, one));
}

#[tokio::test]
async fn answers_changed_by_faults_are_signed_and_canned_ones_are_not() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
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
async fn it_keeps_no_more_than_its_capacity() {
    let sandbox = Sandbox::builder().capacity(2).with_veriff().start().await.unwrap();
    let veriff = sandbox.veriff().unwrap();
    let oldest = created(veriff, json!({})).await;
    for _ in 0..2 {
        created(veriff, json!({})).await;
    }
    let gone = decision(veriff, &oldest).await;
    assert_error(&gone, 404, "1001");
    assert!(gone.text.contains("Evicted"));
    assert_eq!(veriff.sessions().len(), 2);
}

#[tokio::test]
async fn it_has_control_routes_of_its_own() {
    let sandbox = frozen().await;
    let veriff = sandbox.veriff().unwrap();
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
