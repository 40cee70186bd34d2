//! Persona, as its built-in description has it: every trap of its pages fails on the naive reading. Signatures were made with another
//! implementation of HMAC.

use idv_core::{
    CancelRequest, Delivery, EraseRequest, ErasureState, ErrorKind, FindRequest, RefreshRequest, Retry,
    StartRequest, Timestamp, VerificationProviderExt, WebhookEvent, WebhookOutcome, WebhookRequest,
};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Provider, answering, build, headers, ok, over, sent, session};

const INQUIRY: &str = "inq_sim000000000000000001";
const NOW: i64 = 1_782_896_400;
const APPROVED: &str = r#"{"data":{"type":"event","id":"evt_sim0000000000000001","attributes":{"name":"inquiry.approved","created-at":"2026-07-01T09:00:00.000Z","payload":{"data":{"type":"inquiry","id":"inq_sim000000000000000001","attributes":{"status":"approved","reference-id":"user-42"}}}}}}"#;
const ONE: &str = "t=1782896400,v1=de196ca1a860f408ee565a4ea09a498f3ebd75f398ea48683288859422714dfa";
const OTHER: &str = "t=1782896400,v1=2c79dca1f6dd65f4fefd7ffde52e0388a8f28c2c3b76ad015a7cfca463590365";

fn persona(base: &str, more: Value) -> Provider {
    let options = json!({
        "preset": "persona", "base_url": base, "api_key": {"env": "KEY"}, "workflow_id": "itmpl_sim1",
        "webhook_secrets": ["wbhsec_sim-0001"],
    });
    build(&over(options, more)).unwrap()
}

fn inquiry(status: &str) -> Value {
    json!({"data": {"type": "inquiry", "id": INQUIRY, "attributes": {"status": status, "reference-id": "user-42",
        "updated-at": "2026-07-01T09:12:44.000Z", "expires-at": "2026-07-02T09:00:00.000Z"}}})
}

fn with_link(status: &str) -> Value {
    over(inquiry(status), json!({"meta": {"one-time-link": "https://withpersona.com/verify?code=us1-AbC"}}))
}

fn ada() -> StartRequest {
    StartRequest::new("user-42")
        .first_name("Ada")
        .email("ada@example.com")
        .redirect_url("https://app.example/back")
}

#[tokio::test]
async fn a_start_asks_for_the_link_where_persona_looks_for_it_and_for_no_personal_data() {
    let server = answering(ok(with_link("created"))).await;
    let request = ada().date_of_birth("1815-12-10").idempotency_key("key-1");
    let started = persona(&server.uri(), json!({})).start(&request).await.unwrap();
    assert_eq!(started.reference, session(INQUIRY));
    assert!(started.single_use);
    assert_eq!(started.expires_at.unwrap().at.to_string(), "2026-07-02T09:00:00Z");
    let sent = &sent(&server).await[0];
    let fields = "fields%5Binquiry%5D=status%2Creference-id%2Ccreated-at%2Cupdated-at%2Cexpires-at";
    assert_eq!(sent.line(), format!("POST /inquiries?{fields}"));
    assert_eq!(
        sent.json(),
        json!({
            "data": {"attributes": {
                "reference-id": "user-42", "inquiry-template-id": "itmpl_sim1", "redirect-uri": "https://app.example/back",
                "fields": {"name-first": "Ada", "email-address": "ada@example.com", "birthdate": "1815-12-10"},
            }},
            "meta": {"auto-create-one-time-link": true},
        })
    );
    let header = |name: &str| sent.headers[name].to_str().unwrap().to_owned();
    assert_eq!((header("persona-version"), header("key-inflection")), ("2023-01-05".into(), "kebab".into()));
    assert_eq!(
        (header("idempotency-key"), header("authorization")),
        ("key-1".into(), "Bearer sk_live_canary".into())
    );
    let without = answering(ok(inquiry("created"))).await;
    let error = persona(&without.uri(), json!({})).start(&ada()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::AfterCheck));
}

