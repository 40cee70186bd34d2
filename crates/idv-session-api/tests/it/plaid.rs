//! Plaid, as its built-in description has it: every trap of its pages fails on the naive reading.

use std::sync::{Arc, Mutex};

use idv_core::{
    Delivery, ErrorKind, FindRequest, Retry, StartRequest, Timestamp, WebhookEvent, WebhookOutcome,
    WebhookRequest,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Provider, answering, build, hanging_up, headers, ok, over, sent, session};

const ID: &str = "idv_52xR9LKo77r1Np";

fn options(base: &str) -> Value {
    json!({
        "preset": "plaid", "base_url": base, "api_key": {"env": "KEY"}, "secrets": {"client_id": "client-id-canary"},
        "workflow_id": "idvtmp_1",
    })
}

fn plaid(base: &str) -> Provider {
    build(&options(base)).unwrap()
}

fn verification(id: &str, status: &str) -> Value {
    json!({
        "id": id, "client_user_id": "case-42", "created_at": "2026-07-01T09:00:00Z", "completed_at": null, "status": status,
        "shareable_url": "https://flow.plaid.com/verify/idv_52?key=e0", "request_id": "saKrIBuEB9qJZng",
    })
}

fn list(ids: &[&str], cursor: Option<&str>) -> Value {
    let all: Vec<Value> = ids.iter().map(|id| verification(id, "active")).collect();
    json!({"identity_verifications": all, "next_cursor": cursor})
}

/// Gives one answer after another, and the last for ever.
async fn answers(answers: &[Value]) -> MockServer {
    let server = MockServer::start().await;
    let left = Arc::new(Mutex::new(answers.to_vec()));
    let next = move |_: &Request| {
        let mut left = left.lock().unwrap();
        let answer = if left.len() > 1 { left.remove(0) } else { left[0].clone() };
        ok(answer)
    };
    Mock::given(any()).respond_with(next).mount(&server).await;
    server
}

#[tokio::test]
async fn both_secrets_are_headers_and_every_call_is_a_post() {
    let server = answering(ok(verification(ID, "active"))).await;
    let request = StartRequest::new("case-42").first_name("Ada").last_name("Canary").email("ada@example.com");
    let started = plaid(&server.uri()).start(&request.date_of_birth("1990-12-31")).await.unwrap();
    assert_eq!(started.reference, session(ID));
    assert_eq!(started.url().unwrap().expose(), "https://flow.plaid.com/verify/idv_52?key=e0");
    let sent = &sent(&server).await[0];
    assert_eq!(sent.line(), "POST /identity_verification/create");
    assert_eq!(sent.header_names(), ["content-type", "plaid-client-id", "plaid-secret", "plaid-version"]);
    assert_eq!(sent.headers["plaid-client-id"], "client-id-canary");
    assert_eq!(
        sent.json(),
        json!({"client_user_id": "case-42", "template_id": "idvtmp_1", "is_shareable": true, "gave_consent": false,
            "is_idempotent": true, "user": {"email_address": "ada@example.com", "date_of_birth": "1990-12-31",
            "name": {"given_name": "Ada", "family_name": "Canary"}}})
    );
    assert!(!format!("{:?}", plaid(&server.uri())).contains("canary"));
}

#[tokio::test]
async fn a_list_is_asked_for_by_post_and_read_to_its_end() {
    let server = answers(&[list(&["idv_a", "idv_b"], Some("c-2")), list(&["idv_c"], None)]).await;
    let found = plaid(&server.uri()).find(&FindRequest::new("case-42")).await.unwrap();
    let keys: Vec<_> = found.iter().map(|one| one.reference.key().to_owned()).collect();
    assert_eq!(keys, ["idv_a", "idv_b", "idv_c"]);
    let asked: Vec<_> = sent(&server).await.iter().map(|sent| (sent.line(), sent.json())).collect();
    let line = "POST /identity_verification/list".to_owned();
    assert_eq!(
        asked,
        [
            (line.clone(), json!({"client_user_id": "case-42", "template_id": "idvtmp_1"})),
            (line, json!({"client_user_id": "case-42", "template_id": "idvtmp_1", "cursor": "c-2"})),
        ]
    );
    let endless = answers(&[list(&["idv_a"], Some("again"))]).await;
    let error = plaid(&endless.uri()).find(&FindRequest::new("case-42")).await.unwrap_err();
    assert_eq!((error.kind(), sent(&endless).await.len()), (ErrorKind::InvalidResponse, 20));
    let mut stranger = list(&["idv_a", "idv_b"], None);
    stranger["identity_verifications"][0]["client_user_id"] = "case-43".into();
    let server = answers(&[stranger]).await;
    assert_eq!(plaid(&server.uri()).find(&FindRequest::new("case-42")).await.unwrap().len(), 1);
}

