//! The simulated Shufti against its documentation.

use idv_sandbox::{Act, Reason, Shufti};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::receiver::Receiver;
use crate::support::{Answer, MINUTE, ask, client, frozen};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn post(shufti: &Shufti, path: &str, body: &Value) -> Answer {
    let request = client().post(format!("{}{path}", shufti.base_url()));
    ask(request.basic_auth(shufti.client_id(), Some(shufti.secret_key())).json(body)).await
}

fn fields(reference: &str) -> Value {
    json!({
        "reference": reference, "country": "GB", "email": "ada@example.com", "document": {}, "face": "",
        "redirect_url": "https://app.example/back", "ttl": 5,
    })
}

async fn created(shufti: &Shufti, reference: &str) -> Value {
    let answer = post(shufti, "/", &fields(reference)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn read(shufti: &Shufti, reference: &str) -> Value {
    post(shufti, "/status", &json!({ "reference": reference })).await.json()
}

fn event(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["event"].take())
}

#[tokio::test]
async fn the_own_reference_is_the_id_and_is_taken_once() {
    let sandbox = frozen().await;
    let shufti = sandbox.shufti();
    let made = created(shufti, "case-000042").await;
    assert_eq!(
        (&made["reference"], &made["event"], &made["error"]),
        (&json!("case-000042"), &json!("request.pending"), &json!(""))
    );
    let again = post(shufti, "/", &fields("case-000042")).await;
    assert_eq!(event(&again), (409, json!("request.invalid")));
    let read = read(shufti, "case-000042").await;
    assert_eq!(read["verification_url"], made["verification_url"], "a lost answer is recovered by reading");
    assert_eq!(shufti.sessions(), ["case-000042"]);
}

#[tokio::test]
async fn refusals_are_events_under_several_statuses() {
    let sandbox = frozen().await;
    let shufti = sandbox.shufti();
    let with = |name: &str, value: Value| {
        let mut fields = fields("case-000042");
        fields[name] = value;
        fields
    };
    let mut without_services = with("document", Value::Null);
    without_services["face"] = Value::Null;
    for (body, status) in [
        (with("reference", Value::Null), 402),
        (with("reference", json!("short")), 400),
        (with("country", json!("GBR")), 400),
        (with("ttl", json!(0)), 400),
        (without_services, 200),
    ] {
        let refused = post(shufti, "/", &body).await;
        assert_eq!(event(&refused), (status, json!("request.invalid")), "{}", refused.text);
        assert!(refused.json()["error"]["message"].is_string());
    }
    let stranger = ask(client().post(shufti.base_url()).basic_auth("a", Some("b")).json(&json!({}))).await;
    assert_eq!(event(&stranger), (401, json!("request.unauthorized")));
    let unknown = post(shufti, "/status", &json!({ "reference": "case-none" })).await;
    assert_eq!(event(&unknown), (404, json!("request.invalid")));
    shufti.permit(false);
    assert_eq!(event(&post(shufti, "/", &fields("case-000042")).await).0, 403);
    assert!(shufti.sessions().is_empty());
}

#[tokio::test]
async fn a_token_stands_for_the_keys_for_a_while() {
    let sandbox = frozen().await;
    let shufti = sandbox.shufti();
    let token = post(shufti, "/get/access/token", &json!({})).await.json();
    let start = |reference: &'static str| {
        let request = client().post(shufti.base_url()).bearer_auth(token["access_token"].as_str().unwrap());
        ask(request.json(&fields(reference)))
    };
    assert_eq!(start("case-000042").await.status, 200);
    sandbox.advance(MINUTE * 10);
    assert_eq!(start("case-000043").await.status, 401);
}

#[tokio::test]
async fn callbacks_and_answers_carry_a_digest_over_the_raw_text() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let shufti = sandbox.shufti();
    shufti.add_webhook_endpoint(&receiver.url).unwrap();
    let answer = post(shufti, "/", &fields("case-000042")).await;
    assert!(answer.text.contains(r"http:\/\/127.0.0.1"), "slashes are escaped: {}", answer.text);
    let young = hex(&Sha256::digest(shufti.secret_key().as_bytes()));
    let digest = |body: &[u8], suffix: &str| hex(&Sha256::digest([body, suffix.as_bytes()].concat()));
    assert_eq!(answer.header("signature"), Some(digest(answer.text.as_bytes(), &young).as_str()));
    shufti.act("case-000042", &Act::Reject { reason: Some(Reason::new("face_mismatch").unwrap()) }).unwrap();
    sandbox.webhooks_settled().await;
    shufti.use_old_signature(true);
    shufti.act("case-000042", &Act::Approve).unwrap();
    sandbox.webhooks_settled().await;
    let received = receiver.received();
    let suffixes = [&young, &young, &shufti.secret_key()];
    let events: Vec<Value> = received.iter().map(|one| one.json()["event"].take()).collect();
    assert_eq!(events, ["request.pending", "verification.declined", "verification.status.changed"]);
    for (received, suffix) in received.iter().zip(suffixes) {
        assert_eq!(received.header("signature"), Some(digest(&received.body, suffix).as_str()));
    }
    assert_eq!(received[1].json()["declined_codes"], json!(["SPDR15"]));
    assert_eq!(
        read(shufti, "case-000042").await["event"],
        "verification.accepted",
        "the read says which verdict"
    );
}

#[tokio::test]
async fn a_verification_ends_by_time_in_minutes_by_leaving_and_by_deletion() {
    let sandbox = frozen().await;
    let shufti = sandbox.shufti();
    for reference in ["case-timeout", "case-left", "case-deleted"] {
        created(shufti, reference).await;
    }
    let left = shufti.act("case-left", &Act::Leave).unwrap();
    assert_eq!(
        (left.status.as_str(), left.redirect_url.as_deref()),
        ("verification.cancelled", Some("https://app.example/back"))
    );
    let body = json!({ "reference": "case-deleted", "comment": "asked for by the applicant" });
    assert_eq!(event(&post(shufti, "/delete", &json!({ "reference": "case-deleted" })).await).0, 402);
    assert_eq!(event(&post(shufti, "/delete", &body).await), (200, json!("request.deleted")));
    sandbox.advance(MINUTE * 5);
    assert_eq!(read(shufti, "case-timeout").await["event"], "request.timeout");
    assert_eq!(read(shufti, "case-deleted").await["event"], "request.deleted");
}

#[tokio::test]
async fn references_play_their_verifications() {
    let sandbox = frozen().await;
    let shufti = sandbox.shufti();
    for (reference, events) in [
        ("case-approve", &["request.received", "verification.accepted"][..]),
        ("case-hold-reject", &["request.received", "review.pending", "verification.declined"]),
        ("case-abandon", &["request.pending", "verification.cancelled"]),
        ("case-expire", &["request.timeout"]),
    ] {
        created(shufti, reference).await;
        for event in events {
            assert_eq!(read(shufti, reference).await["event"], *event, "{reference}");
        }
    }
}
