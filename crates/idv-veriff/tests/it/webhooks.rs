//! Webhooks: golden vectors, families at one address, and what is not Veriff's.

use http::HeaderMap;
use idv_core::{
    Correlation, ErrorKind, NextAction, Result, Timestamp, VerificationReason, VerificationStatus as Status,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};
use proptest::prelude::*;

use crate::support::{ID, KEY, NOW, OLD_SECRET, SECRET, provider, sign};

const DECISION: &str = r#"{"status":"success","verification":{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","status":"resubmission_requested","code":9103,"vendorData":"user-7"}}"#;
const EVENT: &str = r#"{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","feature":"selfid","code":7002,"action":"submitted","vendorData":"user-7"}"#;

fn verify(key: &str, signature: &str, body: &str) -> Result<WebhookOutcome> {
    let mut headers = HeaderMap::new();
    headers.insert("x-auth-client", key.parse().unwrap());
    headers.insert("x-hmac-signature", signature.parse().unwrap());
    let now = Timestamp::from_unix_seconds(NOW);
    provider("https://stationapi.veriff.com").verify_webhook(&WebhookRequest::new(
        &headers,
        body.as_bytes(),
        now,
    ))
}

fn event(body: &str) -> WebhookEvent {
    match verify(KEY, &sign(SECRET, body.as_bytes()), body).unwrap() {
        WebhookOutcome::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_vectors_of_both_families_are_authentic() {
    for (body, signature, status, word) in [
        (
            DECISION,
            "db52f5063cb33bdcc98aa334b2ccbf3f746a234d9ed49084f50d9c97e1078c1f",
            Status::ResubmissionRequired,
            "resubmission_requested",
        ),
        (
            EVENT,
            "89f781957f680e1af4825bcce7ce6b60ca69f3272728136a2550bc39325f23c7",
            Status::InReview,
            "submitted",
        ),
    ] {
        for signature in [signature.to_owned(), signature.to_uppercase()] {
            let WebhookOutcome::Event(event) = verify(KEY, &signature, body).unwrap() else {
                panic!("{body}")
            };
            assert_eq!(event.status(), Some(status));
            assert_eq!(event.provider_status().unwrap().as_str(), word);
            assert_eq!(event.reference.as_ref().unwrap().to_string(), format!("people:{ID}"));
            assert_eq!(event.correlation.get(Correlation::EXTERNAL_ID), Some("user-7"));
            assert_eq!(event.next_action, NextAction::Check);
        }
    }
}

#[test]
fn a_decision_is_acted_on_and_has_its_reason() {
    let body = DECISION
        .replace("resubmission_requested", "declined")
        .replace(r#""code":9103"#, r#""code":9102,"reasonCode":"103""#);
    let event = event(&body);
    assert_eq!(
        (event.status(), event.next_action.as_str()),
        (Some(Status::Rejected), "retry_with_new_session")
    );
    assert_eq!(event.reasons()[0].reason, VerificationReason::FaceMismatch);
}

#[test]
fn other_families_are_ignored_and_never_an_error() {
    for body in [
        r#"{"data":{"verification":{"id":"x","userDefinedData":{"status":"approved"}}},"eventType":"user-status.created"}"#,
        r#"{"checkType":"initial_result","matchStatus":"possible_match","sessionId":"x"}"#,
        r#"{"status":"success","verification":{"id":"x","status":"approved"}}"#,
    ] {
        let outcome = verify(KEY, &sign(SECRET, body.as_bytes()), body).unwrap();
        assert!(matches!(outcome, WebhookOutcome::Ignored { .. }), "{body}");
    }
}

#[test]
fn an_event_is_the_same_when_it_comes_again_and_another_one_otherwise() {
    assert_eq!(event(DECISION).id, event(DECISION).id);
    assert_ne!(event(DECISION).id, event(EVENT).id);
}

#[test]
fn a_rotated_secret_is_good_and_another_key_is_not() {
    assert!(verify(KEY, &sign(OLD_SECRET, EVENT.as_bytes()), EVENT).is_ok());
    for (key, secret) in [(KEY, "another-secret"), (KEY, KEY), ("canary-of-a-test", SECRET)] {
        let error = verify(key, &sign(secret, EVENT.as_bytes()), EVENT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WebhookRejected);
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

proptest! {
    #[test]
    fn a_changed_byte_is_noticed(place in 0..DECISION.len(), byte in 32..127u8) {
        let mut body = DECISION.as_bytes().to_vec();
        prop_assume!(body[place] != byte);
        body[place] = byte;
        let body = String::from_utf8(body).unwrap();
        prop_assert!(verify(KEY, &sign(SECRET, DECISION.as_bytes()), &body).is_err());
    }
}
