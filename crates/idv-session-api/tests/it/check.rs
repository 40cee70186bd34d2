//! Reading a session at deepidv.

use idv_core::{
    CheckRequest, Correlation, Delivery, ErrorKind, Retry, Verification, VerificationProviderExt,
    VerificationReason,
};
use serde_json::{Value, json};

use crate::support::{ID, KEY, answering, deepidv, ok, raw, sent, session};

async fn check(body: Value) -> idv_core::Result<Verification> {
    let server = answering(ok(body)).await;
    deepidv(&server.uri()).check_session(&session(ID)).await
}

/// `status` and `session_progress`, and what they mean: status, action, reasons.
type Row = (&'static str, Option<&'static str>, &'static str, &'static str, &'static [VerificationReason]);

/// deepidv, "Retrieve session".
const ROWS: &[Row] = &[
    ("PENDING", Some("PENDING"), "not_started", "continue_session", &[]),
    ("PENDING", Some("STARTED"), "in_progress", "wait", &[]),
    ("PENDING", Some("COMPLETED"), "in_progress", "wait", &[]),
    ("PENDING", Some("DANCING"), "in_progress", "wait", &[]),
    ("PENDING", None, "in_progress", "wait", &[]),
    ("pending", Some("pending"), "not_started", "continue_session", &[]),
    ("SUBMITTED", Some("COMPLETED"), "in_review", "wait", &[]),
    ("SUBMITTED", Some("PENDING"), "in_review", "wait", &[]),
    ("VERIFIED", Some("COMPLETED"), "approved", "none", &[]),
    ("VERIFIED", Some("PENDING"), "approved", "none", &[]),
    ("Verified", None, "approved", "none", &[]),
    ("REJECTED", Some("COMPLETED"), "rejected", "retry_with_new_session", &[]),
    ("VOIDED", Some("PENDING"), "cancelled", "start_session", &[]),
    ("EXPIRED", Some("STARTED"), "expired", "start_session", &[]),
    ("FAILED", Some("STARTED"), "failed", "start_session", &[VerificationReason::AttemptsExhausted]),
    ("APPROVED", None, "unrecognized", "wait", &[]),
    ("VERIFIED ", None, "unrecognized", "wait", &[]),
    ("UNVERIFIED", None, "unrecognized", "wait", &[]),
    ("on\u{1b}[31m", None, "unrecognized", "wait", &[]),
];

#[tokio::test]
async fn every_word_is_read_in_both_spellings() {
    for (word, progress, status, action, reasons) in ROWS {
        let snake = json!({"session_record": {
            "id": ID, "external_id": "case-7", "status": word, "session_progress": progress,
            "created_at": "2026-07-01T09:00:00.000Z", "updated_at": "2026-07-01T09:12:44.000Z",
        }, "user": {"email": "canary@example.com"}, "resource_links": {"selfie": "https://canary.example"}});
        let camel = json!({"sessionRecord": {
            "id": ID, "externalId": "case-7", "status": word, "sessionProgress": progress,
            "createdAt": "2026-07-01T09:00:00.000Z", "updatedAt": "2026-07-01T09:12:44.000Z",
        }});
        let bare = snake["session_record"].clone();
        for body in [snake, camel, bare] {
            let read = check(body).await.unwrap();
            assert_eq!((read.status.as_str(), read.next_action.as_str()), (*status, *action), "{word}");
            let expected = if word.contains('\u{1b}') { "on\\u{1b}[31m" } else { word };
            assert_eq!(read.provider_status.as_str(), expected);
            let found: Vec<_> = read.reasons.iter().map(|reason| reason.reason).collect();
            assert_eq!(found, *reasons, "{word}");
            assert_eq!(read.updated_at.unwrap().to_string(), "2026-07-01T09:12:44Z");
            assert_eq!(read.reference, session(ID));
            let ids: Vec<_> = read.correlation.iter().collect();
            assert_eq!(ids, [("external_id", "case-7"), ("session_id", ID)]);
            assert!(read.subject_kind.is_none());
            assert!(!format!("{read:?}").contains("canary"));
        }
    }
}

#[tokio::test]
async fn the_request_is_as_documented() {
    let server = answering(ok(json!({"session_record": {"id": ID, "status": "PENDING"}}))).await;
    deepidv(&server.uri()).check_session(&session(ID)).await.unwrap();
    let sent = &sent(&server).await[0];
    assert_eq!(sent.line(), format!("GET /v1/sessions/{ID}"));
    assert_eq!(sent.header_names(), ["x-api-key"]);
    assert_eq!((&sent.headers["x-api-key"], sent.body.len()), (&KEY.parse().unwrap(), 0));
}

#[tokio::test]
async fn facts_that_are_absent_stay_absent() {
    let read = check(json!({"session_record": {"id": ID, "status": "SUBMITTED", "updated_at": "yesterday"}}))
        .await
        .unwrap();
    assert!(read.updated_at.is_none());
    assert_eq!(read.correlation.iter().collect::<Vec<_>>(), [("session_id", ID)]);
}

#[tokio::test]
async fn an_answer_about_another_session_is_a_conflict() {
    for body in [
        json!({"session_record": {"id": "another", "status": "VERIFIED"}}),
        json!({"session_record": {"id": ID.to_uppercase(), "status": "VERIFIED"}}),
        json!({"id": "..", "status": "VERIFIED"}),
    ] {
        let error = check(body).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Conflict, Delivery::Answered));
        assert_eq!(error.retry(), Retry::Never);
    }
    let body = json!({"session_record": {"id": ID, "external_id": "case-8", "status": "VERIFIED"}});
    let server = answering(ok(body)).await;
    let request = CheckRequest::new(session(ID)).expect(Correlation::EXTERNAL_ID, "case-7");
    let error = deepidv(&server.uri()).check(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn an_answer_about_nobody_is_no_answer() {
    for id in [json!(null), json!(""), json!(true), json!([ID]), json!({"id": ID})] {
        let error = check(json!({"session_record": {"id": id, "status": "VERIFIED"}})).await.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::Never), "{id}");
    }
    for body in [
        json!({"session_record": {"status": "VERIFIED"}}),
        json!({"status": "failed", "message": "upstream timeout"}),
        json!({"status": "rejected", "error": "quota"}),
    ] {
        let error = check(body.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (ErrorKind::InvalidResponse, Some(200)), "{body}");
        assert!(error.message().contains("`/id` is missing"), "{error}");
    }
    let number = json!({"session_record": {"id": 999, "status": "VERIFIED"}});
    assert_eq!(check(number.clone()).await.unwrap_err().kind(), ErrorKind::Conflict);
    let server = answering(ok(number)).await;
    let read = deepidv(&server.uri()).check_session(&session("999")).await.unwrap();
    assert_eq!(read.status.as_str(), "approved", "a number is compared as its text");
}