#[tokio::test]
async fn a_stored_failure_is_not_asked_for_again_and_a_lost_answer_is() {
    let server =
        answering(ResponseTemplate::new(500).set_body_json(json!({"errors": [{"title": "Server error"}]})))
            .await;
    let provider = persona(&server.uri(), json!({}));
    assert!(provider.profile().capabilities.idempotent_start);
    let stored = provider.start(&ada().idempotency_key("key-1")).await.unwrap_err();
    assert_eq!((stored.kind(), stored.retry()), (ErrorKind::Unavailable, Retry::AfterCheck));
    let address = crate::support::hanging_up("").await;
    let lost = persona(&address, json!({})).start(&ada().idempotency_key("key-1")).await.unwrap_err();
    assert_eq!((lost.delivery(), lost.retry()), (Delivery::Unknown, Retry::Allowed { after: None }));
}

#[tokio::test]
async fn completed_is_no_approval_unless_the_configuration_says_so() {
    for (word, more, status, action) in [
        ("completed", json!({}), "in_review", "wait"),
        ("completed", json!({"status_words": {"completed": "approved"}}), "approved", "none"),
        ("needs_review", json!({"status_words": {"completed": "approved"}}), "on_hold", "wait"),
        ("approved", json!({}), "approved", "none"),
        ("declined", json!({}), "rejected", "retry_with_new_session"),
        ("failed", json!({}), "failed", "start_session"),
        ("expired", json!({}), "expired", "resume_session"),
        ("created", json!({}), "not_started", "continue_session"),
        ("transmogrified", json!({}), "unrecognized", "wait"),
    ] {
        let server = answering(ok(inquiry(word))).await;
        let read = persona(&server.uri(), more).check_session(&session(INQUIRY)).await.unwrap();
        assert_eq!((read.status.as_str(), read.next_action.as_str()), (status, action), "{word}");
        assert_eq!(read.correlation.get("external_id"), Some("user-42"));
        assert!(sent(&server).await[0].line().contains("?fields%5Binquiry%5D=status"), "{word}");
    }
}

/// A server with the state of an inquiry and the calls about it.
async fn server_of(status: &str) -> MockServer {
    let server = MockServer::start().await;
    let about = |rest: &str| path(format!("/inquiries/{INQUIRY}{rest}"));
    let answer = |status: &str| ok(inquiry(status));
    Mock::given(method("GET")).and(about("")).respond_with(answer(status)).mount(&server).await;
    Mock::given(method("POST")).and(about("/resume")).respond_with(answer("pending")).mount(&server).await;
    let link = ok(with_link("pending"));
    Mock::given(method("POST")).and(about("/generate-one-time-link")).respond_with(link).mount(&server).await;
    Mock::given(method("POST")).and(about("/expire")).respond_with(answer("expired")).mount(&server).await;
    Mock::given(method("DELETE")).and(about("")).respond_with(answer("approved")).mount(&server).await;
    server
}

#[tokio::test]
async fn an_expired_inquiry_is_resumed_before_it_gets_a_link_and_another_one_is_not() {
    for (status, calls) in [
        ("expired", &["GET", "POST /resume", "POST /generate-one-time-link"][..]),
        ("pending", &["GET", "POST /generate-one-time-link"]),
        ("created", &["GET", "POST /generate-one-time-link"]),
    ] {
        let server = server_of(status).await;
        let fresh =
            persona(&server.uri(), json!({})).refresh(&RefreshRequest::new(session(INQUIRY))).await.unwrap();
        assert_eq!(fresh.reference, session(INQUIRY));
        assert!(fresh.single_use && fresh.url().is_some());
        let made: Vec<String> = sent(&server)
            .await
            .iter()
            .map(|one| {
                let rest = one.path.strip_prefix(&format!("/inquiries/{INQUIRY}")).unwrap();
                format!("{} {rest}", one.method).trim().to_owned()
            })
            .collect();
        assert_eq!(made, calls, "{status}");
    }
}

