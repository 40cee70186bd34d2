//! The simulated iDenfy against its documentation.

use idv_sandbox::{Act, Idenfy, Reason};
use serde_json::{Value, json};

use crate::receiver::{Received, Receiver};
use crate::support::{Answer, HOUR, ask, client, frozen, keys, unmoved};

async fn post(idenfy: &Idenfy, path: &str, body: &Value) -> Answer {
    let request = client().post(format!("{}{path}", idenfy.base_url()));
    ask(request.basic_auth(idenfy.api_key(), Some(idenfy.api_secret())).json(body)).await
}

fn fields(reference: &str) -> Value {
    json!({
        "clientId": reference, "tokenType": "IDENTIFICATION", "externalRef": "ref-1", "firstName": "Ada",
        "successUrl": "https://app.example/ok", "errorUrl": "https://app.example/error",
        "unverifiedUrl": "https://app.example/no",
    })
}

async fn created(idenfy: &Idenfy, reference: &str) -> Value {
    let answer = post(idenfy, "/api/v2/token", &fields(reference)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

fn id(made: &Value) -> &str {
    made["scanRef"].as_str().unwrap()
}

async fn read(idenfy: &Idenfy, id: &str) -> Value {
    post(idenfy, "/api/v2/status", &json!({ "scanRef": id })).await.json()
}

#[track_caller]
fn assert_error(answer: &Answer, identifier: &str) {
    assert_eq!(
        (answer.status, answer.json()["identifier"].as_str()),
        (400, Some(identifier)),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_start_repeats_its_fields_and_may_not_tell_its_page() {
    let sandbox = frozen().await;
    let idenfy = sandbox.idenfy();
    let made = created(idenfy, "user-42").await;
    assert_eq!((&made["firstName"], &made["expiryTime"]), (&json!("ADA"), &json!(3600)));
    let page =
        format!("{}/api/v2/redirect?authToken={}", idenfy.base_url(), made["authToken"].as_str().unwrap());
    assert_eq!(made["redirectUrl"], page);
    idenfy.tell_redirect_url(false);
    let silent = created(idenfy, "user-42").await;
    assert_eq!(silent["redirectUrl"], Value::Null);
    let built =
        format!("{}/api/v2/redirect?authToken={}", idenfy.base_url(), silent["authToken"].as_str().unwrap());
    let hop = ask(unmoved().get(&built)).await;
    let shown = ask(client().get(format!("{}{}", idenfy.base_url(), hop.header("location").unwrap()))).await;
    assert!(shown.status == 200 && shown.text.contains(id(&silent)));
}

#[tokio::test]
async fn every_refusal_is_400_with_an_identifier() {
    let sandbox = frozen().await;
    let idenfy = sandbox.idenfy();
    let with = |name: &str, value: Value| {
        let mut fields = fields("user-42");
        fields[name] = value;
        fields
    };
    for (body, identifier) in [
        (with("clientId", Value::Null), "MISSING_VALUE"),
        (with("tokenType", Value::Null), "MISSING_VALUE"),
        (with("clientId", json!("Ä")), "BAD_VALUE"),
        (with("firstName", json!("Ada 2")), "BAD_VALUE"),
        (with("externalRef", json!("r".repeat(41))), "BAD_VALUE"),
        (with("expiryTime", json!(2_592_001)), "BAD_VALUE"),
        (with("successUrl", json!("back")), "BAD_VALUE"),
    ] {
        assert_error(&post(idenfy, "/api/v2/token", &body).await, identifier);
    }
    let url = format!("{}/api/v2/status", idenfy.base_url());
    assert_error(&ask(client().post(&url).json(&json!({}))).await, "UNAUTHORIZED");
    let keyed = || client().post(&url).basic_auth(idenfy.api_key(), Some(idenfy.api_secret()));
    assert_error(&ask(keyed().header("content-type", "application/json").body("{")).await, "JSON_ERROR");
    let get = client().get(&url).basic_auth(idenfy.api_key(), Some(idenfy.api_secret()));
    assert_error(&ask(get).await, "METHOD_NOT_ALLOWED");
    idenfy.fund(false);
    let broke = post(idenfy, "/api/v2/token", &fields("user-42")).await;
    assert_error(&broke, "PARTNER_ERROR");
    assert!(broke.text.contains("token limit"));
}

#[tokio::test]
async fn the_automatic_result_is_told_before_it_is_final() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([]).await);
    let idenfy = sandbox.idenfy();
    idenfy.add_webhook_endpoint(&receiver.url).unwrap();
    let made = created(idenfy, "user-42").await;
    idenfy.act(id(&made), &Act::Submit).unwrap();
    assert_eq!(read(idenfy, id(&made)).await["status"], "REVIEWING");
    idenfy.act(id(&made), &Act::Reject { reason: Some(Reason::new("face_mismatch").unwrap()) }).unwrap();
    sandbox.webhooks_settled().await;
    let bodies: Vec<Value> = receiver.received().iter().map(Received::json).collect();
    let told: Vec<(&Value, &Value)> =
        bodies.iter().map(|body| (&body["final"], &body["status"]["overall"])).collect();
    assert_eq!(told, [(&json!(false), &json!("APPROVED")), (&json!(true), &json!("DENIED"))]);
    assert_eq!((&bodies[0]["clientId"], &bodies[0]["externalRef"]), (&json!("user-42"), &json!("ref-1")));
    assert_eq!(bodies[1]["status"]["manualFace"], "FACE_MISMATCH");
    assert!(bodies.iter().all(|body| body.get("event").is_none() && body.get("type").is_none()));
}

#[tokio::test]
async fn a_suspicion_leaves_the_verdict_open() {
    let sandbox = frozen().await;
    let idenfy = sandbox.idenfy();
    let made = created(idenfy, "user-42-hold-approve").await;
    assert_eq!(read(idenfy, id(&made)).await["status"], "REVIEWING");
    let suspected = read(idenfy, id(&made)).await;
    assert_eq!(
        (
            &suspected["status"],
            &suspected["manualDocument"],
            &suspected["manualFace"],
            &suspected["fraudTags"]
        ),
        (&json!("SUSPECTED"), &json!("DOC_VALIDATED"), &json!("FACE_MATCH"), &json!(["FACE_SUSPECTED"]))
    );
    assert_eq!(read(idenfy, id(&made)).await["status"], "APPROVED");
    let mismatch = created(idenfy, "user-43-reject:data_mismatch").await;
    read(idenfy, id(&mismatch)).await;
    let denied = read(idenfy, id(&mismatch)).await;
    assert_eq!((&denied["fraudTags"], &denied["mismatchTags"]), (&json!([]), &json!(["NAME"])));
}

#[tokio::test]
async fn the_url_chosen_is_all_that_the_browser_brings() {
    let sandbox = frozen().await;
    let idenfy = sandbox.idenfy();
    let fail = Act::Fail { reason: Reason::new("document_expired").unwrap() };
    for (act, url) in [(Act::Submit, "/ok"), (fail, "/no"), (Act::Leave, "/error")] {
        let made = created(idenfy, "user-42").await;
        let back = idenfy.act(id(&made), &act).unwrap().redirect_url;
        assert_eq!(back, Some(format!("https://app.example{url}")));
    }
}

#[tokio::test]
async fn a_token_expires_and_only_then_can_its_session_be_deleted() {
    let sandbox = frozen().await;
    let idenfy = sandbox.idenfy();
    let made = created(idenfy, "user-42").await;
    let body = json!({ "scanRef": id(&made) });
    let alive = post(idenfy, "/api/v2/delete", &body).await;
    assert_error(&alive, "PARTNER_ERROR");
    assert!(alive.text.contains("Token has not expired yet."));
    sandbox.advance(HOUR);
    assert_eq!(read(idenfy, id(&made)).await["status"], "EXPIRED");
    for _ in 0..2 {
        let deleted = post(idenfy, "/api/v2/delete", &body).await;
        assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
        assert_eq!(read(idenfy, id(&made)).await["status"], "EXPIRED-DELETED");
    }
}

#[tokio::test]
async fn lists_have_numbered_pages() {
    let sandbox = frozen().await;
    let idenfy = sandbox.idenfy();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(id(&created(idenfy, "user-42").await).to_owned());
        created(idenfy, "other").await;
    }
    made.reverse();
    let mut found = Vec::new();
    for page in 1..=4 {
        let url =
            format!("{}/kyc/identifications/?clientId=user-42&page={page}&perPage=2", idenfy.base_url());
        let request = client().get(url).basic_auth(idenfy.api_key(), Some(idenfy.api_secret()));
        let list = ask(request).await.json();
        let results = list["results"].as_array().unwrap();
        assert!(results.iter().all(|one| keys(one) == ["scanRef", "status", "suspected"]));
        assert_eq!((list["count"].as_u64(), list["next"].is_string()), (Some(5), page < 3));
        found.extend(results.iter().map(|one| id(one).to_owned()));
    }
    assert_eq!(found, made);
}