#[tokio::test]
async fn a_name_that_stands_twice_is_no_answer() {
    for record in [
        format!(r#"{{"id":"{ID}","status":"PENDING","status":"VERIFIED"}}"#),
        format!(r#"{{"id":"{ID}","status":"VERIFIED","status":"PENDING"}}"#),
        format!(r#"{{"id":"other","id":"{ID}","status":"VERIFIED"}}"#),
    ] {
        for body in [record.clone(), format!(r#"{{"session_record":{record}}}"#)] {
            let server = answering(raw(body.clone())).await;
            let error = deepidv(&server.uri()).check_session(&session(ID)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
            assert!(error.message().contains("is given twice"), "{error}");
        }
    }
    let twice = format!(r#"{{"session_record":{{"id":"{ID}","status":"VERIFIED"}},"session_record":{{}}}}"#);
    let server = answering(raw(twice)).await;
    let error = deepidv(&server.uri()).check_session(&session(ID)).await.unwrap_err();
    assert!(error.message().contains("`session_record` is given twice"), "{error}");
}

#[tokio::test]
async fn what_nobody_reads_spoils_nothing_and_a_byte_order_mark_is_passed_over() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for beside in [r#""\ud83d""#, "1e999", &deep] {
        let body = format!(
            "\u{feff}{{\"x\":{beside},\"session_record\":{{\"id\":\"{ID}\",\"analysis_data\":{beside},\"status\":\"VERIFIED\"}}}}"
        );
        let server = answering(raw(body)).await;
        let read = deepidv(&server.uri()).check_session(&session(ID)).await.unwrap();
        assert_eq!(read.status.as_str(), "approved");
    }
}

#[tokio::test]
async fn a_detail_that_cannot_be_read_makes_the_word_unrecognized() {
    for progress in
        [r#"{"a":1}"#, r#"["STARTED"]"#, r#""\ud83d""#, r#""STARTED","session_progress":"PENDING""#]
    {
        let body = format!(
            r#"{{"session_record":{{"id":"{ID}","status":"PENDING","session_progress":{progress}}}}}"#
        );
        let server = answering(raw(body)).await;
        let read = deepidv(&server.uri()).check_session(&session(ID)).await.unwrap();
        assert_eq!((read.status.as_str(), read.next_action.as_str()), ("unrecognized", "wait"), "{progress}");
        assert_eq!(read.provider_status, "PENDING");
    }
}

#[tokio::test]
async fn an_answer_without_a_status_is_no_answer() {
    for body in [
        json!({}),
        json!([]),
        json!("VERIFIED"),
        json!(null),
        json!({"session_record": {"id": ID}}),
        json!({"session_record": {"id": ID, "status": null}}),
        json!({"session_record": {"id": ID, "status": 7}}),
        json!({"session_record": {"id": ID, "status": ""}}),
        json!({"session_record": {"id": ID, "status": ["VERIFIED"]}}),
        json!({"session_record": {"id": ID}, "status": "VERIFIED"}),
    ] {
        let error = check(body.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.retry()), (ErrorKind::InvalidResponse, Retry::Never), "{body}");
    }
}

#[tokio::test]
async fn nasty_references_never_produce_a_request() {
    let server = answering(ok(json!({"session_record": {"status": "VERIFIED"}}))).await;
    let provider = deepidv(&server.uri());
    let long = "a".repeat(129);
    for key in [
        "a/b", "../v1", "/", "//", "%2e%2e", "%2E", "a?b", "?", "#", "a#b", "a b", " ", "ä", "a;b", "a&b",
        "a\\b", "{id}", "*", &long,
    ] {
        let error = provider.check_session(&session(key)).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidRequest, Delivery::NotSent), "{key}");
        let problem = &error.input_problems()[0];
        assert_eq!((problem.input.as_str(), problem.problem.as_str()), ("session", "invalid"), "{key}");
    }
    let foreign = "other:s-1".parse().unwrap();
    let error = provider.check_session(&foreign).await.unwrap_err();
    assert_eq!(error.input_problems()[0].input.as_str(), "session");
    assert!(sent(&server).await.is_empty());
    for key in ["a:b", "a.b", "a..b", "...", "~a_b=@+,-", &"a".repeat(128)] {
        let error = provider.check_session(&session(key)).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::Answered, "this one was sent, and answered without an id");
    }
    let paths: Vec<_> = sent(&server).await.into_iter().map(|sent| sent.line()).collect();
    assert_eq!(paths.len(), 6);
    assert_eq!(paths[..3], ["GET /v1/sessions/a:b", "GET /v1/sessions/a.b", "GET /v1/sessions/a..b"]);
}
