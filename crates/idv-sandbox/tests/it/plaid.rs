//! The simulated Plaid Identity Verification against its documentation.

use idv_sandbox::{Act, Plaid};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::receiver::{Received, Receiver};
use crate::support::{Answer, ask, client, frozen};

async fn post(plaid: &Plaid, path: &str, body: &Value) -> Answer {
    let request = client().post(format!("{}{path}", plaid.base_url()));
    let request = request.header("plaid-client-id", plaid.client_id()).header("plaid-secret", plaid.secret());
    ask(request.header("plaid-version", "2020-09-14").json(body)).await
}

fn fields(plaid: &Plaid, reference: &str) -> Value {
    json!({
        "is_shareable": true, "template_id": plaid.template_id(), "gave_consent": false, "client_user_id": reference,
        "is_idempotent": true,
        "user": { "email_address": "ada@example.com", "name": { "given_name": "Ada", "family_name": "Sample" } },
    })
}

async fn created(plaid: &Plaid, reference: &str) -> String {
    let answer = post(plaid, "/identity_verification/create", &fields(plaid, reference)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn read(plaid: &Plaid, id: &str) -> Value {
    post(plaid, "/identity_verification/get", &json!({ "identity_verification_id": id })).await.json()
}

#[track_caller]
fn assert_error(answer: &Answer, kind: &str, code: &str) {
    let error = answer.json();
    assert_eq!(
        (answer.status, &error["error_type"], &error["error_code"]),
        (400, &json!(kind), &json!(code)),
        "{error}"
    );
    assert!(error["request_id"].is_string() && error["error_message"].is_string());
}

#[tokio::test]
async fn a_start_under_one_user_and_template_gives_one_session() {
    let sandbox = frozen().await;
    let plaid = sandbox.plaid();
    let id = created(plaid, "user-42").await;
    assert_eq!(created(plaid, "user-42").await, id);
    let mut other = fields(plaid, "user-42");
    other["is_idempotent"] = json!(false);
    let refused = post(plaid, "/identity_verification/create", &other).await;
    assert_error(&refused, "INVALID_INPUT", "INVALID_FIELD");
    other["template_id"] = json!("idvtmp_other");
    assert_eq!(post(plaid, "/identity_verification/create", &other).await.status, 200);
    assert_eq!(plaid.sessions().len(), 2);
    let read = read(plaid, &id).await;
    assert_eq!((&read["status"], &read["client_user_id"]), (&json!("active"), &json!("user-42")));
    assert!(read["shareable_url"].as_str().unwrap().starts_with(plaid.base_url()));
}

#[tokio::test]
async fn both_keys_are_needed_in_headers_or_in_the_body() {
    let sandbox = frozen().await;
    let plaid = sandbox.plaid();
    let url = format!("{}/identity_verification/create", plaid.base_url());
    let one = client().post(&url).header("plaid-client-id", plaid.client_id()).json(&fields(plaid, "a"));
    assert_error(&ask(one).await, "INVALID_REQUEST", "MISSING_FIELDS");
    let wrong = client().post(&url).header("plaid-client-id", plaid.client_id()).header("plaid-secret", "b");
    assert_error(&ask(wrong.json(&fields(plaid, "a"))).await, "INVALID_INPUT", "INVALID_API_KEYS");
    let mut body = fields(plaid, "a");
    body["client_id"] = json!(plaid.client_id());
    body["secret"] = json!(plaid.secret());
    assert_eq!(ask(client().post(&url).json(&body)).await.status, 200);
}

#[tokio::test]
async fn fields_are_required_and_known() {
    let sandbox = frozen().await;
    let plaid = sandbox.plaid();
    for name in ["is_shareable", "template_id", "gave_consent", "client_user_id"] {
        let mut body = fields(plaid, "a");
        body[name] = Value::Null;
        let refused = post(plaid, "/identity_verification/create", &body).await;
        assert_error(&refused, "INVALID_REQUEST", "MISSING_FIELDS");
    }
    let mut body = fields(plaid, "a");
    body["redirect_uri"] = json!("https://app.example/back");
    let refused = post(plaid, "/identity_verification/create", &body).await;
    assert_error(&refused, "INVALID_REQUEST", "UNKNOWN_FIELDS");
    let unknown = json!({ "identity_verification_id": "idv_none" });
    assert_error(&post(plaid, "/identity_verification/get", &unknown).await, "INVALID_INPUT", "NOT_FOUND");
}

#[tokio::test]
async fn a_retry_is_another_session() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let plaid = sandbox.plaid();
    let first = created(plaid, "user-42").await;
    let body =
        json!({ "client_user_id": "user-42", "template_id": plaid.template_id(), "strategy": "reset" });
    let early = post(plaid, "/identity_verification/retry", &body).await;
    assert_error(&early, "INVALID_INPUT", "INVALID_FIELD");
    plaid.act(&first, &Act::Reject { reason: None }).unwrap();
    plaid.add_webhook_endpoint(&receiver.url).unwrap();
    let second = post(plaid, "/identity_verification/retry", &body).await.json();
    assert_eq!((&second["previous_attempt_id"], &second["status"]), (&json!(first), &json!("active")));
    sandbox.webhooks_settled().await;
    let codes: Vec<Value> = receiver.received().iter().map(|one| one.json()["webhook_code"].take()).collect();
    assert_eq!(codes, ["RETRIED", "STATUS_UPDATED"]);
}

#[tokio::test]
async fn lists_go_on_with_a_cursor() {
    let sandbox = frozen().await;
    let plaid = sandbox.plaid();
    let mut made = vec![created(plaid, "user-42").await];
    let retry =
        json!({ "client_user_id": "user-42", "template_id": plaid.template_id(), "strategy": "infer" });
    for _ in 0..14 {
        plaid.act(made.last().unwrap(), &Act::Reject { reason: None }).unwrap();
        let next = post(plaid, "/identity_verification/retry", &retry).await.json();
        made.push(next["id"].as_str().unwrap().to_owned());
    }
    made.reverse();
    let mut body = json!({ "client_user_id": "user-42", "template_id": plaid.template_id() });
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let mut page = post(plaid, "/identity_verification/list", &body).await.json();
        pages += 1;
        let sessions = page["identity_verifications"].as_array().unwrap();
        found.extend(sessions.iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        body["cursor"] = page["next_cursor"].take();
        if body["cursor"].is_null() {
            break;
        }
    }
    assert_eq!((found, pages), (made, 2));
}

/// Written from Plaid's page on the verification of webhooks.
async fn assert_signed(plaid: &Plaid, received: &Received) {
    use base64::Engine;
    let decode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
    let token = received.header("plaid-verification").unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let head: Value = serde_json::from_slice(&decode(head)).unwrap();
    let claims: Value = serde_json::from_slice(&decode(claims)).unwrap();
    assert_eq!(head["alg"], "ES256");
    let key = post(plaid, "/webhook_verification_key/get", &json!({ "key_id": head["kid"] })).await.json();
    let part = |name: &str| decode(key["key"][name].as_str().unwrap());
    let point = [vec![4], part("x"), part("y")].concat();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(signed.as_bytes(), &decode(signature)).unwrap();
    let digest: String = Sha256::digest(&received.body).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(claims["request_body_sha256"], digest);
}

#[tokio::test]
async fn webhooks_name_the_session_and_tell_no_status() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let plaid = sandbox.plaid();
    plaid.add_webhook_endpoint(&receiver.url).unwrap();
    let id = created(plaid, "user-42").await;
    for act in [Act::Open, Act::Submit, Act::Approve] {
        plaid.act(&id, &act).unwrap();
    }
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let bodies: Vec<Value> = received.iter().map(Received::json).collect();
    let codes: Vec<&Value> = bodies.iter().map(|body| &body["webhook_code"]).collect();
    assert_eq!(codes, ["STATUS_UPDATED", "STEP_UPDATED", "STATUS_UPDATED", "STATUS_UPDATED"]);
    for (body, received) in bodies.iter().zip(&received) {
        assert!(body["identity_verification_id"] == json!(id) && body.get("status").is_none());
        assert_signed(plaid, received).await;
    }
    let read = read(plaid, &id).await;
    assert_eq!(
        (&read["status"], &read["steps"]["documentary_verification"]),
        (&json!("success"), &json!("manually_approved"))
    );
}