#[tokio::test]
async fn expiring_cancels_and_redaction_erases() {
    let server = server_of("pending").await;
    let provider = persona(&server.uri(), json!({}));
    let cancelled = provider.cancel(&CancelRequest::new(session(INQUIRY))).await.unwrap();
    assert_eq!((cancelled.status.as_str(), cancelled.provider_status.as_str()), ("cancelled", "expired"));
    let erased = provider.erase(&EraseRequest::new(session(INQUIRY))).await.unwrap();
    assert_eq!(erased.state, ErasureState::Accepted);
    let redacted = json!({"errors": [{"title": "Conflict", "details": "Inquiry already redacted"}]});
    for (status, body, state) in [
        (409, redacted.clone(), Some(ErasureState::AlreadyGone)),
        (404, json!({"errors": [{"title": "Record not found"}]}), Some(ErasureState::AlreadyGone)),
        (404, json!({"message": "no route"}), None),
        (403, redacted, None),
    ] {
        let server = answering(ResponseTemplate::new(status).set_body_json(body)).await;
        let erased = persona(&server.uri(), json!({})).erase(&EraseRequest::new(session(INQUIRY))).await;
        assert_eq!(erased.ok().map(|erasure| erasure.state), state, "{status}");
    }
}

#[tokio::test]
async fn the_list_goes_on_at_a_path_and_is_followed_nowhere_else() {
    let server = MockServer::start().await;
    let record = |id: &str, status: &str| json!({"type": "inquiry", "id": id, "attributes": {"status": status, "reference-id": "user-42"}});
    let first = json!({"data": [record("inq_2", "pending")],
        "links": {"prev": null, "next": "/inquiries?filter%5Breference-id%5D=user-42&page%5Bafter%5D=inq_2&page%5Bsize%5D=5"}});
    let second = json!({"data": [record("inq_1", "declined")], "links": {"prev": "x", "next": null}});
    let mock = Mock::given(method("GET")).and(path("/inquiries"));
    mock.and(query_param("page[after]", "inq_2"))
        .respond_with(ok(second))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("GET")).and(path("/inquiries")).respond_with(ok(first)).mount(&server).await;
    let found = persona(&server.uri(), json!({})).find(&FindRequest::new("user-42")).await.unwrap();
    let found: Vec<_> = found.iter().map(|one| (one.reference.key(), one.status.as_str())).collect();
    assert_eq!(found, [("inq_2", "in_progress"), ("inq_1", "rejected")]);
    for elsewhere in [
        "https://evil.example/inquiries?page%5Bafter%5D=inq_2",
        "/accounts?page%5Bafter%5D=inq_2",
        "//evil.example/inquiries?a=b",
        "/inquiries",
    ] {
        let list = json!({"data": [record("inq_2", "pending")], "links": {"next": elsewhere}});
        let server = answering(ok(list)).await;
        let error = persona(&server.uri(), json!({})).find(&FindRequest::new("user-42")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{elsewhere}");
        assert_eq!(sent(&server).await.len(), 1, "{elsewhere}");
        assert!(!format!("{error} {error:?}").contains("evil"), "{error}");
    }
}

/// An element that is no session may be the one that matters.
#[tokio::test]
async fn an_element_of_a_list_that_does_not_fit_is_an_error_and_never_left_out() {
    for odd in [json!({"data": {"id": "inq_1"}}), json!("inq_1"), json!({"id": "inq_1"}), json!(null)] {
        let good = json!({"id": "inq_2", "attributes": {"status": "pending", "reference-id": "user-42"}});
        let server = answering(ok(json!({"data": [good, odd], "links": {"next": null}}))).await;
        let error = persona(&server.uri(), json!({})).find(&FindRequest::new("user-42")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{odd}");
    }
}

#[tokio::test]
async fn errors_are_read_where_persona_puts_them() {
    let said = json!({"errors": [{"title": "Rate limit exceeded", "code": "too_many"}]});
    let limit = ResponseTemplate::new(429).set_body_json(&said).insert_header("ratelimit-reset", "17");
    let server = answering(limit).await;
    let error = persona(&server.uri(), json!({})).start(&ada()).await.unwrap_err();
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(17));
    assert_eq!(error.code().unwrap().as_str(), "too_many");
    // The header stands on every answer, and a 5xx asks for no wait by it.
    let broken = ResponseTemplate::new(503).set_body_json(&said).insert_header("ratelimit-reset", "17");
    let server = answering(broken).await;
    let error = persona(&server.uri(), json!({})).check_session(&session(INQUIRY)).await.unwrap_err();
    assert_eq!(error.retry_after(), None);
    let invalid = json!({"errors": [{"title": "Bad Request", "details": "data.attributes.name is missing"}]});
    let server = answering(ResponseTemplate::new(422).set_body_json(invalid)).await;
    let error = persona(&server.uri(), json!({})).start(&ada()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        error.vendor_text().map(|text| text.expose().to_owned()),
        Some("data.attributes.name is missing".into())
    );
}

