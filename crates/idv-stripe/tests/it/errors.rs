//! Errors: what Stripe says, and what that means for the caller.

use idv_core::{CheckRequest, Error, ErrorKind, StartRequest};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::support::{ID, Stripe, ok, reference, refused};

async fn start(answer: ResponseTemplate) -> Error {
    let stripe = Stripe::start(move |_| answer.clone()).await;
    stripe.provider().start(&StartRequest::new("case-7")).await.unwrap_err()
}

async fn check(answer: ResponseTemplate) -> Error {
    let stripe = Stripe::start(move |_| answer.clone()).await;
    stripe.provider().check(&CheckRequest::new(reference(ID))).await.unwrap_err()
}

fn told(error: Value) -> ResponseTemplate {
    refused(500, error)
}

#[tokio::test]
async fn a_restricted_key_without_the_permission_is_explained() {
    let error = check(refused(403, json!({"type": "invalid_request_error", "message": "canary"}))).await;
    let text = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(
        text.contains("Identity Verification Sessions and Reports") && !text.contains("canary"),
        "{text}"
    );
}

#[tokio::test]
async fn the_id_of_the_request_is_kept_and_printed() {
    for answer in [told(json!({"type": "api_error"})), ResponseTemplate::new(502), ok(json!({"id": ID}))] {
        let error = check(answer.insert_header("request-id", "req_1SimQ")).await;
        assert_eq!(error.request_id().map(AsRef::as_ref), Some("req_1SimQ"), "{error}");
        assert!(error.to_string().contains("request req_1SimQ"), "{error}");
    }
}

#[tokio::test]
async fn an_error_without_a_code_has_its_type() {
    let error = check(refused(400, json!({"type": "invalid_request_error", "param": "canary"}))).await;
    assert_eq!(error.code().map(AsRef::as_ref), Some("invalid_request_error"));
    let error =
        check(refused(404, json!({"type": "invalid_request_error", "code": "resource_missing"}))).await;
    assert_eq!(error.code().map(AsRef::as_ref), Some("resource_missing"));
}

#[tokio::test]
async fn a_key_that_was_used_for_something_else_is_a_conflict() {
    let error = start(refused(400, json!({"type": "idempotency_error", "message": "canary"}))).await;
    assert_eq!((error.kind(), error.retry().as_str()), (ErrorKind::Conflict, "never"));
    assert!(error.message().contains("with other inputs"), "{error}");
    let error = start(refused(409, json!({"code": "idempotency_key_in_use"}))).await;
    assert_eq!(
        (error.kind(), error.retry().as_str()),
        (ErrorKind::Conflict, "allowed"),
        "it is still under way"
    );
}

/// The answer to a start is kept under its key, a failure too: the vendor says when a repetition would only give it again.
#[tokio::test]
async fn the_vendor_s_own_word_on_a_repetition_counts() {
    for (status, word, retry) in [
        (500, None, "allowed"),
        (500, Some("true"), "allowed"),
        (500, Some("false"), "after_check"),
        (409, None, "never"),
        (409, Some("true"), "allowed"),
        (400, Some("true"), "allowed"),
        (429, Some("false"), "never"),
    ] {
        let answer = refused(status, json!({"type": "api_error"}));
        let answer = match word {
            Some(word) => answer.insert_header("stripe-should-retry", word),
            None => answer,
        };
        assert_eq!(start(answer).await.retry().as_str(), retry, "{status} {word:?}");
    }
    let error = check(told(json!({})).insert_header("stripe-should-retry", "false")).await;
    assert_eq!(error.retry().as_str(), "never");
}

/// Stripe promises no time to wait.
#[tokio::test]
async fn a_limit_without_a_time_is_repeated_after_a_pause_of_our_own() {
    let error = start(refused(429, json!({"code": "rate_limit"}))).await;
    assert_eq!((error.retry().as_str(), error.retry_after()), ("allowed", None));
}