/// A list holds the sessions of one template, so one of another template would never be found.
#[tokio::test]
async fn an_instance_has_one_template() {
    let server = answering(ok(verification(ID, "active"))).await;
    let own = StartRequest::new("case-42").workflow("idvtmp_1");
    assert!(plaid(&server.uri()).start(&own).await.is_ok());
    let other = StartRequest::new("case-42").workflow("idvtmp_2");
    let error = plaid(&server.uri()).start(&other).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidRequest, Delivery::NotSent));
    assert_eq!(error.input_problems()[0].input.as_str(), "workflow");
    let found = build(&over(options("http://127.0.0.1:9"), json!({"workflow_id": null}))).unwrap_err();
    assert_eq!(
        found,
        ["providers.sessions.workflow_id: is required: the vendor lists the sessions of one workflow"]
    );
}

#[tokio::test]
async fn a_repeated_start_gives_the_session_again_unless_it_has_ended() {
    let address = hanging_up("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"id\"").await;
    let error = plaid(&address).start(&StartRequest::new("case-42")).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Allowed { after: None }, "the reference is recognised");
    for (status, open) in [
        ("active", true),
        ("pending_review", true),
        ("a-new-word", true),
        ("failed", false),
        ("success", false),
        ("expired", false),
        ("canceled", false),
    ] {
        let server = answering(ok(verification(ID, status))).await;
        let started = plaid(&server.uri()).start(&StartRequest::new("case-42")).await;
        match started {
            Ok(session) => assert!(open && session.status.as_str() == "in_progress", "{status}"),
            Err(error) => {
                assert_eq!((error.kind(), error.retry()), (ErrorKind::Conflict, Retry::Never), "{status}");
                assert!(!open && error.delivery() == Delivery::Answered, "{status}");
            }
        }
    }
}

#[tokio::test]
async fn every_error_is_a_400_and_its_code_tells_which() {
    for (status, code, kind) in [
        (400, "INVALID_API_KEYS", ErrorKind::Unauthenticated),
        (400, "UNAUTHORIZED_ENVIRONMENT", ErrorKind::Forbidden),
        (400, "INVALID_FIELD", ErrorKind::InvalidRequest),
        (429, "RATE_LIMIT", ErrorKind::RateLimited),
    ] {
        let body = json!({"error_type": "X", "error_code": code, "error_message": "canary", "request_id": "HNTDNrA8F1shFEW"});
        let server = answering(ResponseTemplate::new(status).set_body_json(body)).await;
        let error = plaid(&server.uri()).start(&StartRequest::new("case-42")).await.unwrap_err();
        assert_eq!((error.kind(), error.code().unwrap().as_str()), (kind, code));
        assert_eq!(error.request_id().unwrap().as_str(), "HNTDNrA8F1shFEW");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

fn notice(proof: &[(&str, &str)], code: &str) -> WebhookEvent {
    let body = json!({"webhook_type": "IDENTITY_VERIFICATION", "webhook_code": code, "identity_verification_id": ID,
        "environment": "production", "status": "success"});
    let (headers, body) = (headers(proof), body.to_string());
    let request = WebhookRequest::new(&headers, body.as_bytes(), Timestamp::from_unix_seconds(0));
    match plaid("http://127.0.0.1:9").verify_webhook(&request).unwrap() {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_webhook_is_a_notice_whatever_it_says_and_two_with_one_body_are_two() {
    let event = notice(&[], "STATUS_UPDATED");
    assert_eq!((event.status(), event.next_action.as_str()), (None, "check"));
    assert_eq!(event.reference, Some(session(ID)));
    let first = notice(&[("plaid-verification", "eyJ.a.b")], "STATUS_UPDATED");
    let again = notice(&[("plaid-verification", "eyJ.a.b")], "STATUS_UPDATED");
    let second = notice(&[("plaid-verification", "eyJ.c.d")], "STATUS_UPDATED");
    assert_eq!(first.id, again.id);
    assert!(first.id != second.id && first.id != event.id);
}