fn read_at(at: i64, more: Value, signature: &str, body: &str) -> Result<WebhookEvent, ErrorKind> {
    let headers = headers(&[("persona-signature", signature)]);
    let request = WebhookRequest::new(&headers, body.as_bytes(), Timestamp::from_unix_seconds(at));
    match persona("http://127.0.0.1:9", more).verify_webhook(&request) {
        Ok(WebhookOutcome::Event(event)) => Ok(*event),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind()),
    }
}

fn signed(body: &str) -> String {
    let signature = idv_tests::sign_hmac_hex("wbhsec_sim-0001", &NOW.to_string(), body.as_bytes());
    format!("t={NOW},v1={signature}")
}

#[test]
fn each_set_of_a_rotation_is_judged_by_itself() {
    for header in [ONE.to_owned(), format!("{ONE} {OTHER}"), format!("{OTHER} {ONE}")] {
        let read = read_at(NOW, json!({}), &header, APPROVED).unwrap();
        assert_eq!(
            (read.id.as_str(), read.status().unwrap().as_str()),
            ("evt_sim0000000000000001", "approved")
        );
        assert_eq!(read.next_action.as_str(), "none");
        assert_eq!(read.reference, Some(session(INQUIRY)));
    }
    let old = json!({"webhook_secrets": ["wbhsec_sim-0000"]});
    assert!(read_at(NOW, old.clone(), &format!("{ONE} {OTHER}"), APPROVED).is_ok());
    assert_eq!(read_at(NOW, old, ONE, APPROVED).unwrap_err(), ErrorKind::WebhookRejected);
    assert_eq!(read_at(NOW + 301, json!({}), ONE, APPROVED).unwrap_err(), ErrorKind::WebhookRejected);
    // A fresh time before a signature of an older one is not its time.
    let stolen = ONE.replace("t=1782896400,", "t=1782896400,t=1782896401,");
    assert_eq!(read_at(NOW, json!({}), &stolen, APPROVED).unwrap_err(), ErrorKind::WebhookRejected);
}

#[test]
fn a_webhook_without_some_attributes_is_a_notice() {
    for (attributes, name, status, action) in [
        (json!({"reference-id": "user-42"}), "inquiry.approved", None, "check"),
        (json!({}), "inquiry.completed", None, "check"),
        // A snapshot that is older than the event, or newer.
        (json!({"status": "pending"}), "inquiry.approved", None, "check"),
        (json!({"status": "declined"}), "inquiry.approved", None, "check"),
        (json!({"status": "completed"}), "inquiry.completed", Some("in_review"), "check"),
        (json!({"status": "declined"}), "inquiry.declined", Some("rejected"), "retry_with_new_session"),
        (
            json!({"status": "declined", "referenceId": "user-42"}),
            "inquiry.transitioned",
            Some("rejected"),
            "retry_with_new_session",
        ),
    ] {
        let payload = json!({"data": {"type": "inquiry", "id": INQUIRY, "attributes": attributes}});
        let body =
            json!({"data": {"id": "evt_1", "attributes": {"name": name, "payload": payload}}}).to_string();
        let read = read_at(NOW, json!({}), &signed(&body), &body).unwrap();
        assert_eq!(read.status().map(|status| status.as_str()), status, "{attributes} {name}");
        assert_eq!(
            (read.next_action.as_str(), read.reference),
            (action, Some(session(INQUIRY))),
            "{attributes} {name}"
        );
    }
}

#[test]
fn events_of_other_objects_are_ignored() {
    for name in
        ["report/address-lookup.ready", "account.created", "inquiry-session.started", "verification.passed"]
    {
        let body =
            json!({"data": {"id": "evt_1", "attributes": {"name": name, "payload": {"data": {"id": "x"}}}}})
                .to_string();
        let headers = headers(&[("persona-signature", &signed(&body))]);
        let request = WebhookRequest::new(&headers, body.as_bytes(), Timestamp::from_unix_seconds(NOW));
        let read = persona("http://127.0.0.1:9", json!({})).verify_webhook(&request).unwrap();
        assert!(matches!(read, WebhookOutcome::Ignored { .. }), "{name}");
    }
}
