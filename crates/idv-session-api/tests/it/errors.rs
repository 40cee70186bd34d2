//! Every documented refusal of deepidv, and every way to lose an answer.

use std::time::Duration;

use idv_core::{CredentialOwner, Delivery, Error, ErrorKind, FindRequest, Retry, VerificationProviderExt};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::support::{ID, Provider, Sent, answering, applicant, deepidv, hanging_up, nobody, sent, session};

const ALLOWED: Retry = Retry::Allowed { after: None };
const AFTER_17: Retry = Retry::Allowed { after: Some(Duration::from_secs(17)) };

/// Status, body, `Retry-After`; kind, retry of a start, retry of a check.
type Row = (u16, &'static str, Option<&'static str>, ErrorKind, Retry, Retry);

/// deepidv, "Create session" and "Retrieve session", errors; docs.deepidv.com, "Authentication"; its older pages.
const ROWS: &[Row] = &[
    (400, r#"{"error":"Invalid Input."}"#, None, ErrorKind::InvalidRequest, Retry::Never, Retry::Never),
    (401, r#"{"error":"Invalid API key."}"#, None, ErrorKind::Unauthenticated, Retry::Never, Retry::Never),
    (
        402,
        "Insufficient funds or subscription.",
        None,
        ErrorKind::PaymentRequired,
        Retry::Never,
        Retry::Never,
    ),
    (402, r#"{"error":"Insufficient funds."}"#, None, ErrorKind::PaymentRequired, Retry::Never, Retry::Never),
    (403, r#"{"error":"API key is missing."}"#, None, ErrorKind::Forbidden, Retry::Never, Retry::Never),
    (
        403,
        r#"{"error":"This is a sandbox API key."}"#,
        None,
        ErrorKind::Forbidden,
        Retry::Never,
        Retry::Never,
    ),
    (404, r#"{"error":"Workflow not found."}"#, None, ErrorKind::NotFound, Retry::Never, Retry::Never),
    (409, r#"{"error":"Conflict."}"#, None, ErrorKind::Conflict, Retry::Never, Retry::Never),
    (422, r#"{"error":"Unprocessable."}"#, None, ErrorKind::InvalidRequest, Retry::Never, Retry::Never),
    (429, r#"{"error":"Rate limit exceeded."}"#, None, ErrorKind::RateLimited, ALLOWED, ALLOWED),
    (429, r#"{"error":"Rate limit exceeded."}"#, Some("17"), ErrorKind::RateLimited, AFTER_17, AFTER_17),
    (500, r#"{"error":"Internal server error."}"#, None, ErrorKind::Unavailable, Retry::AfterCheck, ALLOWED),
    (502, "<html>Bad Gateway</html>", None, ErrorKind::Unavailable, Retry::AfterCheck, ALLOWED),
    (503, "", Some("17"), ErrorKind::Unavailable, Retry::AfterCheck, AFTER_17),
    (302, "", None, ErrorKind::InvalidResponse, Retry::Never, Retry::Never),
];

fn answer(row: &Row) -> ResponseTemplate {
    let (status, body, wait, ..) = *row;
    let mime = if body.starts_with('{') { "application/json" } else { "text/plain" };
    let template = ResponseTemplate::new(status).set_body_raw(body, mime);
    let template = template.insert_header("x-request-id", "req-5").insert_header("location", "/elsewhere");
    match wait {
        Some(wait) => template.insert_header("retry-after", wait),
        None => template,
    }
}

fn assert_axes(error: &Error, row: &Row, retry: Retry) {
    let (status, body, _, kind, ..) = *row;
    assert_eq!((error.kind(), error.retry(), error.delivery()), (kind, retry, Delivery::Answered), "{row:?}");
    assert_eq!(error.http_status(), Some(status));
    let owner = (status == 401).then_some(CredentialOwner::Application);
    assert_eq!(error.credential(), owner);
    assert_eq!(error.code(), None, "deepidv publishes no codes");
    assert_eq!(error.request_id().unwrap(), "req-5");
    assert_eq!(error.provider().unwrap().as_str(), "sessions");
    let text = error.vendor_text().map(|text| text.expose().to_owned()).unwrap_or_default();
    assert!(body.contains(&text), "{text}");
    for printed in [error.to_string(), format!("{error:?}")] {
        assert!(text.is_empty() || !printed.contains(&text), "{printed}");
        assert!(
            !printed.to_ascii_lowercase().contains("canary") && !printed.contains("127.0.0.1"),
            "{printed}"
        );
    }
}

#[tokio::test]
async fn every_refusal_has_its_kind() {
    for row in ROWS {
        let server = answering(answer(row)).await;
        let provider = deepidv(&server.uri());
        assert_axes(&provider.start(&applicant()).await.unwrap_err(), row, row.4);
        assert_axes(&provider.check_session(&session(ID)).await.unwrap_err(), row, row.5);
        assert_axes(&provider.find(&FindRequest::new("case-7")).await.unwrap_err(), row, row.5);
        let lines: Vec<_> = sent(&server).await.iter().map(Sent::line).collect();
        let check = format!("GET /v1/sessions/{ID}");
        assert_eq!(
            lines,
            ["POST /v1/sessions", &check, "GET /v1/sessions?external_id=case-7&limit=5"],
            "one attempt each"
        );
    }
}

async fn failures(provider: &Provider) -> [Error; 2] {
    let start = provider.start(&applicant()).await.unwrap_err();
    [start, provider.check_session(&session(ID)).await.unwrap_err()]
}

#[tokio::test]
async fn a_lost_answer_may_have_made_a_session() {
    let cut =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"id\":\"s-1\"";
    for answer in ["", "HTTP/1.1 200", cut] {
        let provider = deepidv(&hanging_up(answer).await);
        let [start, check] = failures(&provider).await;
        assert_eq!((start.delivery(), check.delivery()), (Delivery::Unknown, Delivery::Unknown), "{answer}");
        assert_eq!((start.retry(), check.retry()), (Retry::AfterCheck, ALLOWED), "{answer}");
        assert_eq!(start.kind(), ErrorKind::Connection, "{answer}");
    }
}

#[tokio::test]
async fn a_late_answer_may_have_made_a_session() {
    let late = ResponseTemplate::new(200).set_body_json(json!({})).set_delay(Duration::from_secs(30));
    let server = answering(late).await;
    let request = applicant().deadline(Duration::from_millis(200));
    let error = deepidv(&server.uri()).start(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::Unknown));
    assert_eq!(error.retry(), Retry::AfterCheck);
}

#[tokio::test]
async fn what_never_left_may_be_sent_again() {
    let provider = deepidv(&nobody().await);
    for error in failures(&provider).await {
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Connection, Delivery::NotSent));
        assert_eq!(error.retry(), ALLOWED);
    }
}

#[tokio::test]
async fn an_unreadable_success_asks_for_a_look() {
    for body in ["", "<html>", "{", "{\"id\":"] {
        let server = answering(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
        let [start, check] = failures(&deepidv(&server.uri())).await;
        assert_eq!((start.kind(), start.retry()), (ErrorKind::InvalidResponse, Retry::AfterCheck), "{body}");
        assert_eq!((check.kind(), check.retry()), (ErrorKind::InvalidResponse, Retry::Never), "{body}");
    }
    let large = ResponseTemplate::new(200).set_body_raw(vec![b' '; (1 << 20) + 1], "application/json");
    let server = answering(large).await;
    let [start, _] = failures(&deepidv(&server.uri())).await;
    assert_eq!((start.kind(), start.retry()), (ErrorKind::InvalidResponse, Retry::AfterCheck));
}
